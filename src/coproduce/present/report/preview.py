"""The first rows of a table as plain HTML, so that tables can be read without scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..words.formats import counted, day, quantity, share
from .sheet import Field, Sheet

ROWS = 25


def _blank(value: Any) -> bool:
    return value is None or value == ""


def _cell(value: Any, field: Field) -> str:
    if _blank(value):
        return ""
    if isinstance(value, datetime):
        return day(value)
    if field.kind == "share":
        return share(value, 1.0)
    return quantity(value) if field.kind == "number" else str(value)


def preview(sheet: Sheet) -> dict[str, Any]:
    """Return head, first rows and a note on what is missing; columns that are empty throughout are left out."""
    rows = sheet.rows[:ROWS]
    shown = [place for place in range(len(sheet.fields)) if not all(_blank(row[place]) for row in rows)]
    fields = [sheet.fields[place] for place in shown]
    more = len(sheet.rows) - len(rows)
    left_out = f"The first {ROWS} of {counted(len(sheet.rows), 'row')}; the others need JavaScript." if more else ""
    return {
        "title": sheet.title,
        "head": [(field.title, field.unit, field.kind) for field in fields],
        "rows": [
            [(_cell(row[place], sheet.fields[place]), sheet.fields[place].kind) for place in shown] for row in rows
        ],
        "note": " ".join(filter(None, (left_out, sheet.note))),
    }
