"""What an activity that is done moves: bookings, inputs, outputs now and later, what is left of limits."""

from __future__ import annotations

from ..calendar import Floats, Ints
from .case import NO_LIMIT, Covers, Lanes, Limits, Lines, Rings, Setups, Shares, Spoils
from .limits import load_of
from .state import LANES, compiled


@compiled
def book_loads(
    k: int, a: int, periods: int, loads: Lines, setups: Setups, shares: Shares, rings: Rings, booked: Floats,
    done: Floats,
) -> None:  # fmt: skip
    """Book loads on the resources."""
    for row in range(loads.at[a], loads.at[a + 1]):
        at, mask = rings.at[loads.node[row]], rings.mask[loads.node[row]]
        pattern, each = loads.pattern[row] * periods + k, load_of(k, a, row, loads, setups)
        for entry in range(shares.at[pattern], shares.at[pattern + 1]):
            slot, load = at + (shares.period[entry] & mask), each * shares.share[entry]
            for r in range(LANES):
                booked[slot, r] += done[r] * load


@compiled
def take_inputs(
    k: int, a: int, periods: int, inputs: Lines, shares: Shares, rings: Rings, stock: Floats, ring: Floats, done: Floats
) -> None:
    """Take inputs now, or from what arrives later."""
    for row in range(inputs.at[a], inputs.at[a + 1]):
        if k < inputs.first[row] or k >= inputs.until[row]:
            continue
        node, pattern = inputs.node[row], inputs.pattern[row] * periods + k
        for entry in range(shares.at[pattern], shares.at[pattern + 1]):
            then, quantity = shares.period[entry], inputs.quantity[row] * shares.share[entry]
            if then == k:
                for r in range(LANES):
                    stock[node, r] -= done[r] * quantity
            else:
                slot = rings.at[node] + (then & rings.mask[node])
                for r in range(LANES):
                    ring[slot, r] -= done[r] * quantity


@compiled
def give_outputs(
    k: int, a: int, periods: int, outputs: Lines, shares: Shares, rings: Rings, spoils: Spoils, factor: Floats,
    delay: Ints, delayed: Ints, stock: Floats, ring: Floats, done: Floats,
) -> None:  # fmt: skip
    """Give outputs now or later, less what is lost and with the delay of this period."""
    lost, late = spoils.lost[a], spoils.delay[a]
    for row in range(outputs.at[a], outputs.at[a + 1]):
        if k < outputs.first[row] or k >= outputs.until[row]:
            continue
        node, pattern = outputs.node[row], outputs.pattern[row] * periods + k
        for entry in range(shares.at[pattern], shares.at[pattern + 1]):
            then, quantity = shares.period[entry], outputs.quantity[row] * shares.share[entry]
            if delayed[late]:
                give_delayed(k, then, quantity, node, lost, late, periods, rings, factor, delay, stock, ring, done)
            elif then == k:
                give(node, quantity, lost, factor, done, stock)
            else:
                give(rings.at[node] + (then & rings.mask[node]), quantity, lost, factor, done, ring)


@compiled
def give(row: int, quantity: float, lost: int, factor: Floats, done: Floats, to: Floats) -> None:
    """Give one output, less what is lost; channel 0 loses nothing."""
    if lost:
        for r in range(LANES):
            to[row, r] += done[r] * quantity * factor[lost, r]
    else:
        for r in range(LANES):
            to[row, r] += done[r] * quantity


@compiled
def give_delayed(
    k: int, then: int, quantity: float, node: int, lost: int, late: int, periods: int, rings: Rings, factor: Floats,
    delay: Ints, stock: Floats, ring: Floats, done: Floats,
) -> None:  # fmt: skip
    """Give one output where some replications are delayed."""
    at, mask = rings.at[node], rings.mask[node]
    for r in range(LANES):
        when, given = then + delay[late, r], done[r] * quantity * factor[lost, r]
        if when == k:
            stock[node, r] += given
        elif when < periods:
            ring[at + (when & mask), r] += given


@compiled
def forget_lost(a: int, outputs: Lines, lost: int, factor: Floats, position: Floats, done: Floats) -> None:
    """Take what a loss of yield destroys out of the inventory positions."""
    for row in range(outputs.at[a], outputs.at[a + 1]):
        node, quantity = outputs.node[row], outputs.quantity[row]
        for r in range(LANES):
            position[node, r] -= done[r] * quantity * (1.0 - factor[lost, r])


@compiled
def use_limits(a: int, limits: Limits, lanes: Lanes, left: Floats, lane_left: Floats, done: Floats) -> None:
    """Use up what is left of lanes and totals."""
    lane, size = lanes.lane[a], lanes.size[a]
    if lane >= 0 and size > 0.0:
        for r in range(LANES):
            lane_left[lane, r] -= done[r] * size
    if limits.total[a] < NO_LIMIT:
        for r in range(LANES):
            left[a, r] -= done[r]


@compiled
def keep_backlog(
    a: int, days: float, want: Floats, done: Floats, backlog: Floats, amount: Floats, backlog_days: Floats
) -> int:
    """Set the backlog and count it and what is done; return in how many replications there is a backlog."""
    some = 0
    for r in range(LANES):
        left = max(want[r] - done[r], 0.0)
        backlog[a, r] = left
        backlog_days[a, r] += left * days
        amount[a, r] += done[r]
        some += left > 0.0
    return some


@compiled
def keep_watched_backlog(
    a: int, dust: float, want: Floats, done: Floats, backlog: Floats, short: Ints, amount: Floats
) -> int:
    """Set the backlog of what a fallback covers and the periods that it has lasted; return in how many there is one.

    The backlog is counted at the end of the period, when the fallback has done its part.
    """
    some = 0
    for r in range(LANES):
        left = max(want[r] - done[r], 0.0)
        backlog[a, r] = left
        short[a, r] = short[a, r] + 1 if left > dust else 0
        amount[a, r] += done[r]
        some += left > 0.0
    return some


@compiled
def relieve_covered(
    a: int, covers: Covers, want: Floats, extra: Floats, done: Floats, backlog: Floats, short: Ints
) -> None:
    """Take what a fallback did beyond its own want off the backlogs that it covers."""
    for r in range(LANES):
        extra[r] = max(done[r] - want[r], 0.0)
    for row in range(covers.at[a], covers.at[a + 1]):
        covered, ratio, after = covers.covered[row], covers.ratio[row], covers.after[a]
        for r in range(LANES):
            relief = min(extra[r], backlog[covered, r] * ratio) if short[covered, r] >= after else 0.0
            extra[r] -= relief
            backlog[covered, r] = max(backlog[covered, r] - relief / ratio, 0.0)
