"""Sizes of deliveries: all or nothing, or at least a minimum in every bucket that has any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """hand_over[d, t] 0 or 1: whether anything is delivered to a demand with a smallest delivery."""
    demands, bucket = network.demands, np.arange(network.timeline.count)
    if not (demands.least > 0).any():
        return []
    first = np.maximum(demands.first, reach.earliest[demands.node])
    allowed = (bucket >= first[:, None]) & (bucket < demands.until[:, None]) & (demands.least > 0)[:, None]
    demand, when = np.nonzero(allowed)
    return [Columns("hand_over", demand, when, np.zeros(len(demand)), np.ones(len(demand)), integer=True)]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """deliver_most[d, t], deliver_least[d, t]: least x hand_over <= delivered <= quantity x hand_over."""
    if "hand_over" not in columns:
        return [], []
    demands, given = network.demands, columns["hand_over"]
    every, shape = np.arange(len(given)), (len(demands.node), network.timeline.count)
    sized = np.broadcast_to((demands.least > 0)[:, None], shape)
    endless = np.full(shape, np.inf)
    terms = [
        Terms("hand_over", group, "sized", given.entity, given.bucket, every, -most[given.entity])
        for group, most in (("deliver_most", demands.quantity), ("deliver_least", demands.least))
    ]
    return terms, [
        Rows("deliver_most", -endless, np.where(sized, 0.0, np.inf)),
        Rows("deliver_least", np.where(sized, 0.0, -np.inf), endless, Limit("", "demands", "minimum_shipment")),
    ]
