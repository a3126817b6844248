"""Checks that the limits called bottlenecks are the limits in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..arrays import Floats, Ints, floats, positions
from ..case import Case
from ..judge import Rule
from ..report import Check
from .limits import lane_amounts, rate_amounts, supply_amounts
from .references import LIMITED

LIMIT = Rule("A801", "limits called bottlenecks are those in force", "unit of the limit")


def checks(case: Case) -> Iterator[Check]:
    """Compare every limit that stands for one bucket, and every total limit, with the input's."""
    frame = case.frames["bottlenecks"]
    bucket = frame["bucket"].fill_null(-1).to_numpy()
    in_force = np.full(len(frame), np.nan)
    for kind, amount in _amounts(case).items():
        entity = _entity(case, kind)
        whole = amount.shape[1] == 1
        mine = (frame["kind"] == kind).to_numpy() & (entity >= 0) & (bucket < case.clock.count)
        at = np.flatnonzero(mine & (whole | (bucket >= 0)))
        in_force[at] = amount[entity[at], 0 if whole else bucket[at]]
    at = np.flatnonzero(~np.isnan(in_force))
    place = case.row_place("bottlenecks", "kind", "entity")
    yield LIMIT.equal(floats(frame["limit"])[at], in_force[at], lambda row: place(int(at[row])))


def _amounts(case: Case) -> Mapping[str, Floats]:
    """Return the limits by kind: (entities, buckets), or (entities, 1) for one that is the same in all."""
    return {
        "resource": case.use.capacity,
        "supply": supply_amounts(case),
        "lane": lane_amounts(case),
        "rate": rate_amounts(case),
        "supply_total": floats(case.tables["supplies"]["total_limit"], np.inf)[:, None],
        "stock_maximum": floats(case.tables["stocks"]["maximum"], np.inf)[:, None],
    }


def _entity(case: Case, kind: str) -> Ints:
    entity = case.frames["bottlenecks"]["entity"]
    if kind == "stock_maximum":
        stocks = case.tables["stocks"]
        return positions(entity, stocks["item"] + "/" + stocks["site"])
    table, column = LIMITED[kind]
    return positions(entity, case.tables[table][column])
