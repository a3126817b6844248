"""The answers of a stress test as one self-contained page: every table, and charts of what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...results.stress.result import StressResult
from ..report.preview import preview
from ..report.sheet import Field, Kind, Sheet, first
from ..report.write import page_text
from ..whole import whole_file
from ..words.buckets import timeline
from ..words.names import read_names
from ..words.scenario import programme_title
from ..workbook.declared import FULL_NAME
from ..workbook.grid import Column, Grid
from .cards import cards, headline
from .charts import charts
from .exposure import SHADES, exposure_map
from .sheets import column_of, frames_shown, grids
from .words import FURTHER, LEFT_OUT, NO_OPTION, NOTES, READING, TITLES, not_asked
from .workbook import facts

SCRIPTS = (
    "format", "data", "csv", "picture", "table", "theme", "panel", "drawing", "stress", "survival", "map", "exposure",
    "tabs", "main",
)  # fmt: skip
TABS = (
    ("overview", "Overview", ("service", "lateness")),
    ("promises", "Promises", ("commitments", "promises")),
    ("deliveries", "Deliveries", ("recoveries", "bands")),
    ("losses", "Losses", ("losses", "causes")),
    ("exposure", "Exposure", ("loss_places",)),
    ("survival", "Survival", ("time_to_survive", "single_sources")),
    ("remedies", "Remedies", ("remedies",)),
    ("exports", "Exports", ("exportable",)),
    ("recourse", "Re-planning", ("recourse", "replanned")),
)
_PANELS = {
    "promises": ("chances", "Chance to keep what was promised"),
    "deliveries": ("bands", "Deliveries against the promise"),
    "losses": ("tornado", "Where the loss comes from, mean of a replication"),
    "survival": ("survival", "Time to survive against time to recover"),
    "remedies": ("remedies", "What options would save"),
    "exports": ("exports", "What may be exported"),
}
"""Charts by tab, and the part of the data without which there is nothing to draw."""
_AT = ("date_80", "date_90", "date_95")
_DRAWN_FROM = {"survival": "time_to_survive", "exports": "exportable"}
_LEADING = {
    "promises": (
        "demand",
        "due",
        "quantity",
        "unit",
        "planned",
        "kept",
        *_AT,
        "in_time_80",
        "in_time_90",
        "in_time_95",
    ),
    "commitments": ("commitment", "due", "promised", "unit", "planned", "probability", *_AT, "at_80", "at_90", "at_95"),
}
"""Columns of a table that a page shows before the others."""
_OPTIONAL = frozenset({"commitments", "causes", "loss_places"})
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
    names, frames = read_names(result.plan.tables), frames_shown(result)
    sheets = {name: _sheet(name, one) for name, one in grids(result).items()}
    drawn = charts(result, frames, names)
    tabs = [(key, title, [name for name in parts if _shown(name, sheets)]) for key, title, parts in TABS]
    context = {
        "name": programme_title(result.summary["name"], result.summary),
        "tabs": [tab for tab in tabs if tab[2]],
        "panels": {tab: panel for tab, panel in _PANELS.items() if drawn.get(_DRAWN_FROM.get(panel[0], panel[0]))},
        "headline": headline(result),
        "cards": cards(result),
        "leads": {} if "remedies" in drawn else {"remedies": NO_OPTION},
        "facts": [one for one in facts(result) if one[0] != "Not asked for"],
        "reading": READING,
        "left_out": LEFT_OUT,
        "not_asked": not_asked(result.further),
        "problems": [str(problem) for problem in result.problems],
        "map": exposure_map(result, frames, names),
        "shades": SHADES,
        "previews": {name: preview(sheet) for name, sheet in sheets.items()},
    }
    data = {
        "time": timeline(result.plan.frames["buckets"]).payload(),
        "file": "stress",
        "currency": result.plan.tables.programme.currency,
        **drawn,
        "sheets": {name: sheet.payload() for name, sheet in sheets.items()},
    }
    return page_text("stress.html.j2", context, data, SCRIPTS)


def _shown(name: str, sheets: Mapping[str, Sheet]) -> bool:
    """Whether a table is there, and has rows if it is one that a programme may well have none of."""
    return name in sheets and (name not in _OPTIONAL or len(sheets[name].rows) > 0)


def _sheet(name: str, shown: Grid) -> Sheet:
    columns = _leading(name, list(_told(shown.columns)))
    fields = [
        Field(column.title, _KINDS.get(column.kind, "text"), total=column.total and shown.height <= _MOST_ROWS)
        for column in columns
    ]
    rows, cut = first(list(zip(*(_values(column) for column in columns), strict=True)), _MOST_ROWS, "rows", name)
    return Sheet({**TITLES, **FURTHER}[name], fields, rows, " ".join(filter(None, (cut, NOTES.get(name, "")))))


def _values(column: Column) -> Sequence[Any]:
    if column.kind != "flag":
        return column.values
    return [None if value is None else "yes" if value else "no" for value in column.values]


def _leading(name: str, columns: list[Column]) -> list[Column]:
    """Return the columns of a table, those that a reader looks for first."""
    order = {one: place for place, one in enumerate(_LEADING.get(name, ()))}
    return sorted(columns, key=lambda column: order.get(column_of(column), len(order)))


def _told(columns: Sequence[Column]) -> Iterator[Column]:
    """Yield the columns that a page needs: names in place of the ids that they stand beside.

    How many replications a row rests on is left out where it is the same in all, which the page says once.
    """
    following = [*(column.title for column in columns[1:]), ""]
    for column, after in zip(columns, following, strict=True):
        if after in (f"{column.title} name", FULL_NAME) or (
            column.title == "Replications" and len(set(column.values)) <= 1
        ):
            continue
        yield replace(column, title="Name" if column.title == FULL_NAME else column.title.removesuffix(" name"))
