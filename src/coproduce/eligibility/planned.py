"""From which sources a plan has each item: its own mix over the horizon and all sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import numpy as np
import polars as pl

from ..tables import Tables
from .sources import Floats, Sources


def weights(tables: Tables, frames: Mapping[str, pl.DataFrame], sources: Sources) -> Floats:
    """Return (source,) the share of its item that comes from each source in a plan.

    An item that the plan never has is taken from its first source; it then has no weight in anything delivered.
    """
    amount = np.zeros(len(sources.item))
    bought: dict[tuple[str, str], int] = {}
    made: dict[tuple[str, str], list[int]] = {}
    for at, source in enumerate(sources.sources):
        item = sources.items[source.item]
        for name in source.ids:
            if source.country is None:
                made.setdefault((name, item), []).append(at)
            else:
                bought[name, item] = at
    for name, item, quantity in _acquired(tables, frames):
        if (name, item) in bought:
            amount[bought[name, item]] += quantity
    for name, item, quantity, when in _made(tables, frames):
        if (name, item) in bought:
            amount[bought[name, item]] += quantity
        elif (name, item) in made:
            amount[_recipe(sources, made[name, item], when)] += quantity
    whole = np.bincount(sources.item, weights=amount, minlength=len(sources.items))
    share: Floats = np.divide(amount, whole[sources.item], out=np.zeros_like(amount), where=whole[sources.item] > 0)
    unused = np.flatnonzero(whole <= 0)
    share[sources.first[unused]] = 1.0
    return share


def _recipe(sources: Sources, candidates: list[int], when: datetime | None) -> int:
    """Return the recipe of a process that holds for runs started at a moment: the last that has begun."""
    begun = [at for at in candidates if (start := sources.sources[at].start) is None or when is None or start <= when]
    return max(begun or candidates[:1], key=lambda at: sources.sources[at].start or datetime.min)


def _acquired(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str, float]]:
    """Yield source, item and units of what comes from outside."""
    for item, site, opening in tables["stocks"].select("item", "site", "opening").iter_rows():
        yield f"stock at {site}", item, opening
    yield from tables["receipts"].select("receipt", "item", "quantity").iter_rows()
    yield from frames["purchases"].select("supply", "item", "quantity").iter_rows()


def _made(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str, float, datetime | None]]:
    """Yield process (or newer version), item, units and moment of what runs, firm ones included, and versions bring."""
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
    for item, given, quantity in frames["stand_ins"].select("item", "given", "quantity").iter_rows():
        yield given, item, quantity, None
