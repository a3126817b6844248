"""The table of what each option that the plan does not buy would save in bad years."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from ..analyses.carried_out import CarriedOut, Trials
from ..analyses.paired import Estimate, mean_of
from ..calendar import Floats
from ..plan.solve import Options
from .result import PlanResult
from .survival import framed
from .variants import planned_variant

Progress = Callable[[int, int], None]
Frames = Mapping[str, pl.DataFrame]
_MILLION = 1e6


def remedies(result: PlanResult, options: Options, trials: Trials, most: int, progress: Progress) -> pl.DataFrame:
    """Return the table `remedies`."""
    tables, base = result.tables, result.frames
    bought = set(base["investments"]["option"])
    left = [name for name in tables["options"]["option"] if name not in bought]
    before = CarriedOut.of(tables, base, trials.period_days).losses(trials) if left else None
    rows: list[dict[str, object]] = []
    for number, name in enumerate(left):
        if number >= most or before is None:
            rows.append({"option": name, "status": "not_planned"})
            continue
        progress(number + 1, min(len(left), most))
        frames = planned_variant(tables, options, name)
        if frames is None:
            rows.append({"option": name, "status": "impossible"})
            continue
        after = CarriedOut.of(tables, frames, trials.period_days).losses(trials)
        rows.append(_planned(name, base, frames) | _saved(before, after, _spent(base, frames)))
    return _ranked(framed("remedies", rows))


def _spent(base: Frames, frames: Frames) -> float:
    return float(frames["investments"]["cost"].sum()) - float(base["investments"]["cost"].sum())


def _planned(name: str, base: Frames, frames: Frames) -> dict[str, object]:
    """Return what a plan with an option differs in from that without it."""
    made = frames["investments"]
    too = sorted(set(made["option"]) - set(base["investments"]["option"]) - {name})
    late = [float(one["demand_service"]["late_unit_days"].sum()) for one in (base, frames)]
    cost = [float(one["costs"]["amount"].sum()) for one in (base, frames)]
    return {
        "option": name,
        "status": "planned",
        "ordered": made.filter(option=name)["ordered"].min(),
        "bought_too": "; ".join(too) or None,
        "investment": _spent(base, frames),
        "cost": cost[1] - cost[0],
        "planned_saved": late[0] - late[1],
    }


def _saved(before: Floats, after: Floats, spent: float) -> dict[str, object]:
    """Compare (2, replication) what is lost without and with an option."""
    days, units = (mean_of(saved) for saved in before - after)
    return {
        "saved": days.mean,
        "saved_low": days.low,
        "saved_high": days.high,
        "units_saved": units.mean,
        "units_saved_low": units.low,
        "units_saved_high": units.high,
        **_per_cost(days, spent),
        "replications": before.shape[1],
    }


def _per_cost(days: Estimate, spent: float) -> dict[str, object]:
    """Return what is saved by what is spent; nothing where nothing is spent."""
    if spent <= 0:
        return {}
    names = ("saved_per_million", "saved_per_million_low", "saved_per_million_high")
    per_million = {
        name: _MILLION * value / spent for name, value in zip(names, (days.mean, days.low, days.high), strict=True)
    }
    return {"saved_per_cost": days.mean / spent, **per_million}


def _ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the table by falling worth, options that cost nothing first where they save most, unknown ones last."""
    free = frame["status"].is_in(["planned"]) & frame["saved_per_cost"].is_null()
    ordered = frame.with_columns(free=free).sort(
        ["saved_per_cost", "free", "saved", "option"], descending=[True, True, True, False], nulls_last=True
    )
    known = pl.col("saved_per_cost").is_not_null()
    return ordered.with_columns(rank=pl.when(known).then(known.cum_sum()).cast(pl.Int64)).drop("free")
