"""Marginal values of limits as finite differences: one unit more and one unit less, re-solved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np

from ..block import TIDY, Limit
from ..calendar import Floats, Ints
from ..solution import Marginal
from .assemble import Model
from .duality import DUAL_TOLERANCE, Bounds
from .highs import Highs, Outcome, Result

# Simplex iterations for one re-solve: a count and not a time, so that the same input gives the same answer.
ITERATIONS = 5_000


@dataclass(frozen=True)
class _Prices:
    """The limits of one kind that have a price: entity, bucket, price and the row or column that holds them."""

    limit: Limit
    is_row: bool
    entity: Ints
    bucket: Ints
    price: Floats
    number: Ints
    value: Floats


def _row_prices(model: Model, duals: Floats) -> Iterator[_Prices]:
    for group, rows in model.rows.items():
        if rows.upper_limit is None or not rows.upper_limit.kind:
            continue
        begin = model.group_offset[group]
        low, high = np.searchsorted(model.row_index, [begin, begin + rows.upper.size])
        number = np.arange(low, high)
        number = number[duals[number] < 0]
        entity, bucket = np.divmod(model.row_index[number] - begin, rows.upper.shape[1])
        whole = np.full(len(number), -1) if rows.upper.shape[1] == 1 and group.endswith("_total") else bucket
        yield _Prices(rows.upper_limit, True, entity, whole, -duals[number], number, model.row_upper[number])


def _column_prices(model: Model, duals: Floats) -> Iterator[_Prices]:
    for kind, columns in model.columns.items():
        if columns.upper_limit is None or not columns.upper_limit.kind:
            continue
        number = model.offset[kind] + np.arange(len(columns))
        priced = np.flatnonzero((duals[number] < 0) & np.isfinite(columns.upper))
        yield _Prices(
            columns.upper_limit,
            False,
            columns.entity[priced],
            columns.bucket[priced],
            -duals[number[priced]],
            number[priced],
            columns.upper[priced],
        )


@dataclass(frozen=True)
class _Candidate:
    total: float
    prices: _Prices
    entries: Ints

    @property
    def dearest(self) -> int:
        """The entry with the highest price; the first of equals."""
        return int(self.entries[np.argmax(self.prices.price[self.entries])])


def _candidates(model: Model, result: Result, least: float) -> list[_Candidate]:
    """Return one candidate per entity, the sum of its prices over the buckets deciding their order."""
    found: list[_Candidate] = []
    for prices in [*_row_prices(model, result.row_dual), *_column_prices(model, result.column_dual)]:
        kept = np.flatnonzero(prices.price > least)
        order = kept[np.argsort(prices.entity[kept], kind="stable")]
        starts = np.flatnonzero(np.diff(prices.entity[order], prepend=-1))
        groups = np.split(order, starts[1:]) if len(order) else []
        found += [_Candidate(float(prices.price[entries].sum()), prices, entries) for entries in groups]
    return sorted(found, key=lambda one: -one.total)


def marginals(
    model: Model,
    highs: Highs,
    bounds: Bounds,
    stage: str,
    costs: Floats,
    result: Result,
    most: int,
    deadline: float,
) -> list[Marginal]:
    """Return the marginal values of the limits with the highest prices in a stage that was just solved.

    Parameters
    ----------
    bounds : bounds in force in the stage; they are put back
    most : how many limits at most; those that the deadline does not allow, or that take too long, are left out
    """
    if stage == TIDY or not np.any(costs) or most == 0:
        return []
    least = DUAL_TOLERANCE * (1 + float(np.abs(costs).max()))
    again = _Again(model, highs, bounds, highs.basis(), float(costs @ result.x), deadline)
    found: list[Marginal] = []
    for candidate in _candidates(model, result, least)[:most]:
        if time.monotonic() > deadline:
            break
        found.append(_marginal(again, stage, candidate))
    return [one for one in found if np.isfinite(one.one_more)]


@dataclass(frozen=True)
class _Again:
    """Re-solves the stage from its basis with one bound changed."""

    model: Model
    highs: Highs
    bounds: Bounds
    basis: highspy.HighsBasis
    value: float
    deadline: float

    def change(self, is_row: bool, number: int, upper: float) -> float:
        """Return the change of the stage's value with another upper bound; NaN if not found soon or impossible."""
        self._set_upper(is_row, number, upper)
        seconds = max(self.deadline - time.monotonic(), 1.0)
        result = self.highs.solve_from(self.basis, seconds, ITERATIONS)
        bounds = self.bounds
        self._set_upper(is_row, number, float((bounds.row_upper if is_row else bounds.upper)[number]))
        return result.objective - self.value if result.outcome is Outcome.OPTIMAL else np.nan

    def _set_upper(self, is_row: bool, number: int, upper: float) -> None:
        if is_row:
            self.highs.row_bounds(number, float(self.bounds.row_lower[number]), upper)
        else:
            self.highs.column_bounds(number, float(self.bounds.lower[number]), upper)


def _marginal(again: _Again, stage: str, candidate: _Candidate) -> Marginal:
    found, entry = candidate.prices, candidate.dearest
    entity, limit, number = int(found.entity[entry]), float(found.value[entry]), int(found.number[entry])
    return Marginal(
        stage=stage,
        kind=found.limit.kind,
        entity=entity,
        bucket=int(found.bucket[entry]),
        table=found.limit.table,
        row=found.limit.table_row(entity),
        column=found.limit.column,
        limit=limit,
        one_more=again.change(found.is_row, number, limit + 1),
        one_less=again.change(found.is_row, number, limit - 1) if limit >= 1 else np.nan,
        binding=tuple(sorted(int(found.bucket[other]) for other in candidate.entries)),
    )
