"""Wrong structure: names of columns and tables, missing, doubled and misplaced rows and columns."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from benchmarks.corrupt.cells import HOMOGLYPHS, misspelt
from benchmarks.corrupt.programme import FORMS, Corruption, Damage, Programme, Rows, write
from coproduce.tables import INPUT_TABLES

Change = Callable[[random.Random, str, Rows], tuple[int, str] | None]
"""Changes the rows of a table in place; returns record number (0: none) and column, or None if it cannot."""


def _header(spoil: Callable[[random.Random, str], str]) -> Change:
    def change(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
        at = luck.randrange(len(rows[0]))
        rows[0][at] = spoil(luck, rows[0][at])
        return 0, rows[0][at]

    return change


def _swapped_names(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str] | None:
    if len(rows[0]) < 2:
        return None
    one, two = luck.sample(range(len(rows[0])), 2)
    rows[0][one], rows[0][two] = rows[0][two], rows[0][one]
    return 0, ""


def _moved_columns(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    order = luck.sample(range(len(rows[0])), len(rows[0]))
    rows[:] = [[row[at] for at in order] for row in rows]
    return 0, ""


def _missing_column(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str] | None:
    if len(rows[0]) < 2:
        return None
    at = luck.randrange(len(rows[0]))
    for row in rows:
        del row[at]
    return 0, ""


def _doubled_column(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    at = luck.randrange(len(rows[0]))
    for row in rows:
        row.append(row[at])
    return 0, rows[0][at]


def _unnamed_column(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    for row in rows:
        row.append("")
    rows[luck.randrange(1, len(rows))][-1] = "stray"
    return 0, ""


def _doubled_row(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    rows.append(list(luck.choice(rows[1:])))
    return len(rows), ""


def _missing_row(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str] | None:
    if len(rows) < 3:
        return None
    del rows[luck.randrange(1, len(rows))]
    return 0, ""


def _shifted_row(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    at = luck.randrange(1, len(rows))
    rows[at] = ["", *rows[at][:-1]]
    return at + 1, ""


def _only_header(_luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    del rows[1:]
    return 0, ""


def _blank_rows(luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    rows.insert(luck.randint(1, len(rows)), [""] * len(rows[0]))
    return 0, ""


def _title(_luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    rows.insert(0, ["Our plan", *[""] * (len(rows[0]) - 1)])
    return 0, ""


def _total_row(_luck: random.Random, _table: str, rows: Rows) -> tuple[int, str]:
    rows.append(["Total", *[""] * (len(rows[0]) - 1)])
    return len(rows), ""


CHANGES: dict[str, Change] = {
    "misspelt column": _header(misspelt),
    "case and blanks of a column": _header(lambda luck, name: luck.choice((name.upper(), f" {name} ", name.title()))),
    "letter of another alphabet in a column": _header(lambda _luck, name: name.translate(HOMOGLYPHS)),
    "nameless column": _header(lambda _luck, _name: ""),
    "swapped column names": _swapped_names,
    "columns in another order": _moved_columns,
    "missing column": _missing_column,
    "doubled column": _doubled_column,
    "stray cell beside the table": _unnamed_column,
    "doubled row": _doubled_row,
    "missing row": _missing_row,
    "row shifted by a cell": _shifted_row,
    "only a header": _only_header,
    "blank rows": _blank_rows,
    "title above the header": _title,
    "total below the table": _total_row,
}


def _corruption(change: Change) -> Corruption:
    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage | None:
        table = luck.choice([name for name, rows in programme.tables.items() if len(rows) > 1])
        rows = programme.copy_of(table)
        done = change(luck, table, rows)
        if done is None or rows == programme.tables[table]:
            return None
        # A parquet file has its names apart from its rows and cannot hold two equal ones.
        form = luck.choice(FORMS[:2])
        return Damage(write(programme.changed(table, rows), folder, form), table, *done)

    return corrupt


def _missing_table(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    table = luck.choice(list(programme.tables))
    return Damage(write(programme.without(table), folder, luck.choice(FORMS)), table)


def _misspelt_table(luck: random.Random, programme: Programme, folder: Path) -> Damage | None:
    table = luck.choice(list(programme.tables))
    folder = write(programme, folder, "csv")
    name = misspelt(luck, table)
    if name in INPUT_TABLES or not name:
        return None
    (folder / f"{table}.csv").rename(folder / f"{name}.csv")
    return Damage(folder, name)


def _twice(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    table = luck.choice(list(programme.tables))
    folder = write(programme, folder, "csv")
    name = luck.choice((f"{table.title()}.tsv", f"{table.upper()}.csv", f"{table}.txt"))
    (folder / name).write_bytes((folder / f"{table}.csv").read_bytes())
    return Damage(folder, table)


TABLES: dict[str, Corruption] = {
    **{f"table: {kind}": _corruption(change) for kind, change in CHANGES.items()},
    "table: missing": _missing_table,
    "table: misspelt": _misspelt_table,
    "table: given twice": _twice,
}
