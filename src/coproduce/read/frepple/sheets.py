"""frePPLe's Excel workbooks as records, one for each row of a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from ...tables import INPUT_TABLES
from ..grid import Grid, tidy
from ..names import canonical
from .records import Cell, Record, Store
from .vocabulary import field_of, kind_of, order_type_of

_ENOUGH = 2


def is_workbook(grids: Sequence[Grid]) -> bool:
    """Whether the sheets of a workbook are frePPLe's: at least two by name, and none of our own tables."""
    names = [grid.sheet for grid in grids]
    return sum(bool(kind_of(name)) for name in names) >= _ENOUGH and not any(
        canonical(name) in INPUT_TABLES for name in names
    )


def read_sheets(name: str, grids: Sequence[Grid]) -> tuple[Store, tuple[Grid, ...]]:
    """Return the records of a workbook, and the sheets that hold none of frePPLe's entities."""
    store, strange = Store(name), []
    for grid in grids:
        if kind_of(grid.sheet):
            for record in _records(grid, kind_of(grid.sheet)):
                store.add(record)
        else:
            strange.append(grid)
    return store, tuple(strange)


def _records(grid: Grid, kind: str) -> list[Record]:
    rows = tidy(grid.frame).rows()
    if not rows:
        return []
    header = [(position, name, field_of(name)) for position, name in enumerate(rows[0]) if name]
    records = []
    for number, cells in zip(grid.rows[1:].tolist(), rows[1:], strict=True):
        fields = {
            field: Cell(cells[position], number, name, position)
            for position, name, field in header
            if cells[position] is not None
        }
        if fields:
            record = Record(kind, grid.file, grid.sheet, number, fields)
            if order_type_of(grid.sheet):
                fields.setdefault("type", Cell(order_type_of(grid.sheet), number, "type"))
            records.append(record)
    return records
