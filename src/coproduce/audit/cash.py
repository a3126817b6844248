"""What contracts that wait for money owe and receive day by day, computed anew from the plan and the input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import numpy as np
import polars as pl

from ..tables import Tables
from .finance.case import MoneyCase, Rates, Row, names
from .finance.contracts import payments
from .finance.costs import currencies, events
from .finance.shares import contract_names

Key = tuple[str, str, datetime]
"""Contract, type of cost and day of the payment."""


def money_case(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> MoneyCase:
    """Return the material of an audit of money before there is a ledger."""
    return MoneyCase(tables, frames, {}, [], [])


def keeping(case: MoneyCase) -> dict[str, Row]:
    """Return the contracts that keep to a budget or wait for cash."""
    return {name: row for name, row in case.rows("contracts").items() if row["plan_keeps"] != "nothing"}


def owed(case: MoneyCase) -> dict[Key, float]:
    """Return what is owed for the work of each contract, in the programme's currency of the day of the payment."""
    costs = {(row["kind"], row["entity"]): row["amount"] for row in case.plan["costs"].iter_rows(named=True)}
    rates, rows, start = Rates(case.tables), currencies(case), case.tables.programme.start
    known, contracts = contract_names(case), case.rows("contracts")
    every = list(events(case))
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for kind, entity, _, _, weight, _ in every:
        totals[kind, entity] += weight
    found: dict[Key, float] = defaultdict(float)
    for kind, entity, arises, paid, weight, share in every:
        if totals[kind, entity] <= 0 or weight <= 0:
            continue
        row = rows[kind, entity]
        index = rates.index(row.get("price_index"), row.get("index_base") or start, arises)
        exchange = rates.rate(row["currency"], paid) / rates.rate(row["currency"], start)
        amount = costs.get((kind, entity), 0.0) * weight / totals[kind, entity] * index * exchange
        for at in np.flatnonzero(share[:-1]).tolist():
            contract = contracts.get(known[at])
            if contract is not None:
                cost_type = "investment" if kind == "option" else contract["cost_type"]
                found[known[at], cost_type, paid] += amount * float(share[at])
    return found


def received(case: MoneyCase) -> dict[Key, float]:
    """Return what the buyers of contracts with terms of payment pay."""
    contracts = case.rows("contracts")
    found: dict[Key, float] = defaultdict(float)
    for contract, _, paid, cents in payments(case):
        found[contract, contracts[contract]["cost_type"], paid] += cents / 100
    return found


def alike(contract: Row) -> tuple[object, ...]:
    """Return what contracts have in common that funds pay together."""
    if contract["payment_terms"] is not None:
        return (contract["contract"],)
    given = ("plan_keeps", "cost_type", "bridging_rate")
    return (
        tuple(dict.fromkeys(names(contract["funds"]))),
        contract["bridging"] == "yes",
        *(contract[name] for name in given),
    )
