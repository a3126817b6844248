"""The comparison as one call: all tables of several results side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from ...errors import CoproduceError, ExitCode
from ...tables import COMPARISON_TABLES
from ..result import PlanResult
from . import service, totals
from .differences import only_differences
from .runs import Runs


class NothingToCompareError(CoproduceError):
    """Fewer than two results were given."""

    exit_code = ExitCode.INPUT


@dataclass(frozen=True)
class Comparison:
    """Results side by side.

    Attributes
    ----------
    names : the runs in their order; all differences are from the first
    frames : one frame per table declared in `tables.comparison`, by name
    results : the results, in the order of the names
    """

    names: tuple[str, ...]
    frames: Mapping[str, pl.DataFrame]
    results: tuple[PlanResult, ...]

    def differing(self) -> Comparison:
        """Return the comparison with only what differs between any two runs."""
        return replace(self, frames=only_differences(self.frames))


def compare(results: Sequence[tuple[Path, PlanResult]]) -> Comparison:
    """Compare results, each given with its folder; the first is the one from which the others differ.

    Raises
    ------
    NothingToCompareError
        if there are fewer than two.
    """
    if len(results) < 2:
        raise NothingToCompareError("a comparison needs at least two results")
    runs = Runs.of(results)
    found: dict[str, Any] = {
        "runs": totals.runs_table(runs),
        "changes": totals.changes(runs),
        "figures": totals.figures(runs),
        "stages": totals.stages(runs),
        "deliveries": service.deliveries(runs),
        "costs": totals.costs(runs),
        "demands": service.demands(runs),
        "limits": totals.limits(runs),
        "resources": totals.resources(runs),
        "over_time": service.over_time(runs),
        "notes": [{"run": run, "note": note} for run, note in runs.notes()],
    }
    frames = {name: _declared(name, rows) for name, rows in found.items()}
    return Comparison(tuple(runs.names), frames, tuple(run.result for run in runs.runs))


def _declared(table: str, rows: pl.DataFrame | list[dict[str, Any]]) -> pl.DataFrame:
    """Return a table in its declared form."""
    schema = COMPARISON_TABLES[table].empty().schema
    if not isinstance(rows, pl.DataFrame):
        return pl.DataFrame(rows, schema=schema, orient="row")
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
