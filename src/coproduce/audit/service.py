"""What every demand gets: lateness in days and the units on time, late and never delivered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..tables import Tables
from .arrays import Floats, Ints, floats, total
from .clock import ALWAYS, DAY, Clock
from .judge import TOLERANCE
from .rows import PlanRows


@dataclass(frozen=True)
class Due:
    """When demands are due, and how late a bucket is for them.

    The bucket that would follow the horizon has the number of buckets as its position, and the length of the
    last one.

    Attributes
    ----------
    seconds : (demands,) due dates
    ends : (buckets + 1,) ends of the buckets and of the one that would follow
    bucket : (demands,) due bucket; -1 for an overdue demand
    """

    seconds: Ints
    ends: Ints
    bucket: Ints

    @classmethod
    def of(cls, tables: Tables, clock: Clock) -> Due:
        """Read the due dates."""
        due = clock.seconds(tables["demands"]["due"], 0)
        following = clock.horizon + (clock.edges[-1] - clock.edges[-2])
        ends = np.append(clock.edges[1:], following)
        return cls(due, ends, np.searchsorted(np.append(0, ends), due, side="right") - 1)

    def late_days(self, demand: Ints, bucket: Ints) -> Floats:
        """Return the days by which a delivery to a demand in a bucket is late."""
        end, due = self.ends[bucket], self.seconds[demand]
        due_end = self.ends[np.clip(self.bucket[demand], 0, len(self.ends) - 1)]
        return np.where(due < 0, end - due, np.maximum(end - due_end, 0)) / DAY

    def early_days(self, demand: Ints, bucket: Ints) -> Floats:
        """Return the days by which a delivery to a demand in a bucket is early; 0 if that is overdue."""
        due_end = self.ends[np.clip(self.bucket[demand], 0, len(self.ends) - 1)]
        early = np.maximum(due_end - self.ends[bucket], 0) / DAY
        return np.where(self.seconds[demand] < 0, 0.0, early)

    def late_days_unmet(self) -> Floats:
        """(demands,) days by which units that are never delivered count as late."""
        demands = np.arange(len(self.seconds))
        return self.late_days(demands, np.full(len(demands), len(self.ends) - 1))


@dataclass(frozen=True)
class Span:
    """The buckets of the first and the last delivery, (demands,) each, -1 without one; and how late the last is."""

    first: Ints
    last: Ints
    last_late_days: Floats

    @classmethod
    def of(cls, demand: Ints, bucket: Ints, due: Due) -> Span:
        """Find the first and last bucket of every demand."""
        count = len(due.seconds)
        first, last = np.full(count, len(due.ends)), np.full(count, -1)
        np.minimum.at(first, demand, bucket)
        np.maximum.at(last, demand, bucket)
        late_days = due.late_days(np.arange(count), np.maximum(last, 0))
        return cls(np.where(last < 0, -1, first), last, np.where(last < 0, 0.0, late_days))


@dataclass(frozen=True)
class Service:
    """How demands are served.

    Attributes
    ----------
    row_late_days, row_early_days : (deliveries,) days by which every delivery is late or early
    asked, on_time, late, unmet : (demands,) units
    negligible : (demands,) units that count as none
    all_rows, counted_rows : first and last delivery among all, and among those that are not negligible
    unmet_late_days : (demands,) days by which unmet units are late
    late_unit_days : (demands,) units times days late, unmet units included
    """

    row_late_days: Floats
    row_early_days: Floats
    asked: Floats
    on_time: Floats
    late: Floats
    unmet: Floats
    negligible: Floats
    all_rows: Span
    counted_rows: Span
    unmet_late_days: Floats
    late_unit_days: Floats

    @property
    def delivered(self) -> Floats:
        """(demands,) units delivered at all."""
        return self.on_time + self.late


def service(tables: Tables, clock: Clock, plan: PlanRows) -> Service:
    """Sum the deliveries of every demand."""
    due, rows = Due.of(tables, clock), plan.deliveries
    asked = floats(tables["demands"]["quantity"])
    count, late_days = len(asked), due.late_days(rows.entity, rows.bucket)
    on_time = total(count, rows.entity, np.where(late_days > 0, 0.0, rows.quantity))
    late = total(count, rows.entity, np.where(late_days > 0, rows.quantity, 0.0))
    unmet = np.maximum(asked - on_time - late, 0.0)
    unmet_late_days = due.late_days_unmet()
    negligible = TOLERANCE * np.maximum(1.0, asked)
    counts = rows.quantity >= negligible[rows.entity]
    return Service(
        row_late_days=late_days,
        row_early_days=due.early_days(rows.entity, rows.bucket),
        asked=asked,
        on_time=on_time,
        late=late,
        unmet=unmet,
        negligible=negligible,
        all_rows=Span.of(rows.entity, rows.bucket, due),
        counted_rows=Span.of(rows.entity[counts], rows.bucket[counts], due),
        unmet_late_days=unmet_late_days,
        late_unit_days=total(count, rows.entity, late_days * rows.quantity) + unmet_late_days * unmet,
    )


def earliest_bucket(tables: Tables, clock: Clock) -> Ints:
    """(demands,) first bucket in which a delivery is allowed; the number of buckets where none is."""
    return np.maximum(clock.bucket(clock.seconds(tables["demands"]["earliest"], ALWAYS)), 0)
