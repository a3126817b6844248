"""Compiles a programme, a policy and the channels of its targets into the arrays of the kernel."""

from __future__ import annotations

import numpy as np

from ..calendar import DAY, Floats, Ints
from ..network import Network
from .activities import Activities, Lines, Patterns, activities_of
from .case import NO_LIMIT, Case
from .fallbacks import Covers, Ranks, covers_of
from .order import best_tier, topological
from .periods import bucket_of_period
from .plan import Plan, spread_over_periods, whole_activities
from .policy import NO_LEVELS, BaseStock, Levels, Policy, asked_when_due, first_position, levels_of, replenishing
from .targets import Channel

DUST = 1e-9


def _by_line(lines: Lines, patterns: Patterns, zero_lag: bool) -> list[tuple[int, int]]:
    """Return (activity, node) of lines, all or only those that count in the period of the start."""
    pairs = zip(lines.activity.tolist(), lines.node.tolist(), lines.pattern.tolist(), strict=True)
    periods = patterns.periods
    rows = np.arange(len(patterns.at) - 1)
    filled = patterns.at[1:] > patterns.at[:-1]
    now = np.zeros(len(rows), dtype=bool)
    now[filled] = patterns.period[patterns.at[:-1][filled]] == (rows % periods)[filled]
    instant = now.reshape(-1, periods).any(axis=1)
    return [(activity, node) for activity, node, pattern in pairs if not zero_lag or instant[pattern]]


def _edges(activities: Activities, zero_lag: bool) -> list[tuple[int, int]]:
    """Return pairs of activities of which the second takes what the first gives."""
    takers: dict[int, list[int]] = {}
    for activity, node in _by_line(activities.inputs, activities.patterns, False):
        takers.setdefault(node, []).append(activity)
    given = _by_line(activities.outputs, activities.patterns, zero_lag)
    return [(giver, taker) for giver, node in given for taker in takers.get(node, ())]


def _keys(network: Network, activities: Activities, ranks: Ranks) -> list[tuple[int, int, int]]:
    worst = len(network.priorities)
    start = [worst] * activities.offsets[3] + network.demands.tier.tolist()
    tiers = best_tier(activities.count, _edges(activities, False), start)
    return [(tier, int(rank), a) for a, (tier, rank) in enumerate(zip(tiers, ranks.rank, strict=True))]


def _rings(count: int, farthest: dict[int, int]) -> tuple[Ints, Ints, int]:
    """Return first slot and mask of rings that hold `farthest` periods ahead, and the number of slots."""
    size = np.ones(count, dtype=np.int64)
    for row, lag in farthest.items():
        size[row] = 1 << int(lag).bit_length()
    at = np.concatenate([[0], np.cumsum(size)])
    return at[:-1].astype(np.int64), size - 1, int(at[-1])


def _farthest(lines: Lines, patterns: Patterns, more: Ints) -> dict[int, int]:
    result: dict[int, int] = {}
    for node, lag in zip(lines.node.tolist(), (patterns.farthest[lines.pattern] + more).tolist(), strict=True):
        result[node] = max(result.get(node, 0), lag)
    return result


def _channel_of(channels: dict[Channel, int], names: list[Channel | None]) -> Ints:
    return np.array([0 if name is None else channels.get(name, 0) for name in names], dtype=np.int64)


def _activity_channels(network: Network, channels: dict[Channel, int]) -> dict[str, Ints]:
    """Return the channels of activities, by the field of the case."""
    arcs = network.lanes.arc_lane.tolist()
    supplies, processes = range(len(network.supplies.node)), range(len(network.processes.site))
    demands = range(len(network.demands.node))
    nothing: list[Channel | None] = [None] * len(demands)
    limits = [*(("supply", s) for s in supplies), *(("process", p) for p in processes), *(("lane", a) for a in arcs)]
    spoilt = [*(None for _ in supplies), *(("yield", p) for p in processes), *(None for _ in arcs)]
    late = [*(("delay_supply", s) for s in supplies), *(None for _ in processes), *(("delay_lane", a) for a in arcs)]
    asked = [*(None for _ in limits), *(("asked", d) for d in demands)]
    return {
        "limit_channel": _channel_of(channels, [*limits, *nothing]),
        "yield_channel": _channel_of(channels, [*spoilt, *nothing]),
        "delay_channel": _channel_of(channels, [*late, *nothing]),
        "asked_channel": _channel_of(channels, list(asked)),
        "lane_channel": _channel_of(channels, [("lane", lane) for lane in range(len(network.lanes.cost))]),
        "resource_channel": _channel_of(channels, [("resource", r) for r in range(len(network.resources.site))]),
    }


