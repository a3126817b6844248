"""Loads that fall with cumulative runs: Wright's law summed run by run, and the curves that a plan says it used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Bools, Floats, Ints, floats, positions
from .rows import Rows

# Sums of single runs up to here; beyond, each decade is cut into as many pieces, summed by Simpson's rule.
_SINGLE = 200_000
_PIECES = 2_000


@dataclass(frozen=True)
class Law:
    """What the runs of one load take, from the first run ever on; `before` is the runs before the horizon."""

    quantity: float
    exponent: float
    base: float
    floor: float
    before: float

    def single(self, number: Floats) -> Floats:
        """Return what the run of each number takes."""
        return self.quantity * np.maximum((number / self.base) ** -self.exponent, self.floor)

    @cached_property
    def _sums(self) -> Floats:
        return np.concatenate([[0.0], np.cumsum(self.single(np.arange(1.0, _SINGLE + 1)))])

    def taken(self, runs: Floats) -> Floats:
        """Return what the first runs take together, from the start of the horizon on; linear between whole numbers."""
        return self._from_first(runs) - self._from_first(np.array([self.before]))

    def _from_first(self, runs: Floats) -> Floats:
        whole = np.floor(runs)
        summed = np.where(whole > _SINGLE, 0.0, self._sums[np.minimum(whole, _SINGLE).astype(np.int64)])
        for at in np.flatnonzero(whole > _SINGLE).tolist():
            summed[at] = self._sums[-1] + self._beyond(float(whole[at]))
        taken: Floats = summed + (runs - whole) * self.single(whole + 1)
        return taken

    def _beyond(self, last: float) -> float:
        """Return what the runs after the single ones take: the integral from half a run after to half a run after."""
        edges = np.geomspace(_SINGLE + 0.5, last + 0.5, _PIECES)
        middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
        return float((width * (self.single(edges[:-1]) + 4 * self.single(middle) + self.single(edges[1:])) / 6).sum())


@dataclass(frozen=True)
class Curve:
    """The segments of one load as the plan states them; `at` are the rows of the table `learning_curve`."""

    at: Ints
    begin: Floats
    until: Floats
    load: Floats
    error: Floats

    def taken(self, runs: Floats) -> Floats:
        """Return what cumulative runs have taken since the start, the last segment going on."""
        if not len(self.at):
            return np.zeros(runs.shape)
        points = np.append(self.begin, self.until[-1])
        sums = np.concatenate([[0.0], np.cumsum(self.load * np.diff(points))])
        beyond = np.maximum(runs - points[-1], 0.0) * self.load[-1]
        taken: Floats = np.interp(runs, points, sums) + beyond
        return taken


@dataclass(frozen=True)
class Learned:
    """The loads that fall, by row of the table `loads`: their laws and stated curves."""

    laws: Mapping[int, Law]
    curves: Mapping[int, Curve]

    @classmethod
    def of(cls, tables: Tables, stated: pl.DataFrame) -> Learned:
        """Read the laws from the input and the curves from the plan."""
        loads, processes = tables["loads"], tables["processes"]
        before = floats(processes["runs_before"])[positions(loads["process"], processes["process"])]
        laws = {
            at: Law(row["quantity"], float(-np.log2(row["learning_rate"])), row["learning_base"],
                    row["learning_floor"], float(before[at]))
            for at, row in enumerate(loads.iter_rows(named=True))
            if row["learning_rate"] is not None and row["learning_rate"] < 1 and row["quantity"] > 0
        }  # fmt: skip
        where = loads_of(tables, stated)
        return cls(laws, {at: _curve(stated, np.flatnonzero(where == at)) for at in laws})

    def firm(self, units: Floats) -> Floats:
        """Return (loads,) what firm runs take: what the first run of the horizon does, where loads fall."""
        result = units.copy()
        for at, law in self.laws.items():
            result[at] = law.single(np.array([np.floor(law.before) + 1.0]))[0]
        return result

    def planned(self, runs: Rows, run: Ints, line: Ints, amount: Floats) -> Floats:
        """Return what each pair of a run row and a load takes, by the curves where it falls, else the amount given."""
        result = amount.copy()
        for at, law in self.laws.items():
            own = np.flatnonzero(line == at)
            own = own[np.argsort(runs.bucket[run[own]], kind="stable")]
            total = law.before + np.concatenate([[0.0], np.cumsum(runs.quantity[run[own]])])
            result[own] = np.diff(self.curves[at].taken(total))
        return result


def loads_of(tables: Tables, frame: pl.DataFrame) -> Ints:
    """Return the row of the table `loads` that each row of a result table names; -1 for none."""
    key = pl.concat_str("process", "resource", pl.col("line").cast(pl.String), separator="/")
    return positions(frame.select(key=key)["key"], tables["loads"].select(key=key)["key"])


def _curve(stated: pl.DataFrame, at: Ints) -> Curve:
    own = stated["segment"].to_numpy()[at].argsort(kind="stable")
    at = at[own]
    return Curve(at, *(floats(stated[name])[at] for name in ("from_runs", "until_runs", "load", "error")))


def connected(curve: Curve) -> Bools:
    """Tell which segments do not begin where the one before ends, or are empty."""
    broken: Bools = curve.until <= curve.begin
    broken[1:] |= curve.begin[1:] != curve.until[:-1]
    return broken
