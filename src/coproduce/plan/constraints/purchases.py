"""Purchases: units ordered from a supply in bucket t, within its limit per period and in total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, TIDY, Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..expand import arrivals
from ..gates import waiting_terms
from ..lots import sized_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """buy[s, t] in [0, limit of the period]."""
    supply, bucket = np.nonzero(reach.buy)
    stages = {COST: network.supplies.price[supply], TIDY: np.ones(len(supply))}
    return [
        Columns(
            kind="buy",
            entity=supply,
            bucket=bucket,
            lower=np.zeros(len(supply)),
            upper=network.supplies.amount[supply, bucket],
            stages=stages,
            upper_limit=Limit("supply", "supplies", "limit"),
        )
    ]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Arrivals (+) of balance[n, u]; supply_total[s]."""
    buy, supplies = columns["buy"], network.supplies
    which, bucket, share = arrivals(supplies.patterns, supplies.pattern[buy.entity], buy.bucket)
    limited = np.flatnonzero(np.isfinite(supplies.total)[buy.entity])
    terms = [
        Terms("buy", "balance", "received", supplies.node[buy.entity][which], bucket, which, share),
        Terms(
            "buy",
            "supply_total",
            "load",
            buy.entity[limited],
            np.zeros(len(limited), dtype=np.int64),
            limited,
            np.ones(len(limited)),
        ),
        *sized_terms("buy", buy, supplies.lots),
        *waiting_terms(network, buy),
    ]
    rows = Rows(
        group="supply_total",
        lower=np.full((len(supplies.total), 1), -np.inf),
        upper=supplies.total[:, None],
        upper_limit=Limit("supply_total", "supplies", "total_limit"),
        whole=True,
    )
    return terms, [rows]
