"""A second statement of docs/model.md, written in linopy from the text alone, as literal as it can be.

It shares nothing with the planner but the table declarations: it has its own clock, its own integrals and its own
arrays, dense over every entity and bucket. Programmes must be small.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import highspy
import linopy
import numpy as np
import xarray as xr

from coproduce.tables import Tables

linopy.options["semantics"] = "v1"  # absent terms must not vanish silently

DAY = 86_400
Row = dict[str, Any]


class OracleInfeasibleError(Exception):
    """No plan satisfies the hard limits."""


# -- time ----------------------------------------------------------------------------------------


def seconds(days: float) -> int:
    """Convert a number of days to whole seconds."""
    return round(days * DAY)


def month_later(date: datetime, months: int) -> datetime:
    """Return the same day and time of a later month; only asked for the first day of a month."""
    assert date.day == 1
    years, month = divmod(date.month - 1 + months, 12)
    return date.replace(year=date.year + years, month=month + 1)


def following(date: datetime, unit: str) -> datetime:
    """Return the end of a bucket of the given unit that begins at `date`."""
    if unit == "month":
        return month_later(date, 1)
    if unit == "quarter":
        return month_later(date, 3)
    return date + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[unit]


def bucket_dates(start: datetime, buckets: str) -> list[datetime]:
    """Return the edges of the buckets as dates."""
    dates = [start]
    for count, unit in re.findall(r"(\d+)\s*([a-z]+?)s?\s*(?:,|$)", buckets):
        for _ in range(int(count)):
            dates.append(following(dates[-1], unit))
    return dates


def period_of(date: datetime, per: str) -> tuple[datetime, datetime]:
    """Return the period (hour ... year) that a date belongs to."""
    midnight = datetime(date.year, date.month, date.day)
    if per == "hour":
        first = midnight.replace(hour=date.hour)
        return first, first + timedelta(hours=1)
    if per in ("day", "week"):
        return midnight, midnight + timedelta(days=1 if per == "day" else 7)
    first = {
        "month": datetime(date.year, date.month, 1),
        "quarter": datetime(date.year, 3 * ((date.month - 1) // 3) + 1, 1),
        "year": datetime(date.year, 1, 1),
    }[per]
    return first, month_later(first, {"month": 1, "quarter": 3, "year": 12}[per])


def clock_time(text: str | None, empty: int) -> timedelta:
    """Return HH:MM as a time after midnight."""
    if text is None:
        return timedelta(hours=empty)
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def in_force(entry: Row, x: datetime) -> bool:
    """Tell whether a calendar entry holds at an instant."""
    if (entry["start"] and x < entry["start"]) or (entry["end"] and x >= entry["end"]):
        return False
    opens, closes = clock_time(entry["from_time"], 0), clock_time(entry["until_time"], 24)
    if closes <= opens:
        closes += timedelta(days=1)
    today = datetime(x.year, x.month, x.day)
    for midnight in (today, today - timedelta(days=1)):
        weekday = str(midnight.isoweekday())
        if midnight + opens <= x < midnight + closes and weekday in (entry["weekdays"] or "1234567"):
            return True
    return False


def factor(entries: list[Row], x: datetime) -> float:
    """Return the calendar's factor at an instant; `entries` in the order of the table."""
    holding = [entry for entry in entries if in_force(entry, x)]
    return min(holding, key=lambda entry: entry["priority"])["factor"] if holding else 1.0  # type: ignore[no-any-return]


def steps(entries: list[Row], begin: datetime, end: datetime) -> list[datetime]:
    """Return the instants of [begin, end] between which neither factors nor lengths of months change."""
    instants = {begin, end}
    times = {clock_time(None, 0)}
    for entry in entries:
        instants |= {entry["start"] or begin, entry["end"] or begin}
        times |= {clock_time(entry["from_time"], 0), clock_time(entry["until_time"], 24)}
    midnight = datetime(begin.year, begin.month, begin.day)
    while midnight < end:
        instants |= {midnight + time for time in times}
        midnight += timedelta(days=1)
    return sorted(instant for instant in instants if begin <= instant <= end)


