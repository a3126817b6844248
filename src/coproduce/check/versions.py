"""Versions of items: circles of replacement, units that differ, and write-offs that would earn money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from ..errors import Problem
from ..units import in_programme_currency, rates_in_force
from .view import View


def doubtful_versions(view: View) -> Iterator[Problem]:
    """Report items that replace each other in a circle, stand in for nothing, or for what is counted otherwise."""
    items = view["items"]
    older = dict(items.filter(pl.col("replaces").is_not_null()).select("item", "replaces").iter_rows())
    for row, item in items.filter(pl.col("item").is_in(list(older))).select("row", "item").iter_rows():
        circle = _circle(item, older)
        if circle and item == min(circle):
            message = f"{' replaces '.join((*circle, item))}: a circle has no oldest version"
            yield view.problem("E441", "items", row, "replaces", message, seen=older[item])
    standing = items.filter(pl.col("stands_in").fill_null(False))
    for row, item in standing.filter(pl.col("replaces").is_null()).select("row", "item").iter_rows():
        yield view.problem("W543", "items", row, "stands_in", f'"{item}" stands in, but replaces no item')
    yield from _units(view, standing)


def _circle(item: str, older: dict[str, str]) -> tuple[str, ...]:
    """Return the items from one on to itself again; nothing where it is on no circle."""
    chain, at = [item], older.get(item)
    while at is not None and at not in chain:
        chain.append(at)
        at = older.get(at)
    return tuple(chain) if at == item else ()


def _units(view: View, standing: pl.DataFrame) -> Iterator[Problem]:
    units = view["items"].select(replaces="item", of="unit").unique("replaces", keep="first", maintain_order=True)
    both = standing.join(units, on="replaces", maintain_order="left")
    wrong = both.filter(pl.col("unit").str.to_lowercase() != pl.col("of").str.to_lowercase())
    for row, item, unit, old, of in wrong.select("row", "item", "unit", "replaces", "of").iter_rows():
        message = f'"{item}" is counted in "{unit}", and "{old}", for which it stands in, in "{of}"'
        yield view.problem("E442", "items", row, "unit", message, seen=unit, expected=of)


def profitable_write_offs(view: View) -> Iterator[Problem]:
    """Report stock that would bring more when it is written off than it is worth."""
    own, start = view.setting("currency"), view.setting("start")
    if not isinstance(own, str) or not isinstance(start, datetime):
        return
    rates = rates_in_force(view["exchange_rates"].drop_nulls(["currency"]), own, start)
    known = pl.col("currency").is_null() | pl.col("currency").is_in(list(rates))
    items = view["items"].filter(known).unique("item", keep="first", maintain_order=True)
    worth = items.select("item", worth=in_programme_currency(items["unit_value"], items["currency"], rates))
    stocks = view["stocks"].filter(known & pl.col("write_off_value").is_not_null())
    brings = pl.Series("brings", in_programme_currency(stocks["write_off_value"], stocks["currency"], rates))
    both = stocks.with_columns(brings).join(worth, on="item", maintain_order="left")
    above = both.filter(pl.col("brings") > pl.col("worth") * (1 + 1e-9))
    for row, seen, item, most in above.select("row", "write_off_value", "item", "worth").iter_rows():
        message = f"a unit of {item} is worth {most:g} {own} (unit_value) and would bring more by being written off"
        yield view.problem("E443", "stocks", row, "write_off_value", message, seen=seen)
