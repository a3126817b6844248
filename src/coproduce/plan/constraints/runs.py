"""Runs: process p started in bucket t; flows to balances, loads to capacities, rate limits as bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...block import COST, TIDY, Columns, Limit, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Network
from ...reach import Reach
from ..expand import arrivals, columns_of
from ..experience import learned_terms
from ..gates import rated_terms, waiting_terms
from ..loading import loads_of
from ..lots import sized_terms
from ..uses import use_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """run[p, t] in [0, rate limit], where inputs can be there and outputs are of use."""
    process, bucket = np.nonzero(reach.run)
    runs = Columns(
        kind="run",
        entity=process,
        bucket=bucket,
        lower=np.zeros(len(process)),
        upper=network.processes.amount[process, bucket],
        upper_limit=Limit("rate", "processes", "rate_limit"),
    )
    cost = network.processes.cost[process] + _resource_cost(network, runs)
    return [replace(runs, stages={COST: cost, TIDY: np.ones(len(process))})]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Return outputs (+) and inputs (-) of balance[n, u], and loads of capacity[r, u]."""
    runs = columns["run"]
    flows = _flows(network, runs)
    return [
        *flows,
        *use_terms(network, flows),
        _loads(network, runs),
        *sized_terms("run", runs, network.processes.lots),
        *learned_terms(network, runs),
        *waiting_terms(network, runs),
        *rated_terms(network, runs),
    ], []


def _flows(network: Network, runs: Columns) -> list[Terms]:
    processes = network.processes
    flow, column = columns_of(processes.flow_process, runs, len(processes.site))
    start = runs.bucket[column]
    held = (start >= processes.flow_first[flow]) & (start < processes.flow_until[flow])
    flow, column, start = flow[held], column[held], start[held]
    which, bucket, share = arrivals(processes.patterns, processes.flow_pattern[flow], start)
    quantity = processes.flow_quantity[flow][which] * share
    node = processes.flow_node[flow][which]

    def terms(purpose: str, chosen: Ints) -> Terms:
        return Terms("run", "balance", purpose, node[chosen], bucket[chosen], column[which[chosen]], quantity[chosen])

    return [terms("produced", np.flatnonzero(quantity > 0)), terms("consumed", np.flatnonzero(quantity < 0))]


def _loads(network: Network, runs: Columns) -> Terms:
    resource, bucket, column, quantity = loads_of(network, runs, network.resources.load_quantity)
    return Terms("run", "capacity", "load", resource, bucket, column, quantity)


def _resource_cost(network: Network, runs: Columns) -> Floats:
    """Return (column,) the cost of the capacity that one run takes inside the horizon."""
    if not network.resources.cost.any():
        return np.zeros(len(runs))
    resource, _, column, quantity = loads_of(network, runs, network.resources.load_quantity)
    weights = quantity * network.resources.cost[resource]
    return np.bincount(column, weights=weights, minlength=len(runs)).astype(np.float64)
