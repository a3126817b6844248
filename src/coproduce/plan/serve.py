"""Plans with whole numbers where time is limited: customers one after another, then some of them anew together.

As in a list schedule, each customer in turn is given what serves it best beside those already served; then a few are
planned again at once, the others kept. What is found is a plan, never a bound.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np

from ..calendar import Floats
from ..network import Bools
from .improve import Workshop
from .upstream import customers

# Customers planned again together, and the most groups of one size. Two at a time settle too little: ten orders of ten
# steps on ten machines are 55 days late after a minute with pairs and threes, 43 with threes and fours.
SIZES, MOST_GROUPS = (3, 4), 200
# A group gets no more than this share of the time left.
SHARE = 0.2
# A better plan is better by this share of the cost; less is rounding.
BETTER = 1e-6


def serve(shop: Workshop, plan: Floats) -> Floats:
    """Return the plan, or a better one in which the customers are served one after another by due date."""
    asking = list(customers(shop.model, shop.costs))
    for number, one in enumerate(asking):
        # A customer that is hard to serve leaves time for the others.
        plan = _again(shop, one.columns, plan, 2 / (len(asking) - number))
    return plan


def regroup(shop: Workshop, plan: Floats) -> Floats:
    """Return the plan, or a better one after some customers, at least one of them late, were planned again together."""
    asking = list(customers(shop.model, shop.costs))
    for size in sorted({min(size, len(asking)) for size in SIZES}):
        for group in _groups(len(asking), size):
            members = [asking[number] for number in group]
            if shop.seconds <= 0:
                return plan
            if any(one.owed(shop.costs, plan) > 0 for one in members):
                plan = _again(shop, np.logical_or.reduce([one.columns for one in members]), plan, SHARE)
    return plan


def _groups(count: int, size: int) -> list[tuple[int, ...]]:
    """Return groups of customers in a fixed order without a pattern, so that a few of them are a fair sample."""
    if comb(count, size) > 100 * MOST_GROUPS:
        random = np.random.default_rng(size)
        return [tuple(random.choice(count, size, replace=False).tolist()) for _ in range(MOST_GROUPS)]
    every = list(combinations(range(count), size))
    return [every[at] for at in np.random.default_rng(size).permutation(len(every))[:MOST_GROUPS].tolist()]


def _again(shop: Workshop, free: Bools, plan: Floats, share: float) -> Floats:
    """Return the plan, or a better one that differs in the whole numbers given, found in a share of the time left."""
    if shop.seconds <= 0 or not free.any():
        return plan
    until = time.monotonic() + min(share, 1.0) * shop.seconds
    found = replace(shop, deadline=until).search(free, shop.model.integer & ~free, plan, plan)
    value = float(shop.costs @ plan)
    better = found is not None and float(shop.costs @ found) < value - BETTER * (1 + abs(value))
    return found if found is not None and better else plan
