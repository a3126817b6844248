"""The comparison as one self-contained page: key figures, curves of deliveries, and every view as a table."""

from __future__ import annotations

from typing import Any

from ...results.comparison import Comparison
from ..report.preview import preview
from ..report.sheet import Field, Sheet, first
from ..report.write import page_text
from ..words.buckets import timeline
from ..words.formats import counted, day, gap, last_day, quantity, tidy
from ..words.names import Names
from ..words.scenario import change_words
from .wide import FIGURES, VIEWS, View, columns, names_of, row_columns
from .workbook import READING

SCRIPTS = (
    "format", "data", "csv", "picture", "table", "theme", "panel", "drawing", "comparison", "map", "tabs", "main",
)  # fmt: skip
TABS = (
    ("overview", "Overview"),
    ("deliveries", "Deliveries"),
    ("demands", "Demands"),
    ("capacity", "Limits and capacity"),
    ("costs", "Costs"),
    ("proof", "Stages and proof"),
)
_PROOF = {"optimal": "proven", "time_limit": "stopped by time", "unproven": "not proven"}
_MOST_ROWS, _MOST_ITEMS = 5_000, 200


def render(comparison: Comparison) -> str:
    """Return the page as text."""
    names = names_of(comparison)
    sheets = {view.table: _sheet(view, comparison, names) for view in VIEWS}
    over_time = _over_time(comparison, names)
    title = comparison.results[0].tables.programme.name
    context = {
        "name": title,
        "tabs": TABS,
        "count": counted(len(comparison.names), "plan"),
        "base": comparison.names[0],
        "runs": _runs(comparison),
        "cards": _cards(comparison),
        "notes": comparison.frames["notes"].to_dicts(),
        "reading": READING,
        "previews": {name: preview(sheet) for name, sheet in sheets.items()},
        "drawn": bool(over_time["items"]),
    }
    data = {
        "time": _time(comparison),
        "file": "comparison",
        "over_time": over_time,
        "sheets": {name: sheet.payload() for name, sheet in sheets.items()},
    }
    return page_text("comparison.html.j2", context, data, SCRIPTS)


def _sheet(view: View, comparison: Comparison, names: Names) -> Sheet:
    # Several measures of several runs are too many columns for a page: there every run has a row.
    by_row = len(view.shown) > 1
    found = row_columns(view, comparison, names) if by_row else columns(view, comparison, names)
    fields = [Field(one.title, one.kind) for one in found]
    rows, note = first(list(zip(*(one.values for one in found), strict=True)), _MOST_ROWS, "rows", view.table)
    return Sheet(view.title, fields, rows, note, facet=len(view.keys) if by_row else -1)


def _runs(comparison: Comparison) -> list[dict[str, Any]]:
    """Return what is said of each run: horizon, proof, changes."""
    found = []
    for run, result in zip(comparison.frames["runs"].iter_rows(named=True), comparison.results, strict=True):
        found.append(
            {
                "name": run["run"],
                "scenario": run["scenario"],
                "horizon": f"{day(run['start'])} to {last_day(run['end'])}, {run['buckets']}",
                "status": _PROOF.get(run["status"], run["status"]),
                "gap": gap(run["gap"]),
                "audit": run["audit"],
                "folder": run["folder"],
                "changes": change_words(result.summary),
            }
        )
    return found


def _cards(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the key figures: a row for each figure, a cell with value and change for each run."""
    rows = []
    for (figure, unit), part in comparison.frames["figures"].group_by("figure", "unit", maintain_order=True):
        own = {row["run"]: row for row in part.iter_rows(named=True)}
        cells = [_cell(str(figure), own.get(name)) for name in comparison.names]
        rows.append({"title": FIGURES[str(figure)], "unit": "" if unit == "demands" else str(unit), "cells": cells})
    return rows


def _cell(figure: str, row: dict[str, Any] | None) -> dict[str, str]:
    if row is None:
        return {"value": "–", "change": "", "kind": ""}
    change = row["difference"]
    if change is None or abs(change) < 1e-6:
        return {"value": quantity(row["value"]), "change": "", "kind": ""}
    better = (change > 0) == (figure == "on_time")
    # More demands, or a lower cost of delivering less, are neither good nor bad by themselves.
    kind = "" if figure in ("demands", "cost") else "better" if better else "worse"
    return {"value": quantity(row["value"]), "change": signed(change), "kind": kind}


def signed(change: float) -> str:
    """Write a change with its sign."""
    return f"+{quantity(change)}" if change > 0 else f"−{quantity(-change)}"


def _time(comparison: Comparison) -> dict[str, Any]:
    periods = comparison.frames["over_time"].select("start", "end").unique(maintain_order=True).sort("start")
    if periods.is_empty():
        periods = comparison.results[0].frames["buckets"].select("start", "end")
    return timeline(periods.with_row_index("bucket")).payload()


def _over_time(comparison: Comparison, names: Names) -> dict[str, Any]:
    """Return the curves of deliveries of each item; the items with most units first."""
    items = []
    for (item, unit), part in comparison.frames["over_time"].group_by("item", "unit", maintain_order=True):
        curves = [
            {"name": str(run), "values": [tidy(value) for value in own.sort("start")["delivered"].to_list()]}
            for (run,), own in part.group_by("run", maintain_order=True)
        ]
        most = part["delivered"].max()
        items.append((most or 0.0, {"name": names.of("items", str(item)), "unit": str(unit), "runs": curves}))
    ordered = sorted(items, key=lambda one: -float(one[0]))  # type: ignore[arg-type]
    return {"items": [one for most, one in ordered if most][:_MOST_ITEMS]}
