"""Limits on origin: components without an estimated cost, and origins that count as outside for want of a country."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from .view import View

_READ = ("items", "flows", "processes", "supplies", "stocks", "receipts", "origin_limits", "demands", "contracts")


def unpriced_components(view: View) -> Iterator[Problem]:
    """Report components without an estimated cost that a limit on origin covers, once each."""
    covered = _components(view)
    bare = view["items"].filter(pl.col("component_cost").is_null())
    for row, item in bare.select("row", "item").iter_rows():
        if item in covered:
            message = f'"{item}" has no component_cost, which the limit on origin "{covered[item]}" needs'
            yield view.problem("E751", "items", row, "component_cost", message)


def undeclared_origins(view: View) -> Iterator[Problem]:
    """Warn of offers, stocks and receipts without origin that count as outside under a limit."""
    covered = _components(view)
    for table, amount in (("supplies", None), ("stocks", "opening"), ("receipts", "quantity")):
        rows = view[table].filter(pl.col("origin").is_null() & pl.col("item").is_in(list(covered)))
        rows = rows if amount is None else rows.filter(pl.col(amount) > 0)
        for row, item in rows.select("row", "item").iter_rows():
            message = f'"{item}" has no declared origin here and counts as outside under the limit "{covered[item]}"'
            yield view.problem("W751", table, row, "origin", message)


def scopes_without_contract(view: View) -> Iterator[Problem]:
    """Report limits on what a contract is delivered that name no contract."""
    if {("origin_limits", "scope"), ("origin_limits", "contract")} & view.flawed:
        return
    wrong = view["origin_limits"].filter((pl.col("scope") == "contract") & pl.col("contract").is_null())
    for row, limit in wrong.select("row", "limit").iter_rows():
        yield view.problem("E781", "origin_limits", row, "scope", f'limit "{limit}" has scope contract and names none')


def _components(view: View) -> dict[str, str]:
    """Return what comes from outside the programme under a limit on origin, and the first limit that covers it.

    Stock and receipts of an item that is made do not count without a declared origin, so that they are none.
    """
    limits = view["origin_limits"]
    if limits.is_empty() or not view.is_sound(*_READ):
        return {}
    flows = view["flows"]
    takes = flows.filter(pl.col("quantity") < 0)["process"]
    outputs = flows.filter(pl.col("quantity") > 0)
    made = set(outputs.filter(pl.col("process").is_in(takes.implode()))["item"])
    free = set(outputs.filter(~pl.col("process").is_in(takes.implode()))["item"])
    there = pl.concat([view[table].select("item", "origin") for table in ("stocks", "receipts")])
    given = {item for item, origin in there.iter_rows() if origin is not None or item not in made}
    bought = set(view["supplies"]["item"]) | given | free
    found: dict[str, str] = {}
    for row in limits.iter_rows(named=True):
        for item in _covered(view, _products(view, row)):
            if item in bought:
                found.setdefault(item, row["limit"])
    return found


def _products(view: View, row: dict[str, object]) -> set[str]:
    if row["contract"] is not None:
        named = set(view["contracts"].filter(pl.col("contract") == row["contract"])["item"].drop_nulls())
        return named or set(view["demands"].filter(pl.col("contract") == row["contract"])["item"])
    for column in ("item", "family"):
        if row[column] is not None:
            return set(view["items"].filter(pl.col(column) == row[column])["item"])
    return set(view["demands"]["item"])


def _covered(view: View, products: set[str]) -> set[str]:
    """Return the products, and all that goes into them or stands in for it."""
    flows, found, left = view["flows"], set[str](), products
    newer = view["items"].filter(pl.col("stands_in")).select("item", "replaces").rows()
    while left:
        found |= left
        makers = flows.filter((pl.col("quantity") > 0) & pl.col("item").is_in(sorted(left)))["process"]
        below = flows.filter((pl.col("quantity") < 0) & pl.col("process").is_in(makers.implode()))["item"]
        left = (set(below) | {new for new, old in newer if old in left}) - found
    return found
