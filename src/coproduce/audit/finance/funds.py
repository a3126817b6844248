"""What funds pay: no more than they have, in time, for what they may, and only after the money has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..judge import Rule
from ..report import Check
from .case import MoneyCase, Rates, Row, after, in_cents, names, right, same, summed, whole_day

LIMITS = Rule("A730", "No fund pays more than its amount, the budget of a year or its advance", "funds")
TIMES = Rule(
    "A731", "Every draw comes after its money, in the time of its fund, by request only for what was paid", "draws"
)
RIGHTS = Rule(
    "A732", "Funds pay contracts that name them, for their types of cost, and no more than their share", "draws"
)
SUMS = Rule("A733", "The postings and the yearly sums of the funds are those of their draws", "cells")


def checks(case: MoneyCase) -> Iterator[Check]:
    """Yield the checks."""
    yield right(LIMITS, _limits(case))
    yield right(TIMES, _times(case))
    yield right(RIGHTS, _rights(case))
    yield same(SUMS, *_sums(case))


def opening(case: MoneyCase, fund: Row) -> tuple[datetime, datetime]:
    """Return the day of the agreement and the first day on which the fund pays."""
    opens = case.start if fund["available_from"] is None else whole_day(fund["available_from"])
    return (opens if fund["agreed"] is None else whole_day(fund["agreed"])), opens


def advance(case: MoneyCase, fund: Row) -> tuple[float, datetime]:
    """Return the pre-financing in the fund's currency, before budgets, and the day on which it is there."""
    asked = fund["prefinancing"] * fund["amount"] if fund["prefinancing_requested"] == "yes" else 0.0
    return asked, max(opening(case, fund))


def _limits(case: MoneyCase) -> dict[str, bool]:
    rates, wrong = Rates(case.tables), {}
    budgets = {(row["fund"], row["year"]): row["amount"] for row in case.tables["fund_budgets"].iter_rows(named=True)}
    for name, fund in case.rows("funds").items():
        came = [row for row in case.posted("advance", "claimed") if row["to_account"] == name]
        advances = [row for row in came if row["kind"] == "advance"]
        # Converted on the day on which it comes; half a cent for each posting is the room of rounding.
        worth = [(row, row["cents"] / 100 / rates.rate(fund["currency"], row["paid"])) for row in came]
        wrong[f"fund {name}, amount"] = not sum(one for _, one in worth) <= fund["amount"] + 0.01 * len(came)
        asked = fund["prefinancing_requested"] == "yes"
        most = fund["prefinancing"] * fund["amount"] if asked else 0.0
        wrong[f"fund {name}, advance"] = sum(one for row, one in worth if row in advances) > most + 0.01
        for (budgeted, year), budget in budgets.items():
            if budgeted == name:
                paid = sum(one for row, one in worth if row["paid"].year == year)
                wrong[f"fund {name}, {year}"] = not paid <= budget + 0.01 * len(came)
        wrong |= _overdrawn(case, name)
    return wrong


def _overdrawn(case: MoneyCase, name: str) -> dict[str, bool]:
    """Return whether more leaves a fund on any day than has come until then."""
    flows: dict[datetime, int] = {}
    for row in case.ledger:
        if row["to_kind"] == "fund" and row["to_account"] == name:
            flows[row["paid"]] = flows.get(row["paid"], 0) + row["cents"]
        if row["from_kind"] == "fund" and row["from_account"] == name:
            flows[row["paid"]] = flows.get(row["paid"], 0) - row["cents"]
    balance, wrong = 0, {}
    for on in sorted(flows):
        balance += flows[on]
        wrong[f"fund {name}, {on:%Y-%m-%d}"] = balance < 0
    return wrong


def _times(case: MoneyCase) -> dict[str, bool]:
    funds, wrong = case.rows("funds"), {}
    for number, draw in enumerate(case.draws):
        fund = funds[draw["fund"]]
        agreed, opens = opening(case, fund)
        lag = 0.0 if draw["how"] == "advance" else fund["assessment_days"]
        fits = draw["arrives"] == max(after(draw["requested"], lag), opens)
        if draw["how"] == "request":
            fits &= (
                draw["due"] < draw["requested"] and draw["requested"] > agreed and fund["requests_per_year"] is not None
            )
            fits &= is_request(agreed, draw["requested"], fund["requests_per_year"] or 1)
        else:
            fits &= draw["requested"] == (agreed if draw["how"] == "advance" else draw["due"])
        closes = fund["available_until"]
        fits &= draw["how"] == "advance" or closes is None or draw["arrives"] <= closes
        wrong[f"draw {number + 1} of {draw['fund']} for {draw['contract']}, {draw['due']:%Y-%m-%d}"] = not fits
    return wrong


