"""The oracle's units set aside for contracts: docs/model.md, section Agreements, with running totals for stocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import linopy
import numpy as np
from oracle_clock import Row, seconds
from oracle_data import Array
from oracle_lots import labelled

if TYPE_CHECKING:
    from oracle_agreements import Agreements

Linear = Any
PLACE = ("item", "site", "bucket")


class Earmarks:
    """Adds for every contract with a limit of its own a copy of all movements, and the rows that hold them together."""

    def __init__(self, agreements: Agreements) -> None:
        self.agreements, self.oracle, self.data = agreements, agreements.oracle, agreements.data
        self.rows_of, self.clock = agreements.rows_of, agreements.clock
        limits = [row for row in self.rows_of["origin_limits"] if row["contract"] and row["scope"] != "programme"]
        self.sources = list(self.given_sources())
        copies = [self.copy(contract) for contract in dict.fromkeys(row["contract"] for row in limits)]
        if copies:
            self.hold_together(copies)
        by_name = {one["contract"]: one for one in copies}
        for n, limit in enumerate(limits):
            self.limit(n, limit, by_name[limit["contract"]])

    def variable(self, name: str, *dims: str, shape: tuple[int, ...] | None = None) -> linopy.Variable:
        upper = np.full(self.data.zeros(*dims).shape if shape is None else shape, np.inf)
        self.agreements.columns += upper.size
        return self.oracle.variable(name, upper, *dims)

    def require(self, name: str, left: Linear, sign: str, right: Array, *dims: str) -> None:
        self.agreements.rows += right.size
        self.oracle.require(name, left, sign, labelled(right, *dims))

    # -- what is given ---------------------------------------------------------------------------

    def given_sources(self) -> Any:
        """Yield item, site, bucket, units, origin, whether it is stock or a receipt, and whether it is a component."""
        taking = {row["process"] for row in self.rows_of["flows"] if row["quantity"] < 0}
        made = {row["item"] for row in self.rows_of["flows"] if row["quantity"] > 0 and row["process"] in taking}
        for row in self.rows_of["stocks"]:
            if row["opening"]:
                counts = row["origin"] is not None or row["item"] not in made
                yield row["item"], row["site"], 0, row["opening"], row["origin"], True, counts
        for row in self.rows_of["receipts"]:
            bucket = self.clock.holding(self.clock.at(row["date"]))
            counts = row["origin"] is not None or row["item"] not in made
            if bucket is not None:
                yield row["item"], row["site"], bucket, row["quantity"], row["origin"], True, counts
        for order in self.rows_of["wip"]:
            process = self.rows_of["processes"][self.data.at["processes"][order["process"]]]
            started = self.clock.at(order["started"])
            length = self.clock.at(order["ends"]) - started if order["ends"] else seconds(process["lead_days"])
            for line in self.data.lines("flows", process):
                first, last = line["start_from"], line["start_until"]
                closed = (first and order["started"] < first) or (last and order["started"] >= last)
                bucket = self.clock.holding(started + self.data.flow_delay(line, process, length))
                if line["quantity"] > 0 and not closed and bucket is not None:
                    units = order["quantity"] * self.data.units(line, process)
                    country = self.agreements.site(process["site"])["country"]
                    yield line["item"], process["site"], bucket, units, country, False, process["process"] not in taking

    # -- one contract ----------------------------------------------------------------------------

    def copy(self, contract: str) -> Row:
        """Return the movements set aside for one contract, with what they leave in stock, (item, site, bucket)."""
        row = next(one for one in self.rows_of["origin_limits"] if one["contract"] == contract)
        named = next(one["item"] for one in self.rows_of["contracts"] if one["contract"] == contract)
        mine = [d for d, one in enumerate(self.rows_of["demands"]) if one["contract"] == contract]
        assert row and named is None, "the random contracts name no item"
        process, item = len(self.rows_of["processes"]), len(self.rows_of["items"])
        one: Row = {"contract": contract}
        count = self.clock.count
        one["run"] = self.variable(f"run-{contract}", "process", "made", "start", "bucket",
                                   shape=(process, item, count, count))  # fmt: skip
        one["buy"] = self.variable(f"buy-{contract}", "supply", "bucket")
        one["ship"] = self.variable(f"ship-{contract}", "lane", "item", "start", "bucket")
        one["given"] = self.variable(f"given-{contract}", "source", shape=(len(self.sources),))
        if self.oracle.allowed.pairs:
            one["instead"] = self.variable(f"instead-{contract}", "pair", "site", "start",
                                           shape=self.oracle.versions.given.shape)  # fmt: skip
        net = self.flows(one) - self.delivered(mine)
        running = labelled(np.triu(np.ones((self.clock.count, self.clock.count))), "bucket", "end")
        one["left"] = (net * running).sum("bucket")
        zeros = self.data.zeros(*PLACE)
        self.require(f"left-{contract}", one["left"], ">=", zeros, "item", "site", "end")
        last = one["left"].isel(end=[self.clock.count - 1]).assign_coords(end=[0])
        self.require(f"none-{contract}", last, "=", zeros[:, :, -1:], "item", "site", "end")
        return one

    def delivered(self, demands: list[int]) -> Linear:
        result = self.data.zeros(*PLACE, "demand", "start")
        for d in demands:
            row = self.rows_of["demands"][d]
            at = self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]]
            for t in self.data.buckets:
                result[(*at, t, d, t)] = 1.0
        return (self.oracle.deliver * labelled(result, *PLACE, "demand", "start")).sum(["demand", "start"])

    def flows(self, one: Row) -> Linear:
        """Return what the movements bring less what they take; all are told by the bucket in which they arrive."""
        # `arrives` stands for the bucket of a movement, `bucket` for that of the balance.
        made = labelled(self.recipes(), *PLACE, "process", "made", "start", "arrives")
        run = (1.0 * one["run"]).rename({"bucket": "arrives"})
        result = (run * made).sum(["process", "made", "start", "arrives"])
        items, sites, count = self.data.at["items"], self.data.at["sites"], self.clock.count
        bought = self.data.zeros(*PLACE, "supply", "start")
        moved = np.zeros((*self.data.zeros("site", "bucket", "lane").shape, count, count))
        for s, row in enumerate(self.rows_of["supplies"]):
            bought[items[row["item"]], sites[row["site"]], range(count), s, range(count)] = 1.0
        for n, row in enumerate(self.rows_of["lanes"]):
            for t in self.data.buckets:
                for u in self.data.buckets:
                    moved[sites[row["to_site"]], u, n, t, u] += 1.0
                    moved[sites[row["from_site"]], t, n, t, u] -= 1.0
        buy, ship = ((1.0 * one[kind]).rename({"bucket": "arrives"}) for kind in ("buy", "ship"))
        result = result + (buy * labelled(bought, *PLACE, "supply", "arrives")).sum(["supply", "arrives"])
        lanes = labelled(moved, "site", "bucket", "lane", "start", "arrives")
        result = result + (ship * lanes).sum(["lane", "start", "arrives"])
        there = np.zeros((*self.data.zeros(*PLACE).shape, len(self.sources)))
        for n, (item, site, bucket, *_) in enumerate(self.sources):
            there[items[item], sites[site], bucket, n] = 1.0
        if self.sources:
            result = result + (one["given"] * labelled(there, *PLACE, "source")).sum("source")
        if "instead" in one:
            matrix = self.oracle.versions.matrix(old=1.0, new=-1.0)
            result = result + (one["instead"] * matrix).sum("pair").rename({"start": "bucket"})
        return result

    def shares(self, table: str, number: int, row: Row, t: int) -> list[float]:
        lot = self.data.sizes(table, number).in_lots
        return [self.clock.share(t, u, seconds(row["lead_days"]), lot=lot) for u in self.data.buckets]

    def net(self, process: Row, item: str, t: int) -> float:
        return self.agreements.per_run(process, item, t, 1) - self.agreements.per_run(process, item, t, -1)

    def recipes(self) -> Array:
        """Return what one unit of an item brings and takes that a run started in a bucket makes by another one."""
        names, count = [row["item"] for row in self.rows_of["items"]], self.clock.count
        result = np.zeros((*self.data.outputs.shape[:4], len(names), count, count))
        self.made = np.zeros((self.data.outputs.shape[3], len(names), count, count))
        for p, process in enumerate(self.rows_of["processes"]):
            site = self.data.at["sites"][process["site"]]
            for t in self.data.buckets:
                net = {name: self.net(process, name, t) for name in names}
                outputs = {name: units for name, units in net.items() if units > 1e-12}
                for o, made in enumerate(names):
                    if made in outputs:
                        self.made[p, o, t] = self.data.outputs[o, site, :, p, t]
                        gross = self.agreements.per_run(process, made, t, 1)
                        for u in self.data.buckets:
                            result[o, site, u, p, o, t, u] += 1.0
                            for i, name in enumerate(names):
                                out, taken = self.data.outputs[i, site, :, p, t], self.data.inputs[i, site, :, p, t]
                                part = self.part(outputs, made) * (name not in outputs)
                                own = -taken if i == o else part * (out - taken)
                                result[i, site, :, p, o, t, u] += own / gross
        return result

    def part(self, outputs: dict[str, float], made: str) -> float:
        """Return the share of the inputs that belongs to one output: by component cost, or by units."""
        worth = {name: units * self.cost(name) for name, units in outputs.items()}
        weight = worth if min(worth.values()) > 0 else outputs
        return weight[made] / sum(weight.values())

    def cost(self, item: str) -> float:
        row = self.agreements.items[item]
        return float((row["component_cost"] or 0.0) * self.data.rate(row["currency"]))

    # -- all contracts together ------------------------------------------------------------------

    def hold_together(self, copies: list[Row]) -> None:
        """Require that no more is set aside for all contracts than the plan does."""
        oracle = self.oracle

        def sums(kind: str) -> Linear:
            return sum((one[kind] for one in copies[1:]), 1.0 * copies[0][kind])

        made = labelled(self.made, "process", "made", "start", "bucket")
        # Where nothing is made there is no row of the plan to hold to: 0 times a run.
        runs = sums("run") - oracle.run * made
        self.require("own-run", runs, "<=", np.zeros(self.made.shape), "process", "made", "start", "bucket")
        arrives, sent = self.data.zeros("supply", "start", "bucket"), self.data.zeros("lane", "start", "bucket")
        for t in self.data.buckets:
            for s, row in enumerate(self.rows_of["supplies"]):
                arrives[s, t] = self.shares("supplies", s, row, t)
            for n, row in enumerate(self.rows_of["lanes"]):
                sent[n, t] = self.shares("lanes", n, row, t)
        bought = (oracle.buy * labelled(arrives, "supply", "start", "bucket")).sum("start")
        self.require("own-buy", sums("buy") - bought, "<=", self.data.zeros("supply", "bucket"), "supply", "bucket")
        moved = oracle.ship * labelled(sent, "lane", "start", "bucket")
        dims = ("lane", "item", "start", "bucket")
        self.require("own-ship", sums("ship") - moved, "<=", self.data.zeros(*dims), *dims)
        units = np.array([source[3] for source in self.sources], dtype=np.float64)
        if len(units):
            self.require("own-given", sums("given"), "<=", units, "source")
        if "instead" in copies[0]:
            given = oracle.versions.given
            self.require("own-instead", sums("instead") - given, "<=", np.zeros(given.shape), "pair", "site", "start")
        closing = (1.0 * oracle.closing).rename({"start": "end"})
        self.require("own-left", sums("left") - closing, "<=", self.data.zeros(*PLACE), "item", "site", "end")

    def limit(self, n: int, limit: Row, one: Row) -> None:
        """Require what enters from outside to cost at most a share of all that enters."""
        inside = {country.strip() for country in limit["countries"].split(";")}
        share = float(limit["share"])

        def weight(item: str, country: str | None) -> float:
            return self.cost(item) * ((country not in inside) - share)

        bought = self.data.zeros("supply", "bucket")
        for s, row in enumerate(self.rows_of["supplies"]):
            bought[s] = weight(row["item"], row["origin"])
        made = np.zeros(self.made.shape)
        for p, process in enumerate(self.rows_of["processes"]):
            if not self.agreements.made_of(process):
                for o, row in enumerate(self.rows_of["items"]):
                    made[p, o] = weight(row["item"], self.agreements.site(process["site"])["country"])
        left = (one["buy"] * labelled(bought, "supply", "bucket")).sum()
        left = left + (one["run"] * labelled(made, "process", "made", "start", "bucket")).sum()
        counted = limit["stock"] == "counted"
        given = np.array([weight(item, origin) * (counts and (counted or not data))
                          for item, _, _, _, origin, data, counts in self.sources])  # fmt: skip
        if len(given):
            left = left + (one["given"] * labelled(given, "source")).sum()
        self.agreements.require(f"own-origin-{n}", left, "<=", 0.0)
