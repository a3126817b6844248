"""How many changes of a design a resource absorbs: beside the plan as it is, and before the first tier is later.

Beside the plan, changes take what it leaves, whenever that is. Before the first tier is later, production is planned
anew beside them; they come evenly over time as the resource is open: of what n changes a year take in the horizon, a
bucket has the share that it has of the amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..calendar import Floats
from ..network import Network
from ..plan.assemble import Model, assemble
from ..plan.solve import Infeasible, Options, solve

YEAR = 365.0
# The first tier counts as later when it is by more than this share of what it is, or of a unit-day.
LATER = 1e-6
# A quotient this close to a whole number is that number.
NEARLY = 1e-9


@dataclass(frozen=True)
class Absorbed:
    """Changes a year, whole numbers: `beside` the plan, and `before_late`, before the first stage grows.

    `most` is what the whole capacity would allow, and `slots` the resource units that the plan leaves in the horizon.
    """

    beside: int
    before_late: int
    most: int
    slots: float


def absorbed(network: Network, resource: int, quantity: float, planned: Floats, options: Options) -> Absorbed:
    """Return how many changes a year a resource absorbs.

    Parameters
    ----------
    quantity : resource units that one change takes
    planned : (bucket,) what the plan takes of the resource
    """
    left = np.maximum(network.resources.amount[resource] - network.resources.firm[resource], 0.0)
    per_change = _taken(network, resource, quantity)
    most = _whole(left, per_change)
    free = float(np.maximum(left - planned, 0.0).sum())
    beside = int(np.floor(free / per_change.sum() + NEARLY))
    value = _first_stage(network, options)

    def keeps(changes: int) -> bool:
        again = _first_stage(_with(network, resource, changes * per_change), options)
        return again is not None and value is not None and again <= value + LATER * max(1.0, abs(value))

    return Absorbed(beside, _last(keeps, 0, most), most, free)


def _taken(network: Network, resource: int, quantity: float) -> Floats:
    """Return (bucket,) what one change a year takes in each bucket."""
    amount, years = network.resources.amount[resource], network.timeline.days.sum() / YEAR
    whole = amount.sum()
    return amount / whole * quantity * years if whole > 0 else np.full(len(amount), np.inf)


def _whole(left: Floats, per_change: Floats) -> int:
    """Return how many changes fit into what is left of every bucket."""
    used = per_change > 0
    return int(np.floor((left[used] / per_change[used]).min(initial=np.inf) + NEARLY)) if used.any() else 0


def _with(network: Network, resource: int, taken: Floats) -> Network:
    """Return a network in which changes have taken their part of the resource."""
    firm = network.resources.firm.copy()
    firm[resource] += taken
    return replace(network, resources=replace(network.resources, firm=firm))


def _first_stage(network: Network, options: Options) -> float | None:
    """Return the value of the first stage alone; None where there is no plan."""
    model: Model = assemble(network)
    first = replace(model, stages=model.stages[:1])
    try:
        return solve(first, replace(options, bottlenecks=0)).stages[0].value
    except Infeasible:
        return None


def _last(keeps: Callable[[int], bool], low: int, high: int) -> int:
    """Return the last number that keeps, by bisection: more changes never make a plan better."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if keeps(middle) else (low, middle - 1)
    return low
