"""Reads the tables of a README, so that what a page says is what the tests compare."""

from __future__ import annotations

from pathlib import Path

Row = dict[str, str]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def markdown_tables(page: Path) -> dict[str, list[Row]]:
    """Return the tables of a page by the name of their first column; cells are text."""
    tables: dict[str, list[Row]] = {}
    header: list[str] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            header = []
        elif not header:
            header = _cells(line)
            tables[header[0]] = []
        elif set(line) - set("|-: "):
            tables[header[0]].append(dict(zip(header, _cells(line), strict=True)))
    return tables


def number(cell: str) -> float:
    """Return the number in a cell, written with or without thousands separators."""
    return float(cell.replace(",", "").strip("* "))
