"""Better plans where time is limited: relax and fix, then fix and optimise over windows of buckets and entities.

Relax and fix decides the whole numbers of one window of buckets after another, those after it relaxed; fix and optimise
frees some whole numbers of a plan and keeps the others (Helber and Sahling 2010, doi:10.1016/j.ijpe.2009.08.022). What
they find is a plan, never a bound.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools
from .assemble import Model
from .cuts import Cut
from .duality import FEASIBLE, Held, violation
from .highs import Highs, MixedMethod

# Whole numbers freed at once, about; windows of relax and fix; nodes of one small search.
FREE, WINDOWS, NODES = 40, 5, 100
# A small search stops at this gap; one of relax and fix at the second.
GAP, FIRST_GAP = 1e-3, 2e-2


@dataclass(frozen=True)
class Workshop:
    """What all small searches share."""

    model: Model
    costs: Floats
    held: Held
    cuts: Sequence[Cut]
    threads: int
    deadline: float

    @property
    def seconds(self) -> float:
        """Time left."""
        return max(self.deadline - time.monotonic(), 0.0)

    def search(self, free: Bools, fixed: Bools, at: Floats, start: Floats | None, gap: float = GAP) -> Floats | None:
        """Return the best values found with some whole numbers free, some fixed, the others relaxed."""
        bounds = self.held.bounds
        value = np.clip(np.rint(at), bounds.lower, bounds.upper)
        narrow = replace(bounds, lower=np.where(fixed, value, bounds.lower), upper=np.where(fixed, value, bounds.upper))
        highs = Highs(self.model, self.costs, replace(self.held, bounds=narrow), self.threads, free)
        highs.add_cuts(self.cuts)
        if start is not None:
            highs.begin_with(start)
        x = highs.search(MixedMethod(gap, NODES), self.seconds).x
        if x is None or violation(self.model.matrix, narrow, self.held.caps, x, self.model.matrix @ x) > FEASIBLE:
            return None
        return x


def _places(model: Model) -> tuple[Ints, Ints]:
    """Return (column,) the bucket, and a number for kind and entity, of every column."""
    bucket = [part.bucket for part in model.columns.values()]
    entity = [part.entity for part in model.columns.values()]
    first = np.cumsum([0, *(int(part.max(initial=0)) + 1 for part in entity)])[:-1]
    return np.concatenate(bucket), np.concatenate([part + at for part, at in zip(entity, first, strict=True)])


def relax_and_fix(shop: Workshop) -> Floats | None:
    """Return a plan, or None where a window has none or time ran out."""
    whole = shop.model.integer
    bucket, _ = _places(shop.model)
    edges = np.unique(np.linspace(0, bucket.max(initial=0) + 1, WINDOWS + 1).astype(np.int64))
    values: Floats | None = np.zeros(len(whole))
    for number, (begin, end) in enumerate(pairwise(edges.tolist())):
        if values is None or shop.seconds <= 0:
            return None
        free = whole & (bucket >= begin) & (bucket < end)
        # A window that is hard to decide leaves time for the others.
        part = replace(shop, deadline=time.monotonic() + shop.seconds / (len(edges) - 1 - number))
        values = part.search(free, whole & (bucket < begin), values, None, FIRST_GAP)
    return values


def _neighbourhoods(model: Model) -> Iterator[Bools]:
    """Yield sets of whole numbers to free: windows of buckets that overlap by half, then groups of entities."""
    bucket, entity = _places(model)
    whole = model.integer
    count = int(bucket.max(initial=0)) + 1
    width = max(2, round(count * FREE / max(int(whole.sum()), 1)))
    for begin in range(0, max(count - width // 2, 1), max(width // 2, 1)):
        yield whole & (bucket >= begin) & (bucket < begin + width)
    members = np.unique(entity[whole])
    size = max(2, round(len(members) * FREE / max(int(whole.sum()), 1)))
    for first in range(0, len(members), max(size // 2, 1)):
        yield whole & np.isin(entity, np.take(members, range(first, first + size), mode="wrap"))


def fix_and_optimise(shop: Workshop, plan: Floats) -> Floats:
    """Return the plan or a better one."""
    value, idle = float(shop.costs @ plan), 0
    places = list(_neighbourhoods(shop.model))
    while idle < len(places) and shop.seconds > 0:
        for free in places:
            if shop.seconds <= 0:
                return plan
            found = shop.search(free, shop.model.integer & ~free, plan, plan)
            better = found is not None and float(shop.costs @ found) < value - GAP * 1e-3 * (1 + abs(value))
            idle = 0 if better else idle + 1
            if found is not None and better:
                plan, value = found, float(shop.costs @ found)
            if idle >= len(places):
                break
    return plan
