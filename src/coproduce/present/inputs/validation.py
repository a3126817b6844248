"""Which values a spreadsheet offers and accepts in a column: lists, bounds, dates; a warning, never a barrier."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ...tables import INPUT_TABLES, Column

LAST_ROW = 10_000
"""Rows, from the header on, for which a spreadsheet offers and checks values."""

_LONGEST_LIST, _LONGEST_MESSAGE = 255, 255
_LETTERS = {"country": 2, "currency": 3}
Rule = dict[str, Any]
Places = dict[str, dict[str, int]]
"""Position of each column of each sheet, by the names of table and column."""


def rule(column: Column, row: int, position: int, places: Places) -> Rule | None:
    """Return the validation of a column whose first cell is at `row`, `position` (from 0); None if any text will do."""
    found = _rule(column, xl_rowcol_to_cell(row, position), places)
    if found is None:
        return None
    about = f"{column.meaning}."[:_LONGEST_MESSAGE]
    return {**found, "error_type": "warning", "error_title": column.name[:32], "error_message": about}


def _rule(column: Column, cell: str, places: Places) -> Rule | None:
    if column.reference:
        return _reference(column.reference, places)
    if column.choices:
        return _list(column.choices)
    match column.kind:
        case "flag":
            return _list(("yes", "no"))
        case "number":
            return _number(column, cell)
        case "integer":
            low = column.minimum if column.minimum is not None else 0
            return {"validate": "integer", "criteria": ">=", "value": int(low)}
        case "date":
            return {"validate": "date", "criteria": ">=", "value": date(1900, 3, 1)}
        case "country" | "currency":
            return {"validate": "length", "criteria": "==", "value": _LETTERS[column.kind]}
    return None


def _list(choices: tuple[str, ...]) -> Rule | None:
    return {"validate": "list", "source": list(choices)} if len(",".join(choices)) <= _LONGEST_LIST else None


def _reference(table: str, places: Places) -> Rule | None:
    return {"validate": "list", "source": f"={_name(table)}"} if _key(table) in places.get(table, {}) else None


def id_lists(places: Places) -> dict[str, str]:
    """Return the formula of each list of ids by the name to define: the filled cells of the id column.

    A rule that names another sheet itself would be lost in programs that do not know this extension of the format.
    """
    return {
        _name(table): _filled(table, places[table][_key(table)]) for table in INPUT_TABLES if _has_ids(table, places)
    }


def _has_ids(table: str, places: Places) -> bool:
    key = INPUT_TABLES[table].columns[_key(table)]
    return key.kind in ("key", "label") and key.name in places.get(table, {})


def _name(table: str) -> str:
    return f"ids_{table}"


def _key(table: str) -> str:
    return next(iter(INPUT_TABLES[table].columns))


def _filled(table: str, position: int) -> str:
    letter = xl_col_to_name(position)
    cells = f"'{table}'!${letter}$2:${letter}${LAST_ROW}"
    return f"=OFFSET('{table}'!${letter}$2,0,0,MAX(1,COUNTA({cells})),1)"


def _number(column: Column, cell: str) -> Rule:
    if column.above is not None:
        below = f",{cell}<={column.maximum:.15g}" if column.maximum is not None else ""
        return {"validate": "custom", "value": f"=AND(ISNUMBER({cell}),{cell}>{column.above:.15g}{below})"}
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    return {"validate": "decimal", "criteria": ">=", "value": low if low is not None else -1e12}
