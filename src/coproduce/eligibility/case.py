"""What the rules may look at: the tables, the contract or fund in question, and the day of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..tables import Tables
from ..tables.keys import listed
from .book import Book, Facts, cell
from .exact import exact
from .origin import Origin
from .verdict import Row


@dataclass(frozen=True, eq=False)
class Case:
    """One subject of an evaluation.

    Attributes
    ----------
    book : the checked programme as rules read it, on a day
    contract : row of `contracts`
    fund : row of `funds` that the money is sought from; empty where the rule is about the contract
    configuration : the product configuration in question; empty where it does not matter or none is known
    origin : its component cost; None where none is known
    processes : processes that the contract uses, as a plan says; None: without a plan, all ways are open
    """

    book: Book
    contract: Mapping[str, Any]
    fund: Mapping[str, Any]
    configuration: str = ""
    origin: Origin | None = None
    processes: frozenset[str] | None = None

    @property
    def tables(self) -> Tables:
        """The checked programme."""
        return self.book.tables

    @property
    def as_of(self) -> date:
        """Day on which the rules are applied."""
        return self.book.as_of

    def cell(self, column: str) -> Row:
        """Return a cell of the contract as evidence."""
        return cell("contracts", self.contract, column)

    def fund_cell(self, column: str) -> Row:
        """Return a cell of the fund as evidence."""
        return cell("funds", self.fund, column)

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The end products: that of the contract, or those of its demands."""
        if self.contract["item"] is not None:
            return (self.contract["item"],)
        demands = self.book.of("demands", "contract", self.contract["contract"])
        return tuple(dict.fromkeys(row["item"] for row in demands))

    @cached_property
    def item_rows(self) -> tuple[Row, ...]:
        """The cells that say what the end products are."""
        if self.contract["item"] is not None:
            return (self.cell("item"),)
        demands = self.book.of("demands", "contract", self.contract["contract"])
        return tuple({row["item"]: cell("demands", row, "item") for row in demands}.values())

    @cached_property
    def subcontracts(self) -> list[Facts]:
        """The rows of its subcontractors."""
        return self.book.of("subcontracts", "contract", self.contract["contract"])

    @cached_property
    def buyers(self) -> tuple[str, ...]:
        """The parties that buy."""
        return listed(self.contract["buyers"])

    def euros(self, amount: float | None) -> Fraction | None:
        """Return an amount of the contract in EUR; None without an amount or a rate on the day."""
        currency = self.contract["currency"] or self.book.currency
        if amount is None or currency == "EUR":
            return None if amount is None else exact(amount)
        own, euro = self.book.money(amount, currency), self.book.rates.get("EUR")
        return None if own is None or euro is None else exact(own) / exact(euro)
