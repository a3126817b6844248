"""The arrays that the kernel runs on: what a programme can do, in periods, and what it wants to do."""

from __future__ import annotations

from typing import NamedTuple

from ..calendar import Floats, Ints

NO_LIMIT = 1e30
"""Stands for infinity where a factor of 0 must give 0."""


class Case(NamedTuple):
    """Activities, stocks and limits of one programme and policy (see `docs/stress.md`).

    Activities are counted supplies, processes, arcs, demands; `..._at` are the starts of compressed rows. Channels count
    from 1; number 0 is the channel that no event reaches.
    """

    days: Floats
    """(period,) lengths"""
    bucket: Ints
    """(period,) bucket of the plan"""
    order: Ints
    """activities in the order in which they are carried out"""
    wanted: Floats
    """(period, activity) what the policy wants"""
    amount: Floats
    """(period, activity) own limit"""
    total: Floats
    """(activity,) most over the horizon"""
    soft: Ints
    """(activity,) 1 where nothing but a factor limits it"""
    lane: Ints
    """(activity,) lane of an arc, -1 for others"""
    size: Floats
    """(activity,) lane units per unit"""
    lane_amount: Floats
    """(period, lane)"""
    input_at: Ints
    input_node: Ints
    input_quantity: Floats
    input_pattern: Ints
    input_first: Ints
    input_until: Ints
    output_at: Ints
    output_node: Ints
    output_quantity: Floats
    output_pattern: Ints
    output_first: Ints
    output_until: Ints
    share_at: Ints
    """(pattern x period + 1,) rows of what arrives when"""
    share_period: Ints
    share: Floats
    load_at: Ints
    load_resource: Ints
    load_quantity: Floats
    load_pattern: Ints
    load_share_at: Ints
    load_share_period: Ints
    load_share: Floats
    capacity: Floats
    """(period, resource)"""
    firm: Floats
    """(period, resource) booked by firm runs"""
    book_at: Ints
    """(resource,) first slot of the ring of bookings"""
    book_mask: Ints
    """(resource,) slots of the ring less 1, which are a power of two"""
    opening: Floats
    """(node,)"""
    fixed_at: Ints
    """(period + 1,) rows of movements that are data"""
    fixed_node: Ints
    fixed_quantity: Floats
    ring_at: Ints
    """(node,) first slot of the ring of arrivals"""
    ring_mask: Ints
    """(node,) slots of the ring less 1"""
    limit_channel: Ints
    """(activity,) factor on what can be done"""
    yield_channel: Ints
    """(activity,) factor on what comes out"""
    asked_channel: Ints
    """(activity,) factor on what is wanted"""
    delay_channel: Ints
    """(activity,) delay, in periods"""
    lane_channel: Ints
    resource_channel: Ints
    channels: int
    first_demand: int
    """number of the first activity that is a delivery"""
    due: Ints
    """(demand,) first period that counts as late; the number of periods for never; -1: in the period asked"""
    overdue_days: Floats
    """(demand,) days by which it is late before the start"""
    last_days: float
    """days that unmet units count beyond the horizon"""
    tier: Ints
    """(demand,) row of the sums over buckets"""
    tiers: int
    buckets: int
    cover_at: Ints
    """(activity + 1,) rows of the activities that a fallback covers"""
    cover: Ints
    cover_ratio: Floats
    """runs of the fallback that give what one run of the covered gives"""
    cover_after: Ints
    """(activity,) periods of backlog after which a fallback steps in"""
    watched: Ints
    """(activity,) 1 where a fallback covers it"""
    dust: Floats
    """(activity,) backlog below this counts as none"""
    level: Floats
    """(rank,) target levels of base stock, demands first; empty when following a plan"""
    level_node: Ints
    level_activity: Ints
    level_quantity: Floats
    """(rank,) units of the node per run of its activity"""
    position: Floats
    """(node,) inventory position at the start"""
