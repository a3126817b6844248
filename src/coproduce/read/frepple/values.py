"""Reads numbers, durations, dates and switches of frePPLe, and collects what is wrong or cannot be represented."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite

from ...codes import problem
from ...errors import Problem
from ...tables import INPUT_TABLES
from .records import Record

_ISO = re.compile(
    r"^(-)?P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?"
    r"(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$"
)
_ISO_SECONDS = (365 * 86400, 365 * 7200, 7 * 86400, 86400, 3600, 60, 1)
_CLOCK = re.compile(r"^(?:(\d+)\s*(?:days?,?)?\s+)?(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?$")
_DATE = re.compile(
    r"^(\d{4})-(\d\d?)-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(AM|PM)?$", re.IGNORECASE
)
_FOREVER = datetime(2030, 12, 31)
_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no"}

DAY = 86400.0


def duration(text: str) -> float | None:
    """Return a duration in seconds: ISO 8601 (P1DT2H), seconds, or a clock (1 10:30:00); None if it is none of them."""
    iso = _ISO.match(text)
    if iso and text.strip("-") not in ("P", "PT"):
        try:
            parts = [float(part or 0) for part in iso.groups()[1:]]
        except ValueError:
            return None
        return (-1 if iso[1] else 1) * sum(part * unit for part, unit in zip(parts, _ISO_SECONDS, strict=True))
    clock = _CLOCK.match(text)
    if clock:
        days, hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        return days * DAY + hours * 3600 + minutes * 60 + seconds
    return number(text)


def number(text: str) -> float | None:
    """Return a finite number; None if the text is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def date(text: str) -> datetime | None:
    """Return a date with its time of day; None if the text is none."""
    match = _DATE.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    half = (match[7] or "").upper()
    hour = hour % 12 + 12 if half == "PM" and hour <= 12 else hour
    try:
        return datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)
    except (ValueError, OverflowError):
        return None


@dataclass
class Values:
    """Reads fields of records and keeps the problems met, each once."""

    problems: dict[Problem, None] = field(default_factory=dict)

    def _bad(self, record: Record, name: str, expected: str) -> None:
        seen = record.text(name)
        found = problem("E131", record.origin(name), f'"{seen}" is no {expected}', seen=seen, expected=expected)
        self.problems[found] = None

    def number(self, record: Record, name: str, default: float = 0.0, minimum: float | None = 0.0) -> float:
        """Return a number; `default` where it is not given."""
        if name not in record.fields:
            return default
        value = number(record.text(name))
        if value is None or (minimum is not None and value < minimum):
            self._bad(record, name, "number" if minimum is None else f"number from {minimum:g} on")
            return default
        return value

    def seconds(self, record: Record, name: str, default: float = 0.0) -> float:
        """Return a duration in seconds; `default` where it is not given."""
        if name not in record.fields:
            return default
        value = duration(record.text(name))
        if value is None or value < 0:
            self._bad(record, name, "duration, such as P1DT12H or a number of seconds")
            return default
        return value

    def days(self, record: Record, name: str, default: float = 0.0) -> float:
        """Return a duration in days; `default` where it is not given."""
        return self.seconds(record, name, default * DAY) / DAY

    def date(self, record: Record, name: str) -> datetime | None:
        """Return a date; None where it is not given or so far away that frePPLe means never."""
        if name not in record.fields:
            return None
        value = date(record.text(name))
        if value is None:
            self._bad(record, name, "date, such as 2026-03-01T06:00:00")
            return None
        return None if value >= _FOREVER or value.year < 1972 else value

    def flag(self, record: Record, name: str, default: bool = False) -> bool:
        """Return a switch; `default` where it is not given."""
        text = record.text(name).lower()
        if text and text not in _TRUE | _FALSE:
            self._bad(record, name, "true or false")
        return text in _TRUE if text in _TRUE | _FALSE else default

    def absent(self, record: Record, what: str, instead: str, name: str = "") -> None:
        """Say that something of frePPLe has no place in a programme, and what was done instead."""
        self.problems[problem("W551", record.origin(name), f"{what} is not represented; {instead}")] = None

    def otherwise(self, record: Record, message: str, name: str = "") -> None:
        """Say that something is represented in another way than frePPLe does."""
        self.problems[problem("W552", record.origin(name), message)] = None

    def left_out(self, record: Record, message: str, name: str = "") -> None:
        """Say that an entity is not taken over."""
        self.problems[problem("W553", record.origin(name), message)] = None


def honoured(table: str, column: str) -> bool:
    """Whether the planner uses a column; what it does not use is listed as not represented."""
    declared = INPUT_TABLES[table].columns.get(column)
    return declared is not None and declared.honoured
