"""The tables of a stress test as page and workbook show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from ...results.stress.result import StressResult
from ...tables import REPLAN_TABLES, STRESS_TABLES, SURVIVAL_TABLES
from ..words.buckets import timeline
from ..words.names import read_names
from ..workbook.declared import Reader, grid
from ..workbook.grid import Column, Grid
from .words import FURTHER, TITLES

_SPECS = {**STRESS_TABLES, **SURVIVAL_TABLES, **REPLAN_TABLES}
_ADDED_UP: Mapping[str, tuple[str, ...]] = {
    "losses": ("late_unit_days", "undelivered"),
    "loss_places": ("late_unit_days", "undelivered"),
    "promises": ("late_unit_days",),
    "single_sources": ("value", "single_value"),
}
"""Columns of each table whose rows add up to something: means of losses, and worths of different items."""

_ORDER: Mapping[str, tuple[tuple[str, ...], tuple[bool, ...]]] = {
    "losses": (("late_unit_days", "source"), (True, False)),
    "loss_places": (("late_unit_days", "place"), (True, False)),
    "commitments": (("probability", "commitment", "source"), (False, False, False)),
    "time_to_survive": (("margin_days", "survives_days", "target", "date"), (False, False, False, False)),
    "single_sources": (("loss", "single_value", "item"), (True, True, False)),
}
"""Order in which the rows of a table are shown: what matters most comes first; all others stand as they were made."""


def frames_shown(result: StressResult) -> dict[str, pl.DataFrame]:
    """Return the tables that are there, by name, each in the order in which it is shown."""
    there = {**result.frames, **result.further}
    return {name: _ordered(name, there[name]) for name in (*TITLES, *FURTHER) if name in there}


def grids(result: StressResult) -> dict[str, Grid]:
    """Return the tables that are there as grids, with names beside ids."""
    reader = _reader(result)
    return {name: _grid(name, frame, reader) for name, frame in frames_shown(result).items()}


def _ordered(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    if name not in _ORDER:
        return frame
    columns, falling = _ORDER[name]
    return frame.sort(columns, descending=list(falling), nulls_last=True, maintain_order=True)


def _reader(result: StressResult) -> Reader:
    plan = result.plan
    return Reader(plan, read_names(plan.tables), timeline(plan.frames["buckets"]), plan.tables.programme.currency)


def _grid(name: str, frame: pl.DataFrame, reader: Reader) -> Grid:
    """Return a table as a grid; only what is named above is added up, for nothing else may be."""
    found = grid(_SPECS[name], frame, reader, name=name)
    added = _ADDED_UP.get(name, ())
    columns = tuple(replace(one, total=column_of(one) in added, mixed=False) for one in found.columns)
    return replace(found, columns=columns)


def column_of(column: Column) -> str:
    """Return the declared name of a column."""
    return column.title.split(" (")[0].lower().replace(" ", "_").replace("-", "_")
