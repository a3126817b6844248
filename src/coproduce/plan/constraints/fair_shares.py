"""Fair shares: of what was due so far, customers of a tier have been delivered shares that hardly differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Ints
from ...network import Network
from ...reach import Reach


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """fair_level[r, t] in [0, 1]: the share that the worst served customer of rule r has got by the end of t."""
    rules, count = len(network.agreements.fair.tolerance), network.timeline.count
    if not rules:
        return []
    entity, bucket = (part.ravel() for part in np.indices((rules, count)))
    return [Columns("fair_level", entity, bucket, np.zeros(len(entity)), np.ones(len(entity)))]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """fair_least[c, t], fair_most[c, t]: 0 <= delivered of what is due - due x fair_level <= tolerance x due."""
    if "fair_level" not in columns:
        return [], []
    fair, count = network.agreements.fair, network.timeline.count
    customer, bucket = np.nonzero(fair.due > 0)
    at = columns["fair_level"].position((len(fair.tolerance), count))[fair.rule[customer], bucket]
    got, when, column = _counted(network, columns["deliver"])
    terms = []
    for group in ("fair_least", "fair_most"):
        terms.append(Terms("deliver", group, "delivered", got, when, column, np.ones(len(column))))
        terms.append(Terms("fair_level", group, "share", customer, bucket, at, -fair.due[customer, bucket]))
    there, endless = fair.due > 0, np.full(fair.due.shape, np.inf)
    room = fair.tolerance[fair.rule][:, None] * fair.due
    return terms, [
        Rows("fair_least", np.where(there, 0.0, -np.inf), endless),
        Rows(
            "fair_most",
            -endless,
            np.where(there, room, np.inf),
            upper_limit=Limit("", "fair_shares", "tolerance", fair.rule),
        ),
    ]


def _counted(network: Network, deliver: Columns) -> tuple[Ints, Ints, Ints]:
    """Return customer, bucket and column of every delivery that counts at the end of a bucket.

    A delivery counts from its own bucket on, and only once its demand is due.
    """
    fair, count = network.agreements.fair, network.timeline.count
    rule, column = np.nonzero(fair.demand_customer[:, deliver.entity] >= 0)
    demand = deliver.entity[column]
    first = np.maximum(deliver.bucket[column], network.demands.due_bucket[demand])
    entry = np.repeat(np.arange(len(column)), count - first)
    when = np.concatenate([np.arange(begin, count) for begin in first] or [np.zeros(0, dtype=np.int64)])
    return fair.demand_customer[rule, demand][entry], when, column[entry]
