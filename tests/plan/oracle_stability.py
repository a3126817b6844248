"""The oracle's baseline: docs/model.md, section Plan stability, in linopy, as literal as can be."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from oracle_clock import Row
from oracle_data import Array, Arrays
from oracle_lots import labelled

if TYPE_CHECKING:
    from oracle import Oracle

# Kind of row of the baseline: variable, table, dimensions, and the table whose rows the entity names.
KINDS = {
    "run": ("run", "processes", ("process", "start")),
    "order": ("buy", "supplies", ("supply", "start")),
    "shipment": ("ship", "lanes", ("lane", "item", "start")),
    "delivery": ("deliver", "demands", ("demand", "start")),
}


class Earlier:
    """What the baseline does in every bucket of the programme, by kind; `covered` and `frozen` are by bucket."""

    def __init__(self, data: Arrays) -> None:
        self.data = data
        self.rows = data.rows["baseline"]
        ends = [row for row in self.rows if row["kind"] == "horizon"] or self.rows
        first, last = (
            fold(row[name] for row in ends) if ends else None for fold, name in ((min, "start"), (max, "end"))
        )
        dates = data.clock.dates
        self.covered = [bool(ends) and first <= dates[t] and dates[t + 1] <= last for t in data.buckets]
        until: datetime | None = data.rows["programme"][0]["frozen_until"]
        self.frozen = [any(self.covered) and until is not None and dates[t] < until for t in data.buckets]
        self.done: dict[str, Array] = {}
        for kind, (_, table, dims) in KINDS.items():
            self.done[kind] = data.zeros(*dims)
            for row in self.rows:
                if row["kind"] == kind and (at := self.place(row, table)) is not None:
                    for t in data.buckets:
                        self.done[kind][(*at, t)] += row["quantity"] * self.share(row, table, at[0], t)

    def place(self, row: Row, table: str) -> tuple[int, ...] | None:
        """Return the positions that a row is about; None for what is no longer there."""
        ids = [next(iter(one.values())) for one in self.data.rows[table]]
        if row["entity"] not in ids:
            return None
        entity = ids.index(row["entity"])
        return (entity, self.data.at["items"][row["item"]]) if table == "lanes" else (entity,)

    def share(self, row: Row, table: str, entity: int, t: int) -> float:
        begin, end = self.data.clock.at(row["start"]), self.data.clock.at(row["end"])
        left, right = self.data.clock.spans[t]
        if table == "demands":
            one = self.data.rows[table][entity]
            whole, instant = bool(one["quantity"] and (one["minimum_shipment"] or one["all_or_nothing"])), end - 1
        else:
            whole, instant = self.data.sizes(table, entity).in_lots, begin
        if whole:
            return float(left <= instant < right)
        return max(0, min(end, right) - max(begin, left)) / (end - begin)

    def kept(self, kind: str) -> Array:
        """Return what is frozen and not 0."""
        return self.done[kind] * np.array(self.frozen)


class Stability:
    """Adds the frozen horizon and the prices on changes; `cost` are the coefficients of the new variables."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle, self.data = oracle, oracle.data
        self.earlier = Earlier(oracle.data)
        self.columns = self.rows = 0
        self.cost: dict[str, Array] = {}
        for kind, (name, table, dims) in KINDS.items():
            variable = oracle.variables[name]
            for t in self.data.buckets:
                if self.earlier.frozen[t]:
                    self.require(
                        f"frozen-{kind}-{t}", variable.isel(start=t), "=", self.earlier.done[kind][..., t], dims
                    )
            if kind != "delivery":
                self.add_changes(kind, name, table, dims)
        self.add_promises()

    def require(self, name: str, left: Any, sign: str, right: Array, dims: tuple[str, ...]) -> None:
        self.rows += right.size
        self.oracle.require(name, left, sign, labelled(right, *dims[:-1]))

    def variable(self, name: str, shape: tuple[int, ...], *dims: str) -> Any:
        self.columns += int(np.prod(shape))
        self.oracle.variables[name] = self.oracle.variable(name, np.full(shape, np.inf), *dims)
        return self.oracle.variables[name]

    def prices(self, table: str) -> list[float]:
        return [(row["change_price"] or 0.0) * self.data.rate(row["currency"]) for row in self.data.rows[table]]

    def add_changes(self, kind: str, name: str, table: str, dims: tuple[str, ...]) -> None:
        """Add |new - old| as the least number above both differences."""
        price = np.array(self.prices(table)).reshape(-1, *[1] * (len(dims) - 1))
        done = self.earlier.done[kind]
        if not done.size:
            return
        size = self.variable(f"{name}_change", done.shape, *dims)
        for t in self.data.buckets:
            above, old = size.isel(start=t) - self.oracle.variables[name].isel(start=t), done[..., t]
            self.require(f"{name}-less-{t}", above, ">=", -old, dims)
            below = size.isel(start=t) + self.oracle.variables[name].isel(start=t)
            self.require(f"{name}-more-{t}", below, ">=", old, dims)
        self.cost[f"{name}_change"] = price * np.array(self.earlier.covered) * np.ones_like(done)

    def add_promises(self) -> None:
        """Add what deliveries are behind at the end of every bucket, at its price until the end of the next."""
        done = self.earlier.done["delivery"]
        if not done.size:
            return
        behind = self.variable("behind", done.shape, "demand", "start")
        asked = np.array([row["quantity"] for row in self.data.rows["demands"]])
        promised = np.minimum(np.cumsum(done, axis=1), asked[:, None])
        for t in self.data.buckets:
            got = self.oracle.deliver.isel(start=slice(0, t + 1)).sum("start")
            self.require(f"promise-{t}", behind.isel(start=t) + got, ">=", promised[:, t], ("demand", "start"))
        days = np.append(self.data.days[1:], self.data.days[-1])
        self.cost["behind"] = np.array(self.prices("demands"))[:, None] * days
