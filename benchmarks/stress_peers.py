"""A chain of ten nodes under base stock with a failing supplier, in stockpyl and in SimPy, where they are installed."""

from __future__ import annotations

import importlib.util
import random
import time
import warnings
from typing import Any

NODES = 10


def installed(name: str) -> bool:
    """Return whether a peer is there."""
    return importlib.util.find_spec(name) is not None


def stockpyl_rate(periods: int = 200) -> float:
    """Return node-periods per second of stockpyl's simulation of a serial system of ten nodes with disruptions."""
    warnings.simplefilter("ignore")
    from stockpyl.disruption_process import DisruptionProcess
    from stockpyl.sim import simulation
    from stockpyl.supply_chain_network import serial_system

    network = serial_system(
        NODES,
        node_order_in_system=list(range(NODES, 0, -1)),
        local_holding_cost=1,
        stockout_cost=10,
        demand_type="N",
        mean=5,
        standard_deviation=1,
        shipment_lead_time=1,
        policy_type="BS",
        base_stock_level=12,
    )
    network.get_node_from_index(NODES).disruption_process = DisruptionProcess(
        random_process_type="M", disruption_type="OP", disruption_probability=0.05, recovery_probability=0.3
    )
    start = time.perf_counter()
    simulation(network, periods, rand_seed=1, progress_bar=False)
    return NODES * periods / (time.perf_counter() - start)


def simpy_rate(periods: int = 5000) -> float:
    """Return node-periods per second of a plain SimPy model of the same chain."""
    import simpy

    environment, rng = simpy.Environment(), random.Random(1)
    stock, owed, up = [12.0] * NODES, [0.0] * NODES, [True]

    def node(i: int) -> Any:
        while True:
            yield environment.timeout(1)
            asked = max(rng.gauss(5, 1), 0.0)
            owed[i] += asked
            given = min(stock[i], owed[i])
            stock[i] -= given
            owed[i] -= given
            if i or up[0]:
                environment.process(move(i, asked))

    def move(i: int, quantity: float) -> Any:
        yield environment.timeout(1)
        stock[i] += quantity

    def failures() -> Any:
        while True:
            yield environment.timeout(rng.expovariate(0.05))
            up[0] = False
            yield environment.timeout(rng.expovariate(0.3))
            up[0] = True

    for i in range(NODES):
        environment.process(node(i))
    environment.process(failures())
    start = time.perf_counter()
    environment.run(until=periods)
    return NODES * periods / (time.perf_counter() - start)
