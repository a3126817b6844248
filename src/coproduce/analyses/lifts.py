"""The limits that could be lifted upstream of a demand: which bounds each of them sets, and in which cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..calendar import NEVER, Floats, Ints
from ..network import Bools
from ..tables import Tables
from .agreed_lifts import agreed_lifts
from .growth_lifts import Growing, growth_lifts
from .lift import Lift
from .opened import AT_ONCE, LEADS, WINDOWS, Open, closed_by_window
from .upstream import Upstream


def lifts(tables: Tables, opened: Open, above: Upstream, growing: Growing) -> list[Lift]:
    """Return every limit upstream of a node that could be lifted by itself."""
    found = _Limits(tables, opened, above)
    return [
        *found.resources(),
        *found.processes(),
        *found.supplies(),
        *found.lanes(),
        *found.lead_times(),
        *found.material(),
        *found.stocks(),
        *agreed_lifts(tables, opened, above),
        *growth_lifts(opened, above, growing),
    ]


@dataclass(frozen=True)
class _Limits:
    tables: Tables
    opened: Open
    above: Upstream

    def _window_sides(self, table: str, entity: int) -> list[tuple[str, Bools]]:
        """Return the two columns of a window and the buckets that each closes."""
        timeline, bucket = self.opened.variants.network.timeline, np.arange(self.opened.count)
        begin, end = WINDOWS[table]
        frame = self.tables[table]
        first = timeline.seconds_of(frame[begin][entity : entity + 1], -NEVER)
        until = timeline.seconds_of(frame[end][entity : entity + 1], NEVER)
        if table == "resources":
            edges = timeline.edges
            return [(begin, edges[:-1] < first), (end, edges[1:] > until)]
        return [(begin, bucket < timeline.first_open(first)), (end, bucket >= timeline.first_open(until))]

    def _row_lift(self, group: str, kind: str, table: str, column: str, entity: int, where: Bools, to: Floats) -> Lift:
        bucket = np.flatnonzero(where)
        rows = self.opened.rows(group, np.full(len(bucket), entity), bucket)
        return Lift(kind, table, entity, column, entity, rows=rows, row_upper=to[bucket])

    def _bounded(
        self, group: str, kind: str, table: str, column: str, entity: int, amount: Floats, resting: Floats
    ) -> Iterator[Lift]:
        """Yield the lift of an amount per bucket and, where its calendar lowers it, of the calendar."""
        endless = np.full(len(amount), np.inf)
        if np.isfinite(amount[amount > 0]).any():
            yield self._row_lift(group, kind, table, column, entity, amount > 0, endless)
        if (resting > amount).any():
            yield self._row_lift(group, "calendar", table, "calendar", entity, resting > amount, resting)

    def resources(self) -> Iterator[Lift]:
        """Yield capacity, calendar and window of each resource."""
        variants = self.opened.variants
        now, added = variants.network.resources, self.opened.added
        shut, resting = (one.resources.amount + added for one in (variants.no_windows, variants.no_calendars))
        for entity in np.flatnonzero(self.above.resource).tolist():
            amount, firm = now.amount[entity] + added[entity], now.firm[entity]
            for lift in self._bounded("capacity", "resource", "resources", "capacity", entity, amount, resting[entity]):
                yield lift if lift.kind == "resource" else _less(lift, firm, self.opened)
            for column, closed in self._window_sides("resources", entity):
                gained = closed & (shut[entity] > amount)
                if gained.any():
                    yield self._row_lift("capacity", "window", "resources", column, entity, gained, shut[entity] - firm)

    def processes(self) -> Iterator[Lift]:
        """Yield rate, calendar and window of each process."""
        now, resting = self.opened.rate, self.opened.variants.no_calendars.processes.amount
        for entity in np.flatnonzero(self.above.process).tolist():
            yield from self._bounded("rate", "rate", "processes", "rate_limit", entity, now[entity], resting[entity])
            for column, closed in self._window_sides("processes", entity):
                yield from self._opened("run", "processes", column, entity, np.array([entity]), closed)

    def supplies(self) -> Iterator[Lift]:
        """Yield limit per period, total limit, calendar and window of each supply."""
        variants = self.opened.variants
        now, resting = variants.no_windows.supplies.amount, variants.no_calendars.supplies.amount
        shut = closed_by_window(variants)
        for entity in np.flatnonzero(self.above.supply).tolist():
            # Without its calendar a supply keeps its window, which the columns hold.
            yield from self._bounded(
                "offer", "supply", "supplies", "limit", entity, now[entity], np.maximum(resting[entity], now[entity])
            )
            if np.isfinite(variants.network.supplies.total[entity]):
                row = np.array([self.opened.row["supply_total"] + entity])
                yield Lift(
                    "supply_total", "supplies", entity, "total_limit", entity, rows=row, row_upper=np.array([np.inf])
                )
            for column, closed in self._window_sides("supplies", entity):
                yield from self._opened("buy", "supplies", column, entity, np.array([entity]), closed & shut[entity])

    def lanes(self) -> Iterator[Lift]:
        """Yield capacity, calendar and window of each lane."""
        network, resting = self.opened.variants.network, self.opened.variants.no_calendars.lanes.amount
        for entity, own in self._arcs_by_lane().items():
            amount = network.lanes.amount[entity]
            for lift in self._bounded("lane_capacity", "lane", "lanes", "capacity", entity, amount, resting[entity]):
                yield lift if lift.kind == "lane" else self._reopened(lift, own, amount == 0)
            for column, closed in self._window_sides("lanes", entity):
                yield from self._opened("ship", "lanes", column, entity, own, closed & (amount > 0))

    def _arcs_by_lane(self) -> dict[int, Ints]:
        """Return the arcs upstream of each lane that has any."""
        arcs = np.flatnonzero(self.above.arc)
        lane_of = self.opened.variants.network.lanes.arc_lane[arcs]
        return {lane: arcs[lane_of == lane] for lane in np.unique(lane_of).tolist()}

    def _reopened(self, lift: Lift, arcs: Ints, closed: Bools) -> Lift:
        """Return a lane's calendar lift that opens its closed buckets too."""
        columns = self._grid("ship", arcs, np.flatnonzero(closed))
        return Lift(
            lift.kind,
            lift.table,
            lift.row,
            lift.column,
            lift.entity,
            columns=columns,
            upper=np.full(len(columns), np.inf),
            rows=lift.rows,
            row_upper=lift.row_upper,
        )

    def _grid(self, kind: str, entities: Ints, buckets: Ints) -> Ints:
        """Return the columns of entities in buckets."""
        return self.opened.columns(kind, np.repeat(entities, len(buckets)), np.tile(buckets, len(entities)))

    def _opened(self, kind: str, table: str, column: str, entity: int, members: Ints, closed: Bools) -> Iterator[Lift]:
        """Yield the lift of one side of a window, where it closes anything."""
        columns = self._grid(kind, members, np.flatnonzero(closed))
        if len(columns):
            yield Lift("window", table, entity, column, entity, columns=columns, upper=np.full(len(columns), np.inf))

    def lead_times(self) -> Iterator[Lift]:
        """Yield the lead time of each process, lane and supply that has one."""
        members = {
            "processes": ("run", {p: np.array([p]) for p in np.flatnonzero(self.above.process).tolist()}),
            "lanes": ("ship", self._arcs_by_lane()),
            "supplies": ("buy", {s: np.array([s]) for s in np.flatnonzero(self.above.supply).tolist()}),
        }
        for table, (kind, entities) in members.items():
            leads = [self.tables[table][name].fill_null(0.0).to_numpy() for name in LEADS[table]]
            for entity, own in entities.items():
                longest = max(range(len(leads)), key=lambda at: leads[at][entity])
                if leads[longest][entity] > 0:
                    usual = self._grid(kind, own, np.arange(self.opened.count))
                    hurried = self._grid(AT_ONCE[kind], own, np.arange(self.opened.count))
                    yield Lift(
                        "lead_time",
                        table,
                        entity,
                        LEADS[table][longest],
                        entity,
                        columns=hurried,
                        upper=self.opened.upper[usual],
                    )

    def material(self) -> Iterator[Lift]:
        """Yield the nodes into which nothing flows but what is given."""
        for node in np.flatnonzero(self.above.sourceless).tolist():
            columns = self._grid("material", np.array([node]), np.arange(self.opened.count))
            table, row, column = self._given(node)
            yield Lift("material", table, row, column, node, columns=columns, upper=np.full(len(columns), np.inf))

    def _given(self, node: int) -> tuple[str, int, str]:
        """Return the cell that says how much of a node's item is given: its opening stock, its first receipt."""
        nodes = self.opened.variants.network.nodes
        if nodes.stock_row[node] >= 0 and nodes.opening[node] > 0:
            return "stocks", int(nodes.stock_row[node]), "opening"
        item, site = (
            self.tables["items"]["item"][int(nodes.item[node])],
            self.tables["sites"]["site"][int(nodes.site[node])],
        )
        receipts = self.tables["receipts"]
        own = np.flatnonzero(((receipts["item"] == item) & (receipts["site"] == site)).to_numpy())
        if len(own):
            return "receipts", int(own[0]), "quantity"
        return "items", int(nodes.item[node]), "item"

    def stocks(self) -> Iterator[Lift]:
        """Yield the stock to keep, at the end or always, and the most that may lie, of each node."""
        network = self.opened.variants.network
        nodes, every = network.nodes, np.arange(self.opened.count)
        for node in np.flatnonzero(self.above.node).tolist():
            row, columns = int(nodes.stock_row[node]), self._grid("stock", np.array([node]), every)
            if nodes.minimum[node] > 0:
                yield Lift("stock_minimum", "stocks", row, "minimum", node, low_columns=columns)
            if nodes.final_minimum[node] > 0:
                final = np.array([self.opened.row["final_stock"] + node])
                yield Lift("stock_minimum", "stocks", row, "final_min", node, low_rows=final)
            if np.isfinite(nodes.maximum[node]):
                endless = np.full(len(columns), np.inf)
                yield Lift("stock_maximum", "stocks", row, "maximum", node, columns=columns, upper=endless)


def _less(lift: Lift, firm: Floats, opened: Open) -> Lift:
    """Return the lift of a resource's calendar without what firm runs take."""
    bucket = (lift.rows - opened.row["capacity"]) % opened.count
    return Lift(
        lift.kind,
        lift.table,
        lift.row,
        lift.column,
        lift.entity,
        rows=lift.rows,
        row_upper=lift.row_upper - firm[bucket],
    )
