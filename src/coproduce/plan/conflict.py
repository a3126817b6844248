"""Why hard limits cannot hold together: a small irreducible set of them, in the user's cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from ..block import Limit
from ..calendar import Floats, Ints
from .assemble import Model
from .duality import Bounds, Held
from .highs import Highs, Method, MixedMethod, Outcome

_METHOD = Method("simplex")
# A least repair with whole numbers need not be the very least: any repair leads to a conflict.
_MIXED_GAP = 0.01
# Slacks below this share of the largest one, and largest ones below the dust, are the solver's own imprecision.
SMALLEST_SLACK, DUST = 1e-6, 1e-9


@dataclass(frozen=True, slots=True, order=True)
class HardLimit:
    """One cell that bounds the plan."""

    table: str
    row: int
    column: str


@dataclass(frozen=True)
class _Bounds:
    """Bounds that come from cells: which row or column, on which side, from which cell (by number)."""

    is_row: Ints
    number: Ints
    side: Ints
    cell: Ints
    cells: tuple[HardLimit, ...]


def _entries(model: Model) -> Iterator[tuple[bool, int, int, HardLimit]]:
    """Yield (is row, number, side, cell) of every finite bound that comes from a cell."""
    for kind, columns in model.columns.items():
        for side, limit, bound in (
            (-1, columns.lower_limit, np.where(columns.lower > 0, columns.lower, -np.inf)),
            (1, columns.upper_limit, columns.upper),
        ):
            if limit is not None:
                for own in np.flatnonzero(np.isfinite(bound)).tolist():
                    yield from _entry(limit, int(columns.entity[own]), False, model.offset[kind] + own, side)
    for group, rows in model.rows.items():
        begin = model.group_offset[group]
        low, high = np.searchsorted(model.row_index, [begin, begin + rows.upper.size])
        for side, limit, bound in ((-1, rows.lower_limit, model.row_lower), (1, rows.upper_limit, model.row_upper)):
            if limit is not None:
                for number in range(int(low), int(high)):
                    if np.isfinite(bound[number]):
                        entity = int(model.row_index[number] - begin) // rows.upper.shape[1]
                        yield from _entry(limit, entity, True, number, side)


def _entry(
    limit: Limit, entity: int, is_row: bool, number: int, side: int
) -> Iterator[tuple[bool, int, int, HardLimit]]:
    row = limit.table_row(entity)
    if row >= 0:
        yield is_row, number, side, HardLimit(limit.table, row, limit.column)


def _bounds(model: Model) -> _Bounds:
    entries = list(_entries(model))
    cells = tuple(sorted({entry[3] for entry in entries}))
    number_of = {cell: number for number, cell in enumerate(cells)}
    return _Bounds(
        is_row=np.array([entry[0] for entry in entries], dtype=np.int64),
        number=np.array([entry[1] for entry in entries], dtype=np.int64),
        side=np.array([entry[2] for entry in entries], dtype=np.int64),
        cell=np.array([number_of[entry[3]] for entry in entries], dtype=np.int64),
        cells=cells,
    )


class _Elastic:
    """The model with a slack for every bound that comes from a cell; a hard cell's slacks are fixed at 0."""

    def __init__(self, model: Model, bounds: _Bounds, threads: int) -> None:
        self._bounds = bounds
        self._width = model.matrix.shape[1]
        elastic = _elastic_model(model, bounds)
        costs = np.concatenate([np.zeros(self._width), np.ones(len(bounds.number))])
        self._mixed = bool(model.integer.any())
        self._highs = Highs(
            elastic, costs, Held(Bounds.of(elastic), (), 0), threads, elastic.integer if self._mixed else None
        )

    def set_hard(self, cell: int, hard: bool) -> None:
        """Forbid or allow breaking the bounds of a cell."""
        for slack in np.flatnonzero(self._bounds.cell == cell):
            self._highs.column_bounds(self._width + int(slack), 0.0, 0.0 if hard else np.inf)

    def _least_repair(self) -> Floats | None:
        if self._mixed:
            found = self._highs.search(MixedMethod(_MIXED_GAP), np.inf)
            if found.outcome is Outcome.STOPPED:
                found = self._highs.search(MixedMethod(_MIXED_GAP, presolve=False, whole=1e-6), np.inf)
            return found.x if found.outcome is Outcome.OPTIMAL else None
        result = self._highs.solve(_METHOD, np.inf, None)
        return result.x if result.outcome is Outcome.OPTIMAL else None

    def broken(self) -> list[int] | None:
        """Return the cells that a least repair breaks; None where even that is impossible."""
        x = self._least_repair()
        if x is None:
            return None
        slack = x[self._width :]
        largest = float(slack.max(initial=0.0))
        return sorted(set(self._bounds.cell[slack > SMALLEST_SLACK * largest].tolist())) if largest > DUST else []


def _elastic_model(model: Model, bounds: _Bounds) -> Model:
    """Return the model with column bounds of cells turned into rows, and a slack column for each bound of a cell."""
    rows, width = model.matrix.shape
    on_column = np.flatnonzero(bounds.is_row == 0)
    slacks = len(bounds.number)
    identity = sp.csr_array(
        (np.ones(len(on_column)), (np.arange(len(on_column)), bounds.number[on_column])), shape=(len(on_column), width)
    )
    row_of = bounds.number.copy()
    row_of[on_column] = rows + np.arange(len(on_column))
    # A slack pushes its row towards the side that it relaxes.
    slack = sp.csr_array(
        (-bounds.side.astype(np.float64), (row_of, np.arange(slacks))), shape=(rows + len(on_column), slacks)
    )
    matrix = sp.csc_array(sp.hstack([sp.vstack([model.matrix, identity]), slack]))
    lower, upper = model.lower.copy(), model.upper.copy()
    side, number = bounds.side[on_column], bounds.number[on_column]
    own_lower = np.where(side < 0, lower[number], -np.inf)
    own_upper = np.where(side > 0, upper[number], np.inf)
    lower[number[side < 0]] = 0.0
    upper[number[side > 0]] = np.inf
    return replace(
        model,
        matrix=matrix,
        integer=np.concatenate([model.integer, np.zeros(slacks, dtype=bool)]),
        lower=np.concatenate([lower, np.zeros(slacks)]),
        upper=np.concatenate([upper, np.full(slacks, np.inf)]),
        row_lower=np.concatenate([model.row_lower, own_lower]),
        row_upper=np.concatenate([model.row_upper, own_upper]),
    )


def conflicting_limits(model: Model, threads: int = 0) -> list[HardLimit]:
    """Return an irreducible set of cells whose bounds cannot hold together; empty if the balances alone conflict.

    First an elastic filter (Chinneck & Dravnieks 1991, doi:10.1287/ijoc.3.2.157): the limits that a least repair
    breaks are made hard until no repair is left; then a deletion filter over that small set.
    """
    bounds = _bounds(model)
    elastic = _Elastic(model, bounds, threads)
    hard: list[int] = []
    while (broken := elastic.broken()) is not None and broken:
        for cell in broken:
            elastic.set_hard(cell, True)
        hard += broken
    needed: list[int] = []
    for cell in hard:
        elastic.set_hard(cell, False)
        if elastic.broken() is None:
            continue
        elastic.set_hard(cell, True)
        needed.append(cell)
    return [bounds.cells[cell] for cell in sorted(needed)]
