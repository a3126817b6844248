"""Checks that the value of every stage is that of the plan, and that bounds and gaps agree with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import floats
from ..case import Case
from ..clock import NEVER
from ..judge import Rule
from ..report import Check

ORDER = Rule("A701", "the stages are those of the objective, in their order", "stages")
TIERS = Rule("A702", "tier values are the weighted late unit-days of the deliveries", "unit-days")
COST = Rule("A703", "the value of the cost stage is the sum of the cost rows", "currency")
TIDY = Rule("A704", "the value of the tidy stage is that of the plan", "units")
BOUND = Rule("A705", "no plan is better than its bound", "unit of the stage")
GAP = Rule("A706", "gaps are those between value and bound", "share")
OPTIMAL = Rule("A707", "stages called optimal are solved to the programme's gap", "share")

TIDY_STAGE = "tidy"


Values = dict[str, tuple[float, float]]
"""By stage: its value, and the largest term that the value is the sum of."""


def checks(case: Case) -> Iterator[Check]:
    """Check the stages, their values and their bounds."""
    tiers = _tier_values(case)
    yield ORDER.none(np.array([not _in_order(case, list(tiers))]), lambda _: ", ".join(_stages(case)))
    yield _value(case, TIERS, tiers)
    yield _value(case, COST, _money_value(case))
    yield _value(case, TIDY, {TIDY_STAGE: _tidy_value(case)})
    yield from _bounds(case)


def _stages(case: Case) -> list[str]:
    return case.frames["tiers"]["stage"].to_list()


def _in_order(case: Case, tiers: list[str]) -> bool:
    """Tell whether the stages are those of the objective; the tidy stage may be left out."""
    expected = ["money"] if case.tables.programme.objective == "money" else [*tiers, "cost"]
    return _stages(case) in (expected, [*expected, TIDY_STAGE])


def _tier_values(case: Case) -> Values:
    """Return the value of every tier, in ascending order of priority."""
    demands, served = case.tables["demands"], case.served
    if case.tables.programme.objective == "money":
        return {}
    weight, priority = floats(demands["weight"], 1.0), demands["priority"].to_numpy()
    late, most = weight * served.late_unit_days, weight * served.asked * served.unmet_late_days
    tiers = {int(tier): priority == tier for tier in np.unique(priority)}
    return {f"tier_{tier}": (float(late[mine].sum()), float(most[mine].max())) for tier, mine in tiers.items()}


def _money_value(case: Case) -> Values:
    """Return the sum of the cost rows, each of which is checked on its own."""
    amounts = floats(case.frames["costs"]["amount"])
    name = "money" if case.tables.programme.objective == "money" else "cost"
    scales = [np.abs(amounts), *(account.scale for account in case.ledger.values())]
    return {name: (float(amounts.sum()), float(np.nanmax(np.concatenate(scales), initial=0.0)))}


def _tidy_value(case: Case) -> tuple[float, float]:
    plan = case.plan
    quantities = [rows.quantity for rows in (plan.purchases, plan.shipments, plan.runs)]
    early = case.served.row_early_days * plan.deliveries.quantity
    growth = case.growth
    quantities += [case.use.overtime.ravel(), growth.bought.number.astype(np.float64)]
    quantities.append((growth.decided & (growth.begin < NEVER)).astype(np.float64))
    terms = np.concatenate([(case.moves.closing * case.clock.days).ravel(), early, *quantities])
    entering = (case.moves.throughput * case.clock.days).max(initial=0.0)
    return float(terms.sum()), float(np.abs(terms).max(initial=entering))


def _value(case: Case, rule: Rule, values: Values) -> Check:
    """Compare the values of those stages that the plan reports."""
    seen = dict(zip(_stages(case), floats(case.frames["tiers"]["value"]), strict=True))
    names = [name for name in values if name in seen]
    expected = np.array([values[name] for name in names]).reshape(-1, 2)
    given = np.array([seen[name] for name in names], dtype=np.float64)
    return rule.equal(given, expected[:, 0], lambda at: f"stage {names[at]}", expected[:, 1])


def _bounds(case: Case) -> Iterator[Check]:
    """Check bounds and gaps; both are empty where nothing was proven, and such a stage is not optimal."""
    frame, programme = case.frames["tiers"], case.tables.programme
    value, names = floats(frame["value"]), _stages(case)
    bound, gap = floats(frame["bound"], np.nan), floats(frame["gap"], np.nan)
    proven = ~frame["bound"].is_null().to_numpy()
    recomputed = (value - bound) / np.maximum(np.abs(value), 1.0)

    def place(at: int) -> str:
        return f"stage {names[at]}"

    size = np.maximum(np.abs(value), np.abs(bound))
    yield BOUND.on(np.where(proven, bound - value, 0.0), size, place)
    given = ~frame["gap"].is_null().to_numpy()
    off = np.where(proven, np.abs(gap - recomputed), np.where(given, np.inf, 0.0))
    yield GAP.on(off, np.where(proven, np.abs(recomputed), 0.0), place)
    # A later stage may have worsened this one, by a share of its value when it was solved: between bound and value.
    reach = np.maximum(size, 1.0)
    excess = (value - bound) / reach - programme.gap - programme.tier_tolerance
    optimal = (frame["status"] == "optimal").to_numpy()
    yield OPTIMAL.on(np.where(optimal, np.where(proven, excess, np.inf), 0.0), 1.0, place)
