"""The facts that rules ask for, looked up once for all contracts: rows by key, and what is in force on the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, TypeVar, cast

from ..tables import INPUT_TABLES, Tables
from ..tables.keys import key_columns
from ..units import rates_in_force
from .exact import exact
from .verdict import Row

Facts = Mapping[str, Any]
T = TypeVar("T")


def cell(table: str, row: Facts, column: str) -> Row:
    """Return the cell of a row as evidence."""
    key = "/".join("" if row[name] is None else str(row[name]) for name in key_columns(INPUT_TABLES[table]))
    return Row(table, key, column, said(row[column]))


def said(value: object) -> str:
    """Return a value as text; dates without a time of day where they have none."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def day(value: datetime | None) -> date | None:
    """Return the day of a date."""
    return None if value is None else value.date()


@dataclass(frozen=True, eq=False)
class Book:
    """The tables as rules read them.

    Attributes
    ----------
    tables : the checked programme
    as_of : day on which the rules are applied
    memo : what was worked out once for all contracts
    """

    tables: Tables
    as_of: date
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives, worked out at the first call."""
        if key not in self.memo:
            self.memo[key] = make()
        return cast("T", self.memo[key])

    def rows(self, table: str) -> list[Facts]:
        """Return the rows of a table."""
        return self.once(("rows", table), lambda: cast("list[Facts]", self.tables[table].to_dicts()))

    def by(self, table: str, column: str) -> Mapping[Any, list[Facts]]:
        """Return the rows of a table by the value of a column; a value without rows has none."""

        def grouped() -> Mapping[Any, list[Facts]]:
            found: defaultdict[Any, list[Facts]] = defaultdict(list)
            for row in self.rows(table):
                found[row[column]].append(row)
            return {**found}

        return self.once(("by", table, column), grouped)

    def of(self, table: str, column: str, value: object) -> list[Facts]:
        """Return the rows of a table with a value."""
        return self.by(table, column).get(value, [])

    @cached_property
    def parties(self) -> Mapping[str, Facts]:
        """Parties by id."""
        return {row["party"]: row for row in self.rows("parties")}

    @cached_property
    def items(self) -> Mapping[str, Facts]:
        """Items by id."""
        return {row["item"]: row for row in self.rows("items")}

    @cached_property
    def funds(self) -> Mapping[str, Facts]:
        """Funds by id."""
        return {row["fund"]: row for row in self.rows("funds")}

    @cached_property
    def currency(self) -> str:
        """The programme's currency."""
        return self.tables.programme.currency if self.tables["programme"].height else ""

    @cached_property
    def rates(self) -> Mapping[str, float]:
        """What one unit of each currency is worth in the programme's on the day of the evaluation."""
        return rates_in_force(self.tables["exchange_rates"], self.currency, datetime.combine(self.as_of, time.max))

    def in_force(self, row: Facts) -> bool:
        """Whether a row with `start` and `end` holds on the day of the evaluation."""
        start, end = day(row["start"]), day(row.get("end"))
        return (start is None or start <= self.as_of) and (end is None or self.as_of < end)

    def concerns(self) -> frozenset[str]:
        """Return the countries of concern on the day of the evaluation."""
        return self.once(
            "concerns", lambda: frozenset(r["country"] for r in self.rows("concern_countries") if self.in_force(r))
        )

    def money(self, amount: float | None, currency: str | None) -> float | None:
        """Return an amount in the programme's currency; None without an amount or a rate on that day."""
        rate = self.rates.get(currency or self.currency)
        return None if amount is None or rate is None else float(exact(amount) * exact(rate))
