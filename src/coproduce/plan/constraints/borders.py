"""Border crossings: what departs over all lanes of a border is at most its capacity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """No columns of its own."""
    return []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """border[b, t]: lane units departing over the lanes of b <= its capacity in t."""
    borders, ship, lanes = network.agreements.borders, columns["ship"], network.lanes
    if not len(borders.amount):
        return [], []
    border = borders.lane[lanes.arc_lane[ship.entity]]
    own = np.flatnonzero(border >= 0)
    size = lanes.arc_size[ship.entity[own]]
    rows = Rows(
        "border",
        np.full(borders.amount.shape, -np.inf),
        borders.amount,
        upper_limit=Limit("", "borders", "capacity"),
    )
    return [Terms("ship", "border", "load", border[own], ship.bucket[own], own, size)], [rows]
