"""Checks that the load of every resource is as its runs make it, and fits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Floats, Ints, floats, positions
from ..case import Case
from ..judge import Rule
from ..report import Check

COMPLETE = Rule("A301", "the load table has every resource in every bucket", "rows")
CAPACITY = Rule("A302", "capacities in the load table are those of the input", "resource units")
FIRM = Rule("A303", "firm loads in the load table are those of the runs under way", "resource units")
PLANNED = Rule("A304", "planned loads in the load table are those of the planned runs", "resource units")
UTILISATION = Rule("A305", "utilisation is load over capacity and overtime", "resource units")
FITS = Rule(
    "A306", "firm and planned load fit the capacity and overtime of every resource in every bucket", "resource units"
)


def checks(case: Case) -> Iterator[Check]:
    """Check the load table and the loads."""
    frame, use = case.frames["resource_load"], case.use
    resource = positions(frame["resource"], case.tables["resources"]["resource"])
    bucket = frame["bucket"].to_numpy().astype(np.int64)
    at = case.known(resource, frame["bucket"])
    cell = resource[at], bucket[at]
    there = np.zeros(use.capacity.shape, dtype=bool)
    there[cell] = True
    words = case.entity_place("resources", "resource")
    yield COMPLETE.none(~there, words)
    row_words = case.row_place("resource_load", "resource")
    for rule, column, expected in (
        (CAPACITY, "capacity", use.capacity),
        (FIRM, "firm", use.firm),
        (PLANNED, "planned", use.planned),
    ):
        yield rule.equal(floats(frame[column])[at], expected[cell], lambda row: row_words(int(at[row])))
    load = use.firm + use.planned
    yield _utilisation(case, at, (use.capacity + use.overtime)[cell], load[cell])
    most = use.capacity + use.overtime
    yield FITS.on(load - most, np.maximum(load, most), words)


def _utilisation(case: Case, at: Ints, capacity: Floats, load: Floats) -> Check:
    """Compare used over capacity as a product, since a quotient by almost nothing says nothing."""
    frame = case.frames["resource_load"]
    used = floats(frame["utilisation"], np.nan)[at]
    filled = ~frame["utilisation"].is_null().to_numpy()[at]
    # Where there is no capacity the cell is empty; an empty cell where there is some is off by all of it.
    off = np.where(filled, np.abs(used * capacity - load), capacity)
    place = case.row_place("resource_load", "resource")
    return UTILISATION.on(off, np.where(filled, np.maximum(load, capacity), 0.0), lambda row: place(int(at[row])))
