"""Compares what a programme says in two forms, by a reading of numbers and dates of its own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from coproduce import api
from coproduce.errors import InputError
from coproduce.read import Raw
from coproduce.read.csv_file import read_csv
from coproduce.read.excel import read_workbook
from coproduce.tables import INPUT_TABLES

Cells = dict[str, list[tuple[object, ...]]]


def cell(kind: str, value: object) -> object:
    """Return what a cell means: numbers by value, dates by moment, texts as they are with one form of line break."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if kind in ("number", "integer") and text.strip() == text:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        return number if number.is_finite() else text
    if kind == "date" and text[:4].isdigit():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return text
    return text


def raw_cells(raw: Raw) -> Cells:
    """Return header and rows of every table of a raw programme."""
    found: Cells = {}
    for table, sheet in raw.sheets.items():
        columns = INPUT_TABLES[table].columns
        kinds = [columns[name].kind if name in columns else "" for name in sheet.frame.columns]
        rows = [tuple(map(cell, kinds, row)) for row in sheet.frame.iter_rows()]
        found[table] = [tuple(sheet.frame.columns), *rows]
    return found


def all_cells(path: Path) -> dict[str, list[tuple[str, ...]]]:
    """Return every filled row of every sheet of a workbook or CSV folder, tables or not, as text."""
    if path.is_dir():
        grids = {file.stem: read_csv(file, file.stem).grid for file in sorted(path.glob("*.csv"))}
    else:
        grids = {grid.sheet: grid for grid in read_workbook(path).grids}
    found = {}
    for name, grid in grids.items():
        assert grid is not None
        rows = [tuple((text or "").strip() for text in row) for row in grid.frame.iter_rows()]
        found[name] = [row for row in rows if any(row)]
    return found


def says(path: Path) -> Cells:
    """Return what the programme at a path says."""
    return raw_cells(api.read(path))


def codes(path: Path) -> list[tuple[str, str]]:
    """Return code and column of every problem of a programme."""
    try:
        problems = api.check(api.read(path)).problems
    except InputError as failure:
        problems = failure.problems
    return sorted((problem.code, problem.origin.column) for problem in problems)
