"""The plan as orders that a planning system can take over: what to make, buy and ship, with names and dates."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from .result import PlanResult

SMALLEST = 1e-6
"""Quantities below this are dust of the arithmetic and no orders."""

_DAY_MICROSECONDS = 86_400_000_000


def orders(result: PlanResult) -> Mapping[str, pl.DataFrame]:
    """Return the tables of manufacturing, purchase and distribution orders.

    Every order has `quantity`, `start` (start of the bucket) and `end` (start plus lead time). Rows of the input
    without a name are not of the user's making, so that their orders are left out; items and sites have their names.
    """
    return {
        "manufacturing": _dated(result, "runs", "processes", "process").select("operation", *_WHEN),
        "purchase": _placed(result, "purchases", "supplies", "supply").select("item", "supplier", "location", *_WHEN),
        "distribution": _moved(result).select("item", "origin", "location", *_WHEN),
    }


_WHEN = ("quantity", "start", "end")


def _dated(result: PlanResult, table: str, source: str, key: str) -> pl.DataFrame:
    """Return a table of results with the name of its row and with dates, in the order of the dates."""
    about = result.tables[source].select(key, operation="name", lead=pl.col("lead_days").fill_null(0.0))
    end = pl.col("start") + pl.duration(microseconds=(pl.col("lead") * _DAY_MICROSECONDS).round().cast(pl.Int64))
    return (
        result.frames[table]
        .filter(pl.col("quantity") > SMALLEST)
        .join(result.frames["buckets"].select("bucket", "start"), on="bucket")
        .join(about, on=key)
        .filter(pl.col("operation").is_not_null())
        .with_columns(end=end)
        .sort("start", key)
    )


def _placed(result: PlanResult, table: str, source: str, key: str) -> pl.DataFrame:
    parties = _names(result, "parties", "party")
    supplier = result.tables[source].select(key, "party")
    frame = _dated(result, table, source, key).join(supplier, on=key)
    return frame.with_columns(
        item=_named(result, "items", "item"),
        location=_named(result, "sites", "site"),
        supplier=pl.col("party").replace(parties),
    )


def _moved(result: PlanResult) -> pl.DataFrame:
    sites = _names(result, "sites", "site")
    return _dated(result, "shipments", "lanes", "lane").with_columns(
        item=_named(result, "items", "item"),
        origin=pl.col("from_site").replace(sites),
        location=pl.col("to_site").replace(sites),
    )


def _named(result: PlanResult, table: str, key: str) -> pl.Expr:
    return pl.col(key).replace(_names(result, table, key))


def _names(result: PlanResult, table: str, key: str) -> dict[str, str]:
    """Return the names of the rows of a table, their ids where they have none."""
    frame = result.tables[table].select(key, pl.col("name").fill_null(pl.col(key)))
    return dict(frame.iter_rows())
