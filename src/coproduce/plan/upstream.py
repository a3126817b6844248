"""The whole numbers that can matter to one customer: those of all that can become, or be moved to, what is asked for.

A customer is a series of demands or a demand outside series. Freed one customer after another in the order of the due
dates, the others kept, they give a first plan much as a list schedule does; freed again, a better one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools, Network
from .assemble import Model
from .setups import SET_UP

# What a lot that costs nothing in a stage costs in the search for plans, as a share of the usual cost of that stage.
GUIDE = 1e-3
_PROCESS, _SUPPLY, _ARC = "run", "buy", "ship"
_ALONE, _SERIES = ("deliver", "unmet", "hand_over"), ("pool", "backlog")


def guided(model: Model, costs: Floats) -> Floats:
    """Return the objective of a stage with a small cost of lots: else those of no use take capacity from others."""
    usual = np.abs(costs[costs != 0])
    free = model.integer & (costs == 0)
    return np.where(free, GUIDE * float(np.median(usual)), costs) if len(usual) else costs


@dataclass(frozen=True)
class Customer:
    """What matters to one customer.

    Attributes
    ----------
    columns : (column,) its whole numbers
    lateness : (column,) whether a column counts its lateness
    """

    columns: Bools
    lateness: Bools

    def owed(self, costs: Floats, plan: Floats) -> float:
        """Return what the customer adds to a stage in a plan."""
        return float(costs[self.lateness] @ plan[self.lateness])


def customers(model: Model, costs: Floats) -> Iterator[Customer]:
    """Yield the customers that cost something in a stage, by due date.

    Parameters
    ----------
    costs : (column,) objective of the stage
    """
    demands = model.network.demands
    for demand in _asking(model, costs).tolist():
        part = _upstream(model.network, int(demands.node[demand]))
        own = _of(model, demand)
        yield Customer(model.integer & (_columns(model, part) | own), own & (costs != 0) & ~model.integer)


def _asking(model: Model, costs: Floats) -> Ints:
    """Return the demands outside series, and the first of each series, whose lateness counts; by due date."""
    demands, found = model.network.demands, []
    for kind, entity in (("unmet", None), ("backlog", demands.series_head)):
        if kind in model.columns:
            part = model.columns[kind]
            counts = part.entity[costs[model.offset[kind] : model.offset[kind] + len(part)] != 0]
            found.append(np.unique(counts if entity is None else entity[counts]))
    asking = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    return asking[np.lexsort((asking, demands.due[asking]))]


def _upstream(network: Network, node: int) -> dict[str, Bools]:
    """Return which processes, their joint set-ups, supplies and arcs can bring something to a node, even indirectly."""
    processes, lanes = network.processes, network.lanes
    nodes = np.zeros(len(network.nodes.item), dtype=bool)
    runs = np.zeros(len(processes.site), dtype=bool)
    nodes[node] = True
    takes = processes.flow_quantity < 0
    while True:
        before = int(nodes.sum())
        runs[processes.flow_process[~takes & nodes[processes.flow_node]]] = True
        nodes[processes.flow_node[takes & runs[processes.flow_process]]] = True
        nodes[lanes.arc_from[nodes[lanes.arc_to]]] = True
        if int(nodes.sum()) == before:
            groups = network.setup_groups.groups_of(runs)
            return {_PROCESS: runs, _SUPPLY: nodes[network.supplies.node], _ARC: nodes[lanes.arc_to], SET_UP: groups}


def _of(model: Model, demand: int) -> Bools:
    """Return (column,) whether a column delivers to a demand or to its series, or counts its lateness."""
    series = int(model.network.demands.series[demand])
    entity = dict.fromkeys(_ALONE, demand) | dict.fromkeys(_SERIES, series)
    return _chosen(
        model, {kind: model.columns[kind].entity == at for kind, at in entity.items() if kind in model.columns}
    )


def _columns(model: Model, part: dict[str, Bools]) -> Bools:
    """Return (column,) whether a column belongs to what is upstream."""
    belongs = {kind: kind if kind in part else kind.split("_")[0] for kind in model.columns}
    kinds = {kind: part[name] for kind, name in belongs.items() if name in part}
    return _chosen(model, {kind: mine[model.columns[kind].entity] for kind, mine in kinds.items()})


def _chosen(model: Model, by_kind: dict[str, Bools]) -> Bools:
    """Return (column,) what is chosen kind by kind; nothing of the other kinds."""
    chosen = np.zeros(len(model.lower), dtype=bool)
    for kind, part in by_kind.items():
        chosen[model.offset[kind] : model.offset[kind] + len(part)] = part
    return chosen
