"""What was read before anything is checked: one frame per table and where its cells stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from ..errors import Origin, Problem

# Written into a cell whose formula was never calculated; the checks turn it into a problem.
UNCALCULATED = "#UNCALCULATED!"


@dataclass(frozen=True, slots=True)
class RawSheet:
    """The cells of one table as they stand in a file.

    Attributes
    ----------
    frame : columns by their declared name, or the name given where none is declared; text without white space
        around it and null for empty cells, or typed values where the source has types
    rows : (row,) record number of each row, as a spreadsheet shows it
    columns : position of each column in the sheet, from 0
    setting_rows : record number of each column where settings stand below each other; otherwise empty
    row_sheets : (row,) sheet of each row where the table is gathered from several; otherwise empty
    written : place in a scenario of each (row, column) that it wrote; (row, "") for a row that it added
    """

    table: str
    file: str
    sheet: str
    frame: pl.DataFrame
    rows: npt.NDArray[np.int64]
    columns: Mapping[str, int]
    setting_rows: Mapping[str, int] = field(default_factory=dict)
    row_sheets: Sequence[str] = ()
    written: Mapping[tuple[int, str], Origin] = field(default_factory=dict)

    def origin(self, row: int | None = None, column: str = "") -> Origin:
        """Return the place of a cell, of a column (no row) or of the sheet; `row` counts from 0 in the frame."""
        if self.written and row is not None:
            by = self.written.get((row, column)) or self.written.get((row, ""))
            if by is not None:
                return by
        record = self.setting_rows.get(column, 0 if row is None else int(self.rows[row]))
        sheet = self.row_sheets[row] if self.row_sheets and row is not None else self.sheet
        return Origin(self.file, sheet, record, column, self.columns.get(column, -1))


@dataclass(frozen=True, slots=True)
class Raw:
    """Everything that was read from a folder, a workbook or frames in memory.

    Attributes
    ----------
    name : name of the folder, workbook or mapping
    sheets : one entry for each table found, by table name
    order : (file, sheet) of everything met, in the order of the source
    problems : what went wrong in reading
    spoilt : tables that are there but could not be read
    """

    name: str
    sheets: Mapping[str, RawSheet]
    order: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    spoilt: frozenset[str] = frozenset()
