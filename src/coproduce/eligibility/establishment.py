"""Where a party is established and where its executive management sits."""

from __future__ import annotations

from .book import Book, cell
from .clause import Clause, decided, every, not_known

_PLACES = {"country": "is established", "management": "has its executive management"}


def established(book: Book, party: str, zone: frozenset[str]) -> Clause:
    """Return the condition that a party is established in a zone."""
    return _placed(book, party, "country", zone)


def seated(book: Book, party: str, zone: frozenset[str]) -> Clause:
    """Return the condition that a party is established and has its executive management in a zone."""
    return every((_placed(book, party, "country", zone), _placed(book, party, "management", zone)))


def _placed(book: Book, party: str, column: str, zone: frozenset[str]) -> Clause:
    row = book.parties[party]
    # A state has no executive management apart from itself.
    place = row["country"] if row["kind"] == "state" else row[column]
    at = cell("parties", row, "country" if row["kind"] == "state" else column)
    if place is None:
        return not_known(f"where {party} {_PLACES[column]} is not known", f"parties.{column} of {party}", at)
    return decided(place in zone, f"{party} {_PLACES[column]} in {place}", at)