def amount(rate: float | None, per: str, entries: list[Row], begin: datetime, end: datetime) -> float:
    """Return the integral of rate x factor over [begin, end); without a rate: no limit, or 0 if closed throughout."""
    total, opened = 0.0, False
    instants = steps(entries, begin, end)
    for left, right in zip(instants, instants[1:], strict=False):
        open_share = factor(entries, left)
        first, last = period_of(left, per)
        total += (rate or 0.0) * open_share * ((right - left) / (last - first))
        opened |= open_share > 0
    if rate is None:
        return np.inf if opened else 0.0
    return total


def ramp(x: int) -> float:
    """Return half the square of the positive part."""
    return max(x, 0) ** 2 / 2


def sum_of_uniforms(z: int, a: int, b: int, c: int, d: int) -> float:
    """Return the probability that s + x < z with s uniform over [a, b) and x over [c, d)."""
    return (ramp(z - a - c) - ramp(z - b - c) - ramp(z - a - d) + ramp(z - b - d)) / ((b - a) * (d - c))


# -- the programme as dense arrays ---------------------------------------------------------------


@dataclass
class Clock:
    """Bucket edges as dates and as seconds since the start."""

    dates: list[datetime]
    up: bool
    edges: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.edges = [self.at(date) for date in self.dates]

    @property
    def count(self) -> int:
        return len(self.dates) - 1

    @property
    def spans(self) -> list[tuple[int, int]]:
        return list(zip(self.edges, self.edges[1:], strict=False))

    def at(self, date: datetime) -> int:
        return round((date - self.dates[0]).total_seconds())

    def holding(self, instant: int) -> int | None:
        """Return the bucket that contains an instant."""
        return next((u for u, (start, end) in enumerate(self.spans) if start <= instant < end), None)

    def is_open(self, t: int, first: datetime | None, last: datetime | None) -> bool:
        """Tell whether the start of bucket t lies in a window."""
        return (first is None or first <= self.dates[t]) and (last is None or self.dates[t] < last)

    def share(self, t: int, u: int, delay: int, *, taken: bool = False) -> float:
        """Return the share of bucket t's flow that arrives (or is taken) in bucket u."""
        begin, end = (edge + delay for edge in self.spans[t])
        left, right = self.spans[u]
        if not self.up:
            return max(0, min(end, right) - max(begin, left)) / (end - begin)
        return float(left <= begin < right) if taken else float(left < end <= right)

    def load_share(self, t: int, u: int, first: int, last: int) -> float:
        """Return the share in bucket u of a load over [s + first, s + last), s uniform over bucket t."""
        (a, b), (left, right) = self.spans[t], self.spans[u]
        if last <= first:
            return max(0, min(b + first, right) - max(a + first, left)) / (b - a)
        return sum_of_uniforms(right, a, b, first, last) - sum_of_uniforms(left, a, b, first, last)


