"""Joint set-ups: one a bucket for all processes of a group, 0 or 1; without it none of them starts a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, Columns, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Bools, Network
from ...reach import Reach
from ..lots import lots_kind
from ..ranges import ranges
from ..setups import SET_UP, SET_UP_ROWS

_RUN, _LOTS = "run", lots_kind("run")


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """set_up[g, t] whole, 0 or 1, where a process of the group can start runs."""
    groups = network.setup_groups
    if not len(groups.site):
        return []
    needed = np.zeros((len(groups.site), network.timeline.count), dtype=bool)
    member = np.flatnonzero(groups.group >= 0)
    np.logical_or.at(needed, groups.group[member], reach.run[member])
    group, bucket = np.nonzero(needed)
    cost = groups.cost + groups.taken(len(network.resources.cost)) @ network.resources.cost
    return [
        Columns(
            kind=SET_UP,
            entity=group,
            bucket=bucket,
            lower=np.zeros(len(group)),
            upper=np.ones(len(group)),
            stages={COST: cost[group]},
            integer=True,
        )
    ]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """set_up_most[p, t]: lots, or runs where lots are not counted, <= M set_up; loads of capacity[r, t]."""
    if SET_UP not in columns:
        return [], []
    groups, set_ups = network.setup_groups, columns[SET_UP]
    joint = groups.group >= 0
    rows = np.where(joint[:, None], 0.0, np.inf) * np.ones(network.processes.amount.shape)
    most = _most(network, columns)
    column = set_ups.position((len(groups.site), network.timeline.count))[groups.group]
    process, bucket = np.nonzero((most > 0) & joint[:, None])
    return [
        *_limited(network, columns),
        Terms(SET_UP, SET_UP_ROWS, "set_up", process, bucket, column[process, bucket], -most[process, bucket]),
        _loads(network, set_ups),
    ], [Rows(SET_UP_ROWS, np.full(rows.shape, -np.inf), rows)]


def _most(network: Network, columns: Mapping[str, Columns]) -> Floats:
    """Return (process, bucket) M: the most lots, or runs where lots are not counted; 0 where none can start."""
    runs, most = columns[_RUN], np.zeros(network.processes.amount.shape)
    at = runs.entity, runs.bucket
    most[at] = ranges(network).run[at]
    if _LOTS in columns:
        most[network.processes.lots.counted] = 0.0
        most[columns[_LOTS].entity, columns[_LOTS].bucket] = columns[_LOTS].upper
    return most


def _limited(network: Network, columns: Mapping[str, Columns]) -> list[Terms]:
    """Return what needs the set-up: lots where they are counted, else runs."""
    counted = network.processes.lots.counted
    chosen = {_RUN: ~counted, _LOTS: counted}
    return [
        _terms(kind, columns[kind], network.setup_groups.group, of) for kind, of in chosen.items() if kind in columns
    ]


def _terms(kind: str, columns: Columns, group: Ints, chosen: Bools) -> Terms:
    at = np.flatnonzero((group[columns.entity] >= 0) & chosen[columns.entity])
    return Terms(kind, SET_UP_ROWS, "set_up", columns.entity[at], columns.bucket[at], at, np.ones(len(at)))


def _loads(network: Network, set_ups: Columns) -> Terms:
    """Return what set-ups take of resources, all of it in their bucket."""
    taken = network.setup_groups.taken(len(network.resources.cost))[set_ups.entity]
    column, resource = np.nonzero(taken)
    return Terms(SET_UP, "capacity", "load", resource, set_ups.bucket[column], column, taken[column, resource])
