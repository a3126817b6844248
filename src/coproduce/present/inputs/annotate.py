"""Gives a programme back as a workbook in which every problem is marked where it stands and listed at the front."""

from __future__ import annotations

import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
from openpyxl.workbook import Workbook

from ...errors import Origin, Problem
from ...read.excel_scan import LARGEST_ROW
from ..outputs import OutputError
from ..whole import whole_file
from .cached import Results, put_results, stored_results
from .convert import carried_sheets, write_workbook
from .limits import LONGEST_TEXT, sheet_names
from .marks import add_marks, fit_comments, remove_marks
from .problem_sheet import PROBLEMS, Marked, Spot, write_problems
from .source import SourceSheet, read_source

_KEPT = {".xlsx", ".xlsm"}
LARGEST = 3_000_000
"""Cells of a workbook that is annotated; each takes about half a kilobyte of memory meanwhile."""

_LOST = {
    "xl/charts/": "charts",
    "xl/media/": "pictures",
    "xl/pivotTables/": "pivot tables",
    "xl/threadedComments/": "comment threads",
    "xl/vbaProject.bin": "macros",
}


@dataclass(frozen=True, slots=True)
class Annotated:
    """What became of the problems.

    Attributes
    ----------
    cells : problems that are marked at a cell
    listed : all problems, as the first sheet lists them
    lost : what the user's workbook has and the copy has not
    rebuilt : the copy was made from the tables, not from the user's workbook
    """

    cells: int
    listed: int
    lost: tuple[str, ...]
    rebuilt: bool


def annotate(path: Path, problems: Sequence[Problem], out: Path) -> Annotated | None:
    """Write the programme at `path` as a workbook with its problems marked; None if no sheet of it can be opened.

    A workbook keeps its formats, formulas and sheets; a folder, and a workbook in another form, become a new workbook.

    Raises
    ------
    OSError : the workbook cannot be written
    OutputError : it would have more cells than can be marked in bounded memory
    """
    source = read_source(path) if path.exists() else None
    if source is None or not source.sheets:
        return None
    cells = sum(sheet.frame.height * sheet.frame.width for sheet in source.sheets)
    if cells > LARGEST:
        raise OutputError(f"{cells:,} cells are too many to be annotated; the limit is {LARGEST:,}")
    opened = _opened(path) if path.suffix.lower() in _KEPT and path.is_file() else None
    own = opened is not None
    sheets = source.sheets if own else carried_sheets(source, path)
    names = [sheet.name for sheet in sheets] if own else sheet_names(sheets)
    places = _Places(dict(zip(names, sheets, strict=True)), same_rows=own)
    if opened is None:
        opened = _rebuilt(sheets)
    book, results = opened
    marked = [(problem, places.spot(problem.origin)) for problem in problems]
    _mark(book, marked)
    with whole_file(out) as part:
        book.save(part)
        put_results(part, book, results)
    at_cells = sum(bool(spot.row and spot.column) for _, spot in marked)
    return Annotated(at_cells, len(marked), _lost(path) if own else (), not own)


def _mark(book: Workbook, marked: Sequence[Marked]) -> None:
    remove_marks(book)
    for sheet in book.worksheets:
        fit_comments(sheet)
    if PROBLEMS in book.sheetnames:
        book[PROBLEMS].title = f"_{PROBLEMS} (own)"
    write_problems(book, marked)
    add_marks(book, marked)


def _opened(path: Path) -> tuple[Workbook, Results] | None:
    """Open the user's workbook with formats and formulas; None if openpyxl does not understand it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Workbooks of other programs break rules of the format in many ways, and each ends in another exception.
        try:
            book = openpyxl.load_workbook(path)
            return book, stored_results(path, book)
        except Exception:
            return None


def _rebuilt(sheets: Sequence[SourceSheet]) -> tuple[Workbook, Results]:
    """Return a new workbook made from the tables; texts that no cell can hold are cut, since they are marked."""
    folder = Path(tempfile.mkdtemp())
    try:
        write_workbook(tuple(map(_cut, sheets)), folder / "rebuilt.xlsx")
        return openpyxl.load_workbook(folder / "rebuilt.xlsx"), {}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cut(sheet: SourceSheet) -> SourceSheet:
    texts = [column.str.slice(0, LONGEST_TEXT // 2) if _is_long(column) else column for column in sheet.frame]
    return replace(sheet, frame=pl.DataFrame(texts).head(LARGEST_ROW))


def _is_long(column: pl.Series) -> bool:
    longest = column.str.len_chars().max()
    return isinstance(longest, int) and longest > LONGEST_TEXT // 2


def _lost(path: Path) -> tuple[str, ...]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return tuple(what for start, what in _LOST.items() if any(name.startswith(start) for name in names))


@dataclass(frozen=True)
class _Places:
    """Where the rows of the source stand in the workbook.

    Attributes
    ----------
    sheets : the sheets of the source by their name in the workbook
    same_rows : the workbook is the source itself, so that rows keep their numbers
    """

    sheets: dict[str, SourceSheet]
    same_rows: bool

    def spot(self, origin: Origin) -> Spot:
        """Return the place of an origin; without a cell where it has none."""
        name = next((name for name, sheet in self.sheets.items() if _is_of(sheet, origin, self.same_rows)), "")
        if not name:
            return Spot()
        sheet = self.sheets[name]
        if not origin.row:
            # A problem of a whole column is shown at its name.
            row = self._row(sheet, sheet.header) if origin.position >= 0 and sheet.frame.height else 0
            return Spot(name, row, origin.position + 1 if row else 0)
        index = int(np.searchsorted(sheet.rows, origin.row))
        there = index < len(sheet.rows) and int(sheet.rows[index]) == origin.row
        if not there:
            return Spot(name, origin.row, origin.position + 1) if self.same_rows else Spot(name)
        return Spot(name, self._row(sheet, index), 2 if sheet.listed else origin.position + 1)

    def _row(self, sheet: SourceSheet, index: int) -> int:
        return int(sheet.rows[index]) if self.same_rows else index + 1


def _is_of(sheet: SourceSheet, origin: Origin, in_workbook: bool) -> bool:
    if in_workbook:
        return sheet.name == origin.sheet
    return sheet.file == origin.file and origin.sheet in (sheet.name, sheet.table)