class Arrays:
    """Everything of docs/model.md that does not depend on the plan."""

    def __init__(self, tables: Tables) -> None:
        self.rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
        self.programme = tables.programme
        self.clock = Clock(
            bucket_dates(self.programme.start, self.programme.buckets), self.programme.lead_time_rounding == "up"
        )
        self.buckets = range(self.clock.count)
        self.days = np.array([(end - start) / DAY for start, end in self.clock.spans])
        self.at = {
            table: {row[key]: n for n, row in enumerate(self.rows[table])}
            for table, key in (("items", "item"), ("sites", "site"), ("processes", "process"), ("resources", "resource"))
        }
        self.produced = self.zeros("item", "site", "bucket", "process", "start")
        self.loaded = self.zeros("resource", "bucket", "process", "start")
        self.fixed = self.zeros("item", "site", "bucket")
        self.firm = self.zeros("resource", "bucket")
        self.fill_planned_runs()
        self.fill_position()
        self.fill_firm_runs()

    def size(self, dim: str) -> int:
        tables = {
            "item": "items", "site": "sites", "process": "processes", "resource": "resources",
            "lane": "lanes", "supply": "supplies", "demand": "demands",
        }  # fmt: skip
        return len(self.rows[tables[dim]]) if dim in tables else self.clock.count

    def zeros(self, *dims: str) -> xr.DataArray:
        sizes = [self.size(dim) for dim in dims]
        coords = {dim: np.arange(size) for dim, size in zip(dims, sizes, strict=True)}
        return xr.DataArray(np.zeros(sizes), dims=dims, coords=coords)

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
        for begin, end in zip(self.clock.dates, self.clock.dates[1:], strict=False):
            begin = max(begin, row.get("available_from") or begin)
            end = min(end, row.get("available_until") or end)
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

    def lines(self, table: str, process: Row) -> list[Row]:
        return [row for row in self.rows[table] if row["process"] == process["process"]]

    def fill_planned_runs(self) -> None:
        for p, process in enumerate(self.rows["processes"]):
            length, site = seconds(process["lead_days"]), self.at["sites"][process["site"]]
            for flow in self.lines("flows", process):
                delay, item = self.flow_delay(flow, process, length), self.at["items"][flow["item"]]
                for t in self.buckets:
                    if not self.clock.is_open(t, flow["start_from"], flow["start_until"]):
                        continue
                    for u in self.buckets:
                        share = self.clock.share(t, u, delay, taken=flow["quantity"] < 0)
                        self.produced[item, site, u, p, t] += self.units(flow, process) * share
            for load in self.lines("loads", process):
                first = seconds(load["from_days"])
                last = length if load["until_days"] is None else seconds(load["until_days"])
                for t in self.buckets:
                    for u in self.buckets:
                        share = self.clock.load_share(t, u, first, last)
                        self.loaded[self.at["resources"][load["resource"]], u, p, t] += load["quantity"] * share

    def post(self, item: str, site: str, instant: int, quantity: float) -> None:
        """Add a quantity to the bucket that contains an instant, if the horizon does."""
        bucket = self.clock.holding(instant)
        if bucket is not None:
            self.fixed[self.at["items"][item], self.at["sites"][site], bucket] += quantity

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
                self.add_firm_load(load, started, length, order["quantity"] * load["quantity"])

    def add_firm_load(self, load: Row, started: int, length: int, quantity: float) -> None:
        resource = self.at["resources"][load["resource"]]
        begin = started + seconds(load["from_days"])
        end = started + (length if load["until_days"] is None else seconds(load["until_days"]))
        for u, (left, right) in enumerate(self.clock.spans):
            if end <= begin:
                share = float(left <= begin < right)
            else:
                share = max(0, min(end, right) - max(begin, left)) / (end - begin)
            self.firm[resource, u] += quantity * share


# -- the model -----------------------------------------------------------------------------------


