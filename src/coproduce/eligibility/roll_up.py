"""Rolls figures up through bills of materials: the best source of every item, and what a choice of sources takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from .sources import Bools, Floats, Ints, Sources

CYCLIC = -1
"""Level of an item that is in a cycle or made of one that is."""
_SMALLEST = 1e-12


@dataclass(frozen=True)
class _Level:
    """Items that are made of lower ones alone.

    Attributes
    ----------
    sources : their sources, ordered by item
    inputs : (input,) items that these take
    recipe : (source of the level, input)
    items : (item of the level,)
    begin : (item of the level,) the first source of each, counted in the level
    others : for the second, third, ... source: the items that have one, and these sources, counted in the level
    """

    sources: Ints
    inputs: Ints
    recipe: sp.csr_array
    items: Ints
    begin: Ints
    others: list[tuple[Ints, Ints]]

    @classmethod
    def of(cls, sources: Sources, own: Ints) -> _Level:
        items, begin, count = np.unique(sources.item[own], return_index=True, return_counts=True)
        recipe = sources.recipe[own]
        inputs = np.unique(recipe.indices).astype(np.int64)
        more = range(1, int(count.max(initial=1)))
        others = [(items[count > number], begin[count > number] + number) for number in more]
        return cls(own, inputs, sp.csr_array(recipe[:, inputs]), items, begin, others)


@dataclass(frozen=True)
class RollUp:
    """The bills of materials of a programme in an order in which they can be rolled up.

    A choice is (item, column) the source of every item, for several configurations side by side.
    """

    sources: Sources

    @cached_property
    def level(self) -> Ints:
        """(item,) 0 for what is bought in any case, else above all inputs; CYCLIC for cycles and what they go into."""
        by_item = sp.csr_array(
            (np.ones(len(self.sources.item)), (self.sources.item, np.arange(len(self.sources.item))))
        )
        takes = sp.csr_array(by_item @ self.sources.recipe)  # (item, input), no entry is negative
        waiting, made_of = np.diff(takes.indptr).copy(), takes.T.tocsr()
        level = np.full(len(waiting), CYCLIC, dtype=np.int64)
        ready, number = np.flatnonzero(waiting == 0), 0
        while ready.size:
            level[ready] = number
            users = made_of[ready].indices
            np.subtract.at(waiting, users, 1)
            ready, number = np.unique(users[waiting[users] == 0]), number + 1
        return level

    @cached_property
    def _levels(self) -> list[_Level]:
        """The items of every level, from what is bought upwards."""
        levels = self.level[self.sources.item]
        top = int(self.level.max(initial=CYCLIC))
        return [_Level.of(self.sources, np.flatnonzero(levels == number)) for number in range(top + 1)]

    def best(self, part: Floats, whole: Floats, level: Floats) -> tuple[Floats, Floats, Ints]:
        """Choose for every item the source with the largest `part - level x whole` of a unit; cyclic items have none.

        Parameters
        ----------
        part, whole : (source,) what one unit from the source adds by itself
        level : (column,)

        Returns
        -------
        Part and whole of one unit of every item, (item, column) each, and the choice; of equal sources the first.
        """
        count, columns = len(self.sources.items), len(level)
        figure = np.zeros((count, 2 * columns))
        choice = np.repeat(self.sources.first[:-1, None], columns, axis=1)
        for one in self._levels:
            each = one.recipe @ figure[one.inputs]
            each[:, :columns] += part[one.sources, None]
            each[:, columns:] += whole[one.sources, None]
            figure[one.items] = each[one.begin]
            for number, (items, rows) in enumerate(one.others, start=1):
                old, new = figure[items], each[rows]
                gain = new[:, :columns] - old[:, :columns] - level * (new[:, columns:] - old[:, columns:])
                better = gain > 0
                figure[items] = np.where(np.tile(better, 2), new, old)
                choice[items] = np.where(better, self.sources.first[items, None] + number, choice[items])
        return figure[:, :columns], figure[:, columns:], choice

    def units(self, choice: Ints, asked: Floats) -> Floats:
        """Return (source, column) what `asked` (item, column) takes of each source under a choice without cycles."""
        need, taken = asked.astype(np.float64), np.zeros((len(self.sources.item), choice.shape[1]))
        for one in reversed(self._levels):
            item = self.sources.item[one.sources]
            own = np.where(choice[item] == one.sources[:, None], need[item], 0.0)
            taken[one.sources] = own
            need[one.inputs] += one.recipe.T @ own
        return taken

    def mixed(self, weight: Floats, asked: Floats) -> Floats:
        """Return (source, column) how much of each source is taken where items come from several of them.

        Cycles are solved as a linear system: what goes round is counted by what it takes from outside. All figures are
        NaN where a cycle gives back all it takes.

        Parameters
        ----------
        weight : (source,) share of its item that comes from the source
        asked : (item, column)
        """
        count, every = len(self.sources.items), np.arange(len(weight))
        own = sp.csr_array((weight, (every, self.sources.item)), shape=(len(weight), count))
        takes = sp.csc_array((own.T @ self.sources.recipe).T)  # (input, item)
        used = np.flatnonzero(_below(takes, np.asarray(asked.any(axis=1))))
        need = np.zeros(asked.shape)
        need[used] = _solved(takes[used][:, used], np.ascontiguousarray(asked[used], dtype=np.float64))
        return np.asarray(own @ need)

    def closure(self, item: int) -> list[int]:
        """Return the items that one may be made of, itself included, in rising order."""
        seen, left = {item}, [item]
        first, recipe = self.sources.first, self.sources.recipe
        while left:
            one = left.pop()
            inputs = recipe.indices[recipe.indptr[first[one]] : recipe.indptr[first[one + 1]]]
            new = set(inputs.tolist()) - seen
            seen |= new
            left += new
        return sorted(seen)


def _below(takes: sp.csc_array, asked: Bools) -> Bools:
    """Return (item,) whether it is asked for, or goes into what is; `takes` is (input, item)."""
    found, count = asked, -1
    while found.sum() != count:
        count = found.sum()
        found = found | ((takes @ found.astype(np.float64)) > 0)
    return found


def _solved(takes: sp.csc_array, asked: Floats) -> Floats:
    """Return the needs of all items: what is asked for, and what their users take."""
    from scipy.sparse.linalg import splu  # slow to import

    try:
        need: Floats = splu(sp.csc_array(sp.eye_array(len(asked)) - takes)).solve(asked)
    except RuntimeError:  # exactly singular
        return np.full(asked.shape, np.nan)
    return need


def is_finite(units: Floats) -> bool:
    """Tell whether what a choice takes can be: a cycle that gives back all it takes has no finite answer."""
    return bool(
        np.isfinite(units).all() and (units >= -_SMALLEST * max(1.0, float(np.abs(units).max(initial=0.0)))).all()
    )
