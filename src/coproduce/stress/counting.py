"""What is counted on the way, so that memory does not grow with the number of periods."""

from __future__ import annotations

from ..calendar import Floats, Ints
from .state import LANES, compiled


@compiled
def count_asked(
    a: int, d: int, due: int, planned: float, channel: int, days: float, factor: Floats, backlog: Floats, asked: Floats,
    late_days: Floats,
) -> None:  # fmt: skip
    """Count what is asked for in this period; of streams also a late period for what is still owed."""
    if due < 0:
        for r in range(LANES):
            late_days[d, r] += backlog[a, r] * days
            asked[d, r] += planned * factor[channel, r]
    elif channel and planned > 0.0:
        for r in range(LANES):
            asked[d, r] += planned * (factor[channel, r] - 1.0)


@compiled
def count_late(
    d: int, days: float, dust: float, asked: Floats, delivered: Floats, late_days: Floats, short_periods: Floats
) -> int:
    """Count a late period for what was due before it and is still owed; return in how many replications that is."""
    some = 0
    for r in range(LANES):
        owed = max(asked[d, r] - delivered[d, r], 0.0)
        late_days[d, r] += owed * days
        short_periods[d, r] += owed > dust
        some += owed > 0.0
    return some


@compiled
def count_delivery(
    k: int, d: int, group: int, bucket: int, dust: float, done: Floats, delivered: Floats, by_group: Floats, last: Ints
) -> None:
    """Count what is delivered, by demand and by group and bucket."""
    for r in range(LANES):
        delivered[d, r] += done[r]
        by_group[group, bucket, r] += done[r]
        last[d, r] = k if done[r] > dust else last[d, r]


@compiled
def count_in_time(
    k: int, a: int, d: int, due: int, dust: float, want: Floats, done: Floats, backlog: Floats, in_time: Floats,
    short_periods: Floats,
) -> None:  # fmt: skip
    """Count what is delivered in time: before it is late, or of streams beyond the backlog of the periods before."""
    if due < 0:
        for r in range(LANES):
            in_time[d, r] += max(done[r] - backlog[a, r], 0.0)
            short_periods[d, r] += want[r] - done[r] > dust
    elif k < due:
        for r in range(LANES):
            in_time[d, r] += done[r]


@compiled
def count_stocks(days: float, stock: Floats, stock_days: Floats, owed_days: Floats) -> None:
    """Add the stocks at the end of a period, in unit-days."""
    for node in range(len(stock)):
        for r in range(LANES):
            stock_days[node, r] += max(stock[node, r], 0.0) * days
            owed_days[node, r] += max(-stock[node, r], 0.0) * days


@compiled
def count_backlog(a: int, days: float, backlog: Floats, backlog_days: Floats) -> None:
    """Add a backlog at the end of a period, in unit-days."""
    for r in range(LANES):
        backlog_days[a, r] += backlog[a, r] * days
