"""Where the components come from that a plan sets aside for a contract with a limit on origin of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import polars as pl

from ..tables import Tables
from .entry import from_nothing, made_of_others
from .origin import Origin
from .sources import component_prices
from .verdict import Row

Frames = Mapping[str, pl.DataFrame]
_ROWS = 40


class Entered(NamedTuple):
    """Units of a component that were set aside, and the cell that says where they come from."""

    item: str
    country: str | None
    units: float
    row: Row


def earmarked(frames: Frames) -> list[str]:
    """Return the contracts for which a plan sets something aside."""
    return frames["earmarks"]["contract"].unique(maintain_order=True).to_list() if "earmarks" in frames else []


def origin_aside(tables: Tables, frames: Frames, contract: str) -> Origin:
    """Return the component cost of all that a plan sets aside for a contract, all of which it delivers to it.

    Stock, receipts and outputs of firm runs that are made of other components and have no declared origin add nothing.
    """
    rows = frames["earmarks"].filter(pl.col("contract") == contract)
    prices = component_prices(tables)
    price = dict(zip(tables["items"]["item"].to_list(), prices.tolist(), strict=True))
    cost: dict[str, float] = {}
    unknown, bare, told = 0.0, set[str](), list[tuple[float, Row, str]]()
    entered = list(_entered(tables, rows))
    for one in filter(None, entered):
        if price[one.item] != price[one.item]:  # no cost is given
            bare.add(one.item)
            continue
        amount = price[one.item] * one.units
        told.append((amount, one.row, one.item))
        if one.country is None:
            unknown += amount
        else:
            cost[one.country] = cost.get(one.country, 0.0) + amount
    told.sort(key=lambda entry: -entry[0])
    cells = [cell for _, row, item in told
             for cell in (Row("items", item, "component_cost", f"{price[item]:.15g}"), row)]  # fmt: skip
    # What is there and made of components that nobody followed leaves open how many units the cost is for.
    units = None if None in entered else 1.0
    return Origin(
        dict(sorted(cost.items())), unknown, tuple(sorted(bare)), tuple(dict.fromkeys(cells))[:_ROWS], units=units
    )


def _entered(tables: Tables, rows: pl.DataFrame) -> Iterator[Entered | None]:
    """Yield what is a component: bought, in stock, on order, or made of nothing; None for made units that are there."""
    free = dict(zip(tables["processes"]["process"], from_nothing(tables).tolist(), strict=True))
    made = dict(zip(tables["items"]["item"], made_of_others(tables).tolist(), strict=True))
    supply = dict(tables["supplies"].select("supply", "origin").iter_rows())
    stock = {(item, site): origin for item, site, origin in tables["stocks"]["item", "site", "origin"].iter_rows()}
    receipt = dict(tables["receipts"].select("receipt", "origin").iter_rows())
    firm = dict(tables["wip"].select("wip", "process").iter_rows())
    where = dict(tables["sites"].select("site", "country").iter_rows())
    sums = rows.group_by("kind", "name", "item", "site", maintain_order=True).agg(pl.col("quantity").sum())
    for kind, name, item, site, units in sums.iter_rows():
        if kind == "purchase":
            yield Entered(item, supply[name], units, Row("supplies", name, "origin", supply[name] or ""))
        elif kind in ("opening", "receipt"):
            origin = stock[item, site] if kind == "opening" else receipt[name]
            table, key = ("stocks", f"{item}/{site}") if kind == "opening" else ("receipts", name)
            counts = origin is not None or not made[item]
            yield Entered(item, origin, units, Row(table, key, "origin", origin or "")) if counts else None
        elif kind in ("run", "firm_run"):
            process = name if kind == "run" else firm[name]
            if free[process]:
                yield Entered(item, where[site], units, Row("sites", site, "country", where[site] or ""))
            elif kind == "firm_run":
                yield None


class Rest(NamedTuple):
    """What a plan does for all others: input and result tables, and units set aside of what runs make.

    `made` is by process, item and moment of the start.
    """

    tables: Tables
    frames: Frames
    made: Mapping[tuple[str, str, datetime], float]


def rest_of(tables: Tables, frames: Frames) -> Rest:
    """Return stock, receipts, orders, shipments and stand-ins less what is set aside; runs stand as they are."""
    if not earmarked(frames):
        return Rest(tables, frames, {})
    aside = frames["earmarks"].with_columns(pl.col("kind").cast(pl.String))
    inputs, rest = dict(tables.frames), dict(frames)
    inputs["stocks"] = _less(tables["stocks"], "opening", ("item", "site"), aside, "opening")
    inputs["receipts"] = _less(tables["receipts"], "quantity", ("receipt",), aside, "receipt")
    for table, kind, keys in (
        ("purchases", "purchase", ("supply",)),
        ("shipments", "shipment", ("lane", "item")),
        ("stand_ins", "stand_in", ("given", "item", "site")),
    ):
        others = [column for column in frames[table].columns if column not in (*keys, "quantity")]
        whole = frames[table].group_by(keys, maintain_order=True).agg(pl.col(others).first(), pl.col("quantity").sum())
        rest[table] = _less(whole, "quantity", keys, aside, kind)
    return Rest(replace(tables, frames=inputs), rest, _made(tables, frames, aside))


def _made(tables: Tables, frames: Frames, aside: pl.DataFrame) -> dict[tuple[str, str, datetime], float]:
    """Return the units set aside of what runs make, by process, item and start."""
    starts = dict(frames["buckets"].select("bucket", "start").iter_rows())
    firm = {wip: (process, started) for wip, process, started in tables["wip"]["wip", "process", "started"].iter_rows()}
    found: dict[tuple[str, str, datetime], float] = {}
    rows = aside.filter(pl.col("kind").is_in(["run", "firm_run"])).select("kind", "name", "item", "start", "quantity")
    for kind, name, item, start, units in rows.iter_rows():
        process, moment = (name, starts[start]) if kind == "run" else firm[name]
        found[process, item, moment] = found.get((process, item, moment), 0.0) + units
    return found


def _less(frame: pl.DataFrame, column: str, keys: tuple[str, ...], aside: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return a table with what is set aside taken from a quantity, by its keys; the first key is the name of a row."""
    named = {key: "name" if key not in ("item", "site") else key for key in keys}
    mine = aside.filter(pl.col("kind") == kind).group_by(list(named.values())).agg(taken=pl.col("quantity").sum())
    joined = frame.join(mine, left_on=list(named), right_on=list(named.values()), how="left", maintain_order="left")
    left = (pl.col(column) - pl.col("taken").fill_null(0.0)).clip(lower_bound=0.0)
    return joined.with_columns(left.alias(column)).select(frame.columns)
