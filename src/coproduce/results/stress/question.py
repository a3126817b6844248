"""What is asked of a stress test: programme, plan, settings, and all that is computed once for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from ...analyses.carried_out import CarriedOut
from ...calendar import DAY, Floats, Ints, Timeline
from ...compile.index import positions
from ...network import Network
from ...stress.activities import activities_of
from ...stress.events import Drill
from ...stress.periods import bucket_of_period
from ...stress.plan import Plan, spread_over_periods, whole_activities
from ...stress.policy import BaseStock, FollowPlan, Policy, planned_levels
from ...stress.result import Simulation
from ...stress.run import Simulator
from ...tables import Tables
from ..result import PlanResult
from .chunks import Outcome

FOLLOW, BASE_STOCK = "follow", "base-stock"


@dataclass(frozen=True)
class Settings:
    """How to test.

    Attributes
    ----------
    replications : most replications
    seed : two tests with one seed meet the same events
    workers : threads; without influence on the result
    period_days : length of the kernel's periods
    policy : `follow` the plan, or `base-stock` with the highest positions of the plan as targets
    precision : stop when the 95 % interval of mean beta is narrower than this on each side; None: never
    attributed : replications by which the loss is attributed; 0: not at all
    """

    replications: int = 1000
    seed: int = 0
    workers: int = 1
    period_days: float = 1.0
    policy: str = FOLLOW
    precision: float | None = None
    attributed: int = 512


@dataclass(frozen=True)
class Question:
    """A plan to be tested against risks and drills.

    Attributes
    ----------
    tables : the programme with its risks
    result : the audited plan
    drills : what happens in every replication
    """

    tables: Tables
    result: PlanResult
    drills: tuple[Drill, ...]
    settings: Settings

    @cached_property
    def carried_out(self) -> CarriedOut:
        """The plan with the options, milestones, overtime and learned loads that it has."""
        return CarriedOut.of(self.tables, self.result.frames, self.settings.period_days, self.drills)

    @property
    def planned(self) -> Plan:
        """The plan as quantities of activities."""
        return self.carried_out.plan

    @property
    def network(self) -> Network:
        """The programme on periods."""
        return self.carried_out.network

    @cached_property
    def groups(self) -> pl.DataFrame:
        """Item and priority of every group of demands, in order."""
        return self._demands.select("item", "priority").unique().sort("priority", "item")

    @property
    def _demands(self) -> pl.DataFrame:
        return self.tables["demands"]

    @cached_property
    def group_of(self) -> Ints:
        """(demand,) number of its group."""
        numbered = self.groups.with_row_index("group")
        found = self._demands.join(numbered, on=["item", "priority"], how="left", maintain_order="left")
        return found["group"].to_numpy().astype(np.int64)

    @cached_property
    def simulator(self) -> Simulator:
        """The programme made ready."""
        made = self.carried_out
        return Simulator.of(
            made.network, made.plan, made.risks, ranks=made.ranks, policy=self._policy(), groups=self.group_of
        )

    def _policy(self) -> Policy:
        if self.settings.policy == FOLLOW:
            return FollowPlan()
        bucket = bucket_of_period(self.network.timeline, self.planned.buckets)
        wanted = spread_over_periods(self.planned, self.network.timeline, bucket, whole_activities(self.network))
        return BaseStock(planned_levels(self.network, activities_of(self.network), wanted))

    @cached_property
    def undisturbed(self) -> Outcome:
        """One replication without any risk or drill: what happens inside the buckets of the plan."""
        size = len(self.simulator.risks.risks) + len(self.simulator.risks.drills)
        return Outcome.of(self.simulator.run(1, active=np.zeros(size, dtype=bool)))

    @property
    def buckets(self) -> Timeline:
        """The buckets of the plan."""
        return self.planned.buckets

    @cached_property
    def weights(self) -> Floats:
        """(demand,) weight of a late unit-day."""
        return self.network.demands.weight

    def losses(self, simulation: Simulation | Outcome) -> Floats:
        """Return (measure, replication) weighted late unit-days, and weighted units never delivered."""
        missing = np.maximum(simulation.asked - simulation.delivered, 0.0)
        return np.stack([self.weights @ simulation.late_days, self.weights @ missing])

    @cached_property
    def plan_deliveries(self) -> Floats:
        """(demand, bucket) units that the plan delivers."""
        deliveries = self.result.frames["deliveries"]
        found = np.zeros((self._demands.height, self.buckets.count))
        row = positions(deliveries["demand"], self._demands["demand"])
        np.add.at(found, (row, deliveries["bucket"].to_numpy()), deliveries["quantity"].to_numpy())
        return found

    @cached_property
    def plan_outcome(self) -> Outcome:
        """The plan itself as one replication, judged by its own buckets as the plan judges it."""
        demands, given = self.network.demands, self.plan_deliveries
        end = self.buckets.edges[1:]
        late = np.maximum(end[None, :] - self.planned.due[:, None], 0) / DAY
        quantity = demands.quantity
        unmet = np.maximum(quantity - given.sum(axis=1), 0.0)
        last_days = float(self.buckets.edges[-1] - self.buckets.edges[-2]) / DAY
        until_end = np.maximum(self.buckets.horizon - self.planned.due, 0) / DAY + last_days
        by_group = np.zeros((self.groups.height, self.buckets.count))
        np.add.at(by_group, self.group_of, given)
        used = given > 0
        last = np.where(used.any(axis=1), self.buckets.count - 1 - np.argmax(used[:, ::-1], axis=1), -1)
        in_time = (given * (late <= 0)).sum(axis=1)
        late_days = (given * late).sum(axis=1) + unmet * until_end
        return Outcome(
            asked=quantity[:, None],
            delivered=given.sum(axis=1)[:, None],
            in_time=in_time[:, None],
            late_days=late_days[:, None],
            last=last[:, None],
            by_group=by_group[..., None],
            events=np.zeros(1, dtype=np.int64),
        )
