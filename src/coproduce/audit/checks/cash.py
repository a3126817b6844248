"""Checks that contracts that wait for money have it: what is owed is drawn for, within what the funds may pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from ..arrays import floats
from ..case import Case
from ..cash import Key, alike, keeping, money_case, owed, received
from ..finance.books import own_cash
from ..finance.case import MoneyCase, Rates, Row, after, names
from ..finance.funds import advance, is_request, opening
from ..judge import Rule
from ..report import Check

RIGHTS = Rule("A741", "planned draws are of funds that may pay their contracts, by the days of the funds", "draws")
COVERED = Rule("A742", "what waiting contracts owe on a day is drawn for", "currency")
LIMITS = Rule("A743", "planned draws keep the amounts, advances and yearly budgets of the funds", "currency")
SHARES = Rule("A744", "no fund is planned to pay more than its share of what is owed", "currency")
CASH = Rule("A745", "work for a contract that waits for its buyers is paid from what they have paid", "currency")
BRIDGED = Rule("A746", "planned bridging costs its rate for its days", "currency")


def checks(case: Case) -> Iterator[Check]:
    """Check the table of planned draws against what the plan owes."""
    money = money_case(case.tables, case.frames)
    draws = list(case.frames["planned_draws"].iter_rows(named=True))
    place = case.row_place("planned_draws", "contracts", "fund", "due")
    known = keeping(money)
    if not known:
        yield RIGHTS.none(np.ones(len(draws), dtype=bool), place)
        return
    yield RIGHTS.none(np.array([not _right(money, known, draw) for draw in draws], dtype=bool), place)
    try:
        costs, paid = owed(money), received(money)
    except KeyError as missing:
        words = f"the plan names {missing}, which is not there"
        yield COVERED.none(np.array([True]), lambda _: words)
        return
    yield _compared(COVERED, *_claims(known, costs, paid, draws))
    yield _compared(LIMITS, *_limits(money, draws))
    yield _compared(SHARES, *_shares(money, draws))
    yield _compared(CASH, *_balances(money, known, costs, paid))
    rate = {name: row["bridging_rate"] if row["bridging"] == "yes" else 0.0 for name, row in known.items()}
    price = [
        draw["amount"] * rate.get(_first(draw), 0.0) * max((draw["arrives"] - draw["due"]).days, 0) / 365
        for draw in draws
    ]
    yield BRIDGED.equal(floats(case.frames["planned_draws"]["bridging"]), np.array(price, dtype=float), place)


def _first(draw: Row) -> str:
    return names(draw["contracts"])[0]


def _compared(rule: Rule, excess: Mapping[Any, float], scale: Mapping[Any, float]) -> Check:
    keys = list(excess)
    values, sizes = (np.array([part[key] for key in keys], dtype=float) for part in (excess, scale))

    def place(at: int) -> str:
        key = keys[at] if isinstance(keys[at], tuple) else (keys[at],)
        return ", ".join(f"{one:%Y-%m-%d}" if isinstance(one, datetime) else str(one) for one in key)

    return rule.on(values, sizes, place)


def _right(money: MoneyCase, known: Mapping[str, Row], draw: Row) -> bool:
    """Whether the fund may pay these contracts for this on these days."""
    own = names(draw["contracts"])
    fund = money.rows("funds").get(draw["fund"])
    if fund is None or not own or any(name not in known for name in own):
        return False
    one, types = known[own[0]], names(fund["cost_types"])
    if len({alike(known[name]) for name in own}) > 1 or draw["fund"] not in names(one["funds"]):
        return False
    if draw["cost_type"] not in (one["cost_type"], "investment") or (types and draw["cost_type"] not in types):
        return False
    if one["plan_keeps"] == "cash" and one["bridging"] != "yes" and draw["arrives"] > draw["due"]:
        return False
    return _in_time(money, fund, draw)


def _in_time(money: MoneyCase, fund: Row, draw: Row) -> bool:
    agreed, opens = opening(money, fund)
    lag = 0.0 if draw["how"] == "advance" else fund["assessment_days"]
    if draw["arrives"] != max(after(draw["requested"], lag), opens):
        return False
    if draw["how"] == "advance":
        return bool(draw["requested"] == agreed)
    if fund["available_until"] is not None and draw["arrives"] > fund["available_until"]:
        return False
    if draw["how"] == "direct":
        return fund["requests_per_year"] is None and bool(draw["requested"] == draw["due"])
    fits = agreed < draw["requested"] and draw["due"] < draw["requested"]
    return fits and is_request(agreed, draw["requested"], fund["requests_per_year"] or 1)


_Sides = tuple[dict[Any, float], dict[Any, float]]
"""By place: by how much it is exceeded, and the largest amount that enters."""


def _claims(
    known: Mapping[str, Row],
    costs: Mapping[Key, float],
    paid: Mapping[Key, float],
    draws: list[Row],
) -> _Sides:
    """Return by contracts, type and day what is owed and not drawn for."""
    together: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for name, row in known.items():
        together[alike(row)].append(name)
    of = {name: "; ".join(group) for group in together.values() for name in group}
    excess: dict[Any, float] = defaultdict(float)
    scale: dict[Any, float] = defaultdict(float)
    by_costs = {name for name, row in known.items() if row["payment_terms"] is None}
    by_payments = {name for name, row in known.items() if name not in by_costs and names(row["funds"])}
    for mine, part in ((by_costs, costs), (by_payments, paid)):
        for (name, cost_type, on), amount in part.items():
            if name in mine:
                excess[of[name], cost_type, on] += amount
                scale[of[name], cost_type, on] += abs(amount)
    for draw in draws:
        key = (draw["contracts"], draw["cost_type"], draw["due"])
        excess[key] -= draw["amount"]
        scale[key] += draw["amount"]
    total = sum(scale.values())
    return excess, {key: max(size, 1e-3 * total) for key, size in scale.items()}


def _limits(money: MoneyCase, draws: list[Row]) -> _Sides:
    rates, funds = Rates(money.tables), money.rows("funds")
    most: dict[Any, float] = {}
    budgets = {(row["fund"], row["year"]): row["amount"] for row in money.tables["fund_budgets"].iter_rows(named=True)}
    spent: dict[Any, float] = defaultdict(float)
    for name, fund in funds.items():
        asked, day = advance(money, fund)
        for year in (year for one, year in budgets if one == name):
            given = min(asked, budgets[name, year]) if day.year == year else 0.0
            most[name, year] = budgets[name, year] - given
        asked = min(asked, budgets.get((name, day.year), float("inf")))
        most[name, "advance"], most[name, "amount"] = asked, fund["amount"] - asked
    for draw in draws:
        name = draw["fund"]
        if name not in funds:
            continue
        worth = draw["amount"] / rates.rate(funds[name]["currency"], draw["arrives"])
        for part in ("advance",) if draw["how"] == "advance" else ("amount", draw["arrives"].year):
            if (name, part) in most:
                spent[name, part] += worth
    return {key: spent[key] - most[key] for key in most}, {key: max(spent[key], most[key]) for key in most}


def _shares(money: MoneyCase, draws: list[Row]) -> _Sides:
    """Return by fund and what is owed what goes beyond its share; what is drawn for in all is what is owed."""
    funds, whole = money.rows("funds"), defaultdict[Any, float](float)
    own: dict[Any, float] = defaultdict(float)
    for draw in draws:
        key = (draw["contracts"], draw["cost_type"], draw["due"])
        whole[key] += draw["amount"]
        own[draw["fund"], *key] += draw["amount"]
    most = {name: row["share_of_cost"] for name, row in funds.items()}
    excess = {key: amount - most.get(key[0], 1.0) * whole[key[1:]] for key, amount in own.items()}
    return excess, {key: whole[key[1:]] for key in own}


def _balances(
    money: MoneyCase, known: Mapping[str, Row], costs: Mapping[Key, float], paid: Mapping[Key, float]
) -> _Sides:
    """Return by contract and day by how much costs so far exceed what buyers have paid."""
    excess: dict[Any, float] = {}
    scale: dict[Any, float] = {}
    for name, row in known.items():
        if row["payment_terms"] is None or row["plan_keeps"] != "cash":
            continue
        moves: dict[datetime, float] = defaultdict(float)
        for sign, part in ((1.0, costs), (-1.0, paid)):
            for (contract, _, on), amount in part.items():
                if contract == name:
                    moves[on] += sign * amount
        total, balance = sum(abs(one) for one in moves.values()), -own_cash(money, row)["cents"] / 100
        for on in sorted(moves):
            balance += moves[on]
            excess[name, on], scale[name, on] = balance, total
    return excess, scale
