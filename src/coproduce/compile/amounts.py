"""Capacities, limits and rates per bucket: a rate per period times a calendar, integrated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import DAY, NEVER, CalendarEntry, Cumulative, Floats, Timeline, cumulative
from ..tables import Tables


def _time_of_day(text: str | None, empty: int) -> int:
    if text is None:
        return empty
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def calendar_entries(tables: Tables, timeline: Timeline) -> dict[str, list[CalendarEntry]]:
    """Return the entries of each calendar in the order of the table."""
    frame = tables["calendars"]
    starts = timeline.seconds_of(frame["start"], -NEVER)
    ends = timeline.seconds_of(frame["end"], NEVER)
    entries: dict[str, list[CalendarEntry]] = {}
    for row, start, end in zip(frame.iter_rows(named=True), starts, ends, strict=True):
        entries.setdefault(row["calendar"], []).append(
            CalendarEntry(
                start=int(start),
                end=int(end),
                factor=row["factor"],
                priority=row["priority"],
                weekdays=tuple(int(day) - 1 for day in row["weekdays"] or "1234567"),
                from_second=_time_of_day(row["from_time"], 0),
                until_second=_time_of_day(row["until_time"], DAY),
            )
        )
    return entries


class Integrals:
    """Integrals per period and calendar, each computed once."""

    def __init__(self, tables: Tables, timeline: Timeline) -> None:
        self._timeline = timeline
        self._entries = calendar_entries(tables, timeline)
        self._known: dict[tuple[str, str | None], Cumulative] = {}

    def of(self, per: str, calendar: str | None) -> Cumulative:
        """Return the cumulative amount of one unit per period under a calendar."""
        if (per, calendar) not in self._known:
            entries = self._entries.get(calendar, []) if calendar else []
            self._known[per, calendar] = cumulative(self._timeline, per, entries)
        return self._known[per, calendar]


def amounts(timeline: Timeline, integrals: Integrals, per: pl.Series, calendar: pl.Series, limit: Floats) -> Floats:
    """Return (row, bucket) amounts of `limit` per period under a calendar.

    An infinite limit stays infinite, but is 0 in buckets that its calendar closes altogether.
    """
    result = np.empty((len(limit), timeline.count))
    kinds = pl.DataFrame({"per": per, "calendar": calendar}).with_row_index("row")
    for (one_per, one_calendar), group in kinds.group_by("per", "calendar", maintain_order=True):
        calendar_id = None if one_calendar is None else str(one_calendar)
        base = integrals.of(str(one_per), calendar_id).between(timeline.edges[:-1], timeline.edges[1:])
        rows = group["row"].to_numpy()
        with np.errstate(invalid="ignore"):
            result[rows] = np.where(base > 0, limit[rows, None] * base, 0.0)
    return result


Steps = tuple[tuple[int, float], ...]
"""Seconds after the opening, and the share that is added then."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When something opens: `counted` is the instant a ramp counts from, [first, until) the time in which it is open."""

    counted: int
    first: int
    until: int


def ramp_steps(tables: Tables) -> Callable[[str | None], Steps]:
    """Return what gives the steps of a ramp by its name; without a ramp all is there at once."""
    found: dict[str, Steps] = {}
    for (name,), rows in tables["ramps"].sort("ramp", "after_days").group_by("ramp", maintain_order=True):
        gains = np.diff(rows["factor"].to_numpy(), prepend=0.0)
        found[str(name)] = tuple(zip((rows["after_days"].to_numpy() * DAY).tolist(), gains.tolist(), strict=True))
    return lambda name: ((0, 1.0),) if name is None else found[name]


def stepped(timeline: Timeline, integral: Cumulative, steps: Steps, opening: Opening) -> Floats:
    """Return (bucket,) the amount of one unit of rate that a ramp lets through; exact, step by step."""
    total = np.zeros(timeline.count)
    for after, gain in steps:
        first = min(max(opening.counted + after, opening.first), opening.until)
        begin, end = (np.clip(side, first, opening.until) for side in (timeline.edges[:-1], timeline.edges[1:]))
        total += gain * integral.between(begin, end)
    return total


def ramped_rates(tables: Tables, timeline: Timeline, integrals: Integrals, result: Floats) -> Floats:
    """Return (process, bucket) the most runs, with ramps counted from `start_from`, or from the start without one."""
    frame, result = tables["processes"], result.copy()
    opens, steps = timeline.seconds_of(frame["start_from"], 0), ramp_steps(tables)
    for row in frame["ramp"].is_not_null().arg_true().to_list():
        integral = integrals.of(frame["rate_per"][row], frame["calendar"][row])
        opening = Opening(int(opens[row]), int(opens[row]), NEVER)
        limit = frame["rate_limit"][row]
        with np.errstate(invalid="ignore"):
            unit = stepped(timeline, integral, steps(frame["ramp"][row]), opening)
            result[row] = np.where(unit > 0, unit * (np.inf if limit is None else limit), 0.0)
    return result


def windowed_amounts(
    tables: Tables, timeline: Timeline, integrals: Integrals, frame: pl.DataFrame, limit: Floats
) -> Floats:
    """Return (row, bucket) amounts of resources, each only inside its availability window and by its ramp."""
    result = amounts(timeline, integrals, frame["capacity_per"], frame["calendar"], limit)
    starts = timeline.seconds_of(frame["available_from"], -NEVER)
    ends = timeline.seconds_of(frame["available_until"], NEVER)
    pers, calendars = frame["capacity_per"].to_list(), frame["calendar"].to_list()
    steps, ramps = ramp_steps(tables), frame["ramp"].to_list()
    ramped = frame["ramp"].is_not_null().to_numpy()
    for row in np.flatnonzero((starts > 0) | (ends < timeline.horizon) | ramped):
        # Without a date of its own a ramp counts from the start of the programme.
        counted = int(starts[row]) if starts[row] != -NEVER else 0
        opening = Opening(counted, int(starts[row]), int(ends[row]))
        result[row] = limit[row] * stepped(
            timeline, integrals.of(pers[row], calendars[row]), steps(ramps[row]), opening
        )
    return result
