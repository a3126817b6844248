"""Lots of runs: a smallest and a largest lot, multiples, and set-ups with a cost and a load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...block import COST, Columns, Rows, Terms
from ...calendar import Floats
from ...network import Network
from ...reach import Reach
from ..loading import loads_of
from ..lots import Sized, declare_lots, lot_rows, lots_kind, steps_kind
from ..ranges import ranges

_LOTS, _STEPS = lots_kind("run"), steps_kind("run")


def _sized(network: Network, reach: Reach | None = None) -> Sized:
    shape = network.processes.amount.shape
    there = np.ones(shape, dtype=bool) if reach is None else reach.run
    return Sized("run", "processes", None, network.processes.lots, there, ranges(network).run)


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """run_lots[p, t] whole: lots started; run_steps[p, t] whole: multiples."""
    if not network.processes.lots.sized.any():
        return []
    lots, steps = declare_lots(_sized(network, reach))
    return [replace(lots, stages={COST: lots.stages[COST] + _set_up_cost(network, lots)}), steps]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """run_most[p, t], run_least[p, t], run_multiple[p, t]; set-up loads of capacity[r, u]."""
    if _LOTS not in columns:
        return [], []
    terms, rows = lot_rows(_sized(network), columns[_LOTS], columns[_STEPS])
    resource, bucket, column, quantity = loads_of(network, columns[_LOTS], network.resources.load_setup)
    return [*terms, Terms(_LOTS, "capacity", "load", resource, bucket, column, quantity)], rows


def _set_up_cost(network: Network, lots: Columns) -> Floats:
    """Return (column,) the cost of the capacity that one set-up takes inside the horizon."""
    resource, _, column, quantity = loads_of(network, lots, network.resources.load_setup)
    weights = quantity * network.resources.cost[resource]
    return np.bincount(column, weights=weights, minlength=len(lots)).astype(np.float64)
