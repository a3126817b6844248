"""Writes tables as sheets that a planner can fill in: notes on headers, formats, lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ...read.header import SETTINGS
from ...read.names import canonical
from ...tables import INPUT_TABLES, Column
from ..workbook.styles import DARK, GREY, PALE, Styles
from .canonical import Value, value_of
from .limits import sheet_names
from .notes import header_format, header_text, note
from .source import SourceSheet
from .validation import LAST_ROW, Places, id_lists, rule

AUTHOR = "Column"
_NARROWEST, _WIDEST, _MEASURED = 9, 48, 200
_TEXT, _DATE, _MINUTE, _SECOND = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "yyyy-mm-dd hh:mm:ss"
_FREE = ("number", "integer", "flag", "date")
_FLAWS = {"number_stored_as_text": "A1:XFD1048576"}
"""Ids such as 007 are meant to be text; without this a spreadsheet puts a green corner on each."""


@dataclass(frozen=True)
class Book:
    """A workbook while it is written."""

    file: xlsxwriter.Workbook
    styles: Styles


def new_book(path: str) -> Book:
    """Begin a workbook in which no text is ever taken for a formula or an address."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    file = xlsxwriter.Workbook(path, options)
    return Book(file, Styles(file))


def write_sheets(book: Book, sheets: Sequence[SourceSheet], tabs: Mapping[str, str] | None = None) -> None:
    """Write all sheets; `tabs` gives colours to the tabs of some."""
    names = sheet_names(sheets)
    places = {sheet.name: _places(sheet) for sheet in sheets if sheet.name in INPUT_TABLES}
    for name, formula in id_lists(places).items():
        book.file.define_name(name, formula)
    for sheet, name in zip(sheets, names, strict=True):
        drawn = book.file.add_worksheet(name)
        drawn.ignore_errors(_FLAWS)
        if tabs and sheet.table in tabs:
            drawn.set_tab_color(tabs[sheet.table])
        if sheet.frame.height:
            _write(book, drawn, sheet, places)


def _places(sheet: SourceSheet) -> dict[str, int]:
    return {canonical(name): position for position, name in enumerate(sheet.names)}


def declared(sheet: SourceSheet) -> list[Column | None]:
    """Return the declaration of each column; None where there is none."""
    columns = sheet.spec.columns if sheet.spec else {}
    return [columns.get(canonical(name)) for name in sheet.names]


def is_settings(sheet: SourceSheet) -> bool:
    """Whether a sheet lists settings below each other."""
    return sheet.table == "programme" and {canonical(name) for name in sheet.names}.issuperset(SETTINGS)


def _write(book: Book, drawn: Worksheet, sheet: SourceSheet, places: Places) -> None:
    columns = declared(sheet)
    settings = is_settings(sheet)
    for position, column in enumerate(columns):
        form = None if settings else _column_format(book.styles, column)
        drawn.set_column(position, position, _width(sheet, position, column), form)
    for row, cells in enumerate(sheet.frame.iter_rows()):
        if row == sheet.header:
            continue
        kinds = _setting_kinds(sheet, cells) if settings else columns
        for position, text in enumerate(cells):
            if text is not None:
                write_value(book.styles, drawn, row, position, value_of(kinds[position], text), kinds[position])
        if settings:
            _guide_setting(book.styles, drawn, sheet, row, cells, places)
    for position, column in enumerate(columns):
        _write_header(book.styles, drawn, sheet, position, column)
        if column is not None:
            _guide(drawn, column, sheet.header + 1, position, places)
    drawn.freeze_panes(sheet.header + 1, 1)


def write_value(
    styles: Styles, drawn: Worksheet, row: int, position: int, value: Value, column: Column | None = None
) -> None:
    """Write a number, date or text as a cell of its own type."""
    if isinstance(value, str):
        free = column is not None and column.kind in _FREE
        drawn.write_string(row, position, value, styles() if free else _text(styles, value))
    elif isinstance(value, date):
        drawn.write_datetime(row, position, value, styles(num_format=_date_format(value)))
    elif value is not None:
        drawn.write_number(row, position, value, styles())


def _text(styles: Styles, value: str) -> Format:
    return styles(num_format=_TEXT, text_wrap=True) if "\n" in value else styles(num_format=_TEXT)


def _date_format(value: date) -> str:
    if not isinstance(value, datetime):
        return _DATE
    return _SECOND if value.second else _MINUTE


def _column_format(styles: Styles, column: Column | None) -> Format:
    if column is None or column.kind not in _FREE:
        return styles(num_format=_TEXT)
    return styles(num_format=_DATE) if column.kind == "date" else styles()


def _width(sheet: SourceSheet, position: int, column: Column | None) -> int:
    body = sheet.frame.to_series(position)[:_MEASURED]
    longest = max((len(line) for text in body if text for line in text.split("\n")), default=0)
    header = header_text(column) if column else sheet.names[position]
    return min(max(longest + 2, len(header) + 3, _NARROWEST), _WIDEST)


def _write_header(styles: Styles, drawn: Worksheet, sheet: SourceSheet, position: int, column: Column | None) -> None:
    name = sheet.names[position]
    if not name:
        return
    drawn.write_string(sheet.header, position, name, styles(**header_properties(column)))
    if column is not None:
        _comment(drawn, sheet.header, position, note(column))


def header_properties(column: Column | None) -> dict[str, Any]:
    """Return how a header looks: dark where a value is required, pale where it may stay empty, grey where unused."""
    looks: dict[str, Any] = {"bold": True, "border": 1, "valign": "vcenter", "bg_color": PALE, "font_color": DARK}
    if column is None or not column.honoured:
        looks |= {"bold": False, "italic": True, "font_color": GREY}
    elif column.required:
        looks |= {"bg_color": DARK, "font_color": "#FFFFFF"}
    shown = header_format(column) if column else ""
    return looks | ({"num_format": shown} if shown else {})


def _comment(drawn: Worksheet, row: int, position: int, text: str) -> None:
    lines = sum(1 + len(line) // 44 for line in text.split("\n"))
    drawn.write_comment(row, position, text, {"author": AUTHOR, "width": 300, "height": 18 + 16 * lines})


def _guide(drawn: Worksheet, column: Column, row: int, position: int, places: Places) -> None:
    found = rule(column, row, position, places)
    if found is not None:
        drawn.data_validation(row, position, max(LAST_ROW, row), position, found)


def _setting_kinds(sheet: SourceSheet, cells: Sequence[str | None]) -> list[Column | None]:
    """Return the declaration for each cell of a setting: that of the setting for its value, none for the others."""
    names = [canonical(name) for name in sheet.names]
    setting = INPUT_TABLES["programme"].columns.get(canonical(cells[names.index("setting")] or ""))
    return [setting if name == "value" else None for name in names]


def _guide_setting(
    styles: Styles, drawn: Worksheet, sheet: SourceSheet, row: int, cells: Sequence[str | None], places: Places
) -> None:
    """Offer and check the value of a setting; the name of the setting looks like a header and has its note."""
    names = [canonical(name) for name in sheet.names]
    setting, value = names.index("setting"), names.index("value")
    column = _setting_kinds(sheet, cells)[value]
    if column is None:
        return
    drawn.write_string(row, setting, cells[setting] or "", styles(**header_properties(column)))
    _comment(drawn, row, setting, note(column))
    found = rule(column, row, value, places)
    if found is not None:
        drawn.data_validation(row, value, row, value, found)
    if cells[value] is None:
        drawn.write_blank(row, value, None, _column_format(styles, column))
