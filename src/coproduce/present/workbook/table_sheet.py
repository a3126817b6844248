"""Draws a grid as a table of Excel: header with notes, filter, totals above it, colours by state."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from ..words.formats import counted
from .book import Book, Placed, plain_date, serial, shown, write_text
from .grid import LARGEST, Column, Grid
from .rounding import cents, tidy
from .styles import PALE, WHOLE_NUMBER, dashed, number_format

TOTALS, HEADER = 3, 4
FIRST = HEADER + 1
BUSY, FULL = 0.85, 0.999
NARROW, WIDE, SENTENCE = 9, 34, 60
A3, _MOST_ON_A4 = 8, 12
_SAMPLE = 400
_LINE, _MOST_LINES = 15, 12
_NUMERIC = ("number", "plain", "whole", "money", "share", "date")


def draw(book: Book, grid: Grid) -> Placed | None:
    """Draw a grid on a sheet of its own; one that is too large is only described, and None returned."""
    sheet = book.sheet(grid.name, grid.title, grid.about, counted(grid.height, "row"))
    if grid.too_large:
        _describe(book, sheet, grid)
        return None
    last = FIRST + max(grid.height, 1) - 1
    for number, column in enumerate(grid.columns):
        values = cells(column)
        style = _style(book, column, values)
        _write(book, sheet, number, column, values, style)
        _head(book, sheet, number, column, values, last)
        _colour(book, sheet, number, column, last)
        sheet.set_column(number, number, _width(column, values))
    _table(book, sheet, grid, last)
    _heights(sheet, grid)
    sheet.freeze_panes(FIRST, grid.frozen)
    sheet.repeat_rows(HEADER)
    sheet.fit_to_pages(1, 0)
    if len(grid.columns) > _MOST_ON_A4:
        sheet.set_paper(A3)
    return Placed(grid.name, FIRST, last, {column.title: number for number, column in enumerate(grid.columns)})


def cells(column: Column) -> list[Any]:
    """Return what is written into the cells of a column; None stays empty."""
    if column.kind == "money":
        known = iter(cents([value for value in column.values if value is not None]))
        return [None if value is None else next(known) for value in column.values]
    if column.kind == "date":
        return [serial(value) for value in column.values]
    if column.kind in ("number", "plain"):
        return [tidy(value) for value in column.values]
    if column.kind == "flag":
        return [None if value is None else "yes" if value else "no" for value in column.values]
    return list(column.values)


def _style(book: Book, column: Column, values: Sequence[Any]) -> Format:
    if column.kind in _NUMERIC:
        return book.styles(num_format=_form(column, values))
    return book.styles(text_wrap=True, indent=1) if column.kind == "words" else book.styles(indent=1)


def _form(column: Column, values: Sequence[Any]) -> str:
    form = number_format(column.kind, values)
    return dashed(form) if column.kind in ("number", "money") else form


def _write(book: Book, sheet: Worksheet, number: int, column: Column, values: Sequence[Any], style: Format) -> None:
    write = _writer(book, sheet, column)
    for row, value in enumerate(values, FIRST):
        if value is not None and value != "":
            write(row, number, value, style)


def _writer(book: Book, sheet: Worksheet, column: Column) -> Callable[[int, int, Any, Format], Any]:
    if column.kind == "date":
        return lambda row, number, days, style: (
            sheet.write_number(row, number, days, style)
            if shown(days)
            else write_text(sheet, row, number, plain_date(days))
        )
    if column.kind == "plain":
        whole = book.styles(num_format=WHOLE_NUMBER)
        return lambda row, number, value, style: sheet.write_number(
            row, number, value, whole if value == round(value) else style
        )
    if column.kind in _NUMERIC:
        writer: Callable[[int, int, Any, Format], Any] = sheet.write_number
        return writer
    return lambda row, number, text, style: write_text(sheet, row, number, text, style)


def _head(book: Book, sheet: Worksheet, number: int, column: Column, values: Sequence[Any], last: int) -> None:
    """Write the note of the header, and above it the total of the rows that a filter leaves."""
    if column.note:
        size = {"x_scale": 2.2, "y_scale": max(0.5, math.ceil(len(column.note) / 42) * 0.24)}
        sheet.write_comment(HEADER, number, column.note, {"author": "", **size})
    if column.mixed:
        write_text(sheet, TOTALS, number, "units differ", book.styles(font_color="#595959", italic=True, align="right"))
    if column.total and values:
        formula = f"=SUBTOTAL(109,{xl_range(FIRST, number, last, number)})"
        style = book.styles(bold=True, bg_color=PALE, num_format=_form(column, values))
        sheet.write_formula(TOTALS, number, formula, style, total(values))
        if number:
            write_text(sheet, TOTALS, 0, "Total of the rows shown", book.styles(bold=True, bg_color=PALE))


def total(values: Sequence[float | None]) -> float:
    """Return the sum of what is written, without the noise of adding."""
    return round(math.fsum(value for value in values if value is not None), 6) + 0.0


def _colour(book: Book, sheet: Worksheet, number: int, column: Column, last: int) -> None:
    rules: list[dict[str, Any]] = []
    if column.rule == "status":
        rules = [
            {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": book.styles.fill(state)}
            for state in ("short", "late", "on_time")
            for word in (state, state.replace("_", " "))
        ]
    elif column.rule == "utilisation":
        rules = [
            {"type": "cell", "criteria": ">=", "value": FULL, "format": book.styles.fill("full")},
            {"type": "cell", "criteria": ">=", "value": BUSY, "format": book.styles.fill("busy")},
        ]
    elif column.rule == "days":
        rules = [{"type": "cell", "criteria": ">", "value": 0, "format": book.styles.fill("late")}]
    for rule in rules:
        sheet.conditional_format(FIRST, number, last, number, rule)


def _width(column: Column, values: Sequence[Any]) -> float:
    """Return a width that shows the values and breaks the header into two lines at most."""
    if column.kind == "words":
        return SENTENCE
    if column.kind == "date":
        return 12 if number_format("date", values) == "yyyy-mm-dd" else 17
    words = max((len(word) for word in column.title.split()), default=0)
    wanted = max(words + 4, math.ceil(len(column.title) / 2) + 4, NARROW)
    if column.kind in _NUMERIC:
        known = [abs(value) for value in values if value is not None]
        whole = max([*known, total(values) if column.total else 0.0], default=0.0)
        return max(wanted, len(f"{whole:,.2f}") + 3)
    longest = max((len(value) for value in values[:_SAMPLE] if value), default=0)
    return min(max(wanted, longest + 3), WIDE)


def _heights(sheet: Worksheet, grid: Grid) -> None:
    """Make rows high enough for their sentences; not every viewer does it by itself."""
    sentences = [column.values for column in grid.columns if column.kind == "words"]
    for row, texts in enumerate(zip(*sentences, strict=True), FIRST):
        lines = max(math.ceil(len(text or "") / (SENTENCE - 6)) for text in texts)
        if lines > 1:
            sheet.set_row(row, _LINE * min(lines, _MOST_LINES))


def _table(book: Book, sheet: Worksheet, grid: Grid, last: int) -> None:
    columns = [{"header": column.title, "header_format": book.styles.header} for column in grid.columns]
    word = re.sub(r"\W", "_", grid.name)
    options = {"name": f"Table_{word}", "style": "Table Style Light 1", "columns": columns}
    sheet.add_table(HEADER, 0, last, len(grid.columns) - 1, options)
    sheet.set_row(HEADER, 45)


def _describe(book: Book, sheet: Worksheet, grid: Grid) -> None:
    """Say where the rows of a table stand that is too large for a sheet, and what its columns mean."""
    place = f"tables/{grid.source}.parquet and tables/{grid.source}.csv"
    words = f"{grid.height:,} rows: more than the {LARGEST:,} that this workbook shows. All of them stand in {place}."
    book.left_out.append(f"{grid.name}: {words}")
    write_text(sheet, 4, 0, words, book.styles(bold=True))
    for row, column in enumerate(grid.columns, 6):
        write_text(sheet, row, 0, column.title, book.styles())
        write_text(sheet, row, 1, column.note, book.styles())
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
