"""Amounts per bucket: a rate per period times the factor of a calendar, summed piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from .arrays import Bools, Floats, Ints
from .clock import ALWAYS, DAY, NEVER, Clock, period_starts

_FIXED_SECONDS = {"hour": 3_600, "day": DAY, "week": 7 * DAY}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of a calendar; times in seconds since the start of the programme or since midnight."""

    start: int
    end: int
    factor: float
    priority: int
    weekdays: tuple[int, ...]
    from_time: int
    until_time: int

    @property
    def daily(self) -> bool:
        """Whether the entry depends on the weekday or the time of day."""
        return bool(self.weekdays) or self.from_time > 0 or self.until_time < DAY

    def holds(self, instants: Ints, time: Ints, weekday: Ints) -> Bools:
        """Tell at which instants the entry is in force, given their time of day and weekday (1 = Monday)."""
        today, yesterday = self._named(weekday), self._named((weekday + 5) % 7 + 1)
        if self.until_time > self.from_time:
            open_now = today & (time >= self.from_time) & (time < self.until_time)
        else:
            # Over midnight: the evening belongs to its own day, the morning to the day before.
            open_now = (today & (time >= self.from_time)) | (yesterday & (time < self.until_time))
        return open_now & (instants >= self.start) & (instants < self.end)

    def _named(self, weekday: Ints) -> Bools:
        return np.isin(weekday, self.weekdays) if self.weekdays else np.ones(len(weekday), dtype=bool)


def _time_of_day(text: str | None, empty: int) -> int:
    if not text:
        return empty
    hours, minutes = text.split(":")
    return int(hours) * 3_600 + int(minutes) * 60


def _entries(clock: Clock, calendars: pl.DataFrame) -> dict[str, list[_Entry]]:
    starts = clock.seconds(calendars["start"], ALWAYS)
    ends = clock.seconds(calendars["end"], NEVER)
    found: dict[str, list[_Entry]] = {}
    for at, row in enumerate(calendars.iter_rows(named=True)):
        entry = _Entry(
            start=int(starts[at]),
            end=int(ends[at]),
            factor=row["factor"],
            priority=row["priority"],
            weekdays=tuple(int(day) for day in row["weekdays"] or ""),
            from_time=_time_of_day(row["from_time"], 0),
            until_time=_time_of_day(row["until_time"], DAY),
        )
        found.setdefault(row["calendar"], []).append(entry)
    return found


class Rates:
    """Integrals over time of one unit of rate, under any calendar.

    The horizon is cut wherever a calendar period, an entry or a time of day begins or ends; rate and factor
    are constant on every piece, so the sum over pieces is exact.
    """

    def __init__(self, clock: Clock, calendars: pl.DataFrame) -> None:
        self._clock = clock
        self._entries: Mapping[str, list[_Entry]] = _entries(clock, calendars)
        self._sums: dict[tuple[str, str], tuple[Ints, Floats]] = {}

    def between(self, calendar: str | None, per: str, begin: Ints, end: Ints) -> Floats:
        """Return the integral of factor / length of the period from `begin` to `end` (seconds, any shape)."""
        instants, cumulated = self._cumulated(calendar or "", per)
        return np.interp(end, instants, cumulated) - np.interp(begin, instants, cumulated)

    def _cumulated(self, calendar: str, per: str) -> tuple[Ints, Floats]:
        if (calendar, per) not in self._sums:
            instants = self._cuts(calendar, per)
            begin, length = instants[:-1], np.diff(instants)
            piece = self._factor(calendar, begin) * length / self._period_seconds(per, begin)
            self._sums[calendar, per] = instants, np.concatenate([[0.0], np.cumsum(piece)])
        return self._sums[calendar, per]

    def _cuts(self, calendar: str, per: str) -> Ints:
        entries = self._entries.get(calendar, [])
        cuts = [self._clock.edges, self._periods(per)]
        cuts += [np.array([entry.start, entry.end], np.int64) for entry in entries]
        times = {time for entry in entries if entry.daily for time in (0, entry.from_time, entry.until_time)}
        midnights = self._midnights()
        cuts += [midnights + time for time in sorted(times)]
        return np.unique(np.clip(np.concatenate(cuts), 0, self._clock.horizon))

    def _midnight_offset(self) -> int:
        """Seconds from midnight to the start of the programme."""
        start = self._clock.start
        return start.hour * 3_600 + start.minute * 60 + start.second

    def _midnights(self) -> Ints:
        return np.arange(-self._midnight_offset(), self._clock.horizon + DAY, DAY, dtype=np.int64)

    def _periods(self, per: str) -> Ints:
        if per in _FIXED_SECONDS:
            return np.empty(0, np.int64)
        clock = self._clock
        starts = period_starts(clock.start, clock.moment(clock.horizon), per)
        return clock.seconds(pl.Series(starts, dtype=pl.Datetime("us")), 0)

    def _period_seconds(self, per: str, instants: Ints) -> Floats:
        if per in _FIXED_SECONDS:
            return np.full(len(instants), float(_FIXED_SECONDS[per]))
        starts = self._periods(per)
        at = np.searchsorted(starts, instants, side="right") - 1
        return np.diff(starts)[at].astype(np.float64)

    def _factor(self, calendar: str, instants: Ints) -> Floats:
        since_midnight = instants + self._midnight_offset()
        time, day = since_midnight % DAY, since_midnight // DAY
        weekday = (day + self._clock.start.weekday()) % 7 + 1
        factor = np.ones(len(instants))
        entries = self._entries.get(calendar, [])
        # The entry that counts most is written last: lowest priority number, among equals the first row.
        for at in sorted(range(len(entries)), key=lambda at: (-entries[at].priority, -at)):
            factor[entries[at].holds(instants, time, weekday)] = entries[at].factor
        return factor


def amounts(
    rates: Rates,
    clock: Clock,
    rate: Floats,
    per: pl.Series,
    calendar: pl.Series,
    window: tuple[Ints, Ints] | None = None,
) -> Floats:
    """Return the amount of every row in every bucket.

    Parameters
    ----------
    rate : (rows,) amount per period; NaN where there is no limit
    per, calendar : (rows,) the period and the calendar (empty: none) of each row
    window : first instant and first instant after the time in which the rate holds, (rows,) each

    Returns
    -------
    (rows, buckets); infinite where a row has no rate, but 0 where its calendar closes the whole bucket
    """
    result = np.empty((len(rate), clock.count))
    begin, end = (np.broadcast_to(side, result.shape) for side in (clock.edges[:-1], clock.edges[1:]))
    if window is not None:
        begin = np.maximum(begin, window[0][:, None])
        end = np.maximum(np.minimum(end, window[1][:, None]), begin)
    groups = pl.DataFrame({"per": per, "calendar": calendar}).with_row_index("row")
    for key, rows in groups.group_by("per", "calendar"):
        at = rows["row"].to_numpy().astype(np.int64)
        unit = rates.between(key[1], key[0], begin[at], end[at])
        limited = ~np.isnan(rate[at])[:, None]
        free = np.where(unit > 0, np.inf, 0.0)
        result[at] = np.where(limited, np.where(limited, rate[at][:, None], 0.0) * unit, free)
    return result
