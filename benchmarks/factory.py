"""Plans a generated factory of 9,000 orders and 2,100 items: time, memory, what is on time and late, and the gap.

`python -m benchmarks.factory [--orders 9000] [--seed 1] [--time-limit 120]`. One factory in four tiers: of seven items,
one is a product made of modules, two are modules made of parts, three are parts made of materials, and one is a
material, bought with a lead time. Every process loads one of a few machines that many share.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from benchmarks.measure import peak_mib
from coproduce import api
from coproduce.results.result import PlanResult

START, YEAR = datetime(2026, 1, 5), 364
BUCKETS = "78 weeks"
# Products, modules, parts and materials in each seven items; machines of each of the first three tiers.
SHARES, MACHINES = (1, 2, 3, 1), (10, 15, 15)
# Share of their time for which the machines of all tiers are asked.
LOAD = 0.9
SITE = "factory"


@dataclass(frozen=True)
class Factory:
    """Sizes; `items` is a multiple of seven."""

    orders: int = 9_000
    items: int = 2_100
    seed: int = 1

    @property
    def tiers(self) -> list[list[str]]:
        """Return the items of each tier."""
        counts = [self.items * share // sum(SHARES) for share in SHARES]
        return [[f"t{tier}_{n:04d}" for n in range(count)] for tier, count in enumerate(counts)]


def factory(size: Factory) -> dict[str, pl.DataFrame]:
    """Return the tables; equal sizes and seeds give equal tables."""
    random = np.random.default_rng(size.seed)
    tiers = size.tiers
    made = [item for tier in tiers[:-1] for item in tier]
    demands = _demands(size, random)
    flows = _flows(tiers, random)
    machine = {item: f"m{n}_{random.integers(MACHINES[n]):02d}" for n in range(3) for item in tiers[n]}
    hours = {item: float(random.uniform(0.2, 2.0)) for item in made}
    return {
        "programme": pl.DataFrame([{"name": "Factory", "start": START, "buckets": BUCKETS, "currency": "EUR"}]),
        "sites": pl.DataFrame([{"site": SITE, "country": "FR"}]),
        "items": pl.DataFrame({"item": [item for tier in tiers for item in tier]}).with_columns(unit=pl.lit("piece")),
        "processes": pl.DataFrame(
            {"process": made, "lead_days": random.integers(1, 8, len(made)).astype(float)}
        ).with_columns(site=pl.lit(SITE)),
        "flows": flows,
        "resources": _resources(_asked(tiers, flows, demands), machine, hours),
        "loads": pl.DataFrame(
            {"process": made, "resource": [machine[item] for item in made], "quantity": [hours[item] for item in made]}
        ),
        "supplies": pl.DataFrame(
            {
                "supply": [f"buy_{item}" for item in tiers[-1]],
                "item": tiers[-1],
                "price": random.uniform(1.0, 20.0, len(tiers[-1])),
                "lead_days": random.integers(5, 40, len(tiers[-1])).astype(float),
            }
        ).with_columns(site=pl.lit(SITE)),
        "stocks": pl.DataFrame(
            {"item": tiers[-1], "opening": random.integers(50, 500, len(tiers[-1])).astype(float)}
        ).with_columns(site=pl.lit(SITE)),
        "demands": demands,
    }


def _demands(size: Factory, random: np.random.Generator) -> pl.DataFrame:
    products = size.tiers[0]
    return pl.DataFrame(
        {
            "demand": [f"o{n:05d}" for n in range(size.orders)],
            "item": [products[n] for n in random.integers(len(products), size=size.orders)],
            "quantity": random.integers(1, 21, size.orders).astype(float),
            "due": [START + timedelta(days=int(day)) for day in random.integers(30, YEAR, size.orders)],
            "priority": random.integers(1, 3, size.orders),
        }
    ).with_columns(site=pl.lit(SITE))


def _flows(tiers: list[list[str]], random: np.random.Generator) -> pl.DataFrame:
    """Return one output and two or three inputs of the next tier for each process."""
    rows: list[dict[str, object]] = []
    for tier, below in pairwise(tiers):
        for item in tier:
            rows.append({"process": item, "item": item, "quantity": 1.0})
            parts = random.choice(len(below), int(random.integers(2, 4)), replace=False).tolist()
            rows += [{"process": item, "item": below[n], "quantity": -float(random.integers(1, 4))} for n in parts]
    return pl.DataFrame(rows)


def _asked(tiers: list[list[str]], flows: pl.DataFrame, demands: pl.DataFrame) -> dict[str, float]:
    """Return the units of every item that the orders ask for, through the bills of materials."""
    asked = dict(demands.group_by("item").agg(pl.sum("quantity")).iter_rows())
    inputs: dict[str, list[tuple[str, float]]] = {}
    for process, item, quantity in flows.filter(pl.col("quantity") < 0).select("process", "item", "quantity").rows():
        inputs.setdefault(process, []).append((item, -quantity))
    for tier in tiers:
        for item in tier:
            for part, quantity in inputs.get(item, ()):
                asked[part] = asked.get(part, 0.0) + quantity * asked.get(item, 0.0)
    return asked


def _resources(asked: Mapping[str, float], machine: Mapping[str, str], hours: Mapping[str, float]) -> pl.DataFrame:
    """Return machines of a size at which a year of all orders takes the share LOAD of them."""
    work: dict[str, float] = {}
    for item, name in machine.items():
        work[name] = work.get(name, 0.0) + hours[item] * asked.get(item, 0.0)
    return pl.DataFrame(
        [
            {
                "resource": name,
                "site": SITE,
                "unit": "hour",
                "capacity": max(total, 1.0) / LOAD / YEAR,
                "capacity_per": "day",
            }
            for name, total in sorted(work.items())
        ]
    )


def line(size: Factory, limit: float, threads: int) -> list[str]:
    """Plan a factory and return what is known of the plan."""
    begun = time.perf_counter()
    tables = api.check(api.from_frames(factory(size))).unwrap()
    read = time.perf_counter() - begun
    begun = time.perf_counter()
    result = api.plan(tables, time_limit=limit, threads=threads, bottlenecks=0)
    return [
        f"{size.orders:,} orders, {size.items:,} items, {len(tables['processes']):,} processes, "
        f"{len(tables['resources'])} machines, {BUCKETS}",
        f"generated, read and checked {read:.1f} s; planned {time.perf_counter() - begun:.1f} s; {peak_mib():,.0f} MiB",
        *_service(result),
    ]


def _service(result: PlanResult) -> list[str]:
    on_time = result.frames["demand_service"].filter(status="on_time").height
    shipped, asked = result.frames["deliveries"]["quantity"].sum(), result.tables["demands"]["quantity"].sum()
    stages = [_stage(row) for row in result.frames["tiers"].iter_rows(named=True)]
    return [f"{on_time:,} orders on time, {shipped:,.0f} of {asked:,.0f} units shipped", *stages]


def _stage(row: Mapping[str, Any]) -> str:
    bound = "none" if row["bound"] is None else f"{row['bound']:,.1f}"
    return f"  {row['stage']}: {row['value']:,.1f}, bound {bound}, {row['status']}, {row['seconds']:.1f} s"


def main() -> None:
    """Plan the factory and print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.factory", description=__doc__)
    parser.add_argument("--orders", type=int, default=9_000)
    parser.add_argument("--items", type=int, default=2_100, help="a multiple of seven")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=120.0)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    for text in line(Factory(given.orders, given.items, given.seed), given.time_limit, given.threads):
        print(text, flush=True)


if __name__ == "__main__":
    main()
