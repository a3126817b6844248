"""What is different for activities that start in lots of some size: whole ones, which may outlast a period."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats
from .case import NO_LIMIT, Lanes, Limits, Lines, Resources, Rings, Setups, Shares, Sizes
from .limits import load_of
from .state import LANES, compiled

NEARLY = 1e-9
"""Amounts this close, relative to their size, are the same."""


@compiled
def startable(free: float, amount: float, least: float, multiple: float) -> float:
    """Return what may start where `free` is left of an amount: lots of which the last one may take more."""
    if free <= NEARLY * amount:
        return 0.0
    most = max(free, least)
    return np.ceil(most / multiple - NEARLY) * multiple if multiple > 0.0 else most


@compiled
def limit_lots_by_factor(
    k: int, a: int, limits: Limits, sizes: Sizes, factor: Floats, over: Floats, most: Floats, done: Floats
) -> None:
    """Set what is done to what is wanted, as far as lots may start under the own limit."""
    amount, channel, least, multiple = limits.amount[k, a], limits.channel[a], sizes.least[a], sizes.multiple[a]
    for r in range(LANES):
        if limits.soft[a] and amount > 0.0:
            done[r] = min(most[r], most[r] * factor[channel, r])
        else:
            free = amount * factor[channel, r] - over[a, r]
            done[r] = min(most[r], startable(free, amount, least, multiple))


@compiled
def limit_lots_by_total_and_lane(
    k: int, a: int, limits: Limits, lanes: Lanes, sizes: Sizes, left: Floats, lane_left: Floats, done: Floats
) -> None:
    """Keep to what is left of a total, and to lots that may start on a lane."""
    if limits.total[a] < NO_LIMIT:
        for r in range(LANES):
            done[r] = min(done[r], max(left[a, r], 0.0))
    lane = lanes.lane[a]
    if lane >= 0 and lanes.size[a] > 0.0:
        per_unit, least, multiple = 1.0 / lanes.size[a], sizes.least[a], sizes.multiple[a]
        amount = lanes.amount[k, lane] * per_unit
        for r in range(LANES):
            done[r] = min(done[r], startable(lane_left[lane, r] * per_unit, amount, least, multiple))


@compiled
def limit_lots_by_loads(
    k: int, a: int, periods: int, loads: Lines, setups: Setups, shares: Shares, resources: Resources, rings: Rings,
    sizes: Sizes, factor: Floats, booked: Floats, done: Floats,
) -> None:  # fmt: skip
    """Keep to lots for which something is free on the resources in every period that a load reaches."""
    least, multiple = sizes.least[a], sizes.multiple[a]
    for row in range(loads.at[a], loads.at[a + 1]):
        resource = loads.node[row]
        at, mask, channel = rings.at[resource], rings.mask[resource], resources.channel[resource]
        pattern, load = loads.pattern[row] * periods + k, load_of(k, a, row, loads, setups)
        if load <= 0.0:
            continue
        for entry in range(shares.at[pattern], shares.at[pattern + 1]):
            then = shares.period[entry]
            slot, most = at + (then & mask), 1.0 / (load * shares.share[entry])
            capacity = resources.capacity[then, resource] * most
            for r in range(LANES):
                free = capacity * factor[channel, r] - booked[slot, r] * most
                done[r] = min(done[r], startable(free, capacity, least, multiple))


@compiled
def round_to_lots(a: int, sizes: Sizes, most: Floats, done: Floats) -> None:
    """Start whole lots; where all that is wanted can be done, all of it, even if it is less than a lot."""
    least, multiple = sizes.least[a], sizes.multiple[a]
    for r in range(LANES):
        if done[r] < most[r] * (1.0 - NEARLY):
            whole = np.floor(done[r] / multiple + NEARLY) * multiple if multiple > 0.0 else done[r]
            done[r] = whole if whole >= least * (1.0 - NEARLY) else 0.0


@compiled
def use_ahead(a: int, over: Floats, done: Floats) -> None:
    """Note what lots take of an own limit."""
    for r in range(LANES):
        over[a, r] += done[r]


@compiled
def pay_back(k: int, limits: Limits, sizes: Sizes, factor: Floats, over: Floats) -> None:
    """Take the limits of this period off what lots took of them; the rest is left to the next ones."""
    for a in sizes.rows:
        amount, channel = limits.amount[k, a], limits.channel[a]
        for r in range(LANES):
            over[a, r] = max(over[a, r] - amount * factor[channel, r], 0.0)
