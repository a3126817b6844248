"""Days and windows: whether a date in the tables lies on the right side of a limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from .book import day, said
from .case import Case
from .clause import Clause, concluded, decided, not_known
from .verdict import Finding, Verdict


def signed_by(case: Case, last: date) -> Clause:
    """Return the condition that a contract was signed on a day or before it."""
    return _signed(case, f"asked: {last} at the latest", lambda signed: signed <= last)


def signed_after(case: Case, before: date) -> Clause:
    """Return the condition that a contract was signed after a day."""
    return _signed(case, f"asked: after {before}", lambda signed: signed > before)


def _signed(case: Case, asked: str, holds: Callable[[date], bool]) -> Clause:
    signed = day(case.contract["signed"])
    if signed is None:
        return not_known("the day of signature is not known", "contracts.signed", case.cell("signed"))
    return decided(holds(signed), f"signed on {signed} ({asked})", case.cell("signed"))


def days_left(case: Case, last: date) -> int | None:
    """Return the days from the signature to a last day; None where it is not known."""
    signed = day(case.contract["signed"])
    return None if signed is None else (last - signed).days


def paid_by(case: Case, last: date) -> Finding:
    """Find whether the money of a fund is available no longer than to a day."""
    until = day(case.fund["available_until"])
    at = case.fund_cell("available_until")
    if until is None:
        name = case.fund["fund"]
        words = f"the fund {name} has no declared last day of payments (asked: {last})"
        return concluded(not_known(words, f"funds.available_until of {name}", at), unit="days")
    clause = decided(
        until <= last, f"payments until {said(case.fund['available_until'])} (asked: {last} at the latest)", at
    )
    left = (last - until).days
    return concluded(clause, margin=float(left), unit="days", arithmetic=f"{last} - {until} = {left} days")


def outside_window(as_of: date, start: date | None, end: date | None) -> Finding | None:
    """Return the finding for a rule that is not in force on a day; None where it is."""
    if start is not None and as_of < start:
        return Finding(Verdict.NOT_APPLICABLE, f"in force from {start} only; evaluated as of {as_of}")
    if end is not None and as_of >= end:
        return Finding(Verdict.NOT_APPLICABLE, f"no longer in force since {end}; evaluated as of {as_of}")
    return None
