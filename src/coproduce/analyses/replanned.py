"""Carries one replication out twice on the same events: following the plan, and planning anew on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..calendar import Floats, Ints, Timeline
from ..stress.blocks import carry_on, count_never_delivered, new_counts, new_state, run
from ..stress.cases import Prepared, step_of
from ..stress.changes import block_changes
from ..stress.events import Events
from ..stress.foreseen import factors, foreseen
from ..stress.policy import FollowPlan
from ..stress.position import Position, position_of
from ..stress.run import prepare
from ..stress.sampling import replications_of, sample
from ..stress.state import Changes, Counts, State
from ..stress.targets import Targets
from ..tables import Tables
from .as_it_stands import Standing, as_it_stands, openness
from .carried_out import CarriedOut
from .known_events import OPENED, channel_factors

Frames = Mapping[str, pl.DataFrame]
Planner = Callable[[Tables], Frames | None]
"""Returns the audited plan of a programme, None where there is none."""


@dataclass(frozen=True)
class Kept:
    """What is counted of one way to carry a replication out: (demand,) units and late unit-days."""

    asked: Floats
    delivered: Floats
    in_time: Floats
    late_days: Floats

    @classmethod
    def of(cls, counts: Counts) -> Kept:
        """Return what is counted of the first replication of a block."""
        return cls(*(getattr(counts, name)[:, 0].copy() for name in cls.__dataclass_fields__))


@dataclass(frozen=True)
class Course:
    """One replication carried out both ways.

    Attributes
    ----------
    plans : plans that were made on the way and followed
    eased : those among them made without least and largest stocks, for with them there was none
    none : dates at which there was no plan either way, so that the earlier one was followed
    events : events of the replication
    """

    followed: Kept
    replanned: Kept
    plans: int
    eased: int
    none: int
    events: int


@dataclass(frozen=True)
class Journey:
    """What is the same in all replications.

    Attributes
    ----------
    tables : the programme with its risks and drills
    base : its plan made ready
    period_days, seed : as in the stress test
    every : buckets from one plan to the next
    planner : plans the programme as it stands
    """

    tables: Tables
    base: CarriedOut
    period_days: float
    seed: int
    every: int
    planner: Planner

    @property
    def buckets(self) -> Timeline:
        """The buckets of the plan."""
        return self.base.plan.buckets

    @property
    def dates(self) -> range:
        """Buckets at whose beginning a plan may be made."""
        return range(self.every, self.buckets.count, self.every)

    def prepared(self, made: CarriedOut) -> tuple[Prepared, Targets]:
        """Return the arrays of a plan."""
        return prepare(made.network, made.plan, made.risks, FollowPlan(), made.ranks)


def carry_out(journey: Journey, replication: int | None, progress: Callable[[int], None]) -> Course:
    """Carry out a replication both ways; None: one without any event.

    Parameters
    ----------
    progress : called with the bucket that a plan is made for
    """
    network = journey.base.network
    prepared, targets = journey.prepared(journey.base)
    number = replications_of(replication or 0, 1)
    events = sample(journey.base.risks, journey.seed, number, network.timeline)
    events = events if replication is not None else events.where(slice(0, 0))
    trip = _Trip(journey, events, targets, prepared)
    counts, _ = run(prepared, trip.changes)
    followed = Kept.of(counts)
    replanned = trip.carry_out(progress)
    return Course(
        followed, followed if replanned is None else replanned, trip.plans, trip.eased, trip.none, len(events)
    )


class _Trip:
    """One replication on its way; holds the plan that is followed at the moment."""

    def __init__(self, journey: Journey, events: Events, targets: Targets, prepared: Prepared) -> None:
        self.journey, self.events, self.targets = journey, events, targets
        self.edges = journey.base.network.timeline.edges
        self.starts: Ints = np.searchsorted(self.edges, journey.buckets.edges)
        self.changes = self._changes(events)
        self.surge = _surges(prepared, self.changes)
        self.plans = self.eased = self.none = 0
        self._now = _without_surges(prepared)

    def _changes(self, events: Events) -> Changes:
        first = int(events.replication[0]) if len(events) else 0
        return block_changes(events, first, self.targets, self.edges, step_of(self.journey.base.network))

    def carry_out(self, progress: Callable[[int], None]) -> Kept | None:
        """Carry the replication out with plans made on the way; None where none was made."""
        state, counts = new_state(self._now), new_counts(self._now)
        for bucket in range(self.journey.buckets.count):
            if bucket in self.journey.dates:
                self._plan_again(bucket, state, counts, progress)
            self._go(bucket, state, counts)
        count_never_delivered(self._now, counts)
        return Kept.of(counts) if self.plans else None

    def _go(self, bucket: int, state: State, counts: Counts) -> None:
        """Carry out one bucket; what surges ask for in it is added to what the plan wants."""
        first, last = int(self.starts[bucket]), int(self.starts[bucket + 1])
        wants = self._now.case.wants
        more = self.surge[first:last]
        own = wants.quantity[first:last, len(self._now.case.order) - more.shape[1] :]
        own[:] = np.maximum(own + more, 0.0)
        counts.asked[:] += more.sum(axis=0)[:, None]
        carry_on(self._now, self.changes, first, last, state, counts)

    def _plan_again(self, bucket: int, state: State, counts: Counts, progress: Callable[[int], None]) -> None:
        position = position_of(self._now, state, counts, int(self.starts[bucket]))
        if not self._disturbed(bucket, position):
            return
        progress(bucket)
        found = self._planned(bucket, position)
        if found is None:
            self.none += 1
            return
        self.plans += 1
        made = CarriedOut.of(self.journey.tables, found, self.journey.period_days)
        self._now = _without_surges(self.journey.prepared(made)[0])
        # What was wanted and not done is in the new plan.
        state.backlog[:], state.waiting[:], state.short[:] = 0.0, 0, 0

    def _disturbed(self, bucket: int, position: Position) -> bool:
        """Whether anything is known that the plan did not know: an event that reaches something, or a backlog."""
        now = int(self.journey.buckets.edges[bucket])
        reaches = np.diff(self.targets.at)[self.events.target] > 0
        begun = bool((reaches & (self.events.start < now)).any())
        return begun or bool((position.backlog > self._now.case.demands.dust).any())

    def _planned(self, bucket: int, position: Position) -> Frames | None:
        """Return a plan from here on; where least and largest stocks leave none, one without them."""
        journey, network = self.journey, self.journey.base.network
        now = int(journey.buckets.edges[bucket])
        known = foreseen(journey.base.risks, self.events, now, journey.buckets.horizon)
        factor = factors(self._changes(known), self._now.channels)
        factor[:, : int(self.starts[bucket])] = 1.0
        sizes = {table: journey.tables[table].height for table in OPENED}
        by_table = channel_factors(self.targets.channels, factor, sizes)
        standing = Standing(bucket, position, openness(network, journey.buckets, by_table))
        for eased in (False, True):
            found = journey.planner(as_it_stands(journey.tables, network, journey.buckets, standing, eased=eased))
            if found is not None:
                self.eased += eased
                return found
        return None


def _without_surges(prepared: Prepared) -> Prepared:
    """Return a case whose wants no event multiplies: surges are added to them as they come."""
    wants = prepared.case.wants
    own = wants._replace(quantity=wants.quantity.copy(), channel=np.zeros_like(wants.channel))
    return replace(prepared, case=prepared.case._replace(wants=own))


def _surges(prepared: Prepared, changes: Changes) -> Floats:
    """Return (period, demand) what events ask for beyond the plan; below 0 where they ask for less."""
    wants, demands = prepared.case.wants, len(prepared.case.demands.due)
    factor = factors(changes, prepared.channels)[wants.channel[-demands:]].T
    return np.asarray(wants.quantity[:, -demands:] * (factor - 1.0))
