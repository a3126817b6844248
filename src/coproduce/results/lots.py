"""How many lots runs, orders and shipments are, and what the lots cost."""

from __future__ import annotations

import numpy as np

from ..block import COST
from ..calendar import Floats
from ..plan.assemble import Model
from ..plan.lots import lots_kind


def lot_counts(model: Model, kind: str, x: Floats) -> tuple[Floats, Floats]:
    """Return (column,) lots and their cost for the columns of a kind; NaN where lots are not counted."""
    columns = model.columns[kind]
    count, cost = np.full(len(columns), np.nan), np.zeros(len(columns))
    if lots_kind(kind) not in model.columns:
        return count, cost
    lots = model.columns[lots_kind(kind)]
    shape = (int(columns.entity.max(initial=-1)) + 1, int(columns.bucket.max(initial=-1)) + 1)
    at = columns.position(shape)[lots.entity, lots.bucket]
    values = np.rint(model.values(lots_kind(kind), x))
    count[at] = values
    cost[at] = values * lots.stages[COST]
    return count, cost
