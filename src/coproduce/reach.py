"""What can be where from when, and until when it is still of use; capacity aside, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .calendar import Ints, Shares
from .network import Bools, Network


@dataclass(frozen=True)
class Reach:
    """Bounds in time for every node, and from them the buckets in which a column can be non-zero.

    Attributes
    ----------
    earliest : (node,) first bucket in which a unit can be there; the number of buckets where that is never
    latest : (node,) last bucket in which a unit there can still serve a demand or a stock to keep; -1 for never
    run, ship, buy : (process | arc | supply, bucket) where a column is worth having
    """

    earliest: Ints
    latest: Ints
    run: Bools
    ship: Bools
    buy: Bools


def _next_open(open_buckets: Bools) -> Ints:
    """Return (row, bucket + 1) the first open bucket at or after each bucket; the number of buckets for none."""
    rows, count = open_buckets.shape
    index = np.where(open_buckets, np.arange(count), count)
    result = np.full((rows, count + 1), count, dtype=np.int64)
    result[:, :count] = np.minimum.accumulate(index[:, ::-1], axis=1)[:, ::-1]
    return result


def _previous_open(open_buckets: Bools) -> Ints:
    """Return (row, bucket + 1) the last open bucket before bucket + 1; -1 for none (entry 0 is before the first)."""
    rows, count = open_buckets.shape
    index = np.where(open_buckets, np.arange(count), -1)
    result = np.full((rows, count + 1), -1, dtype=np.int64)
    result[:, 1:] = np.maximum.accumulate(index, axis=1)
    return result


def _extended(reached: Ints, count: int) -> Ints:
    """Append a column so that a departure after the horizon arrives after it."""
    return np.concatenate([reached, np.full((len(reached), 1), count)], axis=1)


def _starts_to_reach(patterns: Shares) -> Ints:
    """Return (pattern, bucket + 1) the first departure whose first arrival is not before a bucket."""
    count = patterns.count
    wanted = np.arange(count + 1)
    result = [np.searchsorted(row, wanted, side="left") for row in patterns.first]
    return np.array(result, dtype=np.int64).reshape(-1, count + 1)


def _last_departures(patterns: Shares) -> Ints:
    """Return (pattern, bucket + 1) the last departure arriving, in part, not after a bucket (entry 0: before all)."""
    count = patterns.count
    wanted = np.arange(-1, count)
    result = [np.searchsorted(row, wanted, side="right") - 1 for row in patterns.first]
    return np.array(result, dtype=np.int64).reshape(-1, count + 1)


class _Windows:
    """Which buckets are open to processes, arcs and supplies, by dates and calendars alone."""

    def __init__(self, network: Network) -> None:
        bucket = np.arange(network.timeline.count)
        processes, lanes, supplies = network.processes, network.lanes, network.supplies
        ends = network.versions.ends(network.timeline.count)
        self.run = (bucket >= processes.first[:, None]) & (bucket < processes.until[:, None]) & (processes.amount > 0)
        self.run &= ~_makes_obsolete(network, ends)
        lane = (bucket >= lanes.first[:, None]) & (bucket < lanes.until[:, None]) & (lanes.amount > 0)
        self.ship = lane[lanes.arc_lane] & ~ends[lanes.arc_from]
        self.buy = (supplies.amount > 0) & (supplies.total > 0)[:, None] & ~ends[supplies.node]


def _makes_obsolete(network: Network, ends: Bools) -> Bools:
    """Return (process, bucket) whether a run would make something that is obsolete."""
    processes = network.processes
    result = np.zeros((len(processes.site), network.timeline.count), dtype=bool)
    outputs = np.flatnonzero(processes.flow_quantity > 0)
    made = _belongs(network, outputs) & ends[processes.flow_node[outputs]]
    np.logical_or.at(result, processes.flow_process[outputs], made)
    return result


def _earliest(network: Network, windows: _Windows) -> tuple[Ints, Ints]:
    """Return (node,) first bucket of presence and (process,) first bucket in which a run can start."""
    count = network.timeline.count
    processes, lanes, supplies, fixed = network.processes, network.lanes, network.supplies, network.fixed
    earliest = np.full(len(network.nodes.item), count, dtype=np.int64)
    earliest[network.nodes.opening > 0] = 0
    arriving = fixed.quantity > 0
    np.minimum.at(earliest, fixed.node[arriving], fixed.bucket[arriving])
    order = _next_open(windows.buy)[:, 0]
    np.minimum.at(earliest, supplies.node, _extended(supplies.patterns.first, count)[supplies.pattern, order])
    next_run, next_ship = _next_open(windows.run), _next_open(windows.ship)
    reached = _extended(processes.patterns.first, count)
    moved = _extended(lanes.patterns.first, count)
    needed = _starts_to_reach(processes.patterns)
    # An input that belongs to some runs only cannot hold back the others.
    versions = network.versions
    always = (processes.flow_first == 0) & (processes.flow_until >= count)
    inputs, outputs = (processes.flow_quantity < 0) & always, processes.flow_quantity > 0
    arc_row = np.arange(len(lanes.arc_lane))
    arc_pattern = lanes.pattern[lanes.arc_lane]
    while True:
        before = earliest.copy()
        start = np.zeros(len(processes.site), dtype=np.int64)
        needs = needed[processes.flow_pattern[inputs], earliest[processes.flow_node[inputs]]]
        np.maximum.at(start, processes.flow_process[inputs], needs)
        start = next_run[np.arange(len(start)), start]
        arrivals = reached[processes.flow_pattern[outputs], start[processes.flow_process[outputs]]]
        np.minimum.at(earliest, processes.flow_node[outputs], arrivals)
        departure = next_ship[arc_row, earliest[lanes.arc_from]]
        np.minimum.at(earliest, lanes.arc_to, moved[arc_pattern, departure])
        np.minimum.at(earliest, versions.old, np.maximum(earliest[versions.new], versions.first))
        if np.array_equal(before, earliest):
            return earliest, start


def _latest(network: Network, windows: _Windows) -> tuple[Ints, Bools]:
    """Return (node,) last bucket of use and (process, bucket) where a run is of use."""
    count = network.timeline.count
    processes, lanes, demands, nodes = network.processes, network.lanes, network.demands, network.nodes
    latest = np.full(len(nodes.item), -1, dtype=np.int64)
    kept = (nodes.minimum > 0) | (nodes.final_minimum > 0) | (nodes.terminal_value > 0)
    kept |= _frozen_into(network)
    latest[kept] = count - 1
    used = np.full(len(nodes.item), -1, dtype=np.int64)
    versions, ends = network.versions, network.versions.obsolete - 1
    asked = (demands.quantity > 0) & (demands.first < demands.until)
    np.maximum.at(used, demands.node[asked], demands.until[asked] - 1)
    drawn = network.fixed.quantity < 0
    np.maximum.at(used, network.fixed.node[drawn], network.fixed.bucket[drawn])
    previous_ship, moved = _previous_open(windows.ship), _last_departures(lanes.patterns)
    inputs = np.flatnonzero(processes.flow_quantity < 0)
    takes = _belongs(network, inputs) & (processes.patterns.first[processes.flow_pattern[inputs]] < count)
    taken = np.where(takes, np.minimum(processes.patterns.last[processes.flow_pattern[inputs]], count - 1), -1)
    arc_row = np.arange(len(lanes.arc_lane))
    arc_pattern = lanes.pattern[lanes.arc_lane]
    while True:
        before = latest.copy()
        runs = windows.run & _serving(network, latest)
        withdrawals = np.where(runs[processes.flow_process[inputs]], taken, -1).max(axis=1, initial=-1)
        np.maximum.at(used, processes.flow_node[inputs], withdrawals)
        standing = np.where(used[versions.old] >= versions.first, used[versions.old], -1)
        latest = np.maximum(latest, used)
        np.maximum.at(latest, versions.new, standing)
        last = previous_ship[arc_row, moved[arc_pattern, latest[lanes.arc_to] + 1] + 1]
        np.maximum.at(latest, lanes.arc_from, last)
        latest = np.minimum(latest, ends)
        if np.array_equal(before, latest):
            return latest, runs


def _frozen_into(network: Network) -> Bools:
    """Return (node,) whether frozen runs, orders or shipments bring something there, of use or not."""
    stable, processes = network.stability, network.processes
    result = np.zeros(len(network.nodes.item), dtype=bool)
    runs = np.flatnonzero(stable.kept("run").any(axis=1))
    outputs = (processes.flow_quantity > 0) & np.isin(processes.flow_process, runs)
    result[processes.flow_node[outputs]] = True
    result[network.supplies.node[stable.kept("buy").any(axis=1)]] = True
    result[network.lanes.arc_to[stable.kept("ship").any(axis=1)]] = True
    return result


def _belongs(network: Network, flows: Ints) -> Bools:
    """Return (flow, bucket) whether a flow belongs to runs that start in a bucket."""
    bucket, processes = np.arange(network.timeline.count), network.processes
    return (bucket >= processes.flow_first[flows, None]) & (bucket < processes.flow_until[flows, None])


def _serving(network: Network, latest: Ints) -> Bools:
    """Return (process, bucket) whether part of what a run gives arrives where it is still of use."""
    processes = network.processes
    outputs = np.flatnonzero(processes.flow_quantity > 0)
    arrival = processes.patterns.first[processes.flow_pattern[outputs]]
    useful = _belongs(network, outputs) & (arrival <= latest[processes.flow_node[outputs]][:, None])
    result = np.zeros((len(processes.site), network.timeline.count), dtype=bool)
    np.logical_or.at(result, processes.flow_process[outputs], useful)
    return result


def reach(network: Network) -> Reach:
    """Return what can be where from when, and until when it is of use."""
    windows = _Windows(network)
    count = network.timeline.count
    bucket = np.arange(count)
    earliest, run_from = _earliest(network, windows)
    latest, runs = _latest(network, windows)
    lanes, supplies = network.lanes, network.supplies
    arrival = supplies.patterns.first[supplies.pattern]
    moved = lanes.patterns.first[lanes.pattern[lanes.arc_lane]]
    return Reach(
        earliest=earliest,
        latest=latest,
        run=runs & (bucket >= run_from[:, None]),
        ship=windows.ship & (bucket >= earliest[lanes.arc_from][:, None]) & (moved <= latest[lanes.arc_to][:, None]),
        buy=windows.buy & (arrival <= latest[supplies.node][:, None]),
    )
