"""A plan without what nobody needs: what is bought, made or moved and then only lies there is taken back.

Tiers ask for deliveries alone. Where the time ends before the stage of costs, nothing holds the rest: interior point
without a vertex has been seen to order 137 thousand million units for 9,000 orders. Every delivery stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..block import TIDY
from ..calendar import Floats, Ints
from ..network import Bools
from .assemble import Model

# Limits that are kept here by what stocks can spare.
BALANCE, FINAL = "balance", "final_stock"

# Units that are not worth taking back.
DUST = 1e-9
# What is taken back frees what it was made of; items that go in a circle would do so without end.
MOST_ROUNDS = 50


@dataclass(frozen=True)
class _Balances:
    """What stocks can give and take, and what columns add to them.

    Attributes
    ----------
    spare, room : (node, bucket) units by which the stock may fall and rise; both change
    node, bucket, value : (term,) what a unit of a column adds, ordered by column, node and bucket
    start : (column + 1,) first term of each column
    """

    spare: Floats
    room: Floats
    node: Ints
    bucket: Ints
    value: Floats
    start: Ints

    def likely(self, columns: Ints) -> Ints:
        """Return those of some columns whose every output can be spared from its bucket to the end."""
        least = np.minimum.accumulate(self.spare[:, ::-1], axis=1)[:, ::-1]
        short = np.concatenate([[0], np.cumsum((self.value > 0) & (least[self.node, self.bucket] <= DUST))])
        result: Ints = columns[short[self.start[columns]] == short[self.start[columns + 1]]]
        return result

    def take_back(self, column: int, most: float) -> float:
        """Take back as much of a column as stocks can do without, and return how much."""
        added = self._added(column)
        for node, first, stock in added:
            up, down = stock > 0, stock < 0
            most = min(most, float((self.spare[node, first:][up] / stock[up]).min(initial=np.inf)))
            most = min(most, float((self.room[node, first:][down] / -stock[down]).min(initial=np.inf)))
        if most <= DUST:
            return 0.0
        for node, first, stock in added:
            self.spare[node, first:] -= most * stock
            self.room[node, first:] += most * stock
        return most

    def _added(self, column: int) -> list[tuple[int, int, Floats]]:
        """Return node, first bucket and what a unit adds to its stock from there on, for each node."""
        mine = slice(self.start[column], self.start[column + 1])
        node, bucket, value = self.node[mine], self.bucket[mine], self.value[mine]
        result: list[tuple[int, int, Floats]] = []
        for one in np.unique(node):
            here = node == one
            first = int(bucket[here][0])
            change = np.bincount(bucket[here] - first, weights=value[here], minlength=self.spare.shape[1] - first)
            result.append((int(one), first, np.cumsum(change).astype(np.float64)))
        return result


def trimmed(model: Model, x: Floats) -> Floats:
    """Return a plan with less of whatever only adds to stock; it keeps every limit that `x` keeps.

    A column is taken back as far as the stocks of what it makes can spare it from its bucket to the end. The columns
    of a node come in the order of time, so that what is left comes as late as it may.

    Parameters
    ----------
    x : (column,) values of a plan of a model without whole numbers
    """
    falls, rises = _untied(model, -1), _untied(model, 1)
    balances = _balances(model, x, falls, rises)
    values = x.copy()
    spared = np.flatnonzero(_may_fall(model, falls))
    for _ in range(MOST_ROUNDS):
        likely = balances.likely(spared[values[spared] - model.lower[spared] > DUST])
        taken = np.array([balances.take_back(int(one), float(values[one] - model.lower[one])) for one in likely])
        if not taken.any():
            break
        values[likely] -= taken
    return _with_stocks(model, values)


def _untied(model: Model, side: int) -> Bools:
    """Return (column,) whether it breaks no limit but balances if it falls (`side` -1) or rises (1)."""
    terms = model.matrix.tocoo()
    own = np.zeros(len(model.row_index), dtype=bool)
    for group in (BALANCE, FINAL):
        first = model.group_offset[group]
        own |= (model.row_index >= first) & (model.row_index < first + model.rows[group].upper.size)
    bound = np.where(side * terms.data > 0, model.row_upper[terms.row], model.row_lower[terms.row])
    tied = np.isfinite(bound) & ~own[terms.row]
    result: Bools = np.bincount(terms.col[tied], minlength=len(model.lower)) == 0
    return result


def _may_fall(model: Model, falls: Bools) -> Bools:
    """Return (column,) whether it adds to a balance, is no stock, and breaks no limit and worsens no stage by less."""
    result = np.zeros(len(falls), dtype=bool)
    for part in model.terms:
        if part.group == BALANCE and part.kind != "stock":
            result[model.offset[part.kind] + part.column[part.value > 0]] = True
    for stage in model.stages:
        if stage != TIDY:
            result &= model.objective(stage) >= 0
    return result & falls


def _balances(model: Model, x: Floats, falls: Bools, rises: Bools) -> _Balances:
    stock, shape = model.columns["stock"], model.rows[BALANCE].upper.shape
    at, own = (stock.entity, stock.bucket), slice(model.offset["stock"], model.offset["stock"] + len(stock))
    least = stock.lower.copy()
    last = stock.bucket == shape[1] - 1
    least[last] = np.maximum(least[last], model.rows[FINAL].lower[stock.entity[last], 0])
    spare, room = np.zeros(shape), np.zeros(shape)
    spare[at] = np.where(falls[own], np.maximum(x[own] - least, 0.0), 0.0)
    room[at] = np.where(rises[own], np.maximum(stock.upper - x[own], 0.0), 0.0)
    parts = [part for part in model.terms if part.group == BALANCE and part.kind != "stock"]
    column = np.concatenate([model.offset[part.kind] + part.column for part in parts])
    node, bucket, value = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("entity", "bucket", "value")
    )
    order = np.lexsort((bucket, node, column))
    start = np.searchsorted(column[order], np.arange(len(x) + 1))
    return _Balances(spare, room, node[order], bucket[order], value[order], start)


def _with_stocks(model: Model, values: Floats) -> Floats:
    """Return a plan with the stocks that its movements leave, as exact as sums are."""
    stock, rows = model.columns["stock"], model.rows[BALANCE]
    change = -rows.lower
    for part in model.terms:
        if part.group == BALANCE and part.kind != "stock":
            np.add.at(change, (part.entity, part.bucket), part.value * model.values(part.kind, values)[part.column])
    result = values.copy()
    own = slice(model.offset["stock"], model.offset["stock"] + len(stock))
    result[own] = np.clip(np.cumsum(change, axis=1)[stock.entity, stock.bucket], stock.lower, stock.upper)
    return result
