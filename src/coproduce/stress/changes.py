"""From events to the values that channels take from period to period."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools
from .events import Events
from .state import LANES, Changes, compiled, kept
from .targets import Targets


@compiled
def factor_in(
    event: int, low: int, high: int, floor: float, start: Ints, end: Ints, factor: Floats, gradual: Bools
) -> float:
    """Return the average factor of an event over the period [low, high)."""
    begin, finish = max(start[event], low), min(end[event], high)
    if finish <= begin:
        return 1.0
    value = factor[event] if factor[event] > floor else floor
    if gradual[event]:
        passed = 0.5 * (begin + finish) - start[event]
        value += (1.0 - value) * passed / (end[event] - start[event])
    return 1.0 - (finish - begin) / (high - low) * (1.0 - value)


@compiled
def value_in(
    k: int, first: int, last: int, member: Ints, floors: Floats, edges: Ints, step: int, start: Ints, end: Ints,
    factor: Floats, delay: Ints, gradual: Bools,
) -> tuple[float, int]:  # fmt: skip
    """Return factor and delay of a channel in a period, of the events that may reach it."""
    least, most, longest = 1.0, 1.0, 0
    for row in range(first, last):
        event = member[row]
        value = factor_in(event, edges[k], edges[k + 1], floors[row], start, end, factor, gradual)
        least, most = min(least, value), max(most, value)
        middle = 0.5 * (edges[k] + edges[k + 1])
        if delay[event] > 0 and start[event] <= middle and middle < end[event]:
            longest = max(longest, -(-delay[event] // step))
    return least * most, longest


@kept
def list_changes(
    members: Ints, group: Ints, floors: Floats, edges: Ints, step: int, start: Ints, end: Ints, factor: Floats,
    delay: Ints, gradual: Bools, out: Ints, values: Floats,
) -> int:  # fmt: skip
    """Write (period, group, delay) and the factor of every change; return their number. Without room, only count."""
    written, first, periods = 0, 0, len(edges) - 1
    while first < len(members):
        until = end[members[first]]
        last = first + 1
        low = np.searchsorted(edges, start[members[first]], side="right") - 1
        # Events of one channel and replication that meet, or meet in one period, are judged together.
        while last < len(members) and group[last] == group[first]:
            near = np.searchsorted(edges, until, side="left")
            if start[members[last]] >= edges[min(near, periods)]:
                break
            until = max(until, end[members[last]])
            last += 1
        high = min(np.searchsorted(edges, until, side="left"), periods)
        steady = last == first + 1 and not gradual[members[first]]
        before, late = 1.0, 0
        k = max(low, 0)
        while k <= high and k < periods:
            value, longest = value_in(k, first, last, members, floors, edges, step, start, end, factor, delay, gradual)
            if value != before or longest != late:
                if len(values):
                    out[written, 0], out[written, 1], out[written, 2] = k, group[first], longest
                    values[written] = value
                written += 1
                before, late = value, longest
            # Inside a lone event nothing changes; delays may begin and end one period further in.
            k = high - 2 if steady and low + 2 < k < high - 2 else k + 1
        first = last
    return written


def block_changes(events: Events, first: int, targets: Targets, edges: Ints, step: int) -> Changes:
    """Return the changes of one block of replications.

    Parameters
    ----------
    events : those of the block, ordered by replication and start
    first : first replication of the block
    edges : (period + 1,) seconds
    step : length of a full period in seconds, by which delays are counted
    """
    size = np.diff(targets.at)[events.target]
    event = np.repeat(np.arange(len(events)), size)
    row = np.arange(len(event)) - np.repeat(np.cumsum(size) - size, size) + targets.at[events.target][event]
    inside = (events.end[event] > np.maximum(events.start[event], 0)) & (events.start[event] < edges[-1])
    event, row = event[inside], row[inside]
    group = targets.channel[row] * LANES + events.replication[event] - first
    order = np.lexsort((events.start[event], group))
    arguments = (
        event[order], group[order], targets.floor[row[order]], edges, step,
        events.start, events.end, events.factor, events.delay, events.gradual,
    )  # fmt: skip
    count = list_changes(*arguments, np.zeros((0, 3), dtype=np.int64), np.zeros(0))
    out, values = np.zeros((count, 3), dtype=np.int64), np.zeros(count)
    if count:
        list_changes(*arguments, out, values)
    by_period = np.argsort(out[:, 0], kind="stable")
    period, placed, delay = out[by_period].T
    return Changes(
        at=np.searchsorted(period, np.arange(len(edges))).astype(np.int64),
        channel=np.ascontiguousarray(placed // LANES),
        lane=np.ascontiguousarray(placed % LANES),
        factor=values[by_period],
        delay=np.ascontiguousarray(delay),
    )
