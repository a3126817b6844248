"""A plan with whole numbers without the dust that the room of later stages leaves.

A row that keeps the value of an earlier stage needs a little room, or branch and bound does not meet it. Later stages
spend that room, and orders are late by a hair. With the whole numbers kept, the stages are linear programmes, which
hold each other without any room.
"""

from __future__ import annotations

import time

import numpy as np

from ..calendar import Floats
from .assemble import Model
from .duality import FEASIBLE, Bounds, Held, dual_bound, prices, violation
from .highs import Highs, Method, Outcome
from .mixed import fixed

# Dust is worth seconds, not minutes: a stage that takes longer leaves the plan as it is.
TURN, LEAST = 10.0, 5.0
# A stage ended if its value and bound agree to this.
AGREEMENT = 1e-6
# Values of a stage that differ by less are equal.
ROUNDING = 1e-10
_SIMPLEX = Method("simplex")


def without_dust(model: Model, plan: Floats, threads: int, deadline: float) -> Floats:
    """Return the plan that is best stage by stage among those with the whole numbers of a plan.

    The plan itself comes back where a stage does not end in a few seconds.

    Parameters
    ----------
    plan : (column,) values of a plan
    deadline : instant at which the time for planning ends; a few seconds are taken in any case
    """
    held, values = fixed(model, Held(Bounds.of(model), (), 0), plan), plan
    until = max(deadline, time.monotonic() + LEAST)
    for stage in model.stages:
        costs = model.objective(stage)
        seconds = max(min(TURN, until - time.monotonic()), 0.0)
        result = Highs(model, costs, held, threads).solve(_SIMPLEX, seconds, None)
        if result.outcome is not Outcome.OPTIMAL:
            return plan
        values, activity = result.x, model.matrix @ result.x
        known = prices(model.matrix, held.bounds, costs, held.caps, result.row_dual)
        gap = float(costs @ values) - dual_bound(held.bounds, known)
        sound = violation(model.matrix, held.bounds, held.caps, values, activity) <= FEASIBLE
        if not sound or gap > AGREEMENT * (1 + abs(float(costs @ values))):
            return plan
        held = held.after(model.matrix, costs, known, values, activity, 0.0)
    values = np.where(model.integer, np.rint(plan), values)
    return values if _no_worse(model, plan, values) else plan


def _no_worse(model: Model, plan: Floats, values: Floats) -> bool:
    """Tell whether the first stage that differs by more than rounding is better."""
    for stage in model.stages:
        costs = model.objective(stage)
        old, new = float(costs @ plan), float(costs @ values)
        if abs(new - old) > ROUNDING * (1 + abs(old)):
            return new < old
    return True
