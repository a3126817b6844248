"""The table of what may be exported while domestic demand is kept with a stated probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import polars as pl

from ..analyses.carried_out import CarriedOut, Trials
from ..analyses.paired import Estimate, share_of
from ..calendar import Floats
from ..errors import AnalysisError
from ..plan.solve import Options
from ..tables import Tables
from .result import PlanResult
from .survival import framed
from .variants import planned_variant

Progress = Callable[[int, float], None]
CONFIDENCES = (0.8, 0.9, 0.95)
_MONTH = 365 / 12


@dataclass(frozen=True)
class Search:
    """What is searched.

    Attributes
    ----------
    confidences : probabilities with which domestic demand is to be kept
    most : largest multiple of the exports asked for
    steps : halvings; levels are multiples of most / 2 ** steps
    share : units of domestic demand delivered in time, as a share, that count as kept; 1: all
    """

    confidences: Sequence[float] = CONFIDENCES
    most: float = 2.0
    steps: int = 4
    share: float = 1.0


@dataclass(frozen=True)
class _Level:
    """One level of exports: the plan, the share of replications that keep domestic demand, and what is delivered."""

    level: float
    frames: dict[str, pl.DataFrame]
    kept: Estimate
    exported: Floats


def exportable(
    result: PlanResult, options: Options, trials: Trials, search: Search, progress: Progress
) -> pl.DataFrame:
    """Return the table `exportable`.

    Raises
    ------
    AnalysisError
        if nothing is exported or nothing is asked for at home.
    """
    tables = result.tables
    check_kinds(tables)
    known: dict[int, _Level | None] = {}

    def at(step: int) -> _Level | None:
        if step not in known:
            level = search.most * step / 2**search.steps
            progress(len(known) + 1, level)
            known[step] = _level(tables, options, trials, search, level)
        return known[step]

    ends = [_last(at, confidence, 2**search.steps) for confidence in search.confidences]
    levels = [known[step] for step in sorted(known)]
    chances = [one.kept.mean if one else -1.0 for one in levels]
    exact = all(low >= high for low, high in pairwise(chances))
    rows = [
        _row(result, confidence, at(step) if step >= 0 else None, step, search, trials) | {"exact": exact}
        for confidence, step in zip(search.confidences, ends, strict=True)
    ]
    return framed("exportable", rows)


def check_kinds(tables: Tables) -> None:
    """Make sure that something is exported and something is asked for at home.

    Raises
    ------
    AnalysisError
        if not.
    """
    kinds = tables["demands"]["kind"]
    if not (kinds == "export").any() or not (kinds == "domestic").any():
        raise AnalysisError("there must be demands of kind export and of kind domestic to find what may be exported")


def _last(at: Callable[[int], _Level | None], confidence: float, most: int) -> int:
    """Return the last step that keeps domestic demand with a probability, by bisection; -1 for none."""

    def keeps(step: int) -> bool:
        one = at(step)
        return one is not None and one.kept.mean >= confidence

    if not keeps(0):
        return -1
    low, high = 0, most
    if keeps(most):
        return most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if keeps(middle) else (low, middle)
    return low


def _level(tables: Tables, options: Options, trials: Trials, search: Search, level: float) -> _Level | None:
    """Return a level of exports; None where there is no plan."""
    scaled = pl.when(pl.col("kind") == "export").then(pl.col("quantity") * level).otherwise(pl.col("quantity"))
    demands = tables["demands"].with_columns(quantity=scaled)
    changed = replace(tables, frames={**tables.frames, "demands": demands})
    frames = planned_variant(changed, options)
    if frames is None:
        return None
    done = CarriedOut.of(changed, frames, trials.period_days).simulate(trials)
    domestic = (demands["kind"] == "domestic").to_numpy()
    asked, in_time = done.asked[domestic].sum(axis=0), done.in_time[domestic].sum(axis=0)
    all_kept = done.kept[domestic].all(axis=0)
    kept = all_kept if search.share >= 1 else in_time >= search.share * asked - 1e-6 * np.maximum(asked, 1.0)
    exported = done.delivered[(demands["kind"] == "export").to_numpy()].sum(axis=0)
    return _Level(level, frames, share_of(kept.astype(np.float64)), exported)


def _row(
    result: PlanResult, confidence: float, one: _Level | None, step: int, search: Search, trials: Trials
) -> dict[str, object]:
    above = search.most * (step + 1) / 2**search.steps
    row: dict[str, object] = {
        "confidence": confidence,
        "next_level": above if step < 2**search.steps else None,
        "replications": trials.replications,
    }
    if one is None:
        return row
    service = one.frames["demand_service"]
    exports, domestic = service.filter(kind="export"), service.filter(kind="domestic")
    planned = float(exports["on_time"].sum()) + float(exports["late"].sum())
    return row | {
        "level": one.level,
        "probability": one.kept.mean,
        "probability_low": one.kept.low,
        "probability_high": one.kept.high,
        "asked": float(exports["asked"].sum()),
        "planned": planned,
        "per_month": planned / (float(one.frames["buckets"]["days"].sum()) / _MONTH),
        "delivered": float(np.quantile(one.exported, 1 - confidence, method="lower")),
        "unmet_need": float(domestic["asked"].sum()) - float(domestic["on_time"].sum()),
        "unfunded": _unfunded(result.tables, one.frames),
    }


def _unfunded(tables: Tables, frames: dict[str, pl.DataFrame]) -> float | None:
    """Return the units of exported items that would be possible with options that the plan does not buy."""
    items = tables["demands"].filter(kind="export")["item"].unique()
    yields = tables["processes"].select("process", "yield_rate")
    made = tables["flows"].filter((pl.col("quantity") > 0) & pl.col("item").is_in(items.implode()))
    per_run = (
        made.join(yields, on="process").group_by("process").agg(units=(pl.col("quantity") * pl.col("yield_rate")).sum())
    )
    levels = frames["output_levels"].join(per_run, on="process").drop_nulls(["nameplate", "funded"])
    left: float = levels.select(((pl.col("nameplate") - pl.col("funded")).clip(0) * pl.col("units")).sum()).item()
    return left if levels.height else None
