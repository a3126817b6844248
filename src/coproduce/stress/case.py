"""The arrays that the kernel runs on: what a programme can do, in periods, and what it wants to do.

Activities are counted supplies, processes, arcs, demands; fields called `at` are the starts of compressed rows.
Channels count from 1; number 0 is the channel that no event reaches.
"""

from __future__ import annotations

from typing import NamedTuple

from ..calendar import Floats, Ints

NO_LIMIT = 1e30
"""Stands for infinity where a factor of 0 must give 0."""


class Lines(NamedTuple):
    """Inputs or outputs of activities, or their loads with the resource as node; `at` is by activity."""

    at: Ints
    node: Ints
    quantity: Floats
    pattern: Ints
    first: Ints
    until: Ints


class Shares(NamedTuple):
    """What counts when; `at` is by pattern x period."""

    at: Ints
    period: Ints
    share: Floats


class Rings(NamedTuple):
    """What lies ahead: per node or resource the first slot of its ring, and its slots (a power of two) less 1."""

    at: Ints
    mask: Ints


class Wants(NamedTuple):
    """What is wanted, (period, activity), and the channel that multiplies it, (activity,)."""

    quantity: Floats
    channel: Ints


class Limits(NamedTuple):
    """Limits of activities of their own.

    Attributes
    ----------
    amount : (period, activity)
    total : (activity,) over the horizon
    soft : (activity,) 1 where nothing but a factor limits it
    channel : (activity,)
    """

    amount: Floats
    total: Floats
    soft: Ints
    channel: Ints


class Lanes(NamedTuple):
    """Capacities of lanes, (period, lane); lane and size are (activity,), the lane -1 for what is no arc."""

    amount: Floats
    channel: Ints
    lane: Ints
    size: Floats


class Resources(NamedTuple):
    """Capacities and bookings of firm runs, (period, resource)."""

    capacity: Floats
    firm: Floats
    channel: Ints


class Spoils(NamedTuple):
    """Channels of the yield and of the delay of activities."""

    lost: Ints
    delay: Ints


class Covers(NamedTuple):
    """What stands in for what; `at` is by fallback.

    Attributes
    ----------
    covered, ratio : (row,) activity, and runs of the fallback that give what one run of it gives
    after : (activity,) periods of backlog after which a fallback steps in
    watched : (activity,) 1 where a fallback covers it
    """

    at: Ints
    covered: Ints
    ratio: Floats
    after: Ints
    watched: Ints


class Levels(NamedTuple):
    """Target levels of base stock in the order of orders, demands first; empty when following a plan.

    Attributes
    ----------
    quantity : (rank,) units of the node per run of its activity
    """

    level: Floats
    node: Ints
    activity: Ints
    quantity: Floats


class Setups(NamedTuple):
    """What set-ups load beside the runs: (load,) resource units per lot, and (period, activity) lots per run."""

    quantity: Floats
    per_run: Floats


class Sizes(NamedTuple):
    """Sizes in which activities start, (activity,): the least lot and what all is a multiple of, 0 for none."""

    least: Floats
    multiple: Floats
    sized: Ints
    """1 where there is either"""
    rows: Ints
    """(sized activity,) these activities"""


class Fixed(NamedTuple):
    """Movements that are data; `at` is by period."""

    at: Ints
    node: Ints
    quantity: Floats


class Demands(NamedTuple):
    """What is counted of deliveries.

    Attributes
    ----------
    due : (demand,) first period that counts as late; -1: in the period asked
    group : (demand,) number of the group whose deliveries are added up
    dust : (activity,) a backlog below this counts as none
    """

    due: Ints
    group: Ints
    dust: Floats


class Case(NamedTuple):
    """One programme and policy, see `docs/stress.md`.

    Attributes
    ----------
    days, bucket : (period,) length, and bucket of the plan
    order : activities in the order in which they are carried out
    reserve : (period, node) stock that is kept back
    """

    days: Floats
    bucket: Ints
    order: Ints
    wants: Wants
    limits: Limits
    sizes: Sizes
    lanes: Lanes
    inputs: Lines
    outputs: Lines
    shares: Shares
    loads: Lines
    load_shares: Shares
    setups: Setups
    resources: Resources
    bookings: Rings
    arrivals: Rings
    reserve: Floats
    fixed: Fixed
    spoils: Spoils
    covers: Covers
    levels: Levels
    demands: Demands
