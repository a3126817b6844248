"""When what is owed is paid: the parts of terms of payment, with their days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from ..tables import Tables
from .days import day, later


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


def last_day(end: datetime) -> datetime:
    """Return the last day before an instant."""
    return day(end - timedelta(microseconds=1))


def terms_of(tables: Tables, reached: Mapping[str, datetime | None], end: datetime) -> Terms:
    """Return the parts of all terms.

    Parameters
    ----------
    reached : when each milestone is reached; one that is not falls on `end`
    end : last day of the horizon
    """
    found: dict[str, list[Part]] = {}
    rows = tables["payment_terms"].filter(pl.col("share") > 0).sort("terms", "line", maintain_order=True)
    for row in rows.iter_rows(named=True):
        fixed = {"milestone": reached.get(row["milestone"] or "") or end, "date": row["date"] or end}.get(row["event"])
        found.setdefault(row["terms"], []).append(
            Part(row["event"], row["share"], row["lag_days"], None if fixed is None else day(fixed))
        )
    return {name: tuple(parts) for name, parts in found.items()}
