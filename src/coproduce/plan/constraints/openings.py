"""Openings by decision: from when a resource, or a process with a ramp, has its capacity or rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..gates import waiting_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """opening[g, t] binary: g opens at the start of t."""
    amount = network.growth.openings.amount
    if not len(amount):
        return []
    opening, bucket = np.nonzero(np.ones(amount.shape[:2], dtype=bool))
    ones = np.ones(len(opening))
    return [Columns("opening", opening, bucket, 0 * ones, ones, integer=True)]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Capacity (-) of capacity[r, u]; run_rate[p, u]: runs <= rate since the opening; opening_once[g]."""
    if "opening" not in columns:
        return [], []
    opening, openings = columns["opening"], network.growth.openings
    amount = openings.amount[opening.entity, opening.bucket]
    zero = np.zeros(len(opening), dtype=np.int64)
    terms = [
        Terms(
            "opening", "opening_once", "opened", opening.entity, zero, np.arange(len(opening)), np.ones(len(opening))
        ),
        *waiting_terms(network, opening),
    ]
    for group, entity in (("capacity", openings.resource), ("run_rate", openings.process)):
        own = entity[opening.entity] >= 0
        column, bucket = np.nonzero((amount != 0) & own[:, None])
        target = entity[opening.entity[column]]
        terms.append(Terms("opening", group, "added", target, bucket, column, -amount[column, bucket]))
    rate = np.full(network.processes.amount.shape, np.inf)
    rate[openings.process[openings.process >= 0]] = 0.0
    once = np.ones((len(openings.amount), 1))
    return terms, [
        Rows("opening_once", np.full(once.shape, -np.inf), once, whole=True),
        Rows("run_rate", np.full(rate.shape, -np.inf), rate),
    ]
