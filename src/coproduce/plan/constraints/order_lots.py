"""Lots of purchases: a smallest and a largest order, multiples, and a cost per order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..lots import Sized, declare_lots, lot_rows, lots_kind, steps_kind
from ..ranges import ranges


def _sized(network: Network, reach: Reach | None = None) -> Sized:
    supplies = network.supplies
    there = np.ones(supplies.amount.shape, dtype=bool) if reach is None else reach.buy
    return Sized("buy", "supplies", None, supplies.lots, there, ranges(network).buy)


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """buy_lots[s, t] whole: orders; buy_steps[s, t] whole: multiples."""
    return declare_lots(_sized(network, reach)) if network.supplies.lots.sized.any() else []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """buy_most[s, t], buy_least[s, t], buy_multiple[s, t]."""
    if lots_kind("buy") not in columns:
        return [], []
    return lot_rows(_sized(network), columns[lots_kind("buy")], columns[steps_kind("buy")])
