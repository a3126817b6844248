"""What lies upstream of a node: all that could bring more of its item there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network import Bools, Network


@dataclass(frozen=True)
class Upstream:
    """Entities upstream of a node, as masks.

    Attributes
    ----------
    node : nodes whose items can end up in it
    touched : those, and the nodes that their processes give by-products to or that share their flows
    sourceless : nodes upstream into which nothing flows but what is given
    """

    node: Bools
    touched: Bools
    sourceless: Bools
    process: Bools
    arc: Bools
    supply: Bools
    resource: Bools
    stand_in: Bools


def upstream(network: Network, node: int) -> Upstream:
    """Return what lies upstream of a node, time and capacity aside."""
    processes, lanes, supplies, versions = network.processes, network.lanes, network.supplies, network.versions
    known = np.zeros(len(network.nodes.item), dtype=bool)
    known[node] = True
    process = np.zeros(len(processes.site), dtype=bool)
    outputs, inputs = processes.flow_quantity > 0, processes.flow_quantity < 0
    while True:
        before = int(known.sum())
        process[processes.flow_process[outputs & known[processes.flow_node]]] = True
        known[processes.flow_node[inputs & process[processes.flow_process]]] = True
        known[lanes.arc_from[known[lanes.arc_to]]] = True
        known[versions.new[known[versions.old]]] = True
        if int(known.sum()) == before:
            break
    arc, supply = known[lanes.arc_to], known[supplies.node]
    touched = known.copy()
    touched[processes.flow_node[process[processes.flow_process]]] = True
    fed = np.zeros(len(known), dtype=bool)
    fed[processes.flow_node[outputs]] = True
    fed[lanes.arc_to] = True
    fed[supplies.node] = True
    fed[versions.old] = True
    resource = np.zeros(len(network.resources.site), dtype=bool)
    resource[network.resources.load_resource[process[network.resources.load_process]]] = True
    return Upstream(known, touched, known & ~fed, process, arc, supply, resource, known[versions.old])
