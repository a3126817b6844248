"""The costs of the plan in the ledger: in all, by contract and day, and what index and exchange rate add."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np

from ...tables.finance_results import COSTS
from ..arrays import Floats
from ..judge import Rule
from ..report import Check
from .case import MoneyCase, Rates, Row, after, in_cents, last_day, right, same, summed, whole_day
from .shares import contract_names, none, shares

WHOLE = Rule("A726", "The postings of every cost add up to the table of costs", "costs")
PARTS = Rule("A727", "Costs are posted on their days, by their terms, to the contracts that they serve", "sums")
PRICED = Rule("A728", "Indexation and exchange are those of the days of the postings", "sums")
PARTIES = Rule(
    "A729", "Costs are paid by the party of the site, to the supplier, as the type of the contract", "postings"
)
DAY_SECONDS = 86_400


def checks(case: MoneyCase) -> Iterator[Check]:
    """Yield the checks."""
    costs = case.posted(*COSTS)
    table = [row for row in case.plan["costs"].iter_rows(named=True) if row["kind"] in COSTS]
    whole = {(row["kind"], row["entity"]): in_cents(row["amount"]) for row in table}
    yield same(WHOLE, summed(costs, "kind", "entity"), whole)
    yield same(PARTS, *_parts(case, costs, whole))
    yield same(PRICED, *_priced(case, costs))
    yield right(PARTIES, _parties(case, costs))


_Event = tuple[str, str, datetime, datetime, float, Floats]
"""Kind, entity, day on which it arises, day of the payment, weight, shares of contracts."""


def _parts(
    case: MoneyCase, costs: list[Row], whole: dict[Any, int]
) -> tuple[dict[Any, int], dict[Any, int], dict[Any, int]]:
    """Return cents by kind, entity, contract and days, what they should be, and how far they may be off."""
    contracts = [*contract_names(case), None]
    weights: dict[Any, float] = {}
    totals: dict[Any, float] = {}
    for kind, entity, arises, paid, weight, share in events(case):
        totals[kind, entity] = totals.get((kind, entity), 0.0) + weight
        for at in np.flatnonzero(share):
            key = (kind, entity, contracts[at], arises, paid)
            weights[key] = weights.get(key, 0.0) + weight * share[at]
    expected: dict[Any, int] = {}
    room: dict[Any, int] = {}
    for key, weight in weights.items():
        total = totals[key[:2]]
        expected[key] = round(whole.get(key[:2], 0) * weight / total) if total > 0 else 0
        room[key] = 2 + round(1e-8 * abs(whole.get(key[:2], 0)))
    seen: dict[Any, int] = summed(costs, "kind", "entity", "contract", "arises", "paid")
    for row in costs:
        key = tuple(row[name] for name in ("kind", "entity", "contract", "arises", "paid"))
        room[key] = room.get(key, 0) + 1
    return seen, expected, room


def events(case: MoneyCase) -> Iterator[_Event]:
    """Yield what costs arise, with their days and the contracts that they serve."""
    places, resources, options = shares(case)
    nothing = none(len(contract_names(case)) + 1)
    first = {row["bucket"]: whole_day(row["start"]) for row in case.plan["buckets"].iter_rows(named=True)}
    last = {row["bucket"]: last_day(row["end"]) for row in case.plan["buckets"].iter_rows(named=True)}
    processes = case.rows("processes")
    for row in case.plan["runs"].iter_rows(named=True):
        process, on = processes[row["process"]], last[row["bucket"]]
        weight = row["quantity"] * process["cost"] + (row["lots"] or 0) * (process["setup_cost"] or 0.0)
        share = places.get(("process", row["process"]), nothing)
        yield "process", row["process"], on, on, weight, share
    for row in case.plan["setups"].iter_rows(named=True):
        on = last[row["bucket"]]
        yield "setup", row["setup_group"], on, on, 1.0, places.get(("setup", row["setup_group"]), nothing)
    for row in case.plan["resource_load"].iter_rows(named=True):
        on, share = last[row["bucket"]], resources.get(row["resource"], nothing)
        yield "resource", row["resource"], on, on, row["planned"], share
        yield "overtime", row["resource"], on, on, row["overtime"], share
    for row in case.plan["shipments"].iter_rows(named=True):
        on = last[row["bucket"]]
        yield "transport", row["lane"], on, on, row["cost"], places.get((row["item"], row["to_site"]), nothing)
    for row in case.plan["stock"].iter_rows(named=True):
        place, on = (row["item"], row["site"]), last[row["bucket"]]
        yield "holding", "/".join(place), on, on, row["holding_cost"], places.get(place, nothing)
    yield from _orders(case, first, places, nothing)
    for option, on, weight in _investments(case):
        yield "option", option, on, on, weight, options.get(option, nothing)


def terms(case: MoneyCase) -> dict[str, list[Row]]:
    """Return the parts of the terms of payment, with the day of those that do not depend on an order in `fixed`."""
    reached = {row["milestone"]: row["reached"] for row in case.plan["milestone_plan"].iter_rows(named=True)}
    found: dict[str, list[Row]] = {}
    for row in case.tables["payment_terms"].iter_rows(named=True):
        day = row["date"] if row["event"] == "date" else reached.get(row["milestone"])
        fixed = whole_day(day or case.end) if row["event"] in ("date", "milestone") else None
        if row["share"] > 0:
            found.setdefault(row["terms"], []).append({**row, "fixed": fixed})
    return found


def _orders(
    case: MoneyCase, first: dict[int, datetime], places: dict[Any, Floats], nothing: Floats
) -> Iterator[_Event]:
    supplies, known = case.rows("supplies"), terms(case)
    at_once: list[Row] = [{"event": "order", "share": 1.0, "lag_days": 0.0, "fixed": None}]
    for row in case.plan["purchases"].iter_rows(named=True):
        supply, ordered = supplies[row["supply"]], first[row["bucket"]]
        for part in known[supply["payment_terms"]] if supply["payment_terms"] else at_once:
            arises = part["fixed"] or (after(ordered, supply["lead_days"]) if part["event"] == "delivery" else ordered)
            share = places.get((row["item"], row["site"]), nothing)
            paid = after(arises, part["lag_days"])
            yield "purchase", row["supply"], arises, paid, row["cost"] * part["share"], share


def _investments(case: MoneyCase) -> Iterator[tuple[str, datetime, float]]:
    options = case.rows("options")
    for row in case.plan["investments"].iter_rows(named=True):
        option = options[row["option"]]
        yield row["option"], whole_day(row["ordered"]), row["quantity"] * option["cost"]
        for bucket in case.plan["buckets"].iter_rows(named=True):
            until = min(bucket["end"], row["until"] or bucket["end"])
            days = (until - max(bucket["start"], row["effect"])).total_seconds() / DAY_SECONDS
            if days > 0:
                yield row["option"], last_day(bucket["end"]), row["quantity"] * option["running_cost"] * days


_SOURCE = {
    "process": ("processes", "process"), "setup": ("setup_groups", "setup_group"),
    "resource": ("resources", "resource"), "overtime": ("resources", "resource"),
    "transport": ("lanes", "lane"), "purchase": ("supplies", "supply"), "option": ("options", "option"),
}  # fmt: skip


def currencies(case: MoneyCase) -> dict[tuple[str, str], Row]:
    """Return the row that prices each kind and entity."""
    found = {(kind, name): row for kind, (table, _) in _SOURCE.items() for name, row in case.rows(table).items()}
    for row in case.tables["stocks"].iter_rows(named=True):
        found["holding", f"{row['item']}/{row['site']}"] = row
    return found


def _priced(case: MoneyCase, costs: list[Row]) -> tuple[dict[Any, int], dict[Any, int]]:
    rates, rows, start = Rates(case.tables), currencies(case), case.tables.programme.start
    expected: dict[Any, int] = {}
    for posting in costs:
        row = rows[posting["kind"], posting["entity"]]
        key = (posting["entity"], posting["contract"], posting["arises"], posting["paid"])
        base = row.get("index_base") or start
        index = rates.index(row.get("price_index") if posting["kind"] == "purchase" else None, base, posting["arises"])
        rate = rates.rate(row["currency"], posting["paid"]) / rates.rate(row["currency"], start)
        for kind, amount in (("indexation", index - 1), ("exchange", index * (rate - 1))):
            name = (kind, posting["kind"], *key)
            expected[name] = expected.get(name, 0) + round(posting["cents"] * amount)
    posted = case.posted("indexation", "exchange")
    return summed(posted, "kind", "of", "entity", "contract", "arises", "paid"), expected


def _parties(case: MoneyCase, costs: list[Row]) -> dict[str, bool]:
    owner = {name: row["party"] for name, row in case.rows("sites").items()}
    rows, contracts = currencies(case), case.rows("contracts")
    sites = {row["resource"]: row["site"] for row in case.tables["resources"].iter_rows(named=True)}
    added: dict[str, str] = {}
    for row in case.tables["option_capacity"].iter_rows(named=True):
        added.setdefault(row["option"], sites[row["resource"]])
    wrong = {}
    for posting in costs:
        row = rows[posting["kind"], posting["entity"]]
        bought = posting["kind"] == "option"
        site = added.get(posting["entity"]) if bought else row.get("site") or row.get("from_site")
        payer = owner.get(site) if site else None
        payee = row["party"] if posting["kind"] == "purchase" else None
        known = contracts.get(posting["contract"] or "")
        kind = "investment" if bought else known["cost_type"] if known else "purchase"
        seen = (posting["from_account"], posting["to_account"], posting["cost_type"])
        wrong[f"posting {posting['posting']}"] = seen != (payer, payee, kind)
    return wrong
