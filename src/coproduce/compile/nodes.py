"""Which items can be at which sites, and which of them are wanted there: decides what lanes without an item carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Ints
from ..network import Bools
from ..tables import Tables
from .index import floats, positions
from .versions import Pairs, spread_versions


@dataclass(frozen=True)
class Ids:
    """Positions of the ids that several tables use; a node code is `item * sites + site`."""

    items: int
    sites: int
    process_site: Ints
    flow_process: Ints
    flow_code: Ints
    flow_out: Bools
    flow_needed: Bools
    """(flow,) inputs that every run takes, whenever it starts"""
    supply_code: Ints
    stock_code: Ints
    receipt_code: Ints
    demand_code: Ints
    lane_from: Ints
    lane_to: Ints
    lane_item: Ints

    def code(self, item: Ints, site: Ints) -> Ints:
        """Return node codes."""
        return item * self.sites + site


def _needed(tables: Tables) -> Bools:
    """Return which flows are inputs of all runs; one with a window cannot hold back the runs outside it."""
    always = pl.col("start_from").is_null() & pl.col("start_until").is_null()
    return tables["flows"].select((pl.col("quantity") < 0) & always).to_series().to_numpy()


def read_ids(tables: Tables) -> Ids:
    """Turn the references of the tables into positions."""
    items, sites = tables["items"]["item"], tables["sites"]["site"]
    count = len(sites)

    def code(table: str, item: str = "item", site: str = "site") -> Ints:
        frame = tables[table]
        return positions(frame[item], items) * count + positions(frame[site], sites)

    process_site = positions(tables["processes"]["site"], sites)
    flows, lanes = tables["flows"], tables["lanes"]
    flow_process = positions(flows["process"], tables["processes"]["process"])
    return Ids(
        items=len(items),
        sites=count,
        process_site=process_site,
        flow_process=flow_process,
        flow_code=positions(flows["item"], items) * count + process_site[flow_process],
        flow_out=(flows["quantity"] > 0).to_numpy(),
        flow_needed=_needed(tables),
        supply_code=code("supplies"),
        stock_code=code("stocks"),
        receipt_code=code("receipts"),
        demand_code=code("demands"),
        lane_from=positions(lanes["from_site"], sites),
        lane_to=positions(lanes["to_site"], sites),
        lane_item=positions(lanes["item"], items),
    )


def _spread(known: Bools, ids: Ids, sources: Ints, targets: Ints) -> None:
    """Mark what lanes carry from `sources` to `targets` (sites), in place."""
    by_site = known.reshape(ids.items, ids.sites)
    own = ids.lane_item >= 0
    item, source, target = ids.lane_item[own], sources[own], targets[own]
    carried = by_site[item, source]
    by_site[item[carried], target[carried]] = True
    for one_source, one_target in zip(sources[~own], targets[~own], strict=True):
        by_site[:, one_target] |= by_site[:, one_source]


def present(ids: Ids, tables: Tables, pairs: Pairs) -> Bools:
    """Return (item x site,) whether an item can ever be at a site, time and capacity aside."""
    known = np.zeros(ids.items * ids.sites, dtype=bool)
    known[ids.supply_code] = True
    known[ids.stock_code[floats(tables["stocks"]["opening"], 0.0) > 0]] = True
    known[ids.receipt_code] = True
    under_way = positions(tables["wip"]["process"], tables["processes"]["process"])
    known[ids.flow_code[ids.flow_out & np.isin(ids.flow_process, under_way)]] = True
    inputs = ids.flow_needed
    while True:
        before = int(known.sum())
        missing = np.bincount(
            ids.flow_process[inputs], weights=~known[ids.flow_code[inputs]], minlength=len(ids.process_site)
        )
        known[ids.flow_code[ids.flow_out & (missing[ids.flow_process] == 0)]] = True
        _spread(known, ids, ids.lane_from, ids.lane_to)
        spread_versions(pairs, known, ids.sites, wanted=False)
        if int(known.sum()) == before:
            return known


def wanted(ids: Ids, tables: Tables, pairs: Pairs) -> Bools:
    """Return (item x site,) whether an item at a site can ever serve a demand or a stock that must be kept."""
    stocks = tables["stocks"]
    known = np.zeros(ids.items * ids.sites, dtype=bool)
    known[ids.demand_code] = True
    kept = stocks.select(keep=(pl.col("minimum") > 0) | (pl.col("final_min") > 0) | (pl.col("terminal_value") > 0))[
        "keep"
    ]
    known[ids.stock_code[kept.to_numpy()]] = True
    under_way = positions(tables["wip"]["process"], tables["processes"]["process"])
    known[ids.flow_code[~ids.flow_out & np.isin(ids.flow_process, under_way)]] = True
    while True:
        before = int(known.sum())
        useful = np.zeros(len(ids.process_site), dtype=bool)
        np.logical_or.at(useful, ids.flow_process[ids.flow_out], known[ids.flow_code[ids.flow_out]])
        known[ids.flow_code[~ids.flow_out & useful[ids.flow_process]]] = True
        _spread(known, ids, ids.lane_to, ids.lane_from)
        spread_versions(pairs, known, ids.sites, wanted=True)
        if int(known.sum()) == before:
            return known


def arcs(ids: Ids, tables: Tables, pairs: Pairs) -> tuple[Ints, Ints]:
    """Return the lane and the item of every arc: the items that a lane may usefully carry, by lane, then item."""
    can_be = present(ids, tables, pairs).reshape(ids.items, ids.sites)
    of_use = wanted(ids, tables, pairs).reshape(ids.items, ids.sites)
    own = np.flatnonzero(ids.lane_item >= 0)
    only = ids.lane_item[own]
    useful = can_be[only, ids.lane_from[own]] & of_use[only, ids.lane_to[own]]
    lanes, carried = [own[useful]], [only[useful]]
    for shared in np.flatnonzero(ids.lane_item < 0):
        items = np.flatnonzero(can_be[:, ids.lane_from[shared]] & of_use[:, ids.lane_to[shared]])
        lanes.append(np.full(len(items), shared))
        carried.append(items)
    shipped_lane, shipped_item = _shipped_before(ids, tables)
    lane, item = np.concatenate([*lanes, shipped_lane]), np.concatenate([*carried, shipped_item])
    pairs_of = np.unique(np.stack([lane, item]).astype(np.int64), axis=1)
    return pairs_of[0], pairs_of[1]


def _shipped_before(ids: Ids, tables: Tables) -> tuple[Ints, Ints]:
    """Return the lane and the item of what the baseline ships and the lane may carry, of use now or not."""
    frame = tables["baseline"].filter((pl.col("kind") == "shipment") & (pl.col("quantity") > 0))
    lane = positions(frame["entity"], tables["lanes"]["lane"])
    item = positions(frame["item"], tables["items"]["item"])
    only = ids.lane_item[lane] if len(ids.lane_item) else np.full(len(lane), -1)
    known = (lane >= 0) & (item >= 0) & ((only < 0) | (only == item))
    return lane[known], item[known]
