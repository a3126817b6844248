"""Sums of whole numbers to branch on: how many lots one entity starts over the horizon, or all start in one bucket.

To forbid a lot in one bucket moves it to the bucket beside, and the bound hardly rises; to round the number of lots
that an entity or a bucket has in all raises it. A sum of whole numbers is whole: a column for it and the row that
defines it exclude no plan.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..calendar import Ints
from .assemble import Model
from .cuts import SIZED
from .duality import Bounds
from .lots import lots_kind
from .setups import SET_UP

# Spans of the horizon over which the lots of one entity are counted, beside the horizon as a whole.
SPANS = 4


def sums(model: Model, bounds: Bounds) -> list[Ints]:
    """Return sets of columns whose sum is worth branching on: by entity, by entity and span, by bucket.

    Parameters
    ----------
    bounds : those in force; columns that they fix make no sum worth a column
    """
    free = bounds.upper > bounds.lower
    kinds = [*map(lots_kind, SIZED), SET_UP]
    every = [group for kind in kinds if kind in model.columns for group in _of_kind(model, kind)]
    chosen = [group for group in every if free[group].sum() > 1]
    known: dict[bytes, Ints] = {group.tobytes(): group for group in chosen}
    return list(known.values())


def _of_kind(model: Model, kind: str) -> Iterator[Ints]:
    columns = model.columns[kind]
    span = columns.bucket * SPANS // model.network.timeline.count
    yield from _grouped(columns.entity, model.offset[kind])
    yield from _grouped(columns.entity * SPANS + span, model.offset[kind])
    yield from _grouped(columns.bucket, model.offset[kind])


def _grouped(key: Ints, offset: int) -> Iterator[Ints]:
    """Yield the columns of every value of a key."""
    order = np.argsort(key, kind="stable")
    _, first = np.unique(key[order], return_index=True)
    for part in np.split(order, first[1:]):
        if len(part):
            yield (part + offset).astype(np.int64)
