"""Makes a grid of a declared table: its columns with units and meanings, names beside ids, dates beside buckets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from ...results.result import PlanResult
from ...tables import Column as Declared
from ...tables import TableSpec
from ..words.buckets import Timeline
from ..words.costs import TABLES as PAID_FOR
from ..words.costs import paid_for
from ..words.formats import counted, inclusive
from ..words.names import Names
from ..words.reasons import entity_words
from .grid import Column, Grid, Kind, Rule

# Ids by the table that gives them names.
NAMED = {
    "item": "items",
    "site": "sites",
    "from_site": "sites",
    "to_site": "sites",
    "process": "processes",
    "resource": "resources",
    "lane": "lanes",
    "supply": "supplies",
    "demand": "demands",
    "risk": "risks",
    "option": "options",
}
# Ids of the table that another column names, and what that column calls the tables where it is not their name.
_OF_TABLES = {"target": "target_table", "place": "place_table", "name": "scope"}
_SCOPES = {"item": "items", "customer": "parties"}
FULL_NAME = "Full name"
# Instants after a bucket, which a reader expects as its last day.
LAST_DAYS = frozenset(
    {
        "first_delivery", "last_delivery", "earliest_possible", "last_binding", "last", "met_on",
        "date_80", "date_90", "date_95",
    }
)  # fmt: skip
_LAST_DAY = " Shown as the last day of it; parquet and CSV hold the instant after it."
_OWN_UNITS = frozenset({"units", "resource units"})
_ADDED_UP = frozenset({"currency", "unit-days"})
# Tables with these columns hold levels or alternatives, whose quantities are not to be added.
_NOT_ADDED = frozenset({"opening", "promised", "commitment"})
_SENTENCES = frozenset({"derivation", "as_published", "remark", "wording", "values", "others", "meaning"})
_RULES: Mapping[str, Rule] = {"status": "status", "utilisation": "utilisation", "late_days": "days"}


@dataclass(frozen=True)
class Reader:
    """What is needed to show the ids of a result as names, units and dates."""

    result: PlanResult
    names: Names
    time: Timeline
    currency: str

    @cached_property
    def resource_units(self) -> dict[str, str]:
        """Unit of every resource."""
        return dict(self.result.tables["resources"].select("resource", "unit").iter_rows())


def title(column: Declared, currency: str) -> str:
    """Return the header of a declared column, with its unit unless the name says it."""
    words = _words(column.name).replace("unit days", "unit-days")
    unit = {"share": "%", "date": "", "1": ""}.get(column.unit, column.unit.replace("currency", currency))
    known = not unit or unit.replace("-", "_") in column.name or unit in ("as the cell", "unit of the stage")
    return words if known else f"{words} ({unit})"


def meaning(spec: TableSpec, column: Declared) -> str:
    """Return the note of a header: meaning, unit and declared name."""
    unit = f" Unit: {column.unit}." if column.unit and column.unit not in ("1", "date") else ""
    last = _LAST_DAY if column.name in LAST_DAYS else ""
    return f"{column.meaning.rstrip('.')}.{unit}{last} Column {column.name} of table {spec.name}."


def grid(spec: TableSpec, frame: pl.DataFrame, reader: Reader, *, name: str, frozen: int | None = None) -> Grid:
    """Return a declared table as a grid, with names, units and dates beside ids and buckets."""
    columns: list[Column] = []
    units = _units(spec, frame, reader)
    mixed = units is not None and len(set(units)) > 1
    for declared in spec.columns.values():
        columns.append(_column(spec, declared, frame, reader, mixed=mixed))
        columns += _beside(spec, declared, frame, reader)
    if units is not None:
        place = next(at for at, column in enumerate(columns) if column.kind == "number")
        columns.insert(place, Column("Unit", "text", units, "Unit of the quantities of this row."))
    keys = min(max(len(spec.key), 1), 2) if frozen is None else frozen
    about = f"Table {spec.name}, {counted(frame.height, 'row')}. The notes at the headers say what each column means."
    return Grid(name, spec.meaning.rstrip("."), about, tuple(columns), keys, spec.name)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _column(spec: TableSpec, declared: Declared, frame: pl.DataFrame, reader: Reader, *, mixed: bool) -> Column:
    values: Sequence[Any] = frame[declared.name].to_list()
    if declared.name in LAST_DAYS and declared.kind == "date":
        values = [inclusive(value) for value in values]
    quantity = declared.unit == "units" and not _NOT_ADDED & set(spec.columns)
    return Column(
        title(declared, reader.currency),
        _kind(declared),
        values,
        meaning(spec, declared),
        total=_added_up(spec, declared) or (quantity and not mixed),
        mixed=quantity and mixed,
        rule=_RULES.get(declared.name, ""),
    )


def _added_up(spec: TableSpec, declared: Declared) -> bool:
    """Whether the rows add up: what several reasons would save does not."""
    return declared.unit in _ADDED_UP and "rank" not in spec.columns


def _kind(declared: Declared) -> Kind:
    if declared.kind == "integer":
        return "whole"
    if declared.kind == "number":
        kinds: dict[str, Kind] = {"currency": "money", "share": "share", "as the cell": "plain"}
        return kinds.get(declared.unit, "number")
    if declared.kind in ("date", "flag"):
        return "date" if declared.kind == "date" else "flag"
    return "words" if declared.name in _SENTENCES else "text"


def _beside(spec: TableSpec, declared: Declared, frame: pl.DataFrame, reader: Reader) -> list[Column]:
    """Return what is shown beside an id or a bucket."""
    ids = frame[declared.name]
    name = declared.name
    if name == "bucket" and spec.name != "buckets":
        starts = [reader.time.starts[one] if one is not None and one >= 0 else None for one in ids.to_list()]
        return [Column("Period", "date", starts, "First day of the bucket; empty for the whole horizon.")]
    if name == "entity" and "kind" in spec.columns:
        return _named("Entity name", frame["kind"].to_list(), ids.to_list(), reader)
    if name in _OF_TABLES and _OF_TABLES[name] in spec.columns:
        pairs = zip(frame[_OF_TABLES[name]].to_list(), ids.to_list(), strict=True)
        named = [reader.names.of(_SCOPES.get(str(table), str(table)), one) for table, one in pairs]
        return _if_told(FULL_NAME if name == "name" else f"{_words(name)} name", ids.to_list(), named)
    if name not in NAMED:
        return []
    shown = [reader.names.of(NAMED[name], one) for one in ids.to_list()]
    return _if_told(f"{_words(name)} name", ids.to_list(), shown)


def _named(header: str, kinds: Sequence[str], ids: Sequence[str | None], reader: Reader) -> list[Column]:
    shown = [entity_name(kind, one, reader.names) for kind, one in zip(kinds, ids, strict=True)]
    return _if_told(header, ids, shown)


def _if_told(header: str, ids: Sequence[str | None], shown: Sequence[str]) -> list[Column]:
    """Return a column of names, unless they tell nothing that the ids do not."""
    told = any(name and name != one for one, name in zip(ids, shown, strict=True))
    return [Column(header, "text", shown, "Name in the input; the id where there is none.")] if told else []


def entity_name(kind: str, entity: str | None, names: Names) -> str:
    """Return the name of what a cost, a limit or a reason is about; an item at a site is written `item – site`."""
    if entity and kind in PAID_FOR:
        return paid_for(kind, entity, names)
    return entity_words(kind, entity, names)


def _units(spec: TableSpec, frame: pl.DataFrame, reader: Reader) -> list[str] | None:
    """Return the unit of every row; None for tables without quantities of their own unit."""
    if "unit" in spec.columns or not any(
        column.unit in ("units", "resource units") for column in spec.columns.values()
    ):
        return None
    find: Callable[[str], str]
    if "item" in spec.columns:
        ids, find = frame["item"], reader.names.unit
    elif "resource" in spec.columns:
        ids, find = frame["resource"], lambda resource: reader.resource_units.get(resource, "")
    elif "demand" in spec.columns:
        items = dict(reader.result.tables["demands"].select("demand", "item").iter_rows())
        ids, find = frame["demand"], lambda demand: reader.names.unit(items.get(demand, ""))
    else:
        return None
    units = {one: find(one) for one in ids.unique().to_list()}
    return [units[one] for one in ids.to_list()]
