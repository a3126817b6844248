"""Whose loss it is: each risk's share of the loss of a replication, on the same random numbers.

The shares are Shapley values (Shapley 1953, doi:10.1515/9781400881970-018) of the game whose value is the loss when
only some of the risks happen; rows of one shared cause stay together, which makes them the values of Owen (1977,
doi:10.1007/978-3-642-45494-3_7). They add up to the loss that the risks cause together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, permutations, product

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools
from .draws import Draws
from .events import Events
from .losses import losses_of
from .run import counts_in
from .sampling import Risks
from .state import LANES
from .study import Study

EXACT = 24
"""Up to so many orders in which the risks of a replication can come, all are counted; beyond, one and its reverse."""

Order = tuple[int, ...]


def attribute(study: Study, events: Events, first: int, whole: Floats) -> Floats:
    """Return (risk, 2, replication) what each risk adds to late unit-days and undelivered units.

    Parameters
    ----------
    events : those of the chunk, ordered by replication
    first : first replication of the chunk
    whole : (2, replication) losses of the replications from `first` on that are taken apart
    """
    risks, count = len(study.risks.risks), whole.shape[1]
    result = np.zeros((risks, 2, count))
    if not risks or not count:
        return result
    met, base = _met(study, events, first, count), losses_without_risk(study)
    keys = _keys(study, first, count)
    orders = [orders_of(study.risks, np.flatnonzero(met[:, r]).tolist(), keys[:, :, r]) for r in range(count)]
    value = _values(study, events, first, orders)
    for r, own in enumerate(orders):
        known = value[r] | {0: base, _all(own[0]): whole[:, r]}
        for order in own:
            before = 0
            for risk in order:
                after = before | 1 << risk
                result[risk, :, r] += (known[after] - known[before]) / len(own)
                before = after
    return result


def losses_without_risk(study: Study) -> Floats:
    """Return (2,) the losses when nothing happens: those of the plan and of timing inside buckets."""
    return np.array([study.quiet[study.layout[name]][-1] for name in ("late", "undelivered")])


def orders_of(risks: Risks, met: Sequence[int], keys: Floats) -> list[Order]:
    """Return the orders over which additions are averaged: all, or a random one and its reverse if there are many.

    Parameters
    ----------
    met : risks that happen
    keys : (2, risk) random numbers that put causes, and the risks of one cause, into an order
    """
    causes: dict[str, list[int]] = {}
    for risk in met:
        causes.setdefault(_together(risks, risk), []).append(risk)
    blocks = list(causes.values())
    if math.factorial(len(blocks)) * math.prod(math.factorial(len(block)) for block in blocks) <= EXACT:
        inside = [[list(order) for order in permutations(block)] for block in blocks]
        return [tuple(chain.from_iterable(one)) for way in product(*inside) for one in permutations(way)]
    ordered = sorted(blocks, key=lambda block: keys[0, block[0]])
    order = tuple(chain.from_iterable(sorted(block, key=lambda risk: keys[1, risk]) for block in ordered))
    return [order, order[::-1]]


def _together(risks: Risks, risk: int) -> str:
    row = risks.risks[risk]
    return f"cause {row.cause}" if row.cause is not None else f"risk {row.risk}"


def _all(order: Order) -> int:
    return sum(1 << risk for risk in order)


def _met(study: Study, events: Events, first: int, count: int) -> Bools:
    """Return (risk, replication) whether a risk happens and reaches something."""
    met = np.zeros((len(study.risks.risks), count), dtype=bool)
    own = events.replication < first + count
    met[events.target[own], events.replication[own] - first] = True
    met[[not reached for reached in study.risks.reached[: len(met)]]] = False
    return met


def _keys(study: Study, first: int, count: int) -> Floats:
    """Return (2, risk, replication) random numbers of their own for the order."""
    replications = np.arange(first, first + count, dtype=np.int64)
    zero = np.zeros_like(replications)
    draws = [Draws.of(study.seed, "order", risk.risk) for risk in study.risks.risks]
    return np.stack([one.uniform(replications, zero) for one in draws], axis=1)


def _values(study: Study, events: Events, first: int, orders: Sequence[Sequence[Order]]) -> list[dict[int, Floats]]:
    """Return for each replication the losses of every set of risks that comes first in an order."""
    jobs = [(r, one) for r, own in enumerate(orders) for one in sorted(_beginnings(own))]
    values: list[dict[int, Floats]] = [{} for _ in orders]
    for at in range(0, len(jobs), LANES):
        block = jobs[at : at + LANES]
        counts = counts_in(study.prepared, study.targets, study.timeline, _chosen(events, first, block), 0, len(block))
        for (r, chosen), loss in zip(block, losses_of(counts).T, strict=True):
            values[r][chosen] = loss
    return values


def _beginnings(orders: Sequence[Order]) -> set[int]:
    """Return the sets of risks, as bits, that come first in an order; neither none of them nor all."""
    found = set()
    for order in orders:
        chosen = 0
        for risk in order[:-1]:
            chosen |= 1 << risk
            found.add(chosen)
    return found


def _chosen(events: Events, first: int, jobs: Sequence[tuple[int, int]]) -> Events:
    """Return the events of some risks of some replications; each job becomes a replication of its own."""
    replication = np.array([first + r for r, _ in jobs], dtype=np.int64)
    low, high = (np.searchsorted(events.replication, replication, side=side) for side in ("left", "right"))
    job = np.repeat(np.arange(len(jobs)), high - low)
    row = np.arange(len(job)) + np.repeat(low - np.concatenate([[0], np.cumsum(high - low)[:-1]]), high - low)
    kept = np.array([bool(jobs[j][1] >> t & 1) for j, t in zip(job.tolist(), events.target[row].tolist(), strict=True)])
    return _taken(events, row[kept.astype(bool)], job[kept.astype(bool)])


def _taken(events: Events, rows: Ints, replication: Ints) -> Events:
    columns = {name: getattr(events, name)[rows] for name in events.__dataclass_fields__}
    return Events(**columns | {"replication": replication})