def is_request(agreed: datetime, requested: datetime, per_year: int) -> bool:
    """Whether a day is one of the evenly spaced days of requests."""
    months = (requested.year - agreed.year) * 12 + requested.month - agreed.month
    if 12 % per_year == 0:
        following = after(requested, 1)
        return months % (12 // per_year) == 0 and (
            requested.day == agreed.day or (following.day == 1 and requested.day < agreed.day)
        )
    years = [agreed.replace(year=year, day=min(agreed.day, 28)) for year in (requested.year - 1, requested.year)]
    near = {
        after(year, 365 * part // per_year + late) for year in years for part in range(per_year) for late in range(4)
    }
    return requested in near


def _rights(case: MoneyCase) -> dict[str, bool]:
    contracts, funds = case.rows("contracts"), case.rows("funds")
    owed = _owed(case)
    wrong: dict[str, bool] = {}
    for draw in case.draws:
        types = names(funds[draw["fund"]]["cost_types"])
        named = draw["fund"] in names(contracts[draw["contract"]]["funds"])
        wrong[f"{draw['fund']} for {draw['contract']}"] = not named or bool(types and draw["cost_type"] not in types)
    claim = ("contract", "cost_type", "party", "due")
    for key, cents in summed(case.draws, *claim).items():
        wrong[f"all funds for {key}"] = cents > owed.get(key, 0)
    for key, cents in summed(case.draws, "fund", *claim).items():
        most = owed.get(key[1:], 0) * funds[key[0]]["share_of_cost"]
        wrong[f"share of {key[0]} for {key[1:]}"] = cents > most + 1e-3
    return wrong


def _owed(case: MoneyCase) -> dict[Any, int]:
    """Return what may be drawn for, by contract, cost type, party and day."""
    contracts = case.rows("contracts")
    found: dict[Any, int] = {}
    kinds = {"draw", "advance", "claimed", "interest", "repayment", "bridging", "bridging_repaid", "bridging_interest",
             "passed_on", "damages"}  # fmt: skip
    for row in case.ledger:
        contract = contracts.get(row["contract"] or "")
        if contract is None or row["kind"] in kinds or (row["kind"] == "payment") != bool(contract["payment_terms"]):
            continue
        key = (row["contract"], row["cost_type"], row["from_account"], row["paid"])
        found[key] = found.get(key, 0) + row["cents"]
    return found


def _sums(case: MoneyCase) -> tuple[dict[Any, int], dict[Any, int]]:
    """Return draws posted, money claimed and yearly sums, and what they should be."""
    expected: dict[Any, int] = {}

    def add(*key: object, cents: int) -> None:
        expected[key] = expected.get(key, 0) + cents

    contracts = case.rows("contracts")
    for draw in case.draws:
        on = max(draw["due"], draw["arrives"])
        about = (draw["fund"], draw["contract"], draw["cost_type"])
        add("draw", *about, draw["party"], on, cents=draw["cents"])
        add("year", *about, on.year, cents=draw["cents"])
        if draw["how"] != "advance":
            add("claimed", draw["fund"], draw["arrives"], cents=draw["cents"])
        contract = contracts[draw["contract"]]
        if contract["bridging"] == "yes" and on > draw["due"]:
            add("bridging", draw["contract"], draw["due"], cents=draw["cents"])
            add("bridging_repaid", draw["contract"], on, cents=draw["cents"])
            days = (on - draw["due"]).days
            add("bridging_interest", draw["contract"], on,
                cents=round(draw["cents"] * contract["bridging_rate"] * days / 365))  # fmt: skip
    seen: dict[Any, int] = {}
    for row in case.ledger:
        key: tuple[object, ...] = ()
        if row["kind"] == "draw":
            key = ("draw", row["fund"], row["contract"], row["cost_type"], row["to_account"], row["paid"])
        elif row["kind"] == "claimed":
            key = ("claimed", row["fund"], row["paid"])
        elif row["kind"].startswith("bridging"):
            key = (row["kind"], row["contract"], row["paid"])
        if key:
            seen[key] = seen.get(key, 0) + row["cents"]
    for row in case.money["fund_use"].iter_rows(named=True):
        seen["year", row["fund"], row["contract"], row["cost_type"], row["year"]] = in_cents(row["amount"])
    return seen, expected
