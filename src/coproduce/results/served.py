"""Who is served when: deliveries per demand, series given out in the order of their due dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints
from ..network import Network
from ..plan.assemble import Model
from .movements import DUST

TOLERANCE = 1e-6
# What two running sums differ by from rounding alone, as a share of them: thousands of orders may each be off by more
# than that, and together they show in a tier.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Served:
    """Deliveries, ordered by demand, then bucket.

    Attributes
    ----------
    demand, bucket : (delivery,)
    quantity : (delivery,) units, above 0
    late_days : (delivery,)
    unmet : (demand,) units never delivered
    """

    demand: Ints
    bucket: Ints
    quantity: Floats
    late_days: Floats
    unmet: Floats


def served(network: Network, model: Model, x: Floats) -> Served:
    """Return the deliveries of all demands."""
    columns, values = model.columns["deliver"], model.values("deliver", x)
    parts = [(columns.entity, columns.bucket, values), *_given_out(network, model, x)]
    demand, bucket, quantity = (np.concatenate([part[axis] for part in parts]) for axis in range(3))
    # What the solver's tolerance lets through before its time counts when it may; more than that is for the audit.
    dust = quantity <= TOLERANCE * np.maximum(network.demands.quantity[demand], 1.0)
    bucket = np.where(dust, np.maximum(bucket, network.demands.first[demand]), bucket)
    used = np.flatnonzero(quantity > 0)
    order = used[np.lexsort((bucket[used], demand[used]))]
    demand, bucket, quantity = demand[order], bucket[order], quantity[order]
    asked = network.demands.quantity
    unmet = np.maximum(asked - np.bincount(demand, weights=quantity, minlength=len(asked)), 0.0)
    unmet[unmet < DUST * np.maximum(asked, 1.0)] = 0.0
    return Served(demand, bucket, quantity, network.late_days(demand, bucket), unmet)


def _given_out(network: Network, model: Model, x: Floats) -> list[tuple[Ints, Ints, Floats]]:
    """Return demand, bucket and quantity of the deliveries of each series."""
    demands, pool = network.demands, model.columns["pool"]
    values = model.values("pool", x)
    start = np.searchsorted(pool.entity, np.arange(len(demands.series_head) + 1))
    member = np.flatnonzero(demands.series >= 0)
    due, first_allowed = demands.due_bucket[member], demands.first[member]
    member = member[np.lexsort((member, first_allowed, due, demands.series[member]))]
    first = np.searchsorted(demands.series[member], np.arange(len(demands.series_head) + 1))
    result = []
    for series in range(len(demands.series_head)):
        own = member[first[series] : first[series + 1]]
        pooled = slice(start[series], start[series + 1])
        result.append(_matched(own, demands.quantity[own], pool.bucket[pooled], values[pooled]))
    return result


def _matched(demand: Ints, asked: Floats, bucket: Ints, delivered: Floats) -> tuple[Ints, Ints, Floats]:
    """Match units delivered to units asked for, both in order: overlaps of two partitions of one line."""
    asked_to, delivered_to = np.cumsum(asked), np.cumsum(delivered)
    reached = min(asked_to[-1], delivered_to[-1]) if len(delivered) else 0.0
    marks = np.unique(np.concatenate([[0.0], asked_to, delivered_to]))
    marks = marks[marks <= reached]
    size = np.diff(marks)
    middle = marks[:-1] + size / 2
    kept = size > ROUNDING * max(reached, 1.0)
    which = np.searchsorted(asked_to, middle[kept], side="right")
    when = np.searchsorted(delivered_to, middle[kept], side="right")
    return demand[which], bucket[when], size[kept]
