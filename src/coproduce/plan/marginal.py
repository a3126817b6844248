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
from .duality import DUAL_TOLERANCE, Held
from .highs import Highs, Method, Outcome

_GO_ON = Method("simplex", iterations=1_000)
# Fewer iterations than these take tenths of a second. HiGHS can turn on the spot after numerical trouble, without end
# and without counting an iteration; only a time ends that.
STUCK_SECONDS = 5.0


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
        when = np.full(len(number), -1) if rows.whole else bucket
        yield _Prices(rows.upper_limit, True, entity, when, -duals[number], number, model.row_upper[number])


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


def _candidates(model: Model, ended: Ended, least: float) -> list[_Candidate]:
    """Return one candidate per entity, the sum of its prices over the buckets deciding their order."""
    found: list[_Candidate] = []
    for prices in [*_row_prices(model, ended.row_dual), *_column_prices(model, ended.column_dual)]:
        kept = np.flatnonzero(prices.price > least)
        order = kept[np.argsort(prices.entity[kept], kind="stable")]
        starts = np.flatnonzero(np.diff(prices.entity[order], prepend=-1))
        groups = np.split(order, starts[1:]) if len(order) else []
        found += [_Candidate(float(prices.price[entries].sum()), prices, entries) for entries in groups]
    return sorted(found, key=lambda one: -one.total)


@dataclass(frozen=True)
class Ended:
    """A stage that was solved to its end, with all that is needed to solve it again."""

    stage: str
    costs: Floats
    held: Held
    value: float
    row_dual: Floats
    column_dual: Floats
    basis: highspy.HighsBasis
    deadline: float


def marginals(model: Model, ended: Ended, most: int, threads: int) -> list[Marginal]:
    """Return the marginal values of the limits with the highest prices in a stage.

    Parameters
    ----------
    most : how many limits at most; those that the deadline does not allow, or that take too long, are left out
    """
    if ended.stage == TIDY or not np.any(ended.costs) or most == 0 or not ended.basis.valid:
        return []
    least = DUAL_TOLERANCE * (1 + float(np.abs(ended.costs).max()))
    candidates = _candidates(model, ended, least)[:most]
    if not candidates:
        return []
    again = _Again(model, ended, threads)
    found = [again.marginal(one) for one in candidates if again.usable and time.monotonic() < ended.deadline]
    return [one for one in found if np.isfinite(one.one_more)]


class _Again:
    """Re-solves a stage with one bound changed, on an instance of its own: from its basis, then from the last optimum.

    Attributes
    ----------
    usable : whether a simplex can start from the basis; one that presolve took back can be singular but for rounding,
        and where the first limit is stuck, so are the others: ten of the scenario `new_electronics` took 100 s in vain
    """

    def __init__(self, model: Model, ended: Ended, threads: int) -> None:
        self._ended = ended
        self._bounds = ended.held.bounds
        self._highs = Highs(model, ended.costs, ended.held, threads)
        self._fresh, self._found = True, False
        self.usable = True

    def _change(self, is_row: bool, number: int, upper: float) -> float:
        """Return the change of the stage's value with another upper bound; NaN if not found soon or impossible."""
        if not self.usable:
            return np.nan
        self._set_upper(is_row, number, upper)
        seconds = min(max(self._ended.deadline - time.monotonic(), 1.0), STUCK_SECONDS)
        begin = time.monotonic()
        result = self._highs.solve(_GO_ON, seconds, self._ended.basis if self._fresh else None)
        self._found |= result.outcome is Outcome.OPTIMAL
        stuck = result.outcome is Outcome.STOPPED and time.monotonic() - begin >= seconds and not self._found
        sound = not self._fresh or result.outcome is not Outcome.STOPPED or self._highs.basis().valid
        self.usable = sound and not stuck
        self._fresh = result.outcome is not Outcome.OPTIMAL
        bounds = self._bounds
        self._set_upper(is_row, number, float((bounds.row_upper if is_row else bounds.upper)[number]))
        return float(self._ended.costs @ result.x) - self._ended.value if result.outcome is Outcome.OPTIMAL else np.nan

    def _set_upper(self, is_row: bool, number: int, upper: float) -> None:
        if is_row:
            self._highs.row_bounds(number, float(self._bounds.row_lower[number]), upper)
        else:
            self._highs.column_bounds(number, float(self._bounds.lower[number]), upper)

    def marginal(self, candidate: _Candidate) -> Marginal:
        """Return the marginal value of a limit, in the bucket where its price is highest."""
        found, entry = candidate.prices, candidate.dearest
        entity, limit, number = int(found.entity[entry]), float(found.value[entry]), int(found.number[entry])
        return Marginal(
            stage=self._ended.stage,
            kind=found.limit.kind,
            entity=entity,
            bucket=int(found.bucket[entry]),
            table=found.limit.table,
            row=found.limit.table_row(entity),
            column=found.limit.column,
            limit=limit,
            one_more=self._change(found.is_row, number, limit + 1),
            one_less=self._change(found.is_row, number, limit - 1) if limit >= 1 else np.nan,
            binding=tuple(sorted(int(found.bucket[other]) for other in candidate.entries)),
        )
