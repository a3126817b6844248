"""The rows of our tables as they come into being, each with the record that it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from ...tables import INPUT_TABLES
from ..raw import RawSheet
from .records import Record


@dataclass
class Ids:
    """Gives every name an id of allowed characters; two names of one table never share one."""

    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _taken: dict[str, set[str]] = field(default_factory=dict)
    _last: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, table: str, name: str) -> str:
        """Return the id of a name in a table, always the same."""
        if (table, name) not in self._known:
            self._known[table, name] = self.fresh(table, name)
        return self._known[table, name]

    def fresh(self, table: str, name: str) -> str:
        """Return an id that resembles a name and is not taken."""
        taken = self._taken.setdefault(table, set())
        word = re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("_") or "x"
        new = word
        while new in taken:
            self._last[table, word] = self._last.get((table, word), 1) + 1
            new = f"{word}-{self._last[table, word]}"
        taken.add(new)
        return new


@dataclass
class Output:
    """Rows by table."""

    file: str
    ids: Ids = field(default_factory=Ids)
    _rows: dict[str, list[tuple[Record, dict[str, Any]]]] = field(default_factory=dict)

    def add(self, table: str, record: Record, **cells: Any) -> None:
        """Add a row that rests on a record; cells that are None stay empty."""
        self._rows.setdefault(table, []).append((record, cells))

    def has(self, table: str) -> bool:
        """Whether a table has rows."""
        return table in self._rows

    def rows(self, table: str) -> list[tuple[Record, dict[str, Any]]]:
        """Return the rows of a table so far, each with the record on which it rests."""
        return self._rows.get(table, [])

    def cells(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table so far."""
        return [cells for _, cells in self._rows.get(table, ())]

    def sheets(self) -> dict[str, RawSheet]:
        """Return the tables as raw sheets; a row's place is that of its record."""
        return {table: self._sheet(table, rows) for table, rows in self._rows.items()}

    def _sheet(self, table: str, rows: list[tuple[Record, dict[str, Any]]]) -> RawSheet:
        declared = INPUT_TABLES[table].columns
        used = [name for name in declared if any(cells.get(name) is not None for _, cells in rows)]
        frame = pl.DataFrame(
            {
                name: pl.Series([_value(cells.get(name)) for _, cells in rows], dtype=_dtype(declared[name].dtype))
                for name in used
            }
        )
        places = tuple(record.sheet for record, _ in rows)
        numbers = np.array([record.row for record, _ in rows], dtype=np.int64)
        return RawSheet(table, self.file, places[0], frame, numbers, dict.fromkeys(used, -1), row_sheets=places)


def _value(value: Any) -> Any:
    return " ".join(value.split()) or None if isinstance(value, str) else value


def _dtype(declared: Any) -> Any:
    """Return the type of a raw column: choices and references are text before they are checked."""
    return declared if declared in (pl.Float64(), pl.Int64(), pl.Boolean()) or declared.is_temporal() else pl.String()
