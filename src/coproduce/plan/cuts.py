"""(l,S) inequalities on echelon stock: what comes in lots is at most what is asked for until l, or still there at l.

Of the balances of an item and of all it goes into, weighted by how much of the item they contain, take the sum over the
buckets up to k: A_k x = -given. For lots j that arrive in bucket u_j <= l, bring a_j and have n_j lots,

    sum over S of a_j x_j <= sum over S of min(D(u_j, l), a_j M_j) n_j + backlogs at the ends of u_j - 1 + h_l x,

with D(u, l) the most that can be asked for in [u, l], and h_l x what holds the rest: stock at the end of l, and what is
under way. h_lj = max(0, max over k < l of A_kj - A_lj) counts what a column has brought before and taken away until l.
Let u be the first bucket in which a lot of S arrives: all of S comes in [u, l] and leaves in [u, l] or is still there.
(Barany, Van Roy and Wolsey 1984, doi:10.1287/mnsc.30.10.1255; on echelon stock Pochet and Wolsey 1991,
doi:10.1287/mnsc.37.1.53.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..calendar import Floats, Ints
from ..network import Bools, Network
from .assemble import Model
from .duality import Bounds
from .lots import lots_kind
from .setups import SET_UP, SET_UP_ROWS

SIZED = ("run", "buy", "ship")
_DELIVERIES = ("deliver", "pool")
# Items with more terms than this over all buckets are left to the solver's own cuts.
LARGEST = 20_000_000
DUST = 1e-9
# A cut is worth adding if it is violated by this share of what comes in.
VIOLATED = 1e-4


@dataclass(frozen=True)
class Cut:
    """One inequality: coefficients of columns, and what they may come to at most."""

    columns: Ints
    coefficients: Floats
    upper: float


Owed = tuple[tuple[Ints, Floats], ...]
"""By series: (bucket,) the column of a state, -1 for none, and its content."""


@dataclass(frozen=True)
class Echelon:
    """One item at one site that comes in lots, with all that it goes into.

    Attributes
    ----------
    lots, counts : (lot,) columns x and n
    arrival : (lot,) bucket in which the lot arrives
    brought : (lot,) a_j
    most : (lot,) a_j M_j
    held_columns : (held,) columns that may hold something
    held : (bucket, held) h
    asked : (bucket u, bucket l) D, infinite nowhere
    early, owed : deliveries before their due date, and backlogs, at the end of each bucket
    """

    lots: Ints
    counts: Ints
    arrival: Ints
    brought: Floats
    most: Floats
    held_columns: Ints
    held: Floats
    early: Owed
    owed: Owed
    asked: Floats


@dataclass(frozen=True)
class _Balances:
    """The balances of a model as a matrix (node x bucket, column), and the position of every column of some kinds."""

    model: Model
    network: Network
    matrix: sp.csr_array
    counted: Ints
    """(column,) column n, or joint set-up, of each column x that comes in lots, -1 for others"""
    range: Floats
    """(column,) the M of x <= M n"""

    @classmethod
    def of(cls, model: Model, network: Network) -> _Balances:
        width = len(model.lower)
        terms = [part for part in model.terms if part.group == "balance"]
        count = network.timeline.count
        rows = np.concatenate([part.entity * count + part.bucket for part in terms])
        columns = np.concatenate([model.offset[part.kind] + part.column for part in terms])
        values = np.concatenate([part.value for part in terms])
        shape = (len(network.nodes.item) * count, width)
        counted, most = np.full(width, -1, dtype=np.int64), np.zeros(width)
        for kind in SIZED:
            if lots_kind(kind) in model.columns:
                at, of, largest = _pairs(model, kind)
                counted[at], most[at] = of, largest
        if SET_UP in model.columns:
            at, of, largest = _jointly(model, network)
            counted[at], most[at] = of, largest
        return cls(model, network, sp.csr_array(sp.coo_array((values, (rows, columns)), shape=shape)), counted, most)


def _pairs(model: Model, kind: str) -> tuple[Ints, Ints, Floats]:
    """Return columns x, their columns n and their M."""
    own, lots = model.columns[kind], model.columns[lots_kind(kind)]
    shape = (int(own.entity.max(initial=-1)) + 1, int(own.bucket.max(initial=-1)) + 1)
    at = model.offset[kind] + own.position(shape)[lots.entity, lots.bucket]
    largest = np.zeros(len(lots))
    for terms in model.terms:
        if terms.kind == lots_kind(kind) and terms.group == f"{kind}_most":
            largest[terms.column] = -terms.value
    return at, model.offset[lots_kind(kind)] + np.arange(len(lots)), largest


def _jointly(model: Model, network: Network) -> tuple[Ints, Ints, Floats]:
    """Return columns of runs whose only whole number is their joint set-up, its columns, and M."""
    place = model.columns["run"].position(network.processes.amount.shape)
    none = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    for terms in model.terms:
        if terms.kind == SET_UP and terms.group == SET_UP_ROWS:
            alone = np.flatnonzero(~network.processes.lots.counted[terms.entity])
            at = place[terms.entity[alone], terms.bucket[alone]]
            return model.offset["run"] + at, model.offset[SET_UP] + terms.column[alone], -terms.value[alone]
    return none


def contents(network: Network, node: int) -> Floats | None:
    """Return (node,) how much of a node's item a unit contains, at most; None where a cycle makes it grow."""
    processes, lanes = network.processes, network.lanes
    content = np.zeros(len(network.nodes.item))
    content[node] = 1.0
    taken, made = processes.flow_quantity < 0, processes.flow_quantity > 0
    for _ in range(len(content) + 1):
        before = content.copy()
        inside = np.zeros(len(processes.site))
        units = -processes.flow_quantity[taken] * content[processes.flow_node[taken]]
        np.add.at(inside, processes.flow_process[taken], units)
        share = inside[processes.flow_process[made]] / processes.flow_quantity[made]
        np.maximum.at(content, processes.flow_node[made], share)
        np.maximum.at(content, lanes.arc_to, content[lanes.arc_from])
        if np.array_equal(before, content):
            return content
    return None


