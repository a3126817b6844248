"""What a limit on origin is about: its products, all that goes into them, and the countries that are inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ..tables import Tables
from ..tables.keys import listed
from .sources import Bools
from .zones import ORIGIN_ZONES


@dataclass(frozen=True)
class Covered:
    """What a limit covers.

    Attributes
    ----------
    products : (item,) the items that it names
    items : (item,) these, newer versions that stand in for them, and all that goes into them
    makers : (process,) the processes that make one of the items
    made : (item,) whether some process makes the item of others
    """

    products: Bools
    items: Bools
    makers: Bools
    made: Bools


def inside_of(row: Mapping[str, Any]) -> frozenset[str]:
    """Return the countries that a row of `origin_limits` has inside."""
    return ORIGIN_ZONES[row["instrument"]] if row["instrument"] else frozenset(listed(row["countries"]))


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
    takes = outputs.filter(pl.col("process").is_in(inputs["process"].implode()))["item"]
    return Covered(
        products=_are(items["item"], products),
        items=_are(items["item"], found),
        makers=_are(tables["processes"]["process"], set(makers.to_list())),
        made=_are(items["item"], set(takes.to_list())),
    )


def _are(ids: pl.Series, chosen: set[str]) -> Bools:
    return np.array([one in chosen for one in ids], dtype=bool)
