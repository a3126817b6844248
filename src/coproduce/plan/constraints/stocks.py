"""Stock: closing stock of node n at the end of bucket t, within its limits; owns the balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, TIDY, Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..uses import obsolete_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """stock[n, t] in [minimum, maximum] from the first bucket in which the item can be there."""
    nodes, timeline = network.nodes, network.timeline
    last = timeline.count - 1
    kept = (nodes.minimum > 0) | (nodes.final_minimum > 0)  # even where nothing arrives: the conflict must show
    exists = (np.arange(timeline.count) >= reach.earliest[:, None]) | kept[:, None]
    node, bucket = np.nonzero(exists)
    final = bucket == last
    days = timeline.days[bucket]
    ends = network.versions.ends(timeline.count)
    cost = nodes.holding_cost[node] * days - np.where(final, nodes.terminal_value[node], 0.0)
    return [
        Columns(
            kind="stock",
            entity=node,
            bucket=bucket,
            lower=np.where((bucket >= nodes.minimum_from[node]) & ~ends[node, bucket], nodes.minimum[node], 0.0),
            upper=nodes.maximum[node],
            stages={COST: cost, TIDY: days},
            lower_limit=Limit("", "stocks", "minimum", nodes.stock_row),
            upper_limit=Limit("stock_maximum", "stocks", "maximum", nodes.stock_row),
        )
    ]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """balance[n, t]: stock[n, t-1] - stock[n, t] + movements = - opening - receipts - flows of firm runs; final[n]."""
    stock, nodes, fixed = columns["stock"], network.nodes, network.fixed
    count = network.timeline.count
    column = np.arange(len(stock))
    carried = np.flatnonzero(stock.bucket < count - 1)
    last = np.flatnonzero((stock.bucket == count - 1) & (nodes.final_minimum[stock.entity] > 0))
    whole = np.zeros(len(last), dtype=np.int64)
    terms = [
        Terms("stock", "balance", "closing", stock.entity, stock.bucket, column, np.full(len(stock), -1.0)),
        Terms(
            "stock",
            "balance",
            "opening",
            stock.entity[carried],
            stock.bucket[carried] + 1,
            carried,
            np.ones(len(carried)),
        ),
        *obsolete_terms(network, stock),
        Terms("stock", "final_stock", "closing", stock.entity[last], whole, last, np.ones(len(last))),
    ]
    given = np.zeros((len(nodes.item), count))
    given[:, 0] = nodes.opening
    np.add.at(given, (fixed.node, fixed.bucket), fixed.quantity)
    firm = np.full(len(nodes.item), -1, dtype=np.int64)
    drawn = (fixed.quantity < 0) & (fixed.wip_row >= 0)
    firm[fixed.node[drawn]] = fixed.wip_row[drawn]
    final = np.where(nodes.final_minimum > 0, nodes.final_minimum, -np.inf)[:, None]
    return terms, [
        Rows("balance", -given, -given, Limit("", "wip", "quantity", firm)),
        Rows("final_stock", final, np.full(final.shape, np.inf), Limit("", "stocks", "final_min", nodes.stock_row)),
    ]
