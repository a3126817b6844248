"""Whole cents: rounding, and splitting an amount without losing one."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats, Ints

PER_UNIT = 100


def cents(amount: float) -> int:
    """Return an amount of money in whole cents, halves to the even one."""
    return round(amount * PER_UNIT)


def split(totals: Ints, group: Ints, weights: Floats) -> Ints:
    """Split whole cents in proportion to weights by largest remainder; of equal remainders the first part wins.

    Parameters
    ----------
    totals : (groups,) cents of each group; may be negative
    group : (parts,) the group of each part
    weights : (parts,) none negative; where all of a group are zero they count as equal

    Returns
    -------
    (parts,) cents; those of a group with parts add up to its total exactly
    """
    sums = np.bincount(group, weights=weights, minlength=len(totals))
    share = np.where(sums[group] > 0, weights, 1.0)
    share = share / np.bincount(group, weights=share, minlength=len(totals))[group]
    size = np.abs(totals)
    exact = size[group] * share
    parts = np.floor(exact).astype(np.int64)
    left = size - np.bincount(group, weights=parts, minlength=len(totals)).astype(np.int64)
    order = np.lexsort((np.arange(len(group)), parts - exact, group))
    first = np.searchsorted(group[order], np.arange(len(totals)))
    rank = np.arange(len(group)) - first[group[order]]
    parts[order] += np.where(rank < left[group[order]], 1, 0)
    return np.where(totals[group] < 0, -parts, parts)


def split_one(total: int, weights: Floats) -> Ints:
    """Split the cents of one amount as `split` does."""
    return split(np.array([total], dtype=np.int64), np.zeros(len(weights), np.int64), weights)
