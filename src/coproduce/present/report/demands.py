"""The table of demands: what is promised, what is late and what falls short."""

from __future__ import annotations

import polars as pl

from ...tables import Tables
from ..words.formats import inclusive
from ..words.names import KIND_WORDS, STATUS_WORDS, Names
from ..words.service import worst_first
from .sheet import Field, Sheet, first

MOST_ROWS = 6_000

UNIT_COLUMN = 9
FIELDS = (
    Field("Status"),
    Field("Demand"),
    Field("Due", "date"),
    Field("Promised by", "date"),
    Field("Days late", "number"),
    Field("Asked", "number", total=True),
    Field("On time", "number", total=True),
    Field("Late", "number", total=True),
    Field("Never", "number", total=True),
    Field("Unit"),
    Field("Item"),
    Field("Site"),
    Field("Kind"),
    Field("Lateness", "number", "unit-days", total=True),
    Field("Priority", "number"),
    Field("Customer"),
    Field("Contract"),
    Field("Earliest possible", "date"),
)


def sheet(service: pl.DataFrame, tables: Tables, names: Names) -> Sheet:
    """Make the table; every demand stands in it, the worst first."""
    asked = tables["demands"].select("demand", "party", "contract")
    full = worst_first(service).join(asked, on="demand", how="left", maintain_order="left")
    rows = [
        (
            STATUS_WORDS[row["status"]],
            title(row["demand"], names),
            row["due"],
            None if row["status"] == "short" else inclusive(row["last_delivery"]),
            row["late_days"],
            row["asked"],
            row["on_time"],
            row["late"],
            row["unmet"],
            names.unit(row["item"]),
            names.of("items", row["item"]),
            names.of("sites", row["site"]),
            KIND_WORDS.get(row["kind"], row["kind"]),
            row["late_unit_days"],
            row["priority"],
            names.of("parties", row["party"]),
            row["contract"] or "",
            inclusive(row["earliest_possible"]),
        )
        for row in full.iter_rows(named=True)
    ]
    kept, note = first(rows, MOST_ROWS, "demands, the worst first", "demand_service")
    return Sheet("Demands", FIELDS, kept, note, facet=0, units=UNIT_COLUMN)


def title(demand: str, names: Names) -> str:
    """Return the id of a demand, with its name where it has one."""
    name = names.of("demands", demand)
    return demand if name == demand else f"{demand} – {name}"
