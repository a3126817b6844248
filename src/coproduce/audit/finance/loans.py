"""Loans: all that comes is repaid in time, after the grace, with interest on what is owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from math import ceil
from typing import Any

from ..judge import Rule
from ..report import Check
from .case import MoneyCase, Row, after, in_cents, right
from .funds import opening

SERVED = Rule("A734", "Loans are repaid in equal parts after the grace, with interest on what is owed", "rows")
YEAR = 365


def checks(case: MoneyCase) -> Iterator[Check]:
    """Yield the checks."""
    wrong: dict[str, bool] = {}
    for name, fund in case.rows("funds").items():
        rows = [row for row in case.money["repayments"].iter_rows(named=True) if row["fund"] == name]
        if fund["kind"] == "loan":
            wrong |= _served(case, name, fund, rows)
        else:
            wrong[f"{name} is no loan"] = bool(rows)
        posted = [row for row in case.posted("interest", "repayment") if row["fund"] == name]
        wrong[f"postings of {name}"] = _by_day(posted) != {
            (row["date"], kind): cents
            for row in rows
            for kind, cents in (("interest", in_cents(row["interest"])), ("repayment", in_cents(row["principal"])))
            if cents
        } or any(row["from_account"] != fund["holder"] for row in posted)
    yield right(SERVED, wrong)


def _by_day(posted: list[Row]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for row in posted:
        found[row["paid"], row["kind"]] = found.get((row["paid"], row["kind"]), 0) + row["cents"]
    return found


def _served(case: MoneyCase, name: str, fund: Row, rows: list[Row]) -> dict[str, bool]:
    """Return what is wrong of one loan: each row, and the end."""
    came: dict[datetime, int] = {}
    for row in case.posted("advance", "claimed"):
        if row["fund"] == name:
            came[row["paid"]] = came.get(row["paid"], 0) + row["cents"]
    due = _instalments(case, fund)
    wrong: dict[str, bool] = {}
    drawn = repaid = 0
    accrued, before = 0.0, min(came, default=case.start)
    days = sorted({*came, *(row["date"] for row in rows)})
    by_day = {row["date"]: row for row in rows}
    for on in days:
        accrued += (drawn - repaid) * fund["rate"] * (on - before).days / YEAR
        before = on
        if on in by_day:
            row, owed = by_day[on], drawn - repaid
            interest, principal = in_cents(row["interest"]), in_cents(row["principal"])
            left = sum(1 for one in due if one >= on)
            # Every drawing is split alone: whole cents differ by less than one for each.
            fair = on in due and abs(principal - owed / left) <= len(came)
            wrong[f"{name}, {on:%Y-%m-%d}"] = (
                in_cents(row["owed"]) != owed or in_cents(row["left"]) != owed - principal
                or abs(interest - accrued) > 0.5 + 1e-6 or not (fair or principal == 0)
            )  # fmt: skip
            accrued, repaid = accrued - interest, repaid + principal
        drawn += came.get(on, 0)
    wrong[f"{name}, repaid in all"] = bool(due) and repaid != drawn
    return wrong


def _instalments(case: MoneyCase, fund: Row) -> list[datetime]:
    """Return the yearly days of repayment, the last at the maturity."""
    if fund["maturity_years"] is None:
        return []
    agreed, _ = opening(case, fund)
    number = max(1, ceil(fund["maturity_years"] - fund["grace_years"] - 1e-9))
    return [_years_later(agreed, fund["maturity_years"] - back) for back in range(number)]


def _years_later(moment: datetime, years: float) -> datetime:
    whole = int(years // 1)
    leap = moment.month == 2 and moment.day == 29
    year = moment.year + whole
    common = year % 4 != 0 or (year % 100 == 0 and year % 400 != 0)
    day = 28 if leap and common else moment.day
    return after(moment.replace(year=year, day=day), round((years - whole) * YEAR))
