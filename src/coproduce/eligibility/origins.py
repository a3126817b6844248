"""The origin of what contracts buy: by configuration of their products, or as a plan makes up what it delivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from ..tables import Tables
from ..tables.keys import listed
from .aside import earmarked, origin_aside
from .components import PLAN
from .configurations import Products, Zones, origin_of
from .origin import Origin
from .planned import place, placed
from .roll_up import RollUp, is_finite
from .sources import Floats, Sources, sources_of
from .zones import ORIGIN_ZONES

Frames = Mapping[str, pl.DataFrame]
PROGRAMME = "programme"


def origins_of(tables: Tables, contract: str, frames: Frames | None = None) -> dict[str, Origin]:
    """Return the origins of one contract; `configurations` and `planned_origins` take all contracts together.

    Parameters
    ----------
    frames : result tables of an audited plan; None: by configuration of the products

    Raises
    ------
    KeyError
        if there is no such contract.
    """
    if frames is None:
        return configurations(tables, (contract,))[contract]
    return {PLAN: planned_origins(tables, frames)[contract]}


def configurations(tables: Tables, contracts: tuple[str, ...] | None = None) -> dict[str, dict[str, Origin]]:
    """Return for every contract the component cost of one unit of its end products, by configuration.

    A configuration takes one source for each item: a country from which it is bought, or a process that makes it. Up to
    `configurations.FEW` of a product are told one by one. Of more, those are given in which the share from outside each
    zone of the contract (see `zones_of`) is least and largest: all others lie between. The name of a configuration
    begins with its product where a contract has several.
    """
    rolled = Products(RollUp(sources_of(tables)))
    place = rolled.sources.position
    names = tables["contracts"]["contract"].to_list() if contracts is None else list(contracts)
    items = items_of(tables)
    zones: dict[int, dict[str, frozenset[str]]] = {}
    for contract in names:
        for item in items[contract]:
            zones.setdefault(place[item], {}).update(zones_of(tables, contract))
    found = rolled.of(zones)
    return {contract: _named({item: found[place[item]] for item in items[contract]}) for contract in names}


def _named(by_item: Mapping[str, dict[str, Origin]]) -> dict[str, Origin]:
    if len(by_item) == 1:
        return next(iter(by_item.values()))
    return {f"{item}: {name}": origin for item, own in by_item.items() for name, origin in own.items()}


def items_of(tables: Tables) -> dict[str, list[str]]:
    """Return the end products of every contract: the one that it names, or else those of its demands."""
    asked = tables["demands"].select("contract", "item").unique(maintain_order=True).drop_nulls()
    by_contract: dict[str, list[str]] = {}
    for contract, item in asked.iter_rows():
        by_contract.setdefault(contract, []).append(item)
    rows = tables["contracts"].select("contract", "item").iter_rows()
    return {contract: [item] if item else by_contract.get(contract, []) for contract, item in rows}


def zones_of(tables: Tables, contract: str) -> Zones:
    """Return the zones that matter to a contract: those of the instruments of its funds, of all where it has none.

    Beside each zone stand the zone with each country of its partner agreements, and the countries without concern.
    """
    row = tables["contracts"].row(by_predicate=pl.col("contract") == contract, named=True)
    instrument = dict(tables["funds"].select("fund", "instrument").iter_rows())
    sought = {instrument.get(fund) for fund in listed(row["funds"])} & set(ORIGIN_ZONES)
    zones = {name: zone for name, zone in ORIGIN_ZONES.items() if name in (sought or ORIGIN_ZONES)}
    partners = tables["partner_agreements"].select("instrument", "country").drop_nulls().iter_rows()
    for name, country in partners:
        if name in zones:
            zones[f"{name} and {country}"] = zones[name] | {country}
    return zones | _without_concern(tables)


def _without_concern(tables: Tables) -> dict[str, frozenset[str]]:
    concern = set(tables["concern_countries"]["country"].to_list())
    named = [tables[table]["origin"] for table in ("supplies", "stocks", "receipts")] + [tables["sites"]["country"]]
    known = set(pl.concat(named).drop_nulls().to_list())
    return {"countries without concern": frozenset(known - concern)} if concern else {}


def planned_origins(tables: Tables, frames: Frames) -> dict[str, Origin]:
    """Return for every contract the component cost of what a plan delivers to its demands.

    Of each item at each site the plan's own mix over the horizon counts: what was there, arrived, was ordered, made and
    shipped in. Which unit goes to whom is followed only for contracts for which the plan sets units aside.
    """
    demands = tables["demands"].select("demand", "item", "site", "contract").drop_nulls()
    given = frames["deliveries"].join(demands, on="demand", how="inner")
    names = tables["contracts"]["contract"].to_list()
    at = {name: number for number, name in enumerate(names)}
    given = given.filter(~pl.col("contract").is_in(earmarked(frames)))
    rows = given.select("item", "site", "quantity", "contract").iter_rows()
    asked = [(place(item, site), quantity, at[contract]) for item, site, quantity, contract in rows if contract in at]
    found = dict(zip(names, _mixed(tables, frames, asked, len(names)), strict=True))
    found |= {name: origin_aside(tables, frames, name) for name in earmarked(frames)}
    units = _delivered(tables, frames)
    return {name: replace(one, units=one.units and units.get(name)) for name, one in found.items()}


def _delivered(tables: Tables, frames: Frames) -> dict[str, float]:
    """Return the units that a plan delivers to contracts of one end product."""
    demands = tables["demands"].select("demand", "item", "contract").drop_nulls()
    given = frames["deliveries"].join(demands, on="demand", how="inner").group_by("contract", maintain_order=True)
    sums = given.agg(pl.col("quantity").sum(), pl.col("item").n_unique())
    return {contract: units for contract, units, items in sums.iter_rows() if items == 1}


def programme_origin(tables: Tables, frames: Frames) -> Origin:
    """Return the component cost of all that a plan delivers, with the plan's own mix of sources."""
    demands = tables["demands"].select("demand", "item", "site")
    given = frames["deliveries"].join(demands, on="demand", how="inner")
    rows = given.select("item", "site", "quantity").iter_rows()
    frames = {name: frame for name, frame in frames.items() if name != "earmarks"}
    return _mixed(tables, frames, [(place(item, site), quantity, 0) for item, site, quantity in rows], 1)[0]


def _mixed(tables: Tables, frames: Frames, asked: list[tuple[str, float, int]], columns: int) -> list[Origin]:
    """Return the origin of units asked for, given as place, quantity and column."""
    found = placed(tables, frames)
    need = np.zeros((len(found.sources.items), columns))
    for name, quantity, column in asked:
        need[found.sources.position[name], column] += quantity
    units = RollUp(found.sources).mixed(found.weight, need)
    return [_origin(found.sources, units[:, at]) for at in range(columns)]


def _origin(sources: Sources, units: Floats) -> Origin:
    if not is_finite(units):  # what goes round gives back all it takes: no part of it comes from anywhere
        return Origin({}, 0.0, ("a cycle without any outside source",))
    return origin_of(sources, np.maximum(units, 0.0), mixed=True)
