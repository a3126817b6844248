"""The oracle's learning: Wright's law summed run by run, on given break points, as convex combinations of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import linopy
import numpy as np
import xarray as xr
from oracle_data import Array
from oracle_law import cumulative
from oracle_lots import labelled

if TYPE_CHECKING:
    from oracle import Oracle

# More runs than any random programme can make beyond its last break point.
BEYOND = 1e4
Points = Mapping[str, Sequence[float]]


class Learned:
    """What runs take of resources where it falls with their number.

    Attributes
    ----------
    columns, rows : how many of each were added
    """

    def __init__(self, oracle: Oracle, points: Points) -> None:
        self.oracle, self.data = oracle, oracle.data
        self.columns = self.rows = 0
        rows = self.data.rows["processes"]
        self.points = [list(points.get(row["process"], ())) for row in rows]
        self.points = [[*own, own[-1] + BEYOND] if own else [0.0] for own in self.points]
        self.size = max(map(len, self.points), default=1)
        if points:
            self.add()

    def variable(self, name: str, upper: Array, *dims: str, integer: bool = False) -> linopy.Variable:
        self.columns += upper.size
        self.oracle.expected_columns += upper.size
        limit = labelled(upper, *dims)
        found = self.oracle.model.add_variables(lower=0 * limit, upper=limit, name=name, integer=integer)
        self.oracle.variables[name] = found
        return found

    def require(self, name: str, left: linopy.LinearExpression, sign: str, right: xr.DataArray) -> None:
        self.rows += right.size
        self.oracle.require(name, left, sign, right)

    def add(self) -> None:
        """Add the position of every process on its curve at the end of every bucket."""
        processes, count = len(self.points), self.data.clock.count
        at, there = np.zeros((processes, self.size)), np.zeros((processes, self.size, count))
        pieces = np.zeros((processes, self.size, count))
        for p, own in enumerate(self.points):
            at[p, : len(own)] = own
            there[p, : len(own)] = 1.0
            pieces[p, : len(own) - 1] = 1.0
        self.weight = self.variable("weight", there, "process", "point", "start")
        chosen = self.variable("chosen", pieces, "process", "point", "start", integer=True)
        learns = np.array([len(own) > 1 for own in self.points])
        one = {"process": np.flatnonzero(learns)}
        full = labelled(np.ones((processes, count)), "process", "start").isel(one)
        self.require("weights", self.weight.sum("point").isel(one), "=", full)
        self.require("pieces", chosen.sum("point").isel(one), "=", full)
        touching = np.eye(self.size) + np.eye(self.size, k=1)  # a point belongs to its piece and the one before
        near = (chosen * labelled(touching, "point", "of")).sum("point").rename({"of": "point"})
        none = labelled(np.zeros((processes, self.size, count)), "process", "point", "start")
        self.require("near", self.weight - near, "<=", none)
        change = labelled(self.change(), "bucket", "start")
        made = ((self.weight * labelled(at, "process", "point")).sum("point") * change).sum("start")
        first = np.zeros((processes, count))
        first[:, 0] = [own[0] for own in self.points]
        runs = (self.oracle.run * labelled(np.eye(count), "bucket", "start")).sum("start")
        self.require("position", (made - runs).isel(one), "=", labelled(first, "process", "bucket").isel(one))

    def change(self) -> Array:
        """Return the matrix (bucket, start) that turns ends of buckets into what happens in them."""
        return np.eye(self.data.clock.count) - np.eye(self.data.clock.count, k=-1)

    def taken(self) -> Array:
        """Return (resource, bucket, process, point, start) what a weight of 1 at the end of a bucket loads."""
        result = self.data.zeros("resource", "bucket", "process", "start")[:, :, :, None, :] * np.ones((self.size, 1))
        for p, own in enumerate(self.points):
            for load, share in self.data.learned_shares[p] if len(own) > 1 else ():
                sums = np.zeros(self.size)
                sums[: len(own) - 1] = [cumulative(load, runs) - cumulative(load, own[0]) for runs in own[:-1]]
                slope = (sums[len(own) - 2] - sums[len(own) - 3]) / (own[-2] - own[-3])
                sums[len(own) - 1] = sums[len(own) - 2] + slope * BEYOND
                spread = share @ self.change()  # (bucket, start)
                result[self.data.at["resources"][load["resource"]], :, p] += spread[:, None, :] * sums[None, :, None]
        return result

    def load(self) -> linopy.LinearExpression | float:
        """Return (resource, bucket) what learned loads take."""
        if not any(len(own) > 1 for own in self.points):
            return 0.0
        taken = labelled(self.taken(), "resource", "bucket", "process", "point", "start")
        return (self.weight * taken).sum(["process", "point", "start"])

    def cost(self, price: Array) -> Array:
        """Return (process, point, start) what learned loads cost."""
        return np.einsum("r,rupks->pks", price, self.taken())
