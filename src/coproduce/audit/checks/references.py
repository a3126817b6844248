"""Checks that the rows of a plan name entities and buckets that exist, at the places where these stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Bools, positions
from ..case import Case
from ..judge import Rule
from ..report import Check

KNOWN = Rule("A106", "every row names entities and buckets that exist", "cells")
STANDS = Rule("A107", "every row repeats the input's facts about its entity (site, item, due date)", "cells")

_REFERENCES = (
    ("runs", "process", "processes"),
    ("setups", "setup_group", "setup_groups"),
    ("shipments", "lane", "lanes"),
    ("shipments", "item", "items"),
    ("purchases", "supply", "supplies"),
    ("deliveries", "demand", "demands"),
    ("stock", "item", "items"),
    ("stock", "site", "sites"),
    ("resource_load", "resource", "resources"),
    ("stand_ins", "item", "items"),
    ("stand_ins", "site", "sites"),
    ("write_offs", "item", "items"),
    ("write_offs", "site", "sites"),
    ("demand_service", "demand", "demands"),
)
_BUCKETED = (
    *("runs", "setups", "shipments", "purchases", "deliveries", "stock", "resource_load", "stand_ins", "write_offs"),
)
# Table of the plan, its entity, the input table, and the facts that the row must repeat.
_FACTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("runs", "process", "processes", ("site",)),
    ("setups", "setup_group", "setup_groups", ("site",)),
    ("shipments", "lane", "lanes", ("from_site", "to_site")),
    ("purchases", "supply", "supplies", ("item", "site")),
    ("resource_load", "resource", "resources", ("site",)),
    ("demand_service", "demand", "demands", ("item", "site", "kind", "priority", "due")),
)
LIMITED = {
    "resource": ("resources", "resource"),
    "supply": ("supplies", "supply"),
    "supply_total": ("supplies", "supply"),
    "lane": ("lanes", "lane"),
    "rate": ("processes", "process"),
}
"""By kind of bottleneck other than stock: the input table and the column of its ids."""

_Cell = tuple[str, str, int]


def checks(case: Case) -> Iterator[Check]:
    """Check every name, bucket and repeated fact."""
    unknown = [*_unknown_names(case), *_unknown_buckets(case), *_unknown_limits(case)]
    yield KNOWN.none(np.full(len(unknown), True), lambda at: _words(case, unknown[at]))
    wrong = list(_wrong_facts(case))
    yield STANDS.none(np.full(len(wrong), True), lambda at: _words(case, wrong[at]))


def _words(case: Case, cell: _Cell) -> str:
    table, column, row = cell
    return f"{table} row {row}: {column} {case.frames[table][column][row]}"


def _cells(table: str, column: str, wrong: Bools) -> Iterator[_Cell]:
    for row in np.flatnonzero(wrong):
        yield table, column, int(row)


def _unknown_names(case: Case) -> Iterator[_Cell]:
    for table, column, of in _REFERENCES:
        ids = case.tables[of][column]
        yield from _cells(table, column, positions(case.frames[table][column], ids) < 0)


def _unknown_buckets(case: Case) -> Iterator[_Cell]:
    for table, first in (*((table, 0) for table in _BUCKETED), ("bottlenecks", -1)):
        bucket = case.frames[table]["bucket"].fill_null(-1).to_numpy()
        yield from _cells(table, "bucket", (bucket < first) | (bucket >= case.clock.count))


def _unknown_limits(case: Case) -> Iterator[_Cell]:
    """Find bottlenecks of unknown entities or of stages that were not solved."""
    frame = case.frames["bottlenecks"]
    stages = case.frames["tiers"]["stage"]
    yield from _cells("bottlenecks", "stage", positions(frame["stage"], stages) < 0)
    known = np.zeros(len(frame), dtype=bool)
    for kind, (table, column) in LIMITED.items():
        known |= (frame["kind"] == kind).to_numpy() & (positions(frame["entity"], case.tables[table][column]) >= 0)
    stocks = case.tables["stocks"]
    pairs = stocks["item"] + "/" + stocks["site"]
    known |= (frame["kind"] == "stock_maximum").to_numpy() & (positions(frame["entity"], pairs) >= 0)
    yield from _cells("bottlenecks", "entity", ~known)


def _wrong_facts(case: Case) -> Iterator[_Cell]:
    for table, key, of, facts in _FACTS:
        frame, entities = case.frames[table], case.tables[of]
        at = positions(frame[key], entities[key])
        known = np.flatnonzero(at >= 0)
        for fact in facts:
            expected = entities[fact][at[known]]
            seen = frame[fact][known]
            if expected.dtype != seen.dtype:
                expected = expected.cast(seen.dtype)
            same = seen.eq_missing(expected).to_numpy()
            wrong = np.zeros(len(frame), dtype=bool)
            wrong[known] = ~same
            yield from _cells(table, fact, wrong)
