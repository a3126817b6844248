"""Tables of how demands are served."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import Floats, Ints
from ..network import Network
from ..reach import Reach
from ..tables import Tables
from .names import Names, declared, pick
from .served import Served

# A quantity below this, relative to max(1, asked), counts as nothing in the status of a demand.
NOTHING = 1e-6


def deliveries(names: Names, given: Served, newer: Floats) -> pl.DataFrame:
    """Return the table `deliveries`."""
    return declared(
        "deliveries",
        demand=pick(names.demand, given.demand),
        bucket=given.bucket,
        quantity=given.quantity,
        late_days=given.late_days,
        newer=newer,
    )


def _first_and_last(network: Network, given: Served, nothing: Floats) -> tuple[Ints, Ints]:
    """Return (demand,) first and last bucket of a delivery that counts; -1 for none."""
    size = len(network.demands.node)
    counted = given.quantity > nothing[given.demand]
    first, last = np.full(size, network.timeline.count), np.full(size, -1)
    np.minimum.at(first, given.demand[counted], given.bucket[counted])
    np.maximum.at(last, given.demand[counted], given.bucket[counted])
    return np.where(last >= 0, first, -1), last


def demand_service(tables: Tables, network: Network, known: Reach, names: Names, given: Served) -> pl.DataFrame:
    """Return the table `demand_service`."""
    demands, count = network.demands, network.timeline.count
    size = len(demands.node)

    def total(weights: Floats) -> Floats:
        return np.bincount(given.demand, weights=weights, minlength=size).astype(np.float64)

    nothing = NOTHING * np.maximum(1.0, demands.quantity)
    late = total(given.quantity * (given.late_days > 0))
    short = given.unmet > nothing
    first, last = _first_and_last(network, given, nothing)
    completion = np.where(last >= 0, network.late_days(np.arange(size), np.maximum(last, 0)), 0.0)
    possible = np.maximum(demands.first, known.earliest[demands.node])
    frame = tables["demands"]
    return declared(
        "demand_service",
        demand=names.demand,
        item=frame["item"],
        site=frame["site"],
        kind=frame["kind"],
        priority=frame["priority"],
        due=frame["due"],
        status=np.where(short, "short", np.where(late > nothing, "late", "on_time")).tolist(),
        asked=demands.quantity,
        on_time=total(given.quantity * (given.late_days <= 0)),
        late=late,
        unmet=given.unmet,
        first_delivery=pick(names.ends, first),
        last_delivery=pick(names.ends, last),
        late_days=np.where(short, demands.unmet_days, completion),
        late_unit_days=total(given.quantity * given.late_days) + given.unmet * demands.unmet_days,
        earliest_possible=pick(names.ends, np.where(possible < count, possible, -1)),
    )