def _soft(network: Network, activities: Activities) -> Ints:
    """Return (activity,) 1 where neither an own limit nor a lane nor a resource limits it at any time."""
    limited = (activities.amount < NO_LIMIT).any(axis=1) & (activities.amount > 0).any(axis=1)
    finite = (activities.amount < NO_LIMIT) & (activities.amount > 0)
    limited = finite.any(axis=1)
    lane_limited = np.isfinite(network.lanes.amount).any(axis=1)
    carried = (activities.lane >= 0) & (activities.size > 0)
    limited[carried] |= lane_limited[activities.lane[carried]]
    limited[activities.loads.activity] = True
    return (~limited).astype(np.int64)


def _due(network: Network, plan: Plan, policy: Policy) -> dict[str, Ints | Floats]:
    """Return first late period and days late at the start of every demand."""
    timeline = network.timeline
    if isinstance(policy, BaseStock):
        if policy.asked is not None:
            count = len(network.demands.node)
            return {"due": np.full(count, -1, dtype=np.int64), "overdue_days": np.zeros(count)}
        due = network.demands.due
    else:
        due = plan.due
    first_late = np.searchsorted(timeline.edges[:-1], due, side="left").astype(np.int64)
    return {"due": first_late, "overdue_days": np.maximum(-due, 0) / DAY}


def _wanted(network: Network, activities: Activities, plan: Plan, policy: Policy, bucket: Ints) -> Floats:
    """Return (activity, period) what is wanted of every activity."""
    if isinstance(policy, BaseStock):
        result = np.zeros((activities.count, network.timeline.count))
        result[activities.demands] = asked_when_due(network) if policy.asked is None else policy.asked
        return result
    return spread_over_periods(plan, network.timeline, bucket, whole_activities(network))


def _levels(network: Network, activities: Activities, ranks: Ranks, policy: Policy, order: Ints) -> Levels:
    if not isinstance(policy, BaseStock):
        return NO_LEVELS
    by = replenishing(activities, ranks, order, len(network.nodes.item))
    upward = topological(activities.count, _edges(activities, False), _keys(network, activities, ranks))
    return levels_of(policy.level, by, upward, activities)


def _fixed(network: Network) -> dict[str, Ints | Floats]:
    fixed = network.fixed
    order = np.argsort(fixed.bucket, kind="stable")
    at = np.searchsorted(fixed.bucket[order], np.arange(network.timeline.count + 1)).astype(np.int64)
    return {"fixed_at": at, "fixed_node": fixed.node[order], "fixed_quantity": fixed.quantity[order]}


def step_of(network: Network) -> int:
    """Return the length of a full period in seconds."""
    return int(np.diff(network.timeline.edges).max())


def _covers(covers: Covers, count: int) -> dict[str, Ints | Floats]:
    watched = np.zeros(count, dtype=np.int64)
    watched[covers.pairs[:, 1]] = 1
    return {
        "cover_at": np.searchsorted(covers.pairs[:, 0], np.arange(count + 1)).astype(np.int64),
        "cover": np.ascontiguousarray(covers.pairs[:, 1]),
        "cover_ratio": covers.ratio,
        "cover_after": covers.after,
        "watched": watched,
    }


def _time(network: Network, plan: Plan, bucket: Ints) -> dict[str, Ints | Floats | int | float]:
    last = plan.buckets.edges[-1] - plan.buckets.edges[-2]
    return {
        "days": network.timeline.days,
        "bucket": bucket,
        "last_days": float(last) / DAY,
        "buckets": plan.buckets.count,
        "tier": network.demands.tier,
        "tiers": len(network.priorities),
    }


