"""Shipments: units of an item departing over a lane in bucket t; lane capacity is shared by its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, TIDY, Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..expand import arrivals
from ..gates import waiting_terms
from ..lots import of_arcs, sized_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """ship[a, t] >= 0 for every arc (lane, item) where the item can be there and is of use beyond."""
    arc, bucket = np.nonzero(reach.ship)
    cost = network.lanes.cost[network.lanes.arc_lane[arc]]
    stages = {COST: cost, TIDY: np.ones(len(arc))}
    return [Columns("ship", arc, bucket, np.zeros(len(arc)), np.full(len(arc), np.inf), stages)]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Departures (-) and arrivals (+) of balance[n, u]; lane_capacity[l, t]."""
    ship, lanes = columns["ship"], network.lanes
    arc, column = ship.entity, np.arange(len(ship))
    lane = lanes.arc_lane[arc]
    which, bucket, share = arrivals(lanes.patterns, lanes.pattern[lane], ship.bucket)
    terms = [
        Terms("ship", "balance", "moved_out", lanes.arc_from[arc], ship.bucket, column, np.full(len(ship), -1.0)),
        Terms("ship", "balance", "moved_in", lanes.arc_to[arc][which], bucket, which, share),
        Terms("ship", "lane_capacity", "load", lane, ship.bucket, column, lanes.arc_size[arc]),
        *sized_terms("ship", ship, of_arcs(lanes.lots, lanes.arc_lane)),
        *waiting_terms(network, ship),
    ]
    rows = Rows(
        group="lane_capacity",
        lower=np.full(lanes.amount.shape, -np.inf),
        upper=lanes.amount,
        upper_limit=Limit("lane", "lanes", "capacity"),
    )
    return terms, [rows]
