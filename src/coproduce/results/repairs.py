"""What makes a programme keep several limits on origin, as tables that can be written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ..eligibility.imposed import RequirementError, required
from ..tables import INPUT_TABLES, REPAIR_TABLES, Tables
from .identity import input_hash
from .origin_repair import NOT_DELIVERING, PLAN, Repair, repair_origin

CHANGES = "scenarios"
"""The table of the changes: lines of scenarios, to be added to the programme."""


@dataclass(frozen=True)
class RepairResult:
    """What makes a programme keep its limits on origin.

    Attributes
    ----------
    tables : the programme with the limits
    frames : the tables of `tables.REPAIR_TABLES`, and the changes as lines of the table `scenarios`, by name
    summary : the content of `repair.json`
    """

    tables: Tables
    frames: Mapping[str, pl.DataFrame]
    summary: Mapping[str, Any]

    @property
    def broken(self) -> list[str]:
        """Limits that no changes were found for with which as much is delivered."""
        return self.frames["repairs"].filter(~pl.col("kept"))["limit"].to_list()

    @property
    def not_delivering(self) -> dict[str, float]:
        """Limits that are kept only by not delivering, with the units that are not."""
        rows = self.frames["repairs"].filter(pl.col("outcome") == NOT_DELIVERING)
        return dict(rows.select("limit", "undelivered").iter_rows())

    @property
    def later(self) -> list[tuple[str, str]]:
        """Limits and tiers that the changes surely make worse."""
        surely = (pl.col("low") > 1e-6 * (1 + pl.col("high").abs())) & pl.col("stage").str.starts_with("tier_")
        return self.frames["repair_costs"].filter(surely).select("limit", "stage").rows()


def repairs(
    tables: Tables,
    limits: Collection[str] = (),
    *,
    require: str = "",
    contracts: Collection[str] = (),
    scope: str = PLAN,
    threads: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> RepairResult:
    """Return for each limit the cheapest changes found that make the programme keep it, all other limits imposed.

    Parameters
    ----------
    tables : a checked programme
    limits : ids of rows of `origin_limits`; empty: all, or with `require` those of the instrument
    require : an instrument whose ceiling on origin is set for the contracts that seek it, before
    contracts : with `require` only these
    scope, threads, progress : as for `repair_origin`

    Raises
    ------
    RequirementError
        if there is no such limit, or none at all; as `eligibility.imposed.required` otherwise.
    """
    known = tables["origin_limits"]["limit"].to_list()
    if require:
        asked = required(tables, require, contracts)
        tables, chosen = asked.tables, list(limits) or [one.limit for one in asked.imposed]
        known = tables["origin_limits"]["limit"].to_list()
    else:
        chosen = list(limits) or known
    _check(chosen, known, require)
    found = [repair_origin(tables, one, scope=scope, threads=threads, progress=progress) for one in chosen]
    return RepairResult(tables, _frames(tables, found), _summary(tables, found))


def _check(chosen: Collection[str], known: Collection[str], require: str) -> None:
    unknown = [one for one in chosen if one not in known]
    if unknown:
        there = ", ".join(known) or "none"
        raise RequirementError(f"{unknown[0]} is no limit of the table origin_limits; it has {there}")
    if not chosen:
        why = f"nothing of {require} can be imposed" if require else "the table origin_limits is empty"
        raise RequirementError(f"there is no limit on origin to keep: {why}; name an instrument with --require")


def _frames(tables: Tables, found: Collection[Repair]) -> dict[str, pl.DataFrame]:
    rows = {row["limit"]: row for row in tables["origin_limits"].iter_rows(named=True)}
    about = [
        {"limit": one.limit, "contract": rows[one.limit]["contract"], "scope": one.scope,
         "share": rows[one.limit]["share"], "before": one.before, "after": one.after,
         "outcome": one.outcome, "kept": one.kept, "undelivered": one.undelivered}
        for one in found
    ]  # fmt: skip
    parts = {
        "repairs": pl.DataFrame(about, schema_overrides={"contract": pl.String}).fill_nan(None),
        "repair_costs": _joined([(one.limit, one.costs) for one in found]),
        "repair_shifts": _joined([(one.limit, one.shifts) for one in found]),
    }
    made = {name: _cast(REPAIR_TABLES[name].empty(), frame) for name, frame in parts.items()}
    return made | {CHANGES: pl.concat([INPUT_TABLES[CHANGES].empty(), *(one.changes for one in found)])}


def _joined(parts: Collection[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    return pl.concat([frame.with_columns(limit=pl.lit(limit)) for limit, frame in parts])


def _cast(empty: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    named = frame.with_columns(pl.col("item").replace("", None)) if "item" in frame.columns else frame
    return named.select(pl.col(name).cast(kind) for name, kind in empty.schema.items())


def _summary(tables: Tables, found: Collection[Repair]) -> dict[str, Any]:
    frames = _frames(tables, found)
    return {
        "name": tables.programme.name,
        "input_hash": input_hash(tables),
        "currency": tables.programme.currency,
        **{name: frame.to_dicts() for name, frame in frames.items()},
    }
