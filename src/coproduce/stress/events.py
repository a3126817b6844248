"""What can happen to a target: events, the only thing that the kernel knows of risks; and drills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..calendar import DAY, Floats, Ints
from ..network import Bools


@dataclass(frozen=True)
class Events:
    """Events of many replications, one row each.

    Attributes
    ----------
    replication : number of the replication
    target : number of the target (`targets.Targets`)
    start, end : seconds since the start of the horizon
    factor : what is left at the start (above 1 for a surge)
    delay : seconds that what departs meanwhile takes longer
    gradual : whether the factor rises in a straight line to 1 at the end
    """

    replication: Ints
    target: Ints
    start: Ints
    end: Ints
    factor: Floats
    delay: Ints
    gradual: Bools

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.replication)

    def where(self, kept: Bools | slice) -> Events:
        """Return some of the events."""
        return Events(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))

    @classmethod
    def join(cls, parts: Sequence[Events]) -> Events:
        """Put parts behind each other, ordered by replication, then start; equal ones in the order given."""
        names = ("replication", "target", "start", "end", "factor", "delay", "gradual")
        columns = [np.concatenate([getattr(part, name) for part in (none(), *parts)]) for name in names]
        order = _by_replication_and_start(columns[0], columns[2])
        return cls(*(column[order] for column in columns))


def _by_replication_and_start(replication: Ints, start: Ints) -> Ints:
    if not len(start):
        return np.zeros(0, dtype=np.int64)
    # One key sorts faster than two, and the parts are runs that are in order already.
    lowest = start.min()
    key = (replication - replication.min()) * (start.max() - lowest + 1) + (start - lowest)
    return np.argsort(key, kind="stable")


def none() -> Events:
    """Return no events."""
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Events(whole, whole, whole, whole, real, whole, np.zeros(0, dtype=bool))


@dataclass(frozen=True, slots=True)
class Drill:
    """A certain event, to see what becomes of the programme if this happens on that day.

    Attributes
    ----------
    table, target : as in the table `risks`: `sites` and `north`, say
    start : seconds since the start of the horizon
    days : how long it lasts
    """

    table: str
    target: str
    start: int
    days: float
    factor: float = 0.0
    delay_days: float = 0.0
    gradual: bool = False


def drilled(drills: Sequence[Drill], targets: Sequence[int], replications: Ints) -> Events:
    """Return the events of drills, the same in every replication; `targets` are their numbers."""
    count, size = len(replications), len(drills)

    def each(values: Sequence[float]) -> Floats:
        return np.tile(np.asarray(values, dtype=np.float64), count)

    start = each([drill.start for drill in drills]).astype(np.int64)
    length = np.rint(each([drill.days for drill in drills]) * DAY).astype(np.int64)
    return Events(
        replication=np.repeat(replications, size),
        target=np.tile(np.asarray(targets, dtype=np.int64), count),
        start=start,
        end=start + length,
        factor=each([drill.factor for drill in drills]),
        delay=np.rint(each([drill.delay_days for drill in drills]) * DAY).astype(np.int64),
        gradual=each([drill.gradual for drill in drills]) > 0,
    )


def lasting(
    replication: Ints,
    start: Ints,
    end: Ints,
    target: int,
    *,
    factor: float = 1.0,
    delay: int = 0,
    gradual: bool = False,
) -> Events:
    """Return events of one target that have their factor, delay and recovery in common."""
    count = len(replication)
    return Events(
        replication=replication,
        target=np.full(count, target, dtype=np.int64),
        start=start,
        end=end,
        factor=np.full(count, factor),
        delay=np.full(count, delay, dtype=np.int64),
        gradual=np.full(count, gradual, dtype=bool),
    )
