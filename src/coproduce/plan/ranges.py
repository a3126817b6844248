"""How much of a run, order or shipment in one bucket can be of use: the tight upper ends that lots need.

A lot's column x is tied to its number of lots n by x <= M n. The smaller M, the closer the linear relaxation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints, Shares
from ..network import Lots, Network
from .setups import taken_of

# Where nothing limits what can be of use (a terminal value without a largest stock, a cycle, several outputs), a lot is
# at most this many times all that is asked for or there.
AMPLE = 1e3
# Arrivals that are spread bring too much in one bucket to have enough in another, and it may pay to use that up: times
# the need.
SPREAD_ROOM = 10.0
SMALLEST_SHARE = 1e-9


@dataclass(frozen=True)
class Ranges:
    """Upper ends: `run` (process, bucket), `buy` (supply, bucket), `ship` (arc, bucket); all finite.

    `needed` is (process,) the runs of the whole horizon that can be of use, infinite where nothing limits them.
    """

    run: Floats
    buy: Floats
    ship: Floats
    needed: Floats


def ranges(network: Network) -> Ranges:
    """Return the upper ends of runs, orders and shipments in one bucket, by capacity and by all that is needed.

    What an item is needed for is summed over all sites: demands, firm runs, stocks to keep, and what the processes
    that are useful at all take in. To this comes what is there anyway, or can be made of it: a plan may move or use it
    up to save the cost of holding it. One that makes more, by more than one lot, can be made smaller without harm.
    """
    processes, supplies, lanes = network.processes, network.supplies, network.lanes
    room_for_spread = SPREAD_ROOM if _spreads(network) else 1.0
    need, runs = (room_for_spread * part for part in _needs(network))
    known = _asked(network) + _given(network)
    ample = AMPLE * max(1.0, float(known[np.isfinite(known)].sum()))
    item = network.nodes.item
    bought = need[item[supplies.node]] / _least_share(supplies.patterns)[supplies.pattern] + _one_lot(supplies.lots)
    arc_lane = lanes.arc_lane
    moved = need[item[lanes.arc_from]] / _least_share(lanes.patterns)[lanes.pattern[arc_lane]]
    moved = moved + _one_lot(lanes.lots)[arc_lane]
    with np.errstate(divide="ignore", invalid="ignore"):
        room = lanes.amount[arc_lane] / lanes.arc_size[:, None]
    room = np.where(lanes.arc_size[:, None] > 0, room, np.inf)
    frozen = {kind: _frozen(network, kind) for kind in ("run", "buy", "ship")}
    runs_of_use, bought, moved = (
        np.maximum(part[:, None], frozen[kind]) for kind, part in (("run", runs), ("buy", bought), ("ship", moved))
    )
    return Ranges(
        run=_finite(np.minimum(np.minimum(processes.amount, _by_capacity(network)), runs_of_use), ample),
        buy=_finite(np.minimum(np.minimum(supplies.amount, supplies.total[:, None]), bought), ample),
        ship=_finite(np.minimum(room, moved), ample),
        needed=runs / room_for_spread,
    )


def _frozen(network: Network, kind: str) -> Floats:
    """Return (entity, bucket) what is frozen, of use or not."""
    return np.where(network.stability.kept(kind), network.stability.of(kind).quantity, 0.0)


def _spreads(network: Network) -> bool:
    """Tell whether anything that is moved, bought or made arrives in more than one bucket."""
    parts = (network.processes.patterns, network.supplies.patterns, network.lanes.patterns)
    return any(bool((part.share < 1 - SMALLEST_SHARE).any()) for part in parts)


def _finite(upper: Floats, ample: float) -> Floats:
    return np.where(np.isfinite(upper), upper, ample)


def _one_lot(lots: Lots) -> Floats:
    """Return by how much a plan may have to overshoot because of lots."""
    return lots.minimum + lots.multiple


def _least_share(patterns: Shares) -> Floats:
    """Return (pattern,) the smallest share that arrives in one bucket: spread arrivals may force more to leave."""
    result = np.ones(max((len(patterns.start) - 1) // max(patterns.count, 1), 0))
    row = np.repeat(np.arange(len(patterns.start) - 1), np.diff(patterns.start)) // max(patterns.count, 1)
    real = patterns.share > SMALLEST_SHARE
    np.minimum.at(result, row[real], patterns.share[real])
    return result


def _asked(network: Network) -> Floats:
    """Return (item,) units that demands, firm runs and stocks to keep ask for at all sites."""
    nodes, demands, fixed = network.nodes, network.demands, network.fixed
    asked = np.zeros(int(nodes.item.max(initial=-1)) + 1)
    np.add.at(asked, nodes.item[demands.node], demands.quantity)
    drawn = fixed.quantity < 0
    np.add.at(asked, nodes.item[fixed.node[drawn]], -fixed.quantity[drawn])
    kept = np.maximum(nodes.minimum, nodes.final_minimum)
    np.add.at(asked, nodes.item, np.where(nodes.terminal_value > 0, nodes.maximum, kept))
    return asked


def _detours(network: Network) -> Floats:
    """Return (item,) how many times more may have to leave because lanes spread what they carry."""
    lanes = network.lanes
    factor = np.ones(int(network.nodes.item.max(initial=-1)) + 1)
    np.multiply.at(
        factor, network.nodes.item[lanes.arc_from], 1 / _least_share(lanes.patterns)[lanes.pattern[lanes.arc_lane]]
    )
    return factor


def _versions(network: Network) -> tuple[Ints, Ints]:
    """Return the items of which one may stand in for the other: newer and older."""
    item, versions = network.nodes.item, network.versions
    pairs = np.unique(np.stack([item[versions.new], item[versions.old]]), axis=1)
    return pairs[0], pairs[1]


def _needs(network: Network) -> tuple[Floats, Floats]:
    """Return (item,) units and (process,) runs that can be of use over the horizon; infinite round a cycle."""
    processes, item = network.processes, network.nodes.item[network.processes.flow_node]
    asked, factor = _asked(network), _detours(network)
    out = processes.flow_quantity > 0
    per_run = np.abs(processes.flow_quantity) * np.where(
        out, _least_share(processes.patterns)[processes.flow_pattern], 1.0
    )
    several = (np.bincount(processes.flow_process[out], minlength=1) > 1).any()
    if several or len(network.agreements.shares.least):
        # A process may be run to use up what another one gives beside what is wanted, or to make up a share of the
        # work: no need bounds that.
        return np.full(len(asked), np.inf), np.full(len(processes.site), np.inf)
    given = _given(network)
    asked = asked + given
    started = np.zeros(len(processes.site))
    np.add.at(started, processes.flow_process[~out], given[item[~out]] / per_run[~out])
    need, runs = asked * factor, np.zeros(len(processes.site))
    newer, older = _versions(network)
    for _ in range(len(asked) + 1):
        before = need
        runs = started + _runs(need[item[out]] / per_run[out], processes.flow_process[out], processes.lots)
        taken = np.zeros(len(asked))
        np.add.at(taken, item[~out], per_run[~out] * runs[processes.flow_process[~out]])
        np.add.at(taken, newer, need[older])
        need = (asked + taken) * factor
        if np.array_equal(before, need):
            return need, runs
    growing = need > before
    need = np.where(growing, np.inf, need)
    return need, started + _runs(need[item[out]] / per_run[out], processes.flow_process[out], processes.lots)


def _given(network: Network) -> Floats:
    """Return (item,) units that are there anyway, or that can be made of them; infinite round a cycle."""
    nodes, fixed, processes = network.nodes, network.fixed, network.processes
    there = np.zeros(int(nodes.item.max(initial=-1)) + 1)
    np.add.at(there, nodes.item, nodes.opening)
    arriving = fixed.quantity > 0
    np.add.at(there, nodes.item[fixed.node[arriving]], fixed.quantity[arriving])
    item, out = nodes.item[processes.flow_node], processes.flow_quantity > 0
    # What lots bring beyond the need, in every bucket at most, is there as well.
    np.add.at(there, nodes.item[network.supplies.node], network.timeline.count * _one_lot(network.supplies.lots))
    excess = network.timeline.count * _one_lot(processes.lots)[processes.flow_process[out]]
    np.add.at(there, item[out], processes.flow_quantity[out] * excess)
    given, (newer, older) = there, _versions(network)
    for _ in range(len(there) + 1):
        before = given
        runs = np.zeros(len(processes.site))
        np.add.at(runs, processes.flow_process[~out], given[item[~out]] / -processes.flow_quantity[~out])
        made = np.zeros(len(there))
        np.add.at(made, item[out], processes.flow_quantity[out] * runs[processes.flow_process[out]])
        np.add.at(made, older, given[newer])
        given = there + made
        if np.array_equal(before, given):
            return given
    return np.where(given > before, np.inf, given)


def _runs(wanted: Floats, process: Ints, lots: Lots) -> Floats:
    runs = _one_lot(lots)
    np.add.at(runs, process, wanted)
    return runs


def _by_capacity(network: Network) -> Floats:
    """Return (process, bucket) the most runs that the resources alone would allow."""
    resources, count = network.resources, network.timeline.count
    result = np.full(network.processes.amount.shape, np.inf)
    left = resources.amount + network.growth.most_added - resources.firm
    start, patterns, joint = resources.patterns.start, resources.patterns, taken_of(network)
    for load, process in enumerate(resources.load_process.tolist()):
        row = int(resources.load_pattern[load]) * count + np.arange(count)
        for bucket in range(count):
            entries = slice(int(start[row[bucket]]), int(start[row[bucket] + 1]))
            share = patterns.share[entries]
            used = resources.load_quantity[load] * share
            real = used > SMALLEST_SHARE
            free = left[resources.load_resource[load], patterns.bucket[entries]] - resources.load_setup[load] * share
            free -= np.where(patterns.bucket[entries] == bucket, joint[process, resources.load_resource[load]], 0.0)
            most = float((np.maximum(free, 0.0)[real] / used[real]).min(initial=np.inf))
            result[process, bucket] = min(result[process, bucket], most)
    return result
