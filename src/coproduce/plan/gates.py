"""The rows that hold back what waits for decided milestones and options, whatever it is that waits.

With x what waits in bucket t, Q(t) how often what it waits for is there at the start of t, and R the most that can be
of use in the bucket:

    x[t] <= R[t] Q[t].

What happens once, the beginning of a milestone after another one or an opening, is counted up to t on both sides, which
is tighter: sum of x[s], s <= t, is at most Q[t].
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..block import Columns, Rows, Terms
from ..calendar import Floats, Ints
from ..growth import Bools, Gates
from ..network import Network
from .ranges import ranges


def gate_group(kind: str) -> str:
    """Return the name of the rows that hold back a kind of column."""
    return f"{kind}_gate"


def _once(kind: str, gates: Gates) -> Bools:
    """Return (gate,) whether what waits happens once and is counted up to the bucket."""
    return np.full(len(gates), kind == "opening") | ((kind == "begin") & (gates.milestone >= 0))


def _room(network: Network, kind: str, gates: Gates) -> Floats:
    """Return (gate, bucket) R."""
    growth, shape = network.growth, (len(gates), network.timeline.count)
    if kind in ("run", "buy", "ship"):
        most = ranges(network)
        of_kind: Floats = {"run": most.run, "buy": most.buy, "ship": most.ship}[kind]
        return of_kind[gates.entity]
    if kind == "overtime":
        return growth.overtime[gates.entity]
    ones = np.ones(shape)
    if kind == "deliver":
        return ones * network.demands.quantity[gates.entity, None]
    return ones * growth.options.maximum[gates.entity, None] if kind == "invest" else ones


def gate_rows(network: Network) -> list[Rows]:
    """Return the rows of all kinds that wait for anything."""
    count = network.timeline.count
    return [
        Rows(gate_group(kind), np.full((len(gates), count), -np.inf), np.zeros((len(gates), count)))
        for kind, gates in network.growth.gates.items()
        if len(gates)
    ]


def waiting_terms(network: Network, columns: Columns) -> list[Terms]:
    """Return what columns that wait add to their gates; nothing where none of them waits."""
    kind = columns.kind
    gates = network.growth.gates[kind]
    if not len(gates):
        return []
    gate, column = _of_entities(gates.entity, columns.entity)
    bucket = columns.bucket[column]
    until = np.where(_once(kind, gates)[gate], network.timeline.count, bucket + 1)
    which, when = _spans(bucket, until)
    return [Terms(kind, gate_group(kind), "waiting", gate[which], when, column[which], np.ones(len(which)))]


def granting_terms(network: Network, columns: Columns) -> list[Terms]:
    """Return what the columns `begin` or `invest` add to the gates that wait for them."""
    found: list[Terms] = []
    for kind, gates in network.growth.gates.items():
        asked = gates.milestone if columns.kind == "begin" else gates.option
        if not (asked >= 0).any():
            continue
        gate, column = _of_entities(asked, columns.entity)
        first, until = _there(network, columns, ended=kind != "opening")
        which, when = _spans(first[column], until[column])
        most = _room(network, kind, gates)[gate[which], when]
        found.append(Terms(columns.kind, gate_group(kind), "granted", gate[which], when, column[which], -most))
    return found


def _there(network: Network, columns: Columns, *, ended: bool) -> tuple[Ints, Ints]:
    """Return (column,) the first bucket at whose start it is reached or in effect, and the first when no longer."""
    timeline, growth = network.timeline, network.growth
    entity, bucket = columns.entity, columns.bucket
    if columns.kind == "begin":
        first = timeline.first_open(timeline.edges[bucket] + growth.milestones.duration[entity])
        return first, np.full(len(first), timeline.count)
    first = timeline.first_open(growth.options.effect[entity, bucket])
    until = timeline.first_open(growth.options.until[entity, bucket])
    return first, until if ended else np.full(len(first), timeline.count)


def _of_entities(asked: Ints, entity: Ints) -> tuple[Ints, Ints]:
    """Return every pair of a gate and a column of the entity that it asks for."""
    gate, column = np.nonzero(asked[:, None] == entity[None, :])
    return gate.astype(np.int64), column.astype(np.int64)


def _spans(first: Ints, until: Ints) -> tuple[Ints, Ints]:
    """Return, for every range [first, until), its number and each bucket in it."""
    sizes = np.maximum(until - first, 0)
    which = np.repeat(np.arange(len(first)), sizes)
    before = np.cumsum(sizes) - sizes
    return which, first[which] + np.arange(len(which)) - before[which]


def rated_terms(network: Network, runs: Columns) -> Sequence[Terms]:
    """Return what runs add to `run_rate`, the rows of processes whose ramp begins by decision."""
    process = network.growth.openings.process
    own = np.flatnonzero(np.isin(runs.entity, process[process >= 0]))
    if not len(own):
        return []
    return [Terms("run", "run_rate", "load", runs.entity[own], runs.bucket[own], own, np.ones(len(own)))]
