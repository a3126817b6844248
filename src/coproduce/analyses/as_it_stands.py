"""A programme as it stands at a date, as tables: what is there, on its way and booked as data, the past closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from ..calendar import DAY, Floats, Timeline
from ..network import Network
from ..stress.case import NO_LIMIT
from ..stress.periods import bucket_of_period
from ..stress.position import Position
from ..tables import INPUT_TABLES, Tables
from .known_events import OPENED, with_openness
from .rows import with_rows

CARRIED = "as_it_stands"
"""First part of the ids of processes whose firm runs bring what is there and on its way."""
AGREED = ("shares", "fair_shares", "export_floors", "reservations", "transit_limits", "origin_limits", "baseline")
"""Tables that say something about the whole horizon, or about an earlier plan; plans made on the way do without."""
_SMALLEST = 1e-9


@dataclass(frozen=True)
class Standing:
    """What is known when a plan is made on the way.

    Attributes
    ----------
    bucket : first bucket that is planned
    position : what has come of it so far
    open : by table, (row, bucket) the share of its amount that is expected to be there
    """

    bucket: int
    position: Position
    open: Mapping[str, Floats]


def as_it_stands(tables: Tables, network: Network, buckets: Timeline, standing: Standing, *, eased: bool) -> Tables:
    """Return the programme from a bucket on, on the same buckets: nothing more can happen in those before it.

    Stock, arrivals, what runs still take in, and bookings become flows and loads of firm runs at the beginning of
    buckets; demands ask for what is not delivered yet; totals are those left; what events leave is in calendars.

    Parameters
    ----------
    network : the programme on periods nested in the buckets
    eased : without least and largest stocks, and without what runs under way take in beyond what there will be
    """
    moment = buckets.moment(int(buckets.edges[standing.bucket]))
    closed = _closed(tables, moment)
    changed = {
        **closed,
        **_carried(tables, closed, network, buckets, standing, moment, eased),
        "stocks": _stocks(tables["stocks"], moment, eased),
        "demands": _demands(tables["demands"], standing.position, moment),
        "supplies": _supplies(closed["supplies"], standing.position.left),
        **{name: tables[name].clear() for name in ("receipts", *AGREED)},
        "contracts": tables["contracts"].with_columns(plan_keeps=_like(tables, "contracts", "plan_keeps", "nothing")),
        "programme": tables["programme"].with_columns(frozen_until=_like(tables, "programme", "frozen_until", None)),
        "options": tables["options"].with_columns(
            order_until=_like(tables, "options", "order_until", buckets.moment(0))
        ),
    }
    return with_openness(Tables({**tables.frames, **changed}), buckets, standing.open)


def _like(tables: Tables, table: str, column: str, value: object) -> pl.Expr:
    return pl.lit(value).cast(tables[table].schema[column])


def _from(column: str, moment: datetime) -> pl.Expr:
    """Return a first date that is not before a moment."""
    return pl.max_horizontal(pl.col(column), pl.lit(moment)).alias(column)


def _closed(tables: Tables, moment: datetime) -> dict[str, pl.DataFrame]:
    """Return what moves and changes items, closed before a moment."""
    first = {"processes": "start_from", "lanes": "start_from", "supplies": "order_from"}
    return {table: _cast(tables[table].with_columns(_from(column, moment)), table) for table, column in first.items()}


def _cast(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    return frame.cast(INPUT_TABLES[table].empty().schema)


def _stocks(stocks: pl.DataFrame, moment: datetime, eased: bool) -> pl.DataFrame:
    found = stocks.with_columns(_from("minimum_from", moment), opening=pl.lit(0.0))
    if eased:
        none = pl.lit(None, dtype=pl.Float64)
        found = found.with_columns(minimum=pl.lit(0.0), final_min=pl.lit(0.0), maximum=none)
    return _cast(found, "stocks")


def _demands(demands: pl.DataFrame, position: Position, moment: datetime) -> pl.DataFrame:
    """Return demands for what was asked for, surges included, and is not delivered yet."""
    left = np.maximum(position.asked - position.delivered, 0.0)
    left[left <= _SMALLEST * np.maximum(position.asked, 1.0)] = 0.0
    asked = demands.with_columns(_from("earliest", moment), quantity=pl.Series(left, dtype=pl.Float64))
    alone = asked.with_columns(set=pl.when(pl.col("quantity") > 0).then("set"))
    return _cast(alone, "demands")


def _supplies(supplies: pl.DataFrame, left: Floats) -> pl.DataFrame:
    total = left[: supplies.height]
    limits = [float(max(one, 0.0)) if one < NO_LIMIT else None for one in total]
    return supplies.with_columns(total_limit=pl.Series(limits, dtype=pl.Float64))


def _carried(
    tables: Tables, closed: Mapping[str, pl.DataFrame], network: Network, buckets: Timeline, standing: Standing,
    moment: datetime, eased: bool,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Return processes, flows, loads and firm runs that bring what is there, on its way and booked, one for a site."""
    sites = tables["sites"]["site"].to_list()
    names = [f"{CARRIED}.{site}" for site in sites]
    flows = _flows(tables, network, buckets, standing, names, eased)
    loads = _loads(tables, network, buckets, standing, names)
    used = sorted({str(row["process"]) for row in (*flows, *loads)})
    site = dict(zip(names, sites, strict=True))
    made = [{"process": name, "site": site[name], "start_until": buckets.moment(0)} for name in used]
    firm = [{"wip": name, "process": name, "quantity": 1.0, "started": moment} for name in used]
    return {
        "processes": _with_runs(closed["processes"], network, standing.position, made),
        "flows": with_rows(tables["flows"], "flows", flows),
        "loads": with_rows(tables["loads"], "loads", loads),
        "wip": with_rows(tables["wip"].clear(), "wip", firm),
    }


