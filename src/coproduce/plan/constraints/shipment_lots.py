"""Lots of shipments: a smallest and a largest shipment of an item, multiples, and a cost per shipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..lots import Sized, declare_lots, lot_rows, lots_kind, of_arcs, steps_kind
from ..ranges import ranges


def _sized(network: Network, reach: Reach | None = None) -> Sized:
    lanes = network.lanes
    range_ = ranges(network).ship
    there = np.ones(range_.shape, dtype=bool) if reach is None else reach.ship
    return Sized("ship", "lanes", lanes.arc_lane, of_arcs(lanes.lots, lanes.arc_lane), there, range_)


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """ship_lots[a, t] whole: shipments over an arc (lane, item); ship_steps[a, t] whole: multiples."""
    return declare_lots(_sized(network, reach)) if network.lanes.lots.sized.any() else []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """ship_most[a, t], ship_least[a, t], ship_multiple[a, t]."""
    if lots_kind("ship") not in columns:
        return [], []
    return lot_rows(_sized(network), columns[lots_kind("ship")], columns[steps_kind("ship")])
