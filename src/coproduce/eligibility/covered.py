"""What a limit on origin is about: its products, all that goes into them, and the countries that are inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ..tables import Tables
from ..tables.keys import listed
from .sources import Bools, Floats
from .zones import ORIGIN_ZONES


@dataclass(frozen=True)
class Covered:
    """What a limit covers.

    Attributes
    ----------
    products : (item,) the items that it names
    items : (item,) these, newer versions that stand in for them, and all that goes into them
    makers : (process,) the processes that make one of the items
    """

    products: Bools
    items: Bools
    makers: Bools


def inside_of(row: Mapping[str, Any]) -> frozenset[str]:
    """Return the countries that a row of `origin_limits` has inside."""
    return ORIGIN_ZONES[row["instrument"]] if row["instrument"] else frozenset(listed(row["countries"]))


def of_contract(row: Mapping[str, Any]) -> bool:
    """Tell whether a row of `origin_limits` is about what is set aside for its contract, not the programme's mix."""
    return row["contract"] is not None and row["scope"] != "programme"


def products_of(tables: Tables, row: Mapping[str, Any]) -> pl.Series:
    """Return the products of a row of `origin_limits`: of its contract, its item, its family, or all demanded."""
    items, demands = tables["items"], tables["demands"]
    if row["contract"] is not None:
        named = tables["contracts"].filter(pl.col("contract") == row["contract"])["item"].drop_nulls()
        return named if len(named) else demands.filter(pl.col("contract") == row["contract"])["item"].unique()
    if row["item"] is not None:
        return items.filter(pl.col("item") == row["item"])["item"]
    if row["family"] is not None:
        return items.filter(pl.col("family") == row["family"])["item"]
    return demands["item"].unique()


def covered(tables: Tables, row: Mapping[str, Any]) -> Covered:
    """Return what a row of `origin_limits` covers, by going down the bills of materials."""
    items, flows = tables["items"], tables["flows"]
    newer = items.filter(pl.col("stands_in") & pl.col("replaces").is_not_null())
    outputs, inputs = flows.filter(pl.col("quantity") > 0), flows.filter(pl.col("quantity") < 0)
    products = set(products_of(tables, row).to_list())
    found, count, makers = set(products), -1, pl.Series([], dtype=pl.String)
    while len(found) != count:
        count = len(found)
        makers = outputs.filter(pl.col("item").is_in(sorted(found)))["process"]
        found |= set(inputs.filter(pl.col("process").is_in(makers.implode()))["item"].to_list())
        found |= set(newer.filter(pl.col("replaces").is_in(sorted(found)))["item"].to_list())
    return Covered(
        products=_are(items["item"], products),
        items=_are(items["item"], found),
        makers=_are(tables["processes"]["process"], set(makers.to_list())),
    )


def nothing(tables: Tables) -> Covered:
    """Return what a limit that is kept elsewhere covers: nothing."""
    items, processes = (np.zeros(tables[table].height, dtype=bool) for table in ("items", "processes"))
    return Covered(items, items, processes)


def _are(ids: pl.Series, chosen: set[str]) -> Bools:
    return np.array([one in chosen for one in ids], dtype=bool)


def largest_cost(tables: Tables, price: Floats) -> Floats:
    """Return (item,) the largest component cost that goes into a unit: bought as it is, or made by any process.

    A run counts with all its inputs, whatever else it makes, and with the least that it makes of the item. What goes
    round in a cycle may have used any amount: infinite.

    Parameters
    ----------
    price : (item,) component cost of a unit in the programme's currency, 0 for none
    """
    items = tables["items"]["item"].to_list()
    inputs, ways = _ways(tables)
    cost = dict(zip(items, price.tolist(), strict=True))
    bought = {item for table in ("supplies", "stocks", "receipts") for item in tables[table]["item"]}
    bought |= {item for item, own in ways.items() if any(not inputs.get(process) for process, _ in own)}
    worth: dict[str, float] = {}
    for item in _upwards(items, inputs, ways):
        made = [sum(need * worth.get(one, np.inf) for one, need in inputs.get(process, {}).items()) / out
                for process, out in ways.get(item, ())]  # fmt: skip
        worth[item] = max([cost[item] if item in bought else 0.0, *made])
    return np.array([worth.get(item, np.inf) for item in items])


def _ways(tables: Tables) -> tuple[dict[str, dict[str, float]], dict[str, list[tuple[str, float]]]]:
    """Return the inputs of a run by process, and the processes of each item with the least good units of a run.

    A newer version is a process of its own that takes one unit of itself.
    """
    good = dict(tables["processes"].select("process", "yield_rate").iter_rows())
    inputs: dict[str, dict[str, float]] = {}
    outputs: dict[tuple[str, str], float] = {}
    for process, item, units in tables["flows"].select("process", "item", "quantity").iter_rows():
        if units < 0:
            own = inputs.setdefault(process, {})
            own[item] = own.get(item, 0.0) - units
        elif units > 0:
            outputs[process, item] = min(outputs.get((process, item), np.inf), units * good[process])
    newer = tables["items"].filter(pl.col("stands_in") & pl.col("replaces").is_not_null())
    for item, old in newer.select("item", "replaces").iter_rows():
        inputs[f"{item}/"], outputs[f"{item}/", old] = {item: 1.0}, 1.0
    ways: dict[str, list[tuple[str, float]]] = {}
    for (process, item), units in outputs.items():
        ways.setdefault(item, []).append((process, units))
    return inputs, ways


def _upwards(
    items: list[str], inputs: Mapping[str, Mapping[str, float]], ways: Mapping[str, list[tuple[str, float]]]
) -> Iterator[str]:
    """Yield items after all that goes into them; those in cycles, and above them, never."""
    below = {item: {one for process, _ in ways.get(item, ()) for one in inputs.get(process, ())} for item in items}
    users: dict[str, list[str]] = {}
    for item, own in below.items():
        for one in own:
            users.setdefault(one, []).append(item)
    left = {item: len(own) for item, own in below.items()}
    ready = [item for item in items if not left[item]]
    while ready:
        item = ready.pop()
        yield item
        for user in users.get(item, ()):
            left[user] -= 1
            if not left[user]:
                ready.append(user)
