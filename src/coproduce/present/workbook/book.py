"""The workbook while it is written: its formats, and the list of sheets for the index."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from .styles import Styles

COVER = "Cover"
LONGEST_TEXT = 32_767  # characters that a cell can hold
CUT = " … (cut: a cell holds no more)"
# Ids that look like numbers, and formulas that begin a running sum, are meant as they are.
_NO_REMARK = ("number_stored_as_text", "formula_differs", "formula_range")
_EPOCH = datetime(1899, 12, 30)
_FIRST_DAY = 61  # serial of 1 March 1900; spreadsheets count the days before it wrongly


@dataclass(frozen=True)
class Entry:
    """One sheet in the index; `size` says how many rows it has."""

    name: str
    title: str
    about: str
    size: str


@dataclass
class Book:
    """A workbook, its formats and the sheets drawn so far."""

    file: xlsxwriter.Workbook
    styles: Styles
    entries: list[Entry] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def sheet(self, name: str, title: str, about: str, size: str) -> Worksheet:
        """Add a sheet with title, remark and a link to the cover in its first three rows."""
        sheet: Worksheet = self.file.add_worksheet(name)
        self.entries.append(Entry(name, title, about, size))
        write_text(sheet, 0, 0, title, self.styles.title)
        write_text(sheet, 1, 0, about, self.styles.note)
        sheet.write_url(2, 0, f"internal:'{COVER}'!A1", self.styles.link, "Back to the cover")
        sheet.hide_gridlines(2)
        sheet.ignore_errors(dict.fromkeys(_NO_REMARK, "A1:XFD1048576"))
        set_page(sheet)
        return sheet


@dataclass(frozen=True)
class Placed:
    """Where a table stands: the sheet, its rows of data and its columns by title."""

    name: str
    first: int
    last: int
    columns: dict[str, int]

    def range(self, title: str) -> str:
        """Return the range of the cells of a column, for a formula on another sheet."""
        column = self.columns[title]
        return f"'{self.name}'!{xl_range_abs(self.first, column, self.last, column)}"


def set_page(sheet: Worksheet) -> None:
    """Print in landscape on A4, with name of the sheet and page number."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&L&A&RPage &P of &N")


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Any = None) -> None:
    """Write text that stays text, whatever it begins with."""
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(CUT)] + CUT
    sheet.write_string(row, column, text, style)


def serial(moment: datetime | None) -> float | None:
    """Return a date as spreadsheets count it, in days."""
    return None if moment is None else (moment - _EPOCH).total_seconds() / 86_400


def shown(days: float) -> bool:
    """Whether a spreadsheet can show a date."""
    return days >= _FIRST_DAY


def plain_date(days: float) -> str:
    """Write a date as text, for those that a spreadsheet cannot show."""
    moment = datetime.fromordinal(_EPOCH.toordinal() + int(days // 1))
    return moment.date().isoformat()
