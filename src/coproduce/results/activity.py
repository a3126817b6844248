"""Tables of what the plan does: runs, shipments, purchases, stock, resource load."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..block import COST
from ..calendar import Floats, Ints
from ..network import Network
from ..plan.assemble import Model
from ..plan.grown import Grown
from .lots import lot_counts
from .movements import PURPOSES, Movements
from .names import Names, declared, pick


def _active(model: Model, kind: str, x: Floats) -> tuple[Ints, Ints, Floats, pl.Series, Floats]:
    """Return entity, bucket, value, number of lots and cost of the columns of a kind that are not zero."""
    columns, values = model.columns[kind], model.values(kind, x)
    count, spent = lot_counts(model, kind, x)
    used = np.flatnonzero((values != 0) | (np.nan_to_num(count) > 0))
    cost = columns.stages[COST][used] * values[used] + spent[used]
    lots = pl.Series(count[used], nan_to_null=True).cast(pl.Int64)
    return columns.entity[used], columns.bucket[used], values[used], lots, cost


def buckets(network: Network, names: Names) -> pl.DataFrame:
    """Return the table `buckets`."""
    count = network.timeline.count
    return declared("buckets", bucket=np.arange(count), start=names.starts, end=names.ends, days=network.timeline.days)


def runs(network: Network, model: Model, names: Names, x: Floats) -> pl.DataFrame:
    """Return the table `runs`."""
    process, bucket, quantity, lots, cost = _active(model, "run", x)
    site = pick(names.site, network.processes.site[process])
    return declared(
        "runs", process=pick(names.process, process), site=site, bucket=bucket, quantity=quantity, lots=lots, cost=cost
    )


def shipments(network: Network, model: Model, names: Names, x: Floats) -> pl.DataFrame:
    """Return the table `shipments`."""
    arc, bucket, quantity, lots, cost = _active(model, "ship", x)
    lanes, nodes = network.lanes, network.nodes
    return declared(
        "shipments",
        lane=pick(names.lane, lanes.arc_lane[arc]),
        item=pick(names.item, nodes.item[lanes.arc_from[arc]]),
        from_site=pick(names.site, nodes.site[lanes.arc_from[arc]]),
        to_site=pick(names.site, nodes.site[lanes.arc_to[arc]]),
        bucket=bucket,
        quantity=quantity,
        lots=lots,
        cost=cost,
    )


def purchases(network: Network, model: Model, names: Names, x: Floats) -> pl.DataFrame:
    """Return the table `purchases`."""
    supply, bucket, quantity, lots, cost = _active(model, "buy", x)
    node = network.supplies.node[supply]
    return declared(
        "purchases",
        supply=pick(names.supply, supply),
        item=pick(names.item, network.nodes.item[node]),
        site=pick(names.site, network.nodes.site[node]),
        bucket=bucket,
        quantity=quantity,
        lots=lots,
        cost=cost,
    )


def stock(network: Network, moved: Movements, names: Names) -> pl.DataFrame:
    """Return the table `stock`: every bucket of each node that has stock or a movement at any time."""
    nodes, count = network.nodes, network.timeline.count
    touched = (nodes.opening > 0) | (nodes.stock_row >= 0)
    for purpose in PURPOSES:
        touched |= moved.by_purpose[purpose].any(axis=1)
    node = np.flatnonzero(touched)
    holding = moved.closing[node] * nodes.holding_cost[node, None] * network.timeline.days
    entity = np.repeat(node, count)
    return declared(
        "stock",
        item=pick(names.item, nodes.item[entity]),
        site=pick(names.site, nodes.site[entity]),
        bucket=np.tile(np.arange(count), len(node)),
        opening=moved.opening[node].ravel(),
        closing=moved.closing[node].ravel(),
        holding_cost=holding.ravel(),
        **{purpose: moved.by_purpose[purpose][node].ravel() for purpose in PURPOSES},
    )


def resource_load(network: Network, moved: Movements, names: Names, plan: Grown) -> pl.DataFrame:
    """Return the table `resource_load`."""
    resources, count = network.resources, network.timeline.count
    resource = np.repeat(np.arange(len(resources.site)), count)
    used = resources.firm + moved.planned
    with np.errstate(divide="ignore", invalid="ignore"):
        utilisation = used / (plan.capacity + plan.overtime)
    return declared(
        "resource_load",
        resource=pick(names.resource, resource),
        site=pick(names.site, resources.site[resource]),
        bucket=np.tile(np.arange(count), len(resources.site)),
        capacity=plan.capacity.ravel(),
        firm=resources.firm.ravel(),
        planned=moved.planned.ravel(),
        overtime=plan.overtime.ravel(),
        utilisation=utilisation.ravel(),
    )
