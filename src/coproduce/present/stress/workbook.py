"""The answers of a stress test as an Excel workbook: a cover, and a sheet for each table."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from ...results.stress.result import StressResult
from ..whole import whole_file
from ..words.formats import counted
from ..words.scenario import programme_title
from ..workbook import table_sheet
from ..workbook.book import COVER, Book, set_page, write_text
from ..workbook.styles import Styles
from ..workbook.write import CREATED, OPTIONS
from .sheets import grids
from .words import LEFT_OUT, READING, not_asked


def write_stress_workbook(result: StressResult, path: Path) -> None:
    """Write the workbook, whole or not at all.

    Raises
    ------
    OSError : the file cannot be written
    """
    content = render(result)
    with whole_file(path) as part:
        part.write_bytes(content)


def render(result: StressResult) -> bytes:
    """Return the workbook as bytes; the same result gives the same bytes."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as file:
        file.set_properties({"title": f"Stress test of {result.summary['name']}", "created": CREATED})
        book = Book(file, Styles(file))
        cover = file.add_worksheet(COVER)
        for one in grids(result).values():
            table_sheet.draw(book, one)
        _cover(book, cover, result)
    return target.getvalue()


def facts(result: StressResult) -> Iterator[tuple[str, str]]:
    """Yield the settings that the answers rest on, in words."""
    figures, settings = result.summary, result.summary["settings"]
    ended = f" of {settings['replications']:,}, ended by the precision" if figures["stopped_by_precision"] else ""
    yield "Replications", f"{figures['replications']:,}{ended}"
    yield "Taken apart", f"{figures['taken_apart']:,} replications, for where the loss comes from"
    yield "Seed", str(settings["seed"])
    yield "Periods", f"{figures['periods']:,} of at most {counted(settings['period_days'], 'day')}"
    yield "Policy", "follow the plan" if settings["policy"] == "follow" else "base stock"
    yield "Risks", f"{figures['risks']:,}"
    yield "Drills", ", ".join(figures["drills"]) or "none"
    for option, words in not_asked(result.further):
        yield "Not asked for", f"{words} ({option})"
    yield "Audit of the plan", str(figures["plan_audit"])
    yield "Input", str(figures["input_hash"])
    yield "Version", str(figures["version"])


def _cover(book: Book, sheet: Any, result: StressResult) -> None:
    styles = book.styles
    set_page(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    write_text(sheet, 0, 0, "Stress test", styles(bold=True, font_size=20))
    write_text(sheet, 1, 0, programme_title(result.summary["name"], result.summary), styles(bold=True, font_size=13))
    row = 3
    for name, words in facts(result):
        write_text(sheet, row, 0, name, styles())
        write_text(sheet, row, 1, words, styles())
        row += 1
    for title, lines in (("How to read", READING), ("What is left out", LEFT_OUT)):
        write_text(sheet, row + 1, 0, title, styles(bold=True))
        for words in lines:
            write_text(sheet, row + 2, 0, words, styles())
            row += 1
        row += 2
    for entry in book.entries:
        sheet.write_url(row + 2, 0, f"internal:'{entry.name}'!A1", styles.link, entry.name)
        write_text(sheet, row + 2, 1, f"{entry.title} ({entry.size})", styles())
        row += 1
