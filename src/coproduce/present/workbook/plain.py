"""A workbook of declared tables: a cover with a few facts and the contents, and a sheet for each table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from ...calendar import Timeline
from ...results.result import PlanResult
from ...tables import RESULT_TABLES, Tables
from ..words.buckets import timeline
from ..words.names import read_names
from . import table_sheet
from .book import COVER, Book, set_page, write_text
from .declared import Reader
from .grid import Grid
from .styles import Styles
from .write import CREATED, OPTIONS


def reader(tables: Tables, summary: Mapping[str, Any]) -> Reader:
    """Return what shows ids of a programme as names, units and dates, without a plan of it."""
    made = Timeline.build(tables.programme.start, tables.programme.buckets)
    edges = [made.moment(int(edge)) for edge in made.edges]
    buckets = RESULT_TABLES["buckets"].empty()
    rows = {"bucket": list(range(made.count)), "start": edges[:-1], "end": edges[1:]}
    filled = type(buckets)(rows).cast({name: buckets.schema[name] for name in rows})
    shown = PlanResult(tables, {}, summary, ())
    return Reader(shown, read_names(tables), timeline(filled), tables.programme.currency)


def render(title: str, name: str, facts: Sequence[tuple[str, str]], note: str, grids: Iterable[Grid]) -> bytes:
    """Return the workbook as bytes; the same content gives the same bytes.

    Parameters
    ----------
    title, name : what it is about, and the programme
    facts : what the cover says, each with its label
    note : what is to be known before reading on
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as file:
        file.set_properties({"title": f"{title} of {name}", "created": CREATED})
        book = Book(file, Styles(file))
        cover = file.add_worksheet(COVER)
        for one in grids:
            table_sheet.draw(book, one)
        _cover(book, cover, title, name, [*facts, (note, "")])
    return target.getvalue()


def _cover(book: Book, sheet: Any, title: str, name: str, facts: Sequence[tuple[str, str]]) -> None:
    styles = book.styles
    set_page(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    write_text(sheet, 0, 0, title, styles(bold=True, font_size=20))
    write_text(sheet, 1, 0, name, styles(bold=True, font_size=13))
    for row, pair in enumerate(facts, start=3):
        for column, said in enumerate(pair):
            write_text(sheet, row, column, said, styles())
    for row, entry in enumerate(book.entries, start=4 + len(facts)):
        sheet.write_url(row, 0, f"internal:'{entry.name}'!A1", styles.link, entry.name)
        write_text(sheet, row, 1, f"{entry.title} ({entry.size})", styles())
