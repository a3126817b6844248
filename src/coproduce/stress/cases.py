"""Compiles a programme, a policy and the channels of its targets into the arrays of the kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import DAY, Floats, Ints
from ..network import Network
from .activities import Activities, Patterns, activities_of
from .activities import Lines as _Lines
from .case import (
    NO_LIMIT,
    Case,
    Covers,
    Demands,
    Fixed,
    Lanes,
    Levels,
    Limits,
    Lines,
    Resources,
    Rings,
    Setups,
    Shares,
    Sizes,
    Spoils,
    Wants,
)
from .fallbacks import Covers as Fallbacks
from .fallbacks import Ranks, covers_of
from .order import best_tier, topological
from .periods import bucket_of_period
from .plan import Plan, spread_over_periods, whole_activities
from .policy import NO_LEVELS, BaseStock, FollowPlan, Policy, asked_when_due, first_position, levels_of, replenishing
from .targets import Channel

DUST = 1e-9


def _by_line(lines: _Lines, patterns: Patterns, zero_lag: bool) -> list[tuple[int, int]]:
    """Return (activity, node) of lines, all or only those that count in the period of the start."""
    pairs = zip(lines.activity.tolist(), lines.node.tolist(), lines.pattern.tolist(), strict=True)
    periods = patterns.periods
    rows = np.arange(len(patterns.at) - 1)
    filled = np.diff(patterns.at) > 0
    now = np.zeros(len(rows), dtype=bool)
    now[filled] = np.equal(patterns.period[patterns.at[:-1][filled]], rows[filled] % periods)
    instant = np.asarray(now.reshape(-1, periods).any(axis=1))
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


def _rings(count: int, farthest: dict[int, int]) -> tuple[Rings, int]:
    """Return rings that hold `farthest` periods ahead, and the number of their slots."""
    size = np.ones(count, dtype=np.int64)
    for row, lag in farthest.items():
        size[row] = 1 << int(lag).bit_length()
    at = np.concatenate([[0], np.cumsum(size)])
    return Rings(at[:-1].astype(np.int64), size - 1), int(at[-1])


def _farthest(lines: _Lines, patterns: Patterns, more: Ints) -> dict[int, int]:
    result: dict[int, int] = {}
    for node, lag in zip(lines.node.tolist(), (patterns.farthest[lines.pattern] + more).tolist(), strict=True):
        result[node] = max(result.get(node, 0), lag)
    return result


def _channel_of(channels: dict[Channel, int], names: list[Channel | None]) -> Ints:
    return np.array([0 if name is None else channels.get(name, 0) for name in names], dtype=np.int64)


def _channels(network: Network, known: dict[Channel, int]) -> dict[str, Ints]:
    """Return the channels of activities, lanes and resources by what they do."""
    arcs = network.lanes.arc_lane.tolist()
    supplies, processes = range(len(network.supplies.node)), range(len(network.processes.site))
    nothing: list[Channel | None] = [None] * len(network.demands.node)
    limits = [*(("supply", s) for s in supplies), *(("process", p) for p in processes), *(("lane", a) for a in arcs)]
    spoilt = [*(None for _ in supplies), *(("yield", p) for p in processes), *(None for _ in arcs)]
    late = [*(("delay_supply", s) for s in supplies), *(None for _ in processes), *(("delay_lane", a) for a in arcs)]
    asked: list[Channel | None] = [*(None for _ in limits), *(("asked", d) for d in range(len(nothing)))]
    return {
        "limit": _channel_of(known, [*limits, *nothing]),
        "yield": _channel_of(known, [*spoilt, *nothing]),
        "delay": _channel_of(known, [*late, *nothing]),
        "asked": _channel_of(known, asked),
        "lane": _channel_of(known, [("lane", lane) for lane in range(len(network.lanes.cost))]),
        "resource": _channel_of(known, [("resource", r) for r in range(len(network.resources.site))]),
    }


def _soft(network: Network, activities: Activities) -> Ints:
    """Return (activity,) 1 where neither an own limit nor a lane nor a resource limits it at any time."""
    finite = (activities.amount < NO_LIMIT) & (activities.amount > 0)
    limited = np.asarray(finite.any(axis=1))
    lane_limited = np.asarray(np.isfinite(network.lanes.amount).any(axis=1))
    carried = (activities.lane >= 0) & (activities.size > 0)
    limited[carried] |= lane_limited[activities.lane[carried]]
    limited[activities.loads.activity] = True
    return np.asarray(~limited, dtype=np.int64)


def _sizes(network: Network) -> Sizes:
    """Return the least lots and multiples of activities; set-ups alone ask for no size."""
    lanes, arcs = network.lanes.lots, network.lanes.arc_lane
    own, none = (network.supplies.lots, network.processes.lots), np.zeros(len(network.demands.node))
    least = np.concatenate([*(one.minimum for one in own), lanes.minimum[arcs], none])
    multiple = np.concatenate([*(one.multiple for one in own), lanes.multiple[arcs], none])
    sized = (least > 0) | (multiple > 0)
    return Sizes(least, multiple, sized.astype(np.int64), np.flatnonzero(sized).astype(np.int64))


def _due(network: Network, plan: Plan, policy: Policy) -> tuple[Ints, Floats]:
    """Return (demand,) first late period, and days late at the start."""
    edges = network.timeline.edges
    due = network.demands.due if isinstance(policy, BaseStock) else plan.due
    if isinstance(policy, BaseStock) and policy.asked is not None:
        return np.full(len(due), -1, dtype=np.int64), np.zeros(len(due))
    return np.searchsorted(edges[:-1], due, side="left").astype(np.int64), np.maximum(-due, 0) / DAY


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


def _reserve(network: Network, policy: Policy) -> Floats:
    """Return (period, node) the stock that is kept back."""
    nodes, count = network.nodes, network.timeline.count
    if not (isinstance(policy, FollowPlan) and policy.keep_minimum):
        return np.zeros((count, len(nodes.item)))
    holds = (np.arange(count) >= nodes.minimum_from[:, None]) & ~network.versions.ends(count)
    return np.ascontiguousarray(np.where(holds, nodes.minimum[:, None], 0.0).T)


def _fixed(network: Network) -> Fixed:
    fixed = network.fixed
    order = np.argsort(fixed.bucket, kind="stable")
    at = np.searchsorted(fixed.bucket[order], np.arange(network.timeline.count + 1)).astype(np.int64)
    return Fixed(at, fixed.node[order], fixed.quantity[order])


def step_of(network: Network) -> int:
    """Return the length of a full period in seconds."""
    return int(np.diff(network.timeline.edges).max())


def _case_covers(covers: Fallbacks, count: int) -> Covers:
    watched = np.zeros(count, dtype=np.int64)
    watched[covers.pairs[:, 1]] = 1
    at = np.searchsorted(covers.pairs[:, 0], np.arange(count + 1)).astype(np.int64)
    return Covers(at, np.ascontiguousarray(covers.pairs[:, 1]), covers.ratio, covers.after, watched)


def _case_lines(lines: _Lines, count: int) -> Lines:
    return Lines(lines.starts(count), lines.node, lines.quantity, lines.pattern, lines.first, lines.until)


def _case_shares(patterns: Patterns) -> Shares:
    return Shares(patterns.at, patterns.period, patterns.share)


def _case_rings(network: Network, activities: Activities, delayed: Ints, longest: int) -> tuple[tuple[Rings, int], ...]:
    """Return the rings of arrivals and of bookings, each with the number of its slots."""
    more = np.where(delayed > 0, longest, 0)[activities.outputs.activity]
    ahead = _farthest(activities.outputs, activities.patterns, more)
    none = np.zeros(1, dtype=np.int64)
    for node, lag in _farthest(activities.inputs, activities.patterns, none).items():
        ahead[node] = max(ahead.get(node, 0), lag)
    # Overload is carried into the next period, for which a ring of bookings always has room.
    booked = dict.fromkeys(range(len(network.resources.site)), 1)
    for resource, lag in _farthest(activities.loads, activities.load_patterns, none).items():
        booked[resource] = max(lag, 1)
    return _rings(len(network.nodes.item), ahead), _rings(len(booked), booked)


def _turned(values: Floats) -> Floats:
    """Return (period, entity) of (entity, period), infinities as a number that times 0 is 0."""
    return np.ascontiguousarray(np.minimum(values, NO_LIMIT).T)


@dataclass(frozen=True)
class Prepared:
    """A case with what the state of a block starts from.

    Attributes
    ----------
    slots, bookings : slots of the rings of arrivals and of bookings
    channels : number of channels, the idle one included
    opening, position : (node,) stock and inventory position at the start
    quantity : (demand,) units asked for before any surge; 0 for streams
    overdue_days : (demand,) days late at the start
    last_days : days that unmet units count beyond the horizon
    groups, buckets : size of the sums over buckets
    """

    case: Case
    slots: int
    bookings: int
    channels: int
    opening: Floats
    position: Floats
    quantity: Floats
    overdue_days: Floats
    last_days: float
    groups: int
    buckets: int


def prepare_case(
    network: Network,
    plan: Plan,
    policy: Policy,
    ranks: Ranks,
    channels: dict[Channel, int],
    longest_delay: int,
    groups: Ints,
) -> Prepared:
    """Return the arrays of the kernel for a programme compiled on periods; `longest_delay` is in periods.

    `groups` numbers the demands whose deliveries are added up together.
    """
    activities = activities_of(network)
    count, bucket = activities.count, bucket_of_period(network.timeline, plan.buckets)
    covers = covers_of(activities, ranks, step_of(network))
    before = [(covered, fallback) for fallback, covered in covers.pairs.tolist()]
    reached = _channels(network, channels)
    (arrivals, slots), (bookings, booked) = _case_rings(network, activities, reached["delay"], longest_delay)
    wanted = _wanted(network, activities, plan, policy, bucket)
    # Ways that are never taken would only close cycles, such as lanes there and back.
    used = (wanted.sum(axis=1) > 0) | (ranks.rank > 0) | isinstance(policy, BaseStock)
    edges = [(giver, taker) for giver, taker in _edges(activities, True) if used[giver] and used[taker]]
    order = topological(count, [*edges, *before], _keys(network, activities, ranks))
    due, overdue = _due(network, plan, policy)
    stream = isinstance(policy, BaseStock) and policy.asked is not None
    case = Case(
        days=network.timeline.days,
        bucket=bucket,
        order=order,
        wants=Wants(_turned(wanted), reached["asked"]),
        limits=Limits(_turned(activities.amount), activities.total, _soft(network, activities), reached["limit"]),
        sizes=_sizes(network),
        lanes=Lanes(_turned(network.lanes.amount), reached["lane"], activities.lane, activities.size),
        inputs=_case_lines(activities.inputs, count),
        outputs=_case_lines(activities.outputs, count),
        shares=_case_shares(activities.patterns),
        loads=_case_lines(activities.loads, count),
        load_shares=_case_shares(activities.load_patterns),
        setups=Setups(activities.setups, _turned(plan.lots_per_run[:, bucket])),
        resources=Resources(
            _turned(plan.left(network.resources.amount, bucket)), _turned(network.resources.firm), reached["resource"]
        ),
        bookings=bookings,
        arrivals=arrivals,
        reserve=_reserve(network, policy),
        fixed=_fixed(network),
        spoils=Spoils(reached["yield"], reached["delay"]),
        covers=_case_covers(covers, count),
        levels=_levels(network, activities, ranks, policy, order),
        demands=Demands(due, groups, DUST * np.maximum(wanted.sum(axis=1), 1.0)),
    )
    return Prepared(
        case=case,
        slots=slots,
        bookings=booked,
        channels=1 + max(channels.values(), default=0),
        opening=network.nodes.opening,
        position=first_position(network),
        quantity=np.zeros(len(due)) if stream else network.demands.quantity,
        overdue_days=overdue,
        last_days=float(plan.buckets.edges[-1] - plan.buckets.edges[-2]) / DAY,
        groups=1 + int(groups.max(initial=-1)),
        buckets=plan.buckets.count,
    )
