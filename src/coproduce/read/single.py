"""Reads one table from a file of its own: text, parquet, or a sheet of a workbook."""

from __future__ import annotations

from pathlib import Path

from ..codes import problem
from ..errors import InputError, Origin, Problem, errors_of
from .excel import WORKBOOKS, read_workbook
from .grid import Grid
from .header import SheetRead, sheet_from_grid
from .names import canonical, is_remark
from .raw import RawSheet
from .reader import read_file


def read_sheet(path: Path | str, table: str, *also: str) -> tuple[RawSheet, tuple[Problem, ...]]:
    """Read a file as a table; of a workbook the sheet with the name of the table, or its only sheet.

    Parameters
    ----------
    also : other names that the sheet may have

    Returns
    -------
    The sheet, and the warnings.

    Raises
    ------
    InputError
        if there is no such file, or it cannot be read as a table.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError([problem("E101", Origin(str(path)), "there is no file here")])
    found = _from_workbook(path, table, also) if path.suffix.lower() in WORKBOOKS else read_file(path, table)
    if found.sheet is None or errors_of(found.problems):
        empty = [problem("E105", Origin(path.name), "there is nothing in it")] if found.blank else []
        raise InputError([*found.problems, *empty])
    return found.sheet, found.problems


def _from_workbook(path: Path, table: str, also: tuple[str, ...]) -> SheetRead:
    try:
        workbook = read_workbook(path)
    except OSError as failure:
        why = f"the system refuses to read it ({failure.strerror or failure})"
        return SheetRead(None, (problem("E102", Origin(path.name), why),))
    grid = _meant([grid for grid in workbook.grids if not is_remark(grid.sheet)], (table, *also))
    if grid is None:
        expected = " or ".join((table, *also))
        message = f"none of its sheets is called {expected}"
        return SheetRead(None, (*workbook.problems, problem("E105", Origin(path.name), message, expected=expected)))
    read = sheet_from_grid(grid, table)
    return SheetRead(read.sheet, (*workbook.problems, *read.problems), read.blank)


def _meant(grids: list[Grid], names: tuple[str, ...]) -> Grid | None:
    called = [grid for grid in grids if canonical(grid.sheet) in names]
    return (called or grids)[0] if called or len(grids) == 1 else None
