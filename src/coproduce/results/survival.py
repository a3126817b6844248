"""The table of times to survive."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from ..analyses.time_to_survive import Question, TargetSurvival, times_to_survive
from ..compile import compile_network
from ..tables import SURVIVAL_TABLES, Tables
from .result import PlanResult

Progress = Callable[[int, int], None]


def time_to_survive(result: PlanResult, question: Question, workers: int, progress: Progress) -> pl.DataFrame:
    """Return the table `time_to_survive`."""
    tables = result.tables
    found, tiers = times_to_survive(tables, result.frames, question, workers=workers, progress=progress)
    timeline = compile_network(tables).timeline
    named = "; ".join(map(str, tiers))
    rows = [
        {"date": timeline.moment(int(timeline.edges[one.start])), "tiers": named} | _row(tables, one) for one in found
    ]
    return framed("time_to_survive", rows)


def _row(tables: Tables, one: TargetSurvival) -> dict[str, object]:
    unknown = np.isnan(one.recovery_days)
    cell = None if unknown else _cell(tables, one.target.table, one.target.name)
    return {
        "target_table": one.target.table,
        "target": one.target.name,
        "survives_days": float(one.survival.days),
        "fails_days": one.survival.fails,
        "least_loss": one.survival.least_loss if np.isfinite(one.survival.fails) else np.nan,
        "recovery_days": one.recovery_days,
        "margin_days": float(one.survival.days) - one.recovery_days,
        "verdict": "unknown" if unknown else "survives" if one.recovers else "short",
        "loss_at_recovery": one.loss_at_recovery,
        "file": cell and cell[0],
        "cell": cell and cell[1],
    }


def _cell(tables: Tables, table: str, name: str) -> tuple[str, str]:
    row = tables[table].to_series(0).to_list().index(name)
    origin = tables.origin(table, row, "recovery_days")
    return origin.file, str(origin)


def framed(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows as a declared table; infinities and NaN become empty."""
    frame = pl.DataFrame(rows, schema=dict(SURVIVAL_TABLES[table].empty().schema))
    numbers = pl.col(pl.Float64)
    return frame.with_columns(pl.when(numbers.is_finite()).then(numbers))
