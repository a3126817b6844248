"""What stays the same in all chunks of a long stress test: the programme made ready, and what is counted of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..calendar import Floats, Ints, Timeline
from ..network import Bools, Network
from .cases import Prepared
from .fallbacks import Ranks
from .plan import Plan
from .policy import Policy
from .run import prepare
from .sampling import Risks
from .scopes import Scopes
from .targets import Targets


@dataclass(frozen=True)
class Window:
    """Deliveries to a set of demands in the buckets from `first` to `last`, both included."""

    scope: int
    first: int
    last: int


@dataclass(frozen=True)
class Study:
    """A programme made ready for chunks of replications; it can be sent to another process.

    Attributes
    ----------
    timeline : the periods
    scopes : sets of demands; the first `curves` of them are followed bucket by bucket
    windows : deliveries that are counted in some buckets only
    tier : (demand,) tier of each; `tiers` is their number
    taken_apart : share of the replications whose loss is attributed to risks, as (so many, of so many)
    quiet : (row,) what a replication without any event leaves behind
    """

    timeline: Timeline
    prepared: Prepared
    targets: Targets
    risks: Risks
    seed: int
    scopes: Scopes
    curves: int
    windows: tuple[Window, ...]
    tier: Ints
    tiers: int
    taken_apart: tuple[int, int]
    quiet: Floats = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(
        cls,
        network: Network,
        plan: Plan,
        risks: Risks,
        policy: Policy,
        ranks: Ranks,
        *,
        seed: int,
        members: Bools,
        curves: int,
        windows: Sequence[Window],
        taken_apart: tuple[int, int],
    ) -> Study:
        """Make a programme ready; `members` is (scope, demand)."""
        scopes = Scopes.of(members)
        prepared, targets = prepare(network, plan, risks, policy, ranks, scopes.group)
        return cls(
            timeline=network.timeline,
            prepared=prepared,
            targets=targets,
            risks=risks,
            seed=seed,
            scopes=scopes,
            curves=curves,
            windows=tuple(windows),
            tier=network.demands.tier,
            tiers=len(network.priorities),
            taken_apart=taken_apart,
        )

    @cached_property
    def layout(self) -> dict[str, slice]:
        """Rows of what each replication leaves behind, by name (`rows.rows_of`)."""
        demands, tiers = len(self.tier), self.tiers + 1
        sizes = {
            "delivered": self.curves * self.prepared.buckets,
            "windows": len(self.windows),
            "in_time": demands,
            "kept": demands,
            "complete": demands,
            "late_days": demands,
            "alpha": tiers,
            "beta": tiers,
            "gamma": tiers,
            "late": tiers,
            "undelivered": tiers,
            "events": len(self.risks.risks),
        }
        ends = np.cumsum(list(sizes.values())).tolist()
        return {name: slice(end - size, end) for (name, size), end in zip(sizes.items(), ends, strict=True)}

    @property
    def height(self) -> int:
        """Number of rows."""
        return int(self.layout["events"].stop)
