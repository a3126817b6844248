"""Joint set-ups as the plan states them: when each group is set up, what that takes of resources and costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Bools, Floats, Ints, floats, positions
from .clock import Clock


@dataclass(frozen=True)
class SetUps:
    """The rows of the table `setups` that name a known group and bucket.

    Attributes
    ----------
    at, group, bucket : (rows,) position in the table, group and bucket
    member : (processes,) group of every process, -1 for none
    taken : (groups, resources) resource units per set-up
    """

    at: Ints
    group: Ints
    bucket: Ints
    member: Ints
    taken: Floats

    @classmethod
    def of(cls, tables: Tables, frame: pl.DataFrame, clock: Clock) -> SetUps:
        """Look up the rows; those that name something unknown are reported by a check of references."""
        groups, loads = tables["setup_groups"], tables["setup_loads"]
        group, bucket = positions(frame["setup_group"], groups["setup_group"]), frame["bucket"].to_numpy()
        at = np.flatnonzero((group >= 0) & (bucket >= 0) & (bucket < clock.count)).astype(np.int64)
        taken = np.zeros((len(groups), len(tables["resources"])))
        of_group = positions(loads["setup_group"], groups["setup_group"])
        on = positions(loads["resource"], tables["resources"]["resource"])
        np.add.at(taken, (of_group, on), floats(loads["quantity"]))
        member = positions(tables["processes"]["setup_group"], groups["setup_group"])
        return cls(at, group[at], bucket[at].astype(np.int64), member, taken)

    def made(self, buckets: int) -> Bools:
        """Return (groups, buckets) whether the group is set up."""
        result = np.zeros((len(self.taken), buckets), dtype=bool)
        result[self.group, self.bucket] = True
        return result

    def load(self, buckets: int) -> Floats:
        """Return (resources, buckets) what set-ups take."""
        result = np.zeros((self.taken.shape[1], buckets))
        for group, bucket in zip(self.group.tolist(), self.bucket.tolist(), strict=True):
            result[:, bucket] += self.taken[group]
        return result
