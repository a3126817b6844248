"""On the same demand and the same disruptions the kernel and stockpyl hold the same stock in every period."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from theory import LANES, chain, simulated

PERIODS = 60
LEADS, LEVELS = [2, 3, 1], [20.0, 26.0, 18.0]
DEMAND = np.random.default_rng(11).integers(0, 12, PERIODS).astype(float)
DOWN = np.isin(np.arange(PERIODS), [3, 4, 5, 6, 17, 18, 30, 31, 32, 33, 34, 35, 36, 50])


def stockpyl_levels() -> np.ndarray:
    """Return (period, stage) stock less backlog at the end of each period, the first stage first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        simulation = pytest.importorskip("stockpyl.sim").simulation
        from stockpyl.disruption_process import DisruptionProcess
        from stockpyl.supply_chain_network import serial_system
    # stockpyl numbers stages from the customer up and takes lists of parameters from the customer up as well.
    network = serial_system(
        3,
        node_order_in_system=[3, 2, 1],
        node_order_in_lists=[3, 2, 1],
        local_holding_cost=1,
        stockout_cost=10,
        demand_type="D",
        demand_list=DEMAND.tolist(),
        shipment_lead_time=LEADS,
        policy_type="BS",
        base_stock_level=LEVELS,
    )
    stage = {node.index: node for node in network.nodes}
    stage[3].disruption_process = DisruptionProcess(
        random_process_type="E", disruption_type="OP", disruption_state_list=DOWN.tolist()
    )
    simulation(network, PERIODS, rand_seed=1, progress_bar=False)
    return np.array(
        [[sum(state.inventory_level.values()) for state in stage[i].state_vars[:PERIODS]] for i in (3, 2, 1)]
    ).T


def test_stocks_and_backlogs_of_three_stages_are_those_of_stockpyl() -> None:
    expected = stockpyl_levels()
    network = chain(LEADS, PERIODS, LEVELS)
    asked, cut = (np.repeat(column[:, None], LANES, axis=1) for column in (DEMAND, DOWN))
    log = simulated(network, LEVELS, asked, cut)
    # Owed to the next stage: the backlogs of the two lanes and of the delivery, in the order of the stages.
    level = log.stock[:, :, 0] - log.backlog[:, 1:, 0]
    assert (expected < 0).any()
    assert np.abs(level - expected).max() < 1e-9
