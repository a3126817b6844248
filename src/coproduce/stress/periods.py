"""The kernel's own periods, nested in the buckets of the plan, and the programme compiled on them."""

from __future__ import annotations

import numpy as np

from ..calendar import DAY, Ints, Timeline
from ..compile import compile_network
from ..network import Network
from ..tables import Tables


def period_timeline(buckets: Timeline, days: float) -> Timeline:
    """Cut every bucket from its start into periods of `days`; its last period may be shorter.

    Raises
    ------
    ValueError
        if a period is shorter than a second.
    """
    length = round(days * DAY)
    if length < 1:
        raise ValueError("a period lasts at least one second")
    pieces = [
        np.arange(first, last, length, dtype=np.int64)
        for first, last in zip(buckets.edges[:-1], buckets.edges[1:], strict=True)
    ]
    return Timeline(buckets.start, np.concatenate([*pieces, buckets.edges[-1:]]))


def period_network(tables: Tables, days: float = 1.0) -> Network:
    """Return the programme compiled on periods of `days` instead of its buckets."""
    programme = tables.programme
    buckets = Timeline.build(programme.start, programme.buckets)
    return compile_network(tables, period_timeline(buckets, days))


def bucket_of_period(periods: Timeline, buckets: Timeline) -> Ints:
    """Return (period,) the bucket that each period lies in."""
    return buckets.bucket_of(periods.edges[:-1])
