"""Contracts and funds as an Excel workbook: a cover, and a sheet for each table."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from ...results.funding import FundingResult
from ..workbook import table_sheet
from ..workbook.book import COVER, Book, set_page, write_text
from ..workbook.styles import Styles
from ..workbook.write import CREATED, OPTIONS
from .screen import NO_ADVICE
from .sheets import grids


def render(result: FundingResult) -> bytes:
    """Return the workbook as bytes; the same result gives the same bytes."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as file:
        file.set_properties({"title": f"Contracts and funds of {result.summary['name']}", "created": CREATED})
        book = Book(file, Styles(file))
        cover = file.add_worksheet(COVER)
        for one in grids(result).values():
            table_sheet.draw(book, one)
        _cover(book, cover, result)
    return target.getvalue()


def _cover(book: Book, sheet: Any, result: FundingResult) -> None:
    styles = book.styles
    set_page(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    write_text(sheet, 0, 0, "Contracts and funds", styles(bold=True, font_size=20))
    write_text(sheet, 1, 0, result.summary["name"], styles(bold=True, font_size=13))
    write_text(sheet, 3, 0, "Rules applied as of", styles())
    write_text(sheet, 3, 1, result.summary["as_of"], styles())
    write_text(sheet, 4, 0, "Origin of components", styles())
    write_text(sheet, 4, 1, result.summary["origin"], styles())
    write_text(sheet, 5, 0, NO_ADVICE, styles())
    for row, entry in enumerate(book.entries, start=7):
        sheet.write_url(row, 0, f"internal:'{entry.name}'!A1", styles.link, entry.name)
        write_text(sheet, row, 1, f"{entry.title} ({entry.size})", styles())
