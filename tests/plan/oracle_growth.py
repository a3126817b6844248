"""The oracle's growth: milestones, ramps, options and overtime, stated from docs/model.md as literally as can be.

Whether something is there is a sum of 0/1 decisions, and what waits for it is at most a large number times that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from oracle import Oracle
from oracle_clock import DAY, Row, amount, seconds
from oracle_data import Array
from oracle_lots import labelled

LARGE = 1e3
FAR = 10**12


def names(cell: str | None) -> list[str]:
    """Return the names in a list."""
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


class GrowthOracle(Oracle):
    """The oracle of programmes with at least one milestone, option and resource."""

    # -- what the input says ---------------------------------------------------------------------

    def milestone(self, name: str) -> Row:
        return next(row for row in self.rows["milestones"] if row["milestone"] == name)

    def is_decided(self, name: str) -> bool:
        row = self.milestone(name)
        if row["reached"]:
            return False
        takes = any(load["milestone"] == name and load["quantity"] > 0 for load in self.rows["milestone_loads"])
        return takes or bool(row["option"]) or any(self.is_decided(one) for one in names(row["after"]))

    def reached(self, name: str) -> int:
        """Return the second at which a milestone that nobody decides is reached."""
        row = self.milestone(name)
        if row["reached"]:
            return self.clock.at(row["reached"])
        return self.ready(row) + seconds(row["duration_days"])

    def ready(self, row: Row) -> int:
        """Return the second from which a milestone may begin, as far as nobody decides."""
        earliest = self.clock.at(row["earliest"]) if row["earliest"] else 0
        return max([0, earliest, *(self.reached(one) for one in names(row["after"]) if not self.is_decided(one))])

    def required(self, row: Row, column: str = "requires") -> int:
        return max((self.reached(one) for one in names(row[column]) if not self.is_decided(one)), default=-FAR)

    def decided_in(self, row: Row, column: str = "requires") -> list[int]:
        order = [one["milestone"] for one in self.rows["milestones"]]
        return [order.index(one) for one in names(row[column]) if self.is_decided(one)]

    def option(self, name: str) -> int:
        return [row["option"] for row in self.rows["options"]].index(name)

    def opens(self, row: Row, column: str) -> int | None:
        """Return when a row opens by its own date and by milestones that nobody decides; None: always open."""
        own = [self.clock.at(row[column])] if row[column] else []
        required = self.required(row)
        return max(own + ([required] if required > -FAR else []), default=None)

    def stepped(
        self, row: Row, rate: float, per: str, ramp: str | None, counted: int, window: tuple[int, int]
    ) -> Array:
        """Return the amount in every bucket, by the calendar of the row, step by step of a ramp."""
        steps = [(0, 1.0)]
        if ramp:
            own = [one for one in self.rows["ramps"] if one["ramp"] == ramp]
            steps = sorted((one["after_days"] * DAY, one["factor"]) for one in own)
        entries = [entry for entry in self.rows["calendars"] if entry["calendar"] == row["calendar"]]
        bounds = [*steps, (FAR, 0.0)]
        result = np.zeros(self.clock.count)
        for t, (start, end) in enumerate(self.clock.spans):
            for (after, factor), (later, _) in pairwise(bounds):
                begin = max(start, counted + after, window[0])
                stop = min(end, counted + later, window[1])
                if begin < stop:
                    result[t] += amount(rate * factor, per, entries, self.date(begin), self.date(stop))
        return result

    def date(self, second: int) -> datetime:
        return self.clock.dates[0] + timedelta(seconds=second)

    # -- bounds of what was there before -----------------------------------------------------------

    def run_limit(self) -> Array:
        limit = super().run_limit()
        for p, row in enumerate(self.rows["processes"]):
            if row["ramp"] and not self.decided_in(row) and not row["option"]:
                counted = self.opens(row, "start_from") or 0
                limit[p] = np.minimum(limit[p], self.rate(row, counted))
            limit[p] = np.where(self.starts < self.required(row), 0.0, limit[p])
        return limit

    def rate(self, row: Row, counted: int) -> Array:
        return self.stepped(row, row["rate_limit"], row["rate_per"], row["ramp"], counted, (counted, FAR))

    @property
    def starts(self) -> Array:
        return np.array([start for start, _ in self.clock.spans])

    def order_limit(self) -> Array:
        shut = np.array([self.starts < self.required(row) for row in self.rows["supplies"]])
        return np.where(shut, 0.0, super().order_limit())

    def departure_limit(self) -> Array:
        shut = np.array([self.starts < self.required(row) for row in self.rows["lanes"]])
        return np.where(shut[:, None, :], 0.0, super().departure_limit())

    def delivery_limit(self) -> Array:
        ends = np.array([end for _, end in self.clock.spans])
        shut = np.array([ends <= self.required(row) for row in self.rows["demands"]])
        return np.where(shut, 0.0, super().delivery_limit())

    # -- decisions -----------------------------------------------------------------------------------

    def whole(self, name: str, upper: Array, *dims: str) -> None:
        self.expected_columns += upper.size
        self.own_columns += upper.size
        limit = labelled(upper, *dims)
        self.variables[name] = self.model.add_variables(lower=0 * limit, upper=limit, name=name, integer=True)

    def add_variables(self) -> None:
        super().add_variables()
        self.own_columns = self.own_rows = 0
        count = self.clock.count
        begin = np.zeros((len(self.rows["milestones"]), count))
        for m, row in enumerate(self.rows["milestones"]):
            if self.is_decided(row["milestone"]):
                begin[m] = self.starts >= self.ready(row)
        self.whole("begin", begin, "milestone", "start")
        bought = np.zeros((len(self.rows["options"]), count))
        for o, row in enumerate(self.rows["options"]):
            inside = [self.clock.is_open(t, row["order_from"], row["order_until"]) for t in range(count)]
            bought[o] = np.array(inside) * (self.starts >= self.required(row, "after")) * row["maximum"]
        self.whole("bought", bought, "option", "start")
        overtime = np.array([self.overtime(row) for row in self.rows["resources"]])
        self.variables["overtime"] = self.variable("overtime", overtime, "resource", "start")
        self.own_columns += overtime.size
        self.whole("opened_r", np.ones((len(self.rows["resources"]), count)), "resource", "start")
        self.whole("opened_p", np.ones((len(self.rows["processes"]), count)), "process", "start")

    def overtime(self, row: Row) -> Array:
        rate = (row["overtime_capacity"] or 0.0) * row["efficiency"]
        return self.stepped(row, rate, row["capacity_per"], None, 0, self.window(row))

    def window(self, row: Row) -> tuple[int, int]:
        opens = self.opens(row, "available_from")
        return -FAR if opens is None else opens, self.clock.at(row["available_until"]) if row[
            "available_until"
        ] else FAR

    def is_reached(self, m: int, t: int) -> Any:
        """Return how often a milestone is reached by the start of a bucket."""
        length = seconds(self.rows["milestones"][m]["duration_days"])
        counts = [float(start + length <= self.starts[t]) for start in self.starts]
        return (self.variables["begin"].isel(milestone=m, drop=True) * labelled(np.array(counts), "start")).sum()

    def in_effect(self, o: int, t: int, *, ended: bool = True) -> Any:
        """Return how many of an option are in effect at the start of a bucket."""
        row = self.rows["options"][o]
        counts = []
        for start in self.starts:
            effect = start + seconds(row["delay_days"])
            lasts = row["duration_days"] is None or not ended or self.starts[t] < effect + seconds(row["duration_days"])
            counts.append(float(effect <= self.starts[t] and lasts))
        return (self.variables["bought"].isel(option=o, drop=True) * labelled(np.array(counts), "start")).sum()

    def at_most(self, name: str, left: Any, right: float) -> None:
        self.require(f"growth_{name}", left + 0.0 * self.unmet.sum(), "<=", xr.DataArray(right))

    def waits(self, name: str, x: Any, row: Row, t: int, large: float, column: str = "requires") -> None:
        """Require that a column is 0 until decided milestones are reached and its option is in effect."""
        for m in self.decided_in(row, column):
            self.at_most(f"{name}_{t}_after_{m}", x - large * self.is_reached(m, t), 0.0)
        if row.get("option"):
            self.at_most(f"{name}_{t}_with", x - large * self.in_effect(self.option(row["option"]), t), 0.0)

    def add_limits(self) -> None:
        super().add_limits()
        for m, row in enumerate(self.rows["milestones"]):
            begin = self.variables["begin"].isel(milestone=m, drop=True)
            self.at_most(f"once_{m}", begin.sum(), 1.0)
            for t in self.data.buckets:
                if self.is_decided(row["milestone"]):
                    self.waits(f"begin_{m}", begin.isel(start=t, drop=True), row, t, 1.0, "after")
        for o, row in enumerate(self.rows["options"]):
            bought = self.variables["bought"].isel(option=o, drop=True)
            self.at_most(f"most_{o}", bought.sum(), row["maximum"])
            for t in self.data.buckets:
                self.waits(
                    f"bought_{o}", bought.isel(start=t, drop=True), {"after": row["after"]}, t, row["maximum"], "after"
                )
                for name in names(row["needs"]):
                    there = self.in_effect(self.option(name), t)
                    self.at_most(
                        f"bought_{o}_{t}_needs_{name}", bought.isel(start=t, drop=True) - row["maximum"] * there, 0.0
                    )
        for kind, table, dim in (("run", "processes", "process"), ("buy", "supplies", "supply"),
                                 ("ship", "lanes", "lane"), ("deliver", "demands", "demand")):  # fmt: skip
            for n, row in enumerate(self.rows[table]):
                for t in self.data.buckets:
                    x = self.variables[kind].isel({dim: n, "start": t}, drop=True)
                    self.waits(f"{kind}_{n}", x.sum() if kind == "ship" else 1.0 * x, row, t, LARGE)
        for r, row in enumerate(self.rows["resources"]):
            for t in self.data.buckets:
                self.waits(
                    f"overtime_{r}",
                    1.0 * self.variables["overtime"].isel(resource=r, start=t, drop=True),
                    row,
                    t,
                    LARGE,
                )
            self.opening("opened_r", "resource", r, row)
        for p, row in enumerate(self.rows["processes"]):
            self.opening("opened_p", "process", p, row)
            if row["ramp"] and (self.decided_in(row) or row["option"]):
                self.add_rate(p, row)

    def opening(self, kind: str, dim: str, number: int, row: Row) -> None:
        """Require that something opens at most once, at the start of a bucket at which all it waits for has come."""
        opened = self.variables[kind].isel({dim: number}, drop=True)
        self.at_most(f"{kind}_{number}", opened.sum(), 1.0)
        for t in self.data.buckets:
            self.waits(f"{kind}_{number}", opened.isel(start=t, drop=True), {"requires": row["requires"]}, t, 1.0)
            if row.get("option"):
                there = self.in_effect(self.option(row["option"]), t, ended=False)
                self.at_most(f"{kind}_{number}_{t}_ever", opened.isel(start=t, drop=True) - there, 0.0)

    def add_rate(self, p: int, row: Row) -> None:
        own = self.opens(row, "start_from")
        counted = [max(int(start), -FAR if own is None else own) for start in self.starts]
        amounts = labelled(np.array([self.rate(row, one) for one in counted]), "start", "bucket")
        let = (self.variables["opened_p"].isel(process=p, drop=True) * amounts).sum("start")
        run = self.run.isel(process=p, drop=True).rename(start="bucket")
        self.require(f"growth_rate_{p}", run - let, "<=", labelled(np.zeros(self.clock.count), "bucket"))

    # -- capacity and costs ------------------------------------------------------------------------

    def require(self, name: str, left: Any, sign: str, right: xr.DataArray) -> None:
        self.own_rows += right.size * name.startswith("growth_")
        if name == "capacity":
            left, right = left - self.added(), labelled(self.standing() - self.data.firm, "resource", "bucket")
        super().require(name, left, sign, right)

    def standing(self) -> Array:
        """Return the capacity that nobody decides."""
        result = self.data.zeros("resource", "bucket")
        for r, row in enumerate(self.rows["resources"]):
            if not self.decided_in(row):
                counted = self.opens(row, "available_from") or 0
                result[r] = self.capacity(row, counted, self.window(row))
        return result

    def capacity(self, row: Row, counted: int, window: tuple[int, int]) -> Array:
        rate = row["capacity"] * row["efficiency"]
        return self.stepped(row, rate, row["capacity_per"], row["ramp"], counted, window)

    def added(self) -> Any:
        """Return what decisions add to capacity, less what milestones take of it."""
        resources, count = self.rows["resources"], self.clock.count
        opened, options = np.zeros((len(resources), count, count)), self.rows["options"]
        bought = np.zeros((len(resources), count, len(options), count))
        for r, row in enumerate(resources):
            first, last = self.window(row)
            for s, start in enumerate(self.starts):
                if self.decided_in(row):
                    begin = max(int(start), first)
                    opened[r, :, s] = self.capacity(row, begin, (begin, last))
                for line in (one for one in self.rows["option_capacity"] if one["resource"] == row["resource"]):
                    option = options[self.option(line["option"])]
                    effect = int(start) + seconds(option["delay_days"])
                    until = FAR if option["duration_days"] is None else effect + seconds(option["duration_days"])
                    rate, window = line["capacity"] * row["efficiency"], (max(effect, first), min(until, last))
                    more = self.stepped(row, rate, line["capacity_per"], line["ramp"], effect, window)
                    bought[r, :, self.option(line["option"]), s] += more
        result = (self.variables["opened_r"] * labelled(opened, "resource", "bucket", "start")).sum("start")
        result = result + (self.variables["bought"] * labelled(bought, "resource", "bucket", "option", "start")).sum(
            ["option", "start"]
        )
        taken = labelled(self.taken(), "resource", "bucket", "milestone", "start")
        result = result - (self.variables["begin"] * taken).sum(["milestone", "start"])
        return result + self.variables["overtime"].rename(start="bucket")

    def taken(self) -> Array:
        """Return what the milestones take of resources, by bucket of their beginning."""
        count = self.clock.count
        result = np.zeros((len(self.rows["resources"]), count, len(self.rows["milestones"]), count))
        order = [row["milestone"] for row in self.rows["milestones"]]
        for load in self.rows["milestone_loads"]:
            m, r = order.index(load["milestone"]), self.data.at["resources"][load["resource"]]
            length = seconds(self.rows["milestones"][m]["duration_days"])
            for s, start in enumerate(self.starts):
                for u, (left, right) in enumerate(self.clock.spans):
                    common = max(0, min(start + length, right) - max(start, left))
                    result[r, u, m, s] += load["quantity"] * (common / length if length else float(u == s))
        return result

    def cost(self) -> dict[str, Array]:
        horizon = self.clock.edges[-1]
        bought = np.zeros((len(self.rows["options"]), self.clock.count))
        for o, row in enumerate(self.rows["options"]):
            for s, start in enumerate(self.starts):
                effect = start + seconds(row["delay_days"])
                until = (
                    horizon if row["duration_days"] is None else min(horizon, effect + seconds(row["duration_days"]))
                )
                bought[o, s] = row["cost"] + row["running_cost"] * max(0, until - effect) / DAY
        return super().cost() | {
            "begin": np.einsum("r,rumt->mt", self.price("resources", "cost"), self.taken()),
            "bought": bought,
            "overtime": self.price("resources", "overtime_cost")[:, None] + self.data.zeros("resource", "start"),
        }

    def tidy(self) -> dict[str, Array]:
        ones = {name: np.ones(self.variables[name].shape) for name in ("begin", "bought", "overtime")}
        return super().tidy() | ones

    def count_columns(self) -> int:
        return super().count_columns() + self.own_columns

    def count_rows(self) -> int:
        return super().count_rows() + self.own_rows
