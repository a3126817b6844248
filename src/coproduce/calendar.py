"""The only place where dates become times: bucket edges, lead-time shares, integrals of rates over calendars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

HOUR = 3600
DAY = 86400
WEEK = 7 * DAY
_FIXED = {"hour": HOUR, "day": DAY, "week": WEEK}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
NEVER = 2**60  # exact as a float, so that an empty date survives a detour over floats


def _months_later(moment: datetime, months: int) -> datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    return moment.replace(year=moment.year + years, month=month + 1)


def _bucket_edges(start: datetime, buckets: str) -> list[datetime]:
    edges = [start]
    longest = 0.0
    for count, unit in re.findall(r"(\d+)\s*(hour|day|week|month|quarter)", buckets):
        if unit in _MONTHS and edges[-1].day != 1:
            raise ValueError(
                f"{unit}s must begin on the first day of a month, but here they would begin on {edges[-1]:%Y-%m-%d}"
            )
        length = _FIXED.get(unit, 30 * DAY * _MONTHS.get(unit, 0))
        if length < longest:
            raise ValueError(f"buckets must be fine first: {unit}s come after longer buckets")
        longest = length
        for _ in range(int(count)):
            last = edges[-1]
            step = _months_later(last, _MONTHS[unit]) if unit in _MONTHS else last + timedelta(seconds=_FIXED[unit])
            edges.append(step)
    return edges


@dataclass(frozen=True)
class Timeline:
    """The time buckets of a programme.

    Attributes
    ----------
    start : first instant of the horizon
    edges : (bucket + 1,) seconds since the start; bucket t is [edges[t], edges[t + 1])
    """

    start: datetime
    edges: Ints

    @classmethod
    def build(cls, start: datetime, buckets: str) -> Timeline:
        """Cut the horizon into buckets.

        Raises
        ------
        ValueError
            if months or quarters would not begin on the first of a month, or buckets are not fine first.
        """
        try:
            moments = _bucket_edges(start, buckets)
        except OverflowError:
            raise ValueError("the horizon ends after the year 9999") from None
        except ValueError as problem:
            if "year" in str(problem):
                raise ValueError("the horizon ends after the year 9999") from None
            raise
        return cls(start, np.array([round((m - start).total_seconds()) for m in moments], dtype=np.int64))

    @property
    def count(self) -> int:
        """Number of buckets."""
        return len(self.edges) - 1

    @property
    def horizon(self) -> int:
        """Length of the horizon in seconds."""
        return int(self.edges[-1])

    @property
    def days(self) -> Floats:
        """(bucket,) lengths in days."""
        return np.diff(self.edges) / DAY

    def seconds(self, moment: datetime) -> int:
        """Return a date as seconds since the start."""
        return round((moment - self.start).total_seconds())

    def seconds_of(self, dates: pl.Series, empty: int) -> Ints:
        """Return a column of dates as seconds since the start; `empty` stands for empty cells."""
        micros = dates.cast(pl.Datetime("us")).cast(pl.Int64).to_numpy().astype(np.float64)
        origin = (self.start - datetime(1970, 1, 1)).total_seconds()
        seconds = np.where(np.isnan(micros), empty, np.rint(micros / 1e6) - origin)
        return seconds.astype(np.int64)

    def moment(self, seconds: int) -> datetime:
        """Return a time as a date."""
        return self.start + timedelta(seconds=int(seconds))

    def bucket_of(self, seconds: Ints) -> Ints:
        """Return the bucket that contains each time: -1 before the start, `count` from the end on."""
        return np.searchsorted(self.edges, seconds, side="right").astype(np.int64) - 1

    def first_open(self, seconds: Ints) -> Ints:
        """Return the first bucket whose start is at or after each time (for windows, which test the start)."""
        return np.searchsorted(self.edges[:-1], seconds, side="left").astype(np.int64)


@dataclass(frozen=True)
class Shares:
    """What arrives in which bucket, for several patterns at once (compressed rows).

    Row `pattern * count + t` lists the buckets that a unit leaving in bucket t reaches.

    Attributes
    ----------
    start : (pattern * bucket + 1,) first entry of each row
    bucket, share : (entry,) bucket reached and share that falls there
    first, last : (pattern, bucket) first and last bucket reached; `count` where that is after the horizon
    """

    count: int
    start: Ints
    bucket: Ints
    share: Floats
    first: Ints
    last: Ints


def _compress(count: int, low: Ints, high: Ints) -> tuple[Ints, Ints, Ints]:
    """Return row starts, the row of each entry and its bucket for ranges [low, high] clipped to the horizon."""
    sizes = np.maximum(np.minimum(high, count - 1) - low + 1, 0).ravel()
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    row = np.repeat(np.arange(sizes.size), sizes)
    bucket = low.ravel()[row] + np.arange(start[-1]) - start[row]
    return start, row, bucket


SPREAD, FIRST, LAST = 0, 1, 2


def lead_shares(timeline: Timeline, leads: Ints, modes: Ints) -> Shares:
    """Return where flows uniform in a bucket arrive after a lead time.

    Parameters
    ----------
    leads : (pattern,) lead times in seconds, not negative
    modes : (pattern,) SPREAD over the buckets reached, or whole in the FIRST or the LAST of them
    """
    edges, count = timeline.edges, timeline.count
    begin = edges[None, :-1] + leads[:, None]
    end = edges[None, 1:] + leads[:, None]
    mode = modes[:, None]
    earliest = np.searchsorted(edges, begin, side="right").astype(np.int64) - 1
    latest = np.searchsorted(edges, end, side="left").astype(np.int64) - 1
    first = np.where(mode == LAST, latest, earliest)
    last = np.where(mode == FIRST, earliest, latest)
    start, row, bucket = _compress(count, first, last)
    overlap = np.minimum(end.ravel()[row], edges[bucket + 1]) - np.maximum(begin.ravel()[row], edges[bucket])
    spread = overlap / np.tile(np.diff(edges), len(leads))[row]
    share = np.where(np.repeat(modes, count)[row] == SPREAD, spread, 1.0)
    return Shares(count, start, bucket, share, np.minimum(first, count), np.minimum(last, count))


def load_shares(timeline: Timeline, begins: Ints, ends: Ints, together: npt.NDArray[np.bool_] | None = None) -> Shares:
    """Return where loads fall that are spread over [begin, end) after a start uniform in a bucket.

    The share of a bucket is a difference of the distribution function of the sum of two uniform variables.

    Parameters
    ----------
    begins, ends : (pattern,) seconds after the start of the run; an empty interval falls at its beginning
    together : (pattern,) whether all runs of a bucket start at its beginning, as those of a lot do
    """
    edges, count = timeline.edges, timeline.count
    if together is None:
        together = np.zeros(len(begins), dtype=bool)
    low = edges[None, :-1] + begins[:, None]
    # The starts of a lot fill no time; a second stands for the instant at which an empty interval falls.
    last_start = np.where(together[:, None], edges[None, :-1] + (ends <= begins)[:, None], edges[None, 1:])
    high = last_start + np.maximum(ends, begins)[:, None]
    first = np.searchsorted(edges, low, side="right").astype(np.int64) - 1
    last = np.searchsorted(edges, high, side="left").astype(np.int64) - 1
    start, row, bucket = _compress(count, first, last)
    origin = low.ravel()[row]
    width = (last_start - edges[None, :-1]).ravel()[row].astype(np.float64)
    spread = np.repeat(np.maximum(ends - begins, 0), count)[row].astype(np.float64)
    share = _sum_of_uniforms(edges[bucket + 1] - origin, width, spread) - _sum_of_uniforms(
        edges[bucket] - origin, width, spread
    )
    return Shares(count, start, bucket, share, np.minimum(first, count), np.minimum(last, count))


def _sum_of_uniforms(x: Ints, a: Floats, b: Floats) -> Floats:
    """Return P(U[0, a] + U[0, b] <= x); b may be 0."""
    z = np.clip(x.astype(np.float64), 0.0, a + b)
    wide, narrow = np.maximum(a, b), np.minimum(a, b)
    safe = np.where(narrow > 0, narrow, 1.0)
    rising = z * z / (2 * wide * safe)
    middle = (z - narrow / 2) / wide
    falling = 1 - (a + b - z) ** 2 / (2 * wide * safe)
    return np.where(z < narrow, rising, np.where(z <= wide, middle, falling)) * (z > 0)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry of a calendar, in seconds; weekdays count from 0 = Monday."""

    start: int
    end: int
    factor: float
    priority: int
    weekdays: tuple[int, ...]
    from_second: int
    until_second: int

    @property
    def recurs(self) -> bool:
        """Whether the entry holds on some days or at some hours only."""
        return len(self.weekdays) < 7 or self.from_second > 0 or self.until_second < DAY

    def holds(self, x: Floats, day: Ints, second: Floats) -> npt.NDArray[np.bool_]:
        """Return whether the entry is in force at instants `x`, given their weekday and second of the day."""
        listed = np.isin(day, self.weekdays)
        if self.until_second > self.from_second:
            timely = listed & (second >= self.from_second) & (second < self.until_second)
        else:
            day_before = np.isin((day - 1) % 7, self.weekdays)
            timely = (listed & (second >= self.from_second)) | (day_before & (second < self.until_second))
        result: npt.NDArray[np.bool_] = timely & (x >= self.start) & (x < self.end)
        return result


