"""The kernel and the plain simulator, both written from docs/stress.md, do the same in every period."""

from __future__ import annotations

import os

import numpy as np
import pytest
import reference
from random_programmes import random_plan, random_tables, tables_of

from coproduce.network import Network
from coproduce.stress.fallbacks import read_ranks
from coproduce.stress.periods import bucket_of_period, period_network
from coproduce.stress.plan import Plan, spread_over_periods, whole_activities
from coproduce.stress.policy import BaseStock, FollowPlan, Policy, asked_when_due
from coproduce.stress.result import Log
from coproduce.stress.run import log
from coproduce.stress.sampling import Risks, read_risks
from coproduce.stress.state import LANES

SEEDS = range(600) if os.environ.get("COPRODUCE_ALL_SEEDS") else range(30)
PERIOD_DAYS = (1.0, 1.0, 0.5, 2.0)


def events_of(steps: Log, risks: Risks, replication: int) -> list[tuple[object, ...]]:
    """Return the events of one replication as the reference takes them."""
    events = steps.events
    return [
        (
            risks.reached[events.target[i]],
            int(events.start[i]),
            int(events.end[i]),
            float(events.factor[i]),
            int(events.delay[i]),
            bool(events.gradual[i]),
        )
        for i in np.flatnonzero(events.replication == replication)
    ]


def wanted_by(plan: Plan, network: Network, policy: Policy) -> np.ndarray:
    """Return (activity, period) what is wanted."""
    bucket = bucket_of_period(network.timeline, plan.buckets)
    wanted = spread_over_periods(plan, network.timeline, bucket, whole_activities(network))
    if isinstance(policy, BaseStock):
        wanted = np.zeros_like(wanted)
        wanted[-len(network.demands.node) :] = asked_when_due(network)
    return wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_kernel_and_plain_simulator_agree_step_by_step(seed: int) -> None:
    tables = tables_of(random_tables(seed))
    plan, network = random_plan(tables, seed), period_network(tables, PERIOD_DAYS[seed % 4])
    risks, ranks = read_risks(tables, network), read_ranks(tables, network)
    level = np.random.default_rng(seed).uniform(0, 40, len(network.nodes.item))
    policy = BaseStock(level) if seed % 3 == 2 else FollowPlan(keep_minimum=seed % 2 == 0)
    base_stock = isinstance(policy, BaseStock)
    lots = plan.lots_per_run[:, bucket_of_period(network.timeline, plan.buckets)]
    steps = log(network, plan, risks, ranks=ranks, seed=seed, policy=policy)
    for replication in (0, LANES - 1):
        events = events_of(steps, risks, replication)
        expected = reference.simulate(
            network,
            wanted_by(plan, network, policy),
            ranks,
            events,
            level=level if base_stock else None,
            lots=lots,
            keep=not base_stock and policy.keep_minimum,
        )
        for mine, theirs in zip((steps.done, steps.backlog, steps.stock), expected, strict=True):
            scale = 1.0 + np.abs(theirs).max()
            assert np.abs(mine[:, :, replication] - theirs).max() < 1e-9 * scale
