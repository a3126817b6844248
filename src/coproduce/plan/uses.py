"""Rows of what is used of an item at all: what newer versions may stand in for, and must once it is obsolete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..block import Columns, Terms
from ..network import Network

STAND_IN, WRITE_OFF = "stand_in", "write_off"
USES = "uses"
_PURPOSES = ("consumed", "delivered")


def use_terms(network: Network, terms: Sequence[Terms]) -> Iterator[Terms]:
    """Return, of terms of balances, those that deliver or take in what may be stood in for; nothing elsewhere."""
    replaced = network.versions.replaced(network.timeline.count)
    if not replaced.any():
        return
    for part in terms:
        if part.group == "balance" and part.purpose in _PURPOSES:
            at = np.flatnonzero(replaced[part.entity])
            yield Terms(
                part.kind, USES, part.purpose, part.entity[at], part.bucket[at], part.column[at], part.value[at]
            )


def obsolete_terms(network: Network, stock: Columns) -> Iterator[Terms]:
    """Return the terms of stocks that must not be left because their item is obsolete; nothing elsewhere."""
    ends = network.versions.ends(network.timeline.count)
    at = np.flatnonzero(ends[stock.entity, stock.bucket])
    if len(at):
        yield Terms(stock.kind, "obsolete_stock", "closing", stock.entity[at], stock.bucket[at], at, np.ones(len(at)))