def echelons(model: Model, network: Network, bounds: Bounds) -> list[Echelon]:
    """Return the echelons of all that comes in lots; `bounds` are those in force."""
    if network.versions.replaced(network.timeline.count).any() or network.versions.disposable.any():
        return []  # what stands in, or is written off, is in no content of a bill of materials
    balances = _Balances.of(model, network)
    count = network.timeline.count
    in_lots = np.flatnonzero(balances.counted >= 0)
    entries = sp.coo_array(balances.matrix[:, in_lots])
    targets = np.unique(entries.row[entries.data > DUST] // count)
    found = [_echelon(balances, bounds, int(node)) for node in targets]
    return [one for one in found if one is not None]


def _echelon(balances: _Balances, bounds: Bounds, node: int) -> Echelon | None:
    network, model = balances.network, balances.model
    content, count = contents(network, node), network.timeline.count
    if content is None:
        return None
    members = np.flatnonzero(content > DUST)
    rows = (members[:, None] * count + np.arange(count)).ravel()
    weighted = sp.csr_array(sp.diags_array(np.repeat(content[members], count)) @ balances.matrix[rows])
    used: Ints = np.unique(weighted.indices).astype(np.int64)
    if len(used) * count > LARGEST:
        return None
    by_bucket = np.zeros((count, len(used)))
    entries = sp.coo_array(weighted[:, used])
    np.add.at(by_bucket, (entries.row % count, entries.col), entries.data)
    total = np.cumsum(by_bucket, axis=0)
    delivery = np.zeros(len(model.lower), dtype=bool)
    for kind in _DELIVERIES:
        if kind in model.columns:
            delivery[model.offset[kind] : model.offset[kind] + len(model.columns[kind])] = True
    lot, arrival = _clean(total, balances.counted[used] >= 0)
    if not len(lot):
        return None
    held = _held(total)
    held[:, delivery[used]] = 0.0
    kept = np.flatnonzero(held.any(axis=0))
    early, owed, asked = _asked(balances, bounds, content)
    columns = used[lot]
    brought = total[-1, lot]
    return Echelon(
        lots=columns,
        counts=balances.counted[columns],
        arrival=arrival,
        brought=brought,
        most=brought * balances.range[columns],
        held_columns=used[kept],
        held=held[:, kept],
        early=early,
        owed=owed,
        asked=asked,
    )


def _clean(total: Floats, candidate: Bools) -> tuple[Ints, Ints]:
    """Return the columns that bring all they bring in one bucket and take nothing, and that bucket."""
    last = total[-1]
    arrived = total > DUST
    first = np.argmax(arrived, axis=0)
    flat = np.abs(total - np.where(np.arange(len(total))[:, None] >= first, last, 0.0)).max(axis=0, initial=0.0) < DUST
    chosen = np.flatnonzero(candidate & flat & arrived.any(axis=0))
    return chosen, first[chosen].astype(np.int64)


def _held(total: Floats) -> Floats:
    """Return (bucket, column) h."""
    before = np.maximum.accumulate(np.vstack([np.zeros(total.shape[1]), total[:-1]]), axis=0)
    held: Floats = np.maximum(before - total, 0.0)
    held[held < DUST] = 0.0
    return held


def _asked(balances: _Balances, bounds: Bounds, content: Floats) -> tuple[Owed, Owed, Floats]:
    """Return early deliveries and backlogs as columns by bucket with their content, and D."""
    network, demands, count = balances.network, balances.network.demands, balances.network.timeline.count
    asked = np.zeros((count, count))
    early, owed = [], []
    for series, head in enumerate(demands.series_head.tolist()):
        inside = content[demands.node[head]]
        if inside > DUST:
            mine = demands.series == series
            due = np.zeros(count)
            np.add.at(due, demands.due_bucket[mine], demands.quantity[mine])
            asked += inside * _windows(due)
            early.append(_states(balances.model, "early", series, inside, count))
            owed.append(_states(balances.model, "backlog", series, inside, count))
    asked += _alone(balances, bounds, content)
    fixed = network.fixed
    drawn = np.zeros(count)
    taken = fixed.quantity < 0
    np.add.at(drawn, fixed.bucket[taken], -fixed.quantity[taken] * content[fixed.node[taken]])
    return tuple(early), tuple(owed), asked + _windows(drawn)


def _windows(amount: Floats) -> Floats:
    """Return (u, l) the sum over [u, l]."""
    so_far = np.concatenate([[0.0], np.cumsum(amount)])
    result: Floats = np.maximum(so_far[None, 1:] - so_far[:-1, None], 0.0)
    return result


def _states(model: Model, kind: str, series: int, inside: float, count: int) -> tuple[Ints, Floats]:
    """Return (bucket,) the column of a state of a series, -1 for none, and its content."""
    result = np.full(count, -1, dtype=np.int64)
    columns = model.columns[kind]
    own = np.flatnonzero(columns.entity == series)
    result[columns.bucket[own]] = model.offset[kind] + own
    return result, np.full(count, inside)


def _alone(balances: _Balances, bounds: Bounds, content: Floats) -> Floats:
    """Return (u, l) what demands outside series can take in [u, l], by the bounds in force."""
    model, demands, count = balances.model, balances.network.demands, balances.network.timeline.count
    deliver = model.columns["deliver"]
    own = slice(model.offset["deliver"], model.offset["deliver"] + len(deliver))
    inside = content[demands.node[deliver.entity]]
    open_ = np.flatnonzero((inside > DUST) & (bounds.upper[own] > 0))
    result = np.zeros((count, count))
    for demand in np.unique(deliver.entity[open_]).tolist():
        mine = open_[deliver.entity[open_] == demand]
        amount = np.zeros(count)
        amount[deliver.bucket[mine]] = bounds.upper[own][mine]
        result += inside[mine[0]] * np.minimum(_windows(amount), demands.quantity[demand])
    return result


def violated(echelon: Echelon, bounds: Bounds, x: Floats) -> Iterator[Cut]:
    """Yield the most violated inequality of each bucket l that the values `x` break."""
    for last in range(len(echelon.held)):
        mine = np.flatnonzero(echelon.arrival <= last)
        if not len(mine):
            continue
        most = np.minimum(echelon.asked[echelon.arrival[mine], last], echelon.most[mine])
        lots, counts, brought = echelon.lots[mine], echelon.counts[mine], echelon.brought[mine]
        excess = brought * x[lots] - most * x[counts] - _worth(echelon.owed, echelon.arrival[mine] - 1, x)
        chosen = np.flatnonzero(excess > DUST)
        held = echelon.held[last]
        stays = float(held @ x[echelon.held_columns]) + float(_worth(echelon.early, np.array([last]), x)[0])
        come = float((brought * x[lots])[chosen].sum())
        if excess[chosen].sum() - stays > VIOLATED * max(1.0, come):
            mine = mine[chosen]
            yield _cut(echelon, bounds, last, mine, most[chosen])


def _worth(states: Owed, bucket: Ints, x: Floats) -> Floats:
    """Return the content of states at the ends of buckets; 0 before the first."""
    result = np.zeros(len(bucket))
    for columns, inside in states:
        at = np.where(bucket >= 0, columns[np.maximum(bucket, 0)], -1)
        result += np.where(at >= 0, inside[np.maximum(bucket, 0)] * x[np.maximum(at, 0)], 0.0)
    return result


def _cut(echelon: Echelon, bounds: Bounds, last: int, mine: Ints, most: Floats) -> Cut:
    """Return the inequality of a set of lots and a last bucket."""
    parts: list[tuple[Ints, Floats]] = [(echelon.lots[mine], echelon.brought[mine]), (echelon.counts[mine], -most)]
    held = np.flatnonzero(echelon.held[last])
    parts.append((echelon.held_columns[held], -echelon.held[last][held]))
    before = echelon.arrival[mine] - 1
    for states, buckets in ((echelon.early, np.array([last])), (echelon.owed, before[before >= 0])):
        for columns, inside in states:
            there = buckets[columns[buckets] >= 0]
            parts.append((columns[there], -inside[there]))
    columns = np.concatenate([part[0] for part in parts])
    number, position = np.unique(columns, return_inverse=True)
    sums = np.zeros(len(number))
    np.add.at(sums, position.ravel(), np.concatenate([part[1] for part in parts]))
    kept = (np.abs(sums) > DUST) & (bounds.upper[number] > 0)
    return Cut(number[kept], sums[kept], 0.0)
