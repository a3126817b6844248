"""Supplies, processes, arcs and demands of a network as one list of activities with inputs, outputs and loads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints, Shares
from ..network import Network
from .case import NO_LIMIT

SMALLEST_SHARE = 1e-12


@dataclass(frozen=True)
class Lines:
    """Inputs or outputs of activities, or their loads, ordered by activity.

    Attributes
    ----------
    activity, node : (line,); the resource in place of the node where these are loads
    quantity : (line,) per unit of the activity, positive
    pattern : (line,) when it counts
    first, until : (line,) periods of start to which it belongs
    """

    activity: Ints
    node: Ints
    quantity: Floats
    pattern: Ints
    first: Ints
    until: Ints

    def starts(self, count: int) -> Ints:
        """Return (activity + 1,) the first line of each."""
        return np.searchsorted(self.activity, np.arange(count + 1)).astype(np.int64)


@dataclass(frozen=True)
class Patterns:
    """When something counts, by pattern and period of start (compressed rows, the horizon only)."""

    at: Ints
    period: Ints
    share: Floats
    farthest: Ints
    """(pattern,) most periods between start and effect"""

    @property
    def periods(self) -> int:
        """Number of periods."""
        return (len(self.at) - 1) // max(len(self.farthest), 1)


@dataclass(frozen=True)
class Activities:
    """All activities: supplies, then processes, arcs and demands, each in the order of the network."""

    offsets: tuple[int, int, int, int]
    count: int
    inputs: Lines
    outputs: Lines
    loads: Lines
    setups: Floats
    """(load,) resource units per lot"""
    patterns: Patterns
    load_patterns: Patterns
    amount: Floats
    """(activity, period) own limit"""
    total: Floats
    """(activity,)"""
    lane: Ints
    size: Floats

    @property
    def demands(self) -> slice:
        """The activities that are deliveries."""
        return slice(self.offsets[3], self.count)


def _gathered(*groups: Shares) -> Patterns:
    """Put the patterns of several groups behind each other, without shares that are nothing."""
    count = groups[0].count
    size = [(len(group.start) - 1) // count for group in groups]
    rows = [np.repeat(np.arange(len(group.start) - 1), np.diff(group.start)) for group in groups]
    offset = np.concatenate([[0], np.cumsum(size)]) * count
    row = np.concatenate([part + start for part, start in zip(rows, offset, strict=False)]).astype(np.int64)
    period = np.concatenate([group.bucket for group in groups])
    share = np.concatenate([group.share for group in groups])
    kept = share > SMALLEST_SHARE
    row, period, share = row[kept], period[kept], share[kept]
    at = np.searchsorted(row, np.arange(offset[-1] + 1)).astype(np.int64)
    farthest = np.zeros(sum(size), dtype=np.int64)
    np.maximum.at(farthest, row // count, period - row % count)
    return Patterns(at, period, share, farthest)


def _load_lines(network: Network, first_process: int) -> tuple[Lines, Floats]:
    """Return loads of runs, set-ups included, and their resource units per lot, ordered by activity."""
    resources, count = network.resources, network.timeline.count
    kept = np.flatnonzero((resources.load_quantity > 0) | (resources.load_setup > 0))
    kept = kept[np.argsort(resources.load_process[kept], kind="stable")]
    lines = Lines(
        activity=first_process + resources.load_process[kept],
        node=resources.load_resource[kept],
        quantity=resources.load_quantity[kept],
        pattern=resources.load_pattern[kept],
        first=np.zeros(len(kept), dtype=np.int64),
        until=np.full(len(kept), count, dtype=np.int64),
    )
    return lines, resources.load_setup[kept]


def _at_once(count: int) -> Shares:
    every = np.arange(count, dtype=np.int64)
    return Shares(count, np.arange(count + 1, dtype=np.int64), every, np.ones(count), every[None], every[None])


def _lines(parts: Sequence[tuple[Ints, ...]], quantities: list[Floats]) -> Lines:
    columns = [np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True)]
    quantity = np.concatenate(quantities)
    order = np.lexsort((np.arange(len(quantity)), columns[0]))
    order = order[quantity[order] > 0]
    activity, node, pattern, first, until = (column[order] for column in columns)
    return Lines(activity, node, quantity[order], pattern, first, until)


def activities_of(network: Network) -> Activities:
    """Return the activities of a network compiled on periods."""
    supplies, processes, lanes, demands = network.supplies, network.processes, network.lanes, network.demands
    count = network.timeline.count
    sizes = [len(supplies.node), len(processes.site), len(lanes.arc_lane), len(demands.node)]
    bought, run, shipped, delivered, everything = (int(number) for number in np.concatenate([[0], np.cumsum(sizes)]))
    patterns = _gathered(_at_once(count), supplies.patterns, processes.patterns, lanes.patterns)
    of_process = 1 + (len(supplies.patterns.start) - 1) // count
    of_lane = of_process + (len(processes.patterns.start) - 1) // count

    def always(size: int) -> tuple[Ints, Ints]:
        return np.zeros(size, dtype=np.int64), np.full(size, count, dtype=np.int64)

    flow, ship = run + processes.flow_process, shipped + np.arange(sizes[2], dtype=np.int64)
    flows = (flow, processes.flow_node, of_process + processes.flow_pattern, processes.flow_first, processes.flow_until)
    lane_pattern, now = of_lane + lanes.pattern[lanes.arc_lane], np.zeros(sizes[2], dtype=np.int64)
    inputs = [
        flows,
        (ship, lanes.arc_from, now, *always(sizes[2])),
        (
            delivered + np.arange(sizes[3], dtype=np.int64),
            demands.node,
            np.zeros(sizes[3], dtype=np.int64),
            *always(sizes[3]),
        ),
    ]
    outputs = [
        (bought + np.arange(sizes[0], dtype=np.int64), supplies.node, 1 + supplies.pattern, *always(sizes[0])),
        flows,
        (ship, lanes.arc_to, lane_pattern, *always(sizes[2])),
    ]
    loads, setups = _load_lines(network, run)
    return Activities(
        offsets=(bought, run, shipped, delivered),
        count=everything,
        inputs=_lines(inputs, [-processes.flow_quantity, np.ones(sizes[2]), np.ones(sizes[3])]),
        outputs=_lines(outputs, [np.ones(sizes[0]), processes.flow_quantity, np.ones(sizes[2])]),
        loads=loads,
        setups=setups,
        patterns=patterns,
        load_patterns=_gathered(network.resources.patterns),
        amount=_amounts(network, count),
        total=np.concatenate([np.minimum(supplies.total, NO_LIMIT), np.full(everything - run, NO_LIMIT)]),
        lane=np.concatenate([np.full(shipped, -1), lanes.arc_lane, np.full(sizes[3], -1)]).astype(np.int64),
        size=np.concatenate([np.ones(shipped), lanes.arc_size, np.ones(sizes[3])]),
    )


def _amounts(network: Network, count: int) -> Floats:
    """Return (activity, period) own limits: amounts inside the windows."""
    processes, lanes, demands = network.processes, network.lanes, network.demands
    period = np.arange(count)
    runs = np.where((period >= processes.first[:, None]) & (period < processes.until[:, None]), processes.amount, 0.0)
    open_lane = (period >= lanes.first[:, None]) & (period < lanes.until[:, None]) & (lanes.amount > 0)
    ships = np.where(open_lane, NO_LIMIT, 0.0)[lanes.arc_lane]
    result = np.concatenate([network.supplies.amount, runs, ships, np.full((len(demands.node), count), NO_LIMIT)])
    return np.asarray(np.minimum(result, NO_LIMIT))
