"""Small models written in frePPLe's published formats, for the tests of its reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from coproduce import api
from coproduce.check import Checked
from coproduce.tables import Tables

HEAD = '<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><current>2026-01-05T00:00:00</current>'


def xml(folder: Path, body: str, name: str = "model.xml") -> Path:
    """Write an XML model that begins on Monday 5 January 2026; the body stands from line 2 on."""
    path = folder / name
    path.write_text(f"{HEAD}\n{body}\n</plan>\n", encoding="utf-8")
    return path


def fixture(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """Write a fixture, one row a line after the bracket."""
    path = folder / "model.json"
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8")
    return path


def workbook(folder: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write a workbook; the first row of each sheet is its header."""
    path = folder / "model.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def checked(path: Path) -> Checked:
    """Read and check a file."""
    return api.check(api.read(path))


def tables(path: Path) -> Tables:
    """Read a file that has no errors."""
    return checked(path).unwrap()


def row(frame: pl.DataFrame, **where: str) -> dict[str, Any]:
    """Return the only row that has these values."""
    return frame.filter(**where).row(0, named=True) if frame.filter(**where).height == 1 else {}


def notes(path: Path, code: str) -> list[str]:
    """Return the notes of one kind, as they are shown."""
    return [str(problem) for problem in checked(path).problems if problem.code == code]
