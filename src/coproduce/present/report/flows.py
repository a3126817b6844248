"""What moves between sites over the horizon, lane by lane, and what is bought from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ...tables import Tables
from ..words.formats import NOISE, counted
from ..words.names import Names
from .sheet import Field, Sheet, first

MOST_ROWS = 4_000
LANE_UNIT = "lane unit"

LANE_FIELDS = (
    Field("Item"),
    Field("Lane"),
    Field("From"),
    Field("To"),
    Field("Border"),
    Field("Mode"),
    Field("Days in transit", "number", "days"),
    Field("Quantity", "number"),
    Field("Unit"),
    Field("Lane units", "number", "", total=True),
)
PURCHASE_FIELDS = (
    Field("Item"),
    Field("Supply"),
    Field("Supplier"),
    Field("Origin"),
    Field("To"),
    Field("Quantity", "number"),
    Field("Unit"),
)


@dataclass(frozen=True)
class LaneFlow:
    """What one lane carries of one item over the horizon.

    Attributes
    ----------
    quantity : in the item's unit
    volume : in lane units, the measure in which items share a lane's capacity
    """

    lane: str
    item: str
    from_site: str
    to_site: str
    border: str
    mode: str
    lead_days: float
    quantity: float
    volume: float
    cost: float


def lane_flows(shipments: pl.DataFrame, tables: Tables) -> list[LaneFlow]:
    """Sum the shipments by lane and item; the largest volumes first."""
    lanes = tables["lanes"].select("lane", "border", "mode", "lead_days")
    sizes = tables["items"].select("item", "transport_size")
    sums = (
        shipments.group_by("lane", "item", "from_site", "to_site")
        .agg(pl.col("quantity", "cost").sum())
        .filter(pl.col("quantity") > NOISE)
        .join(lanes, on="lane", how="left")
        .join(sizes, on="item", how="left")
        .with_columns(volume=pl.col("quantity") * pl.col("transport_size"))
        .sort(-pl.col("volume"), "lane", "item")
    )
    return [
        LaneFlow(
            row["lane"], row["item"], row["from_site"], row["to_site"], row["border"] or "", row["mode"] or "",
            row["lead_days"] or 0.0, row["quantity"], row["volume"], row["cost"],
        )
        for row in sums.iter_rows(named=True)
    ]  # fmt: skip


def lane_sheet(flows: list[LaneFlow], names: Names, currency: str) -> Sheet:
    """Make the table of flows between sites."""
    rows = [
        (
            names.of("items", one.item),
            names.of("lanes", one.lane),
            names.of("sites", one.from_site),
            names.of("sites", one.to_site),
            one.border,
            one.mode,
            one.lead_days,
            one.quantity,
            names.unit(one.item),
            one.volume,
            one.cost,
        )
        for one in flows
    ]
    kept, note = first(rows, MOST_ROWS, "flows, the largest first", "shipments")
    cost = Field("Cost", "number", currency, total=True)
    return Sheet("Flows between sites over the horizon", (*LANE_FIELDS, cost), kept, note, facet=0)


def purchase_sheet(purchases: pl.DataFrame, tables: Tables, names: Names, currency: str) -> Sheet:
    """Make the table of what is bought from outside, the dearest first."""
    offers = tables["supplies"].select("supply", "party", "origin")
    sums = (
        purchases.group_by("supply", "item", "site")
        .agg(pl.col("quantity", "cost").sum())
        .filter(pl.col("quantity") > NOISE)
        .join(offers, on="supply", how="left")
        .sort(-pl.col("cost"), "supply")
    )
    rows = [
        (
            names.of("items", row["item"]),
            names.of("supplies", row["supply"]),
            names.of("parties", row["party"]),
            row["origin"] or "",
            names.of("sites", row["site"]),
            row["quantity"],
            names.unit(row["item"]),
            row["cost"],
        )
        for row in sums.iter_rows(named=True)
    ]
    kept, note = first(rows, MOST_ROWS, "purchases, the dearest first", "purchases")
    cost = Field("Cost", "number", currency, total=True)
    return Sheet("Purchases over the horizon", (*PURCHASE_FIELDS, cost), kept, note)


@dataclass(frozen=True)
class Arc:
    """All that moves from one site to another.

    Attributes
    ----------
    volumes : item -> (quantity in its unit, volume in lane units)
    borders : borders that the lanes cross
    """

    from_site: str
    to_site: str
    volumes: Mapping[str, tuple[float, float]]
    borders: tuple[str, ...]

    @property
    def volume(self) -> float:
        """Lane units of all items."""
        return sum(volume for _, volume in self.volumes.values())


def arcs(flows: list[LaneFlow]) -> list[Arc]:
    """Put the lanes between the same two sites together, in the order of the flows."""
    together: dict[tuple[str, str], list[LaneFlow]] = {}
    for one in flows:
        together.setdefault((one.from_site, one.to_site), []).append(one)
    found = []
    for (origin, target), parts in together.items():
        volumes: dict[str, tuple[float, float]] = {}
        for one in parts:
            quantity, volume = volumes.get(one.item, (0.0, 0.0))
            volumes[one.item] = (quantity + one.quantity, volume + one.volume)
        borders = tuple(sorted({one.border for one in parts if one.border}))
        found.append(Arc(origin, target, volumes, borders))
    return sorted(found, key=lambda arc: -arc.volume)


def arc_words(arc: Arc, names: Names) -> list[str]:
    """Return what an arc carries, an item a line, the largest first."""
    largest = sorted(arc.volumes.items(), key=lambda one: -one[1][1])
    lines = [
        f"{counted(quantity, names.unit(item))} of {names.of('items', item)}" for item, (quantity, _) in largest[:8]
    ]
    more = len(largest) - 8
    return lines + ([f"and {more:,} more items"] if more > 0 else [])


def finding(found: list[Arc], names: Names) -> str:
    """Say how much moves and over which border most of it goes."""
    if not found:
        return "Nothing moves between sites in this plan."
    whole = sum(arc.volume for arc in found)
    lead = found[0]
    text = (
        f"{len(found):,} connections carry {counted(whole, LANE_UNIT)}; the busiest runs from "
        f"{names.of('sites', lead.from_site)} to {names.of('sites', lead.to_site)}."
    )
    borders = sorted({border for arc in found for border in arc.borders})
    if not borders:
        return text
    if len(borders) == 1:
        return f"{text} One border is crossed: {borders[0]}."
    return f"{text} {len(borders)} borders are crossed: {', '.join(borders[:6])}{' …' if len(borders) > 6 else ''}."


def items_of(found: list[Arc], names: Names) -> list[dict[str, Any]]:
    """Return the items that move, by volume, for the choice above the map."""
    volumes: dict[str, float] = {}
    for arc in found:
        for item, (_, volume) in arc.volumes.items():
            volumes[item] = volumes.get(item, 0.0) + volume
    ordered = sorted(volumes, key=lambda item: (-volumes[item], item))
    return [{"item": item, "name": names.of("items", item), "unit": names.unit(item)} for item in ordered]
