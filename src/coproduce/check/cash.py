"""Contracts whose plan is to keep to money: who pays them, on which days, and whose costs count against whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from ..errors import Problem
from ..tables.keys import listed
from .view import View

_TABLES = ("contracts", "payment_terms", "demands", "flows", "items")


def _keeping(view: View) -> list[dict[str, Any]]:
    rows = view["contracts"].drop_nulls("contract")
    return rows.filter(pl.col("plan_keeps").is_in(["budget", "cash"])).to_dicts()


def unpaid_contracts(view: View) -> Iterator[Problem]:
    """Report contracts that keep to money that nobody pays, or to payments whose days are not known before."""
    if not view.is_sound("contracts", "payment_terms"):
        return
    for row in _keeping(view):
        name, funds, terms = row["contract"], listed(row["funds"]), row["payment_terms"]
        if not funds and (terms is None or row["plan_keeps"] == "budget"):
            message = f'contract "{name}" keeps to its {row["plan_keeps"]}, but no fund pays it'
            yield view.problem("E765", "contracts", row["row"], "funds", message)
            continue
        unknown = _without_day(view, row)
        if unknown and funds:
            message = (
                f'funds pay what the buyers of "{name}" owe, and the day of {unknown} is not known before the plan'
            )
            yield view.problem("E766", "contracts", row["row"], "payment_terms", message, seen=terms)
        elif unknown and row["plan_keeps"] == "cash":
            message = f'contract "{name}" does not count on {unknown} in time: its day is not known before the plan'
            yield view.problem("W766", "contracts", row["row"], "payment_terms", message, seen=terms)


def idle_own_cash(view: View) -> Iterator[Problem]:
    """Report own money of contracts whose buyers pay nothing by terms."""
    for row in view["contracts"].filter((pl.col("own_cash") > 0) & pl.col("payment_terms").is_null()).to_dicts():
        message = f'contract "{row["contract"]}" has no terms of payment, so that its own cash counts for nothing'
        yield view.problem("W767", "contracts", row["row"], "own_cash", message, seen=f"{row['own_cash']:g}")


def _without_day(view: View, contract: Mapping[str, Any]) -> str:
    """Name the first part of the terms whose day depends on the plan, deliveries apart; empty for none."""
    if contract["payment_terms"] is None:
        return ""
    parts = view["payment_terms"].filter((pl.col("terms") == contract["payment_terms"]) & (pl.col("share") > 0))
    decided = _decided(view)
    for part in parts.iter_rows(named=True):
        open_ = part["event"] == "start" or (part["event"] == "order" and contract["signed"] is None)
        if open_ and (part["lag_days"] or listed(contract["funds"])):
            return f"the payment at the {part['event']}"
        if part["event"] == "milestone" and part["milestone"] in decided:
            return f'the payment at the milestone "{part["milestone"]}"'
    return ""


def _decided(view: View) -> set[str]:
    """Return the milestones whose date the plan decides."""
    loaded = set(view["milestone_loads"].filter(pl.col("quantity") > 0)["milestone"])
    rows = view["milestones"].drop_nulls("milestone").to_dicts()
    found = {row["milestone"] for row in rows if row["option"] is not None or row["milestone"] in loaded}
    while True:
        after = {row["milestone"] for row in rows if found & set(listed(row["after"]))}
        if after <= found:
            return found
        found |= after


def shared_costs(view: View) -> Iterator[Problem]:
    """Report contracts that keep to money and share components with other customers: shared costs count whole."""
    if not view.is_sound(*_TABLES):
        return
    keeping = {row["contract"]: row for row in _keeping(view)}
    if not keeping:
        return
    sources = _sources(view)
    used: dict[object, set[str]] = {}
    for contract, item in view["demands"].select("contract", "item").unique(maintain_order=True).iter_rows():
        used.setdefault(_alike(keeping.get(contract)) or contract, set()).update(sources.get(item, {item}))
    for name, row in keeping.items():
        own = used.get(_alike(row), set())
        others = [(other, own & items) for other, items in used.items() if other != _alike(row) and own & items]
        if others:
            item = min(others[0][1])
            message = f'what "{item}" costs counts whole against contract "{name}", though others may take it as well'
            yield view.problem("W765", "contracts", row["row"], "plan_keeps", message, seen=row["plan_keeps"])


def _alike(row: Mapping[str, Any] | None) -> object:
    """Return what contracts have in common that the same funds pay on the same terms; None for one that does not."""
    if row is None:
        return None
    if row["payment_terms"] is not None:
        return row["contract"], "alone"
    return (listed(row["funds"]), *(row[name] for name in ("plan_keeps", "cost_type", "bridging_rate")),
            row["bridging"] == "yes")  # fmt: skip


def _sources(view: View) -> dict[str, set[str]]:
    """Return by item all items that can go into it, itself included."""
    makes = view["flows"].filter(pl.col("quantity") > 0).select("process", made="item")
    takes = view["flows"].filter(pl.col("quantity") < 0).select("process", taken="item")
    into: dict[str, set[str]] = {}
    for made, taken in makes.join(takes, on="process").select("made", "taken").iter_rows():
        into.setdefault(made, set()).add(taken)
    for item, replaces in view["items"].drop_nulls("replaces").select("item", "replaces").iter_rows():
        into.setdefault(replaces, set()).add(item)
    return {item: _closure(into, item) for item in view["items"]["item"].drop_nulls()}


def _closure(into: Mapping[str, set[str]], item: str) -> set[str]:
    found, left = {item}, [item]
    while left:
        fresh = into.get(left.pop(), set()) - found
        found |= fresh
        left += sorted(fresh)
    return found
