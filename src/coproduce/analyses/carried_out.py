"""A plan as the stress test carries it out: with the options, milestones, overtime and learned loads that it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..calendar import Floats, Timeline
from ..compile import compile_network
from ..compile.index import positions
from ..network import Network
from ..plan.grown import open_in_plan, rate_in_plan
from ..stress.events import Drill
from ..stress.fallbacks import Ranks, read_ranks
from ..stress.losses import losses
from ..stress.periods import bucket_of_period, period_network
from ..stress.plan import Plan, read_plan
from ..stress.result import Simulation
from ..stress.run import simulate
from ..stress.sampling import Risks, read_risks
from ..tables import Tables
from .learned import as_planned
from .planned import grown_in, learned_in
from .stood_in import with_versions


@dataclass(frozen=True)
class Trials:
    """How often a plan is carried out.

    Attributes
    ----------
    replications, seed : two plans with the same ones meet the same events
    period_days : length of the periods of the stress test
    threads : threads of the stress test; the result does not depend on it
    """

    replications: int = 1000
    seed: int = 0
    period_days: float = 1.0
    threads: int = 1


@dataclass(frozen=True)
class CarriedOut:
    """What the stress test needs of a plan."""

    network: Network
    plan: Plan
    risks: Risks
    ranks: Ranks

    @classmethod
    def of(
        cls,
        tables: Tables,
        frames: Mapping[str, pl.DataFrame],
        period_days: float,
        drills: Sequence[Drill] = (),
        *,
        versions: bool = True,
    ) -> CarriedOut:
        """Prepare a plan; `frames` are its result tables by name. Without `versions` nothing stands in or is gone."""
        buckets, own = compile_network(tables), tables
        if versions:
            tables, frames = with_versions(tables, buckets, frames)
            buckets = buckets if tables is own else compile_network(tables)
        network = _with_growth(tables, frames, buckets.timeline, period_network(tables, period_days))
        if len(network.learning.load):
            bucket = bucket_of_period(network.timeline, buckets.timeline)
            network = as_planned(network, learned_in(tables, frames)[:, bucket])
        return cls(
            network,
            read_plan(tables, buckets, frames),
            read_risks(own, _at_risk(network, own), drills),
            read_ranks(tables, network),
        )

    def simulate(self, trials: Trials) -> Simulation:
        """Carry the plan out."""
        return simulate(
            self.network, self.plan, self.risks, ranks=self.ranks, replications=trials.replications, seed=trials.seed,
            threads=trials.threads,
        )  # fmt: skip

    def losses(self, trials: Trials) -> Floats:
        """Carry the plan out and return (2, replication) late unit-days, and units not delivered."""
        return losses(
            self.network, self.plan, self.risks, ranks=self.ranks, replications=trials.replications, seed=trials.seed,
            threads=trials.threads,
        )  # fmt: skip


def _at_risk(network: Network, tables: Tables) -> Network:
    """Return a network whose processes are those of the tables: versions stand in whatever happens to a site."""
    processes = network.processes
    return replace(network, processes=replace(processes, site=processes.site[: tables["processes"].height]))


def _with_growth(tables: Tables, frames: Mapping[str, pl.DataFrame], buckets: Timeline, network: Network) -> Network:
    """Return the programme on periods with what the plan buys, opens and works overtime."""
    plan = grown_in(tables, network, frames)
    supplies, processes, lanes = network.supplies, network.processes, network.lanes
    run = open_in_plan(network, plan, "run", len(processes.site))
    buy = open_in_plan(network, plan, "buy", len(supplies.node))
    lane = np.ones(lanes.amount.shape, dtype=bool)
    lane[lanes.arc_lane] = open_in_plan(network, plan, "ship", len(lanes.arc_lane))
    capacity = plan.capacity + _overtime(tables, frames, buckets, network)
    return replace(
        network,
        resources=replace(network.resources, amount=capacity),
        processes=replace(processes, amount=np.where(run, rate_in_plan(network, plan), 0.0)),
        supplies=replace(supplies, amount=np.where(buy, supplies.amount, 0.0)),
        lanes=replace(lanes, amount=np.where(lane, lanes.amount, 0.0)),
    )


def _overtime(tables: Tables, frames: Mapping[str, pl.DataFrame], buckets: Timeline, network: Network) -> Floats:
    """Return (resource, period) the overtime that the plan works, spread evenly over its buckets."""
    load = frames["resource_load"]
    worked = np.zeros((len(network.resources.site), buckets.count))
    worked[positions(load["resource"], tables["resources"]["resource"]), load["bucket"]] = load["overtime"].to_numpy()
    bucket = bucket_of_period(network.timeline, buckets)
    share = network.timeline.days / buckets.days[bucket]
    return worked[:, bucket] * share
