"""When what is owed is paid: the parts of terms of payment, with their days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from ..tables import Tables
from .days import day, later
from .serving import Frames


@dataclass(frozen=True, slots=True)
class Part:
    """A share of what is owed.

    Attributes
    ----------
    event : order, start, delivery, milestone or date
    fixed : day of the milestone or the date; None for what depends on the order
    """

    event: str
    share: float
    lag_days: float
    fixed: datetime | None = None

    def paid(self, arises: datetime) -> datetime:
        """Return the day of the payment."""
        return later(arises, self.lag_days)


Terms = Mapping[str, tuple[Part, ...]]
AT_ORDER = (Part("order", 1.0, 0.0),)


def horizon_end(frames: Frames) -> datetime:
    """Return the last day of the horizon."""
    return last_day(frames["buckets"]["end"][-1])


def last_day(end: datetime) -> datetime:
    """Return the last day before an instant."""
    return day(end - timedelta(microseconds=1))


def payment_terms(tables: Tables, frames: Frames) -> Terms:
    """Return the parts of all terms; a milestone that the plan does not reach falls on the last day of the horizon."""
    reached: dict[str, datetime | None] = {}
    if "milestone_plan" in frames:
        reached.update(frames["milestone_plan"].select("milestone", "reached").iter_rows())
    end = horizon_end(frames)
    found: dict[str, list[Part]] = {}
    rows = tables["payment_terms"].filter(pl.col("share") > 0).sort("terms", "line", maintain_order=True)
    for row in rows.iter_rows(named=True):
        fixed = {"milestone": reached.get(row["milestone"] or "") or end, "date": row["date"] or end}.get(row["event"])
        found.setdefault(row["terms"], []).append(
            Part(row["event"], row["share"], row["lag_days"], None if fixed is None else day(fixed))
        )
    return {name: tuple(parts) for name, parts in found.items()}
