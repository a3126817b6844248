"""The oracle's programme as dense arrays: everything of docs/model.md that does not depend on the plan."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from oracle_clock import DAY, Clock, Row, amount, bucket_dates, seconds
from oracle_law import falls, single

from coproduce.tables import Tables

TABLE_OF = {
    "item": "items", "site": "sites", "process": "processes", "resource": "resources",
    "lane": "lanes", "supply": "supplies", "demand": "demands",
}  # fmt: skip
LOT_COST = {"processes": "setup_cost", "supplies": "order_cost", "lanes": "shipment_cost"}
Array = npt.NDArray[np.float64]


class Sizes(NamedTuple):
    """Sizes of one lot, and whether lots are counted."""

    minimum: float
    multiple: float
    maximum: float
    counted: bool
    joint: bool

    @property
    def in_lots(self) -> bool:
        return self.counted or self.joint or self.multiple > 0


class Arrays:
    """Everything of docs/model.md that does not depend on the plan."""

    def __init__(self, tables: Tables) -> None:
        self.rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
        self.programme = tables.programme
        self.clock = Clock(
            bucket_dates(self.programme.start, self.programme.buckets),
            self.programme.lead_time_rounding == "up",
        )
        self.buckets = range(self.clock.count)
        self.days = np.array([(end - start) / DAY for start, end in self.clock.spans])
        self.at = {
            table: {row[key]: n for n, row in enumerate(self.rows[table])}
            for table, key in (
                ("items", "item"),
                ("sites", "site"),
                ("processes", "process"),
                ("resources", "resource"),
            )
        }
        self.outputs = self.zeros("item", "site", "bucket", "process", "start")
        self.inputs = self.zeros("item", "site", "bucket", "process", "start")
        self.loaded = self.zeros("resource", "bucket", "process", "start")
        self.set_up = self.zeros("resource", "bucket", "process", "start")
        self.fixed = self.zeros("item", "site", "bucket")
        self.firm_inputs = self.zeros("item", "site", "bucket")
        self.firm_by_process = self.zeros("resource", "bucket", "process")
        self.makes = self.zeros("item", "process", "start")
        self.learned_shares: dict[int, list[tuple[Row, Array]]] = {}
        self.fill_planned_runs()
        self.fill_position()
        self.fill_firm_runs()

    @property
    def firm(self) -> Array:
        """(resource, bucket) what firm runs take."""
        return self.firm_by_process.sum(axis=2)

    def zeros(self, *dims: str) -> Array:
        """Return an array of zeros over named dimensions; `start` and `bucket` both count buckets."""
        return np.zeros([len(self.rows[TABLE_OF[dim]]) if dim in TABLE_OF else self.clock.count for dim in dims])

    def rate(self, currency: str | None) -> float:
        """Return the programme currency for one unit of a currency."""
        if currency in (None, self.programme.currency):
            return 1.0
        rates = [row for row in self.rows["exchange_rates"] if row["currency"] == currency]
        dated = [row for row in rates if row["date"] and row["date"] <= self.programme.start]
        undated = [row for row in rates if not row["date"]]
        return max(dated, key=lambda row: row["date"])["rate"] if dated else undated[0]["rate"]  # type: ignore[no-any-return]

    def amounts(self, row: Row, rate: str, per: str, scale: float = 1.0) -> list[float]:
        """Return rate x factor integrated over every bucket, inside the availability of the row."""
        entries = [entry for entry in self.rows["calendars"] if entry["calendar"] == row["calendar"]]
        result = []
        for start, stop in pairwise(self.clock.dates):
            begin = max(start, row.get("available_from") or start)
            end = min(stop, row.get("available_until") or stop)
            value = amount(row[rate], row[per], entries, begin, end) if begin < end else 0.0
            result.append(value * scale)
        return result

    def flow_delay(self, flow: Row, process: Row, length: int) -> int:
        """Return the seconds from the start of a run of the given length to a flow."""
        output = flow["quantity"] > 0
        from_end = (flow["offset_from"] or ("end" if output else "start")) == "end"
        safety = seconds(process["post_days"]) if output else 0
        return (length if from_end else 0) + seconds(flow["offset_days"]) + safety

    def units(self, flow: Row, process: Row) -> float:
        return flow["quantity"] * (process["yield_rate"] if flow["quantity"] > 0 else 1.0)  # type: ignore[no-any-return]

    def sizes(self, table: str, number: int) -> Sizes:
        """Return the sizes of the lots of a process, supply or lane."""
        row = self.rows[table][number]
        minimum, multiple = row["minimum_size"] or 0.0, row["multiple_size"] or 0.0
        maximum = np.inf if row["maximum_size"] is None else row["maximum_size"]
        if multiple:
            minimum = ceil(minimum / multiple - 1e-9) * multiple
            maximum = floor(maximum / multiple + 1e-9) * multiple if maximum < np.inf else maximum
        set_up = table == "processes" and any(load["setup_quantity"] for load in self.lines("loads", row))
        counted = bool(minimum or row[LOT_COST[table]] or set_up)
        return Sizes(minimum, multiple, maximum, counted, table == "processes" and bool(row["setup_group"]))

    def lines(self, table: str, process: Row) -> list[Row]:
        return [row for row in self.rows[table] if row["process"] == process["process"]]

    def fill_planned_runs(self) -> None:
        for p, process in enumerate(self.rows["processes"]):
            length, site = seconds(process["lead_days"]), self.at["sites"][process["site"]]
            lot = self.sizes("processes", p).in_lots
            for flow in self.lines("flows", process):
                delay, item = self.flow_delay(flow, process, length), self.at["items"][flow["item"]]
                for t in self.buckets:
                    if not self.clock.is_open(t, flow["start_from"], flow["start_until"]):
                        continue
                    self.makes[item, p, t] += float(flow["quantity"] > 0)
                    for u in self.buckets:
                        share = self.clock.share(t, u, delay, taken=flow["quantity"] < 0, lot=lot)
                        units = self.units(flow, process) * share
                        (self.outputs if units > 0 else self.inputs)[item, site, u, p, t] += abs(units)
            for load in self.lines("loads", process):
                first = seconds(load["from_days"])
                last = length if load["until_days"] is None else seconds(load["until_days"])
                shares = self.zeros("bucket", "start")
                if falls(load):
                    self.learned_shares.setdefault(p, []).append((load, shares))
                for t in self.buckets:
                    for u in self.buckets:
                        share = self.clock.load_share(t, u, first, last, lot=lot)
                        place = self.at["resources"][load["resource"]], u, p, t
                        if falls(load):
                            shares[u, t] = share
                        else:
                            self.loaded[place] += load["quantity"] * share
                        self.set_up[place] += (load["setup_quantity"] or 0.0) * share

    def post(self, item: str, site: str, instant: int, quantity: float) -> None:
        """Add a quantity to the bucket that contains an instant, if the horizon does."""
        bucket = self.clock.holding(instant)
        if bucket is not None:
            place = self.at["items"][item], self.at["sites"][site], bucket
            self.fixed[place] += quantity
            self.firm_inputs[place] += max(0.0, -quantity)

    def fill_position(self) -> None:
        for row in self.rows["stocks"]:
            self.post(row["item"], row["site"], 0, row["opening"])
        for row in self.rows["receipts"]:
            self.post(row["item"], row["site"], self.clock.at(row["date"]), row["quantity"])

    def fill_firm_runs(self) -> None:
        for order in self.rows["wip"]:
            process = self.rows["processes"][self.at["processes"][order["process"]]]
            started = self.clock.at(order["started"])
            length = self.clock.at(order["ends"]) - started if order["ends"] else seconds(process["lead_days"])
            for flow in self.lines("flows", process):
                first, last = flow["start_from"], flow["start_until"]
                if (first and order["started"] < first) or (last and order["started"] >= last):
                    continue
                instant = started + self.flow_delay(flow, process, length)
                self.post(flow["item"], process["site"], instant, order["quantity"] * self.units(flow, process))
            for load in self.lines("loads", process):
                number = floor(process["runs_before"]) + 1
                each = single(load, number) if falls(load) else load["quantity"]
                self.add_firm_load(load, started, length, order["quantity"] * each)

    def add_firm_load(self, load: Row, started: int, length: int, quantity: float) -> None:
        resource = self.at["resources"][load["resource"]]
        begin = started + seconds(load["from_days"])
        end = started + (length if load["until_days"] is None else seconds(load["until_days"]))
        for u, (left, right) in enumerate(self.clock.spans):
            if end <= begin:
                share = float(left <= begin < right)
            else:
                share = max(0, min(end, right) - max(begin, left)) / (end - begin)
            self.firm_by_process[resource, u, self.at["processes"][load["process"]]] += quantity * share
