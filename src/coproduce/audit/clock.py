"""The programme's time: bucket edges in whole seconds, read from the text of the programme table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from .arrays import Floats, Ints

DAY = 86_400
ALWAYS = -(2**61)
NEVER = 2**61

_FIXED = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PART = re.compile(r"\s*(\d+)\s*(hour|day|week|month|quarter)s?\s*")


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same day of the month and time of day, `months` calendar months later."""
    years, month = divmod(moment.month - 1 + months, 12)
    return moment.replace(year=moment.year + years, month=month + 1)


def period_start(moment: datetime, period: str) -> datetime:
    """Return the first instant of the calendar month, quarter or year that a moment lies in."""
    length = _MONTHS[period]
    month = (moment.month - 1) // length * length + 1
    return datetime(moment.year, month, 1)


def period_starts(first: datetime, until: datetime, period: str) -> list[datetime]:
    """Return the starts of all calendar periods that meet [first, until), and the one after them."""
    starts = [period_start(first, period)]
    while starts[-1] < until:
        starts.append(months_later(starts[-1], _MONTHS[period]))
    return starts


def _edges(start: datetime, text: str) -> Iterator[datetime]:
    yield start
    moment = start
    for part in text.split(","):
        found = _PART.fullmatch(part)
        if found is None:
            raise ValueError(f"buckets {text!r} cannot be read at {part!r}")
        count, unit = int(found[1]), found[2]
        for _ in range(count):
            moment = moment + _FIXED[unit] if unit in _FIXED else months_later(moment, _MONTHS[unit])
            yield moment


def lead_seconds(days: Floats) -> Ints:
    """Convert numbers of days to whole seconds."""
    return np.round(days * DAY).astype(np.int64)


@dataclass(frozen=True)
class Clock:
    """The buckets of a programme.

    Attributes
    ----------
    start : first instant of the horizon
    edges : (buckets + 1,) seconds since the start, strictly rising from 0 to the end of the horizon
    """

    start: datetime
    edges: Ints

    @classmethod
    def of(cls, start: datetime, buckets: str) -> Clock:
        """Read the buckets as the programme table writes them, such as `8 weeks, 10 months`."""
        moments = list(_edges(start, buckets))
        return cls(start, np.array([(moment - start) // timedelta(seconds=1) for moment in moments], np.int64))

    @property
    def count(self) -> int:
        """Number of buckets."""
        return len(self.edges) - 1

    @property
    def horizon(self) -> int:
        """Seconds from the start to the end of the horizon."""
        return int(self.edges[-1])

    @property
    def days(self) -> Floats:
        """(buckets,) length of every bucket in days."""
        return np.diff(self.edges) / DAY

    def moment(self, seconds: int) -> datetime:
        """Return the date of an instant."""
        return self.start + timedelta(seconds=int(seconds))

    def seconds(self, dates: pl.Series, empty: int) -> Ints:
        """Return dates as seconds since the start; an empty date becomes `empty`."""
        origin = pl.Series([self.start], dtype=pl.Datetime("us")).to_physical().item()
        ticks = dates.cast(pl.Datetime("us")).to_physical()
        seconds: Ints = ((ticks - origin) // 1_000_000).fill_null(empty).to_numpy().astype(np.int64)
        return seconds

    def bucket(self, seconds: Ints) -> Ints:
        """Return the bucket that contains each instant; -1 before the start, `count` after the end."""
        return np.searchsorted(self.edges, seconds, side="right").astype(np.int64) - 1

    def place(self, bucket: int) -> str:
        """Name a bucket with its first day."""
        if not 0 <= bucket < self.count:
            return f"bucket {bucket}, which does not exist"
        return f"bucket {bucket} ({self.moment(int(self.edges[bucket])):%Y-%m-%d})"
