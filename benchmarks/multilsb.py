"""Multi-level lot sizing with joint set-ups and backlog as programmes: the sets MULTILSB.

The sets come from Akartunali and Miller (2009, doi:10.1016/j.ejor.2007.11.033), after the manufacturing systems of
Simpson and Erenguc (2005, Naval Research Logistics 52). Read of the files as follows:

- `multilsb_data.txt`: RU and BC; per item its resource and the time of a unit; per item of a family its family; per
  family its resource and the time of a set-up; per component the one item that it goes into, a unit each; per item
  the echelon holding cost of a unit and period, that is, of the value added: a unit in stock costs what its own row
  and those of all its parts come to.
- Capacity, the same in each period, which the files state by RU and RUT alone: with W the mean work of a period and
  S the time of one set-up of every family, (W + S) / RU for RUT = 1 and W + S / RU for RUT = 2.
- `demand.txt` of an instance: a row for each period, a column for each product. A unit of a product owed at the end
  of a period costs BC times its holding cost.

The model: x <= M z of the family, sum of a x + v z <= capacity, balances with backlog of the products alone, the
least cost of stock and backlog. What is owed at the end of the last period is never delivered and costs for that period
as for any other. Set-ups cost nothing but time. Programme and natural model are the same in all of this, so that their
optimum is one. The files name no overtime and no price of it, so there is none: backlog makes every instance feasible.

What the paper calls RU and RUT was not to be had; the capacities agree with those in the tables of
github.com/MichaelSimois/mlclsplb_eerm, up to the demands, whose rows and columns are read differently there.
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
DATA = "multilsb_data.txt"
BLOCKS = ("I k a^ik", "I f c^if", "f k v^fk", "I succ_I", "I h^I")


@dataclass(frozen=True)
class Instance:
    """One instance.

    Attributes
    ----------
    demand : (period, product); the products are the items that go into nothing, in the order of their numbers
    resource, time, echelon : by item, its resource, time of a unit and echelon holding cost
    family : by item, if it has one
    set_up : by family, its resource and time
    goes_into : by component, the item that takes it
    """

    name: str
    demand: Floats
    backlog_factor: float
    utilisation: float
    kind: int
    resource: dict[int, int]
    time: dict[int, float]
    echelon: dict[int, float]
    family: dict[int, int]
    set_up: dict[int, tuple[int, float]]
    goes_into: dict[int, int]

    @property
    def products(self) -> list[int]:
        """Items that go into nothing."""
        return [item for item in sorted(self.resource) if item not in self.goes_into]

    def product_of(self, item: int) -> int:
        """Return the product that an item ends in."""
        while item in self.goes_into:
            item = self.goes_into[item]
        return item

    def asked(self, item: int) -> Floats:
        """Return (period,) the units that products ask for of an item."""
        column: Floats = self.demand[:, self.products.index(self.product_of(item))]
        return column

    def holding(self) -> dict[int, float]:
        """Return the cost of a unit in stock over a period, by item."""
        held = dict(self.echelon)
        for part, value in self.echelon.items():
            into = part
            while into in self.goes_into:
                into = self.goes_into[into]
                held[into] += value
        return held

    def backlog(self) -> dict[int, float]:
        """Return the cost of a unit owed at the end of a period, by product."""
        held = self.holding()
        return {product: self.backlog_factor * held[product] for product in self.products}

    def capacity(self) -> dict[int, float]:
        """Return the capacity of a period, by resource."""
        found = {}
        for resource in sorted(set(self.resource.values())):
            work = sum(
                self.time[item] * float(self.asked(item).mean()) for item, on in self.resource.items() if on == resource
            )
            joint = sum(time for on, time in self.set_up.values() if on == resource)
            both = (work + joint) / self.utilisation if self.kind == 1 else work + joint / self.utilisation
            found[resource] = both
        return found


def read(folder: Path) -> Instance:
    """Read the instance in a folder; what its set has in common stands in the folder above.

    Raises
    ------
    ValueError
        if a block of the data is missing, or the demands do not fit the products.
    """
    blocks, settings = _blocks(folder.parent / DATA)
    items, families, times, parts, costs = (blocks[name] for name in BLOCKS)
    lines = (folder / "demand.txt").read_text().split()
    instance = Instance(
        name=f"{folder.parent.name}-{folder.name}",
        demand=np.array([line.split(";") for line in lines], dtype=np.float64),
        backlog_factor=settings["BC"],
        utilisation=settings["RU"],
        kind=int(settings["RUT"]),
        resource={int(item): int(on) for item, on, _ in items},
        time={int(item): each for item, _, each in items},
        echelon={int(item): cost for item, cost in costs},
        family={int(item): int(family) for item, family, _ in families},
        set_up={int(family): (int(on), time) for family, on, time in times},
        goes_into={int(part): int(into) for part, into in parts},
    )
    if instance.demand.shape[1] != len(instance.products):
        raise ValueError(
            f"{instance.name}: demands of {instance.demand.shape[1]}, not {len(instance.products)} products"
        )
    return instance


def _blocks(path: Path) -> tuple[dict[str, list[list[float]]], dict[str, float]]:
    """Return the blocks of numbers by their headings, and the settings."""
    blocks: dict[str, list[list[float]]] = {}
    settings: dict[str, float] = {}
    rows: list[list[float]] = []
    for line in filter(None, map(str.strip, path.read_text().splitlines())):
        if ":" in line:
            name, value = line.split(":")
            settings[name.strip()] = float(value)
        elif line[0].isdigit():
            rows.append([float(cell) for cell in line.split(";")])
        else:
            rows = blocks.setdefault(line, [])
    missing = [name for name in BLOCKS if name not in blocks]
    if missing:
        raise ValueError(f"{path.name}: no block {missing[0]!r}")
    return blocks, settings


def programme(instance: Instance) -> Tables:
    """Return the instance as a programme: a day a period, one process an item, the objective money."""
    periods, held, owed = len(instance.demand), instance.holding(), instance.backlog()
    items = sorted(instance.resource)
    names = {item: f"i{item}" for item in items}
    flows = [(names[item], names[item], 1.0) for item in items]
    flows += [(names[into], names[part], -1.0) for part, into in instance.goes_into.items()]
    wanted = [(t, item) for item in instance.products for t in range(periods) if instance.asked(item)[t] > 0]
    days = [START + timedelta(days=t) for t, _ in wanted]
    capacity, families = instance.capacity(), sorted(instance.set_up)
    group = {family: f"f{family}" for family in families}
    frames = {
        "programme": pl.DataFrame({"name": instance.name, "start": START, "buckets": f"{periods} days",
                                   "currency": "EUR", "objective": "money"}),
        "sites": pl.DataFrame({"site": ["plant"]}),
        "items": pl.DataFrame({"item": [names[item] for item in items], "unit": "piece"}),
        "setup_groups": pl.DataFrame({"setup_group": list(group.values()), "site": "plant"}),
        "setup_loads": pl.DataFrame({
            "setup_group": list(group.values()), "resource": [f"r{instance.set_up[one][0]}" for one in families],
            "quantity": [instance.set_up[one][1] for one in families]}),
        "processes": pl.DataFrame({
            "process": [names[item] for item in items], "site": "plant",
            "setup_group": [group[instance.family[item]] if item in instance.family else None for item in items]}),
        "flows": pl.DataFrame(flows, schema=["process", "item", "quantity"], orient="row"),
        "resources": pl.DataFrame({
            "resource": [f"r{one}" for one in capacity], "site": "plant", "unit": "hours",
            "capacity": list(capacity.values()), "capacity_per": "day"}),
        "loads": pl.DataFrame({
            "process": [names[item] for item in items], "resource": [f"r{instance.resource[item]}" for item in items],
            "quantity": [instance.time[item] for item in items]}),
        "stocks": pl.DataFrame({"item": [names[item] for item in items], "site": "plant",
                                "holding_cost": [held[item] * 365 for item in items]}),
        "demands": pl.DataFrame({
            "demand": [f"d{t}-{item}" for t, item in wanted], "item": [names[item] for _, item in wanted],
            "site": "plant", "quantity": [float(instance.asked(item)[t]) for t, item in wanted], "due": days,
            "earliest": days, "late_cost": [owed[item] for _, item in wanted]}),
    }  # fmt: skip
    return api.check(api.from_frames(frames)).unwrap()


@dataclass(frozen=True)
class Natural:
    """The natural model, and the columns of backlog in it."""

    highs: highspy.Highs
    backlog: list[int]

    def penalty(self) -> float:
        """Return what backlog costs in the solution that was found."""
        values = np.array(self.highs.getSolution().col_value)
        costs = np.array(self.highs.getLp().col_cost_)
        return float(values[self.backlog] @ costs[self.backlog]) if len(values) else float("nan")


def plain(instance: Instance) -> Natural:
    """Return the natural model: x made, z families set up, s in stock, b owed."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    held, owed, capacity = instance.holding(), instance.backlog(), instance.capacity()
    items, backlog = sorted(instance.resource), []
    parts: dict[int, list[int]] = {item: [] for item in items}
    for part, into in instance.goes_into.items():
        parts[into].append(part)
    before: dict[int, highspy.highs.highs_linear_expression] = {}
    for t in range(len(instance.demand)):
        made = {item: highs.addVariable(lb=0) for item in items}
        ready = {family: highs.addBinary() for family in instance.set_up}
        for item, family in instance.family.items():
            on, time = instance.set_up[family]
            room = (capacity[on] - time) / instance.time[item] if instance.resource[item] == on else np.inf
            highs.addConstr(made[item] <= min(room, float(instance.asked(item).sum())) * ready[family])
        for resource, most in capacity.items():
            work = [instance.time[item] * made[item] for item in items if instance.resource[item] == resource]
            set_ups = [time * ready[family] for family, (on, time) in instance.set_up.items() if on == resource]
            highs.addConstr(highs.qsum([*work, *set_ups]) <= most)
        for item in items:
            net = 1.0 * highs.addVariable(lb=0, obj=held[item])
            if item in owed:
                short = highs.addVariable(lb=0, obj=owed[item])
                backlog.append(short.index)
                net = net - short
            used = float(instance.asked(item)[t]) if item in owed else made[instance.goes_into[item]]
            opening = [before[item]] if t else []
            highs.addConstr(highs.qsum([*opening, 1.0 * made[item]]) - net - used == 0)
            before[item] = net
    return Natural(highs, backlog)
