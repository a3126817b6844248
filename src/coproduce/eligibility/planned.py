"""Where a plan has each item from at each site: its own mix over the horizon, carried along by shipments and runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl

from ..tables import Tables
from .aside import rest_of
from .sources import PLACE, UNKNOWN, Floats, Source, Sources, sources_of
from .verdict import Row

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Placed:
    """Items at their sites with all that flows in.

    Attributes
    ----------
    sources : the items are `item@site`
    weight : (source,) share of what comes to its item and site
    """

    sources: Sources
    weight: Floats


def place(item: str, site: str) -> str:
    """Return the name of an item at a site."""
    return f"{item}{PLACE}{site}"


def placed(tables: Tables, frames: Frames) -> Placed:
    """Return what flows into every item and site in a plan: orders, stock, receipts, shipments, runs, versions.

    Within an item and site stock is pooled over the horizon. Opening stock and receipts of an item that is made, and
    whose origin is not declared, count as made of the same components as the rest; so they add nothing to the mix. What
    is set aside for contracts is left out.
    """
    tables, frames, aside = rest_of(tables, frames)
    base = sources_of(tables)
    every = [place(item, site) for item in base.items for site in tables["sites"]["site"].to_list()]
    position = {name: at for at, name in enumerate(every)}
    inflow = [*_bought(tables, frames, base), *_shipped(frames), *_run(tables, frames, base, aside)]
    found: dict[tuple[str, Source], float] = {}
    for node, one, amount in inflow:
        found[node, one] = found.get((node, one), 0.0) + amount
    whole: dict[str, float] = {}
    for (node, _), amount in found.items():
        whole[node] = whole.get(node, 0.0) + amount
    rows = [(position[node], one, amount / whole[node]) for (node, one), amount in found.items() if amount > 0]
    fed = {at for at, *_ in rows}
    rows += [(at, *one) for at, name in enumerate(every) if at not in fed for one in _elsewhere(name, found)]
    rows.sort(key=lambda row: row[0])
    linked = tuple(replace(one, item=at, inputs=_positions(one, position)) for at, one, _ in rows)
    price = np.repeat(base.price, tables["sites"].height)
    return Placed(Sources(tuple(every), linked, price), np.array([share for *_, share in rows]))


def _positions(one: Source, position: Mapping[str, int]) -> tuple[tuple[int, float], ...]:
    """Return the inputs of a source by position; until here they are kept by name in its ids."""
    return tuple((position[name], units) for name, (_, units) in zip(one.ids[1:], one.inputs, strict=True))


def _made_from(ids: tuple[str, ...], inputs: list[tuple[str, float]], rows: tuple[Row, ...]) -> Source:
    """Return a source whose inputs are named behind its own ids."""
    units = tuple((0, amount) for _, amount in inputs)
    return Source(0, None, (*ids, *(name for name, _ in inputs)), rows, units)


def _elsewhere(name: str, found: Mapping[tuple[str, Source], float]) -> Iterator[tuple[Source, float]]:
    """Yield what stands for stock that nothing flows into: the same item as it is made elsewhere, else not declared."""
    item = name.partition(PLACE)[0]
    made = {
        node: amount
        for (node, one), amount in found.items()
        if node.partition(PLACE)[0] == item and one.country is None and not one.ids[0].startswith(_SHIPMENT)
    }
    total = sum(made.values())
    if not total:
        yield Source(0, UNKNOWN, ("no source",)), 1.0
        return
    yield _made_from(("as made elsewhere",), [(node, amount / total) for node, amount in made.items()], ()), 1.0


def _bought(tables: Tables, frames: Frames, base: Sources) -> Iterator[tuple[str, Source, float]]:
    """Yield item and site, source and units of what comes from outside."""
    made = {base.items[one.item] for one in base.sources if one.country is None}
    supplies = tables["supplies"].select("supply", "site", "origin")
    bought = frames["purchases"].group_by("supply", "item", maintain_order=True).agg(pl.col("quantity").sum())
    for supply, item, quantity, site, origin in bought.join(supplies, on="supply").iter_rows():
        rows = (Row("supplies", supply, "origin", origin or ""),)
        yield place(item, site), Source(0, origin or UNKNOWN, (supply,), rows), quantity
    stocks = tables["stocks"].filter(pl.col("opening") > 0)
    for item, site, quantity, origin in stocks["item", "site", "opening", "origin"].iter_rows():
        if origin or item not in made:
            rows = (Row("stocks", f"{item}/{site}", "origin", origin or ""),)
            yield place(item, site), Source(0, origin or UNKNOWN, (f"stock at {site}",), rows), quantity
    for name, item, site, quantity, origin in tables["receipts"][
        "receipt", "item", "site", "quantity", "origin"
    ].iter_rows():
        if origin or item not in made:
            rows = (Row("receipts", name, "origin", origin or ""),)
            yield place(item, site), Source(0, origin or UNKNOWN, (name,), rows), quantity


_SHIPMENT = "shipped from "


def _shipped(frames: Frames) -> Iterator[tuple[str, Source, float]]:
    moved = frames["shipments"].group_by("item", "from_site", "to_site", maintain_order=True)
    for item, start, end, quantity in moved.agg(pl.col("quantity").sum()).iter_rows():
        yield place(item, end), _made_from((f"{_SHIPMENT}{start}",), [(place(item, start), 1.0)], ()), quantity


def _run(
    tables: Tables, frames: Frames, base: Sources, aside: Mapping[tuple[str, str, datetime], float]
) -> Iterator[tuple[str, Source, float]]:
    """Yield what runs and newer versions bring, with their inputs at the site."""
    recipes: dict[tuple[str, str], list[int]] = {}
    for at, source in enumerate(base.sources):
        if source.rows and source.rows[0].table == "processes":
            recipes.setdefault((source.ids[0], base.items[source.item]), []).append(at)
    site = dict(tables["processes"].select("process", "site").iter_rows())
    made = dict[tuple[str, str, datetime], float]()
    for process, item, quantity, when in _made(tables, frames):
        made[process, item, when] = made.get((process, item, when), 0.0) + quantity
    for (process, item, when), whole in made.items():
        quantity = whole - aside.get((process, item, when), 0.0)
        if (process, item) not in recipes or quantity <= 0:
            continue
        one = base.sources[_recipe(base, recipes[process, item], when)]
        where = site[process]
        inputs = [(place(base.items[at], where), units) for at, units in one.inputs]
        from_here = one if one.country is not None else _made_from(one.ids, inputs, one.rows)
        yield place(item, where), replace(from_here, item=0, start=None), quantity
    for where, item, given, quantity in frames["stand_ins"].select("site", "item", "given", "quantity").iter_rows():
        yield place(item, where), _made_from((given,), [(place(given, where), 1.0)], ()), quantity


def _recipe(sources: Sources, candidates: list[int], when: datetime | None) -> int:
    """Return the recipe of a process that holds for runs started at a moment: the last that has begun."""
    begun = [at for at in candidates if (start := sources.sources[at].start) is None or when is None or start <= when]
    return max(begun or candidates[:1], key=lambda at: sources.sources[at].start or datetime.min)


def _made(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str, float, datetime]]:
    """Yield process, item, units and moment of what runs, firm ones included."""
    starts = dict(frames["buckets"].select("bucket", "start").iter_rows())
    planned = frames["runs"].select("process", "bucket", "quantity").iter_rows()
    runs = [(process, starts[bucket], quantity) for process, bucket, quantity in planned]
    runs += [(process, started, quantity) for process, started, quantity
             in tables["wip"].select("process", "started", "quantity").iter_rows()]  # fmt: skip
    good = dict(tables["processes"].select("process", "yield_rate").iter_rows())
    outputs: dict[str, list[tuple[str, float, datetime | None, datetime | None]]] = {}
    columns = ("process", "item", "quantity", "start_from", "start_until")
    for process, item, units, first, until in tables["flows"].select(columns).iter_rows():
        outputs.setdefault(process, []).append((item, units * (good[process] if units > 0 else 1.0), first, until))
    for process, moment, quantity in runs:
        net: dict[str, float] = {}
        for item, units, first, until in outputs.get(process, ()):
            if (first is None or first <= moment) and (until is None or moment < until):
                net[item] = net.get(item, 0.0) + units
        yield from ((process, item, quantity * units, moment) for item, units in net.items() if units > 0)
