"""Workbooks: every sheet as a grid of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from ..codes import problem
from ..errors import Origin, Problem
from .crash import ReaderCrashError, contained
from .excel_scan import LARGEST_UNPACKED, Cell, DamagedError, TooLargeError, WorkbookScan, scan_workbook
from .grid import Grid

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = datetime(9999, 12, 31, 23, 59, 59)
WORKBOOKS = {".xlsx", ".xlsm", ".ods"}
OLD_WORKBOOKS = {".xls", ".xlsb"}
"""Forms in which error values cannot be told from empty cells, so that they are not read."""


@dataclass(frozen=True, slots=True)
class WorkbookRead:
    """The sheets of a workbook as grids, in their order, and the problems met."""

    grids: tuple[Grid, ...]
    problems: tuple[Problem, ...]


def read_workbook(path: Path) -> WorkbookRead:
    """Read every sheet of a workbook as text."""
    origin = Origin(path.name)
    if path.stat().st_size > LARGEST_UNPACKED:
        return WorkbookRead((), (problem("E104", origin, "the workbook is too large to be read"),))
    content = path.read_bytes()
    trouble, scan = _inspect(content, origin)
    if trouble is not None:
        return WorkbookRead((), (trouble,))
    too_large = tuple(_too_large(path.name, name, size) for name, size in scan.too_wide.items())
    if too_large and path.suffix.lower() == ".ods":
        return WorkbookRead((), too_large)  # Opening one unfolds all of its sheets at once.
    try:
        with contained():
            workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    except PasswordError:
        return WorkbookRead((), (_protected(origin),))
    except (ReaderCrashError, CalamineError) as failure:
        return WorkbookRead((), (problem("E102", origin, f"the workbook cannot be read ({failure})"),))
    return _sheets(workbook, path.name, scan)


def _inspect(content: bytes, origin: Origin) -> tuple[Problem | None, WorkbookScan]:
    """Refuse what is no workbook before it is parsed, and look for what the parser hides."""
    nothing = WorkbookScan()
    if not content:
        return problem("E102", origin, "the file is empty"), nothing
    if content.startswith(_OLE):
        return _protected(origin), nothing
    try:
        return None, scan_workbook(content)
    except TooLargeError as failure:
        return problem("E104", origin, f"the workbook is too large: {failure}"), nothing
    except DamagedError as failure:
        return problem("E102", origin, f"the file is no sound workbook ({failure})"), nothing


def _protected(origin: Origin) -> Problem:
    return problem(
        "E103",
        origin,
        "the workbook has a password, or is of the old form .xls",
        hint="save it as .xlsx without a password",
    )


def _sheets(workbook: CalamineWorkbook, file: str, scan: WorkbookScan) -> WorkbookRead:
    grids: list[Grid] = []
    problems: list[Problem] = []
    for about in workbook.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        origin = Origin(file, about.name)
        if about.name in scan.too_wide:
            problems.append(_too_large(file, about.name, scan.too_wide[about.name]))
            continue
        if about.name not in scan.marks:
            problems.append(problem("E102", origin, "the sheet's content was not found where the workbook says it is"))
            continue
        try:
            with contained():
                sheet = workbook.get_sheet_by_name(about.name)
                rows = sheet.to_python(skip_empty_area=False)
                merged = tuple(sheet.merged_cell_ranges or ())
        except (ReaderCrashError, CalamineError) as failure:
            problems.append(problem("E102", origin, f"the sheet cannot be read ({failure})"))
            continue
        grids.append(replace(_grid(file, about.name, rows, scan.marks.get(about.name, {})), merged=merged))
    return WorkbookRead(tuple(grids), tuple(problems))


def _too_large(file: str, sheet: str, size: str) -> Problem:
    return problem("E119", Origin(file, sheet), f"the sheet is too large: {size}", hint="delete the stray cells")


def _grid(file: str, sheet: str, rows: Sequence[Sequence[Any]], marks: dict[Cell, str] | Any) -> Grid:
    columns = [[v if type(v) is str else text_of(v) for v in column] for column in zip(*rows, strict=True)]
    # The parsed rectangle may end before an error cell in its last row or column.
    height = max([len(rows), *(row + 1 for row, _ in marks)])
    width = max([len(columns), *(column + 1 for _, column in marks)])
    columns += [[] for _ in range(width - len(columns))]
    for column in columns:
        column.extend([""] * (height - len(column)))
    for (row, position), mark in marks.items():
        columns[position][row] = mark
    frame = pl.DataFrame({f"c{i}": pl.Series(column, dtype=pl.String) for i, column in enumerate(columns)})
    return Grid(file, sheet, frame, np.arange(1, frame.height + 1, dtype=np.int64))


def text_of(value: Any) -> str:
    """Return a cell as the text that a user would type for it in ISO form."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is float:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is datetime:
        return _moment_text(value)
    if kind is date:
        return str(value.isoformat())
    if kind is time:
        return _time_text(
            timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
        )
    if kind is timedelta:
        return _time_text(value)
    return "" if value is None else str(value)


def _moment_text(value: datetime) -> str:
    # Excel keeps a time as a fraction of a day, so a full minute may come back a millisecond off.
    if value < _LAST:
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _time_text(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
