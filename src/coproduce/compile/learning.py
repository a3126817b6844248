"""Loads that fall with cumulative output: Wright's law, run by run, and the loads that follow it.

Run number n, counted from the first ever, takes `quantity x max(floor, (n / base) ** -b)` with `b = -log2(rate)`, so
that each doubling of n multiplies the load by the rate (Wright 1936, doi:10.2514/8.155, for the single unit as in
Crawford's form). Between whole numbers of runs the cumulative load is linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats
from ..network import Learning
from ..tables import Tables
from .index import floats, positions

# Beyond this number of runs the sum of powers is that of Euler and Maclaurin, whose next term is below 1e-12 there.
SUMMED = 1_000


@dataclass(frozen=True, slots=True)
class Law:
    """Wright's law of one load; quantity in resource units per run."""

    quantity: float
    rate: float
    base: float
    floor: float

    @property
    def exponent(self) -> float:
        """Return b: the load falls with the number of the run to the power -b."""
        return float(-np.log2(self.rate))

    def load(self, number: Floats) -> Floats:
        """Return what the run of each number takes, numbers from 1."""
        with np.errstate(divide="ignore"):
            share = (np.maximum(number, 1.0) / self.base) ** -self.exponent
        return self.quantity * np.maximum(share, self.floor)

    def cumulative(self, runs: Floats) -> Floats:
        """Return what the first runs take together; linear between whole numbers."""
        whole = np.floor(runs)
        falling = np.minimum(whole, self._last_falling())
        summed = self.base**self.exponent * _power_sum(falling, self.exponent) + self.floor * (whole - falling)
        taken: Floats = self.quantity * summed + (runs - whole) * self.load(whole + 1)
        return taken

    def _last_falling(self) -> float:
        """Return the number of the last run that takes more than the floor, or as much."""
        if self.floor <= 0 or self.exponent <= 0:
            return float("inf")
        return float(np.floor(self.base * self.floor ** (-1 / self.exponent)))


def _power_sum(number: Floats, exponent: float) -> Floats:
    """Return the sum of n ** -exponent for n = 1 .. number, whole numbers."""
    table = np.concatenate([[0.0], np.cumsum(np.arange(1, SUMMED + 1, dtype=np.float64) ** -exponent)])
    tail = np.maximum(number, float(SUMMED))

    def integral(n: Floats | float) -> Floats:
        corner = n**-exponent / 2 - exponent * n ** (-exponent - 1) / 12
        return np.asarray(n ** (1 - exponent) / (1 - exponent) + corner)

    beyond = table[-1] + integral(tail) - integral(float(SUMMED))
    return np.where(number > SUMMED, beyond, table[np.minimum(number, SUMMED).astype(np.int64)])


def laws(learning: Learning) -> list[Law]:
    """Return the law of every learned load."""
    columns = (learning.quantity, learning.rate, learning.base, learning.floor)
    return [Law(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def _falls(loads: pl.DataFrame) -> pl.Series:
    return loads.select((pl.col("learning_rate") < 1).fill_null(False) & (pl.col("quantity") > 0)).to_series()


def read_learning(tables: Tables) -> Learning:
    """Return the loads with a learning rate below 1."""
    processes, falls = tables["processes"], _falls(tables["loads"])
    loads = tables["loads"].filter(falls)
    process = positions(loads["process"], processes["process"])
    return Learning(
        load=np.flatnonzero(falls.to_numpy()).astype(np.int64),
        process=process,
        quantity=floats(loads["quantity"], 0.0),
        rate=floats(loads["learning_rate"], 1.0),
        base=floats(loads["learning_base"], 1.0),
        floor=floats(loads["learning_floor"], 0.0),
        before=floats(processes["runs_before"], 0.0)[process],
    )


def constant_loads(loads: pl.DataFrame) -> Floats:
    """Return (load,) what every run takes whatever was learned: all of it, or the floor of a load that falls."""
    quantity, floor = floats(loads["quantity"], 0.0), floats(loads["learning_floor"], 0.0)
    return np.where(_falls(loads).to_numpy(), quantity * floor, quantity)


def first_loads(tables: Tables) -> Floats:
    """Return (load,) what a firm run takes: as the first run of the horizon does."""
    result, learning = floats(tables["loads"]["quantity"], 0.0), read_learning(tables)
    for load, law, before in zip(learning.load, laws(learning), learning.before, strict=True):
        result[load] = law.load(np.floor(before) + 1)
    return result
