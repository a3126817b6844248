"""What of a run, an order or a shipment arrives when: the parts of a plan that may be set aside for contracts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools, Network
from .expand import arrivals


class Legs(NamedTuple):
    """What arrives in one bucket of what the plan begins in another.

    Attributes
    ----------
    entity, start, end : (leg,) arc, supply or recipe, bucket of the start, bucket of the arrival
    units : (leg,) units that arrive for each run or unit begun
    """

    entity: Ints
    start: Ints
    end: Ints
    units: Floats


def sent_legs(network: Network, ship: Bools) -> Legs:
    """Return the legs of shipments; `ship` is (arc, bucket) where they may depart."""
    lanes = network.lanes
    covered = network.earmarks.any_covered()[network.nodes.item[lanes.arc_from]]
    arc, start = np.nonzero(ship & covered[:, None])
    which, end, share = arrivals(lanes.patterns, lanes.pattern[lanes.arc_lane[arc]], start)
    return Legs(arc[which], start[which], end, share)


def bought_legs(network: Network, buy: Bools) -> Legs:
    """Return the legs of orders; `buy` is (supply, bucket) where they may be placed."""
    supplies = network.supplies
    covered = network.earmarks.any_covered()[network.nodes.item[supplies.node]]
    supply, start = np.nonzero(buy & covered[:, None])
    which, end, share = arrivals(supplies.patterns, supplies.pattern[supply], start)
    return Legs(supply[which], start[which], end, share)


def ran_legs(network: Network, run: Bools) -> Legs:
    """Return the legs of recipes: their own item as runs bring it; `run` is (process, bucket) where they may start."""
    marks, processes = network.earmarks, network.processes
    own = network.nodes.item[processes.flow_node[marks.line_flow]] == marks.recipe_item[marks.line_recipe]
    line, start, units = lines_of(network, run, own & (processes.flow_quantity[marks.line_flow] > 0))
    which, end, share = arrivals(processes.patterns, processes.flow_pattern[marks.line_flow[line]], start)
    key = np.stack([marks.line_recipe[line[which]], start[which], end], axis=1)
    distinct, leg = np.unique(key.reshape(-1, 3), axis=0, return_inverse=True)
    amount = np.bincount(leg.reshape(-1), weights=units[which] * share, minlength=len(distinct)).astype(np.float64)
    return Legs(distinct[:, 0], distinct[:, 1], distinct[:, 2], amount)


def lines_of(network: Network, run: Bools, chosen: Bools) -> tuple[Ints, Ints, Floats]:
    """Return (entry,) line, bucket of the start and units of the flows of recipes that belong to runs there."""
    marks, processes = network.earmarks, network.processes
    process = marks.recipe_process[marks.line_recipe]
    line, start = np.nonzero(run[process] & (marks.line_part != 0) & chosen[:, None])
    units = processes.flow_quantity[marks.line_flow[line]] * marks.line_part[line, start]
    return line.astype(np.int64), start.astype(np.int64), units
