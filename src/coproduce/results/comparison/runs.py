"""The runs of a comparison: their names, and in what each can be compared with the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from ..result import PlanResult

_NAMED = 5


@dataclass(frozen=True)
class Run:
    """One result with the name under which it is compared."""

    name: str
    folder: str
    result: PlanResult

    @property
    def scenario(self) -> str | None:
        """The scenario that it plans; None for the programme as it stands."""
        scenario = self.result.summary.get("scenario")
        return scenario["name"] if scenario else None

    @cached_property
    def horizon(self) -> tuple[Any, Any]:
        """First instant of the horizon and first instant after it."""
        buckets = self.result.frames["buckets"]
        return buckets["start"].min(), buckets["end"].max()

    @property
    def currency(self) -> str:
        """Currency of all its amounts."""
        return self.result.tables.programme.currency

    @cached_property
    def units(self) -> dict[str, str]:
        """Unit of every item."""
        return dict(self.result.tables["items"].select("item", "unit").iter_rows())

    def frame(self, table: str) -> pl.DataFrame:
        """Return a result table with the name of the run in front."""
        return self.result.frames[table].select(pl.lit(self.name).alias("run"), pl.all())


@dataclass(frozen=True)
class Runs:
    """All runs, the first of which the others are compared with."""

    runs: tuple[Run, ...]

    @classmethod
    def of(cls, results: Sequence[tuple[Path, PlanResult]]) -> Runs:
        """Name runs by their scenarios; by their folders where two would have one name."""
        plain = [(result.summary.get("scenario") or {}).get("name", "base") for _, result in results]
        folders = [path.resolve().name for path, _ in results]
        names = [one if plain.count(one) == 1 else other for one, other in zip(plain, folders, strict=True)]
        counts = Counter(names)
        paths = [str(path) for path, _ in results]
        shown = [name if counts[name] == 1 else path for name, path in zip(names, paths, strict=True)]
        return cls(tuple(Run(name, str(path), one) for name, (path, one) in zip(shown, results, strict=True)))

    @property
    def base(self) -> Run:
        """The run with which the others are compared."""
        return self.runs[0]

    @property
    def names(self) -> list[str]:
        """Names of the runs in their order."""
        return [run.name for run in self.runs]

    def stacked(self, table: str) -> pl.DataFrame:
        """Return a result table of all runs below each other."""
        return pl.concat([run.frame(table) for run in self.runs])

    def same_horizon(self, run: Run) -> bool:
        """Whether a run has the horizon of the first, cut into the same buckets."""
        return run.result.frames["buckets"].equals(self.base.result.frames["buckets"])

    def same_money(self, run: Run) -> bool:
        """Whether a run counts in the currency of the first."""
        return run.currency == self.base.currency

    def of_same_horizon(self, *, money: bool = False) -> list[str]:
        """Return the runs whose totals over the horizon (or amounts of money) can be subtracted."""
        return [run.name for run in self.runs if self.same_horizon(run) and (self.same_money(run) or not money)]

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield run and what of it is not compared with the first."""
        for run in self.runs[1:]:
            for note in self._notes(run):
                yield run.name, note

    def _notes(self, run: Run) -> Iterator[str]:
        base, other = self.base.result.tables, run.result.tables
        if not self.same_horizon(run):
            yield (
                "horizon or buckets differ: totals over the horizon and stages are shown and not subtracted; years "
                "that both cover alike and dates of delivery are compared"
            )
        if not self.same_money(run):
            yield f"amounts are in {run.currency} and not in {self.base.currency}: they are shown and not subtracted"
        if base.programme.objective != other.programme.objective:
            yield f"the objective is {other.programme.objective} and not {base.programme.objective}: stages differ"
        if base.programme.name != other.programme.name:
            yield f'the programme is "{other.programme.name}" and not "{base.programme.name}"'
        changed = [item for item, unit in run.units.items() if self.base.units.get(item, unit) != unit]
        if changed:
            yield f"{_listed(changed)}: another unit, so that quantities are shown and not subtracted"
        for table, key in (("items", "item"), ("demands", "demand"), ("resources", "resource")):
            ours, theirs = set(base[table][key]), set(other[table][key])
            if theirs - ours:
                yield f"only here, {table}: {_listed(sorted(theirs - ours))}"
            if ours - theirs:
                yield f"only in {self.base.name}, {table}: {_listed(sorted(ours - theirs))}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
