"""Learning: loads that fall with the cumulative runs of their process, on a curve of ordered segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Rows, Terms
from ...calendar import Floats
from ...network import Network
from ...reach import Reach
from ..curves import Curves, curves
from ..experience import EXPERIENCE, FULL, LEARNED, declare_segments, segment_rows
from ..loading import segment_loads


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """learned[k, t]: runs in segment k; experience[k, t]: those so far; segment_full[k, t] whole."""
    if not len(network.learning.load):
        return []
    known = curves(network)
    return declare_segments(known, reach.run, _cost(network, known))


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Learned loads of capacity[r, u]; learned_runs[p, t]; experience, segment_least and segment_most [k, t]."""
    if LEARNED not in columns:
        return [], []
    known, learned = curves(network), columns[LEARNED]
    parts = learned, columns[EXPERIENCE], columns[FULL]
    terms, rows = segment_rows(known, network.processes.amount.shape, parts)
    resource, bucket, column, quantity = segment_loads(network, known, learned)
    return [*terms, Terms(LEARNED, "capacity", "load", resource, bucket, column, quantity)], rows


def _cost(network: Network, known: Curves) -> Floats:
    """Return (segment, bucket) the cost of what a run takes so inside the horizon."""
    count = network.timeline.count
    segment, bucket = (part.ravel() for part in np.indices((len(known.process), count)))
    every = Columns("", segment, bucket, np.zeros(len(segment)), np.zeros(len(segment)))
    resource, _, column, quantity = segment_loads(network, known, every)
    weights = quantity * network.resources.cost[resource]
    cost: Floats = np.bincount(column, weights=weights, minlength=len(segment)).astype(np.float64).reshape(-1, count)
    return cost
