"""Blocks of replications: their state at the start, and the kernel run over one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import Floats
from .case import Case
from .kernel import run_block
from .state import LANES, Changes, Counts, State, Trace


@dataclass(frozen=True)
class Prepared:
    """A case with the sizes of its rings and what is asked of each demand at the start."""

    case: Case
    slots: int
    bookings: int
    quantity: Floats
    """(demand,) units asked for before any surge; 0 for streams"""


def _filled(values: Floats) -> Floats:
    return np.repeat(values[:, None], LANES, axis=1)


def new_state(prepared: Prepared) -> State:
    """Return the state at the start of the horizon."""
    case = prepared.case
    activities, nodes, lanes, channels = len(case.order), len(case.opening), len(case.lane_channel), case.channels
    booked = np.zeros((prepared.bookings, LANES))
    periods, resources = case.firm.shape
    for resource in range(resources):
        for k in range(min(int(case.book_mask[resource]) + 1, periods)):
            booked[case.book_at[resource] + k] = case.firm[k, resource]
    return State(
        stock=_filled(case.opening),
        ring=np.zeros((prepared.slots, LANES)),
        booked=booked,
        backlog=np.zeros((activities, LANES)),
        left=_filled(case.total),
        lane_left=np.zeros((lanes, LANES)),
        factor=np.ones((channels, LANES)),
        delay=np.zeros((channels, LANES), dtype=np.int64),
        delayed=np.zeros(channels, dtype=np.int64),
        short=np.zeros((activities, LANES), dtype=np.int64),
        position=_filled(case.position) if len(case.level) else np.zeros((nodes, LANES)),
        want=np.zeros(LANES),
        extra=np.zeros(LANES),
        done=np.zeros(LANES),
    )


def new_counts(prepared: Prepared) -> Counts:
    """Return counts before the first period; what is overdue has been late already."""
    case = prepared.case
    demands, nodes, activities = len(case.due), len(case.opening), len(case.order)
    return Counts(
        asked=_filled(prepared.quantity),
        delivered=np.zeros((demands, LANES)),
        in_time=np.zeros((demands, LANES)),
        late_days=_filled(prepared.quantity * case.overdue_days),
        last=np.full((demands, LANES), -1, dtype=np.int64),
        short_periods=np.zeros((demands, LANES)),
        by_tier=np.zeros((case.tiers, case.buckets, LANES)),
        stock_days=np.zeros((nodes, LANES)),
        owed_days=np.zeros((nodes, LANES)),
        amount=np.zeros((activities, LANES)),
        backlog_days=np.zeros((activities, LANES)),
    )


def new_trace(case: Case, wanted: bool) -> Trace:
    """Return room for every step, or none."""
    periods = len(case.days) if wanted else 0
    activities, nodes = len(case.order), len(case.opening)
    return Trace(
        done=np.zeros((periods, activities, LANES)),
        stock=np.zeros((periods, nodes, LANES)),
        backlog=np.zeros((periods, activities, LANES)),
    )


def run(prepared: Prepared, changes: Changes, traced: bool = False) -> tuple[Counts, Trace]:
    """Run one block and return what was counted and, if asked for, every step."""
    counts, trace = new_counts(prepared), new_trace(prepared.case, traced)
    run_block(prepared.case, changes, new_state(prepared), counts, trace)
    return counts, trace


