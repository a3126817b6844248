"""Finds the figures of an example and the rows of evidence that cover them, for the tests of every example."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from coproduce.tables import INPUT_TABLES

EXAMPLES = Path(__file__).parents[2] / "examples"
NOT_FIGURES = ("evidence", "sources", "commitments")
Row = dict[str, str]
Cell = tuple[str, str, str]


class Example:
    """The tables of one example as text, read without the code under test."""

    def __init__(self, name: str) -> None:
        self.folder = EXAMPLES / name
        self.tables = {path.stem: _rows(path) for path in sorted(self.folder.glob("*.csv"))}
        self.evidence = self.tables["evidence"]
        self.sources = {row["source"] for row in self.tables["sources"]}
        self.figures = {name: rows for name, rows in self.tables.items() if name not in NOT_FIGURES}

    @cached_property
    def numbers(self) -> list[Cell]:
        return self._cells(("number", "integer"))

    @cached_property
    def dates(self) -> list[Cell]:
        return self._cells(("date",))

    def _cells(self, kinds: tuple[str, ...]) -> list[Cell]:
        """Return the cells of these kinds that hold something else than nothing or the default."""
        found = []
        for table, rows in self.figures.items():
            for column in INPUT_TABLES[table].columns.values():
                if column.kind in kinds and not column.part_of_key:
                    for row in rows:
                        text = row.get(column.name) or ""
                        if text and not (column.default is not None and float(text) == column.default):
                            found.append((table, key_of(table, row), column.name))
        return sorted(found)

    def covering(self, cell: Cell) -> list[Row]:
        """Return the rows of evidence whose pattern covers a cell."""
        table, key, column = cell
        same = [row for row in self.evidence if (row["table"], row["column"]) == (table, column)]
        return [row for row in same if fnmatchcase(key, row["key"])]

    def idle(self) -> list[Row]:
        """Return the rows of evidence that cover no cell."""
        filled: dict[tuple[str, str], set[str]] = {}
        for table, rows in self.figures.items():
            for row in rows:
                for column in (name for name, text in row.items() if text):
                    filled.setdefault((table, column), set()).add(key_of(table, row))
        return [
            row
            for row in self.evidence
            if not any(fnmatchcase(key, row["key"]) for key in filled.get((row["table"], row["column"]), ()))
        ]

    def value(self, cell: Cell) -> float:
        table, key, column = cell
        return next(float(row[column]) for row in self.tables[table] if key_of(table, row) == key)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_of(table: str, row: Row) -> str:
    """Return the key as `evidence` writes it; an empty line number is 1, a table without key has column 1."""
    names = INPUT_TABLES[table].key or tuple(INPUT_TABLES[table].columns)[:1]
    return "/".join(row.get(name) or "1" for name in names)
