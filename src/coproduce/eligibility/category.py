"""The category of a product: tested both ways where it is arguable or not known."""

from __future__ import annotations

from collections.abc import Iterable

from .case import Case
from .clause import Clause
from .verdict import Verdict

OTHER = "other"
"""Products for defence purposes that are no defence products."""


def categories(case: Case) -> tuple[str, ...]:
    """Return the categories that a product may have: one, or all that are open."""
    given = case.contract["category"]
    if given is None:
        return ("1", "2", OTHER)
    if given == OTHER or case.contract["category_arguable"] == "no":
        return (given,)
    return ("1", "2")


def by_category(case: Case, applies: Iterable[str], then: Clause) -> Clause:
    """Return what must hold for products of some categories, where the category may be open.

    The condition does not apply to other categories; where categories are open and it holds it is met whichever is
    right, and where it fails it is not known.
    """
    possible, asked = categories(case), set(applies)
    words = _tested(case, possible, asked, then)
    rows = (case.cell("category"), case.cell("category_arguable"), *then.rows)
    if not asked & set(possible):
        return Clause(Verdict.NOT_APPLICABLE, words, (), rows[:2])
    if set(possible) <= asked or then.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE):
        told = then.said if set(possible) <= asked else f"{words}; {then.said}"
        return Clause(then.verdict, told, then.missing, rows)
    return Clause(Verdict.UNKNOWN, f"{words}; {then.said}", (*then.missing, _question(case)), rows)


def _question(case: Case) -> str:
    if case.contract["category"] is None:
        return "contracts.category"
    return "contracts.category_arguable: no if the other category cannot be argued"


def _tested(case: Case, possible: tuple[str, ...], asked: set[str], then: Clause) -> str:
    """Say under which categories the condition was tested, and what came of it."""
    if len(possible) == 1:
        return f"category {possible[0]}"
    found = [f"category {one}: {then.verdict if one in asked else 'not_applicable'}" for one in possible]
    given = case.contract["category"]
    opening = "category not known" if given is None else f"category {given} stated, the other arguable"
    return f"{opening} ({', '.join(found)})"
