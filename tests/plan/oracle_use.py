"""The oracle's rule of use: what is worth doing because something that it brings can still be of use.

A unit at a node (item, site) is of use in a bucket if it can be delivered then or later, if a run under way takes the
item there then or later, if a stock must be kept there or has a terminal value, or if a run or shipment that is
itself worth doing takes it then or later. A run, order or shipment is worth doing if part of what it brings arrives
where and when it is of use. Time alone counts: quantities and capacities do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from oracle_clock import Row, seconds
from oracle_data import Arrays
from oracle_stability import Earlier

if TYPE_CHECKING:
    from oracle_versions import Allowed

Flags = npt.NDArray[np.bool_]


class Use:
    """Runs (process, bucket), orders (supply, bucket) and shipments (lane, item, bucket) worth doing."""

    def __init__(self, data: Arrays, allowed: Allowed, may_run: Flags, may_ship: Flags, may_deliver: Flags) -> None:
        self.data, self.allowed = data, allowed
        self.may_run, self.may_ship = may_run, may_ship
        self.of_use = data.zeros("item", "site", "bucket") > 0
        self.run, self.ship = np.zeros_like(may_run), np.zeros_like(may_ship)
        self.begin(may_deliver)
        while self.grow():
            pass
        self.buy = np.array([[self.serves(row, t) for t in data.buckets] for row in data.rows["supplies"]]).reshape(
            len(data.rows["supplies"]), -1
        )

    def mark(self, item: int, site: int, bucket: int) -> None:
        """Mark a node as of use up to a bucket: stock waits, until it is obsolete."""
        self.of_use[item, site, : bucket + 1] |= self.allowed.obsolete[item, : bucket + 1] == 0

    def mark_use(self, item: int, site: int, bucket: int) -> None:
        """Mark a node that is delivered or taken in there, and those of newer versions that may stand in."""
        for one in (item, *self.allowed.newer(item, bucket)):
            self.mark(one, site, bucket)

    def node(self, row: Row) -> tuple[int, int]:
        return self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]]

    def begin(self, may_deliver: Flags) -> None:
        """Mark deliveries, firm inputs and stocks that count at the end."""
        for d, row in enumerate(self.data.rows["demands"]):
            if row["quantity"] > 0:
                for t in np.flatnonzero(may_deliver[d]):
                    self.mark_use(*self.node(row), t)
        for row in self.data.rows["stocks"]:
            kept = not self.allowed.obsolete[self.node(row)[0], -1] and (row["final_min"] or row["terminal_value"])
            if row["minimum"] or kept:
                self.mark(*self.node(row), self.data.clock.count - 1)
        for i, s, u in np.argwhere(self.data.firm_inputs > 0):
            self.mark_use(i, s, u)
        self.begin_frozen()

    def begin_frozen(self) -> None:
        """Mark where frozen runs, orders and shipments bring something: it may lie there to the end."""
        earlier, last = Earlier(self.data), self.data.clock.count - 1
        for p in np.flatnonzero((earlier.kept("run") > 0).any(axis=1)):
            for flow in self.data.lines("flows", self.data.rows["processes"][p]):
                if flow["quantity"] > 0:
                    self.mark(*self.node({**flow, "site": self.data.rows["processes"][p]["site"]}), last)
        for s in np.flatnonzero((earlier.kept("order") > 0).any(axis=1)):
            self.mark(*self.node(self.data.rows["supplies"][s]), last)
        for n, i in np.argwhere((earlier.kept("shipment") > 0).any(axis=2)):
            self.mark(i, self.data.at["sites"][self.data.rows["lanes"][n]["to_site"]], last)

    def serves(self, row: Row, t: int, item: int | None = None) -> bool:
        """Tell whether an order or shipment of bucket t arrives, in part, where it is of use."""
        site = self.data.at["sites"][row["to_site" if "to_site" in row else "site"]]
        chosen = self.data.at["items"][row["item"]] if item is None else item
        lead = seconds(row["lead_days"])
        table = "lanes" if "to_site" in row else "supplies"
        lot = self.data.sizes(table, self.data.rows[table].index(row)).in_lots
        return any(
            self.of_use[chosen, site, u] and self.data.clock.share(t, u, lead, lot=lot) > 0 for u in self.data.buckets
        )

    def grow(self) -> bool:
        """Add the runs and shipments that have become worth doing, and what they take; tell whether any did."""
        before = self.run.sum() + self.ship.sum()
        for p, t in np.argwhere(self.may_run & ~self.run):
            if (self.of_use & (self.data.outputs[..., p, t] > 0)).any():
                self.run[p, t] = True
                for i, s, u in np.argwhere(self.data.inputs[..., p, t] > 0):
                    self.mark_use(i, s, u)
        for n, i, t in np.argwhere(self.may_ship & ~self.ship):
            row = self.data.rows["lanes"][n]
            if self.serves(row, t, i):
                self.ship[n, i, t] = True
                self.mark(i, self.data.at["sites"][row["from_site"]], t)
        return bool(self.run.sum() + self.ship.sum() > before)
