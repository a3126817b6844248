"""Which rows of a table fit the conditions of a line, compared by the declared kinds of the columns."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from ..check.cells import parse
from ..check.complaints import complain
from ..check.meant import column_meant
from ..read import RawSheet
from ..read.names import did_you_mean
from ..tables import INPUT_TABLES, Column
from .change import ChangeError, Line
from .clauses import Clause, ClauseError, Word, clauses

EVERY = "*"
_ORDER: dict[str, Callable[[pl.Series, Any], pl.Series]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_LISTED = 6


def free(column: Column) -> Column:
    """Return a column without its bounds: conditions and factors may lie outside them."""
    return replace(column, minimum=None, above=None, maximum=None)


def declared(table: str, name: str, at: str) -> Column:
    """Return a declared column.

    Raises
    ------
    ChangeError
        if the table has no such column; the problem stands in the line's cell `at`.
    """
    columns = INPUT_TABLES[table].columns
    if name not in columns:
        near = column_meant(name, columns.values())
        hint = f'did you mean "{near}"?' if near else f"it has {', '.join(columns)}"
        raise ChangeError("E601", at, f'the table {table} has no column "{name}"', seen=name, hint=hint)
    return columns[name]


def split(text: str, at: str) -> tuple[Clause, ...]:
    """Return the clauses of a line's cell `at`.

    Raises
    ------
    ChangeError
        if the text has not their form.
    """
    try:
        return clauses(text)
    except ClauseError as failure:
        expected = "column = value; column = value" if at == "value" else "column = value; column in a|b"
        raise ChangeError("E602", at, f"{at}: {failure}", seen=text, expected=expected) from None


def rows_where(line: Line, sheet: RawSheet) -> list[int]:
    """Return the rows that fit all conditions of a line, from 0; without conditions all.

    Raises
    ------
    ChangeError
        if a condition cannot be understood, or no row fits.
    """
    text = "" if line.where == EVERY else line.where
    fits = pl.repeat(True, sheet.frame.height, dtype=pl.Boolean, eager=True)
    for clause in split(text, "where"):
        found = _fits(clause, declared(line.table, clause.column, "where"), sheet)
        if not found.any():
            raise _none(line, clause, sheet)
        fits &= found
    if not fits.any():
        words = f"no row of {line.table} fits" + (f" all of {text}" if text else ": it has none")
        raise ChangeError("E603", "where" if text else "table", words, seen=text)
    return fits.arg_true().to_list()


def values(column: Column, sheet: RawSheet) -> pl.Series:
    """Return the cells of a column as their declared type; empty ones as the default, bad ones as null."""
    if column.name not in sheet.frame.columns:
        return pl.repeat(column.default, sheet.frame.height, dtype=column.dtype, eager=True)
    raw = sheet.frame[column.name]
    parsed = parse(column, raw).values
    if column.default is None:
        return parsed
    return parsed.zip_with(raw.is_not_null(), pl.Series([column.default], dtype=column.dtype))


def _fits(clause: Clause, column: Column, sheet: RawSheet) -> pl.Series:
    cells = values(free(column), sheet)
    order = _ORDER.get(clause.sign)
    if order is not None:
        if column.kind not in ("number", "integer", "date") or clause.words[0].empty:
            message = f"{clause.sign} compares numbers and dates, and {column.name} holds neither"
            raise ChangeError("E602", "where", message, seen=clause.words[0].text, expected="= != or in")
        fits: pl.Series = order(cells, _literal(column, clause.words[0]))
        return fits.fill_null(False)
    equal: pl.Series = pl.repeat(False, len(cells), dtype=pl.Boolean, eager=True)
    for word in clause.words:
        equal = equal | _equal(column, cells, word)
    return ~equal if clause.sign == "!=" else equal


def _equal(column: Column, cells: pl.Series, word: Word) -> pl.Series:
    if word.empty:
        return cells.is_null()
    if column.dtype == pl.String and "*" in word.text and not word.quoted:
        form = "^" + ".*".join(re.escape(part) for part in word.text.split("*")) + "$"
        return cells.str.contains(form).fill_null(False)
    same: pl.Series = cells == _literal(column, word)
    return same.fill_null(False)


def _literal(column: Column, word: Word) -> Any:
    """Return a value of a condition in the type of its column."""
    if column.kind in ("text", "key", "reference", "label", "pattern", "country", "currency"):
        return word.text
    value = parse(free(column), pl.Series([word.text], dtype=pl.String)).values[0]
    if value is None:
        why = complain(column, word.text)
        raise ChangeError("E602", "where", why.message, seen=word.text, expected=why.expected, hint=why.hint)
    return value


def _none(line: Line, clause: Clause, sheet: RawSheet) -> ChangeError:
    """Say that a condition fits no row, and what there is instead."""
    column = INPUT_TABLES[line.table].columns[clause.column]
    texts = [str(value) for value in values(free(column), sheet).drop_nulls().unique(maintain_order=True).to_list()]
    near = next((hint for word in clause.words if (hint := did_you_mean(word.text, texts))), "")
    few = f"it has {', '.join(texts)}" if 0 < len(texts) <= _LISTED else ""
    said = f"{clause.column} {clause.sign} {'|'.join(word.text for word in clause.words)}"
    return ChangeError("E603", "where", f"no row of {line.table} has {said}", seen=said, hint=near or few)