@dataclass(frozen=True)
class Cumulative:
    """A piecewise linear cumulative amount over the horizon, per unit of rate."""

    points: Floats
    values: Floats

    def between(self, begin: npt.ArrayLike, end: npt.ArrayLike) -> Floats:
        """Return the amount that falls in [begin, end), seconds; 0 where that is empty."""
        low = np.interp(np.asarray(begin, dtype=np.float64), self.points, self.values)
        high = np.interp(np.asarray(end, dtype=np.float64), self.points, self.values)
        return np.maximum(high - low, 0.0)


def _period_starts(timeline: Timeline, months: int) -> list[datetime]:
    """Return the starts of calendar periods from the one that holds the start to the first after the end."""
    first = timeline.start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    first = first.replace(month=(first.month - 1) // months * months + 1)
    starts = [first]
    while timeline.seconds(starts[-1]) < timeline.horizon:
        starts.append(_months_later(starts[-1], months))
    return starts


def cumulative(timeline: Timeline, per: str, entries: Sequence[CalendarEntry] = ()) -> Cumulative:
    """Integrate a rate of one unit `per` period, times the calendar's factor, over the horizon."""
    if per in _FIXED:
        periods = np.array([0.0, timeline.horizon])
        counts = periods / _FIXED[per]
    else:
        starts = _period_starts(timeline, _MONTHS[per])
        periods = np.array([timeline.seconds(moment) for moment in starts], dtype=np.float64)
        counts = np.arange(len(starts), dtype=np.float64)
    points = _breakpoints(timeline, periods, entries)
    amount = np.diff(np.interp(points, periods, counts)) * _factors(timeline, points, entries)
    return Cumulative(points, np.concatenate([[0.0], np.cumsum(amount)]))


def _breakpoints(timeline: Timeline, periods: Floats, entries: Sequence[CalendarEntry]) -> Floats:
    marks = [periods, np.array([0.0, timeline.horizon])]
    marks += [np.array([entry.start, entry.end], dtype=np.float64) for entry in entries]
    recurring = [entry for entry in entries if entry.recurs]
    if recurring:
        midnight = -timeline.seconds(timeline.start.replace(hour=0, minute=0, second=0, microsecond=0))
        days = np.arange(-1, timeline.horizon // DAY + 2, dtype=np.float64) * DAY - midnight
        marks.append(days)
        for entry in recurring:
            marks += [days + entry.from_second, days + entry.until_second]
    points = np.unique(np.concatenate(marks))
    return points[(points >= 0) & (points <= timeline.horizon)]


def _factors(timeline: Timeline, points: Floats, entries: Sequence[CalendarEntry]) -> Floats:
    """Return the factor in force between neighbouring breakpoints."""
    middle = (points[:-1] + points[1:]) / 2
    start = timeline.start
    since_midnight = middle + (start.hour * HOUR + start.minute * 60 + start.second)
    day = (np.floor(since_midnight / DAY).astype(np.int64) + start.weekday()) % 7
    second = np.mod(since_midnight, DAY)
    factor = np.ones(len(middle))
    # The last write wins: entries are written from the weakest to the strongest, of equals the first row last.
    for _, entry in sorted(enumerate(entries), key=lambda pair: (-pair[1].priority, -pair[0])):
        factor[entry.holds(middle, day, second)] = entry.factor
    return factor
