"""A plain simulator of one replication, written from docs/stress.md: slow, one number at a time."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from coproduce.calendar import Shares
from coproduce.network import Network

DAY = 86400


@dataclass
class Act:
    """One activity."""

    kind: int
    row: int
    inputs: list = field(default_factory=list)  # node, quantity, shares, pattern, first, until
    outputs: list = field(default_factory=list)
    loads: list = field(default_factory=list)  # resource, quantity, shares, pattern
    rank: int = 0
    wait: int = 1
    tier: int = 0
    limit: object = None
    total: float = math.inf


def share_row(shares: Shares | None, pattern: int, period: int) -> list[tuple[int, float]]:
    """Return what counts when for a start in a period."""
    if shares is None:
        return [(period, 1.0)]
    low, high = shares.start[pattern * shares.count + period : pattern * shares.count + period + 2]
    pairs = zip(shares.bucket[low:high].tolist(), shares.share[low:high].tolist(), strict=True)
    return [(then, share) for then, share in pairs if share > 1e-12]


def list_activities(network: Network, ranks, step: int, lots) -> list[Act]:
    """List supplies, processes, arcs, demands; `lots` is (activity, period) set-ups per run, or None."""
    s, p, lanes, d = network.supplies, network.processes, network.lanes, network.demands
    n = network.timeline.count
    acts = []
    for row in range(len(s.node)):
        act = Act(0, row, total=float(s.total[row]), limit=s.amount[row].tolist())
        act.outputs.append((int(s.node[row]), 1.0, s.patterns, int(s.pattern[row]), 0, n))
        acts.append(act)
    for row in range(len(p.site)):
        inside = [p.amount[row, k] if p.first[row] <= k < p.until[row] else 0.0 for k in range(n)]
        acts.append(Act(1, row, limit=inside))
    for f in range(len(p.flow_process)):
        act, quantity = acts[len(s.node) + p.flow_process[f]], float(p.flow_quantity[f])
        line = (
            int(p.flow_node[f]),
            abs(quantity),
            p.patterns,
            int(p.flow_pattern[f]),
            p.flow_first[f],
            p.flow_until[f],
        )
        if quantity:
            (act.outputs if quantity > 0 else act.inputs).append(line)
    r = network.resources
    for i in range(len(r.load_process)):
        act = len(s.node) + int(r.load_process[i])
        load = [float(r.load_quantity[i] + r.load_setup[i] * (0 if lots is None else lots[act, k])) for k in range(n)]
        acts[act].loads.append((int(r.load_resource[i]), load, r.patterns, int(r.load_pattern[i])))
    for row, lane in enumerate(lanes.arc_lane.tolist()):
        opened = [lanes.first[lane] <= k < lanes.until[lane] and lanes.amount[lane, k] > 0 for k in range(n)]
        act = Act(2, row, limit=[math.inf if o else 0.0 for o in opened])
        act.inputs.append((int(lanes.arc_from[row]), 1.0, None, 0, 0, n))
        act.outputs.append((int(lanes.arc_to[row]), 1.0, lanes.patterns, int(lanes.pattern[lane]), 0, n))
        acts.append(act)
    for row in range(len(d.node)):
        act = Act(3, row, limit=[math.inf] * n)
        act.inputs.append((int(d.node[row]), 1.0, None, 0, 0, n))
        acts.append(act)
    for act, rank, days in zip(acts, ranks.rank.tolist(), ranks.days.tolist(), strict=True):
        act.rank, act.wait = rank, 1 + math.ceil(round(days * DAY) / step)
    return acts


def sizes_of(network: Network) -> list[tuple[float, float]]:
    """Return the least lot and the multiple of supplies, processes, arcs, demands; 0 for none."""
    lots = [network.supplies.lots, network.processes.lots]
    pairs = [(float(m), float(s)) for one in lots for m, s in zip(one.minimum, one.multiple, strict=True)]
    lanes = network.lanes.lots
    pairs += [(float(lanes.minimum[lane]), float(lanes.multiple[lane])) for lane in network.lanes.arc_lane.tolist()]
    return pairs + [(0.0, 0.0)] * len(network.demands.node)


def may_start(free: float, amount: float, least: float, multiple: float) -> float:
    """Return how much may start while something is free: whole lots, the last of which may take more than that."""
    if free <= 1e-9 * amount:
        return 0.0
    most = max(free, least)
    return math.ceil(most / multiple - 1e-9) * multiple if multiple else most


def covered_by(acts: list[Act]) -> dict[int, list[int]]:
    """Return which activities each fallback covers, lower ranks and rows first."""
    result = {}
    for a, act in enumerate(acts):
        if act.rank and act.outputs:
            same = [
                b
                for b, other in enumerate(acts)
                if other.kind == act.kind
                and other.outputs
                and other.outputs[0][0] == act.outputs[0][0]
                and (act.kind != 2 or other.inputs[0][0] == act.inputs[0][0])
                and other.rank < act.rank
            ]
            result[a] = sorted(same, key=lambda b: (acts[b].rank, b))
    return result


def set_tiers(network: Network, acts: list[Act]) -> None:
    """Give each activity the best tier that it serves."""
    worst = len(network.priorities)
    for act in acts:
        act.tier = int(network.demands.tier[act.row]) if act.kind == 3 else worst
    changed = True
    while changed:
        changed = False
        for act in acts:
            gives = {line[0] for line in act.outputs}
            for other in acts:
                if other.tier < act.tier and any(line[0] in gives for line in other.inputs):
                    act.tier, changed = other.tier, True


def in_order(network: Network, acts: list[Act], used: list[bool], *, every: bool = False) -> list[int]:
    """Return the order in which activities are carried out; `every`: as if every output came at once."""
    n = network.timeline.count
    before = defaultdict(set)
    for a, act in enumerate(acts):
        now = {
            node
            for node, _, shares, pattern, _, _ in act.outputs
            if every or any(row and row[0][0] == k for k in range(n) for row in [share_row(shares, pattern, k)])
        }
        for b, other in enumerate(acts):
            if a != b and used[a] and used[b] and any(line[0] in now for line in other.inputs):
                before[b].add(a)
    for fallback, covered in ({} if every else covered_by(acts)).items():
        before[fallback] |= set(covered)
    left, result = set(range(len(acts))), []
    while left:
        ready = [a for a in left if not before[a] & left] or list(left)
        chosen = min(ready, key=lambda a: (acts[a].tier, acts[a].rank, a))
        result.append(chosen)
        left.remove(chosen)
    return result


class Factors:
    """The factors of one replication; `events` are (channels with floors, start, end, factor, delay, gradual)."""

    def __init__(self, events, edges, step) -> None:
        self.events, self.edges, self.step = events, edges, step
        self.by_channel = defaultdict(list)
        for event in events:
            for channel, floor in event[0]:
                self.by_channel[channel].append((floor, *event[1:]))

    def factor(self, channel, k: int) -> float:
        """Return the factor of a channel in a period."""
        least, most, (low, high) = 1.0, 1.0, self.edges[k : k + 2]
        for floor, start, end, factor, _, gradual in self.by_channel[channel]:
            begin, finish = max(start, low), min(end, high)
            if finish > begin:
                value = max(factor, floor)
                if gradual:
                    value += (1 - value) * ((begin + finish) / 2 - start) / (end - start)
                value = 1 - (finish - begin) / (high - low) * (1 - value)
                least, most = min(least, value), max(most, value)
        return least * most

    def delay(self, channel, k: int) -> int:
        """Return the delay of a channel in a period, in periods."""
        middle = (self.edges[k] + self.edges[k + 1]) / 2
        delays = [event[4] for event in self.by_channel[channel] if event[1] <= middle < event[2]]
        return max((math.ceil(delay / self.step) for delay in delays), default=0)


CAPACITY = ("supply", "process", "lane")


def simulate(network: Network, wanted: np.ndarray, ranks, events, level=None, lots=None, keep=False):
    """Return (period, activity) done and backlog, and (period, node) stock of one replication.

    Parameters
    ----------
    wanted : (activity, period); with base stock what demands ask for
    level : (node,) levels of base stock, NaN for none; None to follow a plan
    lots : (activity, period) set-ups per run
    keep : whether minimum stocks are kept back
    """
    edges, n = network.timeline.edges.tolist(), network.timeline.count
    step = max(b - a for a, b in itertools.pairwise(edges))
    acts = list_activities(network, ranks, step, lots)
    set_tiers(network, acts)
    used = [level is not None or act.rank > 0 or wanted[a].sum() > 0 for a, act in enumerate(acts)]
    order, covers, factors = in_order(network, acts, used), covered_by(acts), Factors(events, edges, step)
    lane_of, lanes, resources = network.lanes.arc_lane.tolist(), network.lanes, network.resources
    stock = network.nodes.opening.tolist()
    arriving, booked = defaultdict(float), defaultdict(float)
    for node, bucket, quantity in zip(network.fixed.node, network.fixed.bucket, network.fixed.quantity, strict=True):
        arriving[int(node), int(bucket)] += float(quantity)
    for resource in range(len(resources.site)):
        for k in range(n):
            booked[resource, k] = float(resources.firm[resource, k])
    backlog, short, spent = [0.0] * len(acts), [0] * len(acts), [0.0] * len(acts)
    dust = [1e-9 * max(float(wanted[a].sum()), 1.0) for a in range(len(acts))]
    position = [stock[i] + sum(q for (node, _), q in arriving.items() if node == i) for i in range(len(stock))]
    watched = {b for covered in covers.values() for b in covered}
    sizes, over = sizes_of(network), [0.0] * len(acts)
    lane_left = [0.0] * len(lanes.cost)
    log = np.zeros((n, len(acts))), np.zeros((n, len(acts))), np.zeros((n, len(stock)))

    def channel(act):
        return (CAPACITY[act.kind], lane_of[act.row] if act.kind == 2 else act.row)

    def soft(act):
        own = any(0 < amount < math.inf for amount in act.limit)
        lane = act.kind == 2 and lanes.arc_size[act.row] > 0 and np.isfinite(lanes.amount[lane_of[act.row]]).any()
        return not (own or lane or act.loads)

    softness = [soft(act) for act in acts]
    replenished = replenishers(acts, order) if level is not None else {}
    upward = orders_placed(network, acts, replenished) if level is not None else []
    for k in range(n):
        for node in range(len(stock)):
            stock[node] += arriving.pop((node, k), 0.0)
        for i in range(len(lane_left)):
            f = factors.factor(("lane", i), k)
            lane_left[i] = min(lane_left[i], 0.0) + (float(lanes.amount[i, k]) * f if f else 0.0)
        asked = [
            float(wanted[a, k]) * (factors.factor(("asked", act.row), k) if act.kind == 3 else 1.0)
            for a, act in enumerate(acts)
        ]
        if level is not None:
            for a, act in enumerate(acts):
                if act.kind == 3:
                    position[act.inputs[0][0]] -= asked[a]
            for node in upward:
                if not math.isnan(level[node]):
                    act = acts[replenished[node]]
                    runs = max(level[node] - position[node], 0.0) / act.outputs[0][1]
                    backlog[replenished[node]] += runs
                    for line in act.outputs:
                        position[line[0]] += runs * line[1]
                    for line in act.inputs:
                        position[line[0]] -= runs * line[1]
        for a in order:
            act = acts[a]
            want = backlog[a] + asked[a]
            called = [b for b in covers.get(a, ()) if short[b] >= act.wait]
            ratio = {b: acts[b].outputs[0][1] / act.outputs[0][1] for b in called}
            extra = sum(backlog[b] * ratio[b] for b in called)
            x = want + extra
            all_of_it, (least, multiple) = x, sizes[a]
            sized = least > 0 or multiple > 0

            def allowed(free, amount, sized=sized, least=least, multiple=multiple):
                return may_start(free, amount, least, multiple) if sized and free < math.inf else free

            f = factors.factor(channel(act), k) if act.kind < 3 else 1.0
            if f == 0 or act.limit[k] == 0:
                x = 0.0
            elif softness[a]:
                x = f * x
            else:
                x = min(x, allowed(f * act.limit[k] - over[a], act.limit[k]))
            x = min(x, act.total - spent[a])
            if act.kind == 2 and lanes.arc_size[act.row] > 0:
                size = lanes.arc_size[act.row]
                x = min(x, allowed(lane_left[lane_of[act.row]] / size, lanes.amount[lane_of[act.row], k] / size))
            ins = [line for line in act.inputs if line[4] <= k < line[5]]
            for node, quantity, shares, pattern, _, _ in ins:
                now = [share for then, share in share_row(shares, pattern, k) if then == k]
                if now:
                    kept = network.nodes.minimum[node] if keep and k >= network.nodes.minimum_from[node] else 0.0
                    x = min(x, max(stock[node] - kept, 0.0) / (quantity * now[0]))
            for resource, quantity, shares, pattern in act.loads:
                fr = factors.factor(("resource", resource), k)
                for then, share in share_row(shares, pattern, k):
                    free = fr * resources.amount[resource, then] - booked[resource, then]
                    if quantity[k]:
                        each = quantity[k] * share
                        x = min(x, allowed(free / each, resources.amount[resource, then] / each))
            x = max(x, 0.0)
            if sized and x < all_of_it * (1 - 1e-9):
                x = math.floor(x / multiple + 1e-9) * multiple if multiple else x
                x = x if x >= least * (1 - 1e-9) else 0.0
            over[a] += x if sized else 0.0
            for node, quantity, shares, pattern, _, _ in ins:
                for then, share in share_row(shares, pattern, k):
                    if then == k:
                        stock[node] -= x * quantity * share
                    else:
                        arriving[node, then] -= x * quantity * share
            for resource, quantity, shares, pattern in act.loads:
                for then, share in share_row(shares, pattern, k):
                    booked[resource, then] += x * quantity[k] * share
            good = factors.factor(("yield", act.row), k) if act.kind == 1 else 1.0
            late = (
                ("delay_supply", act.row) if act.kind == 0 else ("delay_lane", lane_of[act.row] if act.kind == 2 else 0)
            )
            delay = factors.delay(late, k) if act.kind in (0, 2) else 0
            for node, quantity, shares, pattern, first, until in act.outputs:
                if not first <= k < until:
                    continue
                for then, share in share_row(shares, pattern, k):
                    if then + delay == k:
                        stock[node] += x * quantity * share * good
                    else:
                        arriving[node, then + delay] += x * quantity * share * good
                if level is not None:
                    position[node] -= x * quantity * (1 - good)
            spent[a] += x
            if act.kind == 2:
                lane_left[lane_of[act.row]] -= x * lanes.arc_size[act.row]
            rest = max(x - want, 0.0)
            for b in called:
                relief = min(rest, backlog[b] * ratio[b])
                rest -= relief
                backlog[b] = max(backlog[b] - relief / ratio[b], 0.0)
            backlog[a] = max(want - x, 0.0)
            if a in watched:
                short[a] = short[a] + 1 if backlog[a] > dust[a] else 0
            log[0][k, a] = x
        for a, act in enumerate(acts):
            f = factors.factor(channel(act), k) if act.kind < 3 else 1.0
            limit = act.limit[k] * f if f else 0.0
            over[a] = max(over[a] - limit, 0.0)
        for resource in range(len(resources.site)):
            capacity = resources.amount[resource, k] * factors.factor(("resource", resource), k)
            booked[resource, k + 1] += max(booked[resource, k] - capacity, 0.0)
        log[1][k], log[2][k] = backlog, stock
    return log


def replenishers(acts: list[Act], order: list[int]) -> dict[int, int]:
    """Return the activity that replenishes each node: lowest rank, then first in the order."""
    result = {}
    for a in sorted(order, key=lambda a: (acts[a].rank, order.index(a))):
        if acts[a].outputs:
            result.setdefault(acts[a].outputs[0][0], a)
    return result


def orders_placed(network: Network, acts: list[Act], replenished: dict[int, int]) -> list[int]:
    """Return nodes in the reverse of the order that their activities would have if every output came at once."""
    upward = in_order(network, acts, [True] * len(acts), every=True)
    return sorted(replenished, key=lambda node: -upward.index(replenished[node]))
