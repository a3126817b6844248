"""Demands outside series: units delivered in bucket t or never; lateness is the objective of the tiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import MONEY, TIDY, Columns, Rows, Terms, tier_stage
from ...calendar import Floats, Ints
from ...network import Network
from ...reach import Reach
from ..gates import waiting_terms


def _stages(network: Network, demand: Ints, late_days: Floats, money: Floats) -> dict[str, Floats]:
    """Return weighted lateness by tier, and money."""
    demands = network.demands
    late = demands.weight[demand] * late_days
    stages = {
        tier_stage(tier): np.where(demands.tier[demand] == tier, late, 0.0) for tier in range(len(network.priorities))
    }
    return {**stages, MONEY: money}


def _early_days(network: Network, demand: Ints, bucket: Ints) -> Floats:
    """Return the days from the end of the bucket to the end of the due bucket; 0 when not early or overdue."""
    early: Floats = (network.demands.due[demand] - network.timeline.edges[bucket + 1]) / 86400
    return np.maximum(early, 0.0)


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """deliver[d, t] in [0, quantity] in the buckets allowed; unmet[d] in [0, quantity]."""
    demands = network.demands
    bucket = np.arange(network.timeline.count)
    first = np.maximum(demands.first, reach.earliest[demands.node])
    allowed = (
        (bucket >= first[:, None])
        & (bucket < demands.until[:, None])
        & ((demands.quantity > 0) & (demands.series < 0))[:, None]
    )
    demand, when = np.nonzero(allowed)
    late_days = network.late_days(demand, when)
    income = demands.late_cost[demand] * late_days - demands.price[demand]
    alone = np.flatnonzero(demands.series < 0)
    lost = (demands.unmet_cost + demands.late_cost * demands.unmet_days)[alone]
    return [
        Columns(
            "deliver",
            demand,
            when,
            np.zeros(len(demand)),
            demands.quantity[demand],
            {**_stages(network, demand, late_days, income), TIDY: _early_days(network, demand, when)},
        ),
        Columns(
            "unmet",
            alone,
            np.zeros(len(alone), dtype=np.int64),
            np.zeros(len(alone)),
            demands.quantity[alone],
            _stages(network, alone, demands.unmet_days[alone], lost),
        ),
    ]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Deliveries (-) of balance[n, t]; demand[d]: sum of deliveries + unmet = quantity."""
    deliver, unmet, demands = columns["deliver"], columns["unmet"], network.demands
    column, every = np.arange(len(deliver)), np.arange(len(unmet))
    whole = np.zeros(len(deliver), dtype=np.int64)
    terms = [
        Terms(
            "deliver",
            "balance",
            "delivered",
            demands.node[deliver.entity],
            deliver.bucket,
            column,
            -np.ones(len(deliver)),
        ),
        Terms("deliver", "demand", "served", deliver.entity, whole, column, np.ones(len(deliver))),
        Terms("unmet", "demand", "served", unmet.entity, unmet.bucket, every, np.ones(len(unmet))),
    ]
    sized = np.flatnonzero(demands.least[deliver.entity] > 0)
    if len(sized):
        terms += [
            Terms("deliver", group, "sized", deliver.entity[sized], deliver.bucket[sized], sized, np.ones(len(sized)))
            for group in ("deliver_most", "deliver_least")
        ]
    terms += waiting_terms(network, deliver)
    quantity = np.where(demands.series < 0, demands.quantity, 0.0)[:, None]
    return terms, [Rows("demand", quantity, quantity)]
