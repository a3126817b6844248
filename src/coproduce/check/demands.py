"""Demands whose dates or quantities make no sense in this horizon."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..calendar import DAY, NEVER, Timeline
from ..errors import Problem
from .view import View


def misdated_demands(view: View) -> Iterator[Problem]:
    """Report demands due after the end and before the start of the horizon."""
    if view.timeline is None or view.end is None:
        return
    start, end = view.timeline.start, view.end
    dates = view["demands"].select("row", "demand", "due")
    for row, demand, due in dates.filter(pl.col("due") >= end).iter_rows():
        message = f'demand "{demand}" is due on {due:%Y-%m-%d}; the horizon ends on {end:%Y-%m-%d}'
        yield view.problem("E408", "demands", row, "due", message, seen=due, expected=f"before {end}")
    for row, demand, due in dates.filter(pl.col("due") < start).iter_rows():
        message = f'demand "{demand}" was due on {due:%Y-%m-%d}, before the start; it counts as late from that date'
        yield view.problem("W509", "demands", row, "due", message, seen=due)


def empty_demands(view: View) -> Iterator[Problem]:
    """Report demands for nothing."""
    for row, demand in view["demands"].filter(pl.col("quantity") == 0).select("row", "demand").iter_rows():
        yield view.problem("W516", "demands", row, "quantity", f'demand "{demand}" has the quantity 0', seen=0)


def closed_demands(view: View) -> Iterator[Problem]:
    """Report demands that no bucket may deliver, by `earliest` and `maximum_late_days`."""
    if view.timeline is None:
        return
    limited = view["demands"].filter(pl.col("earliest").is_not_null() | pl.col("maximum_late_days").is_not_null())
    limited = limited.filter(pl.col("due").is_not_null())
    closed = limited.filter(~_has_a_bucket(view.timeline, limited))
    for row, demand, earliest in closed.select("row", "demand", "earliest").iter_rows():
        message = f'demand "{demand}" cannot be delivered in any bucket: its earliest delivery is after its latest'
        yield view.problem("W517", "demands", row, "earliest" if earliest else "maximum_late_days", message)


def _has_a_bucket(timeline: Timeline, demands: pl.DataFrame) -> pl.Series:
    """Whether the first bucket allowed by `earliest` is still early enough for `maximum_late_days`."""
    due = timeline.seconds_of(demands["due"], 0)
    first = np.maximum(timeline.bucket_of(timeline.seconds_of(demands["earliest"], 0)), 0)
    due_bucket = timeline.bucket_of(due)
    ends = np.append(timeline.edges[1:], NEVER)
    counted_from = np.where(due < 0, due, ends[np.clip(due_bucket, 0, timeline.count)])
    late = np.where((due >= 0) & (first <= due_bucket), 0, ends[first] - counted_from)
    allowed = demands["maximum_late_days"].fill_null(np.inf).to_numpy() * DAY
    return pl.Series((first < timeline.count) & (late <= allowed))
