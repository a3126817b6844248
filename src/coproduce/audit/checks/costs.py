"""Checks that every amount of money is what the input's prices make of the plan."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..arrays import Floats, Ints, floats
from ..case import Case
from ..judge import Rule
from ..report import Check

RUNS = Rule("A601", "runs cost their runs and the resources they load", "currency")
SHIPMENTS = Rule("A602", "shipments cost what their lanes cost", "currency")
PURCHASES = Rule("A603", "purchases cost their price", "currency")
HOLDING = Rule("A604", "holding costs are those of the closing stocks", "currency")
KINDS = {
    "process": Rule("A605", "process costs are those of all planned runs", "currency"),
    "setup": Rule("A763", "costs of joint set-ups are those of all set-ups", "currency"),
    "resource": Rule("A606", "resource costs are those of all planned loads", "currency"),
    "transport": Rule("A607", "transport costs are those of all shipments", "currency"),
    "purchase": Rule("A608", "purchase costs are those of all purchases", "currency"),
    "holding": Rule("A609", "holding costs add up by item and site", "currency"),
    "terminal_value": Rule("A610", "terminal values are those of the last closing stocks", "currency"),
    "write_off": Rule("A625", "write-offs cost what the units lose", "currency"),
    "lateness": Rule("A611", "costs of lateness are those of late and unmet units", "currency"),
    "unmet": Rule("A612", "costs of unmet units are those of the demands", "currency"),
    "income": Rule("A613", "income is the price of all deliveries", "currency"),
    "changed_run": Rule("A986", "changes of runs cost their price", "currency"),
    "changed_order": Rule("A987", "changes of orders cost their price", "currency"),
    "changed_shipment": Rule("A988", "changes of shipments cost their price", "currency"),
    "changed_delivery": Rule("A989", "promises broken cost their price", "currency"),
    "option": Rule("A615", "costs of options are those of all investments", "currency"),
    "overtime": Rule("A616", "costs of overtime are those of all overtime", "currency"),
    "bridging": Rule("A747", "costs of bridging are those of all planned draws", "currency"),
}
NO_OTHER = Rule("A614", "every cost is of a declared kind", "rows")


def checks(case: Case) -> Iterator[Check]:
    """Check cost columns row by row, then the costs table kind by kind."""
    plan, costs = case.plan, case.costs
    yield _column(case, RUNS, "runs", ("process",), plan.runs.at, costs.runs_with_resources)
    yield _column(case, SHIPMENTS, "shipments", ("lane", "item"), plan.shipments.at, costs.shipments)
    yield _column(case, PURCHASES, "purchases", ("supply",), plan.purchases.at, costs.purchases)
    yield _holding(case)
    for kind, rule in KINDS.items():
        yield _kind(case, rule, kind)
    other = ~case.frames["costs"]["kind"].is_in(list(KINDS)).to_numpy()
    yield NO_OTHER.none(other, case.row_place("costs", "kind", "entity"))


def _column(case: Case, rule: Rule, table: str, columns: tuple[str, ...], at: Ints, expected: Floats) -> Check:
    place = case.row_place(table, *columns)
    return rule.equal(floats(case.frames[table]["cost"])[at], expected, lambda row: place(int(at[row])))


def _holding(case: Case) -> Check:
    frame = case.frames["stock"]
    node = case.nodes.find(frame["item"], frame["site"])
    at = case.known(node, frame["bucket"])
    cell = node[at], frame["bucket"].to_numpy()[at]
    place = case.row_place("stock", "item", "site")
    seen = floats(frame["holding_cost"])[at]
    costs = case.costs
    return HOLDING.equal(seen, costs.holding[cell], lambda row: place(int(at[row])), costs.holding_scale[cell])


def _kind(case: Case, rule: Rule, kind: str) -> Check:
    """Compare the amounts of one kind; a row that is not there stands for 0."""
    frame = case.frames["costs"].filter(pl.col("kind") == kind)
    seen = frame.group_by("entity").agg(seen=pl.col("amount").sum())
    account = case.ledger[kind]
    expected = pl.DataFrame({"entity": account.ids.cast(pl.String), "expected": account.amount, "scale": account.scale})
    both = expected.join(seen, on="entity", how="full", coalesce=True).sort("entity")
    names = both["entity"]
    return rule.equal(
        floats(both["seen"]), floats(both["expected"]), lambda row: f"{kind} of {names[row]}", floats(both["scale"])
    )
