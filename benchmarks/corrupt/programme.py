"""An example programme as tables of text, and the forms in which it can be written: CSV, workbook, parquet."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from coproduce import api
from coproduce.tables import INPUT_TABLES, Column, Tables

EXAMPLES = Path(__file__).parents[2] / "examples"
FORMS = ("csv", "xlsx", "parquet")
Rows = list[list[Any]]


@dataclass(frozen=True)
class Programme:
    """A programme as text: rows by table, the header first; the settings of a YAML file are a table like the others."""

    name: str
    tables: dict[str, Rows]
    reading: Tables

    def changed(self, table: str, rows: Rows) -> Programme:
        """Return the programme with other rows in one table."""
        return replace(self, tables={**self.tables, table: rows})

    def without(self, table: str) -> Programme:
        """Return the programme without a table."""
        return replace(self, tables={name: rows for name, rows in self.tables.items() if name != table})

    def copy_of(self, table: str) -> Rows:
        """Return the rows of a table, free to be changed."""
        return [list(row) for row in self.tables[table]]


@dataclass(frozen=True, slots=True)
class Damage:
    """What was spoilt: the path to read, and table, record number and column where it is a single one."""

    path: Path
    table: str = ""
    row: int = 0
    column: str = ""


Corruption = Callable[[random.Random, Programme, Path], Damage | None]
"""Writes a spoilt programme below a folder; None if the programme has nothing to be spoilt in this way."""


def load(name: str) -> Programme:
    """Load an example."""
    raw = api.read(EXAMPLES / name)
    checked = api.check(raw)
    assert checked.tables is not None and not checked.problems, name
    tables = {}
    for table, sheet in raw.sheets.items():
        body = [["" if cell is None else cell for cell in row] for row in sheet.frame.rows()]
        tables[table] = [list(sheet.frame.columns), *body]
    return Programme(name, tables, checked.tables)


def cells(
    luck: random.Random, programme: Programme, fits: Callable[[Column], bool], filled: bool = True
) -> Iterator[tuple[str, int, int, Column]]:
    """Yield places of fitting columns in random order: table, index of row and column, declaration."""
    places = [
        (table, position, INPUT_TABLES[table].columns[name])
        for table, rows in programme.tables.items()
        for position, name in enumerate(rows[0])
        if fits(INPUT_TABLES[table].columns[name])
    ]
    luck.shuffle(places)
    for table, position, column in places:
        rows = programme.tables[table]
        fitting = [index for index in range(1, len(rows)) if rows[index][position] != "" or not filled]
        if fitting:
            yield table, luck.choice(fitting), position, column


def write(programme: Programme, folder: Path, form: str) -> Path:
    """Write a programme in a form and return the path to read."""
    if form == "xlsx":
        return write_workbook(programme, folder / f"{programme.name}.xlsx")
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in programme.tables.items():
        if form == "parquet" and table != "programme":
            typed_frame(table, rows).write_parquet(folder / f"{table}.parquet")
        else:
            (folder / f"{table}.csv").write_bytes(csv_bytes(rows))
    return folder


def csv_bytes(rows: Rows, delimiter: str = ",", ends: str = "\n", encoding: str = "utf-8") -> bytes:
    """Return rows as the bytes of a CSV file."""

    class Lines(list[str]):
        write = list.append

    lines = Lines()
    csv.writer(lines, delimiter=delimiter, lineterminator=ends).writerows(
        [[text(cell) for cell in row] for row in rows]
    )
    return "".join(lines).encode(encoding, errors="replace")


def text(cell: Any) -> str:
    """Return a cell as text."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)


def typed(column: Column | None, cell: Any) -> Any:
    """Return a cell as a spreadsheet would hold it: numbers and dates with their types, other text as it is."""
    if not isinstance(cell, str) or column is None or not cell:
        return cell
    try:
        if column.kind in ("number", "integer") and not cell.strip().lower().lstrip("+-").startswith(("i", "n")):
            value = float(cell)
            return value if "_" not in cell and abs(value) < 1e300 and cell == cell.strip() else cell
        return datetime.fromisoformat(cell) if column.kind == "date" and len(cell) in (10, 16) else cell
    except ValueError:
        return cell


def write_workbook(
    programme: Programme, path: Path, after: Callable[[Any, dict[str, Any]], object] | None = None, **options: Any
) -> Path:
    """Write a programme as a workbook; `after` may add to the workbook and its sheets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, **options}) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheets = {}
        for table, rows in programme.tables.items():
            sheet = sheets[table] = book.add_worksheet(table)
            sheet.write_row(0, 0, [text(name) for name in rows[0]])
            columns = [INPUT_TABLES[table].columns.get(str(name)) for name in rows[0]]
            for index, row in enumerate(rows[1:], start=1):
                for position, cell in enumerate(row):
                    put(
                        sheet,
                        index,
                        position,
                        typed(columns[position] if position < len(columns) else None, cell),
                        date,
                    )
        if after is not None:
            after(book, sheets)
    return path


def put(sheet: Any, row: int, position: int, value: Any, date: Any) -> None:
    """Write one cell by its type; text stays text."""
    if isinstance(value, bool):
        sheet.write_boolean(row, position, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, position, value, date)
    elif isinstance(value, float):
        sheet.write_number(row, position, value)
    elif value != "":
        sheet.write_string(row, position, text(value)[:32767])


def typed_frame(table: str, rows: Rows) -> pl.DataFrame:
    """Return a table with the types that a script would give it; a column with a strange cell is text."""
    columns = []
    for position, name in enumerate(rows[0]):
        declared = INPUT_TABLES[table].columns.get(str(name))
        values = [typed(declared, row[position] if position < len(row) else "") for row in rows[1:]]
        kinds = {type(value) for value in values if value != ""}
        plain = kinds in ({float}, {datetime}, {bool})
        columns.append(
            pl.Series(str(name), [None if value == "" else value if plain else text(value) for value in values])
        )
    return pl.DataFrame(columns)


def copy_tree(source: Path, target: Path) -> Path:
    """Copy a written folder."""
    return Path(shutil.copytree(source, target))
