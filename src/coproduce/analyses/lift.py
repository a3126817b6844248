"""One limit that could be lifted, with the bounds of the opened model that hold without it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..calendar import Floats, Ints

_NONE: Ints = np.zeros(0, dtype=np.int64)
_NOTHING: Floats = np.zeros(0)


@dataclass(frozen=True)
class Lift:
    """One limit and the bounds of the opened model that hold without it.

    Attributes
    ----------
    kind : as in the table `reasons`
    table, row, column : the cell that sets it; row -1 where there is no cell
    entity : position in its own table; of stocks and material, the node
    columns, upper : columns and their upper bounds without the limit
    low_columns : columns whose lower bound is 0 without it
    rows, row_upper : rows and their upper bounds without it
    low_rows : rows without a lower bound without it
    """

    kind: str
    table: str
    row: int
    column: str
    entity: int
    columns: Ints = field(default_factory=lambda: _NONE)
    upper: Floats = field(default_factory=lambda: _NOTHING)
    low_columns: Ints = field(default_factory=lambda: _NONE)
    rows: Ints = field(default_factory=lambda: _NONE)
    row_upper: Floats = field(default_factory=lambda: _NOTHING)
    low_rows: Ints = field(default_factory=lambda: _NONE)
