"""The oracle's versions: who stands in for whom from when, what is obsolete, stand-ins and write-offs as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linopy
import numpy as np
import xarray as xr
from oracle_clock import Row
from oracle_data import Array, Arrays
from oracle_lots import labelled

if TYPE_CHECKING:
    from oracle import Oracle


class Allowed:
    """What the rows of the items allow.

    Attributes
    ----------
    pairs : newer and older item
    open : (pair, start) 1 where the newer one may stand in
    obsolete : (item, start) 1 where the item is obsolete
    """

    def __init__(self, data: Arrays) -> None:
        self.data = data
        items = data.rows["items"]
        self.pairs: list[tuple[int, int]] = []
        opened: list[list[float]] = []
        for new, first in enumerate(items):
            links: list[Row] = []
            at = first
            while at["stands_in"] and at["replaces"]:
                links.append(at)
                at = items[data.at["items"][at["replaces"]]]
                self.pairs.append((new, data.at["items"][at["item"]]))
                opened.append([self.since(links, t) for t in data.buckets])
        self.open = np.array(opened).reshape(len(self.pairs), data.clock.count)
        self.obsolete = np.array([[self.ended(row, t) for t in data.buckets] for row in items])

    def since(self, links: list[Row], t: int) -> float:
        """Return 1 if every link of a chain holds in a bucket."""
        return float(all(self.data.clock.is_open(t, link["stands_in_from"], None) for link in links))

    def ended(self, row: Row, t: int) -> float:
        return float(row["obsolete_from"] is not None and self.data.clock.is_open(t, row["obsolete_from"], None))

    def newer(self, old: int, t: int) -> list[int]:
        """Return the items that may stand in for one in a bucket."""
        return [new for pair, (new, of) in enumerate(self.pairs) if of == old and self.open[pair, t]]

    def makes(self, p: int, t: int) -> bool:
        """Tell whether a run of a process would make something obsolete."""
        made = self.data.makes[:, p, t]
        return bool((made * self.obsolete[:, t]).any())


class Versions:
    """Columns and rows of an oracle; `columns` and `rows` count what was added."""

    def __init__(self, oracle: Oracle, allowed: Allowed) -> None:
        self.oracle, self.data, self.allowed = oracle, oracle.data, allowed
        sites, count = len(self.data.rows["sites"]), self.data.clock.count
        shape = (len(allowed.pairs), sites, count)
        opened = np.broadcast_to(np.where(allowed.open > 0, np.inf, 0.0)[:, None, :], shape)
        self.given = oracle.variable("given", opened.copy(), "pair", "site", "start")
        self.written = oracle.variable("written", self.disposable(), "item", "site", "start")
        oracle.variables |= {"given": self.given, "written": self.written}
        self.columns = self.given.size + self.written.size
        self.rows = 0

    def disposable(self) -> Array:
        upper = np.repeat(np.where(self.allowed.obsolete > 0, np.inf, 0.0)[:, None, :], len(self.data.rows["sites"]), 1)
        for row in self.data.rows["stocks"]:
            if row["write_off_value"] is not None:
                upper[self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]], :] = np.inf
        return upper

    def matrix(self, *, old: float, new: float) -> xr.DataArray:
        """Return (item, pair) coefficients of a pair in the rows of its items."""
        result = np.zeros((len(self.data.rows["items"]), len(self.allowed.pairs)))
        for pair, (newer, older) in enumerate(self.allowed.pairs):
            result[newer, pair] += new
            result[older, pair] += old
        return labelled(result, "item", "pair")

    def net(self) -> linopy.LinearExpression:
        """Return (item, site, bucket) what stand-ins bring, less what is written off."""
        moved = (self.given * self.matrix(old=1.0, new=-1.0)).sum("pair") if self.allowed.pairs else 0.0 * self.written
        return (moved - self.written).rename({"start": "bucket"})

    def require(self, uses: linopy.LinearExpression) -> None:
        """Require stand-ins to be no more than uses and firm uses, and uses once obsolete to be stood in for."""
        given = (self.given * self.matrix(old=1.0, new=0.0)).sum("pair") if self.allowed.pairs else 0.0 * self.written
        given = given.rename({"start": "bucket"})
        firm = self.data.firm_inputs
        self.rows += firm.size
        self.oracle.require("stand_in_most", given - uses, "<=", labelled(firm, "item", "site", "bucket"))
        for i, t in np.argwhere(self.allowed.obsolete > 0):
            own = {"item": [int(i)], "bucket": [int(t)]}
            none = labelled(np.zeros(firm.shape), "item", "site", "bucket").isel(own)
            self.rows += none.size
            self.oracle.require(f"stand_in_all_{i}_{t}", (given - uses).isel(own), ">=", none)

    def loss(self) -> Array:
        """Return (item, site, start) what writing off a unit loses."""
        items = self.data.rows["items"]
        value = np.array([(row["unit_value"] or 0.0) * self.data.rate(row["currency"]) for row in items])
        result = self.data.zeros("item", "site", "start") + value[:, None, None]
        for row in self.data.rows["stocks"]:
            i, s = self.data.at["items"][row["item"]], self.data.at["sites"][row["site"]]
            result[i, s, :] -= (row["write_off_value"] or 0.0) * self.data.rate(row["currency"])
        return result

    def tidy(self) -> dict[str, Array]:
        lies = np.cumsum(self.data.days[::-1])[::-1]
        return {"given": np.ones(self.given.shape), "written": np.zeros(self.written.shape) + lies}
