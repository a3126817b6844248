"""The oracle's money: docs/money.md, section "In the plan", in linopy, as literal as can be: a row for every day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from math import floor
from typing import Any

import numpy as np
import xarray as xr
from oracle import Oracle
from oracle_clock import Row
from oracle_data import Array
from oracle_lots import labelled

Node = tuple[str, str]
Claim = tuple[int, str, datetime]
"""Group of contracts, type of cost, day."""


def listed(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def day_of(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day)


def months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for last in range(moment.day, 0, -1):
        try:
            return datetime(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


class CashOracle(Oracle):
    """The oracle with contracts that keep to a budget or wait for cash."""

    def add_limits(self) -> None:
        super().add_limits()
        self.own_columns = self.own_rows = 0
        self.collected: dict[str, list[tuple[dict[str, Array], float]]] = {}
        self.dates = [(day_of(a), day_of(b - timedelta(microseconds=1)))
                      for a, b in zip(self.clock.dates[:-1], self.clock.dates[1:], strict=True)]  # fmt: skip
        self.groups = self.alike()
        self.sums: dict[Claim, dict[str, Array]] = defaultdict(dict)
        self.given: dict[Claim, float] = defaultdict(float)
        self.every = {**self.variables, **{f"{kind}_number": x for kind, x in self.lots.number.items()}}
        for g in range(len(self.groups)):
            self.costs(g)
        spent = dict(self.sums)
        paid = self.payments()
        self.ways: list[tuple[Claim, str, str, datetime]] = []
        for claim in self.claims(spent, paid):
            self.ways += [(claim, *way) for way in self.slots(claim)]
        self.interest = np.array([self.bridged(claim, arrives) for claim, _, _, arrives in self.ways])
        if self.groups:
            self.draw = self.variable("draw", np.full(len(self.ways), np.inf), "draw")
            self.own_columns += len(self.ways)
            self.variables["draw"] = self.every["draw"] = self.draw
        self.add_claims(spent, paid)
        self.add_funds()
        self.add_balances(spent, paid)
        self.add_rows()

    # -- who, when -------------------------------------------------------------------------------

    def alike(self) -> list[list[Row]]:
        groups: dict[object, list[Row]] = {}
        for row in self.rows["contracts"]:
            same = (row["funds"], row["plan_keeps"], row["cost_type"], row["bridging"] == "yes", row["bridging_rate"])
            if row["plan_keeps"] != "nothing":
                groups.setdefault(row["contract"] if row["payment_terms"] else same, []).append(row)
        return list(groups.values())

    def worth(self, currency: str | None, on: datetime) -> float:
        """Return the last rate dated on or before a day."""
        rates = [row for row in self.rows["exchange_rates"] if row["currency"] == currency]
        known = [row for row in rates if row["date"] is None or row["date"] <= on]
        if currency in (None, self.data.programme.currency):
            return 1.0
        return float(max(known, key=lambda row: row["date"] or datetime.min)["rate"])

    def since_start(self, currency: str | None, on: datetime) -> float:
        return self.worth(currency, on) / self.data.rate(currency)

    def index(self, name: str | None, base: datetime, on: datetime) -> float:
        def value(moment: datetime) -> float:
            known = [row for row in self.rows["price_indices"] if row["index"] == name and row["date"] <= moment]
            return float(max(known, key=lambda row: row["date"])["value"])

        return value(on) / value(base) if name else 1.0

    def serving(self, g: int) -> tuple[set[Node], set[str]]:
        """Return the places and processes that may serve a group."""
        names = {row["contract"] for row in self.groups[g]}
        site = {row["process"]: row["site"] for row in self.rows["processes"]}
        nodes = {(row["item"], row["site"]) for row in self.rows["demands"] if row["contract"] in names}
        processes: set[str] = set()
        while True:
            before = len(nodes), len(processes)
            for flow in self.rows["flows"]:
                place = (flow["item"], site[flow["process"]])
                if flow["quantity"] > 0 and place in nodes:
                    processes.add(flow["process"])
                elif flow["quantity"] < 0 and flow["process"] in processes:
                    nodes.add(place)
            for lane in self.rows["lanes"]:
                nodes |= {(item, lane["from_site"]) for item, to in list(nodes) if to == lane["to_site"]
                          and lane["item"] in (None, item)}  # fmt: skip
            for item in self.rows["items"]:
                nodes |= {
                    (item["item"], at) for old, at in list(nodes) if old == item["replaces"] and item["stands_in"]
                }
            if before == (len(nodes), len(processes)):
                return nodes, processes

    # -- what is owed ----------------------------------------------------------------------------

    def add(self, claim: Claim, kind: str, at: Any, amount: float) -> None:
        if amount:
            part = self.sums[claim].setdefault(kind, np.zeros(self.every[kind].shape))
            part[at] += amount

    def costs(self, g: int) -> None:
        nodes, processes = self.serving(g)
        used = {load["resource"] for load in self.rows["loads"] if load["process"] in processes}
        kind = self.groups[g][0]["cost_type"]
        for t, (first, last) in enumerate(self.dates):
            claim = (g, kind, last)
            for p, row in enumerate(self.rows["processes"]):
                if row["process"] in processes:
                    exchange = self.worth(row["currency"], last)
                    self.add(claim, "run", (p, t), (row["cost"] or 0.0) * exchange)
                    self.add(claim, "run_number", (p, t), (row["setup_cost"] or 0.0) * exchange)
            for r, row in enumerate(self.rows["resources"]):
                if row["resource"] in used and row["cost"]:
                    price = row["cost"] * self.worth(row["currency"], last)
                    for p, s in np.argwhere(self.data.loaded[r, t] + self.data.set_up[r, t]):
                        self.add(claim, "run", (p, s), price * self.data.loaded[r, t, p, s])
                        self.add(claim, "run_number", (p, s), price * self.data.set_up[r, t, p, s])
            for n, row in enumerate(self.rows["lanes"]):
                for i, item in enumerate(self.rows["items"]):
                    if (item["item"], row["to_site"]) in nodes:
                        exchange = self.worth(row["currency"], last)
                        self.add(claim, "ship", (n, i, t), (row["cost"] or 0.0) * exchange)
                        self.add(claim, "ship_number", (n, i, t), (row["shipment_cost"] or 0.0) * exchange)
            for row in self.rows["stocks"]:
                if (row["item"], row["site"]) in nodes:
                    at = (self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]], t)
                    price = row["holding_cost"] * self.data.days[t] / 365 * self.worth(row["currency"], last)
                    self.add(claim, "closing", at, price)
            for s, row in enumerate(self.rows["supplies"]):
                if (row["item"], row["site"]) in nodes:
                    self.order(g, kind, s, t, first)

    def order(self, g: int, kind: str, s: int, t: int, first: datetime) -> None:
        row = self.rows["supplies"][s]
        at_once = [{"event": "order", "share": 1.0, "lag_days": 0.0, "date": None}]
        parts = [part for part in self.rows["payment_terms"] if part["terms"] == row["payment_terms"]] or at_once
        for part in parts:
            arrival = first + timedelta(days=row["lead_days"])
            arises = {"date": part["date"], "delivery": day_of(arrival)}.get(part["event"], first)
            paid = day_of(arises + timedelta(days=part["lag_days"]))
            index = self.index(row["price_index"], row["index_base"] or self.data.programme.start, arises)
            share = part["share"] * index * self.worth(row["currency"], paid)
            self.add((g, kind, paid), "buy", (s, t), (row["price"] or 0.0) * share)
            self.add((g, kind, paid), "buy_number", (s, t), (row["order_cost"] or 0.0) * share)

    def payments(self) -> dict[Claim, dict[str, Array]]:
        """Return what buyers pay for deliveries; what they pay at once goes into `given`."""
        found: dict[Claim, dict[str, Array]] = defaultdict(dict)
        for g, (one, *_) in enumerate(self.groups):
            mine = [(d, row) for d, row in enumerate(self.rows["demands"]) if row["contract"] == one["contract"]]
            units = sum(row["quantity"] for _, row in mine)
            for part in self.rows["payment_terms"]:
                if part["terms"] != one["payment_terms"]:
                    continue
                for d, row in mine:
                    price, currency = row["price"] or 0.0, row["currency"]
                    if one["value"] is not None:
                        price, currency = one["value"] / units, one["currency"]
                    for t, (_, last) in enumerate(self.dates):
                        arises = {"date": part["date"], "delivery": last}.get(part["event"], one["signed"])
                        paid = day_of(arises + timedelta(days=part["lag_days"]))
                        base = one["index_base"] or one["signed"]
                        amount = price * part["share"] * self.index(one["price_index"], base, arises)
                        amount *= self.worth(currency, paid)
                        claim = (g, one["cost_type"], paid)
                        if part["event"] == "delivery":
                            unit = found[claim].setdefault("deliver", np.zeros(self.deliver.shape))
                            unit[d, t] += amount
                        elif t == 0:
                            self.given[claim] += amount * row["quantity"]
        return found

    def claims(self, spent: dict[Claim, Any], paid: dict[Claim, Any]) -> list[Claim]:
        """Return what funds have to pay: payments of buyers where there are terms, else costs."""
        by_terms = {g for g, group in enumerate(self.groups) if group[0]["payment_terms"]}
        owed = {claim for claim in spent if claim[0] not in by_terms}
        owed |= {claim for claim in {*paid, *self.given} if listed(self.groups[claim[0]][0]["funds"])}
        return sorted(owed)

    # -- what funds pay --------------------------------------------------------------------------

    def fund(self, name: str) -> tuple[Row, datetime, datetime]:
        """Return a fund, the day of its agreement and its first day."""
        row = next(row for row in self.rows["funds"] if row["fund"] == name)
        opens = day_of(row["available_from"] or self.data.programme.start)
        return row, day_of(row["agreed"]) if row["agreed"] else opens, opens

    def slots(self, claim: Claim) -> list[tuple[str, str, datetime]]:
        """Return fund, kind and arrival of everything that can pay a claim."""
        g, kind, due = claim
        one, found = self.groups[g][0], []
        for name in dict.fromkeys(listed(one["funds"])):
            row, agreed, opens = self.fund(name)
            if row["cost_types"] and kind not in listed(row["cost_types"]):
                continue
            if row["prefinancing"] and row["prefinancing_requested"] == "yes":
                found.append((name, "advance", max(agreed, opens)))
            lag = timedelta(days=row["assessment_days"])
            asked = [due] if row["requests_per_year"] is None else [at for at in self.requests(row, agreed) if at > due]
            how = "direct" if row["requests_per_year"] is None else "request"
            for at in asked:
                arrives, closes = max(at + lag, opens), row["available_until"] or datetime.max
                if arrives <= closes and not self.repaid(row, agreed, arrives):
                    found.append((name, how, arrives))
        waits = one["plan_keeps"] == "cash" and one["bridging"] != "yes"
        return [way for way in found if not waits or way[2] <= due]

    def requests(self, row: Row, agreed: datetime) -> list[datetime]:
        step = 12 // row["requests_per_year"]
        until = self.dates[-1][1] + timedelta(days=730)
        closes = min(row["available_until"] or datetime.max, until)
        days = [months_later(agreed, step * k) for k in range(1, 200)]
        return [at for at in days if at <= closes]

    def repaid(self, row: Row, agreed: datetime, arrives: datetime) -> bool:
        """Whether a loan would have been paid back before money arrives."""
        if row["kind"] != "loan" or row["maturity_years"] is None:
            return False
        whole = int(row["maturity_years"])
        last = months_later(agreed, 12 * whole) + timedelta(days=round((row["maturity_years"] - whole) * 365))
        return arrives >= last

    def bridged(self, claim: Claim, arrives: datetime) -> float:
        one = self.groups[claim[0]][0]
        days = max((arrives - claim[2]).days, 0)
        return one["bridging_rate"] * days / 365 if one["bridging"] == "yes" else 0.0

    # -- rows ------------------------------------------------------------------------------------

    def row(self, sign: str, parts: dict[str, Array], right: float) -> None:
        """Collect a row: the weighted sum of columns against a number."""
        self.collected.setdefault(sign, []).append((parts, right))

    def add_rows(self) -> None:
        """Add all rows of one sign together: one by one they take seconds."""
        for sign, rows in self.collected.items():
            left: Any = 0.0 * self.unmet.sum() * xr.DataArray(np.ones(len(rows)), dims="row")
            for kind in {kind for parts, _ in rows for kind in parts}:
                x = self.every[kind]
                zeros = np.zeros(x.shape)
                weights = np.stack([parts.get(kind, zeros) for parts, _ in rows])
                dims = [str(dim) for dim in x.dims]
                left = left + (x * labelled(weights, "row", *dims)).sum(dims)
            self.own_rows += len(rows)
            self.require(f"money {sign}", left, sign, labelled(np.array([right for _, right in rows]), "row"))

    def drawn(self, weight: Any) -> dict[str, Array]:
        """Return the weights of draws; `weight` is a function of the way."""
        return {"draw": np.array([weight(*way) for way in self.ways], dtype=float)}

    def add_claims(self, spent: dict[Claim, Any], paid: dict[Claim, Any]) -> None:
        for claim in self.claims(spent, paid):
            terms = self.groups[claim[0]][0]["payment_terms"]
            parts, fixed = (paid.get(claim, {}), self.given.get(claim, 0.0)) if terms else (spent[claim], 0.0)
            drawn = self.drawn(lambda own, *_, claim=claim: -float(own == claim))
            self.row("=", parts | drawn, -fixed)
            for row in self.rows["funds"]:
                if row["share_of_cost"] < 1:
                    most = row["share_of_cost"]
                    mine = self.drawn(lambda own, name, *_, c=claim, f=row["fund"]: float(own == c and name == f))
                    self.row("<=", {kind: -most * part for kind, part in parts.items()} | mine, most * fixed)

    def add_funds(self) -> None:
        for row in self.rows["funds"] if self.groups else ():
            name, currency = row["fund"], row["currency"]
            _, agreed, opens = self.fund(name)
            came = max(agreed, opens)
            budgets = {line["year"]: line["amount"] for line in self.rows["fund_budgets"] if line["fund"] == name}
            asked = row["prefinancing"] * row["amount"] if row["prefinancing_requested"] == "yes" else 0.0
            asked = min(asked, budgets.get(came.year, np.inf))
            most = floor(asked * self.worth(currency, came) * 100 + 1e-6) / 100
            self.row("<=", self.drawn(lambda _, f, how, __, n=name: f == n and how == "advance"), most)

            def worth(f: str, how: str, arrives: datetime, year: int | None, own: Row = row) -> float:
                if f != own["fund"] or how == "advance" or year not in (None, arrives.year):
                    return 0.0
                return 1 / self.worth(own["currency"], arrives)

            self.row("<=", self.drawn(lambda _, f, how, at, w=worth: w(f, how, at, None)), row["amount"] - asked)
            for year, budget in budgets.items():
                paid = self.drawn(lambda _, f, how, at, w=worth, y=year: w(f, how, at, y))
                self.row("<=", paid, budget - (asked if year == came.year else 0.0))

    def add_balances(self, spent: dict[Claim, Any], paid: dict[Claim, Any]) -> None:
        for g, (one, *_) in enumerate(self.groups):
            if one["payment_terms"] is None or one["plan_keeps"] != "cash":
                continue
            days = sorted({claim[2] for claim in {*spent, *paid, *self.given} if claim[0] == g})
            for on in days:
                sums: dict[str, Array] = {}
                for sign, part in ((1.0, spent), (-1.0, paid)):
                    for claim in part:
                        if claim[0] == g and claim[2] <= on:
                            for kind, weights in part[claim].items():
                                sums[kind] = sums.get(kind, 0.0) + sign * weights
                right = sum(amount for claim, amount in self.given.items() if claim[0] == g and claim[2] <= on)
                own = one["own_cash"] * self.worth(one["currency"], self.data.programme.start)
                self.row("<=", sums, right + own)

    def cost(self) -> dict[str, Array]:
        return super().cost() | ({"draw": self.interest} if self.groups else {})

    def count_columns(self) -> int:
        return super().count_columns() + self.own_columns

    def count_rows(self) -> int:
        return super().count_rows() + self.own_rows
