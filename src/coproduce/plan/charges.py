"""What columns of the plan owe on which days, for the pools of contracts that wait for their money.

The days are those of the ledger: orders and options on the first day of their bucket or by their terms of payment,
work on the last. What may serve a pool counts whole: the ledger never posts more of it to the pool's contracts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..block import Columns
from ..calendar import Floats, Ints
from ..cash import Owed
from ..network import Bools, Network
from .curves import curves
from .experience import LEARNED
from .loading import begun_loads, loading, loads_of, segment_loads
from .lots import lots_kind


@dataclass(frozen=True)
class Charges:
    """What columns of one kind owe, (entry,) each: account, number of the day, column, and amount per unit."""

    kind: str
    account: Ints
    day: Ints
    column: Ints
    amount: Floats


def charges(network: Network, columns: Mapping[str, Columns]) -> Iterator[Charges]:
    """Yield what the plan owes, kind by kind."""
    owed, pools = network.cash.owed, network.cash.pools
    yield from _runs(network, columns, owed)
    yield from _loads(network, columns, owed)
    lanes, supplies = network.lanes, network.supplies
    lane, to = lanes.arc_lane, pools.node[:, lanes.arc_to]
    bought = pools.node[:, supplies.node]
    for kind, freight, price in (
        ("ship", lanes.cost, supplies.price),
        ("lots", lanes.lots.cost, supplies.lots.cost),
    ):
        sent, ordered = ("ship", "buy") if kind == "ship" else (lots_kind("ship"), lots_kind("buy"))
        if sent in columns:
            part = columns[sent]
            amount = freight[lane[part.entity]] * owed.lane[lane[part.entity], part.bucket]
            yield _on_last_day(network, part, np.arange(len(part)), part.bucket, to[:, part.entity], amount)
        if ordered in columns:
            yield _by_parts(network, columns[ordered], bought, price, _Parts.of_orders(owed))
    stock, nodes = columns["stock"], network.nodes
    held = np.flatnonzero(nodes.holding_cost[stock.entity] > 0)
    node, bucket = stock.entity[held], stock.bucket[held]
    amount = nodes.holding_cost[node] * network.timeline.days[bucket] * owed.stock[nodes.stock_row[node], bucket]
    yield _on_last_day(network, stock, held, bucket, pools.node[:, node], amount)
    if "invest" in columns:
        one = np.ones(pools.option.shape[1])
        yield _by_parts(network, columns["invest"], pools.option, one, _Parts.of_options(owed), account=1)


def _on_last_day(
    network: Network, columns: Columns, column: Ints, bucket: Ints, serves: Bools, amount: Floats
) -> Charges:
    """Return charges on the last day of buckets; `serves` is (pool, entry)."""
    pool, entry = np.nonzero(serves & (amount > 0))
    return Charges(columns.kind, 2 * pool, network.cash.days.last[bucket[entry]], column[entry], amount[entry])


def _runs(network: Network, columns: Mapping[str, Columns], owed: Owed) -> Iterator[Charges]:
    """Yield the costs of runs and of their set-ups."""
    processes = network.processes
    for kind, cost in (("run", processes.cost), (lots_kind("run"), processes.lots.cost)):
        if kind in columns:
            part = columns[kind]
            amount = cost[part.entity] * owed.process[part.entity, part.bucket]
            serves = network.cash.pools.process[:, part.entity]
            yield _on_last_day(network, part, np.arange(len(part)), part.bucket, serves, amount)


def _loads(network: Network, columns: Mapping[str, Columns], owed: Owed) -> Iterator[Charges]:
    """Yield the costs of what runs, set-ups, milestones and overtime take of resources."""
    cost, overtime = network.resources.cost, network.growth.overtime_cost
    found: list[tuple[Columns, tuple[Ints, Ints, Ints, Floats], Floats]] = [
        (columns[kind], loads_of(network, columns[kind], per), cost)
        for kind, per in loading(network).items() if kind in columns
    ]  # fmt: skip
    if LEARNED in columns:
        found.append((columns[LEARNED], segment_loads(network, curves(network), columns[LEARNED]), cost))
    if "begin" in columns:
        _, resource, bucket, column, quantity, _ = begun_loads(network, columns["begin"])
        found.append((columns["begin"], (resource, bucket, column, quantity), cost))
    if "overtime" in columns:
        part = columns["overtime"]
        found.append((part, (part.entity, part.bucket, np.arange(len(part)), np.ones(len(part))), overtime))
    for part, (resource, bucket, column, quantity), price in found:
        amount = quantity * price[resource] * owed.resource[resource, bucket]
        serves = network.cash.pools.resource[:, resource]
        yield _on_last_day(network, part, column, bucket, serves, amount)


@dataclass(frozen=True)
class _Parts:
    """Shares or amounts of what is begun in a bucket that are paid on a day, (part,) each."""

    entity: Ints
    bucket: Ints
    day: Ints
    share: Floats

    @classmethod
    def of_orders(cls, owed: Owed) -> _Parts:
        return cls(owed.supply, owed.supply_bucket, owed.supply_day, owed.supply_share)

    @classmethod
    def of_options(cls, owed: Owed) -> _Parts:
        return cls(owed.option, owed.option_bucket, owed.option_day, owed.option_cost)


def _by_parts(
    network: Network, columns: Columns, serves: Bools, price: Floats, parts: _Parts, account: int = 0
) -> Charges:
    """Return charges on the days of their parts; `serves` is (pool, entity)."""
    at = columns.position((len(price), network.timeline.count))[parts.entity, parts.bucket]
    amount = price[parts.entity] * parts.share
    pool, entry = np.nonzero(serves[:, parts.entity] & (at >= 0) & (amount > 0))
    return Charges(columns.kind, 2 * pool + account, parts.day[entry], at[entry], amount[entry])
