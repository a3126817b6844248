"""How fast work goes on resources whose efficiency changes on dates: one pace after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .calendars import Entry, Pattern, value_at

MOST_PACES = 6
"""Most paces that are told apart; each becomes a process of its own."""

Window = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Pace:
    """What starts inside a window goes so many times faster than planned; 0 where nothing can be done."""

    window: Window
    speed: float


def steady(calendar: Pattern) -> bool:
    """Whether a calendar changes on dates alone, and not with the weekday or the time of day."""
    return all(entry == Entry(entry.value, entry.start, entry.end) for entry in calendar)


def paces(factors: Sequence[tuple[Pattern, float]], start: datetime) -> list[Pace]:
    """Return the paces from the start on of what goes as fast as the slowest of some resources lets it.

    Parameters
    ----------
    factors : calendar of each resource's efficiency, and what it is multiplied by
    """
    dates = {date for calendar, _ in factors for entry in calendar for date in (entry.start, entry.end)}
    edges = [start, *sorted(date for date in dates if date is not None and date > start)]
    found: list[tuple[datetime, float]] = []
    for edge in edges:
        now = min((share * value_at(calendar, edge) for calendar, share in factors), default=1.0)
        if not found or found[-1][1] != now:
            found.append((edge, now))
    begins: list[datetime | None] = [None, *(edge for edge, _ in found[1:])]
    ends: list[datetime | None] = [*(edge for edge, _ in found[1:]), None]
    return [Pace((begin, end), now) for begin, end, (_, now) in zip(begins, ends, found, strict=True)]


def meet(one: Window, other: Window) -> bool:
    """Whether two windows have an instant in common."""
    starts = [start for start, _ in (one, other) if start is not None]
    ends = [end for _, end in (one, other) if end is not None]
    return max(starts, default=datetime.min) < min(ends, default=datetime.max)
