"""Who may decide on the design of the end products, and whether a country outside may restrict it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .book import cell, day
from .case import Case
from .clause import Clause, any_of, decided, every, not_known, stated
from .grants import route
from .verdict import Verdict


def products_known(case: Case) -> Clause | None:
    """Return the condition that cannot be decided where a contract has no end product; None where it has."""
    if case.items:
        return None
    return not_known(
        "what the contract orders is not known", "contracts.item, or demands that name the contract", case.cell("item")
    )


def decides_freely(case: Case, deciders: Collection[str], who: str) -> Clause:
    """Return the condition that one of some parties decides on the design of every end product, without restriction.

    Parameters
    ----------
    deciders : parties whose decision counts; empty where they are not known
    who : these in words
    """
    unknown = products_known(case)
    return unknown or every(_free(case, item, deciders, who) for item in case.items)


def committed_by(case: Case, last: date) -> Clause:
    """Return the condition that the authority over the design is promised, with legal force, by a day."""
    until, at = day(case.contract["design_commitment"]), case.cell("design_commitment")
    if until is None:
        return decided(False, "no commitment to hold the design authority is declared", at)
    return decided(
        until <= last, f"commitment to hold the design authority by {until} (asked: {last} at the latest)", at
    )


def _free(case: Case, item: str, deciders: Collection[str], who: str) -> Clause:
    row = case.book.items[item]
    authority = row["design_authority"]
    at = cell("items", row, "design_authority")
    if authority is None:
        decider = not_known(
            f"who decides on the design of {item} is not known", f"items.design_authority of {item}", at
        )
    elif not deciders:
        decider = not_known(
            f"{authority} decides on the design of {item}; {who} is not known", "contracts.contractor", at
        )
    else:
        decider = decided(authority in deciders, f"{authority} decides on the design of {item} (asked: {who})", at)
    free = stated(
        row["design_free"], f"items.design_free of {item}",
        f"the design of {item} is free of restriction from outside",
        f"the design of {item} is restricted from outside", cell("items", row, "design_free"),
    )  # fmt: skip
    return every((decider, free))


def authority(case: Case, states: frozenset[str], last: date) -> Clause:
    """Return the condition of EDIP on the design, in both of its chapters.

    The contractor decides freely. For ammunition and missiles in industrial reinforcement authorities of the states
    may decide in its place, or the authority be promised by a day (Regulation (EU) 2025/2643, Art 10(5), 12(4)).

    Parameters
    ----------
    states : countries whose authorities may decide
    last : last day of a promise
    """
    contractor = case.contract["contractor"]
    own = () if contractor is None else (contractor,)
    plain = decides_freely(case, own, "the contractor")
    if plain.verdict is Verdict.MET:
        return plain
    public = [name for name, row in case.book.parties.items() if row["kind"] == "state" and row["country"] in states]
    eased = any_of((decides_freely(case, (*own, *public), "the contractor or a state"), committed_by(case, last)))
    return any_of((plain, every((route(case, "reinforcement"), _ammunition(case), eased))))


def _ammunition(case: Case) -> Clause:
    kind, at = case.contract["product"], case.cell("product")
    if kind is None:
        return not_known("whether it is ammunition or a missile is not known", "contracts.product", at)
    return decided(kind == "ammunition_or_missile", f"kind of product: {kind}", at)
