"""Turns a table of a comparison on its side: a row for each subject, a column for each run and difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from ...results.comparison import Comparison
from ...tables import COMPARISON_TABLES
from ..words.costs import KINDS as COST_WORDS
from ..words.formats import inclusive
from ..words.limits import TABLES as LIMITED
from ..words.names import STATUS_WORDS, Names, read_names, stage_words, unit_words

Kind = Literal["text", "number", "share", "date"]

FIGURES = {
    "demands": "Demands",
    "on_time": "On time",
    "late": "Late",
    "short": "Short: some never",
    "late_unit_days": "Lateness",
    "cost": "Cost",
}
_TITLES = {
    "difference": "Change",
    "least": "Change at least",
    "most": "Change at most",
    "moved_days": "Last delivery moved (days)",
    "one_more": "One more changes it by",
}
_LAST_DAYS = frozenset({"last_delivery", "last_binding"})


@dataclass(frozen=True)
class View:
    """How a table of a comparison is shown.

    Attributes
    ----------
    keys : columns that say what a row is about
    shown : columns of which every run has one
    differences : columns of which every run but the first has one
    """

    table: str
    title: str
    keys: tuple[str, ...]
    shown: tuple[str, ...]
    differences: tuple[str, ...]


VIEWS = (
    View("figures", "Key figures", ("figure", "unit"), ("value",), ("difference",)),
    View("stages", "Stages and proof", ("stage", "unit"), ("value", "bound"), ("difference", "least", "most")),
    View("deliveries", "Deliveries by year", ("item", "unit", "year"), ("asked", "delivered"), ("difference",)),
    View("demands", "Demands", ("demand", "item", "unit"), ("status", "last_delivery", "late_unit_days"),
         ("moved_days", "difference")),
    View("costs", "Cost by kind", ("kind", "currency"), ("amount",), ("difference",)),
    View("limits", "What limits", ("kind", "entity", "site", "stage", "unit"), ("binds", "one_more"), ()),
    View("resources", "Use of resources", ("resource", "site", "unit"), ("used", "utilisation", "peak"),
         ("difference",)),
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: header, kind, what it means, values."""

    title: str
    kind: Kind
    note: str
    values: list[Any]
    column: str
    run: str = ""


def names_of(comparison: Comparison) -> Names:
    """Return the names of all runs together; where two differ, that of the earlier run."""
    several = [read_names(result.tables) for result in reversed(comparison.results)]
    shown: dict[str, dict[str, str]] = {}
    for names in several:
        for table, known in names.shown.items():
            shown.setdefault(table, {}).update(known)
    units = {item: unit for names in several for item, unit in names.units.items()}
    families = {item: family for names in several for item, family in names.families.items()}
    return Names(shown, units, families)


def columns(view: View, comparison: Comparison, names: Names) -> list[Column]:
    """Return the columns of a view: what the rows are about, then each measure for each run."""
    frame, spec = comparison.frames[view.table], COMPARISON_TABLES[view.table]
    keys = list(view.keys)
    subjects = frame.select(keys).unique(maintain_order=True)
    found = [
        Column(_title(name), "text", spec.columns[name].meaning, _words(name, subjects, names), name) for name in keys
    ]
    for name in (*view.shown, *view.differences):
        first = 1 if name in view.differences else 0
        for run in comparison.names[first:]:
            part = frame.filter(pl.col("run") == run).select(*keys, name)
            joined = subjects.join(part, on=keys, how="left", nulls_equal=True, maintain_order="left")
            kind = _kind(spec.columns[name].kind, spec.columns[name].unit)
            note = f"{spec.columns[name].meaning.rstrip('.')}. Run {run}."
            found.append(Column(f"{_title(name)}: {run}", kind, note, _shown(name, joined[name]), name, run))
    return found


def row_columns(view: View, comparison: Comparison, names: Names) -> list[Column]:
    """Return the columns of a view with a row for each run: what it is about, the run, each measure."""
    frame, spec = comparison.frames[view.table], COMPARISON_TABLES[view.table]
    found = [
        Column(_title(name), "text", spec.columns[name].meaning, _words(name, frame, names), name) for name in view.keys
    ]
    found.append(Column("Run", "text", "", frame["run"].to_list(), "run"))
    for name in (*view.shown, *view.differences):
        kind = _kind(spec.columns[name].kind, spec.columns[name].unit)
        found.append(Column(_title(name), kind, spec.columns[name].meaning, _shown(name, frame[name]), name))
    return found


def _title(name: str) -> str:
    if name in _TITLES:
        return _TITLES[name]
    return name.replace("_", " ").replace("unit days", "unit-days").capitalize()


def _kind(kind: str, unit: str) -> Kind:
    kinds: Mapping[str, Kind] = {"number": "number", "integer": "number", "date": "date"}
    return "share" if unit == "share" else kinds.get(kind, "text")


def _shown(name: str, cells: pl.Series) -> list[Any]:
    if name in _LAST_DAYS:
        return [inclusive(value) for value in cells.to_list()]
    return [STATUS_WORDS.get(value, value) for value in cells.to_list()] if name == "status" else cells.to_list()


def _words(name: str, subjects: pl.DataFrame, names: Names) -> list[Any]:
    tables = {"item": "items", "demand": "demands", "resource": "resources", "site": "sites"}
    words: Mapping[str, Callable[[Any], str]] = {
        "figure": lambda value: FIGURES[value],
        "stage": stage_words,
        "unit": unit_words,
        "year": str,
    }
    if name in tables:
        return [names.of(tables[name], value) for value in subjects[name].to_list()]
    if name == "kind" and "currency" in subjects.columns:
        return [COST_WORDS.get(value, value) for value in subjects[name].to_list()]
    if name == "entity":
        return _entities(subjects, names)
    if name == "kind":
        return [_title(value) for value in subjects[name].to_list()]
    return [words[name](value) if name in words else value for value in subjects[name].to_list()]


def _entities(subjects: pl.DataFrame, names: Names) -> list[str]:
    return [
        names.of(LIMITED[kind], entity) if kind in LIMITED else names.at(*entity.split("/", 1))
        for kind, entity in subjects.select("kind", "entity").iter_rows()
    ]
