"""Tables of what became of the agreements: each one's value, its limits, whether it is kept; how far items travel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats
from ..network import Network
from ..plan.assemble import Model
from ..plan.work import work
from ..tables import RESULT_TABLES, Tables
from .earmarks import counted_cost
from .names import Names, declared
from .served import Served

# Limits are kept within this share of the largest term, as in the audit.
KEPT = 1e-6
_NONE = np.nan


@dataclass(frozen=True)
class _Row:
    """One agreement in one period.

    Attributes
    ----------
    table, row, column : the cell that sets the limit
    first, last : buckets of the period
    room : by how much the limits are kept, in the units in which they are planned; negative where they are not
    """

    kind: str
    table: str
    row: int
    column: str
    first: int
    last: int
    unit: str
    value: float
    least: float
    most: float
    room: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What the rows are read off: the plan's columns, loads of row groups, and deliveries."""

    tables: Tables
    network: Network
    model: Model
    x: Floats
    given: Served

    def activity(self, group: str, but: str = "") -> Floats:
        """Return the sums of the terms of a row group, but those of one purpose, in the shape of its rows."""
        rows = self.model.rows[group].upper
        result = np.zeros(rows.size)
        for terms in self.model.terms:
            if terms.group == group and terms.purpose != but:
                at = terms.entity * rows.shape[1] + terms.bucket
                np.add.at(result, at, terms.value * self.model.values(terms.kind, self.x)[terms.column])
        return result.reshape(rows.shape)

    @property
    def delivered(self) -> Floats:
        """(demand, bucket) units delivered."""
        result = np.zeros((len(self.network.demands.node), self.network.timeline.count))
        np.add.at(result, (self.given.demand, self.given.bucket), self.given.quantity)
        return result

    @property
    def last(self) -> int:
        """The last bucket."""
        return self.network.timeline.count - 1


def agreements(tables: Tables, network: Network, model: Model, names: Names, given: Served, x: Floats) -> pl.DataFrame:
    """Return the table `agreements`."""
    outcome = Outcome(tables, network, model, x, given)
    rows = [row for part in _PARTS for row in part(outcome)]
    cells = [tables.origin(row.table, row.row, row.column) for row in rows]
    return declared(
        "agreements",
        kind=[row.kind for row in rows],
        agreement=[tables[row.table].item(row.row, 0) for row in rows],
        first=[names.starts[row.first] for row in rows],
        last=[names.ends[row.last] for row in rows],
        unit=[row.unit for row in rows],
        value=np.array([row.value for row in rows], dtype=np.float64),
        least=np.array([row.least for row in rows], dtype=np.float64),
        most=np.array([row.most for row in rows], dtype=np.float64),
        kept=pl.Series([row.room >= 0 for row in rows], dtype=pl.Boolean),
        file=[cell.file for cell in cells],
        cell=[str(cell).removeprefix(f"{cell.file} › ") for cell in cells],
    )


def _tolerance(scale: float) -> float:
    return KEPT * max(1.0, abs(scale))


def _room(value: float, least: float, most: float, scale: float) -> float:
    """Return by how much a value keeps its limits, with the room that rounding needs."""
    return float(np.nanmin([value - least, most - value, np.inf])) + _tolerance(scale)


def _shares(outcome: Outcome) -> Iterator[_Row]:
    shares = outcome.network.agreements.shares
    everywhere, own = shares.firm_all.copy(), shares.firm_own.copy()
    for one in work(outcome.network, outcome.model.columns):
        done = outcome.model.values(one.kind, outcome.x)[one.column]
        np.add.at(everywhere, (one.share, one.period), one.everywhere * done)
        np.add.at(own, (one.share, one.period), one.own * done)
    for share, minimum in enumerate(outcome.tables["shares"]["minimum"].to_list()):
        for period in np.unique(shares.period[share][shares.period[share] >= 0]).tolist():
            counted = np.flatnonzero(shares.period[share] == period)
            whole, part = float(everywhere[share, period]), float(own[share, period])
            least, most = float(shares.least[share]), float(shares.most[share])
            value = part / whole if whole > KEPT else _NONE
            column = "minimum" if minimum is not None else "maximum"
            room = _room(part, least * whole if least > -np.inf else -np.inf, _times(most, whole), whole)
            span = int(counted[0]), int(counted[-1])
            yield _Row("share", "shares", share, column, *span, "share of the work", value, least, most, room)


