"""Draws a matrix: one column per bucket under its date and number, sums and running sums as live formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ..words.buckets import Timeline
from ..words.formats import counted
from .book import Book, serial, write_text
from .grid import Block, Line, Matrix
from .rounding import tidy
from .styles import DATE, MOMENT, PALE, dashed, number_format
from .table_sheet import BUSY, FULL, WIDE

BUCKETS, HEADER = 3, 4
FIRST = HEADER + 1
MEASURE, TOTAL = "Measure", "Total"
_MOST_ON_ONE_PAGE, _SCALE = 12, 50


@dataclass(frozen=True)
class Drawn:
    """Where the lines of a matrix stand, for charts.

    Attributes
    ----------
    name : name of the sheet
    first, last : columns of the first and the last bucket
    rows : row by the heads of the block and the measure
    date_format : how the dates of the buckets are shown at an axis
    """

    name: str
    first: int
    last: int
    rows: dict[tuple[tuple[str, ...], str], int]
    date_format: str

    def dates(self) -> list[object]:
        """Return the range of the dates, as charts want it."""
        return [self.name, HEADER, self.first, HEADER, self.last]

    def line(self, heads: tuple[str, ...], measure: str) -> list[object]:
        """Return the range of a line, as charts want it."""
        row = self.rows[(heads, measure)]
        return [self.name, row, self.first, row, self.last]


@dataclass(frozen=True)
class _Place:
    """The columns of a matrix."""

    measure: int
    start: int
    total: int
    first: int
    last: int

    @classmethod
    def of(cls, matrix: Matrix, buckets: int) -> _Place:
        measure = len(matrix.heads)
        total = measure + (2 if matrix.start else 1)
        return cls(measure, measure + 1, total, total + 1, total + buckets)


def draw(book: Book, matrix: Matrix, time: Timeline) -> Drawn:
    """Draw a matrix on a sheet of its own."""
    about = matrix.about + _left_out(matrix)
    if matrix.left_out:
        book.left_out.append(f"{matrix.name}:{_left_out(matrix)}")
    sheet = book.sheet(
        matrix.name, matrix.title, about, counted(sum(len(block.lines) for block in matrix.blocks), "row")
    )
    place = _Place.of(matrix, len(time))
    _heads(book, sheet, matrix, time, place)
    rows: dict[tuple[tuple[str, ...], str], int] = {}
    row = FIRST
    for number, block in enumerate(matrix.blocks):
        _block(book, sheet, block, row, place, shaded=number % 2 == 1)
        rows |= {(block.heads, line.measure): row + step for step, line in enumerate(block.lines)}
        row += len(block.lines)
    _finish(book, sheet, matrix, place, row - 1)
    monthly = time.noun in ("month", "quarter")
    return Drawn(matrix.name, place.first, place.last, rows, "mmm yyyy" if monthly else "d mmm yyyy")


def _left_out(matrix: Matrix) -> str:
    if not matrix.left_out:
        return ""
    return f" The first {len(matrix.blocks):,} are shown; {matrix.left_out:,} more stand in the result tables."


def _heads(book: Book, sheet: Worksheet, matrix: Matrix, time: Timeline, place: _Place) -> None:
    titles = [*matrix.heads, MEASURE, *([matrix.start] if matrix.start else []), TOTAL]
    for column, title in enumerate(titles):
        write_text(sheet, HEADER, column, title, book.styles.header)
    whole = all(start.hour == start.minute == start.second == 0 for start in time.starts)
    dated = book.styles(
        bold=True, font_color="#FFFFFF", bg_color="#1F3A5F", border=1, num_format=DATE if whole else MOMENT
    )
    small = book.styles(font_color="#595959", align="right", num_format="0")
    write_text(sheet, BUCKETS, place.total, "Bucket", small)
    for bucket, start in enumerate(time.starts):
        sheet.write_number(BUCKETS, place.first + bucket, bucket, small)
        sheet.write_number(HEADER, place.first + bucket, serial(start) or 0, dated)


def _block(book: Book, sheet: Worksheet, block: Block, row: int, place: _Place, *, shaded: bool) -> None:
    fill = {"bg_color": PALE} if shaded else {}
    text = book.styles(**fill)
    rows = [row + step + 1 for step in range(len(block.lines))]
    numbers = [tidy(value) for line in block.lines if line.kind == "number" for value in (*line.values, line.start)]
    form = dashed(number_format("number", numbers))
    for step, line in enumerate(block.lines):
        at = row + step
        for column, head in enumerate((*block.heads, line.measure)):
            write_text(sheet, at, column, head, text)
        _line(book, sheet, line, at, rows, place, form, fill)


def _line(
    book: Book, sheet: Worksheet, line: Line, at: int, rows: list[int], place: _Place, form: str, fill: dict[str, str]
) -> None:
    values = [value if line.kind == "share" else tidy(value) for value in line.values]
    form = number_format("share", values) if line.kind == "share" else form
    style, strong = book.styles(num_format=form, **fill), book.styles(num_format=form, bold=True, **fill)

    def filled(template: str, column: int) -> str:
        return "=" + template.format(
            c=xl_col_to_name(column),
            p=xl_col_to_name(max(column - 1, 0)),
            f=xl_col_to_name(place.first),
            l=xl_col_to_name(place.last),
            o=xl_col_to_name(place.start),
            r=rows,
        )

    if line.start is not None:
        sheet.write_number(at, place.start, tidy(line.start) or 0.0, strong)
    elif place.start < place.total:
        sheet.write_blank(at, place.start, None, style)
    if line.total_formula:
        shown = tidy(line.total) if line.kind == "number" else line.total
        sheet.write_formula(at, place.total, filled(line.total_formula, place.total), strong, _cached(shown))
    else:
        sheet.write_blank(at, place.total, None, style)
    for column, value in enumerate(values, place.first):
        formula = line.first if column == place.first and line.first else line.formula
        if formula:
            sheet.write_formula(at, column, filled(formula, column), style, _cached(value))
        elif value is not None:
            sheet.write_number(at, column, value, style)


def _cached(value: float | None) -> float | str:
    return "" if value is None else value


def _finish(book: Book, sheet: Worksheet, matrix: Matrix, place: _Place, last: int) -> None:
    widths = [
        max([len(title), *(len(block.heads[number]) for block in matrix.blocks)])
        for number, title in enumerate(matrix.heads)
    ]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 4, WIDE))
    sheet.set_column(place.measure, place.measure, _measures(matrix))
    sheet.set_column(place.start, place.total, 14)
    sheet.set_column(place.first, place.last, 11.5)
    last = max(last, FIRST)
    sheet.autofilter(HEADER, 0, last, place.total)
    sheet.freeze_panes(FIRST, place.measure + 1)
    sheet.repeat_rows(BUCKETS, HEADER)
    sheet.repeat_columns(0, place.measure)
    if place.last - place.first < _MOST_ON_ONE_PAGE:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(_SCALE)
    _colour(book, sheet, matrix, place, last)


def _measures(matrix: Matrix) -> float:
    return max((len(line.measure) for block in matrix.blocks for line in block.lines), default=8) + 3


def _colour(book: Book, sheet: Worksheet, matrix: Matrix, place: _Place, last: int) -> None:
    """Colour the lines of shares, which are utilisations, where they are full or nearly so."""
    measures = {line.measure for block in matrix.blocks for line in block.lines if line.kind == "share"}
    cell, name = xl_col_to_name(place.first), xl_col_to_name(place.measure)
    for measure in sorted(measures):
        for least, fill in ((FULL, "full"), (BUSY, "busy")):
            own = f'${name}{FIRST + 1}="{measure}"'
            value = f"{cell}{FIRST + 1}"
            criteria = f"=AND({own},ISNUMBER({value}),{value}>={least})"
            rule = {"type": "formula", "criteria": criteria, "format": book.styles.fill(fill), "stop_if_true": True}
            sheet.conditional_format(FIRST, place.first, last, place.last, rule)


def first_blocks(blocks: Sequence[Block], buckets: int, most: int) -> tuple[tuple[Block, ...], int]:
    """Keep as many of the first blocks as `most` numbers allow, and say how many were left out."""
    kept: list[Block] = []
    numbers = 0
    for block in blocks:
        numbers += len(block.lines) * buckets
        if kept and numbers > most:
            break
        kept.append(block)
    return tuple(kept), len(blocks) - len(kept)
