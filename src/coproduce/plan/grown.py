"""What has grown in a plan: milestones begun, options bought, what opened when, and the capacity that results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import NEVER, Floats, Ints
from ..growth import Bools, Gates
from ..network import Network
from .assemble import Model


@dataclass(frozen=True)
class Grown:
    """Growth in a plan.

    Attributes
    ----------
    begin, reached : (milestone,) seconds; NEVER for one that the plan does not begin
    bought : (option, bucket) number ordered at the beginning of the bucket
    opened : (opening,) bucket at whose beginning it opens; -1 for never
    capacity, overtime : (resource, bucket) in force in the plan, and overtime worked
    """

    begin: Ints
    reached: Ints
    bought: Ints
    opened: Ints
    capacity: Floats
    overtime: Floats


def grown(network: Network, model: Model, x: Floats) -> Grown:
    """Read growth off the values of a plan."""
    shape = (len(network.growth.options.maximum), network.timeline.count)
    begun = _placed(model, "begin", x, (len(network.growth.milestones.begin), shape[1])).round()
    bought = _placed(model, "invest", x, shape).round().astype(np.int64)
    overtime = _placed(model, "overtime", x, (len(network.resources.site), shape[1]))
    return grown_by(network, begun, bought, overtime)


def grown_by(network: Network, begun: Floats, bought: Ints, overtime: Floats) -> Grown:
    """Return what has grown by decisions.

    Parameters
    ----------
    begun : (milestone, bucket) 1 where a decided milestone begins
    bought : (option, bucket) number ordered at the beginning of the bucket
    overtime : (resource, bucket) resource units worked beyond the capacity
    """
    milestones = network.growth.milestones
    begin, reached = milestones.begin.copy(), milestones.reached.copy()
    milestone, bucket = np.nonzero(begun)
    begin[milestone] = network.timeline.edges[bucket]
    reached[milestone] = begin[milestone] + milestones.duration[milestone]
    opened = _opened(network, reached, bought)
    return Grown(
        begin=begin,
        reached=reached,
        bought=bought,
        opened=opened,
        capacity=_capacity(network, bought, opened),
        overtime=overtime,
    )


def grown_with(network: Network, plan: Grown, reached: Ints, bought: Ints) -> Grown:
    """Return the growth of a plan with other dates of milestones, or other numbers of options."""
    opened = _opened(network, reached, bought)
    capacity = _capacity(network, bought, opened)
    return Grown(plan.begin, reached, bought, opened, capacity, plan.overtime)


def _placed(model: Model, kind: str, x: Floats, shape: tuple[int, int]) -> Floats:
    """Return (entity, bucket) the values of a kind of column; 0 where there is none."""
    result = np.zeros(shape)
    if kind in model.columns:
        columns = model.columns[kind]
        result[columns.entity, columns.bucket] = model.values(kind, x)
    return result


def lets_through(network: Network, gates: Gates, reached: Ints, bought: Ints, *, ended: bool) -> Bools:
    """Return (gate, bucket) whether what a gate waits for is there at the start of the bucket.

    Parameters
    ----------
    reached : (milestone,) seconds
    bought : (option, bucket) number ordered
    ended : whether an option stops to count when its duration is over
    """
    starts, options = network.timeline.edges[:-1], network.growth.options
    result = np.zeros((len(gates), len(starts)), dtype=bool)
    for gate in range(len(gates)):
        milestone, option = int(gates.milestone[gate]), int(gates.option[gate])
        if milestone >= 0:
            result[gate] = starts >= reached[milestone]
            continue
        for order in np.flatnonzero(bought[option]).tolist():
            until = options.until[option, order] if ended else NEVER
            result[gate] |= (starts >= options.effect[option, order]) & (starts < until)
    return result


def _opened(network: Network, reached: Ints, bought: Ints) -> Ints:
    """Return (opening,) the first bucket at whose start all that it waits for has been there; -1 for never."""
    openings, gates = network.growth.openings, network.growth.gates["opening"]
    through = lets_through(network, gates, reached, bought, ended=False)
    result = np.full(len(openings.amount), -1, dtype=np.int64)
    for opening in range(len(result)):
        there = np.flatnonzero(through[gates.entity == opening].all(axis=0))
        result[opening] = there[0] if len(there) else -1
    return result


def _capacity(network: Network, bought: Ints, opened: Ints) -> Floats:
    """Return (resource, bucket) what stands, what has opened and what was bought."""
    growth, result = network.growth, network.resources.amount.copy()
    options, openings = growth.options, growth.openings
    for line, (option, resource) in enumerate(zip(options.line_option, options.line_resource, strict=True)):
        result[resource] += bought[option] @ options.line_capacity[line]
    for opening in np.flatnonzero((opened >= 0) & (openings.resource >= 0)).tolist():
        result[openings.resource[opening]] += openings.amount[opening, opened[opening]]
    return result


def rate_in_plan(network: Network, plan: Grown) -> Floats:
    """Return (process, bucket) the rate in force, ramps that began by decision included."""
    openings, result = network.growth.openings, network.processes.amount.copy()
    for opening, process in enumerate(openings.process.tolist()):
        if process >= 0:
            opened = int(plan.opened[opening])
            result[process] = openings.amount[opening, opened] if opened >= 0 else 0.0
    return result


def open_in_plan(network: Network, plan: Grown, kind: str, entities: int) -> Bools:
    """Return (entity, bucket) whether all decided milestones and options let a kind of column through in a plan."""
    result = np.ones((entities, network.timeline.count), dtype=bool)
    gates = network.growth.gates[kind]
    through = lets_through(network, gates, plan.reached, plan.bought, ended=True)
    for gate, entity in enumerate(gates.entity.tolist()):
        result[entity] &= through[gate]
    return result
