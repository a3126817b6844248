"""Countries that an agreement of the Union lets take part in an instrument, and their content."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .book import Book, Facts
from .case import Case
from .clause import Clause, any_of, clause_of, decided, every, refined
from .components import Content, ceiling, content, rounding
from .exact import at_least, exact, percent
from .verdict import Finding, Verdict


def agreements(book: Book, instrument: str) -> list[Facts]:
    """Return the agreements in force for an instrument."""
    return [
        row
        for row in book.of("partner_agreements", "instrument", instrument)
        if book.in_force(row) and row["country"] is not None
    ]


def opened(book: Book, instrument: str, zone: frozenset[str]) -> frozenset[str]:
    """Return a zone with the countries that agreements in force have added."""
    return zone | {row["country"] for row in agreements(book, instrument)}


@dataclass(frozen=True)
class Terms:
    """What agreements in force ask together: the strictest of their limits.

    Attributes
    ----------
    partners : their countries, without those of the zone
    most_outside : largest share from outside zone and partners
    least_inside : least share from the zone itself
    """

    partners: frozenset[str]
    most_outside: Fraction
    least_inside: Fraction


def terms(book: Book, instrument: str, zone: frozenset[str], limit: Fraction) -> Terms:
    """Return the terms of the agreements in force; `limit` is the instrument's own share from outside."""
    found = agreements(book, instrument)
    most = min((exact(row["most_outside"]) for row in found if row["most_outside"] is not None), default=limit)
    least = max((exact(row["least_inside"]) for row in found if row["least_inside"] is not None), default=Fraction(0))
    return Terms(frozenset(row["country"] for row in found) - zone, most, least)


def content_ceiling(case: Case, instrument: str, zone: frozenset[str], limit: Fraction) -> Finding:
    """Find whether components from outside a zone cost at most a share, by the general rule or by agreements in force.

    Under agreements the components of the partners are not outside, but a least share may be asked from the zone
    itself, and another limit may hold for what is from neither. Where several are in force, the strictest of
    their limits count.
    """
    plain = ceiling(case, zone, limit)
    agreed = terms(case.book, instrument, zone, limit)
    partners = agreed.partners
    if plain.verdict is Verdict.MET or case.origin is None or not partners & set(case.origin.cost):
        return plain
    widened = ceiling(case, zone | partners, agreed.most_outside)
    words = f"by agreement with {', '.join(sorted(partners))}: {widened.facts}"
    least = max(agreed.least_inside - rounding(case), Fraction(0))
    inside = _inside(content(case.origin, zone), least)
    under = every((Clause(widened.verdict, words, widened.missing, widened.rows), inside))
    whole = any_of((clause_of(plain), under))
    return refined(widened if whole.verdict is Verdict.MET else plain, whole)


def _inside(found: Content, least: Fraction) -> Clause:
    """Return the condition that a least share of the components comes from the zone itself."""
    if least == 0:
        return decided(True, "no least share from inside")
    low = Fraction(0) if found.unpriced or not found.total else found.inside / found.total
    high = Fraction(1) if found.unpriced or not found.total else (found.inside + found.unknown) / found.total
    verdict = at_least(low, high, least)
    missing = ("the origin and the cost of all components",) if verdict is Verdict.UNKNOWN else ()
    return Clause(verdict, f"{percent(low)} from inside (asked: {percent(least)})", missing)