def _materials(activities: Activities) -> dict[str, Ints | Floats]:
    inputs, outputs, loads = activities.inputs, activities.outputs, activities.loads
    patterns, booked = activities.patterns, activities.load_patterns
    return {
        "input_at": inputs.starts(activities.count),
        "input_node": inputs.node,
        "input_quantity": inputs.quantity,
        "input_pattern": inputs.pattern,
        "input_first": inputs.first,
        "input_until": inputs.until,
        "output_at": outputs.starts(activities.count),
        "output_node": outputs.node,
        "output_quantity": outputs.quantity,
        "output_pattern": outputs.pattern,
        "output_first": outputs.first,
        "output_until": outputs.until,
        "share_at": patterns.at,
        "share_period": patterns.period,
        "share": patterns.share,
        "load_at": loads.starts(activities.count),
        "load_resource": loads.node,
        "load_quantity": loads.quantity,
        "load_pattern": loads.pattern,
        "load_share_at": booked.at,
        "load_share_period": booked.period,
        "load_share": booked.share,
    }


def compile_case(
    network: Network,
    plan: Plan,
    policy: Policy,
    ranks: Ranks,
    channels: dict[Channel, int],
    longest_delay: int,
) -> tuple[Case, int, int]:
    """Return the case, and how many slots the rings of arrivals and of bookings need.

    Parameters
    ----------
    network : the programme compiled on periods
    longest_delay : periods
    """
    activities = activities_of(network)
    bucket = bucket_of_period(network.timeline, plan.buckets)
    covers = covers_of(activities, ranks, step_of(network))
    before = [(covered, fallback) for fallback, covered in covers.pairs.tolist()]
    order = topological(
        activities.count, [*_edges(activities, True), *before], _keys(network, activities, ranks)
    )
    reached = _activity_channels(network, channels)
    more = np.where(reached["delay_channel"] > 0, longest_delay, 0)
    ahead = _farthest(activities.outputs, activities.patterns, more[activities.outputs.activity])
    for node, lag in _farthest(activities.inputs, activities.patterns, np.zeros(1, dtype=np.int64)).items():
        ahead[node] = max(ahead.get(node, 0), lag)
    ring_at, ring_mask, slots = _rings(len(network.nodes.item), ahead)
    every = {resource: 1 for resource in range(len(network.resources.site))}
    booked = _farthest(activities.loads, activities.load_patterns, np.zeros(1, dtype=np.int64))
    book_at, book_mask, bookings = _rings(len(every), every | {r: max(lag, 1) for r, lag in booked.items()})
    wanted = _wanted(network, activities, plan, policy, bucket)
    levels = _levels(network, activities, ranks, policy, order)
    fields = {
        **_time(network, plan, bucket),
        **_materials(activities),
        **_due(network, plan, policy),
        **_fixed(network),
        **_covers(covers, activities.count),
        **reached,
        "order": order,
        "wanted": np.ascontiguousarray(wanted.T),
        "amount": np.ascontiguousarray(activities.amount.T),
        "total": activities.total,
        "soft": _soft(network, activities),
        "lane": activities.lane,
        "size": activities.size,
        "lane_amount": np.ascontiguousarray(np.minimum(network.lanes.amount, NO_LIMIT).T),
        "capacity": np.ascontiguousarray(network.resources.amount.T),
        "firm": np.ascontiguousarray(network.resources.firm.T),
        "book_at": book_at,
        "book_mask": book_mask,
        "opening": network.nodes.opening,
        "ring_at": ring_at,
        "ring_mask": ring_mask,
        "channels": 1 + len(channels),
        "first_demand": activities.offsets[3],
        "dust": DUST * np.maximum(wanted.sum(axis=1), 1.0),
        "level": levels.level,
        "level_node": levels.node,
        "level_activity": levels.activity,
        "level_quantity": levels.quantity,
        "position": first_position(network),
    }
    return Case(**fields), slots, bookings  # type: ignore[arg-type]
