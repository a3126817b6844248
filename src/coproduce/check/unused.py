"""Columns that are filled although no part of the program uses them yet."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Problem
from ..tables import INPUT_TABLES, Column
from .view import View


def columns_not_honoured(view: View) -> Iterator[Problem]:
    """Report each column that is used but not honoured, once, at its first cell."""
    for table, spec in INPUT_TABLES.items():
        for column in spec.columns.values():
            if not column.honoured and view.given(table, column.name):
                yield from _used(view, table, column)


def _used(view: View, table: str, column: Column) -> Iterator[Problem]:
    values = view.frames[table][column.name]
    used = values.is_not_null()
    if column.default is not None:
        used &= values != column.default
    rows = used.fill_null(False).arg_true()
    if len(rows):
        cells = "its one cell changes" if len(rows) == 1 else f"its {len(rows)} cells change"
        message = f"{column.name} is not honoured yet; {cells} nothing in the plan"
        yield view.problem("W504", table, rows[0], column.name, message, seen=values[rows[0]])
