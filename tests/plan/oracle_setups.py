"""The oracle's joint set-ups: 0 or 1 for every group and bucket, tied to runs by a large number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linopy
import numpy as np
from oracle_data import Array
from oracle_lots import MOST, labelled

if TYPE_CHECKING:
    from oracle import Oracle


class JointSetUps:
    """Whether each group is set up in each bucket.

    Attributes
    ----------
    columns, rows : how many of each were added
    taken : (group, resource) what one set-up takes
    """

    def __init__(self, oracle: Oracle) -> None:
        self.oracle, self.columns, self.rows = oracle, 0, 0
        data, self.groups = oracle.data, oracle.rows["setup_groups"]
        self.taken = np.zeros((len(self.groups), len(oracle.rows["resources"])))
        number = {row["setup_group"]: at for at, row in enumerate(self.groups)}
        for row in oracle.rows["setup_loads"]:
            self.taken[number[row["setup_group"]], data.at["resources"][row["resource"]]] += row["quantity"]
        if not self.groups:
            return
        upper = np.ones((len(self.groups), data.clock.count))
        self.columns = upper.size
        oracle.expected_columns += upper.size
        limit = labelled(upper, "group", "start")
        self.made = oracle.model.add_variables(lower=0 * limit, upper=limit, name="set_up", integer=True)
        oracle.variables["set_up"] = self.made
        members = [(p, number[row["setup_group"]]) for p, row in enumerate(oracle.rows["processes"])
                   if row["setup_group"]]  # fmt: skip
        for p, group in members:
            left = oracle.run.isel(process=p) - MOST * self.made.isel(group=group)
            self.rows += data.clock.count
            oracle.require(f"set_up_{p}", left, "<=", labelled(np.zeros(data.clock.count), "start"))

    def load(self) -> linopy.LinearExpression | float:
        """Return what set-ups take of every resource and bucket."""
        if not self.groups:
            return 0.0
        same = np.einsum("gr,bs->rbgs", self.taken, np.eye(self.oracle.data.clock.count))
        return (self.made * labelled(same, "resource", "bucket", "group", "start")).sum(["group", "start"])

    def cost(self, resource_cost: Array) -> Array:
        """Return (group, bucket) the cost of a set-up, resources included."""
        each = self.oracle.price("setup_groups", "cost") + self.taken @ resource_cost
        return np.broadcast_to(each[:, None], (len(self.groups), self.oracle.data.clock.count)).copy()
