"""Marginal values of limits as finite differences: one unit more and one unit less, re-solved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..block import TIDY, Limit
from ..calendar import Floats, Ints
from ..solution import Marginal
from .assemble import Model
from .highs import Highs, Outcome, Result


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
    model: Model, highs: Highs, stage: str, costs: Floats, result: Result, most: int, deadline: float
) -> list[Marginal]:
    """Return the marginal values of the limits with the highest prices in a stage that was just solved.

    The basis of the solved stage is put back at the end. Limits that time does not allow any more are left out.
    """
    value = float(costs @ result.x)
    if stage == TIDY or not np.any(costs) or most == 0:
        return []
    scale = 1e-7 * (1 + float(np.abs(costs).max()))
    basis = highs.basis()
    found: list[Marginal] = []
    for candidate in _candidates(model, result, scale)[:most]:
        if time.monotonic() > deadline:
            break
        found.append(_marginal(model, highs, stage, value, candidate, deadline))
        highs.restart(basis)
    return found


def _marginal(model: Model, highs: Highs, stage: str, value: float, candidate: _Candidate, deadline: float) -> Marginal:
    prices, entry = candidate.prices, candidate.dearest
    entity, limit = int(prices.entity[entry]), float(prices.value[entry])

    def change(step: float) -> float:
        _set_upper(model, highs, prices.is_row, int(prices.number[entry]), limit + step)
        again = highs.solve(max(deadline - time.monotonic(), 1.0))
        return again.objective - value if again.outcome is Outcome.OPTIMAL else np.nan

    more = change(1.0)
    less = change(-1.0) if limit >= 1 else np.nan
    _set_upper(model, highs, prices.is_row, int(prices.number[entry]), limit)
    return Marginal(
        stage=stage,
        kind=prices.limit.kind,
        entity=entity,
        bucket=int(prices.bucket[entry]),
        table=prices.limit.table,
        row=prices.limit.table_row(entity),
        column=prices.limit.column,
        limit=limit,
        one_more=more,
        one_less=less,
        binding=tuple(sorted(int(prices.bucket[other]) for other in candidate.entries)),
    )


def _set_upper(model: Model, highs: Highs, is_row: bool, number: int, upper: float) -> None:
    if is_row:
        highs.row_bounds(number, float(model.row_lower[number]), upper)
    else:
        highs.column_bounds(number, float(model.lower[number]), upper)
