"""Capacitated lot sizing with set-up times (Trigeiro et al. 1989, doi:10.1287/mnsc.35.3.353) as programmes.

The file: items and periods; machines; capacity of a period; per item processing time, holding cost, set-up time and
set-up cost; then the demand per period and item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import highspy
import numpy as np
import numpy.typing as npt
import polars as pl

from coproduce import api
from coproduce.tables import Tables

Floats = npt.NDArray[np.float64]
START = datetime(2026, 1, 1)


@dataclass(frozen=True)
class Instance:
    """One instance: `demand` is (period, item), the other arrays are (item,)."""

    name: str
    capacity: float
    processing: Floats
    holding: Floats
    set_up_time: Floats
    set_up_cost: Floats
    demand: Floats


def read(path: Path) -> Instance:
    """Read an instance; what follows the demands is not looked at."""
    lines = [line.split() for line in path.read_text().splitlines() if line.split()]
    items, periods = (int(cell) for cell in lines[0])
    facts = np.array(lines[3 : 3 + items], dtype=np.float64)
    demand = np.array(lines[3 + items : 3 + items + periods], dtype=np.float64)
    if demand.shape != (periods, items):
        raise ValueError(f"{path.name}: demands are {demand.shape}, not {(periods, items)}")
    return Instance(path.name, float(lines[2][0]), facts[:, 0], facts[:, 1], facts[:, 2], facts[:, 3], demand)


def programme(instance: Instance) -> Tables:
    """Return the instance as a programme: a day a period, nothing delivered early, lateness before cost."""
    periods, count = instance.demand.shape
    items = [f"i{item}" for item in range(count)]
    wanted = [(t, item) for t in range(periods) for item in range(count) if instance.demand[t, item] > 0]
    days = [START + timedelta(days=t) for t, _ in wanted]
    frames = {
        "programme": pl.DataFrame(
            {"name": instance.name, "start": START, "buckets": f"{periods} days", "currency": "EUR"}
        ),
        "sites": pl.DataFrame({"site": ["plant"]}),
        "items": pl.DataFrame({"item": items, "unit": "piece"}),
        "processes": pl.DataFrame({"process": items, "site": "plant", "setup_cost": instance.set_up_cost}),
        "flows": pl.DataFrame({"process": items, "item": items, "quantity": 1.0}),
        "resources": pl.DataFrame(
            {"resource": ["machine"], "site": "plant", "unit": "hours", "capacity": instance.capacity,
             "capacity_per": "day"}
        ),
        "loads": pl.DataFrame(
            {"process": items, "resource": "machine", "quantity": instance.processing,
             "setup_quantity": instance.set_up_time}
        ),
        "stocks": pl.DataFrame({"item": items, "site": "plant", "holding_cost": instance.holding * 365}),
        "demands": pl.DataFrame(
            {"demand": [f"d{t}-{item}" for t, item in wanted], "item": [items[item] for _, item in wanted],
             "site": "plant", "quantity": [float(instance.demand[t, item]) for t, item in wanted], "due": days,
             "earliest": days}
        ),
    }  # fmt: skip
    return api.check(api.from_frames(frames)).unwrap()


def plain(instance: Instance) -> highspy.Highs:
    """Return the natural model: x produced, y set up, s stock; x <= y times all later demand or the free capacity."""
    periods, count = instance.demand.shape
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    later = np.cumsum(instance.demand[::-1], axis=0)[::-1]
    previous: list[highspy.highs.highs_var] = []
    for t in range(periods):
        rows = []
        for item in range(count):
            room = (instance.capacity - instance.set_up_time[item]) / instance.processing[item]
            most = min(room, float(later[t, item]))
            x = highs.addVariable(lb=0, ub=most)
            y = highs.addBinary(obj=float(instance.set_up_cost[item]))
            stock = highs.addVariable(lb=0, obj=float(instance.holding[item]))
            highs.addConstr(x <= most * y)
            rows.append((x, y, stock))
        times = zip(rows, instance.processing.tolist(), instance.set_up_time.tolist(), strict=True)
        highs.addConstr(highs.qsum(each * x + once * y for (x, y, _), each, once in times) <= instance.capacity)
        for item, (x, _, stock) in enumerate(rows):
            opening = [previous[item]] if t else []
            highs.addConstr(highs.qsum([*opening, x]) - stock == float(instance.demand[t, item]))
        previous = [stock for _, _, stock in rows]
    return highs
