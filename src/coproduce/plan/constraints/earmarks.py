"""Units set aside for contracts: part of what the plan does, balanced by itself, of which a share may be from outside.

Every delivery of such a contract is made of what is set aside for it, and all that is set aside is delivered. So the
origin of its components is that of what enters, and no other contract is bound by its limit. What is set aside of a
run, an order or a shipment is told by the bucket in which it arrives, so that any plan can be divided among contracts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Bools, Network
from ...reach import Reach
from ..expand import arrivals
from ..legs import bought_legs, lines_of, ran_legs, sent_legs
from ..uses import STAND_IN

KEPT, BOUGHT, SENT, RAN, STOOD, TAKEN = (
    f"earmarked_{name}" for name in ("stock", "buy", "ship", "run", STAND_IN, "given")
)
"""Kinds of columns; the row groups of the same names hold their sums to what the plan does."""
BALANCE, ORIGIN = "earmarked_balance", "earmarked_origin"


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """Return columns, entity = contract x (entities or legs of the kind) + its number; none of stock at the end."""
    marks, nodes, count = network.earmarks, network.nodes, network.timeline.count
    if not len(marks.contract):
        return []
    versions, node, bucket = network.versions, marks.covered[:, nodes.item], np.arange(count)
    there = (bucket >= reach.earliest[:, None]) & (bucket < count - 1)
    pairs = (bucket >= versions.first[:, None]) & (bucket >= reach.earliest[versions.new][:, None])
    arrives = np.zeros((len(network.supplies.node), count), dtype=bool)
    bought, sent, ran = (legs(network, where) for legs, where in (
        (bought_legs, reach.buy), (sent_legs, reach.ship), (ran_legs, reach.run)))  # fmt: skip
    arrives[bought.entity, bought.end] = True
    return [
        _columns(KEPT, node, there),
        _columns(BOUGHT, node[:, network.supplies.node], arrives),
        _columns(SENT, node[:, network.lanes.arc_from[sent.entity]], sent.end[:, None] == bucket),
        _columns(RAN, marks.covered[:, marks.recipe_item[ran.entity]], ran.end[:, None] == bucket),
        _columns(STOOD, node[:, versions.old], pairs),
        _columns(TAKEN, node[:, marks.given_node], marks.given_bucket[:, None] == bucket),
    ]


def _columns(kind: str, covered: Bools, exists: Bools) -> Columns:
    """Return the columns of entities (contract, entity) covered, in the buckets (entity, bucket) where they exist."""
    contract, entity, bucket = np.nonzero(covered[:, :, None] & exists[None])
    entity = contract * len(exists) + entity
    return Columns(kind, entity, bucket, np.zeros(len(entity)), np.full(len(entity), np.inf))


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """balance[c, n, t] = 0; sums over contracts <= the plan; origin[l]: outside <= share x all that enters."""
    marks = network.earmarks
    if not len(marks.contract):
        return [], []
    task = _Task(network, columns)
    terms = [*task.kept(), *task.bought(), *task.sent(), *task.ran(), *task.stood(), *task.given(), *task.delivered()]
    limit, count = Limit("", "origin_limits", "share", marks.limit), network.timeline.count
    by_bucket = {KEPT: task.nodes, BOUGHT: len(network.supplies.node), STOOD: len(network.versions.new)}
    whole = {SENT: np.zeros(len(task.legs[SENT].entity)), RAN: np.zeros(len(task.legs[RAN].entity)),
             TAKEN: marks.given_units}  # fmt: skip
    balance = np.zeros((len(marks.contract) * task.nodes, count))
    return terms, [
        *(Rows(group, *_at_most(np.zeros((size, count)))) for group, size in by_bucket.items()),
        *(Rows(group, *_at_most(most[:, None]), whole=True) for group, most in whole.items()),
        Rows(BALANCE, balance, balance),
        Rows(ORIGIN, *_at_most(np.zeros((len(marks.limit), 1))), None, limit, whole=True),
    ]


def _at_most(bound: Floats) -> tuple[Floats, Floats]:
    return np.full(bound.shape, -np.inf), bound


class _Task:
    """The terms of one network."""

    def __init__(self, network: Network, columns: Mapping[str, Columns]) -> None:
        self.network, self.columns, self.marks = network, columns, network.earmarks
        self.nodes = len(network.nodes.item)
        self.legs = {
            BOUGHT: bought_legs(network, self._open("buy", len(network.supplies.node))),
            SENT: sent_legs(network, self._open("ship", len(network.lanes.arc_lane))),
            RAN: ran_legs(network, self._open("run", len(network.processes.site))),
        }

    def _open(self, kind: str, entities: int) -> Bools:
        """Return (entity, bucket) where there is a column."""
        return self.columns[kind].position((entities, self.network.timeline.count)) >= 0

    def _split(self, kind: str, size: int) -> tuple[Columns, Ints, Ints]:
        """Return the columns of a kind with (column,) their contract and number."""
        columns = self.columns[kind]
        contract, number = np.divmod(columns.entity, max(size, 1))
        return columns, contract, number

    def _balance(self, kind: str, purpose: str, row: tuple[Ints, Ints, Ints], column: Ints, value: Floats) -> Terms:
        contract, node, bucket = row
        return Terms(kind, BALANCE, purpose, contract * self.nodes + node, bucket, column, value)

    def _held(
        self, kind: str, of: str, row: tuple[Ints, Ints], parts: tuple[Ints, Ints, Ints, Floats]
    ) -> Iterator[Terms]:
        """Yield the terms that hold what is set aside to what the plan does.

        Parameters
        ----------
        row : (column,) entity and bucket of the row that each column adds to
        parts : (part,) entity and bucket of a row, column of the plan, and what one unit of it brings there
        """
        every = np.arange(len(row[0]))
        yield Terms(kind, kind, "part", *row, every, np.ones(len(every)))
        width = self.network.timeline.count
        some = np.isin(parts[0] * width + parts[1], row[0] * width + row[1])
        entity, bucket, column, units = parts
        yield Terms(of, kind, "whole", entity[some], bucket[some], column[some], -units[some])

    def _position(self, kind: str, entity: Ints, bucket: Ints, entities: int) -> Ints:
        position = self.columns[kind].position((entities, self.network.timeline.count))
        found: Ints = position[entity, bucket]
        return found

    def _same(self, kind: str, of: str, entity: Ints) -> Iterator[Terms]:
        """Yield `_held` where the plan has a column for the same entity and bucket; `entity` is (column,)."""
        whole = self.columns[of]
        parts = (whole.entity, whole.bucket, np.arange(len(whole)), np.ones(len(whole)))
        yield from self._held(kind, of, (entity, self.columns[kind].bucket), parts)

    def _enters(self, kind: str, contract: Ints, item: Ints, some: Bools, outside: Bools) -> Iterator[Terms]:
        """Yield the cost of components, and of those from outside; `some`, `outside` are (limit, column)."""
        marks = self.marks
        limit, column = np.nonzero((marks.of[:, None] == contract) & some & (marks.cost[item] > 0))
        cost, whole = marks.cost[item[column]], np.zeros(len(column), dtype=np.int64)
        yield Terms(kind, ORIGIN, "counted", limit, whole, column, -marks.share[limit] * cost)
        far = outside[limit, column]
        yield Terms(kind, ORIGIN, "outside", limit[far], whole[far], column[far], cost[far])

    def kept(self) -> Iterator[Terms]:
        """Yield what stays at the end of a bucket."""
        columns, contract, node = self._split(KEPT, self.nodes)
        every, one = np.arange(len(columns)), np.ones(len(columns))
        yield self._balance(KEPT, "closing", (contract, node, columns.bucket), every, -one)
        yield self._balance(KEPT, "opening", (contract, node, columns.bucket + 1), every, one)
        yield from self._same(KEPT, "stock", node)

    def bought(self) -> Iterator[Terms]:
        """Yield what arrives of orders, whenever they were placed."""
        supplies, legs = self.network.supplies, self.legs[BOUGHT]
        columns, contract, supply = self._split(BOUGHT, len(supplies.node))
        every, one = np.arange(len(columns)), np.ones(len(columns))
        node = supplies.node[supply]
        yield self._balance(BOUGHT, "received", (contract, node, columns.bucket), every, one)
        some = np.ones((len(self.marks.limit), len(columns)), dtype=bool)
        yield from self._enters(
            BOUGHT, contract, self.network.nodes.item[node], some, self.marks.supply_outside[:, supply]
        )
        order = self._position("buy", legs.entity, legs.start, len(supplies.node))
        yield from self._held(BOUGHT, "buy", (supply, columns.bucket), (legs.entity, legs.end, order, legs.units))

    def sent(self) -> Iterator[Terms]:
        """Yield shipments from where they leave to where they arrive."""
        lanes, legs = self.network.lanes, self.legs[SENT]
        columns, contract, leg = self._split(SENT, len(legs.entity))
        every, one, arc = np.arange(len(columns)), np.ones(len(columns)), legs.entity[leg]
        yield self._balance(SENT, "moved_out", (contract, lanes.arc_from[arc], legs.start[leg]), every, -one)
        yield self._balance(SENT, "moved_in", (contract, lanes.arc_to[arc], legs.end[leg]), every, one)
        yield from self._legs(SENT, "ship", legs.entity, len(lanes.arc_lane))

    def _legs(self, kind: str, of: str, entity: Ints, entities: int) -> Iterator[Terms]:
        """Yield `_held` for legs; `entity` is (leg,) the entity of the plan."""
        legs = self.legs[kind]
        _, _, leg = self._split(kind, len(legs.entity))
        every = np.arange(len(legs.entity))
        column = self._position(of, entity, legs.start, entities)
        parts = (every, np.zeros_like(every), column, legs.units)
        yield from self._held(kind, of, (leg, np.zeros_like(leg)), parts)

    def ran(self) -> Iterator[Terms]:
        """Yield units of an item as runs bring them, with their part of what the runs take in."""
        marks, processes, legs = self.marks, self.network.processes, self.legs[RAN]
        columns, contract, leg = self._split(RAN, len(legs.entity))
        recipe, every, one = legs.entity[leg], np.arange(len(columns)), np.ones(len(columns))
        process = marks.recipe_process[recipe]
        node = self._made_at(recipe)
        yield self._balance(RAN, "made", (contract, node, legs.end[leg]), every, one)
        yield from self._taken(contract, leg)
        free = np.broadcast_to(marks.from_nothing[process], (len(marks.limit), len(columns)))
        yield from self._enters(RAN, contract, marks.recipe_item[recipe], free, marks.process_outside[:, process])
        yield from self._legs(RAN, "run", marks.recipe_process[legs.entity], len(processes.site))

    def _made_at(self, recipe: Ints) -> Ints:
        """Return the node at which a recipe makes its item."""
        marks, node = self.marks, self.network.processes.flow_node[self.marks.line_flow]
        of = np.zeros(len(marks.recipe_item), dtype=np.int64)
        own = self.network.nodes.item[node] == marks.recipe_item[marks.line_recipe]
        of[marks.line_recipe[own]] = node[own]
        found: Ints = of[recipe]
        return found

    def _taken(self, contract: Ints, leg: Ints) -> Iterator[Terms]:
        """Yield what is taken in, and given back, for one unit of a recipe's item."""
        marks, processes, legs = self.marks, self.network.processes, self.legs[RAN]
        flow_item = self.network.nodes.item[processes.flow_node[marks.line_flow]]
        own = (flow_item == marks.recipe_item[marks.line_recipe]) & (processes.flow_quantity[marks.line_flow] > 0)
        count = self.network.timeline.count
        open_ = self._open("run", len(processes.site))
        gross = np.zeros((len(marks.recipe_item), count))
        line, start, units = lines_of(self.network, open_, own)
        np.add.at(gross, (marks.line_recipe[line], start), units)
        line, start, units = lines_of(self.network, open_, ~own)
        which, bucket, share = arrivals(processes.patterns, processes.flow_pattern[marks.line_flow[line]], start)
        line, start = line[which], start[which]
        recipe = marks.line_recipe[line]
        amount = units[which] * share / gross[recipe, start]
        entry, column = _matched(recipe * count + start, legs.entity[leg] * count + legs.start[leg])
        node = processes.flow_node[marks.line_flow[line[entry]]]
        yield self._balance(RAN, "consumed", (contract[column], node, bucket[entry]), column, amount[entry])

    def stood(self) -> Iterator[Terms]:
        """Yield newer versions that stand in for older ones."""
        if STAND_IN not in self.columns:
            return
        versions = self.network.versions
        columns, contract, pair = self._split(STOOD, len(versions.new))
        every, one = np.arange(len(columns)), np.ones(len(columns))
        yield self._balance(STOOD, "stood_in", (contract, versions.old[pair], columns.bucket), every, one)
        yield self._balance(STOOD, "stands_in", (contract, versions.new[pair], columns.bucket), every, -one)
        yield from self._same(STOOD, STAND_IN, pair)

    def given(self) -> Iterator[Terms]:
        """Yield opening stock, receipts and outputs of firm runs."""
        marks = self.marks
        columns, contract, given = self._split(TAKEN, len(marks.given_node))
        every, one = np.arange(len(columns)), np.ones(len(columns))
        node = marks.given_node[given]
        yield self._balance(TAKEN, "given", (contract, node, columns.bucket), every, one)
        yield Terms(TAKEN, TAKEN, "part", given, np.zeros(len(columns), dtype=np.int64), every, one)
        item, outside = self.network.nodes.item[node], marks.given_outside[:, given]
        yield from self._enters(TAKEN, contract, item, marks.given_counts[:, given], outside)

    def delivered(self) -> Iterator[Terms]:
        """Yield the deliveries of the contracts, all of which are of what is set aside."""
        demands = self.network.demands
        for kind, head in (("deliver", np.arange(len(demands.node))), ("pool", demands.series_head)):
            columns = self.columns[kind]
            demand = head[columns.entity]
            mine = np.flatnonzero(self.marks.demand[demand] >= 0)
            row = (self.marks.demand[demand[mine]], demands.node[demand[mine]], columns.bucket[mine])
            yield self._balance(kind, "delivered", row, mine, np.full(len(mine), -1.0))


def _matched(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return the positions of all pairs of equal keys."""
    order = np.argsort(right, kind="stable")
    first, last = (np.searchsorted(right[order], left, side=side) for side in ("left", "right"))
    size = last - first
    one = np.repeat(np.arange(len(left)), size)
    within = np.arange(len(one)) - np.repeat(np.cumsum(size) - size, size)
    return one, order[first[one] + within]
