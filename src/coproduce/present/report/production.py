"""What each site produces over time, per item."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..words.buckets import Timeline
from ..words.formats import NOISE, counted, joined, plural, share, tidy
from ..words.names import Names

MOST_NUMBERS = 12_000


def finding(totals: list[tuple[str, float]], unit: str) -> str:
    """Say how the output is divided between sites."""
    whole = sum(amount for _, amount in totals)
    if len(totals) == 1:
        return f"{counted(whole, unit)}, all at {totals[0][0]}."
    parts = [f"{share(amount, whole)} at {site}" for site, amount in totals[:4]]
    rest = whole - sum(amount for _, amount in totals[:4])
    return f"{counted(whole, unit)}: {joined(parts + ([f'{share(rest, whole)} elsewhere'] if rest > NOISE else []))}."


def _sites(rows: pl.DataFrame, names: Names, buckets: int) -> list[tuple[str, list[float]]]:
    sites: dict[str, list[float]] = {}
    for site, bucket, produced in rows.select("site", "bucket", "produced").iter_rows():
        sites.setdefault(site, [0.0] * buckets)[bucket] += produced
    return sorted(((names.of("sites", site), values) for site, values in sites.items()), key=lambda one: -sum(one[1]))


def payload(stock: pl.DataFrame, tables_items: dict[str, str], names: Names, time: Timeline) -> dict[str, Any]:
    """Return the output per item, site and bucket; products come first, then the items with most output."""
    made = stock.filter(pl.col("produced") > NOISE)
    totals = made.group_by("item").agg(pl.col("produced").sum()).sort(-pl.col("produced"), "item").rows()
    ordered = sorted(totals, key=lambda one: tables_items.get(one[0]) != "product")
    kept = ordered[: max(1, MOST_NUMBERS // max(3 * len(time), 1))]
    items = []
    for item, _ in kept:
        sites = _sites(made.filter(pl.col("item") == item), names, len(time))
        items.append(
            {
                "name": names.of("items", item),
                "unit": plural(names.unit(item)),
                "finding": finding([(site, sum(values)) for site, values in sites], names.unit(item)),
                "sites": [{"name": site, "values": [tidy(value, 4) for value in values]} for site, values in sites],
            }
        )
    return {"items": items, "left_out": len(ordered) - len(kept)}
