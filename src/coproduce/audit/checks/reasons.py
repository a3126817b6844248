"""Checks that reasons stand for late or short demands, name what exists, and never save more than there is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..arrays import Bools, floats, positions
from ..case import Case
from ..judge import Rule
from ..report import Check

ORDER = Rule("A901", "reasons stand for late or short demands, numbered from 1", "rows")
NAMED = Rule("A902", "reasons name limits that exist", "rows")
SAVED = Rule("A903", "lifting limits saves at most the lateness of the demand", "unit-days")

_STOCK = ("material", "stock_minimum", "stock_maximum")
_NAMELESS = ("before_start", "cost", "frozen", "lots")
# Tables that a kind may name an entity of, each with the column of its ids.
_TABLES = {
    "resource": ("resources",),
    "rate": ("processes",),
    "supply": ("supplies",),
    "supply_total": ("supplies",),
    "lane": ("lanes",),
    "window": ("resources", "processes", "supplies", "lanes"),
    "calendar": ("resources", "processes", "supplies", "lanes"),
    "border": ("borders",),
    "reservation": ("reservations",),
    "share": ("shares",),
    "set": ("sets",),
    "fair_share": ("fair_shares",),
    "export_floor": ("export_floors",),
    "transit_limit": ("transit_limits",),
    "origin_limit": ("origin_limits",),
    "cash": ("contracts",),
    "milestone": ("milestones",),
    "option": ("options",),
    "people": ("resources",),
    "lead_time": ("processes", "supplies", "lanes"),
}


def checks(case: Case) -> Iterator[Check]:
    """Check order, names and savings of all reasons."""
    frame, place = case.frames["reasons"], case.row_place("reasons", "demand", "rank")
    late = case.served.late_unit_days[positions(frame["demand"], case.tables["demands"]["demand"])]
    first = frame["demand"].ne_missing(frame["demand"].shift(1)).to_numpy()
    before = frame["rank"].shift(1, fill_value=0).to_numpy()
    expected = np.where(first, 1, before + 1)
    yield ORDER.none((frame["rank"].to_numpy() != expected) | (late <= 0), place)
    yield NAMED.none(~_known(case), place)
    most = np.maximum(floats(frame["saved"], 0.0), floats(frame["left"], 0.0))
    yield SAVED.on(most - late, late, place)


def _known(case: Case) -> Bools:
    """Return the reasons whose entity exists, or that need none."""
    frame = case.frames["reasons"]
    kind, entity = frame["kind"].cast(pl.String), frame["entity"]
    known: Bools = kind.is_in(_NAMELESS).to_numpy() & entity.is_null().to_numpy()
    for name, tables in _TABLES.items():
        for table in tables:
            ids = case.tables[table]
            known |= (kind == name).to_numpy() & (positions(entity, ids[ids.columns[0]]) >= 0)
    items, sites = case.tables["items"]["item"], case.tables["sites"]["site"]
    parts = entity.fill_null("").str.split_exact("/", 1).struct.unnest()
    pair = (positions(parts["field_0"], items) >= 0) & (positions(parts["field_1"], sites) >= 0)
    return known | (kind.is_in(_STOCK).to_numpy() & pair)
