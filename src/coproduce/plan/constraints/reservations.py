"""Reservations: processes that a reserved part of a resource is not for may take at most the rest of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Floats
from ...network import Network
from ...reach import Reach
from ..loading import loading, loads_of


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """No columns of its own."""
    return []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """reserved[v, t]: load of other processes <= amount - reserved part - their firm load, at least 0."""
    reservations = network.agreements.reservations
    if not len(reservations.resource):
        return [], []
    terms = [_terms(network, columns[kind], per) for kind, per in loading(network).items() if kind in columns]
    limit = Limit("", "reservations", "resource")
    return terms, [Rows("reserved", np.full(reservations.most.shape, -np.inf), reservations.most, upper_limit=limit)]


def _terms(network: Network, columns: Columns, per: Floats) -> Terms:
    reservations = network.agreements.reservations
    resource, bucket, column, quantity = loads_of(network, columns, per)
    own = reservations.resource[:, None] == resource
    which, entry = np.nonzero(own & reservations.others[:, columns.entity[column]])
    return Terms(columns.kind, "reserved", "load", which, bucket[entry], column[entry], quantity[entry])
