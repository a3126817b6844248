"""Whole numbers near values of the linear relaxation, each by itself inside the room that its rows leave."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats
from .assemble import Model
from .duality import Bounds

# What is above a whole number by less, or below it, is that number.
NEAR = 1e-6


def rounded(model: Model, bounds: Bounds, x: Floats) -> Floats:
    """Return values with whole numbers: the least that the rows allow with all else as it is, or none of it.

    So a lot or delivery that is as large as its smallest size becomes one, and a smaller one none.

    Parameters
    ----------
    x : (column,) values of the linear relaxation
    """
    least, most = room(model, bounds, x)
    up = np.ceil(least - NEAR)
    whole = np.where(up <= most + NEAR, up, np.floor(np.maximum(bounds.lower, 0.0)))
    return np.where(model.integer, np.clip(whole, bounds.lower, bounds.upper), x)


def room(model: Model, bounds: Bounds, x: Floats) -> tuple[Floats, Floats]:
    """Return (column,) the least and most value of each whole number that its rows allow with all else as it is."""
    matrix, columns = model.matrix, np.flatnonzero(model.integer)
    own = matrix[:, columns].tocoo()
    activity, column = matrix @ x, columns[own.col]
    with np.errstate(invalid="ignore"):
        down = (bounds.row_lower - activity)[own.row] / own.data
        up = (bounds.row_upper - activity)[own.row] / own.data
    least, most = bounds.lower.copy(), bounds.upper.copy()
    np.maximum.at(least, column, x[column] + np.minimum(down, up))
    np.minimum.at(most, column, x[column] + np.maximum(down, up))
    return least, most
