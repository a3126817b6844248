"""Calendars of frePPLe as ordered entries, and the product of several of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from .records import Record, Store
from .values import DAY, Values

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = frozenset(range(1, 8))
_MINUTES = 1440
# Dates of a calendar from which its values are sampled.
_DATES = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in force between two dates, on some weekdays (1 = Monday), between two minutes of the day."""

    value: float
    start: datetime | None = None
    end: datetime | None = None
    weekdays: frozenset[int] = _WEEK
    first_minute: int = 0
    last_minute: int = _MINUTES

    def holds(self, at: datetime) -> bool:
        """Whether the entry is in force at an instant."""
        minute = at.hour * 60 + at.minute
        return (
            (self.start is None or self.start <= at)
            and (self.end is None or at < self.end)
            and at.isoweekday() in self.weekdays
            and self.first_minute <= minute < self.last_minute
        )

    @property
    def empty(self) -> bool:
        """Whether the entry is never in force."""
        reversed_dates = self.start is not None and self.end is not None and self.start >= self.end
        return reversed_dates or not self.weekdays or self.first_minute >= self.last_minute


Pattern = tuple[Entry, ...]
"""Entries by precedence: the first in force holds. The last one is always in force."""


def constant(value: float) -> Pattern:
    """Return a calendar that never changes."""
    return (Entry(value),)


def pattern(store: Store, name: str, lines: Iterable[Record], values: Values) -> Pattern:
    """Return a calendar from its entries; the lowest priority number holds, among equals the entry that starts last."""
    about = store.get("calendar", name)
    entries = [(values.number(each, "priority", 0.0, None), each, _entry(each, values)) for each in lines]
    early = datetime.min
    entries.sort(key=lambda each: (each[0], -((each[2].start or early) - early).total_seconds()))
    default = Entry(values.number(about, "defaultvalue", 0.0, None) if about is not None else 0.0)
    return (*(entry for _, _, entry in entries if not entry.empty), default)


def _entry(record: Record, values: Values) -> Entry:
    from_seconds = values.seconds(record, "starttime", 0.0)
    until_seconds = values.seconds(record, "endtime", DAY)
    # Databases and workbooks give the last second that belongs to the entry.
    until = min(_MINUTES, round((until_seconds + 1) // 60 if until_seconds % 60 == 59 else until_seconds // 60))
    return Entry(
        values.number(record, "value", 0.0, None),
        values.date(record, "start"),
        values.date(record, "end"),
        _weekdays(record, values),
        int(from_seconds // 60),
        until or _MINUTES,
    )


def _weekdays(record: Record, values: Values) -> frozenset[int]:
    if "days" in record.fields:
        # Bit 0 is Sunday.
        bits = int(values.number(record, "days", 127.0))
        return frozenset((bit - 1) % 7 + 1 for bit in range(7) if bits >> bit & 1)
    return frozenset(day for day, name in enumerate(_WEEKDAYS, 1) if values.flag(record, name, True))


def product(factors: Iterable[Pattern]) -> Pattern:
    """Return the calendar whose value is the product; as entries are by precedence, so are their pairs."""
    result = constant(1.0)
    for factor in factors:
        pairs = [_both(one, other) for one in result for other in factor]
        result = tuple(_reachable([pair for pair in pairs if not pair.empty]))
    return result


def _reachable(entries: Sequence[Entry]) -> list[Entry]:
    """Drop what stands after an entry that is always in force, or repeats an earlier one."""
    kept: list[Entry] = []
    for entry in entries:
        kept.append(entry)
        if entry == Entry(entry.value):
            break
    return kept


def _both(one: Entry, other: Entry) -> Entry:
    starts = [start for start in (one.start, other.start) if start is not None]
    ends = [end for end in (one.end, other.end) if end is not None]
    return Entry(
        one.value * other.value,
        max(starts, default=None),
        min(ends, default=None),
        one.weekdays & other.weekdays,
        max(one.first_minute, other.first_minute),
        min(one.last_minute, other.last_minute),
    )


def value_at(calendar: Pattern, at: datetime) -> float:
    """Return the value in force at an instant."""
    return next(entry.value for entry in calendar if entry.holds(at))


def mean(calendar: Pattern, start: datetime, days: int = 56) -> float:
    """Return the mean value over some days from a date on, sampled every half hour."""
    if len(calendar) == 1:
        return calendar[0].value
    instants = [start + timedelta(minutes=30 * step) for step in range(days * 48)]
    return sum(value_at(calendar, at) for at in instants) / len(instants)


def most(calendar: Pattern, start: datetime, hours: float, days: int = 28) -> float:
    """Return the highest mean over buckets of some hours, sampled every half hour from the start and later dates."""
    if len(calendar) == 1:
        return calendar[0].value
    width = max(1, round(hours * 2))
    later = sorted({entry.start for entry in calendar if entry.start is not None and entry.start > start})
    return max(_highest(calendar, at.replace(minute=0), width, days) for at in (start, *later[:_DATES]))


def _highest(calendar: Pattern, start: datetime, width: int, days: int) -> float:
    values = [value_at(calendar, start + timedelta(minutes=30 * step)) for step in range(days * 48)]
    return max(sum(values[at : at + width]) / width for at in range(0, len(values) - width + 1, width))


def closes(calendar: Pattern) -> bool:
    """Whether the value may be 0."""
    return any(entry.value <= 0 for entry in calendar)


def scaled(calendar: Pattern, by: float) -> Pattern:
    """Return the calendar with every value multiplied."""
    return product([calendar, constant(by)])


def per_day(calendar: Pattern, unlimited: float = 0.0) -> Pattern:
    """Turn amounts for whole entries into amounts a day; an entry without beginning or end counts `unlimited`."""
    return tuple(_spread(entry, unlimited) for entry in calendar)


def _spread(entry: Entry, unlimited: float) -> Entry:
    if entry.start is None or entry.end is None:
        return Entry(unlimited, entry.start, entry.end)
    days = (entry.end - entry.start).total_seconds() / DAY
    return Entry(entry.value / days, entry.start, entry.end)


def rows(name: str, calendar: Pattern) -> list[dict[str, object]]:
    """Return the rows of the table calendars."""
    return [
        {
            "calendar": name,
            "start": entry.start,
            "end": entry.end,
            "factor": entry.value,
            "priority": place,
            "weekdays": "".join(map(str, sorted(entry.weekdays))) if entry.weekdays != _WEEK else None,
            "from_time": _clock(entry.first_minute) if entry.first_minute else None,
            "until_time": _clock(entry.last_minute) if entry.last_minute < _MINUTES else None,
        }
        for place, entry in enumerate(calendar)
    ]


def _clock(minute: int) -> str:
    return time(minute // 60, minute % 60).isoformat("minutes")
