"""The oracle's own clock: bucket edges, calendars and shares, written from docs/model.md alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

DAY = 86_400
Row = dict[str, Any]


def seconds(days: float) -> int:
    """Convert a number of days to whole seconds."""
    return round(days * DAY)


def month_later(date: datetime, months: int) -> datetime:
    """Return the same day and time of a later month; only asked for the first day of a month."""
    assert date.day == 1
    years, month = divmod(date.month - 1 + months, 12)
    return date.replace(year=date.year + years, month=month + 1)


def following(date: datetime, unit: str) -> datetime:
    """Return the end of a bucket of the given unit that begins at `date`."""
    if unit == "month":
        return month_later(date, 1)
    if unit == "quarter":
        return month_later(date, 3)
    return date + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[unit]


def bucket_dates(start: datetime, buckets: str) -> list[datetime]:
    """Return the edges of the buckets as dates."""
    dates = [start]
    for count, unit in re.findall(r"(\d+)\s*([a-z]+?)s?\s*(?:,|$)", buckets):
        for _ in range(int(count)):
            dates.append(following(dates[-1], unit))
    return dates


def period_of(date: datetime, per: str) -> tuple[datetime, datetime]:
    """Return the period (hour ... year) that a date belongs to."""
    midnight = datetime(date.year, date.month, date.day)
    if per == "hour":
        first = midnight.replace(hour=date.hour)
        return first, first + timedelta(hours=1)
    if per in ("day", "week"):
        return midnight, midnight + timedelta(days=1 if per == "day" else 7)
    first = {
        "month": datetime(date.year, date.month, 1),
        "quarter": datetime(date.year, 3 * ((date.month - 1) // 3) + 1, 1),
        "year": datetime(date.year, 1, 1),
    }[per]
    return first, month_later(first, {"month": 1, "quarter": 3, "year": 12}[per])


def clock_time(text: str | None, empty: int) -> timedelta:
    """Return HH:MM as a time after midnight."""
    if text is None:
        return timedelta(hours=empty)
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def in_force(entry: Row, x: datetime) -> bool:
    """Tell whether a calendar entry holds at an instant."""
    if (entry["start"] and x < entry["start"]) or (entry["end"] and x >= entry["end"]):
        return False
    opens, closes = clock_time(entry["from_time"], 0), clock_time(entry["until_time"], 24)
    if closes <= opens:
        closes += timedelta(days=1)
    today = datetime(x.year, x.month, x.day)
    for midnight in (today, today - timedelta(days=1)):
        weekday = str(midnight.isoweekday())
        if midnight + opens <= x < midnight + closes and weekday in (entry["weekdays"] or "1234567"):
            return True
    return False


def factor(entries: list[Row], x: datetime) -> float:
    """Return the calendar's factor at an instant; `entries` in the order of the table."""
    holding = [entry for entry in entries if in_force(entry, x)]
    return min(holding, key=lambda entry: entry["priority"])["factor"] if holding else 1.0  # type: ignore[no-any-return]


def steps(entries: list[Row], begin: datetime, end: datetime) -> list[datetime]:
    """Return the instants of [begin, end] between which neither factors nor lengths of months change."""
    instants = {begin, end}
    times = {clock_time(None, 0)}
    for entry in entries:
        instants |= {entry["start"] or begin, entry["end"] or begin}
        times |= {clock_time(entry["from_time"], 0), clock_time(entry["until_time"], 24)}
    midnight = datetime(begin.year, begin.month, begin.day)
    while midnight < end:
        instants |= {midnight + time for time in times}
        midnight += timedelta(days=1)
    return sorted(instant for instant in instants if begin <= instant <= end)


def amount(rate: float | None, per: str, entries: list[Row], begin: datetime, end: datetime) -> float:
    """Return the integral of rate x factor over [begin, end).

    Without a rate there is no limit, unless the factor is 0 throughout.
    """
    total, opened = 0.0, False
    instants = steps(entries, begin, end)
    for left, right in pairwise(instants):
        open_share = factor(entries, left)
        first, last = period_of(left, per)
        total += (rate or 0.0) * open_share * ((right - left) / (last - first))
        opened |= open_share > 0
    if rate is None:
        return np.inf if opened else 0.0
    return total


def ramp(x: int) -> float:
    """Return half the square of the positive part."""
    return max(x, 0) ** 2 / 2


def sum_of_uniforms(z: int, a: int, b: int, c: int, d: int) -> float:
    """Return the probability that s + x < z with s uniform over [a, b) and x over [c, d)."""
    return (ramp(z - a - c) - ramp(z - b - c) - ramp(z - a - d) + ramp(z - b - d)) / ((b - a) * (d - c))


@dataclass
class Clock:
    """Bucket edges as dates and as seconds since the start."""

    dates: list[datetime]
    up: bool
    edges: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.edges = [self.at(date) for date in self.dates]

    @property
    def count(self) -> int:
        return len(self.dates) - 1

    @property
    def spans(self) -> list[tuple[int, int]]:
        return list(pairwise(self.edges))

    def at(self, date: datetime) -> int:
        return round((date - self.dates[0]).total_seconds())

    def holding(self, instant: int) -> int | None:
        """Return the bucket that contains an instant."""
        return next((u for u, (start, end) in enumerate(self.spans) if start <= instant < end), None)

    def is_open(self, t: int, first: datetime | None, last: datetime | None) -> bool:
        """Tell whether the start of bucket t lies in a window."""
        return (first is None or first <= self.dates[t]) and (last is None or self.dates[t] < last)

    def share(self, t: int, u: int, delay: int, *, taken: bool = False, lot: bool = False) -> float:
        """Return the share of bucket t's flow that arrives (or is taken) in bucket u; a lot arrives whole."""
        begin, end = (edge + delay for edge in self.spans[t])
        left, right = self.spans[u]
        if lot and not self.up:
            return float(left <= begin < right)
        if not self.up:
            return max(0, min(end, right) - max(begin, left)) / (end - begin)
        return float(left <= begin < right) if taken else float(left < end <= right)

    def load_share(self, t: int, u: int, first: int, last: int, *, lot: bool = False) -> float:
        """Return the share in u of a load over [s + first, s + last), s uniform over t; for a lot, the start of t."""
        (a, b), (left, right) = self.spans[t], self.spans[u]
        if lot:
            first, last = a + first, a + last
            if last <= first:
                return float(left <= first < right)
            return max(0, min(last, right) - max(first, left)) / (last - first)
        if last <= first:
            return max(0, min(b + first, right) - max(a + first, left)) / (b - a)
        return sum_of_uniforms(right, a, b, first, last) - sum_of_uniforms(left, a, b, first, last)