def _times(limit: float, whole: float) -> float:
    return limit * whole if np.isfinite(limit) else limit


def _sets(outcome: Outcome) -> Iterator[_Row]:
    delivered, quantity = outcome.delivered, outcome.network.demands.quantity
    for number in range(outcome.network.agreements.sets):
        mine = np.flatnonzero(outcome.network.agreements.set_of == number)
        value, room = _NONE, _tolerance(0)
        if len(mine):
            shares = delivered[mine] / quantity[mine, None]
            value, room = float(shares[0].sum()), _pairwise(shares, quantity[mine, None] + 0 * shares, 0.0)
        yield _Row("set", "sets", number, "set", 0, outcome.last, "share of the set", value, _NONE, _NONE, room)


def _pairwise(shares: Floats, sizes: Floats, tolerance: float) -> float:
    """Return by how much shares of members (member, bucket) keep a largest difference, in units of their sizes."""
    room = _tolerance(float(sizes.max(initial=0.0)))
    for one in range(len(shares)):
        with np.errstate(divide="ignore", invalid="ignore"):
            over = (shares[one] - shares - tolerance) / (1 / sizes[one] + 1 / sizes)
        room = min(room, _tolerance(float(sizes.max())) - float(np.nan_to_num(over).max(initial=0.0)))
    return room


def _fair(outcome: Outcome) -> Iterator[_Row]:
    fair, demands = outcome.network.agreements.fair, outcome.network.demands
    delivered = outcome.delivered
    buckets = np.arange(outcome.last + 1)
    for rule, tolerance in enumerate(fair.tolerance.tolist()):
        customers = np.flatnonzero(fair.rule == rule)
        got = np.zeros((len(customers), len(buckets)))
        for at, customer in enumerate(customers.tolist()):
            for demand in np.flatnonzero(fair.demand_customer[rule] == customer).tolist():
                so_far = np.cumsum(delivered[demand])
                got[at] += np.where(buckets >= demands.due_bucket[demand], so_far, 0.0)
        due = fair.due[customers]
        with np.errstate(invalid="ignore"):
            shares = np.where(due > 0, got / np.where(due > 0, due, 1.0), np.nan)
        spread = _spread(shares)
        bucket = int(np.argmax(spread)) if len(spread) else 0
        value = float(spread[bucket]) if len(spread) else _NONE
        room = _pairwise(np.nan_to_num(shares), due, tolerance)
        unit = "difference of shares"
        yield _Row("fair_share", "fair_shares", rule, "tolerance", bucket, bucket, unit, value, _NONE, tolerance, room)


def _spread(shares: Floats) -> Floats:
    """Return (bucket,) the largest difference between customers that anything was due to; 0 for fewer than two."""
    high = np.where(np.isnan(shares), -np.inf, shares).max(axis=0, initial=-np.inf)
    low = np.where(np.isnan(shares), np.inf, shares).min(axis=0, initial=np.inf)
    return np.where(np.isfinite(high) & np.isfinite(low), high - low, 0.0)


def _floors(outcome: Outcome) -> Iterator[_Row]:
    floors, quantity = outcome.network.agreements.floors, outcome.network.demands.quantity
    delivered, frame = outcome.delivered, outcome.tables["export_floors"]
    for floor in range(frame.height):
        home = np.cumsum(delivered[floors.domestic[floor]].sum(axis=0))
        counted = delivered > KEPT * np.maximum(quantity, 1.0)[:, None]
        bound = counted[floors.export[floor]].any(axis=0) & (floors.due[floor] > 0)
        column = "share" if frame["quantity"][floor] is None else "quantity"
        over = np.where(bound, floors.due[floor] - home, -np.inf)
        bucket = int(np.argmax(over)) if bound.any() else outcome.last
        least = float(floors.due[floor, bucket]) if bound.any() else _NONE
        value = float(home[bucket])
        row = ("export_floor", "export_floors", floor, column, bucket, bucket, "units delivered at home so far")
        yield _Row(*row, value, least, _NONE, _room(value, least, np.inf, value))


def _reserved(outcome: Outcome) -> Iterator[_Row]:
    reservations, frame = outcome.network.agreements.reservations, outcome.tables["reservations"]
    load = outcome.activity("reserved") if frame.height else np.zeros((0, 0))
    units = dict(outcome.tables["resources"].select("resource", "unit").iter_rows())
    for number, resource in enumerate(frame["resource"].to_list()):
        column = "share" if frame["quantity"][number] is None else "quantity"
        where = "reservation", "reservations", number, column
        yield _tightest(where, units[resource], load[number], reservations.most[number])


