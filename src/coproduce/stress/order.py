"""The order in which activities are carried out in every period."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from ..calendar import Ints


def topological(count: int, edges: Sequence[tuple[int, int]], keys: Sequence[tuple[int, ...]]) -> Ints:
    """Return activities so that each comes after its predecessors, and by their keys beyond that.

    A cycle is cut at its activity with the smallest key.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for before, then in sorted(set(edges)):
        if before != then:
            after[before].append(then)
            waiting[then] += 1
    ready = [(keys[a], a) for a in range(count) if not waiting[a]]
    heapq.heapify(ready)
    by_key = iter(sorted((keys[a], a) for a in range(count)))
    done = [False] * count
    result: list[int] = []
    while len(result) < count:
        a = heapq.heappop(ready)[1] if ready else next(b for _, b in by_key if not done[b])
        if done[a]:
            continue
        done[a] = True
        result.append(a)
        for then in after[a]:
            waiting[then] -= 1
            if not waiting[then] and not done[then]:
                heapq.heappush(ready, (keys[then], then))
    return np.array(result, dtype=np.int64)


def best_tier(count: int, gives: Sequence[tuple[int, int]], start: Sequence[int]) -> list[int]:
    """Return for each activity the best tier that it serves through others; `gives` are pairs (from, to)."""
    before: list[list[int]] = [[] for _ in range(count)]
    for giver, taker in gives:
        before[taker].append(giver)
    result = list(start)
    todo = [(tier, a) for a, tier in enumerate(start)]
    heapq.heapify(todo)
    while todo:
        tier, a = heapq.heappop(todo)
        if tier > result[a]:
            continue
        for giver in before[a]:
            if tier < result[giver]:
                result[giver] = tier
                heapq.heappush(todo, (tier, giver))
    return result
