"""What contracts bring: payments of the buyers, what is passed on, and damages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ...tables.finance_results import COSTS
from ..judge import Rule
from ..report import Check
from .case import MoneyCase, Rates, Row, after, last_day, names, right, same, summed, whole_day
from .costs import terms

PAID = Rule("A735", "Buyers pay what their contracts say, when they say", "sums")
DAMAGES = Rule("A736", "Damages are owed for late units alone, at their rate and up to their limit", "sums")
PASSED = Rule("A737", "Subcontractors receive their share of every payment on its day", "sums")
BETWEEN = Rule("A738", "Buyers pay and the contractor receives; damages go the other way", "postings")
UNITS = 1e-9


def checks(case: MoneyCase) -> Iterator[Check]:
    """Yield the checks."""
    paid, late = list(payments(case)), list(_damages(case))
    yield _alike(PAID, case.posted("payment"), paid)
    yield _alike(DAMAGES, case.posted("damages"), late)
    shares = {
        (row["contract"], row["party"]): row["share"] or 0.0
        for row in case.tables["subcontracts"].iter_rows(named=True)
    }
    passed: dict[Any, int] = {}
    for row in case.posted("payment"):
        for (contract, party), share in shares.items():
            if contract == row["contract"]:
                key = (contract, party, row["paid"])
                passed[key] = passed.get(key, 0) + round(row["cents"] * share)
    yield same(PASSED, summed(case.posted("passed_on"), "contract", "to_account", "paid"), passed)
    yield right(BETWEEN, _between(case))


_Line = tuple[str, str | None, datetime, float]
"""Contract, demand, day of the payment, cents before rounding."""


def _alike(rule: Rule, posted: list[Row], lines: list[_Line]) -> Check:
    """Compare the postings with the lines by contract, demand and day; each line is rounded once."""
    expected: dict[Any, float] = {}
    room: dict[Any, int] = {}
    for contract, demand, paid, cents in lines:
        key = (contract, demand, paid)
        expected[key] = expected.get(key, 0.0) + cents
        room[key] = room.get(key, 0) + 1
    return same(
        rule, summed(posted, "contract", "entity", "paid"), {key: round(x) for key, x in expected.items()}, room
    )


def _priced(case: MoneyCase) -> dict[str, tuple[Row, float, str | None]]:
    """Return the contract, the price of a unit and its currency, by demand under a declared contract."""
    contracts, demands = case.rows("contracts"), case.rows("demands")
    units: dict[str, float] = {}
    for demand in demands.values():
        if demand["contract"] in contracts:
            units[demand["contract"]] = units.get(demand["contract"], 0.0) + demand["quantity"]
    found: dict[str, tuple[Row, float, str | None]] = {}
    for name, demand in demands.items():
        contract = contracts.get(demand["contract"] or "")
        if contract is None:
            continue
        if contract["value"] is not None and units[demand["contract"]] > 0:
            found[name] = (contract, contract["value"] / units[demand["contract"]], contract["currency"])
        elif contract["product_value"] is not None:
            found[name] = (contract, contract["product_value"], contract["currency"])
        else:
            found[name] = (contract, demand["price"], demand["currency"])
    return found


def _delivered(case: MoneyCase) -> Iterator[tuple[str, float, datetime, float]]:
    """Yield demand, units, day and days late of every delivery."""
    last = {row["bucket"]: last_day(row["end"]) for row in case.plan["buckets"].iter_rows(named=True)}
    for row in case.plan["deliveries"].sort("demand", "bucket").iter_rows(named=True):
        if row["quantity"] > UNITS:
            yield row["demand"], row["quantity"], last[row["bucket"]], row["late_days"]


def payments(case: MoneyCase) -> Iterator[_Line]:
    """Yield what buyers pay; what is paid with the first cost, on the first day where there is no ledger yet."""
    rates, known = Rates(case.tables), terms(case)
    priced, demands = _priced(case), case.rows("demands")
    begun: dict[str, datetime] = {}
    for row in case.posted(*COSTS, "indexation", "exchange"):
        if row["contract"] is not None:
            begun[row["contract"]] = min(begun.get(row["contract"], row["arises"]), row["arises"])
    for name, (contract, price, currency) in priced.items():
        for part in known.get(contract["payment_terms"] or "", []):
            if part["event"] == "delivery":
                continue
            start = begun.get(contract["contract"], case.start)
            signed = contract["signed"]
            arises = part["fixed"] or (whole_day(signed) if part["event"] == "order" and signed else start)
            yield _line(case, rates, contract, None, price, currency, demands[name]["quantity"], part, arises)
    for name, units, on, _ in _delivered(case):
        if name in priced:
            contract, price, currency = priced[name]
            for part in known.get(contract["payment_terms"] or "", []):
                if part["event"] == "delivery":
                    yield _line(case, rates, contract, name, price, currency, units, part, on)


def _line(
    case: MoneyCase, rates: Rates, contract: Row, demand: str | None, price: float, currency: str | None, units: float,
    part: Row, arises: datetime,
) -> _Line:  # fmt: skip
    base = contract["index_base"] or (
        whole_day(contract["signed"]) if contract["signed"] else case.tables.programme.start
    )
    paid = after(arises, part["lag_days"])
    index = rates.index(contract["price_index"], base, arises)
    return contract["contract"], demand, paid, 100 * price * units * part["share"] * index * rates.rate(currency, paid)


def _damages(case: MoneyCase) -> Iterator[_Line]:
    rates, priced, demands = Rates(case.tables), _priced(case), case.rows("demands")
    late = [(on, name, units, days) for name, units, on, days in _delivered(case) if days > 0 and name in priced]
    for row in case.plan["demand_service"].iter_rows(named=True):
        overdue = float((case.end - whole_day(row["due"])).days)
        if row["unmet"] > UNITS and row["demand"] in priced and overdue > 0:
            late.append((case.end, row["demand"], row["unmet"], overdue))
    worth: dict[str, float] = {}
    for name, (contract, price, _) in priced.items():
        worth[contract["contract"]] = worth.get(contract["contract"], 0.0) + price * demands[name]["quantity"]
    owed: dict[str, float] = {}
    for on, name, units, days in sorted(late):
        contract, price, currency = priced[name]
        rate, limit, key = contract["damages_per_day"] or 0.0, contract["damages_limit"], contract["contract"]
        most: float = float("inf") if limit is None else limit * worth[key] - owed.get(key, 0.0)
        amount = min(rate * days * units * price, most)
        owed[key] = owed.get(key, 0.0) + amount
        yield key, name, on, 100 * amount * rates.rate(currency, on)


def _between(case: MoneyCase) -> dict[str, bool]:
    contracts = case.rows("contracts")
    wrong = {}
    for row in case.posted("payment", "damages", "passed_on"):
        contract = contracts[row["contract"]]
        buyers = names(contract["buyers"])
        buyer, contractor = (
            ("from_account", "to_account") if row["kind"] == "payment" else ("to_account", "from_account")
        )
        fits = row[contractor] == contract["contractor"]
        wrong[f"posting {row['posting']}"] = not (
            fits and (row["kind"] == "passed_on" or not buyers or row[buyer] in buyers)
        )
    return wrong
