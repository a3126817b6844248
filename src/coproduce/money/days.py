"""Days of money: later by months or years, months of a date, evenly spaced requests and instalments."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterator
from datetime import datetime, timedelta

YEAR_DAYS = 365
LAST = datetime(9999, 12, 31)
"""What would come after it counts as that day."""


def day(moment: datetime) -> datetime:
    """Return the day that holds a moment."""
    return datetime(moment.year, moment.month, moment.day)


def later(moment: datetime, days: float) -> datetime:
    """Return the day some days later."""
    return LAST if days >= (LAST - moment).days else day(moment + timedelta(days=days))


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same day of a later month, or the last day of a shorter one."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    if year > LAST.year:
        return LAST
    last = calendar.monthrange(year, month + 1)[1]
    return datetime(year, month + 1, min(moment.day, last))


def years_later(moment: datetime, years: float) -> datetime:
    """Return the day some years later; a fraction of a year counts in days of a year of 365 days."""
    whole = math.floor(years)
    return later(months_later(moment, 12 * whole), round((years - whole) * YEAR_DAYS))


def month(moment: datetime) -> datetime:
    """Return the first day of the month."""
    return datetime(moment.year, moment.month, 1)


def request_days(first: datetime, per_year: int, until: datetime) -> Iterator[datetime]:
    """Return evenly spaced days after `first`: whole months apart where the year divides so, else by days."""
    number = 1
    while True:
        years, part = divmod(number, per_year)
        start = months_later(first, 12 * years)
        if 12 % per_year == 0:
            at = months_later(start, 12 // per_year * part)
        else:
            at = later(start, YEAR_DAYS * part // per_year)
        if at > until:
            return
        yield at
        number += 1


def instalment_days(agreed: datetime, maturity: float, grace: float) -> list[datetime]:
    """Return the days of repayment: yearly, the last at the maturity, all of them after the grace."""
    number = max(1, math.ceil(maturity - grace - 1e-9))
    return [years_later(agreed, maturity - back) for back in reversed(range(number))]
