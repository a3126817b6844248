"""Cells that name a row of another table."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from ..read.names import did_you_mean
from ..tables import INPUT_TABLES, Column
from .cells import as_text
from .meant import Names
from .view import View

_SUGGESTED = 200
"""Different unknown names of one column for which a similar name is looked up."""
_FEW = 6
"""Ids that a hint lists in full."""


def unknown_references(view: View) -> Iterator[Problem]:
    """Report every cell that names a row which does not exist."""
    for table, spec in INPUT_TABLES.items():
        for column in spec.columns.values():
            if column.kind == "reference" and table in view.frames:
                yield from _unknown(view, table, column)


def _unknown(view: View, table: str, column: Column) -> Iterator[Problem]:
    target = column.reference
    names = view.frames[table][column.name]
    sheet, key = view.raw.sheets.get(target), next(iter(INPUT_TABLES[target].columns))
    if target in view.raw.spoilt or (sheet is not None and key not in sheet.frame.columns):
        return  # The table has a problem of its own, of which every reference to it would be an echo.
    if names.null_count() == len(names):
        return
    ids = _ids(view, target)
    if ids is None:
        yield from _no_table(view, table, column, names)
        return
    unknown = ~names.is_in(ids.implode())
    if not unknown.any():
        return
    rows, known = unknown.arg_true(), ids.to_list()
    hints: dict[str, str] = {}
    named = Names(view.raw)
    for row, name in zip(rows, names.gather(rows), strict=True):
        if name not in hints:
            near = did_you_mean(name, known) if len(hints) < _SUGGESTED else ""
            hints[name] = named.hint(target, name) or near or _all_known(known)
        message = f'{column.name} "{name}" is unknown: the table {target} does not have it'
        yield view.problem("E302", table, row, column.name, message, seen=name, hint=hints[name])


def _all_known(known: list[str]) -> str:
    """Return the hint that lists all ids, where they are few."""
    return f"it has {', '.join(known)}" if len(known) <= _FEW else ""


def _ids(view: View, target: str) -> pl.Series | None:
    """Return the ids as written, bad ones included: they have their own problem. None without any row."""
    sheet = view.raw.sheets.get(target)
    key = next(iter(INPUT_TABLES[target].columns))
    if sheet is None or not sheet.frame.height:
        return None
    text = as_text(sheet.frame[key])
    return None if text is None else text.drop_nulls().unique(maintain_order=True)


def _no_table(view: View, table: str, column: Column, names: pl.Series) -> Iterator[Problem]:
    if column.reference in ("sites", "items"):
        return  # Required tables have a problem of their own.
    rows = names.is_not_null().arg_true()
    first = names[rows[0]]
    more = f" (nor do the names in {len(rows) - 1} further cells exist)" if len(rows) > 1 else ""
    message = f'{column.name} "{first}" is unknown: there is no table {column.reference}{more}'
    yield view.problem("E303", table, rows[0], column.name, message, seen=first)
