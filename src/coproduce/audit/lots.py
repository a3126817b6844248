"""Sizes of lots as the input gives them, and which processes, supplies and lanes work in lots at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Bools, Floats, floats, positions

_NEARLY = 1e-9
COSTS = {"processes": "setup_cost", "supplies": "order_cost", "lanes": "shipment_cost"}
"""By table: the column with the cost of one lot."""


@dataclass(frozen=True)
class LotSizes:
    """Sizes of one lot, (rows,) each; with a multiple, the least and the most are the multiples that keep them.

    Attributes
    ----------
    least, most : 0 and infinite where there is none
    multiple : 0 where there is none
    counted : whether the number of lots matters: a smallest lot, or a cost or load of every lot
    joint : whether a set-up is shared with other processes
    """

    least: Floats
    most: Floats
    multiple: Floats
    counted: Bools
    joint: Bools

    @property
    def together(self) -> Bools:
        """(rows,) whether all that starts in a bucket starts at its beginning and arrives whole."""
        return self.counted | (self.multiple > 0) | self.joint

    @classmethod
    def of(cls, tables: Tables, table: str) -> LotSizes:
        """Read the sizes of `processes`, `supplies` or `lanes`."""
        frame = tables[table]
        least, most = floats(frame["minimum_size"]), floats(frame["maximum_size"], np.inf)
        multiple = floats(frame["multiple_size"])
        counted = (least > 0) | (floats(frame[COSTS[table]]) > 0)
        joint = np.zeros(len(frame), dtype=bool)
        if table == "processes":
            loads = tables["loads"].filter(pl.col("setup_quantity") > 0)
            counted |= positions(frame["process"], loads["process"]) >= 0
            joint = frame["setup_group"].is_not_null().to_numpy().astype(bool)
        has = np.flatnonzero(multiple > 0)
        least[has] = np.ceil(least[has] / multiple[has] - _NEARLY) * multiple[has]
        most[has] = np.floor(most[has] / multiple[has] + _NEARLY) * multiple[has]
        return cls(least, most, multiple, counted, joint)
