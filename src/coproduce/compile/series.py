"""Groups demands that differ in due date and quantity alone into series, which the model treats as one flow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools, Demands

# A series takes three columns a bucket, a demand alone takes one: fewer demands than this are left alone.
SMALLEST_SERIES = 3


def in_series(demands: Demands, buckets: int, free: Bools) -> Demands:
    """Return the demands with their series; `free` is (demand,) whether it waits for no decision.

    Left alone are overdue demands (part of their lateness is past), demands with a last date of delivery or with an
    earliest one after the due date, those delivered in sizes, those of nothing, and those whose earliest dates do not
    come in the order of their due dates.
    """
    timely = (demands.due_bucket >= 0) & (demands.first <= demands.due_bucket) & (demands.until >= buckets)
    timely &= (demands.least == 0) & free
    eligible = np.flatnonzero(timely & (demands.quantity > 0))
    if not len(eligible):
        return demands
    alike: list[Ints | Floats] = [demands.node, demands.tier]
    alike += [demands.weight, demands.price, demands.late_cost, demands.unmet_cost]
    features = np.stack([feature[eligible] for feature in alike], axis=1)
    _, group, sizes = np.unique(features, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    orderly = _orderly(group, len(sizes), demands.due_bucket[eligible], demands.first[eligible])
    large = np.flatnonzero((sizes >= SMALLEST_SERIES) & orderly)
    number = np.full(len(sizes), -1, dtype=np.int64)
    number[large] = np.arange(len(large))
    series = demands.series.copy()
    series[eligible] = number[group]
    head = np.full(len(large), len(series), dtype=np.int64)
    members = np.flatnonzero(series >= 0)
    np.minimum.at(head, series[members], members)
    return replace(demands, series=series, series_head=head)


def _orderly(group: Ints, groups: int, due: Ints, first: Ints) -> Bools:
    """Return (group,) whether no demand of a group may be delivered earlier than one that is due before it."""
    order = np.lexsort((first, due, group))
    falls = (np.diff(first[order]) < 0) & (np.diff(group[order]) == 0)
    result = np.ones(groups, dtype=bool)
    result[group[order][1:][falls]] = False
    return result
