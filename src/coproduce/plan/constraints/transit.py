"""Transit: unit-days and border crossings of what is moved, at most so many for each unit delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Network
from ...reach import Reach


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """No columns of its own."""
    return []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """transit_days[m], transit_crossings[m]: sum of days (crossings) x units moved - limit x units delivered <= 0."""
    transit = network.agreements.transit
    if not len(transit.days):
        return [], []
    terms: list[Terms] = []
    rows: list[Rows] = []
    for name, most, per_lane in (
        ("days", transit.days, transit.lane_days),
        ("crossings", transit.crossings, transit.lane_crossings),
    ):
        group, known = f"transit_{name}", np.isfinite(most)
        terms += [_moved(network, columns["ship"], group, per_lane, known)]
        terms += [_delivered(network, columns[kind], group, most) for kind in ("deliver", "pool")]
        free = np.where(known, 0.0, np.inf)[:, None]
        rows.append(
            Rows(group, np.full(free.shape, -np.inf), free, None, Limit("", "transit_limits", name), whole=True)
        )
    return terms, rows


def _item(network: Network, kind: str) -> Ints:
    """Return (entity,) the item of every demand or series."""
    demands = network.demands
    head = demands.series_head if kind == "pool" else np.arange(len(demands.node))
    return network.nodes.item[demands.node[head]]


def _moved(network: Network, ship: Columns, group: str, per_lane: Floats, known: np.ndarray) -> Terms:
    lanes = network.lanes
    item = network.nodes.item[lanes.arc_from[ship.entity]]
    limit, column = np.nonzero(network.agreements.transit.item[:, item] & known[:, None])
    value = per_lane[lanes.arc_lane[ship.entity[column]]]
    return Terms("ship", group, "moved", limit, np.zeros(len(limit), dtype=np.int64), column, value)


def _delivered(network: Network, columns: Columns, group: str, most: Floats) -> Terms:
    item = _item(network, columns.kind)[columns.entity]
    limit, column = np.nonzero(network.agreements.transit.item[:, item] & np.isfinite(most)[:, None])
    whole = np.zeros(len(limit), dtype=np.int64)
    return Terms(columns.kind, group, "delivered", limit, whole, column, -most[limit])
