"""Facts of the funds: what they may pay for, how much by when, and on which days their money arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ..tables import Tables
from ..tables.keys import listed
from .cents import PER_UNIT
from .dated import Dated
from .days import YEAR_DAYS, day, instalment_days, later, request_days

AFTER_END_DAYS = 2 * YEAR_DAYS
"""Payment requests are foreseen for so long after the end of the plan, unless the fund closes before."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One arrival of money of a fund.

    Attributes
    ----------
    how : advance, request or direct
    requested, arrives : day of the request (or agreement), and of the money
    """

    how: str
    requested: datetime
    arrives: datetime


@dataclass(frozen=True)
class Fund:
    """One fund; amounts are in its own currency, `rates` convert them on the day of the payment.

    Attributes
    ----------
    budgets : most that is paid in a calendar year; a year that is left out has no limit
    lag_days : from a payment request to the payment
    """

    name: str
    kind: str
    holder: str
    amount: float
    currency: str | None
    rates: Dated
    agreed: datetime
    opens: datetime
    closes: datetime | None
    advance: float
    requests: int | None
    lag_days: float
    share: float
    cost_types: tuple[str, ...]
    maturity: float | None
    grace: float
    rate: float
    budgets: Mapping[int, float]

    def rate_on(self, moment: datetime) -> float:
        """Return what one unit of its currency is worth in the programme's."""
        return self.rates.at(self.currency, moment)

    @property
    def advance_slot(self) -> Slot:
        """The arrival of the pre-financing."""
        return Slot("advance", self.agreed, max(self.agreed, self.opens))

    @property
    def advance_amount(self) -> float:
        """Pre-financing in its own currency; no more than the budget of that year."""
        year = self.advance_slot.arrives.year
        return min(self.advance * self.amount, self.budgets.get(year, float("inf")))

    @property
    def advance_cents(self) -> int:
        """Pre-financing in whole cents of the programme's currency, cut off."""
        worth = self.advance_amount * self.rate_on(self.advance_slot.arrives) * PER_UNIT
        return int(worth + 1e-6)

    def pays(self, cost_type: str) -> bool:
        """Whether the fund pays this type of cost."""
        return not self.cost_types or cost_type in self.cost_types

    def request_slots(self, end: datetime) -> tuple[Slot, ...]:
        """Return the arrivals by payment request; `end` is the last day of the plan."""
        if self.requests is None:
            return ()
        until = min(self.closes or datetime.max, later(end, AFTER_END_DAYS))
        slots = (self._slot("request", at) for at in request_days(self.agreed, self.requests, until))
        return tuple(slot for slot in slots if self._open(slot))

    def direct_slot(self, due: datetime) -> Slot | None:
        """Return the arrival of what is paid as it is owed; None where the fund is closed by then."""
        slot = self._slot("direct", due)
        return slot if self.requests is None and self._open(slot) else None

    def _slot(self, how: str, at: datetime) -> Slot:
        return Slot(how, at, max(later(at, self.lag_days), self.opens))

    def _open(self, slot: Slot) -> bool:
        before = self.instalments[-1] if self.instalments else datetime.max
        return slot.arrives < before and (self.closes is None or slot.arrives <= self.closes)

    @cached_property
    def instalments(self) -> list[datetime]:
        """Days on which a loan is repaid; none for what is not paid back, and for a loan without maturity."""
        if self.kind != "loan" or self.maturity is None:
            return []
        return instalment_days(self.agreed, self.maturity, self.grace)

    def interest(self, arrives: datetime, end: datetime) -> float:
        """Return the interest on one unit that arrives on a day, over its whole life; not discounted.

        A loan without maturity bears it to the last day of the plan.
        """
        if self.kind != "loan":
            return 0.0
        back = [one for one in self.instalments if one > arrives] or [max(end, arrives)]
        days = sum((one - arrives).days for one in back) / len(back)
        return self.rate * days / YEAR_DAYS


def funds(tables: Tables, rates: Dated) -> dict[str, Fund]:
    """Return the funds by name."""
    budgets: dict[str, dict[int, float]] = {}
    for fund, year, amount in tables["fund_budgets"].select("fund", "year", "amount").iter_rows():
        budgets.setdefault(fund, {})[year] = amount
    start = day(tables.programme.start)
    found = {}
    for row in tables["funds"].iter_rows(named=True):
        opens = start if row["available_from"] is None else day(row["available_from"])
        asked = row["prefinancing_requested"] == "yes"
        found[row["fund"]] = Fund(
            name=row["fund"], kind=row["kind"], holder=row["holder"], amount=row["amount"], currency=row["currency"],
            rates=rates, agreed=opens if row["agreed"] is None else day(row["agreed"]), opens=opens,
            closes=None if row["available_until"] is None else day(row["available_until"]),
            advance=row["prefinancing"] if asked else 0.0, requests=row["requests_per_year"],
            lag_days=row["assessment_days"], share=row["share_of_cost"], cost_types=listed(row["cost_types"]),
            maturity=row["maturity_years"], grace=row["grace_years"], rate=row["rate"],
            budgets=budgets.get(row["fund"], {}),
        )  # fmt: skip
    return found
