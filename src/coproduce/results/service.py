"""Tables of how demands are served."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import Floats
from ..network import Network
from ..plan.assemble import Model
from ..tables import Tables
from .names import Names, declared, pick

NOTHING = 1e-6


def deliveries(network: Network, model: Model, names: Names, x: Floats) -> pl.DataFrame:
    """Return the table `deliveries`."""
    columns, values = model.columns["deliver"], model.values("deliver", x)
    used = np.flatnonzero(values)
    demand, bucket = columns.entity[used], columns.bucket[used]
    return declared(
        "deliveries",
        demand=pick(names.demand, demand),
        bucket=bucket,
        quantity=values[used],
        late_days=network.late_days(demand, bucket),
    )


def demand_service(tables: Tables, network: Network, model: Model, names: Names, x: Floats) -> pl.DataFrame:
    """Return the table `demand_service`."""
    demands, count = network.demands, network.timeline.count
    columns, values = model.columns["deliver"], model.values("deliver", x)
    size = len(demands.node)
    nothing = NOTHING * np.maximum(1.0, demands.quantity)
    late_days = network.late_days(columns.entity, columns.bucket)
    late = np.bincount(columns.entity, weights=values * (late_days > 0), minlength=size)
    on_time = np.bincount(columns.entity, weights=values * (late_days <= 0), minlength=size)
    unmet = np.maximum(demands.quantity - on_time - late, 0.0)
    unmet[unmet < nothing * 1e-3] = 0.0
    counted = values > nothing[columns.entity]
    first, last = np.full(size, count), np.full(size, -1)
    np.minimum.at(first, columns.entity[counted], columns.bucket[counted])
    np.maximum.at(last, columns.entity[counted], columns.bucket[counted])
    short = unmet > nothing
    completion = np.where(last >= 0, network.late_days(np.arange(size), np.maximum(last, 0)), 0.0)
    late_unit_days = (
        np.bincount(columns.entity, weights=values * late_days, minlength=size) + unmet * demands.unmet_days
    )
    status = np.where(short, "short", np.where(late > nothing, "late", "on_time"))
    possible = np.maximum(demands.first, model.reach.earliest[demands.node])
    frame = tables["demands"]
    return declared(
        "demand_service",
        demand=names.demand,
        item=frame["item"],
        site=frame["site"],
        kind=frame["kind"],
        priority=frame["priority"],
        due=frame["due"],
        status=status.tolist(),
        asked=demands.quantity,
        on_time=on_time,
        late=late,
        unmet=unmet,
        first_delivery=pick(names.ends, np.where(first < count, first, -1)),
        last_delivery=pick(names.ends, last),
        late_days=np.where(short, demands.unmet_days, completion),
        late_unit_days=late_unit_days,
        earliest_possible=pick(names.ends, np.where(possible < count, possible, -1)),
    )
