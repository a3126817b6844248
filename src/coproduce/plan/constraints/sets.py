"""Sets: of all demands of a set the same share is delivered in every bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """set_share[s, t] in [0, 1]: the share of set s that is delivered in t."""
    sets, count = network.agreements.sets, network.timeline.count
    if not sets:
        return []
    entity, bucket = (part.ravel() for part in np.indices((sets, count)))
    return [Columns("set_share", entity, bucket, np.zeros(len(entity)), np.ones(len(entity)))]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """set[d, t]: delivered - quantity x set_share = 0; what a member cannot get in t, none of the set gets in t."""
    if "set_share" not in columns:
        return [], []
    set_of, count = network.agreements.set_of, network.timeline.count
    member, deliver = np.flatnonzero(set_of >= 0), columns["deliver"]
    own = np.flatnonzero(set_of[deliver.entity] >= 0)
    demand, bucket = np.repeat(member, count), np.tile(np.arange(count), len(member))
    at = columns["set_share"].position((network.agreements.sets, count))[set_of[demand], bucket]
    terms = [
        Terms("deliver", "set", "member", deliver.entity[own], deliver.bucket[own], own, np.ones(len(own))),
        Terms("set_share", "set", "share", demand, bucket, at, -network.demands.quantity[demand]),
    ]
    none = np.broadcast_to(np.where(set_of >= 0, 0.0, np.inf)[:, None], (len(set_of), count))
    return terms, [Rows("set", -none, none, Limit("", "demands", "set"), Limit("", "demands", "set"))]
