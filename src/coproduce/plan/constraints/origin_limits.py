"""Limits on origin: of the component cost of what is used, at most a share is ordered or made outside a zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ...agreements import OriginLimits
from ...block import Columns, Limit, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Bools, Network
from ...reach import Reach

COUNTED, ORIGIN, USED, ACQUIRED = "counted", "origin", "origin_used", "origin_acquired"
SERVED = "origin_served"


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """counted[l, j]: units of component j that count as used; no column where there is no limit."""
    pairs = len(network.agreements.origin.limit)
    if not pairs:
        return []
    return [Columns(COUNTED, np.arange(pairs), _whole(pairs), np.zeros(pairs), np.full(pairs, np.inf))]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """origin[l]: cost from outside <= share x cost counted; counted[l, j] <= used[l, j], acquired[l, j]; served[l]."""
    origin = network.agreements.origin
    if not len(origin.limit):
        return [], []
    every = np.arange(len(origin.limit))
    one = np.ones(len(every))
    terms = [
        Terms(
            COUNTED,
            ORIGIN,
            "counted",
            origin.limit,
            _whole(len(every)),
            every,
            -origin.share[origin.limit] * origin.cost,
        ),
        Terms(COUNTED, USED, "counted", every, _whole(len(every)), every, one),
        Terms(COUNTED, ACQUIRED, "counted", every, _whole(len(every)), every, one),
        *_bought(network, columns["buy"]),
        *_run(network, columns["run"]),
        Terms(COUNTED, SERVED, "counted", origin.limit, _whole(len(every)), every, origin.cost),
        *(terms for kind in ("deliver", "pool") for terms in _delivered(network, columns[kind])),
    ]
    limit = Limit("", "origin_limits", "share")
    return terms, [
        Rows(ORIGIN, *_at_most(-origin.outside_given), None, limit, whole=True),
        Rows(USED, *_at_most(origin.used), whole=True),
        Rows(ACQUIRED, *_at_most(origin.given), whole=True),
        Rows(SERVED, *_at_most(np.where(_round(origin).any(axis=1), np.inf, 0.0)), whole=True),
    ]


def _whole(count: int) -> Ints:
    return np.zeros(count, dtype=np.int64)


def _at_most(bound: Floats) -> tuple[Floats, Floats]:
    return np.full((len(bound), 1), -np.inf), bound[:, None]


def _bought(network: Network, buy: Columns) -> Iterator[Terms]:
    """Yield what is ordered: acquired, and from outside."""
    item = network.nodes.item[network.supplies.node[buy.entity]]
    outside = network.agreements.origin.outside_supply[:, buy.entity]
    yield from _acquired(network, buy.kind, np.arange(len(buy)), item, np.ones(len(buy)), outside)


def _acquired(
    network: Network, kind: str, column: Ints, item: Ints, units: Floats, outside: np.ndarray
) -> Iterator[Terms]:
    """Yield the terms of units that come from outside the programme; `outside` is (limit, entry)."""
    origin = network.agreements.origin
    pair = origin.pair()[:, item]
    limit, entry = np.nonzero(pair >= 0)
    pair = pair[limit, entry]
    yield Terms(kind, ACQUIRED, "acquired", pair, _whole(len(pair)), column[entry], -units[entry])
    far = outside[limit, entry]
    cost = origin.cost[pair] * units[entry]
    yield Terms(kind, ORIGIN, "outside", limit[far], _whole(int(far.sum())), column[entry][far], cost[far])


def _run(network: Network, run: Columns) -> Iterator[Terms]:
    """Yield what runs take of components, and what they make of nothing."""
    origin, processes = network.agreements.origin, network.processes
    column, flow = _flows_of(network, run)
    item, units = network.nodes.item[processes.flow_node[flow]], processes.flow_quantity[flow]
    process = processes.flow_process[flow]
    made = (units > 0) & origin.from_nothing[process]
    outside = origin.outside_process[:, process[made]]
    yield from _acquired(network, run.kind, column[made], item[made], units[made], outside)
    taken = np.flatnonzero(units < 0)
    pair = np.where(origin.maker[:, process[taken]], origin.pair()[:, item[taken]], -1)
    limit, entry = np.nonzero(pair >= 0)
    own = taken[entry]
    yield Terms(run.kind, USED, "used", pair[limit, entry], _whole(len(own)), column[own], units[own])


def _flows_of(network: Network, run: Columns) -> tuple[Ints, Ints]:
    """Return (entry,) column and flow of every flow of every column of runs: those that belong to its bucket."""
    processes = network.processes
    order = np.argsort(processes.flow_process, kind="stable")
    first = np.searchsorted(processes.flow_process[order], np.arange(len(processes.site) + 1))
    count = (first[1:] - first[:-1])[run.entity]
    column = np.repeat(np.arange(len(run)), count)
    within = np.arange(len(column)) - np.repeat(np.cumsum(count) - count, count)
    flow = order[first[run.entity[column]] + within]
    bucket = run.bucket[column]
    holds = (processes.flow_first[flow] <= bucket) & (bucket < processes.flow_until[flow])
    return column[holds], flow[holds]


def _round(origin: OriginLimits) -> Bools:
    """(limit, item) whether it is a product that may have used any amount of components."""
    return origin.product & np.isinf(origin.worth)


def _delivered(network: Network, given: Columns) -> Iterator[Terms]:
    """Yield deliveries of the products themselves: they use what was bought as such, and let components count."""
    origin, demands = network.agreements.origin, network.demands
    head = demands.series_head if given.kind == "pool" else np.arange(len(demands.node))
    item = network.nodes.item[demands.node[head]][given.entity]
    pair = np.where(origin.product[:, item], origin.pair()[:, item], -1)
    limit, column = np.nonzero(pair >= 0)
    whole = _whole(len(column))
    yield Terms(given.kind, USED, "delivered", pair[limit, column], whole, column, np.full(len(column), -1.0))
    limit, column = np.nonzero((origin.product & ~_round(origin))[:, item])
    yield Terms(given.kind, SERVED, "delivered", limit, _whole(len(column)), column, -origin.worth[item[column]])
