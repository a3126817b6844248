"""The oracle's agreements: docs/model.md, section Agreements, in linopy, as literal as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import linopy
import numpy as np
import xarray as xr
from oracle_clock import Row, amount, seconds
from oracle_data import Array
from oracle_earmarks import Earmarks
from oracle_lots import labelled

if TYPE_CHECKING:
    from oracle import Oracle

Linear = Any


def border_amounts(oracle: Oracle) -> dict[str, list[float]]:
    """Return the capacity of every border in every bucket."""
    return {row["border"]: oracle.data.amounts(row, "capacity", "capacity_per") for row in oracle.rows["borders"]}


class Agreements:
    """Adds the rows of every agreement; `columns` and `rows` count what was added."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle, self.data, self.clock, self.rows_of = oracle, oracle.data, oracle.clock, oracle.rows
        self.columns = self.rows = 0
        self.items = {row["item"]: row for row in self.rows_of["items"]}
        for add in (
            self.shares,
            self.sets,
            self.fair,
            self.floors,
            self.reservations,
            self.borders,
            self.transit,
            self.origin,
        ):
            add()
        Earmarks(self)

    # -- small tools -----------------------------------------------------------------------------

    def require(self, name: str, left: Linear, sign: str, right: float) -> None:
        """Add one row, even where nothing can move."""
        self.rows += 1
        nothing = 0.0 * self.oracle.unmet.sum()
        self.oracle.require(name, (left + nothing).expand_dims(one=[0]), sign, xr.DataArray([right], dims="one"))

    def number(self, name: str, *, integer: bool) -> linopy.Variable:
        self.columns += 1
        self.oracle.expected_columns += 1
        bounds: Row = {"binary": True} if integer else {"lower": 0.0, "upper": 1.0}
        return self.oracle.model.add_variables(name=name, **bounds)

    def covers(self, row: Row, item: str) -> bool:
        """Tell whether the scope of an agreement, an item or a family, covers an item."""
        if row["item"] is not None:
            return bool(row["item"] == item)
        return row["family"] is None or self.items[item]["family"] == row["family"]

    def begins_inside(self, row: Row, t: int) -> bool:
        return self.clock.is_open(t, row["start"], row["end"])

    def due_by(self, demand: Row, t: int) -> bool:
        """Tell whether a demand is due in or before bucket t."""
        return self.clock.at(demand["due"]) < self.clock.edges[t + 1]

    def delivered(self, demands: list[int], t: int) -> Linear:
        """Return what demands have got by the end of bucket t."""
        return self.oracle.deliver.isel(demand=demands, start=slice(0, t + 1)).sum()

    # -- the agreements --------------------------------------------------------------------------

    def site(self, name: str) -> Row:
        return next(row for row in self.rows_of["sites"] if row["site"] == name)

    def partners(self, share: Row, site: str) -> bool:
        column = "country" if share["party"] is None else "party"
        return bool(self.site(site)[column] == share[column])

    def added(self, process: Row, t: int) -> float:
        """Return the value that a run started in bucket t adds."""
        if process["work_value"] is not None:
            return float(process["work_value"] * self.data.rate(process["currency"]))
        total = 0.0
        for flow in self.data.lines("flows", process):
            if self.clock.is_open(t, flow["start_from"], flow["start_until"]):
                item = self.items[flow["item"]]
                unit = (item["unit_value"] or 0.0) * self.data.rate(item["currency"])
                total += self.data.units(flow, process) * unit
        return max(total, 0.0)

    def shares(self) -> None:
        for n, share in enumerate(self.rows_of["shares"]):
            years = {date.year for date in self.clock.dates[:-1]} if share["per"] == "year" else {0}
            for year in sorted(years):
                counted = [
                    self.begins_inside(share, t) and year in (0, self.clock.dates[t].year) for t in self.data.buckets
                ]
                work = self.worth if share["measure"] == "value" else self.hours
                everything, everything_firm = work(share, np.array(counted), own=False)
                own, own_firm = work(share, np.array(counted), own=True)
                for side, sign, slack in (("minimum", ">=", -1), ("maximum", "<=", 1)):
                    if share[side] is not None:
                        limit = share[side] + slack * share["tolerance"]
                        name = f"share-{n}-{year}-{side}"
                        self.require(name, own - limit * everything, sign, limit * everything_firm - own_firm)

    def makes(self, share: Row, process: Row) -> bool:
        if share["item"] is None and share["family"] is None:
            return True
        flows = self.data.lines("flows", process)
        return any(flow["quantity"] > 0 and self.covers(share, flow["item"]) for flow in flows)

    def worth(self, share: Row, counted: np.ndarray, *, own: bool) -> tuple[Linear, float]:
        """Return the value of planned runs and of firm ones."""
        each, firm = self.data.zeros("process", "start"), 0.0
        for p, process in enumerate(self.rows_of["processes"]):
            if not self.makes(share, process) or (own and not self.partners(share, process["site"])):
                continue
            each[p] = [self.added(process, t) * counted[t] for t in self.data.buckets]
            for row in self.rows_of["wip"]:
                t = self.clock.holding(self.clock.at(row["started"]))
                if row["process"] == process["process"] and t is not None:
                    firm += row["quantity"] * each[p, t]
        return (self.oracle.run * labelled(each, "process", "start")).sum(), firm

    def hours(self, share: Row, counted: np.ndarray, *, own: bool) -> tuple[Linear, float]:
        """Return the hours that planned runs and set-ups take of machines and people, and those of firm runs."""
        mask = self.data.zeros("resource", "bucket", "process", "start")
        for r, resource in enumerate(self.rows_of["resources"]):
            working = resource["kind"] in ("machine", "people") and resource["unit"].lower() in ("h", "hour", "hours")
            if working and (not own or self.partners(share, resource["site"])):
                for p, process in enumerate(self.rows_of["processes"]):
                    mask[r, :, p, :] = counted[:, None] * self.makes(share, process)
        run, set_up = ((mask * part).sum(axis=(0, 1)) for part in (self.data.loaded, self.data.set_up))
        left = (self.oracle.run * labelled(run, "process", "start")).sum()
        left = left + (self.oracle.lots.number["run"] * labelled(set_up, "process", "start")).sum()
        return left, float((mask[:, :, :, 0] * self.data.firm_by_process).sum()) if mask.size else 0.0

    def sets(self) -> None:
        for n, one in enumerate(self.rows_of["sets"]):
            members = [
                d for d, row in enumerate(self.rows_of["demands"]) if row["set"] == one["set"] and row["quantity"]
            ]
            for t in self.data.buckets:
                part = self.number(f"set-{n}-{t}", integer=False)
                for d in members:
                    got = self.oracle.deliver.isel(demand=d, start=t)
                    self.require(f"set-{n}-{t}-{d}", got - self.rows_of["demands"][d]["quantity"] * part, "=", 0.0)

    def fair(self) -> None:
        for n, rule in enumerate(self.rows_of["fair_shares"]):
            asked = {
                d: row
                for d, row in enumerate(self.rows_of["demands"])
                if row["priority"] == rule["priority"] and row["party"] and self.covers(rule, row["item"])
            }
            for t in self.data.buckets:
                level = self.number(f"fair-{n}-{t}", integer=False)
                for party in sorted({row["party"] for row in asked.values()}):
                    due = [d for d, row in asked.items() if row["party"] == party and self.due_by(row, t)]
                    total = sum(asked[d]["quantity"] for d in due)
                    if total:
                        over = self.delivered(due, t) - total * level
                        self.require(f"fair-{n}-{t}-{party}-least", over, ">=", 0.0)
                        self.require(f"fair-{n}-{t}-{party}-most", over, "<=", rule["tolerance"] * total)

    def floors(self) -> None:
        demands = self.rows_of["demands"]
        for n, floor in enumerate(self.rows_of["export_floors"]):
            covered = [d for d, row in enumerate(demands) if self.covers(floor, row["item"])]
            home = [d for d in covered if demands[d]["kind"] == "domestic"]
            away = [d for d in covered if demands[d]["kind"] == "export"]
            for t in self.data.buckets:
                due = sum(demands[d]["quantity"] for d in home if self.due_by(demands[d], t))
                if floor["quantity"] is None:
                    due *= floor["share"]
                else:
                    begin, end = self.clock.dates[0], self.clock.dates[t + 1]
                    due = min(due, amount(floor["quantity"], floor["quantity_per"], [], begin, end))
                if due > 0:
                    opened = self.number(f"floor-{n}-{t}", integer=True)
                    self.require(f"floor-{n}-{t}", self.delivered(home, t) - due * opened, ">=", 0.0)
                    most = sum(demands[d]["quantity"] for d in away)
                    sent = self.oracle.deliver.isel(demand=away, start=t).sum()
                    self.require(f"export-{n}-{t}", sent - most * opened, "<=", 0.0)

    def reservations(self) -> None:
        for n, row in enumerate(self.rows_of["reservations"]):
            r, resource = next(
                (r, one) for r, one in enumerate(self.rows_of["resources"]) if one["resource"] == row["resource"]
            )
            capacity = self.data.amounts(resource, "capacity", "capacity_per", resource["efficiency"])
            mine = (row["processes"] or "").replace(" ", "").split(";")
            others = np.array(
                [
                    process["process"] not in mine
                    if row["processes"]
                    else self.site(process["site"])["party"] != row["party"]
                    for process in self.rows_of["processes"]
                ]
            )
            for t in self.data.buckets:
                if not self.begins_inside(row, t):
                    continue
                dates = self.clock.dates
                kept = (
                    row["share"] * capacity[t]
                    if row["quantity"] is None
                    else amount(row["quantity"], row["quantity_per"], [], dates[t], dates[t + 1])
                )
                firm = float((self.data.firm_by_process[r, t] * others).sum())
                run, set_up = (part[r, t] * others[:, None] for part in (self.data.loaded, self.data.set_up))
                load = (self.oracle.run * labelled(run, "process", "start")).sum()
                load = load + (self.oracle.lots.number["run"] * labelled(set_up, "process", "start")).sum()
                self.require(f"reserved-{n}-{t}", load, "<=", max(0.0, capacity[t] - kept - firm))

    def borders(self) -> None:
        size = self.oracle.column("items", "transport_size", "item")
        for border, most in border_amounts(self.oracle).items():
            lanes = [n for n, row in enumerate(self.rows_of["lanes"]) if row["border"] == border]
            for t in self.data.buckets:
                if np.isfinite(most[t]):
                    left = (self.oracle.ship.isel(lane=lanes, start=t) * size).sum()
                    self.require(f"border-{border}-{t}", left, "<=", most[t])

    def transit(self) -> None:
        for n, limit in enumerate(self.rows_of["transit_limits"]):
            items = [i for i, row in enumerate(self.rows_of["items"]) if self.covers(limit, row["item"])]
            demands = [d for d, row in enumerate(self.rows_of["demands"]) if self.covers(limit, row["item"])]
            got = self.oracle.deliver.isel(demand=demands).sum()
            lanes = self.rows_of["lanes"]
            days: Array = np.array([row["lead_days"] for row in lanes], dtype=np.float64)
            crossed: Array = np.array([float(row["border"] is not None) for row in lanes])
            for name, per_lane in (("days", days), ("crossings", crossed)):
                if limit[name] is not None:
                    moved = (self.oracle.ship.isel(item=items) * labelled(per_lane, "lane")).sum()
                    self.require(f"transit-{n}-{name}", moved - limit[name] * got, "<=", 0.0)

    # -- limits on origin ------------------------------------------------------------------------

    def goes_into(self, products: set[str]) -> set[str]:
        """Return products, versions that stand in for them, and all that goes into them, found one by one."""
        found, left = set[str](), sorted(products)
        while left:
            item = left.pop()
            if item in found:
                continue
            found.add(item)
            left += [row["item"] for row in self.items.values() if row["stands_in"] and row["replaces"] == item]
            for process in self.rows_of["processes"]:
                lines = self.data.lines("flows", process)
                if any(line["item"] == item and line["quantity"] > 0 for line in lines):
                    left += [line["item"] for line in lines if line["quantity"] < 0]
        return found

    def origin(self) -> None:
        """Limit the cost from outside to a share of what is used, as far as that came from outside the programme."""
        for n, limit in enumerate(self.rows_of["origin_limits"]):
            if limit["contract"] and limit["scope"] != "programme":
                continue  # see oracle_earmarks
            demanded = {row["item"] for row in self.rows_of["demands"]}
            one = limit["item"] or limit["family"]
            products = {item for item in self.items if self.covers(limit, item)} if one else demanded
            inside = {country.strip() for country in limit["countries"].split(";")}
            outside, counted = 0.0 * self.oracle.unmet.sum(), 0.0 * self.oracle.unmet.sum()
            given = 0.0
            for item in sorted(self.goes_into(products)):
                cost = (self.items[item]["component_cost"] or 0.0) * self.data.rate(self.items[item]["currency"])
                if cost:
                    came, far, came_given, far_given = self.came(item, inside, data=limit["stock"] == "counted")
                    used, used_given = self.taken(item, self.goes_into(products), item in products)
                    units = self.oracle.model.add_variables(name=f"origin-{n}-{item}", lower=0.0)
                    self.columns += 1
                    self.oracle.expected_columns += 1
                    self.require(f"origin-{n}-{item}-came", units - came, "<=", came_given)
                    self.require(f"origin-{n}-{item}-used", units - used, "<=", used_given)
                    outside, counted, given = outside + cost * far, counted + cost * units, given + cost * far_given
            self.require(f"origin-{n}", outside - limit["share"] * counted, "<=", -given)
            served = 0.0 * self.oracle.unmet.sum()
            most = {item: self.most(item, ()) for item in products}
            for d, row in enumerate(self.rows_of["demands"]):
                if row["item"] in products and np.isfinite(most[row["item"]]):
                    served = served + most[row["item"]] * self.oracle.deliver.isel(demand=[d]).sum()
            if all(np.isfinite(worth) for worth in most.values()):
                self.require(f"origin-{n}-served", counted - served, "<=", 0.0)

    def most(self, item: str, above: tuple[str, ...]) -> float:
        """Return the largest component cost that can have gone into a unit, by going down the bill of materials."""
        if item in above:
            return np.inf
        found, path = [0.0], (*above, item)
        row = self.items[item]
        bought = any(one["item"] == item for name in ("supplies", "stocks", "receipts") for one in self.rows_of[name])
        for process in self.rows_of["processes"]:
            lines = self.data.lines("flows", process)
            out = [self.data.units(line, process) for line in lines if line["item"] == item and line["quantity"] > 0]
            bought |= bool(out) and not self.made_of(process)
            if out:
                needs = [(line["item"], -line["quantity"]) for line in self.made_of(process)]
                found.append(sum(need * self.most(part, path) for part, need in needs) / min(out))
        newer = [one["item"] for one in self.items.values() if one["stands_in"] and one["replaces"] == item]
        found += [self.most(one, path) for one in newer]
        return max(*found, (row["component_cost"] or 0.0) * self.data.rate(row["currency"]) if bought else 0.0)

    def made_of(self, process: Row) -> list[Row]:
        return [line for line in self.data.lines("flows", process) if line["quantity"] < 0]

    def per_run(self, process: Row, item: str, t: int, sign: int) -> float:
        """Return the units of an item that a run started in bucket t gives (1) or takes (-1)."""
        lines = [line for line in self.data.lines("flows", process) if line["item"] == item]
        return sum(
            abs(self.data.units(line, process))
            for line in lines
            if sign * line["quantity"] > 0 and self.clock.is_open(t, line["start_from"], line["start_until"])
        )

    def firm(self, process: Row, item: str, sign: int) -> float:
        """Return the units of an item that firm runs of a process give or take in the horizon."""
        result = 0.0
        for order in self.rows_of["wip"]:
            if order["process"] != process["process"]:
                continue
            started = self.clock.at(order["started"])
            length = self.clock.at(order["ends"]) - started if order["ends"] else seconds(process["lead_days"])
            for line in self.data.lines("flows", process):
                first, last = line["start_from"], line["start_until"]
                closed = (first and order["started"] < first) or (last and order["started"] >= last)
                if line["item"] != item or sign * line["quantity"] <= 0 or closed:
                    continue
                instant = started + self.data.flow_delay(line, process, length)
                if self.clock.holding(instant) is not None:
                    result += order["quantity"] * abs(self.data.units(line, process))
        return result

    def came(self, item: str, inside: set[str], *, data: bool) -> tuple[Linear, Linear, float, float]:
        """Return units of an item from outside the programme, those from outside the countries, and both as data."""
        came = far = 0.0 * self.oracle.unmet.sum()
        amounts: list[tuple[float, str | None]] = []
        for s, supply in enumerate(self.rows_of["supplies"]):
            if supply["item"] == item:
                ordered = self.oracle.buy.isel(supply=[s]).sum()
                came = came + ordered
                far = far + (supply["origin"] not in inside) * ordered
        made = False
        for p, process in enumerate(self.rows_of["processes"]):
            gives = any(line["item"] == item and line["quantity"] > 0 for line in self.data.lines("flows", process))
            made |= gives and bool(self.made_of(process))
            if gives and not self.made_of(process):
                each = labelled(np.array([self.per_run(process, item, t, 1) for t in self.data.buckets]), "start")
                country = self.site(process["site"])["country"]
                came = came + (self.oracle.run.isel(process=[p]) * each).sum()
                far = far + (country not in inside) * (self.oracle.run.isel(process=[p]) * each).sum()
                amounts.append((self.firm(process, item, 1), country))
        if data:
            rows = [(row["item"], row["opening"], row["origin"]) for row in self.rows_of["stocks"]]
            rows += [(row["item"], row["quantity"], row["origin"]) for row in self.rows_of["receipts"]
                     if self.clock.holding(self.clock.at(row["date"])) is not None]  # fmt: skip
            amounts += [(units, origin) for name, units, origin in rows if name == item and (origin or not made)]
        total = sum(units for units, _ in amounts)
        return came, far, total, sum(units for units, origin in amounts if origin not in inside)

    def taken(self, item: str, covered: set[str], product: bool) -> tuple[Linear, float]:
        """Return units of an item that runs making something covered take, and deliveries of a product itself."""
        used, firm = 0.0 * self.oracle.unmet.sum(), 0.0
        for p, process in enumerate(self.rows_of["processes"]):
            makes = any(line["item"] in covered and line["quantity"] > 0 for line in self.data.lines("flows", process))
            if makes:
                each = labelled(np.array([self.per_run(process, item, t, -1) for t in self.data.buckets]), "start")
                used = used + (self.oracle.run.isel(process=[p]) * each).sum()
                firm += self.firm(process, item, -1)
        for d, row in enumerate(self.rows_of["demands"]):
            if product and row["item"] == item:
                used = used + self.oracle.deliver.isel(demand=[d]).sum()
        return used, firm
