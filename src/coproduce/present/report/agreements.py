"""What became of the agreements, what each costs, and how far items travel."""

from __future__ import annotations

import polars as pl

from ...tables import Tables
from ..words.formats import day, last_day
from ..words.names import Names, stage_words, unit_words
from .sheet import Field, Sheet, first

MOST_ROWS = 3_000
KINDS = {
    "share": "Work share",
    "set": "Set",
    "fair_share": "Fair shares",
    "export_floor": "Floor at home",
    "reservation": "Reserved capacity",
    "border": "Border crossing",
    "transit_days": "Days in transit",
    "transit_crossings": "Border crossings",
    "transit_limit": "Limit on transit",
    "origin_limit": "Limit on origin",
    "cash": "Waiting for money",
    "all": "All agreements",
}
TABLES = {
    "share": "shares",
    "set": "sets",
    "fair_share": "fair_shares",
    "export_floor": "export_floors",
    "reservation": "reservations",
    "border": "borders",
    "transit_days": "transit_limits",
    "transit_crossings": "transit_limits",
    "transit_limit": "transit_limits",
    "origin_limit": "origin_limits",
    "cash": "contracts",
}
_UNMEASURED = "nothing to measure"


def _name(kind: str, agreement: str, tables: Tables) -> str:
    """Return the name of an agreement as given, or its id."""
    if kind not in TABLES:
        return "without any of them"
    frame = tables[TABLES[kind]]
    names = frame.filter(pl.col(frame.columns[0]) == agreement)["name"].to_list()
    return names[0] or agreement if names else agreement


def sheet(agreements: pl.DataFrame, tables: Tables) -> Sheet:
    """Make the table of all agreements: value, limits, whether it is kept, and the cell that sets it."""
    rows = [
        (
            KINDS[row["kind"]],
            _name(row["kind"], row["agreement"], tables),
            "kept" if row["kept"] else "broken",
            f"{day(row['first'])} to {last_day(row['last'])}",
            row["value"],
            row["least"],
            row["most"],
            row["unit"] if row["value"] is not None else f"{row['unit']}: {_UNMEASURED}",
            f"{row['file']} › {row['cell']}",
        )
        for row in agreements.iter_rows(named=True)
    ]
    kept, note = first(rows, MOST_ROWS, "agreements", "agreements")
    numbers = (Field("In the plan", "number"), Field("At least", "number"), Field("At most", "number"))
    fields = (
        Field("Kind"),
        Field("Agreement"),
        Field("Kept"),
        Field("Period"),
        *numbers,
        Field("Unit"),
        Field("Set by"),
    )
    return Sheet("Agreements", fields, kept, note, facet=0, units=7)


def cost_sheet(costs: pl.DataFrame, tables: Tables) -> Sheet:
    """Make the table of what leaving an agreement out would change, stage by stage, as proven intervals."""
    rows = [
        (
            KINDS[row["kind"]],
            _name(row["kind"], row["agreement"], tables),
            stage_words(row["stage"]),
            row["low"],
            row["high"],
            unit_words(row["unit"]),
            row["value_with"],
            row["value_without"],
        )
        for row in costs.iter_rows(named=True)
    ]
    numbers = (Field("Costs at least", "number"), Field("Costs at most", "number"))
    values = (Field("With it", "number"), Field("Without it", "number"))
    fields = (Field("Kind"), Field("Agreement"), Field("Stage"), *numbers, Field("Unit"), *values)
    return Sheet("What agreements cost", fields, rows, facet=2, units=5)


def exposure_sheet(exposure: pl.DataFrame, names: Names) -> Sheet:
    """Make the table of how far items travel over each lane."""
    rows = [
        (
            names.of("items", row["item"]),
            names.of("lanes", row["lane"]),
            f"{names.of('sites', row['from_site'])} → {names.of('sites', row['to_site'])}",
            row["border"] or "",
            row["quantity"],
            row["crossings"],
            row["transit"],
            names.unit(row["item"]),
        )
        for row in exposure.iter_rows(named=True)
    ]
    kept, note = first(rows, MOST_ROWS, "ways", "exposure")
    numbers = (Field("Units", "number"), Field("Unit-crossings", "number"), Field("Unit-days in transit", "number"))
    fields = (Field("Item"), Field("Lane"), Field("Way"), Field("Border"), *numbers, Field("Unit"))
    return Sheet("Borders crossed and days in transit", fields, kept, note, facet=0, units=7)
