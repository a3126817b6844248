"""The material of an audit of money, and the comparison of two sets of cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from ...tables import Tables
from ..judge import Rule
from ..report import Check

Row = dict[str, Any]
Cents = Mapping[Any, int]


@dataclass(frozen=True)
class MoneyCase:
    """Money under audit.

    Attributes
    ----------
    plan, money : result tables of the plan and tables of money
    ledger : the postings as rows, with their amount in `cents`
    draws : the rows of `fund_draws`, likewise
    """

    tables: Tables
    plan: Mapping[str, pl.DataFrame]
    money: Mapping[str, pl.DataFrame]
    ledger: list[Row]
    draws: list[Row]

    @classmethod
    def of(cls, tables: Tables, plan: Mapping[str, pl.DataFrame], money: Mapping[str, pl.DataFrame]) -> MoneyCase:
        """Read the postings."""
        return cls(tables, plan, money, _rows(money["ledger"]), _rows(money["fund_draws"]))

    @property
    def start(self) -> datetime:
        """The first day of the programme."""
        return whole_day(self.tables.programme.start)

    @property
    def end(self) -> datetime:
        """The last day of the plan."""
        return last_day(self.plan["buckets"]["end"][-1])

    def posted(self, *kinds: str) -> list[Row]:
        """Return the postings of some kinds."""
        return [row for row in self.ledger if row["kind"] in kinds]

    def rows(self, table: str) -> dict[str, Row]:
        """Return the rows of an input table by its id."""
        frame = self.tables[table]
        return {row[frame.columns[0]]: row for row in frame.iter_rows(named=True)}


def _rows(frame: pl.DataFrame) -> list[Row]:
    return [{**row, "cents": in_cents(row["amount"])} for row in frame.iter_rows(named=True)]


def in_cents(amount: float) -> int:
    """Return an amount in cents."""
    return round(amount * 100)


def whole_day(moment: datetime) -> datetime:
    """Return the day that holds a moment."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def last_day(end: datetime) -> datetime:
    """Return the last day before an instant."""
    return whole_day(end - timedelta(microseconds=1))


def after(moment: datetime, days: float) -> datetime:
    """Return the day some days later."""
    return whole_day(moment + timedelta(days=days))


def names(cell: str | None) -> list[str]:
    """Return the names in a cell."""
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def summed(rows: list[Row], *columns: str) -> dict[Any, int]:
    """Return the cents of rows by the values of some columns."""
    found: dict[Any, int] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        found[key] = found.get(key, 0) + row["cents"]
    return found


def same(rule: Rule, seen: Cents, expected: Cents, slack: Cents | None = None) -> Check:
    """Judge cents by key; one that is missing counts as 0, `slack` is by how many cents a key may be off."""
    keys = sorted({*seen, *expected}, key=str)
    room = slack or {}
    wrong = np.array([abs(seen.get(key, 0) - expected.get(key, 0)) > room.get(key, 0) for key in keys], dtype=bool)

    def place(at: int) -> str:
        key = keys[at]
        return f"{_words(key)}: {seen.get(key, 0) / 100:,.2f} instead of {expected.get(key, 0) / 100:,.2f}"

    return rule.none(wrong, place)


def right(rule: Rule, wrong: Mapping[str, bool]) -> Check:
    """Judge places, by name, that are wrong or not."""
    places = list(wrong)
    return rule.none(np.array([wrong[place] for place in places], dtype=bool), lambda at: places[at])


def _words(key: object) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{one:%Y-%m-%d}" if isinstance(one, datetime) else str(one) for one in parts if one is not None)


def value_on(dated: list[tuple[datetime | None, float]], moment: datetime) -> float:
    """Return the last value dated on or before a day; NaN where there is none."""
    best, value = None, float("nan")
    for given, one in dated:
        since = given or datetime.min
        if since <= moment and (best is None or since >= best):
            best, value = since, one
    return value


class Rates:
    """Exchange rates and price indices, looked up row by row."""

    def __init__(self, tables: Tables) -> None:
        self._own = tables.programme.currency
        self._rates: dict[str, list[tuple[datetime | None, float]]] = {}
        self._indices: dict[str, list[tuple[datetime | None, float]]] = {}
        for name, since, value in tables["exchange_rates"].select("currency", "date", "rate").iter_rows():
            self._rates.setdefault(name, []).append((since, value))
        for name, since, value in tables["price_indices"].select("index", "date", "value").iter_rows():
            self._indices.setdefault(name, []).append((since, value))

    def rate(self, currency: str | None, moment: datetime) -> float:
        """Return what one unit of a currency is worth on a day."""
        if currency is None or currency == self._own:
            return 1.0
        return value_on(self._rates.get(currency, []), moment)

    def index(self, name: str | None, base: datetime, moment: datetime) -> float:
        """Return the index of a day over that of its base; 1 without an index."""
        if name is None:
            return 1.0
        dated = self._indices.get(name, [])
        return value_on(dated, moment) / value_on(dated, base)
