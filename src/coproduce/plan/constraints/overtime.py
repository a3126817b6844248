"""Overtime: capacity beyond the usual, at its own cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, TIDY, Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..gates import waiting_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """overtime[r, t] in [0, overtime of the bucket]."""
    growth = network.growth
    if not growth.overtime.any():
        return []
    resource, bucket = np.nonzero(np.ones(growth.overtime.shape, dtype=bool))
    stages = {COST: growth.overtime_cost[resource], TIDY: np.ones(len(resource))}
    row = np.where(growth.overtime.any(axis=1), np.arange(len(growth.overtime)), -1)
    limit = Limit("", "resources", "overtime_capacity", row)
    upper = growth.overtime[resource, bucket]
    return [Columns("overtime", resource, bucket, np.zeros(len(resource)), upper, stages, upper_limit=limit)]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Overtime (-) of capacity[r, t]."""
    if "overtime" not in columns:
        return [], []
    overtime = columns["overtime"]
    every = np.arange(len(overtime))
    worked = Terms("overtime", "capacity", "added", overtime.entity, overtime.bucket, every, -np.ones(len(overtime)))
    return [worked, *waiting_terms(network, overtime)], []
