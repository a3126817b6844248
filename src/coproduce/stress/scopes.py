"""Sets of demands whose deliveries are summed; the kernel sums by groups of demands that all sets treat alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools


@dataclass(frozen=True)
class Scopes:
    """Sets of demands.

    Attributes
    ----------
    group : (demand,) group of each; two demands of one group are in the same sets
    members : (scope, group) whether a group is in a set
    """

    group: Ints
    members: Bools

    @classmethod
    def of(cls, members: Bools) -> Scopes:
        """Return the scopes with these (scope, demand) members."""
        if not members.shape[0]:
            return cls(np.zeros(members.shape[1], dtype=np.int64), np.zeros((0, 1), dtype=bool))
        patterns, group = np.unique(members, axis=1, return_inverse=True)
        return cls(np.asarray(group, dtype=np.int64).ravel(), patterns.astype(bool))

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.members.shape[1])

    def sums(self, by_group: Floats) -> Floats:
        """Return (scope, ...) the sums of what is given by group, added in the order of the groups."""
        result = np.zeros((len(self.members), *by_group.shape[1:]))
        for scope, member in enumerate(self.members):
            for group in np.flatnonzero(member):
                result[scope] += by_group[group]
        return result