def _tightest(where: tuple[str, str, int, str], unit: str, load: Floats, most: Floats) -> _Row:
    """Return the bucket in which a load comes nearest to its limit, or is largest where there is none."""
    bucket = int(np.argmax(load - most if np.isfinite(most).any() else load))
    value, limit = float(load[bucket]), float(most[bucket])
    return _Row(*where, bucket, bucket, unit, value, _NONE, limit, _room(value, -np.inf, limit, value))


def _borders(outcome: Outcome) -> Iterator[_Row]:
    borders = outcome.network.agreements.borders
    load = outcome.activity("border") if len(borders.amount) else np.zeros((0, 0))
    for number in range(len(borders.amount)):
        where = "border", "borders", number, "capacity"
        yield _tightest(where, "lane units", load[number], borders.amount[number])


def _transit(outcome: Outcome) -> Iterator[_Row]:
    transit, network = outcome.network.agreements.transit, outcome.network
    ship = outcome.model.columns["ship"]
    units = np.zeros(len(network.lanes.arc_lane))
    np.add.at(units, ship.entity, outcome.model.values("ship", outcome.x))
    item = network.nodes.item[network.lanes.arc_from]
    got = np.zeros(transit.item.shape[1])
    np.add.at(got, network.nodes.item[network.demands.node[outcome.given.demand]], outcome.given.quantity)
    for number in range(len(transit.days)):
        covered, delivered = transit.item[number], float(got[transit.item[number]].sum())
        for name, most, per in (
            ("days", transit.days, transit.lane_days),
            ("crossings", transit.crossings, transit.lane_crossings),
        ):
            if np.isfinite(most[number]):
                moved = float((units * covered[item]) @ per[network.lanes.arc_lane])
                value, limit = moved / delivered if delivered > KEPT else _NONE, float(most[number])
                room = _room(moved, -np.inf, limit * delivered, max(moved, delivered))
                where = f"transit_{name}", "transit_limits", number, name, 0, outcome.last
                yield _Row(*where, f"{name} per unit delivered", value, _NONE, limit, room)


def _origin(outcome: Outcome) -> Iterator[_Row]:
    origin = outcome.network.agreements.origin
    limits = len(origin.share)
    used, acquired, outside, served = (
        outcome.activity(group, "counted")[:, 0] if len(origin.limit) else np.zeros(size)
        for group, size in (("origin_used", 0), ("origin_acquired", 0), ("origin", limits), ("origin_served", limits))
    )
    counted = np.minimum(origin.used - used, origin.given - acquired)
    round_ = (origin.product & np.isinf(origin.worth)).any(axis=1)
    most = np.where(round_, np.inf, -served)
    whole = np.minimum(np.bincount(origin.limit, weights=origin.cost * counted, minlength=limits), most)
    outside = origin.outside_given + outside
    marks = outcome.network.earmarks
    if len(marks.limit):
        outside[marks.limit] = outcome.activity("earmarked_origin", "counted")[:, 0]
        whole[marks.limit] = counted_cost(outcome.network, outcome.model, outcome.x)
    for number, share in enumerate(origin.share.tolist()):
        part, all_ = float(outside[number]), float(whole[number])
        value = part / all_ if all_ > KEPT else _NONE
        room = _room(part, -np.inf, share * all_, max(part, all_))
        where = "origin_limit", "origin_limits", number, "share", 0, outcome.last
        yield _Row(*where, "share of the component cost", value, _NONE, share, room)


_PARTS = (_shares, _sets, _fair, _floors, _reserved, _borders, _transit, _origin)


def exposure(tables: Tables, shipments: pl.DataFrame) -> pl.DataFrame:
    """Return the table `exposure` from the table `shipments`, by item, then lane."""
    lanes = tables["lanes"].select("lane", "border", "lead_days")
    by_lane = shipments.group_by("item", "lane", "from_site", "to_site").agg(pl.col("quantity").sum())
    joined = by_lane.join(lanes, on="lane", how="left").sort("item", "lane")
    full = joined.with_columns(
        crossings=pl.col("quantity") * pl.col("border").is_not_null(),
        transit=pl.col("quantity") * pl.col("lead_days"),
    )
    return full.select(pl.col(column.name).cast(column.dtype) for column in RESULT_TABLES["exposure"].columns.values())
