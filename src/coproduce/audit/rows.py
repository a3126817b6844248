"""The rows of a plan as arrays of positions in the input tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Floats, Ints, floats, positions, total
from .clock import Clock
from .setups import SetUps
from .versions import Changes, given


@dataclass(frozen=True)
class Rows:
    """Rows of one result table that name a known entity and bucket.

    Attributes
    ----------
    at : (rows,) position of each row in the result table
    entity : (rows,) position of its process, lane, supply or demand in the input table
    bucket : (rows,) its bucket
    quantity : (rows,) runs or units
    lots : (rows,) lots that they are; NaN where the cell is empty
    """

    at: Ints
    entity: Ints
    bucket: Ints
    quantity: Floats
    lots: Floats

    def by_bucket(self, entities: int, buckets: int, weight: Floats | float = 1.0) -> Floats:
        """(entities, buckets) sum of quantity x weight."""
        where = self.entity * buckets + self.bucket
        return total(entities * buckets, where, self.quantity * weight).reshape(entities, buckets)


def _rows(frame: pl.DataFrame, column: str, ids: pl.Series, clock: Clock, also: Ints | None = None) -> Rows:
    entity = positions(frame[column], ids)
    bucket = frame["bucket"].to_numpy().astype(np.int64)
    known = (entity >= 0) & (bucket >= 0) & (bucket < clock.count)
    if also is not None:
        known &= also >= 0
    at = np.flatnonzero(known).astype(np.int64)
    lots = floats(frame["lots"], np.nan) if "lots" in frame.columns else np.full(len(frame), np.nan)
    return Rows(at, entity[at], bucket[at], floats(frame["quantity"])[at], lots[at])


@dataclass(frozen=True)
class PlanRows:
    """What the plan does: runs by process, shipments by lane, purchases by supply, deliveries by demand.

    `shipped_item` is the (shipments,) position of the item of every shipment; `curves` is the table of learning curves,
    `changes` are those of versions and `set_ups` the joint ones, `draws` the money that funds are planned to pay.
    """

    runs: Rows
    shipments: Rows
    shipped_item: Ints
    purchases: Rows
    deliveries: Rows
    curves: pl.DataFrame
    changes: Changes
    draws: pl.DataFrame
    set_ups: SetUps

    @classmethod
    def of(cls, tables: Tables, frames: Mapping[str, pl.DataFrame], clock: Clock) -> PlanRows:
        """Look up the rows; those that name something unknown are left out here and reported by a check."""
        items = positions(frames["shipments"]["item"], tables["items"]["item"])
        shipments = _rows(frames["shipments"], "lane", tables["lanes"]["lane"], clock, items)
        return cls(
            runs=_rows(frames["runs"], "process", tables["processes"]["process"], clock),
            shipments=shipments,
            shipped_item=items[shipments.at],
            purchases=_rows(frames["purchases"], "supply", tables["supplies"]["supply"], clock),
            deliveries=_rows(frames["deliveries"], "demand", tables["demands"]["demand"], clock),
            curves=given(frames, "learning_curve"),
            changes=Changes.of(frames),
            draws=given(frames, "planned_draws"),
            set_ups=SetUps.of(tables, given(frames, "setups"), clock),
        )


@dataclass(frozen=True)
class Nodes:
    """Every pair of an item and a site that the input or the plan names.

    Attributes
    ----------
    items, sites : ids of the input tables
    keys : (nodes,) item position x number of sites + site position, rising
    """

    items: pl.Series
    sites: pl.Series
    keys: Ints

    @classmethod
    def of(cls, tables: Tables, frames: Mapping[str, pl.DataFrame], plan: PlanRows) -> Nodes:
        """Collect the pairs."""
        nodes = cls(tables["items"]["item"], tables["sites"]["site"], np.empty(0, np.int64))
        flows = tables["flows"].join(tables["processes"].select("process", "site"), on="process", how="left")
        pairs = [flows, frames["stock"]] + [tables[name] for name in ("stocks", "receipts", "supplies", "demands")]
        keys = [nodes.key(frame["item"], frame["site"]) for frame in pairs]
        instead = given(frames, "stand_ins")
        keys += [nodes.key(instead[name], instead["site"]) for name in ("item", "given")]
        lanes = tables["lanes"]
        for end in ("from_site", "to_site"):
            site = positions(lanes[end], nodes.sites)[plan.shipments.entity]
            keys.append(np.unique(plan.shipped_item * len(nodes.sites) + site))
        found = np.unique(np.concatenate(keys))
        return cls(nodes.items, nodes.sites, found[found >= 0])

    @property
    def count(self) -> int:
        """Number of pairs."""
        return len(self.keys)

    def key(self, item: pl.Series, site: pl.Series) -> Ints:
        """Return the key of each pair of ids; -1 where one of them is unknown."""
        item_at, site_at = positions(item, self.items), positions(site, self.sites)
        return np.where((item_at < 0) | (site_at < 0), -1, item_at * len(self.sites) + site_at)

    def at(self, keys: Ints) -> Ints:
        """Return the position of each key; -1 for one that is not there."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        found = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1).astype(np.int64)
        return np.where(self.keys[found] == keys, found, -1)

    def find(self, item: pl.Series, site: pl.Series) -> Ints:
        """Return the position of each pair of ids; -1 for one that is not there."""
        return self.at(self.key(item, site))

    def place(self, node: int) -> str:
        """Name a pair."""
        item, site = divmod(int(self.keys[node]), len(self.sites))
        return f"{self.items[item]} at {self.sites[site]}"
