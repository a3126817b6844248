"""A second statement of docs/model.md, written in linopy from the text alone, as literal as it can be.

It shares nothing with the planner but the table declarations: it has its own clock, its own integrals and its
own arrays, dense over every entity and bucket. Programmes must be small.
"""

from __future__ import annotations

from typing import Any

import highspy
import linopy
import numpy as np
import xarray as xr
from oracle_agreements import Agreements, border_amounts
from oracle_clock import DAY, Row, seconds
from oracle_data import Array, Arrays
from oracle_learning import Learned, Points
from oracle_lots import Lots, labelled
from oracle_setups import JointSetUps
from oracle_stability import Stability
from oracle_use import Use
from oracle_versions import Allowed, Versions

from coproduce.tables import Tables

linopy.options["semantics"] = "v1"  # absent terms must not vanish silently


class OracleInfeasibleError(Exception):
    """No plan satisfies the hard limits."""


class OracleRoundingError(Exception):
    """A later stage lost the plan of an earlier one to rounding: it needs more room."""


class Oracle:
    """The linear programme of docs/model.md and the values of its stages."""

    def __init__(self, tables: Tables, points: Points | None = None) -> None:
        self.data = Arrays(tables)
        self.rows = self.data.rows
        self.clock = self.data.clock
        self.allowed = Allowed(self.data)
        self.model = linopy.Model()
        self.stages: list[str] = []
        self.expected_rows = 0
        self.expected_columns = 0
        self.add_variables()
        self.versions = Versions(self, self.allowed)
        self.lots = Lots(self)
        self.set_ups = JointSetUps(self)
        self.learned = Learned(self, points or {})
        self.add_balance()
        self.add_limits()
        self.agreements = Agreements(self)
        self.stability = Stability(self)
        self.add_stages()
        self.check_size()

    def variable(self, name: str, upper: Array, *dims: str, lower: Array | float = 0.0) -> linopy.Variable:
        """Add one column for every entry of the upper bound."""
        self.expected_columns += upper.size
        least = labelled(np.broadcast_to(lower, upper.shape), *dims)
        return self.model.add_variables(lower=least, upper=labelled(upper, *dims), name=name)

    def require(self, name: str, left: Any, sign: str, right: xr.DataArray) -> None:
        """Add one row for every entry of the right-hand side."""
        self.expected_rows += right.size
        if right.size:  # linopy refuses a group of no rows
            self.model.add_constraints(left, sign, right, name=name)

    def add_variables(self) -> None:
        runs, orders, departures = self.run_limit(), self.order_limit(), self.departure_limit()
        deliveries = self.delivery_limit()
        ended = self.allowed.obsolete
        for p, t in np.argwhere(runs > 0):
            runs[p, t] = 0.0 if self.allowed.makes(int(p), int(t)) else runs[p, t]
        for s, row in enumerate(self.rows["supplies"]):
            orders[s] = np.where(ended[self.data.at["items"][row["item"]]] > 0, 0.0, orders[s])
        departures = np.where(ended[None] > 0, 0.0, departures)
        use = Use(self.data, self.allowed, runs > 0, departures > 0, deliveries > 0)
        self.run = self.variable("run", np.where(use.run, runs, 0.0), "process", "start")
        self.buy = self.variable("buy", np.where(use.buy, orders, 0.0), "supply", "start")
        self.ship = self.variable("ship", np.where(use.ship, departures, 0.0), "lane", "item", "start")
        self.deliver = self.variable("deliver", deliveries, "demand", "start")
        self.unmet = self.variable("unmet", self.data.zeros("demand") + np.inf, "demand")
        least, most = self.stock_limits()
        self.closing = self.variable("closing", most, "item", "site", "start", lower=least)
        self.variables = {"run": self.run, "buy": self.buy, "ship": self.ship, "deliver": self.deliver,
                          "unmet": self.unmet, "closing": self.closing}  # fmt: skip

    def run_limit(self) -> Array:
        limit = self.data.zeros("process", "start")
        for p, row in enumerate(self.rows["processes"]):
            amounts = self.data.amounts(row, "rate_limit", "rate_per")
            for t in self.data.buckets:
                if self.clock.is_open(t, row["start_from"], row["start_until"]):
                    limit[p, t] = amounts[t]
        return limit

    def order_limit(self) -> Array:
        limit = self.data.zeros("supply", "start")
        for s, row in enumerate(self.rows["supplies"]):
            amounts = self.data.amounts(row, "limit", "limit_per")
            for t in self.data.buckets:
                if self.clock.is_open(t, row["order_from"], row["order_until"]):
                    limit[s, t] = amounts[t]
        return limit

    def departure_limit(self) -> Array:
        """Return infinity where an item may leave over a lane; a shut lane carries nothing, whatever its size."""
        limit = self.data.zeros("lane", "item", "start")
        self.lane_amount = self.data.zeros("lane", "start")
        for n, row in enumerate(self.rows["lanes"]):
            self.lane_amount[n, :] = self.data.amounts(row, "capacity", "capacity_per")
            at_border = border_amounts(self).get(row["border"], [np.inf] * self.clock.count)
            self.lane_amount[n, np.array(at_border) == 0] = 0.0
            for i, item in enumerate(self.rows["items"]):
                for t in self.data.buckets:
                    carries = row["item"] in (None, item["item"])
                    is_open = self.clock.is_open(t, row["start_from"], row["start_until"])
                    shut = self.lane_amount[n, t] == 0
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

    def delivery_limit(self) -> Array:
        limit = self.data.zeros("demand", "start")
        for d, row in enumerate(self.rows["demands"]):
            late = self.late_days(row)
            for t, (_, end) in enumerate(self.clock.spans):
                early = row["earliest"] is not None and end <= self.clock.at(row["earliest"])
                most = row["maximum_late_days"]
                limit[d, t] = 0.0 if early or (most is not None and late[t] > most) else np.inf
        return limit

    def stock_limits(self) -> tuple[Array, Array]:
        least, most = (
            self.data.zeros("item", "site", "start"),
            self.data.zeros("item", "site", "start") + np.inf,
        )
        for row in self.rows["stocks"]:
            i, s = self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]]
            if row["maximum"] is not None:
                most[i, s, :] = row["maximum"]
            for t, (_, end) in enumerate(self.clock.spans):
                if row["minimum_from"] is None or end > self.clock.at(row["minimum_from"]):
                    least[i, s, t] = row["minimum"]
            least[i, s, -1] = max(float(least[i, s, -1]), row["final_min"])
        ended = self.allowed.obsolete[:, None, :] > 0
        return np.where(ended, 0.0, least), np.where(ended, 0.0, most)

    def add_balance(self) -> None:
        """Add closing - previous closing = what is fixed + what arrives - what leaves."""
        bought = self.data.zeros("item", "site", "bucket", "supply", "start")
        moved = self.data.zeros("item", "site", "bucket", "lane", "start")
        delivered = self.data.zeros("item", "site", "bucket", "demand", "start")
        items, sites = self.data.at["items"], self.data.at["sites"]
        for t in self.data.buckets:
            for u in self.data.buckets:
                for s, row in enumerate(self.rows["supplies"]):
                    lot = self.data.sizes("supplies", s).in_lots
                    share = self.clock.share(t, u, seconds(row["lead_days"]), lot=lot)
                    bought[items[row["item"]], sites[row["site"]], u, s, t] = share
                for n, row in enumerate(self.rows["lanes"]):
                    lot = self.data.sizes("lanes", n).in_lots
                    share = self.clock.share(t, u, seconds(row["lead_days"]), lot=lot)
                    moved[:, sites[row["to_site"]], u, n, t] += share
                    moved[:, sites[row["from_site"]], u, n, t] -= float(t == u)
            for d, row in enumerate(self.rows["demands"]):
                delivered[items[row["item"]], sites[row["site"]], t, d, t] = 1.0
        change = np.eye(self.clock.count) - np.eye(self.clock.count, k=-1)
        place = ("item", "site", "bucket")
        produced = self.data.outputs - self.data.inputs
        handed = (self.deliver * labelled(delivered, *place, "demand", "start")).sum(["demand", "start"])
        taken = (self.run * labelled(self.data.inputs, *place, "process", "start")).sum(["process", "start"])
        self.versions.require(handed + taken)
        self.require(
            "balance",
            (self.closing * labelled(change, "bucket", "start")).sum("start")
            - (self.run * labelled(produced, *place, "process", "start")).sum(["process", "start"])
            - (self.buy * labelled(bought, *place, "supply", "start")).sum(["supply", "start"])
            - (self.ship * labelled(moved, *place, "lane", "start")).sum(["lane", "start"])
            + handed
            - self.versions.net(),
            "=",
            labelled(self.data.fixed, *place),
        )

    def add_limits(self) -> None:
        """Add the rows of resources, totals of supplies, lanes and demands."""
        capacity = self.data.zeros("resource", "bucket")
        for r, row in enumerate(self.rows["resources"]):
            capacity[r, :] = self.data.amounts(row, "capacity", "capacity_per", row["efficiency"])
        loaded = labelled(self.data.loaded, "resource", "bucket", "process", "start")
        load = (self.run * loaded).sum(["process", "start"])
        set_up = labelled(self.data.set_up, "resource", "bucket", "process", "start")
        load = load + (self.lots.number["run"] * set_up).sum(["process", "start"])
        load = load + self.learned.load() + self.set_ups.load()
        left = labelled(capacity - self.data.firm, "resource", "bucket")
        # A resource that no process loads still needs its rows: firm load alone may exceed the capacity.
        self.require("capacity", load + 0.0 * self.unmet.sum(), "<=", left)
        self.add_totals()
        size = self.column("items", "transport_size", "item")
        limited = np.flatnonzero([row["capacity"] is not None for row in self.rows["lanes"]])
        taken = (self.ship * size).sum("item").isel(lane=limited)
        self.require("lane", taken, "<=", labelled(self.lane_amount, "lane", "start").isel(lane=limited))
        quantity = self.column("demands", "quantity", "demand")
        self.require("demand", self.deliver.sum("start") + self.unmet, "=", quantity)

    def add_totals(self) -> None:
        limited = np.flatnonzero([row["total_limit"] is not None for row in self.rows["supplies"]])
        total = self.column("supplies", "total_limit", "supply").isel(supply=limited)
        self.require("total", self.buy.sum("start").isel(supply=limited), "<=", total)

    def column(self, table: str, column: str, dim: str) -> xr.DataArray:
        """Return a column of numbers; empty is 0."""
        return labelled(np.array([row[column] or 0.0 for row in self.rows[table]]), dim)

    def price(self, table: str, column: str) -> Array:
        """Return a column of amounts in the programme's currency; empty is 0."""
        return np.array([(row[column] or 0.0) * self.data.rate(row["currency"]) for row in self.rows[table]])

    def cost(self) -> dict[str, Array]:
        """Return the coefficients of the cost by kind of variable."""
        stock_cost = self.data.zeros("item", "site", "start")
        for row in self.rows["stocks"]:
            i, s = self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]]
            rate = self.data.rate(row["currency"])
            stock_cost[i, s, :] += rate * row["holding_cost"] * self.data.days / 365
            stock_cost[i, s, -1] -= rate * row["terminal_value"]
        resource_cost = np.einsum("r,rupt->pt", self.price("resources", "cost"), self.data.loaded)
        return {
            "written": self.versions.loss(),
            "set_up": self.set_ups.cost(self.price("resources", "cost")),
            "weight": self.learned.cost(self.price("resources", "cost")),
            "run": self.price("processes", "cost")[:, None] + resource_cost,
            "ship": self.price("lanes", "cost")[:, None, None] + self.data.zeros("lane", "item", "start"),
            "buy": self.price("supplies", "price")[:, None] + self.data.zeros("supply", "start"),
            "closing": stock_cost,
            "run_number": self.price("processes", "setup_cost")[:, None]
            + np.einsum("r,rupt->pt", self.price("resources", "cost"), self.data.set_up),
            "buy_number": self.price("supplies", "order_cost")[:, None] + self.data.zeros("supply", "start"),
            "ship_number": self.price("lanes", "shipment_cost")[:, None, None]
            + self.data.zeros("lane", "item", "start"),
        }

    def tier(self, priority: int) -> dict[str, Array]:
        """Return the coefficients of the weighted lateness of a tier."""
        weight = np.array([row["weight"] * (row["priority"] == priority) for row in self.rows["demands"]])
        return {"deliver": self.late[:, :-1] * weight[:, None], "unmet": self.late[:, -1] * weight}

    def money(self) -> dict[str, Array]:
        """Return the coefficients of cost, lateness and income."""
        late_cost = self.late * self.price("demands", "late_cost")[:, None]
        return self.cost() | {
            "deliver": late_cost[:, :-1] - self.price("demands", "price")[:, None],
            "unmet": late_cost[:, -1] + self.price("demands", "unmet_cost"),
        }

    def early_days(self, demand: Row) -> list[float]:
        """Return the days from the end of every bucket to the end of the due bucket."""
        bucket = self.clock.holding(self.clock.at(demand["due"]))
        if bucket is None:
            return [0.0] * self.clock.count
        return [max(0, self.clock.edges[bucket + 1] - end) / DAY for _, end in self.clock.spans]

    def tidy(self) -> dict[str, Array]:
        """Return the coefficients of stock in unit-days, early deliveries, orders, shipments and runs."""
        return self.versions.tidy() | {
            "deliver": np.array([self.early_days(row) for row in self.rows["demands"]]),
            "closing": self.data.zeros("item", "site", "start") + self.data.days,
            "buy": self.data.zeros("supply", "start") + 1,
            "ship": self.data.zeros("lane", "item", "start") + 1,
            "run": self.data.zeros("process", "start") + 1,
        }

    def add_stages(self) -> None:
        """Add one free variable for the value of every stage."""
        self.late = np.array([self.late_days(row) for row in self.rows["demands"]])
        if self.data.programme.objective == "money":
            stages = {"money": self.money()}
        else:
            priorities = sorted({row["priority"] for row in self.rows["demands"]})
            stages = {f"tier_{priority}": self.tier(priority) for priority in priorities}
            stages["cost"] = self.cost()
        stages["cost" if "cost" in stages else "money"] |= self.stability.cost
        stages["tidy"] = self.tidy()
        self.stages = list(stages)
        count = len(stages)
        value = self.variable("value", np.full(count, np.inf), "stage", lower=-np.inf)
        total = -1.0 * value
        for name, variable in self.variables.items():
            zeros = np.zeros(variable.shape)
            coefficients = np.stack([stage.get(name, zeros) for stage in stages.values()])
            dims = [str(dim) for dim in variable.dims]
            total = total + (variable * labelled(coefficients, "stage", *dims)).sum(dims)
        self.require("stages", total, "=", labelled(np.zeros(count), "stage"))

    def check_size(self) -> None:
        """Assert that linopy built every row and column: it has been seen to drop rows."""
        assert self.model.nvars == self.expected_columns == self.count_columns()
        assert self.model.ncons == self.expected_rows == self.count_rows()

    def count_columns(self) -> int:
        n = {name: len(rows) for name, rows in self.rows.items()}
        flows = n["processes"] + n["supplies"] + n["lanes"] * n["items"] + n["items"] * n["sites"] + n["demands"]
        return (
            flows * self.clock.count
            + n["demands"]
            + len(self.stages)
            + self.lots.columns
            + self.set_ups.columns
            + self.learned.columns
            + self.versions.columns
            + self.agreements.columns
            + self.stability.columns
        )

    def count_rows(self) -> int:
        n = {name: len(rows) for name, rows in self.rows.items()}
        totals = sum(row["total_limit"] is not None for row in self.rows["supplies"])
        lanes = sum(row["capacity"] is not None for row in self.rows["lanes"])
        return (
            (n["items"] * n["sites"] + n["resources"] + lanes) * self.clock.count
            + totals
            + n["demands"]
            + len(self.stages)
            + self.lots.rows
            + self.set_ups.rows
            + self.learned.rows
            + self.versions.rows
            + self.agreements.rows
            + self.stability.rows
        )

    def solve(self, room: float = 0.0) -> dict[str, float]:
        """Return the optimum of every stage, each under the condition that the earlier ones stay as good.

        Parameters
        ----------
        room : how much worse than allowed earlier stages may become, relative to max(1, |value|); a solver that
            rounds differently ends between the optimum without room and that with a little of it

        Raises
        ------
        OracleInfeasibleError
            No plan satisfies the hard limits.
        OracleRoundingError
            There is a plan, but not enough room to keep it.
        """
        highs = self.model.to_highspy()
        for option, setting in (("output_flag", False), ("primal_feasibility_tolerance", 1e-9),
                                ("dual_feasibility_tolerance", 1e-9),
                                ("mip_feasibility_tolerance", 1e-7), ("mip_rel_gap", 1e-9),
                                ("mip_abs_gap", 1e-9)):  # fmt: skip
            assert highs.setOptionValue(option, setting) == highspy.HighsStatus.kOk
        assert (highs.getNumRow(), highs.getNumCol()) == (self.expected_rows, self.expected_columns)
        first = self.expected_columns - len(self.stages)  # the stages were added last
        highs.changeColsCost(first, np.arange(first, dtype=np.int32), np.zeros(first))
        values = {}
        for column, stage in enumerate(self.stages, start=first):
            highs.changeColCost(column, 1.0)
            values[stage] = self.optimum(highs, column - first)
            highs.changeColCost(column, 0.0)
            allowed = values[stage] + self.data.programme.tier_tolerance * abs(values[stage])
            highs.changeColBounds(column, -np.inf, allowed + max(room, 1e-12) * max(1.0, abs(values[stage])))
        return values

    def optimum(self, highs: highspy.Highs, number: int) -> float:
        """Return the optimum of the present objective, that of the stage of the given number."""
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kSolveError:
            # HiGHS takes back an optimum with whole numbers that is off by a little more than its tolerance.
            assert highs.setOptionValue("mip_feasibility_tolerance", 1e-6) == highspy.HighsStatus.kOk
            highs.run()
            status = highs.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise OracleRoundingError if number else OracleInfeasibleError
        assert status == highspy.HighsModelStatus.kOptimal, status
        return self.with_whole_numbers(highs)

    def with_whole_numbers(self, highs: highspy.Highs) -> float:
        """Return the optimum once whole numbers are exactly whole: those of a solver are off by a little."""
        value, model = float(highs.getObjectiveValue()), highs.getLp()
        whole = np.flatnonzero([kind == highspy.HighsVarType.kInteger for kind in model.integrality_])
        if not len(whole):
            return value
        at = np.rint(np.array(highs.getSolution().col_value)[whole])
        lower, upper = (np.array(side)[whole] for side in (model.col_lower_, model.col_upper_))
        number = whole.astype(np.int32)
        highs.changeColsBounds(len(whole), number, at, at)
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            value = float(highs.getObjectiveValue())
        highs.changeColsBounds(len(whole), number, lower, upper)
        return value
