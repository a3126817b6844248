"""How much of a contract or a cost an instrument may pay."""

from __future__ import annotations

from fractions import Fraction

from .case import Case
from .clause import Clause, any_of, concluded, decided, not_known, stated
from .exact import exact, percent
from .verdict import Finding, Verdict


def fact(case: Case, column: str, words: str) -> Clause:
    """Return the condition that a fact of the contract is stated with yes."""
    question = f"contracts.{column} ({words})"
    return stated(case.contract[column], question, words, f"not so: {words}", case.cell(column))


def grant_ceiling(case: Case, plain: Fraction, raised: Fraction | None, raises: Clause | None, of: str) -> Finding:
    """Find whether the money asked for is at most a share of the value of the contract.

    Parameters
    ----------
    plain : largest share without further conditions
    raised, raises : largest share under a condition, and the condition; None: the share is never raised
    of : what the value stands for, in words
    """
    grant, value = case.contract["grant"], case.contract["value"]
    rows = (case.cell("grant"), case.cell("value"))
    absent = [f"contracts.{name}" for name, amount in (("grant", grant), ("value", value)) if amount is None]
    if grant == 0:
        return concluded(decided(True, "no money is asked of the instrument", *rows), unit="share", limit=float(plain))
    if absent or not value:
        clause = Clause(Verdict.UNKNOWN, f"grant or {of} is not known", tuple(absent) or ("contracts.value",), rows)
        return concluded(clause, unit="share")
    share = exact(grant) / exact(value)
    clause = _within(share, plain, raised, raises, of)
    limit = raised if raised is not None and raises is not None and raises.verdict is Verdict.MET else plain
    margin = None if clause.verdict is Verdict.UNKNOWN else limit - share
    return concluded(
        Clause(clause.verdict, clause.said, clause.missing, (*rows, *clause.rows)),
        arithmetic=f"{grant:.15g} / {value:.15g} = {percent(share)} (limit {percent(limit)})",
        value=float(share),
        limit=float(limit),
        margin=None if margin is None else float(margin),
        margin_money=None
        if margin is None
        else case.book.money(float(margin * exact(value)), case.contract["currency"]),
        unit="share",
    )


def _within(share: Fraction, plain: Fraction, raised: Fraction | None, raises: Clause | None, of: str) -> Clause:
    within = decided(share <= plain, f"{percent(share)} of the {of} is asked for (at most {percent(plain)})")
    if within.verdict is Verdict.MET or raised is None or raises is None:
        return within
    if share > raised:
        return decided(
            False, f"{percent(share)} of the {of} is asked for (at most {percent(raised)} under any condition)"
        )
    condition = Clause(
        raises.verdict, f"{percent(share)} of the {of} is asked for, up to {percent(raised)} if: {raises.said}",
        raises.missing, raises.rows,
    )  # fmt: skip
    return any_of((within, condition)) if raises.verdict is not Verdict.FAILED else condition


def route(case: Case, *routes: str) -> Clause:
    """Return the condition that a contract goes by one of some routes."""
    given = case.contract["route"]
    if given is None:
        return not_known("the route is not known", "contracts.route", case.cell("route"))
    return decided(given in routes, f"route: {given}", case.cell("route"))
