"""What the figures of the input rest on: the register of cells with evidence, the sources, and what has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from ...results.evidence import covered
from ...tables import Tables
from ..words.formats import day, quantity
from .sheet import Field, Sheet, first

MOST_ROWS = 4_000
# More cells than this with the same evidence are shown as one row with the range of their values.
MOST_CELLS = 25

CONFIDENCE = {"cited": "Cited", "estimated": "Estimated", "assumed": "Assumed", "without": "Without evidence"}
AGREEMENT = {
    "agree": "Agree",
    "conflict": "Conflict",
    "not_comparable": "Not comparable",
    "one_source": "One source",
    "none": "",
}

FIELDS = (
    Field("Confidence"),
    Field("Table"),
    Field("Row"),
    Field("Column"),
    Field("Value"),
    Field("Unit"),
    Field("Source"),
    Field("As published"),
    Field("Derivation"),
    Field("Lowest", "number"),
    Field("Highest", "number"),
    Field("Known since", "date"),
    Field("Cell"),
    Field("Source of", "date"),
    Field("Agreement"),
    Field("Other evidence"),
)
SOURCE_FIELDS = (
    Field("Source"),
    Field("Publisher"),
    Field("Title"),
    Field("Published", "date"),
    Field("Reliability"),
    Field("Address", "link"),
    Field("Remark"),
)
COVERAGE_FIELDS = (
    Field("Table"),
    Field("Column"),
    Field("Cited", "number", "figures", total=True),
    Field("Estimated", "number", "figures", total=True),
    Field("Assumed", "number", "figures", total=True),
    Field("Without evidence", "number", "figures", total=True),
)


def _value(row: Mapping[str, Any]) -> str:
    return day(row["day"]) if row["value"] is None else quantity(row["value"])


def _shown(cells: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield key, value and place of the rows by which cells with the same evidence are shown."""
    if cells.height <= MOST_CELLS:
        yield from ((row["key"], _value(row), f"{row['file']} › {row['cell']}") for row in cells.iter_rows(named=True))
        return
    one = cells.row(0, named=True)
    ends = cells.select(pl.col("value", "day").min()), cells.select(pl.col("value", "day").max())
    low, high = (_value(end.row(0, named=True)) for end in ends)
    name = one["pattern"] or f"{one['key']} and others"
    place = f"from {one['file']} › {one['cell']}"
    yield f"{name} ({cells.height:,} cells)", low if low == high else f"{low} to {high}", place


def register_sheet(registered: pl.DataFrame) -> Sheet:
    """Make the register: one row per figure of the input, the least firm first; many cells of one evidence as one row.

    Parameters
    ----------
    registered : the result table `register`
    """
    alike = ["table", "column", "pattern", "confidence", "source", "as_published", "derivation", "others"]
    rows = []
    for _, cells in registered.group_by(alike, maintain_order=True):
        one = cells.row(0, named=True)
        for key, value, place in _shown(cells):
            rows.append(
                (
                    CONFIDENCE[one["confidence"]],
                    one["table"],
                    key,
                    one["column"],
                    value,
                    one["unit"] or "",
                    one["title"] or one["source"] or "",
                    one["as_published"] or "",
                    one["derivation"] or "",
                    one["low"],
                    one["high"],
                    one["published"],
                    place,
                    one["source_published"],
                    AGREEMENT[one["agreement"]],
                    one["others"] or "",
                )
            )
    firmness = list(CONFIDENCE.values())
    rows.sort(key=lambda row: -firmness.index(row[0]))
    kept, note = first(rows, MOST_ROWS, "figures")
    return Sheet("Figures of the input", FIELDS, kept, note, facet=0)


def sources_sheet(tables: Tables) -> Sheet:
    """Make the list of sources."""
    rows = [
        (
            row["source"],
            row["publisher"] or "",
            row["title"],
            row["published"],
            row["reliability"],
            row["url"] or "",
            row["remark"] or "",
        )
        for row in tables["sources"].iter_rows(named=True)
    ]
    kept, note = first(rows, 2_000, "sources")
    return Sheet("Sources", SOURCE_FIELDS, kept, note)


def coverage_sheet(registered: pl.DataFrame) -> Sheet:
    """Make the table of figures by table, column and confidence, columns with the most gaps first."""
    rows = covered(registered).sort("without", descending=True, maintain_order=True).rows()
    return Sheet("Figures by column", COVERAGE_FIELDS, rows, facet=0)
