"""Pairs of dates: windows that are reversed, or that no bucket of the horizon can use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..calendar import NEVER, Timeline
from ..errors import Problem
from .view import View

_STARTS = (
    ("processes", "start_from", "start_until"),
    ("flows", "start_from", "start_until"),
    ("lanes", "start_from", "start_until"),
    ("supplies", "order_from", "order_until"),
    ("options", "order_from", "order_until"),
)
"""Windows that test the start of a bucket."""

_SPANS = (("resources", "available_from", "available_until"), ("calendars", "start", "end"))
"""Windows that are intervals of time."""

_AGREED = (("shares", "start", "end"), ("reservations", "start", "end"))
"""Windows of agreements, which test the start of a bucket."""

_FUNDED = (("ownership", "start", "end"), ("partner_agreements", "start", "end"))
"""Windows of facts that rules of funding ask for; they test the day of the evaluation."""

_ORDERED = (*_STARTS, *_SPANS, ("wip", "started", "ends"), ("commitments", "start", "due"), *_AGREED, *_FUNDED)


def reversed_windows(view: View) -> Iterator[Problem]:
    """Report windows that end before they begin."""
    for table, begin, end in _ORDERED:
        rows = view[table].filter(pl.col(end) < pl.col(begin)).select("row", begin, end)
        for row, first, last in rows.iter_rows():
            message = f"{end} {last:%Y-%m-%d %H:%M} is before {begin} {first:%Y-%m-%d %H:%M}"
            yield view.problem("E404", table, row, end, message, seen=last, expected=f"{first} or later")


def unusable_windows(view: View) -> Iterator[Problem]:
    """Report windows that no bucket of the horizon can use."""
    if view.timeline is None:
        return
    for table, begin, end in (*_STARTS, _SPANS[0]):
        frame = view[table].filter((pl.col(end) >= pl.col(begin)).fill_null(True))
        frame = frame.filter(pl.col(begin).is_not_null() | pl.col(end).is_not_null())
        usable = _opens_a_bucket if (table, begin, end) in _STARTS else _meets_the_horizon
        closed = frame.filter(~usable(view.timeline, frame[begin], frame[end]))
        for row, first in closed.select("row", begin).iter_rows():
            message = f"the window from {begin} to {end} leaves no bucket of the horizon in which the row could be used"
            yield view.problem("W512", table, row, begin if first else end, message)


def _opens_a_bucket(timeline: Timeline, begin: pl.Series, end: pl.Series) -> pl.Series:
    first = timeline.first_open(timeline.seconds_of(begin, -NEVER))
    starts = np.append(timeline.edges[:-1], NEVER)
    return pl.Series(starts[first] < timeline.seconds_of(end, NEVER))


def _meets_the_horizon(timeline: Timeline, begin: pl.Series, end: pl.Series) -> pl.Series:
    low = np.maximum(timeline.seconds_of(begin, -NEVER), 0)
    return pl.Series(low < np.minimum(timeline.seconds_of(end, NEVER), timeline.horizon))
