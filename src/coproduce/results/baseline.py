"""A result as the baseline of a later plan: what it does, with dates in place of buckets."""

from __future__ import annotations

import polars as pl

from ..tables import INPUT_TABLES
from .result import PlanResult

_PARTS = {
    "runs": ("run", "process"),
    "purchases": ("order", "supply"),
    "shipments": ("shipment", "lane"),
    "deliveries": ("delivery", "demand"),
}


def baseline_of(result: PlanResult) -> pl.DataFrame:
    """Return the table `baseline` that a result makes: its horizon, then its runs, orders, shipments, deliveries."""
    spec, buckets = INPUT_TABLES["baseline"], result.frames["buckets"]
    horizon = buckets.select(kind=pl.lit("horizon"), start=pl.col("start").min(), end=pl.col("end").max()).head(1)
    parts = [horizon]
    for table, (kind, column) in _PARTS.items():
        frame = result.frames[table].join(buckets.select("bucket", "start", "end"), on="bucket", maintain_order="left")
        item = pl.col("item") if kind == "shipment" else pl.lit(None, dtype=pl.String).alias("item")
        parts.append(
            frame.filter(pl.col("quantity") > 0).select(
                pl.lit(kind).alias("kind"), pl.col(column).alias("entity"), item, "start", "end", "quantity"
            )
        )
    joined = pl.concat(parts, how="diagonal")
    return joined.select(pl.col(column.name).cast(column.dtype) for column in spec.columns.values())
