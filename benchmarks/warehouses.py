"""Capacitated warehouse location of the OR-Library (Beasley 1988, doi:10.1016/0377-2217(88)90175-0) as programmes.

The file: warehouses and customers; per warehouse its capacity and fixed cost; per customer its demand and the cost of
serving all of it from each warehouse. `bounds.txt` beside it has the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import highspy
import numpy as np
import numpy.typing as npt
import polars as pl

from coproduce import api
from coproduce.tables import Tables

Floats = npt.NDArray[np.float64]
DAY = datetime(2026, 1, 1)


@dataclass(frozen=True)
class Instance:
    """One instance: `capacity`, `fixed` (warehouse,), `demand` (customer,), `cost` (customer, warehouse) for all."""

    name: str
    capacity: Floats
    fixed: Floats
    demand: Floats
    cost: Floats


def read(path: Path) -> Instance:
    """Read an instance.

    Raises
    ------
    ValueError
        The capacity is a word, to be filled in, as in the large instances.
    """
    numbers = [float(cell) for cell in path.read_text().split()]
    places, customers = int(numbers[0]), int(numbers[1])
    warehouses = np.array(numbers[2 : 2 + 2 * places]).reshape(places, 2)
    rest = np.array(numbers[2 + 2 * places :]).reshape(customers, places + 1)
    return Instance(path.stem, warehouses[:, 0], warehouses[:, 1], rest[:, 0], rest[:, 1:])


def optima(path: Path) -> dict[str, float]:
    """Read the optimum of each instance."""
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return {row[0]: float(row[1]) for row in rows}


def programme(instance: Instance) -> Tables:
    """Return the instance as a programme of one day: opening a warehouse is the cost of its one order."""
    places = [f"w{at}" for at in range(len(instance.capacity))]
    customers = [f"c{at}" for at in range(len(instance.demand))]
    pairs = [(c, w) for c in range(len(customers)) for w in range(len(places)) if instance.demand[c] > 0]
    wanted = [c for c in range(len(customers)) if instance.demand[c] > 0]
    frames = {
        "programme": pl.DataFrame({"name": instance.name, "start": DAY, "buckets": "1 day", "currency": "EUR"}),
        "sites": pl.DataFrame({"site": [*places, *customers]}),
        "items": pl.DataFrame({"item": ["goods"], "unit": "piece"}),
        "supplies": pl.DataFrame(
            {"supply": places, "item": "goods", "site": places, "order_cost": instance.fixed,
             "limit": instance.capacity, "limit_per": "day"}
        ),
        "lanes": pl.DataFrame(
            {"lane": [f"{places[w]}-{customers[c]}" for c, w in pairs], "item": "goods",
             "from_site": [places[w] for _, w in pairs], "to_site": [customers[c] for c, _ in pairs],
             "cost": [float(instance.cost[c, w] / instance.demand[c]) for c, w in pairs]}
        ),
        "demands": pl.DataFrame(
            {"demand": [customers[c] for c in wanted], "item": "goods", "site": [customers[c] for c in wanted],
             "quantity": instance.demand[wanted], "due": DAY}
        ),
    }  # fmt: skip
    return api.check(api.from_frames(frames)).unwrap()


def plain(instance: Instance) -> highspy.Highs:
    """Return the natural model: shares of each customer, open or not, capacity times open."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    open_ = [highs.addBinary(obj=float(fixed)) for fixed in instance.fixed]
    sent = [[highs.addVariable(lb=0, ub=1, obj=float(cost)) for cost in row] for row in instance.cost]
    for row in sent:
        highs.addConstr(highs.qsum(row) == 1.0)
    for w, capacity in enumerate(instance.capacity.tolist()):
        load = highs.qsum(float(demand) * row[w] for demand, row in zip(instance.demand, sent, strict=True))
        highs.addConstr(load <= capacity * open_[w])
    return highs
