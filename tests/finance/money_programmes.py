"""Programmes with money: a pump made of a gear with a long lead time, and random ones with contracts and funds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from programmes import Row, random_rows, tables_of

from coproduce import api
from coproduce.results.result import PlanResult

Rows = dict[str, list[Row]]


def pumps(**tables: Sequence[Mapping[str, Any]]) -> Rows:
    """Return ten pumps, due in July 2026; each takes a gear for 100, ordered 150 days before, and 10 of work.

    The latest order is that of 1 February: 150 days later is 1 July.
    """
    rows: Rows = {
        "programme": [{"name": "pumps", "start": datetime(2026, 1, 1), "buckets": "18 months", "currency": "EUR"}],
        "parties": [{"party": party} for party in ("buyer", "maker", "supplier", "helper")],
        "sites": [{"site": "works", "party": "maker"}],
        "items": [{"item": item, "unit": "piece"} for item in ("pump", "gear")],
        "processes": [{"process": "make", "site": "works", "cost": 10.0}],
        "flows": [
            {"process": "make", "item": "pump", "quantity": 1.0},
            {"process": "make", "item": "gear", "quantity": -1.0},
        ],
        "supplies": [
            {
                "supply": "gears", "item": "gear", "site": "works", "party": "supplier", "price": 100.0,
                "lead_days": 150.0, "order_from": datetime(2026, 2, 1), "order_until": datetime(2026, 3, 1),
            }
        ],
        "demands": [
            {
                "demand": "pumps", "item": "pump", "site": "works", "quantity": 10.0, "due": datetime(2026, 7, 31),
                "earliest": datetime(2026, 7, 1), "contract": "frame", "party": "buyer",
            }
        ],
        "contracts": [{"contract": "frame", "buyers": "buyer", "contractor": "maker"}],
    }  # fmt: skip
    return rows | {name: [dict(row) for row in added] for name, added in tables.items()}


def planned(rows: Rows) -> PlanResult:
    """Return the audited plan of a programme."""
    return api.plan(tables_of(rows), threads=1, bottlenecks=0)


def money_of(rows: Rows) -> dict[str, pl.DataFrame]:
    """Return the audited money of a programme."""
    return api.finance(planned(rows))


def lines(frame: pl.DataFrame, *columns: str, **where: object) -> list[tuple[Any, ...]]:
    """Return some columns of the rows with these values, days as text."""
    for name, value in where.items():
        frame = frame.filter(pl.col(name).eq_missing(pl.lit(value)))
    days = [name for name in columns if frame.schema[name] == pl.Datetime("us")]
    return frame.select(columns).with_columns(pl.col(name).dt.strftime("%Y-%m-%d") for name in days).rows()


def random_money(seed: int) -> Rows:
    """Return a random programme with contracts, terms of payment, indices, funds and budgets."""
    rows = random_rows(seed)
    rng = np.random.default_rng(seed + 77_000)
    start = rows["programme"][0]["start"]
    parties = ["state", "union", "maker", "helper"]
    rows["parties"] = [{"party": party} for party in parties]

    def one(*options: Any) -> Any:
        return options[int(rng.integers(len(options)))]

    def day(low: int, high: int) -> datetime:
        return start + timedelta(days=int(rng.integers(low, high)))

    for site in rows["sites"]:
        site["party"] = one(*parties, None)
    for row in rows["items"]:
        row["component_cost"] = one(None, 3.0)
    contracts = ["alpha", "beta", "gamma"][: rng.integers(1, 4)]
    for demand in rows["demands"]:
        demand |= {"contract": one(*contracts, None, "unknown"), "party": one("state", "union", None)}
    rows["price_indices"] = [
        {"index": "labour", "date": start - timedelta(days=900), "value": 90.0},
        {"index": "labour", "date": day(-30, 40), "value": 101.5},
    ]
    rows["exchange_rates"].append({"currency": "USD", "rate": 0.7})
    rows["payment_terms"] = [
        {"terms": "split", "line": 1, "event": "order", "share": 0.3},
        {"terms": "split", "line": 2, "event": "start", "share": 0.2, "lag_days": 10.0},
        {"terms": "split", "line": 3, "event": "delivery", "share": 0.4, "lag_days": 30.0},
        {"terms": "split", "line": 4, "event": "date", "share": 0.1, "date": day(0, 60)},
    ]
    for row in rows["supplies"]:
        row |= {"party": one("helper", None), "payment_terms": one(None, "split"), "price_index": one(None, "labour")}
    funds = ["loan", "grant", "budget"]
    for contract in contracts:
        rows["contracts"].append(
            {
                "contract": contract, "buyers": one("state", "state; union", None), "contractor": one("maker", None),
                "signed": one(None, day(-60, 30)),
                "funds": "; ".join(name for name in funds if rng.random() < 0.7) or None,
                "cost_type": one("purchase", "investment"), "value": one(None, 1234.56), "currency": one(None, "USD"),
                "payment_terms": one(None, None, "split"), "price_index": one(None, "labour"),
                "damages_per_day": one(None, 0.01), "damages_limit": one(None, 0.05),
                "bridging": one("yes", "no", None), "bridging_rate": 0.07,
            }
        )  # fmt: skip
    rows["subcontracts"] = [{"contract": contracts[0], "party": "helper", "share": 0.15}]
    for name in funds:
        agreed = day(-40, 60)
        rows["funds"].append(
            {
                "fund": name, "instrument": "own", "kind": name, "holder": one("state", "union"),
                "amount": round(float(rng.uniform(50, 5000)), 2), "currency": one(None, "USD"), "agreed": agreed,
                "available_from": one(None, agreed + timedelta(days=20)),
                "available_until": one(None, agreed + timedelta(days=300)),
                "prefinancing": 0.15, "prefinancing_requested": one("yes", "no"),
                "requests_per_year": one(None, 2, 4, 5), "assessment_days": one(0.0, 60.0),
                "share_of_cost": one(1.0, 0.35), "cost_types": one(None, "purchase", "investment; purchase"),
                "maturity_years": one(None, 7.0, 6.5), "grace_years": 2.0, "rate": 0.04,
            }
        )  # fmt: skip
        if rng.random() < 0.5:
            rows["fund_budgets"].append({"fund": name, "year": start.year, "amount": 200.0})
    return rows
