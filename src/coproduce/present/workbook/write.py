"""Writes the result workbook: cover, the planner's sheets, evidence and warnings, every result table."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from ...results.result import PlanResult
from ...results.store import problem_table
from ...tables import INPUT_TABLES, RESULT_TABLES
from ..whole import whole_file
from ..words.buckets import timeline
from ..words.limits import Wording
from ..words.names import read_names
from ..words.scenario import programme_title
from . import charts, cost_sheet, cover, matrix_sheet, over_time, planner, table_sheet
from .book import Book, Placed
from .declared import Reader, grid
from .grid import Column, Grid
from .styles import Styles

# Two results that are the same become the same bytes, so no clock may be read.
CREATED = datetime(2000, 1, 1)
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# What was said of figures and promises stands before the tables of the plan, with the input that it rests on.
_SAID = ("register", "claims", "promises")
_INPUTS = ("commitments", "sources")
# What names a figure of the register, and stays in view.
_CELL = ("table", "key", "column")
_MOST_BUCKETS = 1_500
_SHEETS = {"register": "evidence"}
_SENTENCES = ("message", "hint")


def write_workbook(result: PlanResult, path: Path) -> None:
    """Write a plan as an Excel workbook.

    Parameters
    ----------
    result : an audited plan
    path : the file; it is written under another name and then renamed, so that it is never half there

    Raises
    ------
    OSError : the file cannot be written
    """
    content = render(result)
    with whole_file(path) as part:
        part.write_bytes(content)


def render(result: PlanResult) -> bytes:
    """Return the workbook as bytes; the same result gives the same bytes."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as file:
        _properties(file, result)
        _draw(Book(file, Styles(file)), _reader(result))
    return target.getvalue()


def _properties(file: xlsxwriter.Workbook, result: PlanResult) -> None:
    version = result.summary.get("version", "")
    file.set_properties(
        {
            "title": programme_title(result.tables.programme.name, result.summary),
            "subject": "Result of a plan",
            "author": f"coproduce {version}".strip(),
            "comments": f"Input {result.summary.get('input_hash', '')}",
            "created": CREATED,
        }
    )
    file.set_calc_mode("auto")


def _reader(result: PlanResult) -> Reader:
    currency = str(result.summary.get("currency") or result.tables.programme.currency)
    return Reader(result, read_names(result.tables), timeline(result.frames["buckets"]), currency)


def _draw(book: Book, reader: Reader) -> None:
    """Draw all sheets in their order; what the cover and the costs by kind show of others is known last."""
    frames, words = reader.result.frames, Wording(reader.result.tables, reader.names, reader.time)
    front = cover.add(book)
    table_sheet.draw(book, planner.late_demands(reader))
    table_sheet.draw(book, planner.limits(reader, words))
    _over_time(book, reader)
    spent = cost_sheet.add(book, frames["costs"], reader.currency)
    _beside(book, reader)
    placed = {name: _declared(book, reader, name) for name in RESULT_TABLES if name in frames and name not in _SAID}
    cost = cost_sheet.draw(book, spent, frames["costs"], placed["costs"], reader.currency)
    cover.draw(book, front, reader, words, cover.Live(placed["demand_service"], cost))


def _over_time(book: Book, reader: Reader) -> None:
    """Draw the grids by period and the charts over them."""
    frames, tables, names, time = reader.result.frames, reader.result.tables, reader.names, reader.time
    if len(time) > _MOST_BUCKETS:
        words = f"the sheets by period and the charts: {len(time):,} buckets are more than a sheet shows side by side."
        book.left_out.append(f"{words} The tables of the result hold all of them.")
        return
    delivered, load, stock = (
        (matrix, matrix_sheet.draw(book, matrix, time))
        for matrix in (
            over_time.deliveries(frames["demand_service"], frames["deliveries"], tables, names, time),
            over_time.load(frames["resource_load"], tables, names, time),
            over_time.stock(frames["stock"], tables, names, time),
        )
    )
    held = frames["stock"].group_by("item", maintain_order=True).agg(pl.col("holding_cost").sum())
    charts.draw(book, delivered, load, stock, dict(held.iter_rows()))


def _beside(book: Book, reader: Reader) -> None:
    """Draw what the figures rest on, what was promised, and what is doubtful."""
    for name in _SAID:
        if name in reader.result.frames:
            _declared(book, reader, name)
    for name in _INPUTS:
        if name in INPUT_TABLES and not reader.result.tables[name].is_empty():
            table_sheet.draw(book, grid(INPUT_TABLES[name], reader.result.tables[name], reader, name=name))
    table_sheet.draw(book, _warnings(reader.result))


def _declared(book: Book, reader: Reader, name: str) -> Placed | None:
    spec, frame = RESULT_TABLES[name], reader.result.frames[name]
    frozen = len(_CELL) if name == "register" else None
    return table_sheet.draw(book, grid(spec, frame, reader, name=_SHEETS.get(name, name), frozen=frozen))


def _warnings(result: PlanResult) -> Grid:
    """Return the warnings about the input, each with its place."""
    frame = problem_table(result.problems)
    columns = tuple(
        Column(
            name.capitalize(),
            "whole" if name == "row" else "words" if name in _SENTENCES else "text",
            frame[name].to_list(),
        )
        for name in frame.columns
    )
    about = f"What is doubtful in the input, and where; {frame.height:,} rows. Rows are numbered as a spreadsheet does."
    return Grid("warnings", "Warnings about the input", about, columns, 1, "../problems")