def _with_runs(
    frame: pl.DataFrame, network: Network, position: Position, rows: Sequence[dict[str, Any]]
) -> pl.DataFrame:
    """Return processes with the runs made so far, from which loads fall, and more rows."""
    first = len(network.supplies.node)
    runs = pl.Series(position.done[first : first + frame.height], dtype=pl.Float64)
    return with_rows(frame.with_columns(runs_before=pl.col("runs_before") + runs), "processes", rows)


def _flows(
    tables: Tables, network: Network, buckets: Timeline, standing: Standing, names: Sequence[str], eased: bool
) -> list[dict[str, Any]]:
    """Return what is there and what comes as flows at the beginning of buckets."""
    nodes, position = network.nodes, standing.position
    quantity = _by_bucket(position.coming, network, buckets)
    quantity[:, standing.bucket] += position.stock
    if eased:
        quantity = _never_negative(quantity)
    items = tables["items"]["item"].to_list()
    return [
        {
            "process": names[nodes.site[node]],
            "item": items[nodes.item[node]],
            "line": int(bucket) + 1,
            "quantity": float(quantity[node, bucket]),
            "offset_from": "start",
            "offset_days": _days(buckets, standing.bucket, int(bucket)),
        }
        for node, bucket in np.argwhere(np.abs(quantity) > _SMALLEST).tolist()
    ]


def _never_negative(quantity: Floats) -> Floats:
    """Return (node, bucket) movements whose sums up to a bucket are never below 0; nothing is given to reach it."""
    total = np.cumsum(quantity, axis=1)
    least = np.minimum(np.minimum.accumulate(total, axis=1), 0.0)
    return np.asarray(np.diff(total - least, axis=1, prepend=0.0))


def _loads(
    tables: Tables, network: Network, buckets: Timeline, standing: Standing, names: Sequence[str]
) -> list[dict[str, Any]]:
    booked = _by_bucket(standing.position.booked, network, buckets)
    resources = tables["resources"]["resource"].to_list()
    return [
        {
            "process": names[network.resources.site[resource]],
            "resource": resources[resource],
            "line": int(bucket) + 1,
            "quantity": float(booked[resource, bucket]),
            "from_days": _days(buckets, standing.bucket, int(bucket)),
            "until_days": _days(buckets, standing.bucket, int(bucket) + 1),
        }
        for resource, bucket in np.argwhere(booked > _SMALLEST).tolist()
    ]


def _by_bucket(values: Floats, network: Network, buckets: Timeline) -> Floats:
    """Return (row, bucket) the sums of (row, period)."""
    result = np.zeros((len(values), buckets.count))
    np.add.at(result.T, bucket_of_period(network.timeline, buckets), values.T)
    return result


def _days(buckets: Timeline, first: int, bucket: int) -> float:
    return float(buckets.edges[bucket] - buckets.edges[first]) / DAY


def openness(network: Network, buckets: Timeline, factor: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return by table the (row, bucket) share of its amount that factors leave.

    Parameters
    ----------
    factor : by table, (row, period); periods count by their amount, by their length where there is no limit
    """
    amounts = {
        "resources": network.resources.amount,
        "processes": network.processes.amount,
        "supplies": network.supplies.amount,
        "lanes": network.lanes.amount,
    }
    # Processes that only carry versions out come last; they are in no table.
    return {table: _share(amounts[table][: len(factor[table])], factor[table], network, buckets) for table in OPENED}


def _share(amount: Floats, factor: Floats, network: Network, buckets: Timeline) -> Floats:
    days = np.broadcast_to(network.timeline.days, amount.shape)
    unlimited = ~np.isfinite(amount) | (amount >= NO_LIMIT)
    some = _by_bucket(np.where(unlimited, 0.0, amount), network, buckets)
    nothing = some[:, bucket_of_period(network.timeline, buckets)] <= 0
    plain = np.asarray(np.any(unlimited, axis=1))[:, None] | nothing
    weight = np.where(plain, days, amount)
    return np.asarray(_by_bucket(weight * factor, network, buckets) / _by_bucket(weight, network, buckets))
