"""Changes of the baseline at their price: more or less than before, and deliveries behind what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, Columns, Rows, Terms
from ...calendar import Floats
from ...network import Bools, Network
from ...reach import Reach

KINDS = ("run", "buy", "ship")


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """more_x[e, t], less_x[e, t] for runs, orders, shipments; ahead[d, t], behind[d, t] for deliveries promised."""
    stable, found = network.stability, []
    for kind, there in zip(KINDS, (reach.run, reach.buy, reach.ship), strict=True):
        found += _of_kind(network, kind, there)
    demand, bucket = np.nonzero(np.repeat(stable.owed()[:, None], network.timeline.count, axis=1))
    if len(demand):
        zero, endless = np.zeros(len(demand)), np.full(len(demand), np.inf)
        cost = stable.deliver.price[demand] * _next_days(network)[bucket]
        found.append(Columns("ahead", demand, bucket, zero, endless))
        found.append(Columns("behind", demand, bucket, zero, endless, {COST: cost}))
    return found


def _of_kind(network: Network, kind: str, there: Bools) -> list[Columns]:
    """Return what is done more than before, and less, where it has a price."""
    stable = network.stability
    priced, earlier = stable.priced(kind), stable.of(kind)
    entity, bucket = np.nonzero(priced & (there | (earlier.quantity > 0)))
    if not len(entity):
        return []
    # Without upper ends no vertex has both above 0, so that their sum is the change.
    zero, endless = np.zeros(len(entity)), np.full(len(entity), np.inf)
    cost = {COST: earlier.price[entity]}
    return [Columns(f"{side}_{kind}", entity, bucket, zero, endless, cost) for side in ("more", "less")]


def _next_days(network: Network) -> Floats:
    """Return (bucket,) the length of the bucket that follows; the last is followed by one of its own length."""
    days = network.timeline.days
    return np.append(days[1:], days[-1])


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """change_x[e, t]: x - more + less = baseline; promise[d, t]: ahead - behind grows as deliveries beat promises."""
    terms: list[Terms] = []
    rows: list[Rows] = []
    for kind in KINDS:
        if f"more_{kind}" in columns:
            own_terms, own_rows = _against(network, columns, kind)
            terms += own_terms
            rows.append(own_rows)
    if "behind" in columns:
        own_terms, own_rows = _promises(network, columns)
        terms += own_terms
        rows.append(own_rows)
    return terms, rows


def _against(network: Network, columns: Mapping[str, Columns], kind: str) -> tuple[list[Terms], Rows]:
    earlier, group = network.stability.of(kind), f"change_{kind}"
    more, less, done = (columns[name] for name in (f"more_{kind}", f"less_{kind}", kind))
    shape = earlier.quantity.shape
    priced = more.position(shape) >= 0
    own = np.flatnonzero(priced[done.entity, done.bucket])
    terms = [
        Terms(kind, group, "done", done.entity[own], done.bucket[own], own, np.ones(len(own))),
        Terms(more.kind, group, "more", more.entity, more.bucket, np.arange(len(more)), -np.ones(len(more))),
        Terms(less.kind, group, "less", less.entity, less.bucket, np.arange(len(less)), np.ones(len(less))),
    ]
    least, most = np.full(shape, -np.inf), np.full(shape, np.inf)
    least[priced] = most[priced] = earlier.quantity[priced]
    return terms, Rows(group, least, most)


def _promises(network: Network, columns: Mapping[str, Columns]) -> tuple[list[Terms], Rows]:
    stable, deliver = network.stability, columns["deliver"]
    owed, count = stable.owed(), network.timeline.count
    own = np.flatnonzero(owed[deliver.entity])
    terms = [
        Terms("deliver", "promise", "done", deliver.entity[own], deliver.bucket[own], own, -np.ones(len(own))),
        *_carried(columns["ahead"], 1.0, count),
        *_carried(columns["behind"], -1.0, count),
    ]
    due = np.diff(stable.promised, axis=1, prepend=0.0)
    free = np.full(due.shape, np.inf)
    return terms, Rows("promise", np.where(owed[:, None], -due, -free), np.where(owed[:, None], -due, free))


def _carried(columns: Columns, sign: float, count: int) -> list[Terms]:
    """Return what a state adds to the row of its own bucket and takes from that of the next."""
    every, on = np.arange(len(columns)), np.flatnonzero(columns.bucket < count - 1)
    entity, bucket = columns.entity, columns.bucket
    return [
        Terms(columns.kind, "promise", "now", entity, bucket, every, np.full(len(every), sign)),
        Terms(columns.kind, "promise", "before", entity[on], bucket[on] + 1, on, np.full(len(on), -sign)),
    ]
