"""What is wanted of every activity: the policies that the kernel carries out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints
from ..network import Network
from .activities import Activities
from .case import Levels
from .fallbacks import Ranks, main_output


@dataclass(frozen=True, slots=True)
class FollowPlan:
    """Do what the plan says, catch up what was missed.

    Attributes
    ----------
    keep_minimum : leave the minimum stocks of the programme untouched, as the plan does; else they are there to be used
    """

    keep_minimum: bool = False


@dataclass(frozen=True)
class BaseStock:
    """Order up to a level at every item and site that has one.

    Attributes
    ----------
    level : (node,) target of the inventory position, units; NaN for none
    asked : (demand, period) units asked for in each period; None: each demand its quantity in its due period
    """

    level: Floats
    asked: Floats | None = None


Policy = FollowPlan | BaseStock


NO_LEVELS = Levels(np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


def replenishing(activities: Activities, ranks: Ranks, order: Ints, nodes: int) -> Ints:
    """Return (node,) the activity that replenishes it: lowest rank, then first in the order; -1 for none."""
    node, _ = main_output(activities)
    result = np.full(nodes, -1, dtype=np.int64)
    for activity in order[np.lexsort((np.arange(len(order)), ranks.rank[order]))][::-1]:
        if node[activity] >= 0:
            result[node[activity]] = activity
    return result


def levels_of(level: Floats, replenished_by: Ints, upward: Ints, activities: Activities) -> Levels:
    """Return the levels in the order of orders; `upward` lists activities, sources first."""
    _, quantity = main_output(activities)
    place = np.empty(len(upward), dtype=np.int64)
    place[upward] = np.arange(len(upward))
    nodes = np.flatnonzero(~np.isnan(level) & (replenished_by >= 0))
    nodes = nodes[np.argsort(-place[replenished_by[nodes]], kind="stable")]
    activity = replenished_by[nodes]
    return Levels(level[nodes], nodes, activity, quantity[activity])


def asked_when_due(network: Network) -> Floats:
    """Return (demand, period) each demand's quantity in its due period; overdue ones in the first."""
    demands = network.demands
    result = np.zeros((len(demands.node), network.timeline.count))
    result[np.arange(len(demands.node)), np.clip(demands.due_bucket, 0, None)] = demands.quantity
    return result


def planned_levels(network: Network, activities: Activities, wanted: Floats) -> Floats:
    """Return (node,) the highest inventory position of a plan: stock and on order, less what is asked for.

    With these levels the base stock policy holds at most what the plan held. `wanted` is (activity, period).
    """
    change = np.zeros((len(network.nodes.item), network.timeline.count))
    np.add.at(
        change, activities.outputs.node, activities.outputs.quantity[:, None] * wanted[activities.outputs.activity]
    )
    np.add.at(change, activities.inputs.node, -activities.inputs.quantity[:, None] * wanted[activities.inputs.activity])
    first = first_position(network)
    return np.asarray(np.maximum((first[:, None] + np.cumsum(change, axis=1)).max(axis=1), 0.0))


def first_position(network: Network) -> Floats:
    """Return (node,) the inventory position at the start: opening stock and all movements that are data."""
    result = network.nodes.opening.copy()
    np.add.at(result, network.fixed.node, network.fixed.quantity)
    return result
