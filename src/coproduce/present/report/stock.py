"""Stock of every item and site over time, with what comes in and goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from ...tables import Tables
from ..words.buckets import Timeline
from ..words.formats import NOISE, counted, plural, tidy
from ..words.names import Names

MEASURES = (
    "opening", "received", "produced", "moved_in", "stood_in", "consumed", "moved_out", "delivered", "stands_in",
    "written_off", "closing",
)  # fmt: skip
MOST_NUMBERS = 15_000  # numbers of one measure that are embedded: item-sites x buckets


def _touched(stock: pl.DataFrame, products: list[str]) -> pl.DataFrame:
    """Return the item-sites that hold or move anything: products first, then the busiest."""
    moved = pl.sum_horizontal(pl.col(name).abs() for name in MEASURES)
    return (
        stock.group_by("item", "site")
        .agg(moved.sum().alias("volume"), pl.col("closing").max().alias("peak"))
        .filter(pl.col("volume") > NOISE)
        .sort(pl.col("peak") <= NOISE, ~pl.col("item").is_in(products), -pl.col("volume"), "item", "site")
    )


def _dense(rows: pl.DataFrame, buckets: int) -> dict[str, list[Any]]:
    """Spread the rows of one item-site over all buckets; a bucket without a row is zero."""
    full = pl.DataFrame({"bucket": range(buckets)}, schema={"bucket": pl.Int64}).join(
        rows.select("bucket", *MEASURES), on="bucket", how="left", maintain_order="left"
    )
    return {name: [tidy(value, 4) for value in full[name].fill_null(0.0)] for name in MEASURES}


def _bound(value: float | None, since: datetime | None, time: Timeline) -> list[Any] | None:
    """Return a stock limit per bucket, from the bucket that holds `since`; None where there is none."""
    if not value:
        return None
    begin = time.holding(since) if since else 0
    return [value if bucket >= begin else None for bucket in range(len(time))]


def finding(closing: list[Any], unit: str, time: Timeline) -> str:
    """Say when the stock is highest and how often it is empty at the end of a bucket."""
    peak = max(range(len(closing)), key=lambda bucket: closing[bucket])
    if closing[peak] <= NOISE:
        return f"Nothing stays here: what arrives leaves in the same {time.noun}."
    parts = [f"Highest at the end of {time.labels[peak]}: {counted(closing[peak], unit)}."]
    empty = sum(value <= NOISE for value in closing)
    if empty:
        parts.append(f"Empty at the end of {empty} of {len(closing)} {plural(time.noun)}.")
    return " ".join([*parts, f"{counted(closing[-1], unit)} left at the end."])


def payload(stock: pl.DataFrame, tables: Tables, names: Names, time: Timeline) -> dict[str, Any]:
    """Return the stock series for the page."""
    touched = _touched(stock, tables["items"].filter(pl.col("kind") == "product")["item"].to_list())
    kept = touched.head(max(1, MOST_NUMBERS // max(len(time), 1)))
    limits = {(row["item"], row["site"]): row for row in tables["stocks"].iter_rows(named=True)}
    parts = stock.partition_by("item", "site", as_dict=True)
    places = []
    for item, site in kept.select("item", "site").iter_rows():
        measures = _dense(parts[(item, site)], len(time))
        limit = limits.get((item, site), {})
        places.append(
            {
                "item": names.of("items", item),
                "site": names.of("sites", site),
                "unit": plural(names.unit(item)),
                "finding": finding(measures["closing"], names.unit(item), time),
                "minimum": _bound(limit.get("minimum"), limit.get("minimum_from"), time),
                "maximum": _bound(limit.get("maximum"), None, time),
                **measures,
            }
        )
    return {"places": places, "left_out": touched.height - kept.height}
