"""What contracts that keep to money were planned for: the ledger has no gap that the plan should have prevented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ...tables.finance_results import COSTS
from ..judge import Rule
from ..report import Check
from .books import own_cash
from .case import MoneyCase, Row, names, right

CASH = Rule("A751", "Contracts that wait for cash owe nothing before funds or buyers have paid", "contracts")
BUDGET = Rule("A752", "Contracts that keep to a budget owe no more than their funds pay", "contracts")
CLAIMS = Rule("A753", "Buyers that wait for cash owe nothing before their funds have paid", "contracts")
PRICED = (*COSTS, "indexation", "exchange")


def checks(case: MoneyCase) -> Iterator[Check]:
    """Yield the checks; each posting may be off by a cent of rounding, and amounts by 1e-6 of their sum."""
    cash, budget, claims = dict[str, bool](), dict[str, bool](), dict[str, bool]()
    for name, row in case.rows("contracts").items():
        if row["plan_keeps"] == "nothing":
            continue
        own = [posting for posting in case.ledger if posting["contract"] == name]
        costs, paid, draws = (_of(own, *kinds) for kinds in (PRICED, ("payment",), ("draw",)))
        owed = costs if row["payment_terms"] is None else paid
        now = row["plan_keeps"] == "cash"
        if row["payment_terms"] is not None and now:
            cash[name] = _late(costs, [*paid, own_cash(case, row)])
        if row["payment_terms"] is not None and not names(row["funds"]):
            continue
        budget[name] = _sum(owed) - _sum(draws) > _room(owed, draws)
        if now and row["bridging"] != "yes":
            (claims if row["payment_terms"] is not None else cash)[name] = _late(owed, draws)
    yield right(CASH, cash)
    yield right(BUDGET, budget)
    yield right(CLAIMS, claims)


def _of(rows: list[Row], *kinds: str) -> list[Row]:
    return [row for row in rows if row["kind"] in kinds]


def _sum(rows: list[Row]) -> int:
    return sum(int(row["cents"]) for row in rows)


def _room(*parts: list[Row]) -> float:
    rows = [row for part in parts for row in part]
    return len(rows) + 1e-6 * sum(abs(int(row["cents"])) for row in rows)


def _late(owed: list[Row], got: list[Row]) -> bool:
    """Whether more is owed on any day than has come by then."""
    days: dict[datetime, int] = {}
    for sign, rows in ((1, owed), (-1, got)):
        for row in rows:
            days[row["paid"]] = days.get(row["paid"], 0) + sign * row["cents"]
    missing, most = 0, 0
    for on in sorted(days):
        missing += days[on]
        most = max(most, missing)
    return most > _room(owed, got)
