"""How much of an activity can be done in a period: the least of what its limits allow, in every replication."""

from __future__ import annotations

from ..calendar import Floats, Ints
from .case import NO_LIMIT, Covers, Lanes, Limits, Lines, Resources, Rings, Setups, Shares, Wants
from .state import LANES, compiled


@compiled
def set_wants(k: int, a: int, wants: Wants, factor: Floats, backlog: Floats, want: Floats) -> None:
    """Set what is wanted."""
    planned, channel = wants.quantity[k, a], wants.channel[a]
    for r in range(LANES):
        want[r] = backlog[a, r] + planned * factor[channel, r]


@compiled
def add_covered(a: int, covers: Covers, backlog: Floats, short: Ints, want: Floats, most: Floats) -> int:
    """Set what a fallback may do, with what it is called to do; return in how many replications it is called."""
    some, after = 0, covers.after[a]
    for r in range(LANES):
        most[r] = want[r]
    for row in range(covers.at[a], covers.at[a + 1]):
        covered, ratio = covers.covered[row], covers.ratio[row]
        for r in range(LANES):
            called = backlog[covered, r] * ratio if short[covered, r] >= after else 0.0
            most[r] += called
            some += called > 0.0
    return some


@compiled
def limit_by_factor(k: int, a: int, limits: Limits, factor: Floats, want: Floats, done: Floats) -> None:
    """Set what is done to what is wanted, as far as the own limit and its factor allow."""
    amount, channel = limits.amount[k, a], limits.channel[a]
    if limits.soft[a] and amount > 0.0:
        for r in range(LANES):
            done[r] = min(want[r], want[r] * factor[channel, r])
    else:
        for r in range(LANES):
            done[r] = min(want[r], amount * factor[channel, r])


@compiled
def limit_by_total_and_lane(
    a: int, limits: Limits, lanes: Lanes, left: Floats, lane_left: Floats, done: Floats
) -> None:
    """Keep to what is left of a total and of the capacity of a lane."""
    if limits.total[a] < NO_LIMIT:
        for r in range(LANES):
            done[r] = min(done[r], max(left[a, r], 0.0))
    lane = lanes.lane[a]
    if lane >= 0 and lanes.size[a] > 0.0:
        per_unit = 1.0 / lanes.size[a]
        for r in range(LANES):
            done[r] = min(done[r], max(lane_left[lane, r] * per_unit, 0.0))


@compiled
def limit_by_inputs(
    k: int, a: int, periods: int, inputs: Lines, shares: Shares, reserve: Floats, stock: Floats, done: Floats
) -> None:
    """Keep to the stocks of what is taken in this period, less what is kept back."""
    for row in range(inputs.at[a], inputs.at[a + 1]):
        if k < inputs.first[row] or k >= inputs.until[row]:
            continue
        pattern = inputs.pattern[row] * periods + k
        entry = shares.at[pattern]
        if entry == shares.at[pattern + 1] or shares.period[entry] != k:
            continue
        node, most = inputs.node[row], 1.0 / (inputs.quantity[row] * shares.share[entry])
        kept = reserve[k, node]
        for r in range(LANES):
            done[r] = min(done[r], max(stock[node, r] - kept, 0.0) * most)


@compiled
def load_of(k: int, a: int, row: int, loads: Lines, setups: Setups) -> float:
    """Return the resource units per run, the set-ups that the plan gives a run included."""
    return float(loads.quantity[row] + setups.quantity[row] * setups.per_run[k, a])


@compiled
def limit_by_loads(
    k: int, a: int, periods: int, loads: Lines, setups: Setups, shares: Shares, resources: Resources, rings: Rings,
    factor: Floats, booked: Floats, done: Floats,
) -> None:  # fmt: skip
    """Keep to what is free on the resources in every period that a load reaches."""
    for row in range(loads.at[a], loads.at[a + 1]):
        resource = loads.node[row]
        at, mask, channel = rings.at[resource], rings.mask[resource], resources.channel[resource]
        pattern, load = loads.pattern[row] * periods + k, load_of(k, a, row, loads, setups)
        if load <= 0.0:
            continue
        for entry in range(shares.at[pattern], shares.at[pattern + 1]):
            then = shares.period[entry]
            slot, capacity = at + (then & mask), resources.capacity[then, resource]
            most = 1.0 / (load * shares.share[entry])
            for r in range(LANES):
                done[r] = max(min(done[r], (capacity * factor[channel, r] - booked[slot, r]) * most), 0.0)
