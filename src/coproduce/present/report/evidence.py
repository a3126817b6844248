"""What the figures of the input rest on: the register of cells with evidence, the sources, and what has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ...results.evidence import coverage
from ...tables import INPUT_TABLES, Tables
from ...tables.keys import key_pattern, row_key
from ..words.formats import day, quantity
from .sheet import Field, Sheet, first

MOST_ROWS = 4_000
# An entry of the register that covers more cells than this is shown as one row with the range of its values.
MOST_CELLS = 25

CONFIDENCE = {"cited": "Cited", "estimated": "Estimated", "assumed": "Assumed"}

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


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return day(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return quantity(value) if isinstance(value, (int, float)) else str(value)


class Register:
    """Finds the cells that entries of the register cover; keys of a table are joined once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._rows: dict[str, dict[str, int]] = {}

    def rows(self, table: str, key: str) -> list[tuple[str, int]]:
        """Return key and position of the rows of a table that a key (with `*`) names."""
        if table not in INPUT_TABLES:
            return []
        if table not in self._rows:
            frame = self.tables[table]
            self._rows[table] = {
                key: row for row, key in enumerate(frame.select(row_key(INPUT_TABLES[table])).to_series().to_list())
            }
        known = self._rows[table]
        if "*" not in key:
            return [(key, known[key])] if key in known else []
        pattern = re.compile(key_pattern(key))
        return [(one, row) for one, row in known.items() if pattern.fullmatch(one)]

    def cells(self, entry: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
        """Return key, value and place of the filled cells that an entry covers."""
        table, column = entry["table"], entry["column"]
        if table not in INPUT_TABLES or column not in INPUT_TABLES[table].columns:
            return []
        values = self.tables[table][column]
        return [
            (key, values[row], str(self.tables.origin(table, row, column)))
            for key, row in self.rows(table, entry["key"])
            if values[row] is not None
        ]


def _shown(entry: Mapping[str, Any], register: Register) -> Iterator[tuple[str, str, str]]:
    """Yield key, value and place of the rows by which an entry is shown."""
    cells = register.cells(entry)
    if len(cells) <= MOST_CELLS:
        yield from ((key, _value(value), place) for key, value, place in cells)
        return
    values = [value for _, value, _ in cells]
    low, high = _value(min(values)), _value(max(values))
    span = low if low == high else f"{low} to {high}"
    yield f"{entry['key']} ({len(cells):,} cells)", span, f"from {cells[0][2]}"


def register_sheet(tables: Tables) -> Sheet:
    """Make the register: one row per input cell with evidence, the least firm first."""
    register = Register(tables)
    titles = dict(tables["sources"].select("source", "title").iter_rows())
    rows = []
    for entry in tables["evidence"].iter_rows(named=True):
        column = INPUT_TABLES[entry["table"]].columns.get(entry["column"]) if entry["table"] in INPUT_TABLES else None
        for key, value, place in _shown(entry, register):
            rows.append(
                (
                    CONFIDENCE[entry["confidence"]],
                    entry["table"],
                    key,
                    entry["column"],
                    value,
                    column.unit if column else "",
                    titles.get(entry["source"], entry["source"]) or "",
                    entry["as_published"] or "",
                    entry["derivation"] or "",
                    entry["low"],
                    entry["high"],
                    entry["published"],
                    place,
                )
            )
    firmness = list(CONFIDENCE.values())
    rows.sort(key=lambda row: -firmness.index(row[0]))
    kept, note = first(rows, MOST_ROWS, "cells with evidence")
    return Sheet("Cells with evidence", FIELDS, kept, note, facet=0)


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


def coverage_sheet(tables: Tables) -> Sheet:
    """Make the table of figures by table, column and confidence, columns with the most gaps first."""
    rows = coverage(tables).sort("without", descending=True, maintain_order=True).rows()
    return Sheet("Figures by column", COVERAGE_FIELDS, rows, facet=0)
