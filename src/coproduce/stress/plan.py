"""What a plan wants of every activity: read from its result tables, bucket by bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats, Ints, Timeline
from ..compile.index import floats, positions
from ..network import Bools, Network
from ..tables import Tables


@dataclass(frozen=True)
class Plan:
    """A plan as quantities of activities (`activities.Activities`), by the buckets of the plan.

    Attributes
    ----------
    buckets : the buckets of the plan
    quantity : (activity, bucket) units ordered, runs, units shipped and delivered
    due : (demand,) seconds from which on a delivery is late, as the plan counts it
    lots : (activity, bucket) lots that the quantities are, where set-ups matter; None: no set-ups
    joint : (resource, bucket) what joint set-ups take of resources; None: nothing
    """

    buckets: Timeline
    quantity: Floats
    due: Ints
    lots: Floats | None = None
    joint: Floats | None = None

    def left(self, amount: Floats, bucket: Ints) -> Floats:
        """Return (resource, period) what joint set-ups leave of an amount: they are made whatever happens.

        What they take in a bucket is taken from its periods in proportion to the amounts.

        Parameters
        ----------
        amount : (resource, period) resource units
        bucket : (period,) bucket of the plan
        """
        if self.joint is None:
            return amount
        whole = np.zeros_like(self.joint)
        np.add.at(whole.T, bucket, amount.T)
        kept = np.maximum(1.0 - _ratio(self.joint, whole), 0.0)
        return amount * kept[:, bucket]

    @property
    def lots_per_run(self) -> Floats:
        """(activity, bucket) lots per run: of the bucket, of the whole plan where it has no runs there, else 0."""
        if self.lots is None:
            return np.zeros_like(self.quantity)
        everywhere = _ratio(self.lots.sum(axis=1, keepdims=True), self.quantity.sum(axis=1, keepdims=True))
        return np.where(self.quantity > 0, _ratio(self.lots, self.quantity), everywhere)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def whole_activities(network: Network) -> Bools:
    """Return (activity,) whether the plan starts lots, which are wanted at the beginning of a bucket."""
    lanes = network.lanes
    none = np.zeros(len(network.demands.node), dtype=bool)
    return np.concatenate(
        [network.supplies.lots.whole, network.processes.lots.whole, lanes.lots.whole[lanes.arc_lane], none]
    )


def _arcs(network: Network, frame: pl.DataFrame, tables: Tables) -> Ints:
    lane, item = positions(frame["lane"], tables["lanes"]["lane"]), positions(frame["item"], tables["items"]["item"])
    items = len(tables["items"])
    carried = network.lanes.arc_lane * items + network.nodes.item[network.lanes.arc_from]
    return np.searchsorted(carried, lane * items + item).astype(np.int64)


def read_plan(tables: Tables, network: Network, frames: Mapping[str, pl.DataFrame]) -> Plan:
    """Read the tables `purchases`, `runs`, `shipments` and `deliveries` of a plan.

    Parameters
    ----------
    network : the programme compiled on the buckets of the plan
    frames : result tables of the plan by name
    """
    sizes = [len(network.supplies.node), len(network.processes.site), len(network.lanes.arc_lane)]
    rows = [
        positions(frames["purchases"]["supply"], tables["supplies"]["supply"]),
        positions(frames["runs"]["process"], tables["processes"]["process"]),
        _arcs(network, frames["shipments"], tables),
        positions(frames["deliveries"]["demand"], tables["demands"]["demand"]),
    ]
    quantity = np.zeros((sum(sizes) + len(network.demands.node), network.timeline.count))
    lots = np.zeros_like(quantity)
    start = np.concatenate([[0], np.cumsum(sizes)])
    for name, row, offset in zip(("purchases", "runs", "shipments", "deliveries"), rows, start, strict=True):
        frame = frames[name]
        np.add.at(quantity, (offset + row, frame["bucket"].to_numpy()), frame["quantity"].to_numpy())
    runs = frames["runs"]
    np.add.at(lots, (sizes[0] + rows[1], runs["bucket"].to_numpy()), floats(runs["lots"].cast(pl.Float64), 0.0))
    return Plan(network.timeline, quantity, network.demands.due, lots, _joint(tables, network, frames))


def _joint(tables: Tables, network: Network, frames: Mapping[str, pl.DataFrame]) -> Floats | None:
    """Return (resource, bucket) what the joint set-ups of the plan take; None where it has none."""
    made = frames.get("setups")
    if made is None or made.is_empty():
        return None
    group = positions(made["setup_group"], tables["setup_groups"]["setup_group"])
    taken = np.zeros((len(network.resources.site), network.timeline.count))
    np.add.at(taken.T, made["bucket"].to_numpy(), network.setup_groups.taken(len(taken))[group])
    return taken


def spread_over_periods(plan: Plan, periods: Timeline, bucket: Ints, whole: Bools) -> Floats:
    """Return (activity, period) what a plan wants: evenly over the bucket, lots at its beginning."""
    share = np.diff(periods.edges) / np.diff(plan.buckets.edges)[bucket]
    first = periods.edges[:-1] == plan.buckets.edges[bucket]
    return plan.quantity[:, bucket] * np.where(whole[:, None], first[None, :], share[None, :])
