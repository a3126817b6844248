"""Units set aside for contracts: part of what the plan does, balanced by itself, of which a share may be from outside.

Every delivery of such a contract is made of what is set aside for it, and all that is set aside is delivered. So the
origin of its components is that of what enters, and no other contract is bound by its limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Bools, Network
from ...reach import Reach
from ..expand import arrivals, columns_of
from ..uses import STAND_IN

KEPT, BOUGHT, SENT, RAN, STOOD, TAKEN = (
    f"earmarked_{name}" for name in ("stock", "buy", "ship", "run", STAND_IN, "given")
)
"""Kinds of columns; the row groups of the same names hold their sums to what the plan does."""
BALANCE, ORIGIN = "earmarked_balance", "earmarked_origin"


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """Return columns, entity = contract x (entities of the kind) + entity, where the plan has some; none at the end."""
    marks, nodes, count = network.earmarks, network.nodes, network.timeline.count
    if not len(marks.contract):
        return []
    lanes, versions = network.lanes, network.versions
    node = marks.covered[:, nodes.item]
    bucket = np.arange(count)
    there = (bucket >= reach.earliest[:, None]) & (bucket < count - 1)
    pairs = (bucket >= versions.first[:, None]) & (bucket >= reach.earliest[versions.new][:, None])
    given = marks.given_bucket[:, None] == bucket
    run = reach.run[marks.recipe_process]
    return [
        _columns(KEPT, node, there),
        _columns(BOUGHT, node[:, network.supplies.node], reach.buy),
        _columns(SENT, node[:, lanes.arc_from], reach.ship),
        _columns(RAN, marks.covered[:, marks.recipe_item], run),
        _columns(STOOD, node[:, versions.old], pairs),
        _columns(TAKEN, node[:, marks.given_node], given),
    ]


def _columns(kind: str, covered: Bools, exists: Bools) -> Columns:
    """Return the columns of entities (contract, entity) covered, in the buckets (entity, bucket) where they exist."""
    contract, entity, bucket = np.nonzero(covered[:, :, None] & exists[None])
    entity = contract * len(exists) + entity
    return Columns(kind, entity, bucket, np.zeros(len(entity)), np.full(len(entity), np.inf))


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """balance[c, n, t] = 0; sums over contracts <= what the plan does; origin[l]: outside <= share x all that enters."""
    marks = network.earmarks
    if not len(marks.contract):
        return [], []
    task = _Task(network, columns)
    terms = [*task.kept(), *task.bought(), *task.sent(), *task.ran(), *task.stood(), *task.given(), *task.delivered()]
    limit = Limit("", "origin_limits", "share", marks.limit)
    count = network.timeline.count
    parts = {
        KEPT: len(network.nodes.item), BOUGHT: len(network.supplies.node), SENT: len(network.lanes.arc_lane),
        RAN: len(marks.recipe_process), STOOD: len(network.versions.new),
    }  # fmt: skip
    return terms, [
        *(Rows(group, *_at_most(np.zeros((size, count)))) for group, size in parts.items()),
        Rows(TAKEN, *_at_most(marks.given_units[:, None]), whole=True),
        Rows(BALANCE, *(np.zeros((len(marks.contract) * len(network.nodes.item), count)) for _ in range(2))),
        Rows(ORIGIN, *_at_most(np.zeros((len(marks.limit), 1))), None, limit, whole=True),
    ]


def _at_most(bound: Floats) -> tuple[Floats, Floats]:
    return np.full(bound.shape, -np.inf), bound


class _Task:
    """The terms of one network."""

    def __init__(self, network: Network, columns: Mapping[str, Columns]) -> None:
        self.network, self.columns, self.marks = network, columns, network.earmarks
        self.nodes = len(network.nodes.item)

    def _split(self, kind: str, size: int) -> tuple[Columns, Ints, Ints]:
        """Return the columns of a kind with (column,) their contract and entity."""
        columns = self.columns[kind]
        contract, entity = np.divmod(columns.entity, max(size, 1))
        return columns, contract, entity

    def _balance(self, kind: str, purpose: str, row: tuple[Ints, Ints, Ints], column: Ints, value: Floats) -> Terms:
        contract, node, bucket = row
        return Terms(kind, BALANCE, purpose, contract * self.nodes + node, bucket, column, value)

    def _part(self, kind: str, of: str, entity: Ints, of_entity: Ints) -> Iterator[Terms]:
        """Yield the terms that hold what is set aside to what the plan does; `of_entity` is (entity,) in the plan."""
        columns, whole = self.columns[kind], self.columns[of]
        yield Terms(kind, kind, "part", entity, columns.bucket, np.arange(len(columns)), np.ones(len(columns)))
        count, mine = self.network.timeline.count, np.unique(entity)
        row, column = columns_of(of_entity[mine], whole, int(of_entity.max(initial=-1)) + 1)
        some = np.isin(mine[row] * count + whole.bucket[column], entity * count + columns.bucket)
        row, column = mine[row[some]], column[some]
        yield Terms(of, kind, "whole", row, whole.bucket[column], column, np.full(len(column), -1.0))

    def _enters(self, kind: str, contract: Ints, item: Ints, units: Floats, outside: Bools) -> Iterator[Terms]:
        """Yield the terms of what is a component: its cost, and that from outside; `outside` is (limit, column)."""
        marks = self.marks
        limit, column = np.nonzero((marks.of[:, None] == contract) & (units != 0) & (marks.cost[item] > 0))
        cost = marks.cost[item[column]] * units[column]
        whole = np.zeros(len(column), dtype=np.int64)
        yield Terms(kind, ORIGIN, "counted", limit, whole, column, -marks.share[limit] * cost)
        far = outside[limit, column]
        yield Terms(kind, ORIGIN, "outside", limit[far], whole[far], column[far], cost[far])

    def kept(self) -> Iterator[Terms]:
        """Yield what stays at the end of a bucket."""
        columns, contract, node = self._split(KEPT, self.nodes)
        every, one = np.arange(len(columns)), np.ones(len(columns))
        yield self._balance(KEPT, "closing", (contract, node, columns.bucket), every, -one)
        yield self._balance(KEPT, "opening", (contract, node, columns.bucket + 1), every, one)
        yield from self._part(KEPT, "stock", node, np.arange(self.nodes))

    def bought(self) -> Iterator[Terms]:
        """Yield what arrives of orders inside the horizon."""
        supplies = self.network.supplies
        columns, contract, supply = self._split(BOUGHT, len(supplies.node))
        which, bucket, share = arrivals(supplies.patterns, supplies.pattern[supply], columns.bucket)
        yield self._balance(BOUGHT, "received", (contract[which], supplies.node[supply[which]], bucket), which, share)
        inside = np.bincount(which, weights=share, minlength=len(columns))
        item = self.network.nodes.item[supplies.node[supply]]
        yield from self._enters(BOUGHT, contract, item, inside, self.marks.supply_outside[:, supply])
        yield from self._part(BOUGHT, "buy", supply, np.arange(len(supplies.node)))

    def sent(self) -> Iterator[Terms]:
        """Yield shipments; of one that arrives in part after the horizon, that part stays with all others."""
        lanes = self.network.lanes
        columns, contract, arc = self._split(SENT, len(lanes.arc_lane))
        pattern = lanes.pattern[lanes.arc_lane[arc]]
        which, bucket, share = arrivals(lanes.patterns, pattern, columns.bucket)
        inside = np.bincount(which, weights=share, minlength=len(columns))
        yield self._balance(SENT, "moved_in", (contract[which], lanes.arc_to[arc[which]], bucket), which, share)
        leaves = (contract, lanes.arc_from[arc], columns.bucket)
        yield self._balance(SENT, "moved_out", leaves, np.arange(len(columns)), -inside)
        yield from self._part(SENT, "ship", arc, np.arange(len(lanes.arc_lane)))

    def ran(self) -> Iterator[Terms]:
        """Yield what runs make of one item, and its part of what they take in, as far as it arrives in the horizon."""
        marks, processes = self.marks, self.network.processes
        size = len(marks.recipe_process)
        columns, contract, recipe = self._split(RAN, size)
        lines, column = self._lines(columns, size)
        start, flow = columns.bucket[column], marks.line_flow[lines]
        units = processes.flow_quantity[flow] * marks.line_part[lines, start]
        which, bucket, share = arrivals(processes.patterns, processes.flow_pattern[flow], start)
        amount, at = units[which] * share, column[which]
        node = processes.flow_node[flow[which]]
        own = (self.network.nodes.item[node] == marks.recipe_item[recipe[at]]) & (amount > 0)
        made = np.bincount(at[own], weights=amount[own], minlength=len(columns))
        whole = np.bincount(column, weights=np.where(self._own(flow, recipe[column]) & (units > 0), units, 0.0),
                            minlength=len(columns))  # fmt: skip
        inside = np.divide(made, whole, out=np.zeros(len(columns)), where=whole > 0)
        value = np.where(own, amount, amount * inside[at])
        yield self._balance(RAN, "made", (contract[at], node, bucket), at, value)
        free = np.where(marks.from_nothing[marks.recipe_process[recipe]], made, 0.0)
        outside = marks.process_outside[:, marks.recipe_process[recipe]]
        yield from self._enters(RAN, contract, marks.recipe_item[recipe], free, outside)
        yield from self._part(RAN, "run", recipe, marks.recipe_process)

    def _own(self, flow: Ints, recipe: Ints) -> Bools:
        """Return whether flows are of the item of their recipe."""
        item = self.network.nodes.item[self.network.processes.flow_node[flow]]
        result: Bools = item == self.marks.recipe_item[recipe]
        return result

    def _lines(self, columns: Columns, size: int) -> tuple[Ints, Ints]:
        """Return (entry,) line and column of every flow of every run set aside that belongs to its bucket."""
        marks = self.marks
        contracts = len(marks.contract)
        entity = (np.arange(contracts)[:, None] * size + marks.line_recipe).ravel()
        line, column = columns_of(entity, columns, contracts * size)
        line %= max(len(marks.line_recipe), 1)
        held = marks.line_part[line, columns.bucket[column]] != 0
        return line[held], column[held]

    def stood(self) -> Iterator[Terms]:
        """Yield newer versions that stand in for older ones."""
        if STAND_IN not in self.columns:
            return
        versions = self.network.versions
        columns, contract, pair = self._split(STOOD, len(versions.new))
        every, one = np.arange(len(columns)), np.ones(len(columns))
        yield self._balance(STOOD, "stood_in", (contract, versions.old[pair], columns.bucket), every, one)
        yield self._balance(STOOD, "stands_in", (contract, versions.new[pair], columns.bucket), every, -one)
        yield from self._part(STOOD, STAND_IN, pair, np.arange(len(versions.new)))

    def given(self) -> Iterator[Terms]:
        """Yield opening stock, receipts and outputs of firm runs."""
        marks = self.marks
        columns, contract, given = self._split(TAKEN, len(marks.given_node))
        every, one = np.arange(len(columns)), np.ones(len(columns))
        node = marks.given_node[given]
        yield self._balance(TAKEN, "given", (contract, node, columns.bucket), every, one)
        yield Terms(TAKEN, TAKEN, "part", given, np.zeros(len(columns), dtype=np.int64), every, one)
        counted = marks.given_counts[:, given]
        item = self.network.nodes.item[node]
        for terms in self._enters(TAKEN, contract, item, one, marks.given_outside[:, given] & counted):
            yield _where(terms, counted[terms.entity, terms.column])

    def delivered(self) -> Iterator[Terms]:
        """Yield the deliveries of the contracts, all of which are of what is set aside."""
        demands = self.network.demands
        for kind, head in (("deliver", np.arange(len(demands.node))), ("pool", demands.series_head)):
            columns = self.columns[kind]
            demand = head[columns.entity]
            mine = np.flatnonzero(self.marks.demand[demand] >= 0)
            row = (self.marks.demand[demand[mine]], demands.node[demand[mine]], columns.bucket[mine])
            yield self._balance(kind, "delivered", row, mine, np.full(len(mine), -1.0))


def _where(terms: Terms, chosen: Bools) -> Terms:
    """Return some of the terms."""
    parts = (terms.entity[chosen], terms.bucket[chosen], terms.column[chosen], terms.value[chosen])
    return Terms(terms.kind, terms.group, terms.purpose, *parts)
