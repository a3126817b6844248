"""Which activities stand in for which: those with the same main output, by fallback rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import DAY, Floats, Ints
from ..compile.index import floats
from ..network import Network
from ..tables import Tables
from .activities import Activities


@dataclass(frozen=True)
class Ranks:
    """Fallback ranks of activities and how long it takes until they step in.

    Attributes
    ----------
    rank : (activity,) 0 for a regular one
    days : (activity,) detection and switching
    """

    rank: Ints
    days: Floats


def read_ranks(tables: Tables, network: Network) -> Ranks:
    """Read the columns `fallback_rank`, `detection_days` and `switch_days` of supplies, processes and lanes."""
    arcs, demands = network.lanes.arc_lane, len(network.demands.node)

    def column(name: str) -> Floats:
        own = [floats(tables[table][name].cast(pl.Float64), 0.0) for table in ("supplies", "processes", "lanes")]
        return np.concatenate([own[0], own[1], own[2][arcs], np.zeros(demands)])

    return Ranks(column("fallback_rank").astype(np.int64), column("detection_days") + column("switch_days"))


@dataclass(frozen=True)
class Covers:
    """What each fallback covers, ordered by fallback, then rank and row of the covered.

    Attributes
    ----------
    pairs : (cover, 2) fallback and covered
    ratio : (cover,) runs of the fallback that give what one run of the covered gives
    after : (activity,) periods of backlog after which it steps in
    """

    pairs: Ints
    ratio: Floats
    after: Ints


def main_output(activities: Activities) -> tuple[Ints, Floats]:
    """Return (activity,) node and quantity of the first output; -1 where there is none."""
    lines, starts = activities.outputs, activities.outputs.starts(activities.count)
    has = starts[1:] > starts[:-1]
    node, quantity = np.full(activities.count, -1, dtype=np.int64), np.ones(activities.count)
    node[has], quantity[has] = lines.node[starts[:-1][has]], lines.quantity[starts[:-1][has]]
    return node, quantity


def covers_of(activities: Activities, ranks: Ranks, step: int) -> Covers:
    """Return what covers what; `step` is the length of a full period in seconds."""
    node, quantity = main_output(activities)
    source = np.full(activities.count, -1, dtype=np.int64)
    arcs = slice(activities.offsets[2], activities.offsets[3])
    lines = activities.inputs
    is_arc = (lines.activity >= arcs.start) & (lines.activity < arcs.stop)
    source[lines.activity[is_arc]] = lines.node[is_arc]
    kind = np.searchsorted(activities.offsets, np.arange(activities.count), side="right")
    pairs: list[tuple[int, int]] = []
    for fallback in np.flatnonzero(ranks.rank > 0):
        same = (kind == kind[fallback]) & (node == node[fallback]) & (source == source[fallback])
        covered = np.flatnonzero(same & (ranks.rank < ranks.rank[fallback]))
        covered = covered[np.lexsort((covered, ranks.rank[covered]))]
        pairs += [(int(fallback), int(one)) for one in covered]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    after = np.ceil(np.round(ranks.days * DAY) / step).astype(np.int64)
    # A failure counts its first period at once; a stand-in without delay steps in during it.
    return Covers(table, quantity[table[:, 1]] / quantity[table[:, 0]], after + 1)
