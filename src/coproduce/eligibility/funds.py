"""The terms of a fund against what its instrument allows: maturity, advance payment, payment requests."""

from __future__ import annotations

from fractions import Fraction

from .book import day, said
from .case import Case
from .clause import Clause, concluded, decided, every, not_known, stated
from .exact import exact, percent
from .verdict import Finding, Verdict


def maturity(case: Case, most: int) -> Finding:
    """Find whether a loan runs for a number of years at most."""
    years, at = case.fund["maturity_years"], case.fund_cell("maturity_years")
    if case.fund["kind"] != "loan":
        return Finding(Verdict.NOT_APPLICABLE, f"{case.fund['fund']} is no loan", rows=(case.fund_cell("kind"),))
    if years is None:
        return concluded(
            not_known("the maturity is not known", f"funds.maturity_years of {case.fund['fund']}", at), unit="years"
        )
    clause = decided(exact(years) <= most, f"the loan runs for {said(years)} years (at most {most})", at)
    left = float(most - exact(years))
    return concluded(
        clause,
        value=years,
        limit=float(most),
        margin=left,
        unit="years",
        arithmetic=f"{most} - {said(years)} = {left:g} years",
    )


def prefinancing(case: Case, most: Fraction) -> Finding:
    """Find whether the advance is at most a share of the fund and was asked for."""
    share = exact(case.fund["prefinancing"])
    within = decided(
        share <= most, f"{percent(share)} paid in advance (at most {percent(most)})", case.fund_cell("prefinancing")
    )
    amount = exact(case.fund["amount"])
    margin = most - share
    return concluded(
        within if share == 0 else every((within, _requested(case), _in_force(case))),
        value=float(share),
        limit=float(most),
        margin=float(margin),
        margin_money=case.book.money(float(margin * amount), case.fund["currency"]),
        unit="share",
        arithmetic=f"{percent(most)} - {percent(share)} of {float(amount):.15g} = {float(margin * amount):.15g}",
    )


def requests(case: Case, most: int, longest: int) -> Finding:
    """Find whether payments are asked for at most so often a year, and whether no longer assessment is counted on.

    Parameters
    ----------
    most : payment requests a year
    longest : days of the assessment
    """
    count, at = case.fund["requests_per_year"], case.fund_cell("requests_per_year")
    lag = case.fund["assessment_days"]
    slow = decided(
        exact(lag) <= longest, f"{said(lag)} days of assessment (at most {longest})", case.fund_cell("assessment_days")
    )
    if count is None:
        words = f"the number of payment requests is not declared (at most {most} a year)"
        often = not_known(words, f"funds.requests_per_year of {case.fund['fund']}", at)
        return concluded(every((often, slow)), limit=float(most), unit="requests/year")
    often = decided(count <= most, f"{count} payment requests a year (at most {most})", at)
    return concluded(
        every((often, slow)), value=float(count), limit=float(most), margin=float(most - count), unit="requests/year"
    )


def _requested(case: Case) -> Clause:
    name = case.fund["fund"]
    return stated(
        case.fund["prefinancing_requested"], f"funds.prefinancing_requested of {name}",
        "the advance was asked for", "the advance was not asked for", case.fund_cell("prefinancing_requested"),
    )  # fmt: skip


def _in_force(case: Case) -> Clause:
    """Return the condition that nothing is paid before the agreement is in force."""
    agreed, start = day(case.fund["agreed"]), day(case.fund["available_from"])
    rows = (case.fund_cell("agreed"), case.fund_cell("available_from"))
    if agreed is None:
        return not_known("the day of the agreement is not known", f"funds.agreed of {case.fund['fund']}", *rows)
    words = f"agreement of {agreed}, payments from {start or 'then on'}"
    return decided(start is None or agreed <= start, words, *rows)
