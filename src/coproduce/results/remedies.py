"""The table of what each option that the plan does not buy would save in bad years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import polars as pl

from ..analyses.carried_out import CarriedOut, Trials
from ..analyses.paired import Estimate, mean_of
from ..calendar import Floats
from ..plan.solve import Options
from ..tables import Tables
from .result import PlanResult
from .survival import framed
from .variants import kept_variant, planned_variant

Progress = Callable[[int, int], None]
Frames = Mapping[str, pl.DataFrame]
Row = dict[str, object]
_MILLION = 1e6


def remedies(result: PlanResult, options: Options, trials: Trials, most: int, progress: Progress) -> pl.DataFrame:
    """Return the table `remedies`; parameters as for `coproduce.api.remedies`."""
    tables, base = result.tables, result.frames
    bought = set(base["investments"]["option"])
    left = [name for name in tables["options"]["option"] if name not in bought]
    if not left:
        return framed("remedies", [])
    steps, before = len(left) + min(len(left), most), _carried_out(tables, base, trials)
    rows: dict[str, Row] = {}
    for name in left:
        progress(len(rows) + 1, steps)
        rows[name] = _with_plan_kept(tables, options, trials, base, before, name)
    for number, name in enumerate(_best_first(rows)[:most]):
        progress(len(left) + number + 1, steps)
        anew = _planned_anew(tables, options, trials, base, before, name)
        rows[name] = anew | {"kept_saved": rows[name].get("kept_saved")}
    return _ranked(framed("remedies", list(rows.values())))


def _carried_out(tables: Tables, frames: Frames, trials: Trials) -> Floats:
    return CarriedOut.of(tables, frames, trials.period_days).losses(trials)


def _with_plan_kept(tables: Tables, options: Options, trials: Trials, base: Frames, before: Floats, name: str) -> Row:
    """Return what an option saves beside the plan as it is."""
    frames = kept_variant(tables, options, base, name)
    if frames is None:
        return {"option": name, "status": "not_planned"}
    spent = _spent(base, frames)
    saved = _saved(before, _carried_out(tables, frames, trials), spent)
    known = {"status": "kept", "cost": spent, "planned_saved": 0.0, "kept_saved": saved["saved"]}
    return _bought(name, base, frames) | known | saved


def _planned_anew(tables: Tables, options: Options, trials: Trials, base: Frames, before: Floats, name: str) -> Row:
    """Return what an option saves with a plan made for it."""
    frames = planned_variant(tables, options, name)
    if frames is None:
        return {"option": name, "status": "impossible"}
    saved = _saved(before, _carried_out(tables, frames, trials), _spent(base, frames))
    late = [float(one["demand_service"]["late_unit_days"].sum()) for one in (base, frames)]
    cost = [float(one["costs"]["amount"].sum()) for one in (base, frames)]
    known = {"status": "planned", "cost": cost[1] - cost[0], "planned_saved": late[0] - late[1]}
    return _bought(name, base, frames) | known | saved


def _best_first(rows: Mapping[str, Row]) -> list[str]:
    """Return the options in the order in which they are planned anew: those first that save most for what they cost.

    One that could not be tried beside the plan comes before those that save nothing there; the order of the table
    breaks ties.
    """
    worth = {name: cast("float", row.get("saved_per_cost", row.get("saved", 0.0))) for name, row in rows.items()}
    return sorted(rows, key=lambda name: (-worth[name], rows[name]["status"] == "kept"))


def _spent(base: Frames, frames: Frames) -> float:
    return float(frames["investments"]["cost"].sum()) - float(base["investments"]["cost"].sum())


def _bought(name: str, base: Frames, frames: Frames) -> Row:
    """Return what is bought with an option that is not without it."""
    made = frames["investments"]
    too = sorted(set(made["option"]) - set(base["investments"]["option"]) - {name})
    return {
        "option": name,
        "ordered": made.filter(option=name)["ordered"].min(),
        "bought_too": "; ".join(too) or None,
        "investment": _spent(base, frames),
    }


def _saved(before: Floats, after: Floats, spent: float) -> Row:
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


def _per_cost(days: Estimate, spent: float) -> Row:
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
    free = frame["status"].is_in(["planned", "kept"]) & frame["saved_per_cost"].is_null()
    ordered = frame.with_columns(free=free).sort(
        ["saved_per_cost", "free", "saved", "option"], descending=[True, True, True, False], nulls_last=True
    )
    known = pl.col("saved_per_cost").is_not_null()
    return ordered.with_columns(rank=pl.when(known).then(known.cum_sum()).cast(pl.Int64)).drop("free")
