"""The sheet that lists problems, with a link to each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ...errors import Problem, Severity, column_letter

PROBLEMS = "Problems"
HEADER = ("code", "severity", "sheet", "cell", "message", "seen", "expected", "hint")
COLOURS = {Severity.ERROR: "F4B6A6", Severity.WARNING: "FFE3A3"}
_WIDTHS = (8, 10, 16, 10, 60, 24, 40, 48)
_DARK, _LINK = "1F3A5F", "0B5394"
_LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a problem stands in the workbook that is annotated.

    Attributes
    ----------
    sheet : name of the sheet; empty if the workbook has none for it
    row, column : counted from 1; 0 where the problem has none
    """

    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def cell(self) -> str:
        """The cell as a spreadsheet names it; a row without a column by its first cell; empty for a whole sheet."""
        if self.row and self.column:
            return f"{column_letter(self.column - 1)}{self.row}"
        return f"A{self.row}" if self.row else ""


Marked = tuple[Problem, Spot]


def write_problems(book: Workbook, marked: Sequence[Marked]) -> None:
    """Put the sheet before all others; one that is there already is replaced."""
    sheet: Worksheet = book.create_sheet(PROBLEMS, 0)
    for position, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True), start=1):
        head = sheet.cell(1, position, name)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=_DARK)
        sheet.column_dimensions[column_letter(position - 1)].width = width
    if not marked:
        _text(sheet.cell(2, 5), "no problems were found")
    for row, (problem, spot) in enumerate(marked, start=2):
        _line(sheet, row, problem, spot)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{column_letter(len(HEADER) - 1)}{max(len(marked) + 1, 2)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_properties.tabColor = COLOURS[Severity.ERROR]
    # Without this several sheets stay selected together, and what is typed goes into all of them.
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def _line(sheet: Worksheet, row: int, problem: Problem, spot: Spot) -> None:
    place = spot.sheet or problem.origin.sheet or problem.origin.file
    texts = (
        problem.code, problem.severity.value, place, spot.cell, problem.message,
        problem.seen, problem.expected, problem.hint,
    )  # fmt: skip
    for position, text in enumerate(texts, start=1):
        cell = sheet.cell(row, position)
        _text(cell, text)
        cell.alignment = Alignment(vertical="top", wrap_text=position > 4)
    sheet.cell(row, 2).fill = PatternFill("solid", fgColor=COLOURS[problem.severity])
    if spot.sheet:
        _link(sheet.cell(row, 4 if spot.cell else 3), spot)


def _text(cell: Cell, text: str) -> None:
    """Write text that stays text, whatever it begins with."""
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
        cell.data_type = "s"


def _link(cell: Cell, spot: Spot) -> None:
    name = spot.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{spot.cell or 'A1'}")
    cell.font = Font(color=_LINK, underline="single")
