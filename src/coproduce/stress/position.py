"""Where a replication stands at the beginning of a period: what is there, on its way, booked, left and delivered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints
from .case import Case, Rings
from .cases import Prepared
from .state import Counts, State


@dataclass(frozen=True)
class Position:
    """What one replication has brought about before a period.

    Attributes
    ----------
    stock : (node,) units; below 0 where the node owes
    coming : (node, period) units that arrive by what was started before, firm runs and receipts included; below 0:
        that such runs still take in. 0 before the period
    booked : (resource, period) resource units that they take; 0 before the period
    left : (activity,) what is left of totals
    done : (activity,) ordered, run, shipped and delivered so far
    asked, delivered : (demand,) units so far, those of surges included
    backlog : (activity,) wanted and not done
    """

    stock: Floats
    coming: Floats
    booked: Floats
    left: Floats
    done: Floats
    asked: Floats
    delivered: Floats
    backlog: Floats


def position_of(prepared: Prepared, state: State, counts: Counts, k: int) -> Position:
    """Return where the first replication of a block stands at the beginning of period `k`."""
    case = prepared.case
    return Position(
        stock=state.stock[:, 0].copy(),
        coming=_ahead(case.arrivals, state.ring, k, _fixed_from(case, k)),
        booked=_booked(case, state, k),
        left=state.left[:, 0].copy(),
        done=counts.amount[:, 0].copy(),
        asked=counts.asked[:, 0].copy(),
        delivered=counts.delivered[:, 0].copy(),
        backlog=state.backlog[:, 0].copy(),
    )


def _fixed_from(case: Case, k: int) -> Floats:
    """Return (node, period) movements that are data, from a period on."""
    periods, fixed = len(case.days), case.fixed
    result = np.zeros((len(case.arrivals.at), periods))
    rows = slice(int(fixed.at[k]), None)
    period = np.repeat(np.arange(periods), np.diff(fixed.at))
    np.add.at(result, (fixed.node[rows], period[rows]), fixed.quantity[rows])
    return result


def _booked(case: Case, state: State, k: int) -> Floats:
    """Return (resource, period) bookings; beyond the ring there are only those of firm runs."""
    beyond = case.resources.firm.T.copy()
    beyond[:, :k] = 0.0
    for resource, size in enumerate(_slots(case.bookings)):
        beyond[resource, k : k + size] = 0.0
    return _ahead(case.bookings, state.booked, k, beyond)


def _slots(rings: Rings) -> Ints:
    return rings.mask + 1


def _ahead(rings: Rings, ring: Floats, k: int, known: Floats) -> Floats:
    """Return (row, period) what rings hold from period `k` on, added to what is known beside."""
    result, periods = known, known.shape[1]
    for row, (at, mask) in enumerate(zip(rings.at.tolist(), rings.mask.tolist(), strict=True)):
        then = np.arange(k, min(k + mask + 1, periods))
        result[row, then] += ring[at + (then & mask), 0]
    return result
