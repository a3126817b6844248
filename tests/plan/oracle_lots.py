"""The oracle's lots: numbers of lots, multiples and deliveries that are made at all, as literal as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linopy
import numpy as np
import xarray as xr
from oracle_data import Array

if TYPE_CHECKING:
    from oracle import Oracle

# More than any random programme can use of anything in a bucket.
MOST = 3e3
TABLE_OF = {"run": "processes", "buy": "supplies", "ship": "lanes"}


def labelled(array: Array, *dims: str) -> xr.DataArray:
    """Name the dimensions of an array and number their entries."""
    return xr.DataArray(array, dims=dims, coords={dim: np.arange(n) for dim, n in zip(dims, array.shape, strict=True)})


class Lots:
    """Whole numbers of an oracle: lots and multiples of runs, orders and shipments, and deliveries.

    Attributes
    ----------
    number : by kind, the lots started, in the dimensions of the kind
    columns, rows : how many of each were added
    """

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.number: dict[str, linopy.Variable] = {}
        self.columns = self.rows = 0
        for kind in TABLE_OF:
            self.add(kind)
        self.add_deliveries()

    def whole(self, name: str, upper: Array, *dims: str) -> linopy.Variable:
        """Add a whole number for every entry of the upper bound."""
        self.columns += upper.size
        self.oracle.expected_columns += upper.size
        limit = labelled(upper, *dims)
        return self.oracle.model.add_variables(lower=0 * limit, upper=limit, name=name, integer=True)

    def require(self, name: str, left: linopy.LinearExpression, sign: str, zeros: xr.DataArray) -> None:
        """Require an expression to be at least, at most or exactly 0."""
        self.rows += zeros.size
        self.oracle.require(name, left, sign, zeros)

    def add(self, kind: str) -> None:
        x = self.oracle.variables[kind]
        dims, shape = [str(dim) for dim in x.dims], x.shape
        table = TABLE_OF[kind]
        sizes = [self.oracle.data.sizes(table, n) for n in range(shape[0])]

        def column(values: list[float]) -> xr.DataArray:
            return labelled(np.array(values, dtype=np.float64), dims[0])

        counted = np.array([size.counted for size in sizes], dtype=bool)
        stepped = np.array([size.multiple > 0 for size in sizes], dtype=bool)
        rest = (1,) * (len(shape) - 1)
        number = self.whole(
            f"{kind}_number", np.broadcast_to(np.where(counted, MOST, 0.0).reshape(-1, *rest), shape).copy(), *dims
        )
        steps = self.whole(
            f"{kind}_steps", np.broadcast_to(np.where(stepped, MOST * 10, 0.0).reshape(-1, *rest), shape).copy(), *dims
        )
        most = column([min(size.maximum, MOST) for size in sizes])
        least, multiple = column([size.minimum for size in sizes]), column([size.multiple for size in sizes])
        none = labelled(np.zeros(shape), *dims)
        own = {dims[0]: np.flatnonzero(counted)}
        self.require(f"{kind}_most", (x - number * most).isel(own), "<=", none.isel(own))
        self.require(f"{kind}_least", (x - number * least).isel(own), ">=", none.isel(own))
        own = {dims[0]: np.flatnonzero(stepped)}
        self.require(f"{kind}_multiple", (x - steps * multiple).isel(own), "=", none.isel(own))
        self.number[kind] = number
        self.oracle.variables[f"{kind}_number"] = number

    def add_deliveries(self) -> None:
        x, demands = self.oracle.deliver, self.oracle.rows["demands"]
        quantity = np.array([row["quantity"] for row in demands])
        least = np.minimum([row["minimum_shipment"] or 0.0 for row in demands], quantity)
        least = np.where([row["all_or_nothing"] for row in demands], quantity, least)
        made = self.whole("made", np.ones(x.shape), "demand", "start")
        none, sized = labelled(np.zeros(x.shape), "demand", "start"), {"demand": np.flatnonzero(least > 0)}
        self.require("least", (x - made * labelled(least, "demand")).isel(sized), ">=", none.isel(sized))
        self.require("made", (x - made * labelled(quantity, "demand")).isel(sized), "<=", none.isel(sized))
