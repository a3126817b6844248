"""Names the time buckets by their dates."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from .formats import day

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Timeline:
    """The buckets of the plan in words.

    Attributes
    ----------
    starts, ends : first instants of and after each bucket
    labels : full label, for tables and tooltips (`Mar 2027`, `3–9 Mar 2027`)
    noun : what one bucket is called (`month`, `week`, `period` where lengths are mixed)
    """

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    labels: tuple[str, ...]
    noun: str

    def __len__(self) -> int:
        """Return the number of buckets."""
        return len(self.starts)

    def holding(self, moment: datetime) -> int:
        """Return the bucket that holds an instant; the first (last) for instants before (after) the horizon."""
        return min(max(bisect_right(self.starts, moment) - 1, 0), len(self) - 1)

    def payload(self) -> dict[str, Any]:
        """Return what the page needs: labels and first days."""
        return {
            "labels": list(self.labels),
            "starts": [start.isoformat(timespec="minutes") for start in self.starts],
            "noun": self.noun,
        }


def _months(start: datetime, end: datetime) -> int:
    """Return how many whole calendar months the bucket is; 0 for none."""
    if (start.day, start.hour, start.minute) != (1, 0, 0) or (end.day, end.hour, end.minute) != (1, 0, 0):
        return 0
    return (end.year - start.year) * 12 + end.month - start.month


def label(start: datetime, end: datetime) -> str:
    """Return the label of one bucket."""
    months = _months(start, end)
    if months == 1:
        return f"{start:%b %Y}"
    if months == 3 and start.month % 3 == 1:
        return f"Q{start.month // 3 + 1} {start.year}"
    if end - start < timedelta(days=1) or start.hour or start.minute:
        return f"{day(start)} {start:%H:%M}" if not (start.hour or start.minute) else day(start)
    last = (end - SECOND).replace(hour=0, minute=0, second=0, microsecond=0)
    if last.date() == start.date():
        return day(start)
    if (last.year, last.month) == (start.year, start.month):
        return f"{start.day}–{last.day} {start:%b %Y}"
    if last.year == start.year:
        return f"{start.day} {start:%b}–{last.day} {last:%b %Y}"
    return f"{day(start)}–{day(last)}"


def _noun(start: datetime, end: datetime) -> str:
    months = _months(start, end)
    if months in (1, 3):
        return {1: "month", 3: "quarter"}[months]
    days = (end - start) / timedelta(days=1)
    return {1.0: "day", 7.0: "week"}.get(days, "hour" if days == 1 / 24 else "period")


def timeline(buckets: pl.DataFrame) -> Timeline:
    """Make the timeline from the result table `buckets`."""
    frame = buckets.sort("bucket")
    starts, ends = frame["start"].to_list(), frame["end"].to_list()
    nouns = {_noun(start, end) for start, end in zip(starts, ends, strict=True)}
    labels = tuple(label(start, end) for start, end in zip(starts, ends, strict=True))
    return Timeline(tuple(starts), tuple(ends), labels, nouns.pop() if len(nouns) == 1 else "period")
