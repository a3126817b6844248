"""The derogation for urgent need: no equivalent in time, or one outside that is there significantly sooner."""

from __future__ import annotations

from .case import Case
from .clause import Clause, any_of, concluded, decided, every, not_known
from .exact import exact
from .grants import fact
from .verdict import Finding


def derogation(case: Case) -> Clause:
    """Return the condition that the derogation for urgent need holds and was approved."""
    return every((
        fact(case, "urgent", "an urgent need was stated"),
        any_of((fact(case, "no_equivalent", "no equivalent exists at the scale or in the time"), _sooner(case))),
        fact(case, "lead_time_committed", "the lead time is a legal commitment"),
        fact(case, "derogation_approved", "the Commission has approved the derogation"),
    ))  # fmt: skip


def urgent(case: Case) -> Finding:
    """Find whether the derogation for urgent need holds, with the days that it gains."""
    clause = derogation(case)
    inside, outside = case.contract["lead_days_inside"], case.contract["lead_days_outside"]
    if inside is None or outside is None:
        return concluded(clause, unit="days")
    gained = float(exact(inside) - exact(outside))
    sum_ = f"{inside:.15g} - {outside:.15g} = {gained:.15g} days sooner"
    return concluded(clause, value=gained, limit=0.0, margin=gained, unit="days", arithmetic=sum_)


def _sooner(case: Case) -> Clause:
    """Return the condition that the product is there sooner; whether significantly so is for the approval to say."""
    columns = ("lead_days_inside", "lead_days_outside")
    rows = [case.cell(column) for column in columns]
    absent = [f"contracts.{column}" for column in columns if case.contract[column] is None]
    if absent:
        return not_known("the lead times inside and outside are not both known", ", ".join(absent), *rows)
    inside, outside = (exact(case.contract[column]) for column in columns)
    return decided(
        outside < inside,
        f"lead time {float(outside):g} days outside, {float(inside):g} days inside (asked: sooner)",
        *rows,
    )
