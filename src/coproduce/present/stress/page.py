"""The answers of a stress test as one self-contained page: every table, and the bands of deliveries as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from ...results.stress.result import StressResult
from ..report.preview import preview
from ..report.sheet import Field, Kind, Sheet, first
from ..report.write import page_text
from ..whole import whole_file
from ..words.buckets import timeline
from ..words.formats import tidy
from ..words.scenario import programme_title
from ..workbook.grid import Column
from .words import TITLES, source_words
from .workbook import READING, facts, stress_grid

SCRIPTS = ("format", "data", "csv", "picture", "table", "theme", "panel", "drawing", "stress", "map", "tabs", "main")
TABS = (
    ("overview", "Overview", ("service", "lateness")),
    ("promises", "Promises", ("promises", "commitments")),
    ("losses", "Losses", ("losses", "causes")),
    ("deliveries", "Deliveries", ("bands",)),
)
BANDS = ("asked", "planned", "quiet", "mean", "q05", "q25", "q50", "q75", "q95")
_MOST_ROWS = 5_000
_KINDS: dict[str, Kind] = {
    "number": "number", "plain": "number", "whole": "number", "money": "number", "share": "share", "date": "date",
}  # fmt: skip


def write_page(result: StressResult, path: Path) -> None:
    """Write the page, whole or not at all.

    Raises
    ------
    OSError : the file cannot be written
    """
    text = render(result)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def render(result: StressResult) -> str:
    """Return the page as text."""
    sheets = {name: _sheet(name, result) for name in TITLES}
    context = {
        "name": programme_title(result.summary["name"], result.summary),
        "tabs": TABS,
        "facts": list(facts(result)),
        "reading": READING,
        "problems": [str(problem) for problem in result.problems],
        "previews": {name: preview(sheet) for name, sheet in sheets.items()},
    }
    data = {
        "time": timeline(result.plan.frames["buckets"]).payload(),
        "file": "stress",
        "bands": bands(result.frames["bands"]),
        "tornado": tornado(result),
        "sheets": {name: sheet.payload() for name, sheet in sheets.items()},
    }
    return page_text("stress.html.j2", context, data, SCRIPTS)


def bands(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the curves of every item, tier and customer, a value for each bucket of the plan."""
    found = []
    for (scope, name, unit), part in frame.group_by("scope", "name", "unit", maintain_order=True):
        curves = {curve: [tidy(value) for value in part[curve].to_list()] for curve in BANDS}
        found.append({"scope": scope, "name": name, "unit": unit, **curves})
    return found


def tornado(result: StressResult) -> dict[str, Any]:
    """Return what the loss comes from, the largest part first."""
    rows = result.frames["losses"].sort("late_unit_days", descending=True, nulls_last=True).to_dicts()
    return {
        "names": [source_words(row) for row in rows],
        "values": [tidy(row["late_unit_days"]) for row in rows],
        "unit": "late unit-days",
    }


def _sheet(name: str, result: StressResult) -> Sheet:
    shown = stress_grid(name, result)
    columns = [column for column in shown.columns if not _same(column)]
    fields = [Field(column.title, _KINDS.get(column.kind, "text")) for column in columns]
    rows, note = first(list(zip(*(column.values for column in columns), strict=True)), _MOST_ROWS, "rows", name)
    return Sheet(TITLES[name], fields, rows, note)


def _same(column: Column) -> bool:
    """Whether a column says in every row how many replications it rests on, which the page says once."""
    return column.title == "Replications" and len(set(column.values)) <= 1
