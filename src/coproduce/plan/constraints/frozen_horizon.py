"""The frozen near horizon: runs, orders, shipments and deliveries exactly as the baseline has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Ints
from ...network import Network
from ...reach import Reach

KINDS = ("run", "buy", "ship", "deliver")


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """No columns of its own."""
    return []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """frozen_x[k]: x = baseline, for every k that it does; idle_x[e, t]: x = 0 in all other frozen buckets."""
    if not network.stability.frozen:
        return [], []
    terms: list[Terms] = []
    rows: list[Rows] = []
    for kind in KINDS:
        own_terms, own_rows = _as_before(network, columns[kind])
        terms += own_terms
        rows += own_rows
    # What the baseline delivers in the frozen horizon goes to demands outside series.
    pool, heads = columns["pool"], len(network.demands.series_head)
    served, idle = _idle(network, pool, np.zeros((heads, network.timeline.count), dtype=bool))
    return [*terms, served], [*rows, idle]


def _as_before(network: Network, columns: Columns) -> tuple[list[Terms], list[Rows]]:
    stable, kind = network.stability, columns.kind
    kept, earlier = stable.kept(kind), stable.of(kind)
    entity, bucket = np.nonzero(kept)
    number = np.full(kept.shape, -1, dtype=np.int64)
    number[entity, bucket] = np.arange(len(entity))
    own = np.flatnonzero(kept[columns.entity, columns.bucket])
    terms = Terms(
        kind,
        f"frozen_{kind}",
        "frozen",
        number[columns.entity[own], columns.bucket[own]],
        np.zeros(len(own), dtype=np.int64),
        own,
        np.ones(len(own)),
    )
    quantity = earlier.quantity[entity, bucket][:, None]
    limit = Limit("", "baseline", "quantity", earlier.row[entity, bucket])
    idle_terms, idle_rows = _idle(network, columns, kept)
    return [terms, idle_terms], [Rows(f"frozen_{kind}", quantity, quantity, limit, limit, whole=True), idle_rows]


def _idle(network: Network, columns: Columns, kept: np.ndarray) -> tuple[Terms, Rows]:
    """Return the rows of frozen buckets in which nothing happens; `kept` is (entity, bucket) what does."""
    frozen = network.stability.frozen
    own: Ints = np.flatnonzero((columns.bucket < frozen) & ~kept[columns.entity, columns.bucket])
    terms = Terms(
        columns.kind,
        f"idle_{columns.kind}",
        "frozen",
        columns.entity[own],
        columns.bucket[own],
        own,
        np.ones(len(own)),
    )
    free = np.full(kept.shape, np.inf)
    free[:, :frozen] = 0.0
    free[kept] = np.inf
    nothing = np.full(kept.shape, -np.inf)
    limit = Limit("", "programme", "frozen_until", np.zeros(len(kept), dtype=np.int64))
    return terms, Rows(f"idle_{columns.kind}", nothing, free, None, limit)
