"""Random bills of materials with alternatives, co-products and repair loops, and their direct expansion."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

import numpy as np
from programmes import tables_of

from coproduce.tables import Tables

Row = dict[str, Any]
COUNTRIES = ("FR", "UA", "US", "CN", None)
SITES = {"lyon": "FR", "lviv": "UA", "reno": "US"}


def base(**rows: list[Row]) -> Tables:
    """Return a programme with three sites in three countries."""
    return tables_of({
        "programme": [{"name": "n", "currency": "EUR", "start": datetime(2026, 1, 5), "buckets": "4 weeks"}],
        "sites": [{"site": site, "country": country} for site, country in SITES.items()],
    } | rows)  # fmt: skip


def random_bill(seed: int, *, loops: bool = True) -> Tables:
    """Return a random bill of materials; `i0` is the end product and every input has a higher number, but in loops."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(4, 9))
    names = [f"i{n}" for n in range(count)]
    items = [{"item": name, "unit": "piece", "component_cost": float(rng.integers(1, 30))
              if rng.random() < 0.9 else None} for name in names]  # fmt: skip
    processes: list[Row] = []
    flows: list[Row] = []
    supplies: list[Row] = []

    def process(outputs: dict[str, float], inputs: dict[str, float]) -> None:
        name = f"p{len(processes)}"
        site = list(SITES)[int(rng.integers(3))]
        processes.append({"process": name, "site": site, "yield_rate": float(rng.choice([1.0, 0.8]))})
        flows.extend({"process": name, "item": item, "quantity": units} for item, units in outputs.items())
        flows.extend({"process": name, "item": item, "quantity": -units} for item, units in inputs.items())

    for n, name in enumerate(names):
        lower = names[n + 1 :]
        made = bool(lower) and (n == 0 or rng.random() < 0.55)
        for _ in range(int(rng.integers(1, 3)) if made else 0):
            chosen = rng.choice(len(lower), size=min(len(lower), int(rng.integers(1, 4))), replace=False)
            inputs = {lower[int(at)]: float(rng.integers(1, 4)) for at in chosen}
            outputs = {name: float(rng.integers(1, 3))}
            if rng.random() < 0.3:
                outputs[f"by{n}"] = float(rng.integers(1, 3))
                items.append({"item": f"by{n}", "unit": "piece",
                              "component_cost": float(rng.integers(1, 9)) if rng.random() < 0.6 else None})  # fmt: skip
            process(outputs, inputs)
        for _ in range(int(rng.integers(1, 3)) if not made or (n and rng.random() < 0.3) else 0):
            supplies.append({"supply": f"s{len(supplies)}", "item": name, "site": "lyon",
                             "origin": COUNTRIES[int(rng.integers(5))]})  # fmt: skip
    if loops and count > 4:
        # Half a unit of i1 is lost in use; what comes back is repaired with a part.
        items.append({"item": "used", "unit": "piece", "component_cost": 1.0})
        process({"used": 1.0}, {"i1": 0.5})
        process({"i1": 1.0}, {"used": 1.0, names[-1]: 1.0})
    unique = {row["item"]: row for row in items}
    return base(items=list(unique.values()), processes=processes, flows=flows, supplies=supplies)


Choice = dict[str, Row]


def ways(tables: Tables) -> dict[str, list[Row]]:
    """Return the ways to come by every item: countries that it is bought from, processes that make it."""
    found: dict[str, list[Row]] = {item: [] for item in tables["items"]["item"]}
    for row in tables["supplies"].to_dicts():
        way = {"bought": row["origin"]}
        if way not in found[row["item"]]:
            found[row["item"]].append(way)
    for row in tables["flows"].to_dicts():
        if row["quantity"] > 0:
            found[row["item"]].append({"process": row["process"]})
    return found


def choices(tables: Tables) -> list[Choice]:
    """Return every combination of ways."""
    every = ways(tables)
    return [dict(zip(every, chosen, strict=True)) for chosen in product(*every.values())]


class Expansion:
    """What one unit of an item is made of, by going down the bill of materials over and over until nothing is left."""

    def __init__(self, tables: Tables, choice: Choice) -> None:
        self.choice = choice
        self.cost = {row["item"]: row["component_cost"] for row in tables["items"].to_dicts()}
        self.good = {row["process"]: row["yield_rate"] for row in tables["processes"].to_dicts()}
        self.flows = tables["flows"].to_dicts()

    def inputs(self, item: str, process: str) -> dict[str, float]:
        """Return what one unit takes: the inputs' part by worth of the outputs, or by units where one has no cost."""
        out = {f["item"]: f["quantity"] * self.good[process] for f in self.flows
               if f["process"] == process and f["quantity"] > 0}  # fmt: skip
        priced = all(self.cost[name] for name in out)
        size = {name: units * (self.cost[name] if priced else 1.0) for name, units in out.items()}
        part = size[item] / sum(size.values())
        return {f["item"]: -f["quantity"] * part / out[item] for f in self.flows
                if f["process"] == process and f["quantity"] < 0}  # fmt: skip

    def of(self, item: str) -> tuple[dict[str | None, float], set[str]] | None:
        """Return cost by country and the components without a cost; None where what goes round never ends."""
        cost: dict[str | None, float] = {}
        bare: set[str] = set()
        left = {item: 1.0}
        for _ in range(4000):
            below: dict[str, float] = {}
            for name, units in left.items():
                way = self.choice[name]
                if "process" in way:
                    for part, need in self.inputs(name, way["process"]).items():
                        below[part] = below.get(part, 0.0) + units * need
                elif self.cost[name] is None:
                    bare.add(name)
                    cost.setdefault(way["bought"], 0.0)
                else:
                    cost[way["bought"]] = cost.get(way["bought"], 0.0) + units * self.cost[name]
            left = {name: units for name, units in below.items() if units > 1e-15}
            if not left:
                return cost, bare
            if sum(left.values()) > 1e9:
                return None
        return None
