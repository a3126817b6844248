"""Parses every table by its declaration: required tables and columns, unknown columns, and every cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from ..codes import problem
from ..errors import Origin, Problem
from ..read import Raw, RawSheet
from ..read.many import MOST_LISTED, listed, not_listed
from ..tables import INPUT_TABLES, Column
from .cells import Parsed, as_text, parse
from .complaints import Complaint, complain
from .meant import Names, column_meant

REQUIRED = ("programme", "sites", "items", "demands")


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """A table with the declared columns.

    Attributes
    ----------
    frame : declared types, defaults filled in; null where a cell is empty or bad
    flawed : columns in which a cell is bad or missing
    """

    frame: pl.DataFrame
    flawed: frozenset[str]
    problems: tuple[Problem, ...]


def missing_tables(raw: Raw) -> Iterator[Problem]:
    """Report the tables without which there is no plan."""
    for table in REQUIRED:
        sheet = raw.sheets.get(table)
        if table in raw.spoilt or (sheet is not None and sheet.frame.height):
            continue
        origin = Origin(raw.name, table) if sheet is None else sheet.origin()
        state = "missing" if sheet is None else "empty"
        yield problem("E117", origin, f"the table {table} is {state}; a plan needs it", expected="at least one row")


def parse_table(sheet: RawSheet, names: Names | None = None) -> ParsedTable:
    """Parse all cells of a table and collect everything that is wrong with them; `names` helps with hints."""
    declared = INPUT_TABLES[sheet.table].columns
    problems = list(listed(_unknown_columns(sheet)))
    columns: list[pl.Series] = []
    flawed: set[str] = set()
    for column in declared.values():
        if column.name not in sheet.frame.columns:
            columns.append(_absent(column, sheet.frame.height))
            missing = list(_missing_column(sheet, column))
            problems += missing
            flawed |= {column.name} if missing else set()
            continue
        raw = sheet.frame[column.name]
        parsed = parse(column, raw)
        found = list(_bad_cells(sheet, column, raw, parsed, names))
        problems += found
        flawed |= {column.name} if found or not parsed.usable else set()
        columns.append(_filled(column, raw, parsed.values))
    return ParsedTable(pl.DataFrame(columns), frozenset(flawed), tuple(problems))


def _unknown_columns(sheet: RawSheet) -> Iterator[Problem]:
    declared = INPUT_TABLES[sheet.table].columns
    for name in sheet.frame.columns:
        if name not in declared:
            absent = [column for column in declared.values() if column.name not in sheet.frame.columns]
            near = column_meant(name, absent)
            hint = f'did you mean "{near}"?' if near else f'start its name with # to keep it: "#{name}"'
            message = f'the table {sheet.table} has no column "{name}"'
            yield problem("E115", sheet.origin(None, name), message, seen=name, expected=", ".join(declared), hint=hint)


def _missing_column(sheet: RawSheet, column: Column) -> Iterator[Problem]:
    if column.required and sheet.frame.height:
        message = f'the required column "{column.name}" is missing'
        yield problem("E116", sheet.origin(), message, expected=column.name)


def _absent(column: Column, height: int) -> pl.Series:
    return pl.repeat(column.default, height, dtype=column.dtype, eager=True).alias(column.name)


def _filled(column: Column, raw: pl.Series, values: pl.Series) -> pl.Series:
    """Fill the default into empty cells, not into bad ones: those must not look like values."""
    values = values.alias(column.name)
    if column.default is None or not values.null_count():
        return values
    return values.zip_with(raw.is_not_null(), pl.Series([column.default], dtype=column.dtype))


def _bad_cells(
    sheet: RawSheet, column: Column, raw: pl.Series, parsed: Parsed, names: Names | None
) -> Iterator[Problem]:
    if column.required and raw.null_count() and parsed.usable:
        empty = Complaint("E201", f"{column.name} is empty", expected=column.meaning)
        yield from listed(_cell_problem(sheet, row, column, "", empty) for row in raw.is_null().arg_true())
    if parsed.bad is None:
        return
    count, rows = int(parsed.bad.sum()), parsed.bad.arg_true().head(MOST_LISTED)
    texts = as_text(raw.gather(rows))
    known: dict[str, Complaint] = {}
    for row, text in zip(rows, texts if texts is not None else [], strict=True):
        if text not in known:
            found = complain(column, text)
            hint = names.hint(column.reference, text) if names and column.reference else ""
            known[text] = replace(found, hint=hint) if hint else found
        one = _cell_problem(sheet, row, column, text, known[text])
        yield one
    if count > len(rows):
        yield not_listed(one, count)


def _cell_problem(sheet: RawSheet, row: int, column: Column, seen: str, why: Complaint) -> Problem:
    origin = sheet.origin(row, column.name)
    return problem(why.code, origin, why.message, seen=seen, expected=why.expected, hint=why.hint)