class Oracle:
    """The linear programme of docs/model.md and the values of its stages."""

    def __init__(self, tables: Tables) -> None:
        self.data = Arrays(tables)
        self.rows = self.data.rows
        self.clock = self.data.clock
        self.model = linopy.Model()
        self.stages: list[str] = []
        self.expected_rows = 0
        self.expected_columns = 0
        self.add_variables()
        self.add_balance()
        self.add_limits()
        self.add_stages()
        self.check_size()

    def variable(self, name: str, upper: xr.DataArray, lower: xr.DataArray | float = 0.0) -> linopy.Variable:
        self.expected_columns += upper.size
        return self.model.add_variables(lower=xr.zeros_like(upper) + lower, upper=upper, name=name)

    def require(self, name: str, left: Any, sign: str, right: xr.DataArray) -> None:
        """Add one row for every entry of the right-hand side."""
        self.expected_rows += right.size
        if right.size:  # linopy refuses a group of no rows
            self.model.add_constraints(left, sign, right, name=name)

    def add_variables(self) -> None:
        self.run = self.variable("run", self.run_limit())
        self.buy = self.variable("buy", self.order_limit())
        self.ship = self.variable("ship", self.departure_limit())
        self.deliver = self.variable("deliver", self.delivery_limit())
        self.unmet = self.variable("unmet", self.data.zeros("demand") + np.inf)
        least, most = self.stock_limits()
        self.closing = self.variable("closing", most, least)

    def run_limit(self) -> xr.DataArray:
        limit = self.data.zeros("process", "start")
        for p, row in enumerate(self.rows["processes"]):
            amounts = self.data.amounts(row, "rate_limit", "rate_per")
            for t in self.data.buckets:
                if self.clock.is_open(t, row["start_from"], row["start_until"]):
                    limit[p, t] = np.inf if row["rate_limit"] is None else amounts[t]
        return limit

    def order_limit(self) -> xr.DataArray:
        limit = self.data.zeros("supply", "start")
        for s, row in enumerate(self.rows["supplies"]):
            amounts = self.data.amounts(row, "limit", "limit_per")
            for t in self.data.buckets:
                if self.clock.is_open(t, row["order_from"], row["order_until"]):
                    limit[s, t] = amounts[t]
        return limit

    def departure_limit(self) -> xr.DataArray:
        """Return infinity where an item may leave over a lane; closed where the lane is shut."""
        limit = self.data.zeros("lane", "item", "start")
        self.lane_amount = self.data.zeros("lane", "start")
        for n, row in enumerate(self.rows["lanes"]):
            self.lane_amount[n, :] = self.data.amounts(row, "capacity", "capacity_per")
            for i, item in enumerate(self.rows["items"]):
                for t in self.data.buckets:
                    carries = row["item"] in (None, item["item"])
                    is_open = self.clock.is_open(t, row["start_from"], row["start_until"])
                    shut = row["capacity"] is None and self.lane_amount[n, t] == 0
                    limit[n, i, t] = np.inf if carries and is_open and not shut else 0.0
        return limit

    def late_days(self, demand: Row) -> list[float]:
        """Return the days late of a delivery in every bucket and, last, of what is never delivered."""
        due = self.clock.at(demand["due"])
        bucket = self.clock.holding(due)
        assert bucket is not None or due < 0
        from_ = due if bucket is None else self.clock.edges[bucket + 1]
        left, right = self.clock.spans[-1]
        ends = [*self.clock.edges[1:], right + (right - left)]
        return [max(0, end - from_) / DAY for end in ends]

    def delivery_limit(self) -> xr.DataArray:
        limit = self.data.zeros("demand", "start")
        for d, row in enumerate(self.rows["demands"]):
            late = self.late_days(row)
            for t, (_, end) in enumerate(self.clock.spans):
                early = row["earliest"] is not None and end <= self.clock.at(row["earliest"])
                most = row["maximum_late_days"]
                limit[d, t] = 0.0 if early or (most is not None and late[t] > most) else np.inf
        return limit

    def stock_limits(self) -> tuple[xr.DataArray, xr.DataArray]:
        least, most = self.data.zeros("item", "site", "start"), self.data.zeros("item", "site", "start") + np.inf
        for row in self.rows["stocks"]:
            i, s = self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]]
            if row["maximum"] is not None:
                most[i, s, :] = row["maximum"]
            for t, (_, end) in enumerate(self.clock.spans):
                if row["minimum_from"] is None or end > self.clock.at(row["minimum_from"]):
                    least[i, s, t] = row["minimum"]
            least[i, s, -1] = max(float(least[i, s, -1]), row["final_min"])
        return least, most

    def add_balance(self) -> None:
        """Add closing - previous closing = what is fixed + what arrives - what leaves."""
        bought = self.data.zeros("item", "site", "bucket", "supply", "start")
        moved = self.data.zeros("item", "site", "bucket", "lane", "start")
        delivered = self.data.zeros("item", "site", "bucket", "demand", "start")
        items, sites = self.data.at["items"], self.data.at["sites"]
        for t in self.data.buckets:
            for u in self.data.buckets:
                for s, row in enumerate(self.rows["supplies"]):
                    share = self.clock.share(t, u, seconds(row["lead_days"]))
                    bought[items[row["item"]], sites[row["site"]], u, s, t] = share
                for n, row in enumerate(self.rows["lanes"]):
                    moved[:, sites[row["to_site"]], u, n, t] += self.clock.share(t, u, seconds(row["lead_days"]))
                    moved[:, sites[row["from_site"]], u, n, t] -= float(t == u)
            for d, row in enumerate(self.rows["demands"]):
                delivered[items[row["item"]], sites[row["site"]], t, d, t] = 1.0
        change = self.data.zeros("bucket", "start")
        change[:, :] = np.eye(self.clock.count) - np.eye(self.clock.count, k=-1)
        self.require(
            "balance",
            (self.closing * change).sum("start")
            - (self.run * self.data.produced).sum(["process", "start"])
            - (self.buy * bought).sum(["supply", "start"])
            - (self.ship * moved).sum(["lane", "start"])
            + (self.deliver * delivered).sum(["demand", "start"]),
            "=",
            self.data.fixed,
        )

    def add_limits(self) -> None:
        capacity = self.data.zeros("resource", "bucket")
        for r, row in enumerate(self.rows["resources"]):
            capacity[r, :] = self.data.amounts(row, "capacity", "capacity_per", row["efficiency"])
        self.planned_load = (self.run * self.data.loaded).sum(["process", "start"])
        # The load of no run at all still needs a row: firm load alone may exceed the capacity.
        self.require("capacity", self.planned_load + 0.0 * self.unmet.sum(), "<=", capacity - self.data.firm)
        total = self.data.zeros("supply")
        total[:] = [np.inf if row["total_limit"] is None else row["total_limit"] for row in self.rows["supplies"]]
        limited = np.flatnonzero(np.isfinite(total))
        self.require("total", self.buy.sum("start").isel(supply=limited), "<=", total.isel(supply=limited))
        size = self.data.zeros("item")
        size[:] = [row["transport_size"] for row in self.rows["items"]]
        limited = np.flatnonzero([row["capacity"] is not None for row in self.rows["lanes"]])
        self.require(
            "lane", (self.ship * size).sum("item").isel(lane=limited), "<=", self.lane_amount.isel(lane=limited)
        )
        quantity = self.data.zeros("demand")
        quantity[:] = [row["quantity"] for row in self.rows["demands"]]
        self.require("demand", self.deliver.sum("start") + self.unmet, "=", quantity)

    def prices(self, table: str, column: str, dim: str) -> xr.DataArray:
        """Return a column of amounts in the programme's currency; empty is 0."""
        prices = self.data.zeros(dim)
        prices[:] = [(row[column] or 0.0) * self.data.rate(row["currency"]) for row in self.rows[table]]
        return prices

    def cost(self) -> linopy.LinearExpression:
        holding, terminal = self.data.zeros("item", "site"), self.data.zeros("item", "site")
        for row in self.rows["stocks"]:
            i, s = self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]]
            holding[i, s] = row["holding_cost"] * self.data.rate(row["currency"])
            terminal[i, s] = row["terminal_value"] * self.data.rate(row["currency"])
        stock_cost = holding * self.per_start(self.data.days / 365)
        stock_cost = stock_cost - terminal * self.per_start(np.eye(self.clock.count)[-1])
        return (
            (self.run * self.prices("processes", "cost", "process")).sum()
            + (self.planned_load * self.prices("resources", "cost", "resource")).sum()
            + (self.ship * self.prices("lanes", "cost", "lane")).sum()
            + (self.buy * self.prices("supplies", "price", "supply")).sum()
            + (self.closing * stock_cost).sum()
        )

    def per_start(self, values: np.ndarray[Any, Any]) -> xr.DataArray:
        array = self.data.zeros("start")
        array[:] = values
        return array

    def lateness(self) -> tuple[xr.DataArray, xr.DataArray]:
        """Return late days per demand and bucket, and per demand for unmet units."""
        late, never = self.data.zeros("demand", "start"), self.data.zeros("demand")
        for d, row in enumerate(self.rows["demands"]):
            *late[d, :], never[d] = self.late_days(row)
        return late, never

    def tier(self, priority: int) -> linopy.LinearExpression:
        late, never = self.lateness()
        weight = self.data.zeros("demand")
        weight[:] = [row["weight"] * (row["priority"] == priority) for row in self.rows["demands"]]
        return (self.deliver * (late * weight)).sum() + (self.unmet * (never * weight)).sum()

    def money(self) -> linopy.LinearExpression:
        late, never = self.lateness()
        late_cost = self.prices("demands", "late_cost", "demand")
        price, unmet_cost = (self.prices("demands", name, "demand") for name in ("price", "unmet_cost"))
        return (
            self.cost()
            + (self.deliver * (late * late_cost - price)).sum()
            + (self.unmet * (unmet_cost + never * late_cost)).sum()
        )

    def tidy(self) -> linopy.LinearExpression:
        stocked = (self.closing * self.per_start(self.data.days)).sum()
        return stocked + self.buy.sum() + self.ship.sum() + self.run.sum()

    def add_stages(self) -> None:
        """Add a free variable for the value of every stage."""
        if self.data.programme.objective == "money":
            stages = {"money": self.money()}
        else:
            priorities = sorted({row["priority"] for row in self.rows["demands"]})
            stages = {f"tier_{priority}": self.tier(priority) for priority in priorities}
            stages["cost"] = self.cost()
        stages["tidy"] = self.tidy()
        self.stages = list(stages)
        for name, expression in stages.items():
            value = self.variable(name, xr.DataArray(np.inf), -np.inf)
            self.require(f"is_{name}", expression - value, "=", xr.DataArray(0.0))

    def check_size(self) -> None:
        """Assert that linopy built every row and column: it has been seen to drop rows."""
        assert self.model.nvars == self.expected_columns == self.count_columns()
        assert self.model.ncons == self.expected_rows == self.count_rows()

    def count_columns(self) -> int:
        n = {name: len(rows) for name, rows in self.rows.items()}
        flows = n["processes"] + n["supplies"] + n["lanes"] * n["items"] + n["items"] * n["sites"] + n["demands"]
        return flows * self.clock.count + n["demands"] + len(self.stages)

    def count_rows(self) -> int:
        n = {name: len(rows) for name, rows in self.rows.items()}
        totals = sum(row["total_limit"] is not None for row in self.rows["supplies"])
        lanes = sum(row["capacity"] is not None for row in self.rows["lanes"])
        return (n["items"] * n["sites"] + n["resources"] + lanes) * self.clock.count + totals + n["demands"] + len(
            self.stages
        )

    def solve(self) -> dict[str, float]:
        """Return the optimum of every stage, each under the condition that the earlier ones stay as good.

        Raises
        ------
        OracleInfeasibleError
            No plan satisfies the hard limits.
        """
        highs = self.model.to_highspy()
        for option, setting in (("output_flag", False), ("primal_feasibility_tolerance", 1e-9),
                                ("dual_feasibility_tolerance", 1e-9)):  # fmt: skip
            assert highs.setOptionValue(option, setting) == highspy.HighsStatus.kOk
        assert (highs.getNumRow(), highs.getNumCol()) == (self.expected_rows, self.expected_columns)
        first = self.expected_columns - len(self.stages)  # the stages were added last
        highs.changeColsCost(first, np.arange(first, dtype=np.int32), np.zeros(first))
        values = {}
        for column, stage in enumerate(self.stages, start=first):
            highs.changeColCost(column, 1.0)
            values[stage] = self.optimum(highs)
            highs.changeColCost(column, 0.0)
            slack = self.data.programme.tier_tolerance * abs(values[stage]) + 1e-6
            highs.changeColBounds(column, -np.inf, values[stage] + slack)
        return values

    def optimum(self, highs: highspy.Highs) -> float:
        """Return the optimum of the present objective."""
        highs.run()
        status = highs.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise OracleInfeasibleError
        assert status == highspy.HighsModelStatus.kOptimal, status
        return float(highs.getObjectiveValue())


def optima(tables: Tables) -> dict[str, float]:
    """Return the optimum of every stage of a programme by name, in the order of the stages.

    Raises
    ------
    OracleInfeasibleError
        No plan satisfies the hard limits.
    """
    return Oracle(tables).solve()
