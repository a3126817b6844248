"""The audit of money passes what is right on random programmes, and finds what is planted."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from money_programmes import planned, pumps, random_money

from coproduce import api
from coproduce.audit.finance import audit_finance
from coproduce.errors import InfeasibleError
from coproduce.results.result import PlanResult
from coproduce.tables import FINANCE_TABLES

ALL = 400
FEW = (0, 3, 8, 14, 21, 29)
SEEDS = range(ALL) if os.environ.get("COPRODUCE_ALL_SEEDS") else FEW
PAID = ("process", "resource", "transport", "purchase", "option", "overtime", "holding")

Money = dict[str, pl.DataFrame]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_money_of_random_programmes_passes_its_audit_and_adds_up(seed: int) -> None:
    try:
        result = planned(random_money(seed))
    except InfeasibleError:
        pytest.skip("no plan")
    money = api.finance(result)
    assert {name: frame.schema for name, frame in money.items()} == {
        name: spec.empty().schema for name, spec in FINANCE_TABLES.items()
    }
    _cents_add_up(result, money["ledger"])
    _nothing_is_lost(money)


def _cents_add_up(result: PlanResult, ledger: pl.DataFrame) -> None:
    """The postings of a cost are whole cents and add up to it, rounded once."""
    for kind, entity, amount in result.frames["costs"].select("kind", "entity", "amount").iter_rows():
        if kind in PAID:
            posted = ledger.filter((pl.col("kind") == kind) & (pl.col("entity") == entity))["amount"]
            assert round(sum(round(one * 100) for one in posted)) == round(amount * 100)
    assert all(abs(one * 100 - round(one * 100)) < 1e-4 for one in ledger["amount"])


def _nothing_is_lost(money: Money) -> None:
    """What all accounts hold at the end is what has come in from outside less what has gone there."""
    ledger = money["ledger"]
    came = ledger.filter((pl.col("from_kind") == "outside") & (pl.col("to_kind") != "outside"))["amount"].sum()
    went = ledger.filter((pl.col("to_kind") == "outside") & (pl.col("from_kind") != "outside"))["amount"].sum()
    last = money["cash"].filter(pl.col("month") == pl.col("month").max().over("kind", "account"))
    assert last["closing"].sum() == pytest.approx(came - went, abs=0.005)


def test_the_same_programme_gives_the_same_money() -> None:
    first, second = (api.finance(planned(random_money(3))) for _ in range(2))
    assert all(first[name].equals(second[name]) for name in first)


@pytest.fixture(scope="module")
def sound() -> tuple[PlanResult, Money]:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text)

    rows = pumps(
        contracts=[
            {
                "contract": "frame", "buyers": "buyer", "contractor": "maker", "funds": "loan; grant",
                "signed": at("2026-01-10"), "value": 2000.0, "payment_terms": "split", "damages_per_day": 0.001,
                "bridging": "yes", "bridging_rate": 0.05,
            }
        ],
        subcontracts=[{"contract": "frame", "party": "helper", "share": 0.25}],
        payment_terms=[
            {"terms": "split", "line": 1, "event": "order", "share": 0.3},
            {"terms": "split", "line": 2, "event": "delivery", "share": 0.7, "lag_days": 30.0},
        ],
        funds=[
            {
                "fund": "loan", "instrument": "own", "kind": "loan", "holder": "buyer", "amount": 1500.0,
                "agreed": at("2026-02-01"), "prefinancing": 0.15, "prefinancing_requested": "yes",
                "requests_per_year": 2, "assessment_days": 60.0, "maturity_years": 5.0,
                "grace_years": 2.0, "rate": 0.03, "available_until": at("2027-12-31"),
            },
            {
                "fund": "grant", "instrument": "own", "kind": "grant", "holder": "union", "amount": 900.0,
                "share_of_cost": 0.35, "agreed": at("2026-01-01"), "cost_types": "purchase",
            },
        ],
        parties=[{"party": party} for party in ("buyer", "maker", "supplier", "helper", "union")],
        fund_budgets=[{"fund": "loan", "year": 2026, "amount": 700.0}],
        exchange_rates=[
            {"currency": "USD", "date": at("2025-12-01"), "rate": 0.8},
            {"currency": "USD", "date": at("2026-01-20"), "rate": 0.9},
        ],
        price_indices=[
            {"index": "steel", "date": at("2025-06-01"), "value": 80.0},
            {"index": "steel", "date": at("2026-01-15"), "value": 84.0},
        ],
    )  # fmt: skip
    rows["supplies"][0] |= {"currency": "USD", "price_index": "steel"}
    rows["demands"][0] |= {"due": at("2026-06-30"), "earliest": None}
    result = planned(rows)
    return result, api.finance(result)


def _set(table: str, column: str, new: Callable[[Any], Any], **where: Any) -> Callable[[Money], Money]:
    """Return a change of one cell: of the first row with these values."""

    def change(money: Money) -> Money:
        frame = money[table]
        rows = frame.with_row_index("n")
        for name, value in where.items():
            rows = rows.filter(pl.col(name).eq_missing(pl.lit(value)))
        at = rows["n"][0]
        values = frame[column].to_list()
        values[at] = new(values[at])
        return money | {table: frame.with_columns(pl.Series(column, values, dtype=frame.schema[column]))}

    return change


def _without(table: str, **where: Any) -> Callable[[Money], Money]:
    """Return a change that drops the first row with these values."""

    def change(money: Money) -> Money:
        frame = money[table].with_row_index("n")
        rows = frame
        for name, value in where.items():
            rows = rows.filter(pl.col(name).eq_missing(pl.lit(value)))
        return money | {table: frame.filter(pl.col("n") != rows["n"][0]).drop("n")}

    return change


def _cent(amount: float) -> float:
    return round(amount + 0.01, 2)


def _next_day(moment: datetime) -> datetime:
    return moment + timedelta(days=1)


PLANTED: dict[str, tuple[Callable[[Money], Money], set[str]]] = {
    "a column that is missing": (lambda m: m | {"cash": m["cash"].drop("month")}, {"A721"}),
    "half a cent": (_set("ledger", "amount", lambda x: x + 0.004, kind="process"), {"A722"}),
    "a fund that nobody declared": (_set("ledger", "to_account", lambda _: "loam", kind="advance"), {"A722"}),
    "an opening that is not the closing before": (_set("cash", "opening", _cent, account="maker"), {"A723"}),
    "a month that is left out": (_without("cash", account="maker"), {"A723"}),
    "a gap that is too small": (_set("cash_gaps", "gap", lambda x: x - 1, kind="costs"), {"A724"}),
    "a gap that is hidden": (_without("cash_gaps", kind="payments"), {"A724"}),
    "a day of sufficiency that is too early": (
        _set("cash_gaps", "suffices", lambda x: x - timedelta(days=1), kind="payments"), {"A724"}),
    "money in that nobody put in": (_set("contributions", "money_in", _cent, party="maker"), {"A725"}),
    "a cost with a cent too much": (_set("ledger", "amount", _cent, kind="process"), {"A726"}),
    "a cost of another contract": (_set("ledger", "contract", lambda _: None, kind="process"), {"A727"}),
    "an order that is paid later": (_set("ledger", "paid", _next_day, kind="purchase"), {"A727"}),
    "an index that is forgotten": (_without("ledger", kind="indexation"), {"A728"}),
    "a rate of another day": (_set("ledger", "amount", lambda x: x - 50, kind="exchange"), {"A728"}),
    "a cost that another party pays": (_set("ledger", "from_account", lambda _: "buyer", kind="process"), {"A729"}),
    "a fund that pays more than it has": (_set("ledger", "amount", lambda x: x + 2000, kind="claimed"), {"A730"}),
    "an advance that is larger than agreed": (_set("ledger", "amount", lambda x: x + 1, kind="advance"), {"A730"}),
    "money spent before it came": (_set("ledger", "paid", _next_day, kind="advance"), {"A730"}),
    "a request before the cost": (
        _set("fund_draws", "due", lambda x: x + timedelta(days=400), fund="loan", how="request"), {"A731"}),
    "an assessment that takes no time": (
        _set("fund_draws", "arrives", lambda x: x - timedelta(days=60), fund="loan", how="request"), {"A731"}),
    "a request on a day of its own": (
        _set("fund_draws", "requested", lambda x: x + timedelta(days=3), fund="loan", how="request"), {"A731"}),
    "a share above that of the fund": (_set("fund_draws", "amount", lambda x: x + 1, fund="grant"), {"A732"}),
    "a type of cost that the fund does not pay": (
        _set("fund_draws", "cost_type", lambda _: "maintenance", fund="grant"), {"A732"}),
    "a draw without a posting": (_without("ledger", kind="draw"), {"A733"}),
    "a year with too much": (_set("fund_use", "amount", _cent, fund="loan"), {"A733"}),
    "interest on bridging that is forgotten": (_without("ledger", kind="bridging_interest"), {"A733"}),
    "interest that is too low": (_set("repayments", "interest", lambda x: x - 0.01, fund="loan"), {"A734"}),
    "a repayment that is left out": (_without("repayments", fund="loan"), {"A734"}),
    "a repayment inside the grace": (_set("repayments", "principal", lambda x: x + 10, fund="loan"), {"A734"}),
    "a buyer that pays too little": (_set("ledger", "amount", lambda x: x - 5, kind="payment"), {"A735"}),
    "a payment before its lag": (
        _set("ledger", "paid", lambda x: x - timedelta(days=30), kind="payment", entity="pumps"), {"A735"}),
    "damages for nothing": (_set("ledger", "amount", lambda x: x + 5, kind="damages"), {"A736"}),
    "a subcontractor that is forgotten": (_without("ledger", kind="passed_on"), {"A737"}),
    "a payment to somebody else": (_set("ledger", "to_account", lambda _: "helper", kind="payment"), {"A738"}),
}  # fmt: skip


def test_the_sound_money_has_every_kind_of_posting_that_is_changed(sound: tuple[PlanResult, Money]) -> None:
    kinds = set(sound[1]["ledger"]["kind"].cast(pl.String))
    assert kinds >= {"advance", "claimed", "draw", "bridging_interest", "payment", "passed_on", "damages", "interest"}
    assert audit_finance(sound[0].tables, sound[0].frames, sound[1]).passed


@pytest.mark.parametrize("planted", PLANTED)
def test_the_audit_finds(planted: str, sound: tuple[PlanResult, Money]) -> None:
    change, codes = PLANTED[planted]
    report = audit_finance(sound[0].tables, sound[0].frames, change(sound[1]))
    assert codes <= {check.code for check in report.checks if not check.passed}, str(report)
