"""Tables of versions: what is given in place of what, what is written off, and how the new take over from the old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats, Ints
from ..compile.index import positions
from ..network import Network
from ..plan.assemble import Model
from ..plan.uses import STAND_IN
from ..tables import RESULT_TABLES, Tables
from .movements import DUST, Movements
from .names import Names, declared, pick
from .served import Served

FLOWS = ("produced", "delivered", "used", "written_off", "closing")


@dataclass(frozen=True)
class Given:
    """Units of newer versions, one entry for each use: `demand` is -1 where runs take them in."""

    old: Ints
    new: Ints
    bucket: Ints
    demand: Ints
    quantity: Floats


def given_instead(network: Network, model: Model, x: Floats, served: Served) -> Given:
    """Return what newer versions are given to: deliveries first, in the order of the demands, then runs."""
    if STAND_IN not in model.columns:
        none = np.zeros(0, dtype=np.int64)
        return Given(none, none, none, none, np.zeros(0))
    columns, values = model.columns[STAND_IN], model.values(STAND_IN, x)
    asked: dict[tuple[int, int], list[tuple[int, float]]] = {}
    node = network.demands.node[served.demand]
    for at, place in enumerate(zip(node.tolist(), served.bucket.tolist(), strict=True)):
        asked.setdefault(place, []).append((int(served.demand[at]), float(served.quantity[at])))
    there: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for at in np.flatnonzero(values > DUST).tolist():
        pair = int(columns.entity[at])
        place = int(network.versions.old[pair]), int(columns.bucket[at])
        there.setdefault(place, []).append((int(network.versions.new[pair]), float(values[at])))
    rows = [
        (old, new, bucket, demand, quantity)
        for (old, bucket), units in sorted(there.items())
        for new, demand, quantity in _handed_out(units, asked.get((old, bucket), []))
    ]
    first = np.array([row[:4] for row in rows], dtype=np.int64).reshape(-1, 4)
    quantity = np.array([row[4] for row in rows], dtype=np.float64)
    return Given(first[:, 0], first[:, 1], first[:, 2], first[:, 3], quantity)


def _handed_out(units: list[tuple[int, float]], asked: list[tuple[int, float]]) -> Iterator[tuple[int, int, float]]:
    """Yield new node, demand and quantity: overlaps of what is there and what is asked for, each in its order."""
    wanted = [*asked, (-1, np.inf)]
    at, room = 0, wanted[0][1]
    for new, quantity in units:
        left = quantity
        while left > DUST * max(quantity, 1.0):
            part = min(left, room)
            if part > 0:
                yield new, wanted[at][0], part
            left, room = left - part, room - part
            if room <= 0:
                at += 1
                room = wanted[at][1]


def stand_ins(network: Network, names: Names, given: Given) -> pl.DataFrame:
    """Return the table `stand_ins`."""
    nodes = network.nodes
    return declared(
        "stand_ins",
        site=pick(names.site, nodes.site[given.old]),
        item=pick(names.item, nodes.item[given.old]),
        given=pick(names.item, nodes.item[given.new]),
        bucket=given.bucket,
        demand=pick(names.demand, given.demand),
        quantity=given.quantity,
    )


def newer_delivered(given: Given, served: Served) -> Floats:
    """Return (delivery,) units of newer versions among those delivered."""
    found: dict[tuple[int, int], float] = {}
    uses = zip(given.demand.tolist(), given.bucket.tolist(), given.quantity.tolist(), strict=True)
    for demand, bucket, quantity in uses:
        found[demand, bucket] = found.get((demand, bucket), 0.0) + quantity
    places = zip(served.demand.tolist(), served.bucket.tolist(), strict=True)
    return np.array([found.get(place, 0.0) for place in places], dtype=np.float64)


def write_offs(network: Network, moved: Movements, names: Names) -> pl.DataFrame:
    """Return the table `write_offs`."""
    written = moved.by_purpose["written_off"]
    node, bucket = np.nonzero(written > 0)
    quantity = written[node, bucket]
    return declared(
        "write_offs",
        item=pick(names.item, network.nodes.item[node]),
        site=pick(names.site, network.nodes.site[node]),
        bucket=bucket,
        quantity=quantity,
        loss=quantity * network.versions.loss[node],
    )


@dataclass(frozen=True)
class _Uses:
    """Units by item and bucket, of their own version wherever they go."""

    produced: Floats
    delivered: Floats
    used: Floats
    stood_in: Floats
    written_off: Floats
    loss: Floats
    closing: Floats

    @classmethod
    def of(cls, network: Network, moved: Movements, given: Given, items: int) -> _Uses:
        """Sum over the nodes of every item."""
        item, by = network.nodes.item, moved.by_purpose

        def summed(values: Floats) -> Floats:
            result = np.zeros((items, network.timeline.count))
            np.add.at(result, item, values)
            return result

        delivered, used = summed(by["delivered"]), summed(by["consumed"])
        stood_in = np.zeros(delivered.shape)
        for target, chosen in ((delivered, given.demand >= 0), (used, given.demand < 0)):
            at = given.bucket[chosen]
            np.add.at(target, (item[given.old[chosen]], at), -given.quantity[chosen])
            np.add.at(target, (item[given.new[chosen]], at), given.quantity[chosen])
        np.add.at(stood_in, (item[given.new], given.bucket), given.quantity)
        written = by["written_off"]
        return cls(
            summed(by["produced"]),
            delivered,
            used,
            stood_in,
            summed(written),
            summed(written * network.versions.loss[:, None]),
            summed(moved.closing),
        )


def version_tables(
    tables: Tables, network: Network, moved: Movements, given: Given, names: Names
) -> dict[str, pl.DataFrame]:
    """Return the tables `versions` and `version_flow`."""
    items = tables["items"]
    uses = _Uses.of(network, moved, given, items.height)
    older = positions(items["replaces"], items["item"])
    changes = [_change(items, uses, names, int(older[new]), new) for new in np.flatnonzero(older >= 0).tolist()]
    known = np.unique(np.concatenate([older[older >= 0], np.flatnonzero(older >= 0)]))
    count = network.timeline.count
    flow = declared(
        "version_flow",
        item=pick(names.item, np.repeat(known, count)),
        bucket=np.tile(np.arange(count), len(known)),
        **{name: getattr(uses, name)[known].ravel() for name in FLOWS},
    )
    return {"versions": pl.DataFrame(changes, schema=RESULT_TABLES["versions"].empty().schema), "version_flow": flow}


def _change(items: pl.DataFrame, uses: _Uses, names: Names, old: int, new: int) -> dict[str, object]:
    """Return the row of the table `versions` of one version and the one that it replaces."""
    taken = uses.delivered + uses.used
    begun = np.flatnonzero(taken[new] > DUST)
    given, before = np.flatnonzero(uses.delivered[new] > DUST), np.flatnonzero(uses.delivered[old] > DUST)
    return {
        "old": items["item"][old],
        "new": items["item"][new],
        "stands_in_from": items["stands_in_from"][new] if items["stands_in"][new] else None,
        "obsolete_from": items["obsolete_from"][old],
        "cut_in": names.starts[int(begun[0])] if len(begun) else None,
        "first_delivery": names.ends[int(given[0])] if len(given) else None,
        "last_delivery": names.ends[int(before[-1])] if len(before) else None,
        "run_out": float(taken[old, begun[0] :].sum()) if len(begun) else 0.0,
        "stood_in": float(uses.stood_in[new].sum()),
        "written_off": float(uses.written_off[old].sum()),
        "loss": float(uses.loss[old].sum()),
        "left": float(uses.closing[old, -1]),
    }
