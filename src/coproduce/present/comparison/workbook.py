"""The comparison as an Excel workbook: a cover, a sheet for each view, and the curves of deliveries with a chart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import polars as pl
import xlsxwriter

from ...results.comparison import Comparison
from ..words.formats import counted, day, gap, last_day
from ..words.names import Names
from ..workbook import table_sheet
from ..workbook.book import COVER, Book, set_page, write_text
from ..workbook.grid import Column as GridColumn
from ..workbook.grid import Grid, Kind
from ..workbook.styles import PALE, Styles
from ..workbook.write import CREATED, OPTIONS
from .wide import FIGURES, VIEWS, Column, View, columns, names_of

_WIDTHS = (30, 22, 22, 22, 22, 22, 22)
_KINDS: dict[str, Kind] = {"text": "text", "number": "number", "share": "share", "date": "date"}
READING = (
    "All changes are from the first run: above 0 is more, below 0 is less.",
    "Stages: the best values of two runs differ by at least and at most what is said there, each run keeping its own "
    "earlier stages; where plans are proven optimal, both are the change itself.",
    "How totals fall on single demands, runs and months is one of several equally good choices; compare totals first.",
)


def render(comparison: Comparison) -> bytes:
    """Return the workbook as bytes; the same comparison gives the same bytes."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as file:
        file.set_properties({"title": "Comparison of plans", "created": CREATED})
        _draw(Book(file, Styles(file)), comparison, names_of(comparison))
    return target.getvalue()


def _draw(book: Book, comparison: Comparison, names: Names) -> None:
    cover = book.file.add_worksheet(COVER)
    for view in VIEWS:
        table_sheet.draw(book, _grid(view, comparison, names))
    _curves(book, comparison, names)
    _changes(book, comparison)
    _cover(book, cover, comparison)


def _grid(view: View, comparison: Comparison, names: Names) -> Grid:
    found = tuple(
        GridColumn(one.title, _KINDS[one.kind], one.values, one.note, rule=_rule(one))
        for one in columns(view, comparison, names)
    )
    about = f"Changes are from {comparison.names[0]}. The notes at the headers say what each column means."
    return Grid(view.title, view.title, about, found, len(view.keys), view.table)


def _rule(column: Column) -> Any:
    return {"status": "status", "utilisation": "utilisation", "peak": "utilisation"}.get(column.column, "")


def _curves(book: Book, comparison: Comparison, names: Names) -> None:
    """Draw a sheet with the deliveries added up over time, and a chart of the first item beside it."""
    frame = comparison.frames["over_time"]
    wide = frame.pivot("run", index=["item", "unit", "start", "end"], values="delivered", maintain_order=True)
    heads = (
        GridColumn("Item", "text", [names.of("items", item) for item in wide["item"].to_list()]),
        GridColumn("Unit", "text", wide["unit"].to_list()),
        GridColumn("Until", "date", wide["end"].to_list(), "First instant after the period."),
    )
    runs = tuple(
        GridColumn(run, "number", wide[run].to_list(), f"Units delivered by then in run {run}.")
        for run in comparison.names
        if run in wide.columns
    )
    about = "Units delivered by the end of every period, added up from the start; the chart shows the first item."
    name = "Deliveries over time"
    placed = table_sheet.draw(book, Grid(name, name, about, (*heads, *runs), 1, "over_time"))
    if placed is None or not wide.height:
        return
    rows = wide.filter(pl.col("item") == wide["item"][0]).height
    chart = book.file.add_chart({"type": "line"})
    last = placed.first + rows - 1
    for run in runs:
        column = placed.columns[run.title]
        chart.add_series(
            {
                "name": run.title,
                "categories": [name, placed.first, placed.columns["Until"], last, placed.columns["Until"]],
                "values": [name, placed.first, column, last, column],
            }
        )
    chart.set_title({"name": f"{heads[0].values[0]}: delivered, cumulative ({heads[1].values[0]})"})
    chart.set_size({"width": 900, "height": 420})
    sheet = book.file.get_worksheet_by_name(name)
    sheet.insert_chart(placed.first, len(heads) + len(runs) + 1, chart)


def _changes(book: Book, comparison: Comparison) -> None:
    frame = comparison.frames["changes"]
    kinds: dict[str, Kind] = {"line": "whole", "words": "words", "remark": "words"}
    found = tuple(
        GridColumn(name.capitalize(), kinds.get(name, "text"), frame[name].to_list()) for name in frame.columns
    )
    about = "What each scenario changes, in the order of its lines, and the cell that says so."
    table_sheet.draw(book, Grid("Changes", "Changes of the scenarios", about, found, 1, "changes"))


def _cover(book: Book, sheet: Any, comparison: Comparison) -> None:
    styles = book.styles
    set_page(sheet)
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    write_text(sheet, 0, 0, f"Comparison of {counted(len(comparison.names), 'plan')}", styles(bold=True, font_size=20))
    write_text(sheet, 1, 0, comparison.results[0].tables.programme.name, styles(bold=True, font_size=13))
    row = 3
    for line in _lines(comparison):
        for column, text in enumerate(line.cells):
            style = styles(bold=line.head, bg_color=PALE) if line.head else styles()
            if isinstance(text, float):
                sheet.write_number(row, column, text, styles(num_format="#,##0.##", align="left"))
            else:
                write_text(sheet, row, column, text, style)
        row += 1
    for entry in book.entries:
        sheet.write_url(row, 0, f"internal:'{entry.name}'!A1", styles.link, entry.name)
        write_text(sheet, row, 1, entry.title, styles())
        row += 1


class _Line:
    """A line of the cover."""

    def __init__(self, *cells: str | float, head: bool = False) -> None:
        self.cells, self.head = cells, head


def _lines(comparison: Comparison) -> Iterator[_Line]:
    runs = comparison.frames["runs"].to_dicts()
    yield _Line("Run", *comparison.names, head=True)
    yield _Line("Scenario", *(run["scenario"] or "as it stands" for run in runs))
    yield _Line("Horizon", *(f"{day(run['start'])} to {last_day(run['end'])}" for run in runs))
    yield _Line("Status", *(run["status"] for run in runs))
    yield _Line("Gap", *(gap(run["gap"]) for run in runs))
    yield _Line("Audit", *(run["audit"] for run in runs))
    figures = comparison.frames["figures"]
    for (figure, unit), part in figures.group_by("figure", "unit", maintain_order=True):
        values = dict(part.select("run", "value").iter_rows())
        cells = (values.get(name, "–") for name in comparison.names)
        yield _Line(f"{FIGURES[str(figure)]} ({unit})", *cells)
    yield _Line()
    notes = comparison.frames["notes"]
    if notes.height:
        yield _Line("Not compared, or different", head=True)
        for note in notes.iter_rows(named=True):
            yield _Line(note["run"], note["note"])
        yield _Line()
    yield _Line("How to read", head=True)
    for words in READING:
        yield _Line(words)
    yield _Line()
    yield _Line("Sheets", head=True)
