"""From the tables of agreements to arrays: whose work, which demands, which capacity each of them is about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..agreements import Agreements, Borders, ExportFloors, FairShares, OriginLimits, Reservations, Transit
from ..calendar import NEVER, Floats, Ints, Timeline
from ..network import Bools, Demands, Resources
from ..tables import Tables
from ..tables.keys import listed
from .amounts import Integrals, amounts
from .index import floats, positions
from .work import firm_of, work_shares


def in_scope(tables: Tables, frame: pl.DataFrame, items: pl.Series) -> Bools:
    """Return (row, item) whether the item or family of a row covers each of some items; empty covers all."""
    family = items.to_frame("item").join(tables["items"], on="item", how="left", maintain_order="left")["family"]
    own = np.ones((frame.height, len(items)), dtype=bool)
    for row, (item, of) in enumerate(frame.select("item", "family").iter_rows()):
        if item is not None:
            own[row] = (items == item).to_numpy()
        elif of is not None:
            own[row] = (family == of).fill_null(False).to_numpy()
    return own


def in_window(timeline: Timeline, frame: pl.DataFrame) -> Bools:
    """Return (row, bucket) whether a bucket begins in the window `start` to `end` of a row."""
    first = timeline.seconds_of(frame["start"], -NEVER)[:, None]
    until = timeline.seconds_of(frame["end"], NEVER)[:, None]
    starts = timeline.edges[:-1]
    return (first <= starts) & (starts < until)


@dataclass(frozen=True)
class Agreed:
    """The agreements of a programme."""

    tables: Tables
    timeline: Timeline
    integrals: Integrals
    rates: dict[str, float]

    def borders(self) -> Borders:
        """Return border crossings; a border that only `lanes.border` names has no capacity of its own."""
        frame = self.tables["borders"]
        limit = floats(frame["capacity"], np.inf)
        return Borders(
            lane=positions(self.tables["lanes"]["border"], frame["border"]),
            amount=amounts(self.timeline, self.integrals, frame["capacity_per"], frame["calendar"], limit),
        )

    def open_at_borders(self, lane_amount: Floats) -> Floats:
        """Return (lane, bucket) the amounts of lanes, 0 where the border they cross is closed."""
        borders = self.borders()
        if not len(borders.amount):
            return lane_amount
        closed = (borders.amount == 0)[borders.lane] & (borders.lane >= 0)[:, None]
        return np.where(closed, 0.0, lane_amount)

    def set_of(self) -> Ints:
        """Return (demand,) the set of each; demands of nothing are in none."""
        demands = self.tables["demands"]
        own = positions(demands["set"], self.tables["sets"]["set"])
        return np.where(floats(demands["quantity"], 0.0) > 0, own, -1)

    def told_apart(self, demands: Demands) -> Ints:
        """Return (demand,) the number of its kind where a floor tells kinds apart; -1 for members of sets and rules."""
        fair = self.fair(demands).demand_customer >= 0
        alone = (self.set_of() >= 0) | fair.any(axis=0)
        floors, kind = self.floors(demands), self.tables["demands"]["kind"].rank("dense").to_numpy().astype(np.int64)
        told = (floors.domestic | floors.export).any(axis=0)
        return np.where(alone, -1, np.where(told, kind, 0))

    def fair(self, demands: Demands) -> FairShares:
        """Return the customers of every rule: the parties that demands of its tier and scope name."""
        frame, asked = self.tables["fair_shares"], self.tables["demands"]
        customers: list[tuple[int, str]] = []
        demand_customer = np.full((frame.height, asked.height), -1, dtype=np.int64)
        scope = in_scope(self.tables, frame, asked["item"])
        named = ((asked["quantity"] > 0) & asked["party"].is_not_null()).to_numpy()
        for rule, priority in enumerate(frame["priority"].to_list()):
            mine = np.flatnonzero(scope[rule] & named & (asked["priority"] == priority).to_numpy())
            parties = asked["party"].gather(mine).to_list()
            order = {party: len(customers) + at for at, party in enumerate(sorted(set(parties)))}
            customers += [(rule, party) for party in order]
            demand_customer[rule, mine] = [order[party] for party in parties]
        due = np.zeros((len(customers), self.timeline.count))
        for rule in range(frame.height):
            mine = np.flatnonzero(demand_customer[rule] >= 0)
            when = np.maximum(demands.due_bucket[mine], 0)
            np.add.at(due, (demand_customer[rule, mine], when), demands.quantity[mine])
        rules = np.array([rule for rule, _ in customers], dtype=np.int64)
        return FairShares(floats(frame["tolerance"], 0.0), rules, demand_customer, np.cumsum(due, axis=1))

    def floors(self, demands: Demands) -> ExportFloors:
        """Return what must be delivered at home before exports: never more than is due there."""
        frame, asked = self.tables["export_floors"], self.tables["demands"]
        scope = in_scope(self.tables, frame, asked["item"])
        domestic = scope & (asked["kind"] == "domestic").to_numpy()
        by_bucket = np.zeros((asked.height, self.timeline.count))
        by_bucket[np.arange(asked.height), np.maximum(demands.due_bucket, 0)] = demands.quantity
        due_so_far = np.cumsum(domestic.astype(np.float64) @ by_bucket, axis=1)
        due = np.minimum(floats(frame["share"], 1.0), 1.0)[:, None] * due_so_far
        ends = self.timeline.edges[1:]
        for row, (quantity, per) in enumerate(frame.select("quantity", "quantity_per").iter_rows()):
            if quantity is not None:
                so_far = quantity * self.integrals.of(per, None).between(np.zeros(len(ends)), ends)
                due[row] = np.minimum(so_far, due_so_far[row])
        return ExportFloors(domestic, scope & (asked["kind"] == "export").to_numpy(), due)

    def reservations(self, resources: Resources) -> Reservations:
        """Return what all other processes may take of a resource: the rest, less what their firm runs take."""
        frame, processes = self.tables["reservations"], self.tables["processes"]["process"]
        resource = positions(frame["resource"], self.tables["resources"]["resource"])
        open_ = in_window(self.timeline, frame)
        others = np.ones((frame.height, len(processes)), dtype=bool)
        most = np.full((frame.height, self.timeline.count), np.inf)
        own = reserved_for(self.tables)
        for row, (quantity, per) in enumerate(frame.select("quantity", "quantity_per").iter_rows()):
            others[row] = ~own[row]
            amount = resources.amount[resource[row]]
            if quantity is None:
                kept = float(frame["share"][row] or 0.0) * amount
            else:
                kept = quantity * self.integrals.of(per, None).between(
                    self.timeline.edges[:-1], self.timeline.edges[1:]
                )
            firm = self._firm(resources, others[row])[resource[row]]
            most[row] = np.where(open_[row], np.maximum(amount - kept - firm, 0.0), np.inf)
        return Reservations(resource, others, most)

    def _firm(self, resources: Resources, chosen: Bools) -> Floats:
        """Return (resource, bucket) what firm runs of the chosen processes take."""
        return firm_of(self.tables, self.timeline, resources.load_resource, chosen)

    def transit(self) -> Transit:
        """Return the limits on transit; a lane that names a border crosses one."""
        frame, lanes = self.tables["transit_limits"], self.tables["lanes"]
        return Transit(
            item=in_scope(self.tables, frame, self.tables["items"]["item"]),
            days=floats(frame["days"], np.inf),
            crossings=floats(frame["crossings"], np.inf),
            lane_days=floats(lanes["lead_days"], 0.0),
            lane_crossings=lanes["border"].is_not_null().to_numpy().astype(np.float64),
        )

    def agreements(self, resources: Resources, demands: Demands, origin: OriginLimits) -> Agreements:
        """Return all agreements."""
        return Agreements(
            shares=work_shares(self.tables, self.timeline, self.rates, resources.load_resource),
            set_of=self.set_of(),
            sets=self.tables["sets"].height,
            fair=self.fair(demands),
            floors=self.floors(demands),
            reservations=self.reservations(resources),
            borders=self.borders(),
            transit=self.transit(),
            origin=origin,
        )


def reserved_for(tables: Tables) -> Bools:
    """Return (reservation, process) the processes that each reservation is for."""
    frame, processes = tables["reservations"], tables["processes"]
    at = positions(processes["site"], tables["sites"]["site"])
    runs_at = tables["sites"]["party"].to_list()
    result = np.zeros((frame.height, processes.height), dtype=bool)
    for row, (names, party) in enumerate(frame.select("processes", "party").iter_rows()):
        if names is not None:
            result[row] = processes["process"].is_in(list(listed(names))).to_numpy()
        elif party is not None:
            result[row] = [runs_at[site] == party for site in at.tolist()]
    return result
