"""From events to the values that channels take from period to period."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools
from .events import Events
from .state import Changes, compiled, kept
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
    return float(1.0 - (finish - begin) / (high - low) * (1.0 - value))


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


@compiled
def next_change(k: int, first: int, last: int, member: Ints, begins: Ints, finishes: Ints, gradual: Bools) -> int:
    """Return the next period after `k` in which the value of a channel may change."""
    result = 2**62
    for row in range(first, last):
        event = member[row]
        begin, finish = begins[event], finishes[event]
        for period in (begin, begin + 1, finish - 1, finish):
            if period > k:
                result = min(result, period)
        if gradual[event] and begin <= k < finish:
            result = k + 1
    return result


@compiled
def channel_changes(
    size: int, channel: int, lane: int, member: Ints, floors: Floats, edges: Ints, step: int, begins: Ints,
    finishes: Ints, start: Ints, end: Ints, factor: Floats, delay: Ints, gradual: Bools, written: int, out: Ints,
    values: Floats,
) -> int:  # fmt: skip
    """Write the changes of one channel in one replication; its `size` events are ordered by their start."""
    periods, first = len(edges) - 1, 0
    while first < size:
        low, high, last = begins[member[first]], finishes[member[first]], first + 1
        # Events that meet, or meet in one period, are judged together.
        while last < size and begins[member[last]] < high:
            high = max(high, finishes[member[last]])
            last += 1
        before, late, k = 1.0, 0, max(low, 0)
        while k <= high and k < periods:
            value, longest = value_in(k, first, last, member, floors, edges, step, start, end, factor, delay, gradual)
            if value != before or longest != late:
                out[written, 0], out[written, 1], out[written, 2], out[written, 3] = k, channel, lane, longest
                values[written] = value
                written += 1
                before, late = value, longest
            k = next_change(k, first, last, member, begins, finishes, gradual)
        first = last
    return written


@kept
def list_changes(
    replication: Ints, target: Ints, begins: Ints, finishes: Ints, start: Ints, end: Ints, factor: Floats,
    delay: Ints, gradual: Bools, first: int, at: Ints, channels: Ints, floor: Floats, size: Ints, member: Ints,
    floors: Floats, edges: Ints, step: int, out: Ints, values: Floats,
) -> int:  # fmt: skip
    """Write (period, channel, lane, delay) and the factor of every change; return their number.

    `size`, `member` and `floors` are room to work in, by channel.
    """
    written, event, most = 0, 0, len(replication)
    while event < most:
        lane = replication[event] - first
        for channel in range(len(size)):
            size[channel] = 0
        while event < most and replication[event] - first == lane:
            if end[event] > max(start[event], 0) and start[event] < edges[-1]:
                for row in range(at[target[event]], at[target[event] + 1]):
                    channel = channels[row]
                    member[channel, size[channel]], floors[channel, size[channel]] = event, floor[row]
                    size[channel] += 1
            event += 1
        for channel in range(len(size)):
            if size[channel]:
                written = channel_changes(
                    size[channel], channel, lane, member[channel], floors[channel], edges, step, begins, finishes,
                    start, end, factor, delay, gradual, written, out, values,
                )  # fmt: skip
    return written


@kept
def by_period(
    count: int, periods: int, out: Ints, values: Floats, at: Ints, place: Ints, rows: Ints, factor: Floats
) -> None:
    """Order changes by their period; those of one period keep their order. `place` is room to work in."""
    for i in range(count):
        at[out[i, 0] + 1] += 1
    for k in range(periods):
        place[k] = at[k]
        at[k + 1] += at[k]
    for i in range(count):
        to = place[out[i, 0]]
        place[out[i, 0]] += 1
        rows[0, to], rows[1, to], rows[2, to], factor[to] = out[i, 1], out[i, 2], out[i, 3], values[i]


def _first_and_after(edges: Ints, step: int, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the period in which each event begins (-1: before the first) and the one after its last."""
    last = len(edges) - 1
    if (np.diff(edges) == step).all():
        return np.clip((start - edges[0]) // step, -1, last), np.clip(-((edges[0] - end) // step), 0, last)
    return np.searchsorted(edges, start, side="right") - 1, np.minimum(np.searchsorted(edges, end, side="left"), last)


def block_changes(events: Events, first: int, targets: Targets, edges: Ints, step: int) -> Changes:
    """Return the changes of one block of replications.

    Parameters
    ----------
    events : those of the block, ordered by replication and start
    first : first replication of the block
    edges : (period + 1,) seconds
    step : length of a full period in seconds, by which delays are counted
    """
    # A value changes in or after a period in which an event begins or ends, and while one is coming back gradually.
    begins, finishes = _first_and_after(edges, step, events.start, events.end)
    touched = finishes - begins
    size = np.diff(targets.at)[events.target]
    room = int((np.where(events.gradual, touched + 6, 6) * size).sum())
    out, values = np.empty((room, 4), dtype=np.int64), np.empty(room)
    channels = 1 + int(targets.channel.max(initial=0))
    count = list_changes(
        events.replication, events.target, begins, finishes, events.start, events.end, events.factor, events.delay,
        events.gradual, first, targets.at, targets.channel, targets.floor, np.zeros(channels, dtype=np.int64),
        np.empty((channels, len(events)), dtype=np.int64), np.empty((channels, len(events))), edges, step, out, values,
    )  # fmt: skip
    at, rows, factor = np.zeros(len(edges), dtype=np.int64), np.empty((3, count), dtype=np.int64), np.empty(count)
    by_period(count, len(edges) - 1, out, values, at, at.copy(), rows, factor)
    return Changes(at, rows[0], rows[1], factor, rows[2])
