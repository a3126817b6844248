"""The natural linear programme of a Network as plain numpy triplets: the yardstick of the build benchmark.

Written by hand for speed: every family fills arrays, nothing is declared, named or kept for explanation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coproduce.network import Network
from coproduce.reach import reach

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Triplets = tuple[Ints, Ints, Floats]
INFINITY = np.inf


@dataclass(frozen=True)
class Natural:
    """Triplets (row, column, value) with the bounds of rows and columns and the cost of columns."""

    row: Ints
    column: Ints
    value: Floats
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    cost: Floats


def _ranges(first: Ints, size: Ints) -> tuple[Ints, Ints]:
    """Return, for ranges of numbers, which range each number is of, and the numbers."""
    which = np.repeat(np.arange(len(first)), size)
    ends = np.cumsum(size)
    return which, np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + size, size)


def _expanded(start: Ints, row: Ints) -> tuple[Ints, Ints]:
    """Return (which, entry) for rows of a compressed table."""
    return _ranges(start[row], start[row + 1] - start[row])


def natural(network: Network) -> Natural:
    """Return the programme with the columns that can be of use, and without rows that cannot bind."""
    known, count = reach(network), network.timeline.count
    nodes, processes, resources = network.nodes, network.processes, network.resources
    lanes, supplies, demands = network.lanes, network.supplies, network.demands

    # Columns by kind: run, ship, buy, stock, deliver, unmet.
    run_p, run_t = np.nonzero(known.run)
    ship_a, ship_t = np.nonzero(known.ship)
    buy_s, buy_t = np.nonzero(known.buy)
    kept = (nodes.minimum > 0) | (nodes.final_minimum > 0)
    bucket = np.arange(count)
    stock_n, stock_t = np.nonzero((bucket >= known.earliest[:, None]) | kept[:, None])
    first = np.maximum(demands.first, known.earliest[demands.node])
    allowed = (bucket >= first[:, None]) & (bucket < demands.until[:, None]) & (demands.quantity > 0)[:, None]
    late_d, late_t = np.nonzero(allowed)
    sizes = [len(part) for part in (run_p, ship_a, buy_s, stock_n, late_d, demands.node)]
    run0, ship0, buy0, stock0, deliver0, unmet0, width = np.cumsum([0, *sizes]).tolist()

    # Rows by group: balance, capacity, lane, total, demand, final stock.
    groups = (nodes.item, resources.site, lanes.cost)
    heights = [len(part) * count for part in groups] + [len(supplies.total), len(demands.node), len(nodes.item)]
    _, capacity0, lane0, total0, demand0, final0, height = np.cumsum([0, *heights]).tolist()

    runs = _runs(network, run_p, run_t, run0, capacity0)
    lane, pattern = lanes.arc_lane[ship_a], lanes.pattern[lanes.arc_lane[ship_a]]
    ship = ship0 + np.arange(len(ship_a))
    moved, entry = _expanded(lanes.patterns.start, pattern * count + ship_t)
    bought, order = _expanded(supplies.patterns.start, supplies.pattern[buy_s] * count + buy_t)
    limited = np.flatnonzero(np.isfinite(supplies.total)[buy_s])
    stock = stock0 + np.arange(len(stock_n))
    carried = np.flatnonzero(stock_t < count - 1)
    last = np.flatnonzero((stock_t == count - 1) & (nodes.final_minimum[stock_n] > 0))
    deliver = deliver0 + np.arange(len(late_d))
    parts: list[Triplets] = [
        *runs,
        (lanes.arc_from[ship_a] * count + ship_t, ship, np.full(len(ship), -1.0)),
        (lanes.arc_to[ship_a][moved] * count + lanes.patterns.bucket[entry], ship[moved], lanes.patterns.share[entry]),
        (lane0 + lane * count + ship_t, ship, lanes.arc_size[ship_a]),
        (
            supplies.node[buy_s][bought] * count + supplies.patterns.bucket[order],
            buy0 + bought,
            supplies.patterns.share[order],
        ),
        (total0 + buy_s[limited], buy0 + limited, np.ones(len(limited))),
        (stock_n * count + stock_t, stock, np.full(len(stock), -1.0)),
        (stock_n[carried] * count + stock_t[carried] + 1, stock[carried], np.ones(len(carried))),
        (final0 + stock_n[last], stock[last], np.ones(len(last))),
        (demands.node[late_d] * count + late_t, deliver, np.full(len(deliver), -1.0)),
        (demand0 + late_d, deliver, np.ones(len(deliver))),
        (demand0 + np.arange(len(demands.node)), unmet0 + np.arange(len(demands.node)), np.ones(len(demands.node))),
    ]
    row, column, value = (np.concatenate([part[k] for part in parts]) for k in range(3))

    given = np.zeros((len(nodes.item), count))
    given[:, 0] = nodes.opening
    np.add.at(given, (network.fixed.node, network.fixed.bucket), network.fixed.quantity)
    row_lower = np.full(height, -INFINITY)
    row_upper = np.full(height, INFINITY)
    row_lower[:capacity0] = row_upper[:capacity0] = -given.ravel()
    row_upper[capacity0:lane0] = (resources.amount - resources.firm).ravel()
    row_upper[lane0:total0] = lanes.amount.ravel()
    row_upper[total0:demand0] = supplies.total
    row_lower[demand0:final0] = row_upper[demand0:final0] = demands.quantity
    row_lower[final0:] = np.where(nodes.final_minimum > 0, nodes.final_minimum, -INFINITY)

    used = np.zeros(height, dtype=bool)
    used[row] = True
    keep = (used & (np.isfinite(row_lower) | np.isfinite(row_upper))) | (row_lower > 0) | (row_upper < 0)
    number = np.cumsum(keep) - 1
    inside = keep[row] & (np.abs(value) > 1e-9)  # HiGHS drops smaller values
    row, column, value = number[row[inside]], column[inside], value[inside]

    stock_lower = np.where(stock_t >= nodes.minimum_from[stock_n], nodes.minimum[stock_n], 0.0)
    lower = np.zeros(width)
    lower[stock0:deliver0] = stock_lower
    upper = np.concatenate(
        [processes.amount[run_p, run_t], np.full(len(ship), INFINITY), supplies.amount[buy_s, buy_t],
         nodes.maximum[stock_n], demands.quantity[late_d], demands.quantity]
    )  # fmt: skip
    resource_cost = np.zeros(width)
    loads = runs[1]
    np.add.at(resource_cost, loads[1], loads[2] * resources.cost[(loads[0] - capacity0) // count])
    holding = nodes.holding_cost[stock_n] * network.timeline.days[stock_t]
    holding -= np.where(stock_t == count - 1, nodes.terminal_value[stock_n], 0.0)
    cost = resource_cost
    cost[run0:ship0] += processes.cost[run_p]
    cost[ship0:buy0] = lanes.cost[lane]
    cost[buy0:stock0] = supplies.price[buy_s]
    cost[stock0:deliver0] = holding
    return Natural(row, column, value, row_lower[keep], row_upper[keep], lower, upper, cost)


def _runs(network: Network, run_p: Ints, run_t: Ints, run0: int, capacity0: int) -> list[Triplets]:
    """Return the flows and the loads of runs."""
    count, processes, resources = network.timeline.count, network.processes, network.resources
    start = np.searchsorted(run_p, np.arange(len(processes.site) + 1))

    flow, run = _ranges(start[processes.flow_process], np.diff(start)[processes.flow_process])
    held = (run_t[run] >= processes.flow_first[flow]) & (run_t[run] < processes.flow_until[flow])
    flow, run = flow[held], run[held]
    which, entry = _expanded(processes.patterns.start, processes.flow_pattern[flow] * count + run_t[run])
    node = processes.flow_node[flow][which] * count + processes.patterns.bucket[entry]
    units = processes.flow_quantity[flow][which] * processes.patterns.share[entry]
    flows = (node, run0 + run[which], units)

    load, run = _ranges(start[resources.load_process], np.diff(start)[resources.load_process])
    which, entry = _expanded(resources.patterns.start, resources.load_pattern[load] * count + run_t[run])
    place = capacity0 + resources.load_resource[load][which] * count + resources.patterns.bucket[entry]
    taken = resources.load_quantity[load][which] * resources.patterns.share[entry]
    return [flows, (place, run0 + run[which], taken)]
