"""What the kernel changes and counts: arrays whose last axis is a block of replications, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numba as nb

from ..calendar import Floats, Ints

LANES = 128

if TYPE_CHECKING:
    from collections.abc import Callable

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        """Leave a function as it is, for the type checker."""
        return function

    apart = kept = compiled
else:
    # Without numba's reference counts: nothing here allocates, and atomic counts on arrays that threads share took half
    # of the time.
    compiled = nb.njit(nogil=True, error_model="numpy", _nrt=False, forceinline=True)
    # What is seldom needed stays out of the loop over activities, which is faster the shorter it is.
    apart = nb.njit(nogil=True, error_model="numpy", _nrt=False)
    # Kept on disk is the outermost function only: numba would not notice that one inside it has changed.
    kept = nb.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)


class Changes(NamedTuple):
    """Values that channels take, ordered by period.

    Attributes
    ----------
    at : (period + 1,) rows of each period
    channel, lane : (change,) which channel of which replication of the block
    factor : (change,) its factor from then on
    delay : (change,) its delay from then on, periods
    """

    at: Ints
    channel: Ints
    lane: Ints
    factor: Floats
    delay: Ints


class State(NamedTuple):
    """What changes from period to period; the last axis is the replication."""

    stock: Floats
    ring: Floats
    booked: Floats
    backlog: Floats
    left: Floats
    over: Floats
    """(activity,) what lots took of an own limit beyond the periods so far"""
    lane_left: Floats
    factor: Floats
    delay: Ints
    delayed: Ints
    short: Ints
    position: Floats
    want: Floats
    extra: Floats
    done: Floats
    waiting: Ints
    """(activity,) replications with a backlog, without the last axis"""
    owing: Ints
    """(demand,) replications that owe something overdue"""


class Counts(NamedTuple):
    """What is counted; the last axis is the replication."""

    asked: Floats
    delivered: Floats
    in_time: Floats
    late_days: Floats
    last: Ints
    short_periods: Floats
    by_group: Floats
    stock_days: Floats
    owed_days: Floats
    amount: Floats
    backlog_days: Floats


class Trace(NamedTuple):
    """Every amount and stock, for tests and single replications; without periods where nobody asks for it."""

    done: Floats
    stock: Floats
    backlog: Floats
