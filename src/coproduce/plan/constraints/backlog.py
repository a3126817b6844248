"""Series of demands as one flow: what is delivered so far against what is due so far.

Serving a series in the order of its due dates is optimal (its earliest dates come in the same order). The lateness of
the series is then the sum of its backlog over time: a unit due in bucket b and delivered in u is owed at the ends of
b, ..., u-1, and late by the length of b+1, ..., u.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import MONEY, TIDY, Columns, Rows, Terms, tier_stage
from ...calendar import Floats, Ints
from ...network import Network
from ...reach import Reach
from ..uses import use_terms


def _by_bucket(network: Network, bucket: Ints) -> Floats:
    """Return (series, bucket) units of demands, each counted in its own bucket."""
    demands = network.demands
    units = np.zeros((len(demands.series_head), network.timeline.count))
    member = np.flatnonzero(demands.series >= 0)
    np.add.at(units, (demands.series[member], bucket[member]), demands.quantity[member])
    return units


def _next_days(network: Network) -> Floats:
    """Return (bucket,) the length of the bucket that follows; the last is followed by one of its own length."""
    days = network.timeline.days
    return np.append(days[1:], days[-1])


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """pool[s, t], backlog[s, t], early[s, t] >= 0: delivered in t, owed and delivered too soon at the end of t."""
    demands, head = network.demands, network.demands.series_head
    due_so_far = np.cumsum(_by_bucket(network, demands.due_bucket), axis=1)
    allowed_so_far = np.cumsum(_by_bucket(network, demands.first), axis=1)
    left = allowed_so_far - due_so_far
    there = np.arange(network.timeline.count) >= reach.earliest[demands.node[head]][:, None]
    series, when = np.nonzero(there & (allowed_so_far > 0))
    owed, owed_at = np.nonzero(due_so_far > 0)
    soon, soon_at = np.nonzero(left > 0)
    days = _next_days(network)
    return [
        Columns(
            "pool",
            series,
            when,
            np.zeros(len(series)),
            due_so_far[series, -1],
            {MONEY: -demands.price[head[series]]},
        ),
        Columns(
            "backlog",
            owed,
            owed_at,
            np.zeros(len(owed)),
            due_so_far[owed, owed_at],
            _stages(network, head[owed], owed_at, days[owed_at]),
        ),
        Columns("early", soon, soon_at, np.zeros(len(soon)), left[soon, soon_at], {TIDY: days[soon_at]}),
    ]


def _stages(network: Network, head: Ints, bucket: Ints, days: Floats) -> dict[str, Floats]:
    """Return weighted lateness by tier, and money; what is owed at the end of the horizon is never delivered."""
    demands = network.demands
    late = demands.weight[head] * days
    lost = np.where(bucket == network.timeline.count - 1, demands.unmet_cost[head], 0.0)
    stages = {
        tier_stage(tier): np.where(demands.tier[head] == tier, late, 0.0) for tier in range(len(network.priorities))
    }
    return {**stages, MONEY: demands.late_cost[head] * days + lost}


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Deliveries (-) of balance[n, t]; position[s, t]: early - backlog grows by deliveries and falls by what is due."""
    pool = columns["pool"]
    node = network.demands.node[network.demands.series_head[pool.entity]]
    every, minus = np.arange(len(pool)), -np.ones(len(pool))
    terms = [
        Terms("pool", "balance", "delivered", node, pool.bucket, every, minus),
        Terms("pool", "position", "delivered", pool.entity, pool.bucket, every, minus),
        *_carried(columns["early"], 1.0, network.timeline.count),
        *_carried(columns["backlog"], -1.0, network.timeline.count),
    ]
    due = _by_bucket(network, network.demands.due_bucket)
    return [*terms, *use_terms(network, terms)], [Rows("position", -due, -due)]


def _carried(columns: Columns, sign: float, count: int) -> list[Terms]:
    """Return what a state adds to the position of its own bucket and takes from that of the next."""
    every = np.arange(len(columns))
    on = np.flatnonzero(columns.bucket < count - 1)
    return [
        Terms(columns.kind, "position", "now", columns.entity, columns.bucket, every, np.full(len(every), sign)),
        Terms(
            columns.kind, "position", "before", columns.entity[on], columns.bucket[on] + 1, on, np.full(len(on), -sign)
        ),
    ]
