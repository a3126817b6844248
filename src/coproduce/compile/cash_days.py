"""Compiles what activities owe on which days: work on the last day of a bucket, orders and options from the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ..calendar import DAY, Floats, Ints, Timeline
from ..cash import Days, Owed
from ..money.dated import Dated
from ..money.days import LAST, day, later
from ..money.terms import AT_ORDER, Part, Terms, last_day
from ..tables import Tables


class Calendar:
    """Collects the days on which something can be owed, and numbers them as they come."""

    def __init__(self, timeline: Timeline) -> None:
        moments = [timeline.moment(int(edge)) for edge in timeline.edges]
        self.timeline, self.number = timeline, dict[datetime, int]()
        self.first = np.array([self.at(day(one)) for one in moments[:-1]], dtype=np.int64)
        self.last = np.array([self.at(last_day(one)) for one in moments[1:]], dtype=np.int64)

    def at(self, moment: datetime) -> int:
        """Return the number of a day."""
        return self.number.setdefault(moment, len(self.number))

    def days(self) -> Days:
        """Return the days by bucket; those outside the horizon belong to the first or last one."""
        moments = list(self.number)
        date = np.array([one.toordinal() for one in moments], dtype=np.int64)
        begin = self.timeline.start
        since = np.array([(one - begin).total_seconds() for one in moments]).astype(np.int64)
        bucket = np.clip(self.timeline.bucket_of(since), 0, self.timeline.count - 1)
        order = np.lexsort((date, bucket))
        rank = np.arange(len(order)) - np.searchsorted(bucket[order], bucket[order])
        place = np.zeros(len(order), dtype=np.int64)
        place[order] = rank
        return Days(bucket, place, date, int(place.max()) + 1, self.first, self.last)


@dataclass(frozen=True)
class Work:
    """What makes the costs of activities fall on days."""

    tables: Tables
    timeline: Timeline
    rates: Dated
    indices: Dated
    terms: Terms
    calendar: Calendar

    @property
    def firsts(self) -> list[datetime]:
        """First day of every bucket."""
        return [day(self.timeline.moment(int(edge))) for edge in self.timeline.edges[:-1]]

    @property
    def lasts(self) -> list[datetime]:
        """Last day of every bucket."""
        return [last_day(self.timeline.moment(int(edge))) for edge in self.timeline.edges[1:]]

    def change(self, currency: str | None, paid: datetime) -> float:
        """Return what a unit of currency is worth on a day against the start."""
        return self.rates.change(currency, self.tables.programme.start, paid)

    def owed(self) -> Owed:
        """Return what activities owe."""
        supplies, options = (enumerate(self.tables[name].iter_rows(named=True)) for name in ("supplies", "options"))
        return Owed(
            self._by_bucket("processes"),
            self._by_bucket("resources"),
            self._by_bucket("lanes"),
            self._by_bucket("stocks"),
            *_columns([part for at, row in supplies for part in self._order(at, row)]),
            *_columns([part for at, row in options for part in self._bought(at, row)]),
        )

    def nothing(self) -> Owed:
        """Return the arrays where nobody waits."""
        none = np.zeros((0, self.timeline.count))
        return Owed(none, none, none, none, *_columns([]), *_columns([]))

    def _by_bucket(self, table: str) -> Floats:
        """Return (row, bucket) the exchange of what is owed on the last day of the bucket."""
        currencies = self.tables[table]["currency"].to_list()
        found = {name: [self.change(name, on) for on in self.lasts] for name in dict.fromkeys(currencies)}
        return np.array([found[name] for name in currencies]).reshape(len(currencies), self.timeline.count)

    def _order(self, at: int, row: Mapping[str, Any]) -> list[tuple[int, int, int, float]]:
        name, base = row["payment_terms"], row["index_base"] or self.tables.programme.start
        parts: Sequence[Part] = AT_ORDER if name is None else self.terms[name]
        found = []
        for bucket, first in enumerate(self.firsts):
            arrival = later(first, row["lead_days"])
            for part in parts:
                arises = part.fixed or (arrival if part.event == "delivery" else first)
                paid = min(part.paid(arises), LAST)
                indexed = self.indices.change(row["price_index"], base, arises)
                share = part.share * indexed * self.change(row["currency"], paid)
                found.append((at, bucket, self.calendar.at(paid), share))
        return found

    def _bought(self, at: int, row: Mapping[str, Any]) -> list[tuple[int, int, int, float]]:
        """Return the price of an option on the day of the order, and its running on the last days of buckets."""
        edges, found = self.timeline.edges, []
        price, daily = (
            (row[name] or 0.0) * self.rates.at(row["currency"], self.tables.programme.start)
            for name in ("cost", "running_cost")
        )
        delay = round((row["delay_days"] or 0.0) * DAY)
        lasting = row["duration_days"]
        for bucket, first in enumerate(self.firsts):
            effect = int(edges[bucket]) + delay
            until = edges[-1] if lasting is None else effect + round(lasting * DAY)
            found.append((at, bucket, self.calendar.at(first), price * self.change(row["currency"], first)))
            inside = np.minimum(edges[1:], until) - np.maximum(edges[:-1], effect)
            for on in np.flatnonzero(inside > 0).tolist():
                worth = daily * self.change(row["currency"], self.lasts[on]) * inside[on] / DAY
                found.append((at, bucket, self.calendar.at(self.lasts[on]), worth))
        return found


def _columns(parts: Sequence[tuple[int, int, int, float]]) -> tuple[Ints, Ints, Ints, Floats]:
    numbers = np.array([part[:3] for part in parts], dtype=np.int64).reshape(len(parts), 3)
    return numbers[:, 0], numbers[:, 1], numbers[:, 2], np.array([part[3] for part in parts], dtype=np.float64)
