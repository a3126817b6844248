"""Least-cost allocation of what is owed to funds: a linear programme over claim, fund and arrival, then whole cents.

Four stages, each kept by the next: least that nothing covers (before that, of what contracts that wait for their money
owe); least money-days of gaps that may not be bridged; least
interest and bridging; then earlier arrivals and earlier rows of `funds`, so that one answer remains.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ..calendar import Floats
from ..money.cents import PER_UNIT
from ..money.contracts import Contract
from ..money.days import YEAR_DAYS
from ..money.funds import Fund, Slot
from .program import Program, solved

# What the next row of `funds` weighs in the last stage, in years of delay: less than half a day.
LATER_ROW = 1e-3


@dataclass(frozen=True, slots=True)
class Claim:
    """What is owed under one contract, for one type of cost, by one party, on one day, in cents."""

    contract: str
    cost_type: str
    party: str | None
    due: datetime
    cents: int


@dataclass(frozen=True, slots=True)
class Draw:
    """Cents of one claim that one fund pays with one arrival of its money."""

    claim: Claim
    fund: str
    slot: Slot
    cents: int

    @property
    def on(self) -> datetime:
        """The day on which the money goes to who owes: when both claim and money are there."""
        return max(self.claim.due, self.slot.arrives)


@dataclass(frozen=True)
class _Choice:
    """One column: a claim (by number), a fund and an arrival."""

    claim: int
    fund: Fund
    slot: Slot


def allocation(
    claims: Sequence[Claim], known: Mapping[str, Contract], funds: Mapping[str, Fund], end: datetime
) -> list[Draw]:
    """Return which fund pays which claim with which arrival of its money.

    Parameters
    ----------
    claims : what is owed; only the funds that its contract names may pay a claim
    end : last day of the plan
    """
    choices = _choices(claims, known, funds, end)
    if not choices:
        return []
    limits = [*_claim_limits(claims, choices), *_fund_limits(choices)]
    stages = _stages(claims, known, funds, choices, end)
    scale = max(sum(claim.cents for claim in claims), 1) / PER_UNIT / 1e6
    program = Program(
        rows=[(row, 1.0) if weights is None else (row, weights) for row, weights, _ in limits],
        most=np.array([most for _, _, most in limits]) / scale,
        columns=len(choices),
    )
    values = solved(program, stages) * scale
    return _whole(claims, choices, values, limits, stages)


_Limit = tuple[Sequence[int], Floats | None, float]
"""Columns, their weights (None: 1) and the most that their sum may be, in units of money."""


def _choices(
    claims: Sequence[Claim], known: Mapping[str, Contract], funds: Mapping[str, Fund], end: datetime
) -> list[_Choice]:
    requests = {fund.name: fund.request_slots(end) for fund in funds.values()}
    found = []
    for number, claim in enumerate(claims):
        for name in known[claim.contract].funds:
            fund = funds[name]
            if fund.pays(claim.cost_type):
                found += [_Choice(number, fund, slot) for slot in _slots(fund, claim, requests[name])]
    return found


def _slots(fund: Fund, claim: Claim, requests: Sequence[Slot]) -> list[Slot]:
    """Return the arrivals that can pay a claim: only what was paid before a request can be claimed with it."""
    slots = [slot for slot in requests if slot.requested > claim.due]
    if fund.kind != "loan" and fund.currency in (None, fund.rates.own):
        slots = _first_of_each_year(slots)
    if fund.advance_cents > 0:
        slots.append(fund.advance_slot)
    direct = fund.direct_slot(claim.due)
    return slots if direct is None else [*slots, direct]


def _first_of_each_year(slots: Sequence[Slot]) -> list[Slot]:
    """Return the arrivals that may be best where waiting saves no interest: a later year has a budget of its own."""
    first: dict[int, Slot] = {}
    for slot in slots:
        first.setdefault(slot.arrives.year, slot)
    return list(first.values())


def _grouped(keys: Sequence[object]) -> dict[object, list[int]]:
    groups: dict[object, list[int]] = {}
    for at, key in enumerate(keys):
        groups.setdefault(key, []).append(at)
    return groups


def _claim_limits(claims: Sequence[Claim], choices: Sequence[_Choice]) -> list[_Limit]:
    """Return: no claim is paid twice, and no fund pays more than its share of a claim."""
    limits: list[_Limit] = [
        (columns, None, claims[number].cents / PER_UNIT)  # type: ignore[call-overload]
        for number, columns in _grouped([choice.claim for choice in choices]).items()
    ]
    for columns in _grouped([(choice.claim, choice.fund.name) for choice in choices]).values():
        choice = choices[columns[0]]
        if choice.fund.share < 1:
            limits.append((columns, None, share_cents(claims[choice.claim].cents, choice.fund.share) / PER_UNIT))
    return limits


def share_cents(owed: int, share: float) -> int:
    """Return the whole cents of a share, cut off; a hair of binary arithmetic does not cost a cent."""
    return math.floor(owed * share + 1e-6)


def _fund_limits(choices: Sequence[_Choice]) -> list[_Limit]:
    """Return: what each fund pays in advance, in each budgeted year, and in all, in its own currency."""
    limits: list[_Limit] = []
    for columns in _grouped([choice.fund.name for choice in choices]).values():
        fund = choices[columns[0]].fund
        limits.append(
            ([at for at in columns if choices[at].slot.how == "advance"], None, fund.advance_cents / PER_UNIT)
        )
        later = [at for at in columns if choices[at].slot.how != "advance"]
        limits.append((later, _worth(fund, choices, later), fund.amount - fund.advance_amount))
        for year, budget in fund.budgets.items():
            paid = [at for at in later if choices[at].slot.arrives.year == year]
            left = budget - (fund.advance_amount if fund.advance_slot.arrives.year == year else 0.0)
            limits.append((paid, _worth(fund, choices, paid), left))
    return [limit for limit in limits if limit[0]]


def _worth(fund: Fund, choices: Sequence[_Choice], columns: Sequence[int]) -> Floats:
    """Return what one unit of the programme's currency is worth in the fund's, by column."""
    return np.array([1 / fund.rate_on(choices[at].slot.arrives) for at in columns])


def _stages(
    claims: Sequence[Claim],
    known: Mapping[str, Contract],
    funds: Mapping[str, Fund],
    choices: Sequence[_Choice],
    end: datetime,
) -> list[Floats]:
    """Return the costs of the columns, stage by stage."""
    order = {name: at for at, name in enumerate(funds)}
    gap, cost, tie = (np.zeros(len(choices)) for _ in range(3))
    for at, choice in enumerate(choices):
        claim = claims[choice.claim]
        contract = known[claim.contract]
        days = max((choice.slot.arrives - claim.due).days, 0)
        if contract.bridging:
            cost[at] = contract.bridging_rate * days / YEAR_DAYS
        else:
            gap[at] = days / YEAR_DAYS
        if choice.slot.how != "advance":
            cost[at] += choice.fund.interest(choice.slot.arrives, end)
        tie[at] = days / YEAR_DAYS + LATER_ROW * order[choice.fund.name]
    kept = np.array([known[claims[choice.claim].contract].keeps != "nothing" for choice in choices])
    # The plan counts on the money of contracts that wait for it: no other contract may take it from them.
    first = [np.where(kept, -1.0, 0.0), np.where(kept, gap, 0.0)] if kept.any() else []
    return [*first, np.full(len(choices), -1.0), gap, cost, tie]


def _whole(
    claims: Sequence[Claim],
    choices: Sequence[_Choice],
    values: Floats,
    limits: Sequence[_Limit],
    stages: Sequence[Floats],
) -> list[Draw]:
    """Return whole cents: cut off, then the cents that are left where there is room, cheapest first."""
    rows: list[list[tuple[int, float]]] = [[] for _ in choices]
    # Of thousands of millions, a hundredth of a cent is beyond what a product of binary numbers is off by.
    room = np.round([most * PER_UNIT for _, _, most in limits], 4)
    for number, (columns, weights, _) in enumerate(limits):
        for place, at in enumerate(columns):
            rows[at].append((number, 1.0 if weights is None else float(weights[place])))
    taken = np.zeros(len(choices), np.int64)

    def take(at: int, most: int) -> None:
        free = min((math.floor(room[number] / weight + 1e-6) for number, weight in rows[at]), default=0)
        cents = max(min(most, free), 0)
        taken[at] += cents
        for number, weight in rows[at]:
            room[number] -= cents * weight

    for at in np.flatnonzero(values > 0).tolist():
        take(at, math.floor(values[at] * PER_UNIT + 0.01))
    for at in np.lexsort((*reversed(stages[-3:]), *reversed(stages[:-4]))).tolist():
        take(at, claims[choices[at].claim].cents)
    return [Draw(claims[choice.claim], choice.fund.name, choice.slot, int(taken[at]))
            for at, choice in enumerate(choices) if taken[at]]  # fmt: skip
