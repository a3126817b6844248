"""Capacity: what runs take of a resource in a bucket is at most what firm runs leave of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """No columns of its own."""
    return []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:  # noqa: ARG001
    """capacity[r, t]: load <= amount - firm load."""
    resources = network.resources
    rows = Rows(
        group="capacity",
        lower=np.full(resources.amount.shape, -np.inf),
        upper=resources.amount - resources.firm,
        upper_limit=Limit("resource", "resources", "capacity"),
    )
    return [], [rows]
