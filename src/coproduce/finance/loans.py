"""Loans: interest and repayments from what was drawn when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ..money.cents import split_one
from ..money.days import YEAR_DAYS, years_later
from ..money.funds import Fund


@dataclass(frozen=True, slots=True)
class Repayment:
    """One day on which a loan is served, in cents."""

    fund: str
    on: datetime
    owed: int
    interest: int
    principal: int

    @property
    def left(self) -> int:
        """Cents owed after it."""
        return self.owed - self.principal


def schedule(fund: Fund, drawn: Mapping[datetime, int], end: datetime) -> list[Repayment]:
    """Return the days on which a loan is served.

    Every drawing is repaid in equal parts on the days of repayment that come after it. Interest is paid on the
    anniversaries of the agreement and on the days of repayment, on what is owed day by day, by 365 days a year.
    A loan without maturity is not repaid; its interest is shown up to the last day of the plan.

    Parameters
    ----------
    drawn : cents that the fund received, by day
    end : last day of the plan
    """
    if fund.kind != "loan" or not any(drawn.values()):
        return []
    back = _principal(fund, drawn)
    last = max(back) if back else end
    days = sorted({*back, *_anniversaries(fund.agreed, min(drawn), last), *([] if back else [end])})
    found, interest, owed, before = [], 0.0, 0, min(drawn)
    for on in sorted({*drawn, *days}):
        interest += owed * fund.rate * (on - before).days / YEAR_DAYS
        before = on
        if on in days:
            owing, paid = owed, back.get(on, 0)
            found.append(Repayment(fund.name, on, owing, round(interest), paid))
            interest, owed = interest - round(interest), owed - paid
        owed += drawn.get(on, 0)
    return [one for one in found if one.interest or one.principal]


def _principal(fund: Fund, drawn: Mapping[datetime, int]) -> dict[datetime, int]:
    """Return the cents repaid by day."""
    back: dict[datetime, int] = {}
    for on, cents in sorted(drawn.items()):
        days: Sequence[datetime] = [one for one in fund.instalments if one > on]
        for day, part in zip(days, split_one(cents, np.ones(len(days))), strict=True):
            back[day] = back.get(day, 0) + int(part)
    return back


def _anniversaries(agreed: datetime, first: datetime, last: datetime) -> list[datetime]:
    """Return the anniversaries after the first drawing, up to the last repayment."""
    days = [years_later(agreed, number) for number in range(1, last.year - agreed.year + 2)]
    return [day for day in days if first < day <= last]
