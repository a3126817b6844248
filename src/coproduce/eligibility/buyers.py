"""Which states buy together, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass

from .book import cell
from .case import Case
from .clause import Clause, decided
from .verdict import Row, Verdict

_STATES = ("state", "agency")
"""Kinds of party that buy as a state; an agency counts for its country."""


@dataclass(frozen=True)
class Buyers:
    """The states that buy.

    Attributes
    ----------
    countries : states that buy
    unknown : buyers whose country is not known
    others : buyers that are no states
    named : whether any buyer is named at all
    rows : cells that say so
    """

    countries: frozenset[str]
    unknown: tuple[str, ...]
    others: tuple[str, ...]
    named: bool
    rows: tuple[Row, ...]

    @property
    def said(self) -> str:
        """The buyers in words."""
        if not self.named:
            return "no buyer is named"
        parts = [f"buyers: {', '.join(sorted(self.countries)) or 'no state'}"]
        parts += [f"{party} (country not known)" for party in self.unknown]
        return ", ".join([*parts, *(f"{party} (not a state)" for party in self.others)])

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts about the buyers that are not known."""
        return tuple(f"parties.country of {one}" for one in self.unknown) if self.named else ("contracts.buyers",)

    def least(self, zone: frozenset[str] | None = None) -> int:
        """Return how many states buy at least, of a zone or in all."""
        return len(self.countries if zone is None else self.countries & zone)

    def most(self, zone: frozenset[str] | None = None) -> int:
        """Return how many states may buy, of a zone or in all; without a named buyer any number."""
        return self.least(zone) + (len(self.unknown) if self.named else 1_000)


def buyers(case: Case) -> Buyers:
    """Return the states that buy under a contract."""
    rows = [case.book.parties[party] for party in case.buyers]
    states = [row for row in rows if row["kind"] in _STATES]
    return Buyers(
        frozenset(row["country"] for row in states if row["country"] is not None),
        tuple(row["party"] for row in states if row["country"] is None),
        tuple(row["party"] for row in rows if row["kind"] not in _STATES),
        bool(rows),
        (case.cell("buyers"), *(cell("parties", row, "country") for row in rows)),
    )


def number(found: Buyers, least: int, zone: frozenset[str], words: str) -> Clause:
    """Return the condition that at least a number of states of a zone buy."""
    said = f"{found.said}: {found.least(zone)} of the {words} (at least {least})"
    if found.least(zone) < least <= found.most(zone):
        return Clause(Verdict.UNKNOWN, said, found.missing, found.rows)
    return decided(found.least(zone) >= least, said, *found.rows)


def among(found: Buyers, country: str) -> Clause:
    """Return the condition that a state is among the buyers."""
    said = f"{found.said}: {country} {'buys' if country in found.countries else 'is not among them'}"
    if country not in found.countries and (found.unknown or not found.named):
        return Clause(Verdict.UNKNOWN, said, found.missing, found.rows)
    return decided(country in found.countries, said, *found.rows)
