"""Blocks of replications: their state at the start, and the kernel run over one of them."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats
from .cases import Prepared
from .kernel import run_block
from .state import LANES, Changes, Counts, State, Trace


def _filled(values: Floats) -> Floats:
    return np.repeat(values[:, None], LANES, axis=1)


def new_state(prepared: Prepared) -> State:
    """Return the state at the start of the horizon."""
    case = prepared.case
    activities, lanes, channels = len(case.order), len(case.lanes.channel), prepared.channels
    booked = np.zeros((prepared.bookings, LANES))
    periods, resources = case.resources.firm.shape
    for resource in range(resources):
        for k in range(min(int(case.bookings.mask[resource]) + 1, periods)):
            booked[case.bookings.at[resource] + k] = case.resources.firm[k, resource]
    return State(
        stock=_filled(prepared.opening),
        ring=np.zeros((prepared.slots, LANES)),
        booked=booked,
        backlog=np.zeros((activities, LANES)),
        left=_filled(case.limits.total),
        over=np.zeros((activities, LANES)),
        lane_left=np.zeros((lanes, LANES)),
        factor=np.ones((channels, LANES)),
        delay=np.zeros((channels, LANES), dtype=np.int64),
        delayed=np.zeros(channels, dtype=np.int64),
        short=np.zeros((activities, LANES), dtype=np.int64),
        position=_filled(prepared.position),
        want=np.zeros(LANES),
        extra=np.zeros(LANES),
        done=np.zeros(LANES),
        waiting=np.zeros(activities, dtype=np.int64),
        owing=np.ones(len(case.demands.due), dtype=np.int64),
    )


def new_counts(prepared: Prepared) -> Counts:
    """Return counts before the first period; what is overdue has been late already."""
    case = prepared.case
    demands, nodes, activities = len(case.demands.due), len(prepared.opening), len(case.order)
    return Counts(
        asked=_filled(prepared.quantity),
        delivered=np.zeros((demands, LANES)),
        in_time=np.zeros((demands, LANES)),
        late_days=_filled(prepared.quantity * prepared.overdue_days),
        last=np.full((demands, LANES), -1, dtype=np.int64),
        short_periods=np.zeros((demands, LANES)),
        by_group=np.zeros((prepared.groups, prepared.buckets, LANES)),
        stock_days=np.zeros((nodes, LANES)),
        owed_days=np.zeros((nodes, LANES)),
        amount=np.zeros((activities, LANES)),
        backlog_days=np.zeros((activities, LANES)),
    )


def new_trace(prepared: Prepared, wanted: bool) -> Trace:
    """Return room for every step, or none."""
    periods = len(prepared.case.days) if wanted else 0
    activities, nodes = len(prepared.case.order), len(prepared.opening)
    return Trace(
        done=np.zeros((periods, activities, LANES)),
        stock=np.zeros((periods, nodes, LANES)),
        backlog=np.zeros((periods, activities, LANES)),
    )


def run(prepared: Prepared, changes: Changes, traced: bool = False) -> tuple[Counts, Trace]:
    """Run one block and return what was counted and, if asked for, every step."""
    counts, trace = new_counts(prepared), new_trace(prepared, traced)
    run_block(prepared.case, changes, 0, len(prepared.case.days), new_state(prepared), counts, trace)
    count_never_delivered(prepared, counts)
    return counts, trace


def carry_on(prepared: Prepared, changes: Changes, first: int, last: int, state: State, counts: Counts) -> None:
    """Run one block from the beginning of one period to that of another; state and counts are changed in place."""
    run_block(prepared.case, changes, first, last, state, counts, new_trace(prepared, False))


def count_never_delivered(prepared: Prepared, counts: Counts) -> None:
    """Count what is never delivered as late to the end of the horizon and one bucket more, as in the plan."""
    owed = np.maximum(counts.asked - counts.delivered, 0.0)
    counts.late_days[:] += np.where(prepared.case.demands.due[:, None] < 0, 0.0, owed * prepared.last_days)
