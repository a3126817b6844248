"""What a plan uses of components, and what of it comes from outside a zone, from the tables alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from ..tables.zones import ORIGIN_ZONES
from .arrays import Bools, Floats, floats, positions, total
from .case import Case
from .clock import ALWAYS, NEVER
from .money import converted
from .replay import wip_times

Row = dict[str, object]


@dataclass(frozen=True)
class OriginShare:
    """Component cost in the programme's currency: what comes from outside, and what is used of all."""

    outside: float
    used: float


def origin_share(case: Case, row: Row) -> OriginShare:
    """Return what a row of `origin_limits` is about, over the horizon."""
    tables = case.tables
    products = products_of(tables, row)
    covered = _covered(tables, products)
    zone = zone_of(row)
    taken_in = set(tables["flows"].filter(pl.col("quantity") < 0)["process"].to_list())
    makers = _making(tables, covered)
    acquired, outside = _from_outside(case, row, zone, taken_in)
    given = _delivered(case, products)
    used = _taken(case, makers) + given
    price = np.nan_to_num(converted(tables, "items", "component_cost"))
    cost = price * np.array([item in covered for item in tables["items"]["item"]])
    worth = Worth(tables, price)
    items = tables["items"]["item"]
    round_ = any(np.isinf(worth.of(item)) for item in products)
    served = np.inf if round_ else sum(units * worth.of(items[at]) for at, units in enumerate(given) if units)
    return OriginShare(float(cost @ outside), min(float(cost @ np.minimum(acquired, used)), float(served)))


def zone_of(row: Row) -> frozenset[str]:
    """Return the countries inside."""
    if row["instrument"] is not None:
        return ORIGIN_ZONES[str(row["instrument"])]
    return frozenset(country.strip() for country in str(row["countries"]).split(";"))


def products_of(tables: Tables, row: Row) -> set[str]:
    """Return the products of a row of `origin_limits`."""
    if row["contract"] is not None:
        named = tables["contracts"].filter(contract=row["contract"])["item"].drop_nulls().to_list()
        return set(named) or set(tables["demands"].filter(contract=row["contract"])["item"].to_list())
    if row["item"] is not None:
        return {str(row["item"])}
    if row["family"] is not None:
        return set(tables["items"].filter(family=row["family"])["item"].to_list())
    return set(tables["demands"]["item"].to_list())


def _making(tables: Tables, items: set[str]) -> set[str]:
    return {p for p, item, quantity in _lines(tables) if quantity > 0 and item in items}


def _lines(tables: Tables) -> list[tuple[str, str, float]]:
    return list(tables["flows"].select("process", "item", "quantity").iter_rows())


def _covered(tables: Tables, products: set[str]) -> set[str]:
    """Return the products, all that goes into them, and versions that stand in."""
    found: set[str] = set()
    left = set(products)
    versions = tables["items"].filter(pl.col("stands_in")).select("item", "replaces").rows()
    while left:
        found |= left
        making = _making(tables, left)
        below = {item for p, item, quantity in _lines(tables) if quantity < 0 and p in making}
        left = (below | {new for new, old in versions if old in left}) - found
    return found


def _outside(countries: pl.Series, zone: frozenset[str]) -> Bools:
    return np.array([country is None or country not in zone for country in countries], dtype=bool)


def _from_outside(case: Case, row: Row, zone: frozenset[str], taking: set[str]) -> tuple[Floats, Floats]:
    """Return units that come from outside the programme, and those of them from outside the zone, (items,) each."""
    tables, items = case.tables, case.tables["items"]["item"]
    parts = [(case.plan.purchases.quantity, tables["supplies"][case.plan.purchases.entity.tolist()])]
    if row["stock"] == "counted":
        made = {item for p, item, quantity in _lines(tables) if quantity > 0 and p in taking}
        for table, column in (("stocks", "opening"), ("receipts", "quantity")):
            frame = tables[table].filter(pl.col("origin").is_not_null() | ~pl.col("item").is_in(sorted(made)))
            if table == "receipts":
                at = case.clock.bucket(case.clock.seconds(frame["date"], NEVER))
                frame = frame.filter(pl.Series((at >= 0) & (at < case.clock.count), dtype=pl.Boolean))
            parts.append((floats(frame[column]), frame))
    acquired, outside = np.zeros(len(items)), np.zeros(len(items))
    for quantity, frame in parts:
        at = positions(frame["item"], items)
        acquired += total(len(items), at, quantity)
        outside += total(len(items), at, quantity * _outside(frame["origin"], zone))
    country = dict(tables["sites"].select("site", "country").iter_rows())
    where = [country[site] for site in tables["processes"]["site"]]
    free = np.array([process not in taking for process in tables["processes"]["process"]], dtype=bool)
    far = _outside(pl.Series(where, dtype=pl.String), zone)
    return acquired + _moved(case, free, out=True), outside + _moved(case, free & far, out=True)


def _taken(case: Case, makers: set[str]) -> Floats:
    """Return what planned and firm runs take in, (items,)."""
    chosen = np.array([process in makers for process in case.tables["processes"]["process"]], dtype=bool)
    return _moved(case, chosen, out=False)


def _moved(case: Case, chosen: Bools, *, out: bool) -> Floats:
    """Return units that runs of some processes give (or take), (items,); of firm runs, those in the horizon."""
    tables, clock = case.tables, case.clock
    flows = tables["flows"].filter((pl.col("quantity") > 0) if out else (pl.col("quantity") < 0))
    process = positions(flows["process"], tables["processes"]["process"])
    good = floats(tables["processes"]["yield_rate"], 1.0)[process] if out else np.ones(len(flows))
    units = np.abs(floats(flows["quantity"])) * good
    first, until = clock.seconds(flows["start_from"], ALWAYS), clock.seconds(flows["start_until"], NEVER)
    starts = clock.edges[:-1]
    holds = (first[:, None] <= starts) & (starts < until[:, None])
    runs = case.plan.runs.by_bucket(len(tables["processes"]), clock.count)
    amount: Floats = (runs[process] * holds).sum(axis=1)
    for one in range(len(tables["wip"])):
        amount += _firm(case, one, flows, process, (first, until))
    item = positions(flows["item"], tables["items"]["item"])
    return total(len(tables["items"]), item, amount * units * chosen[process])


def _firm(
    case: Case, one: int, flows: pl.DataFrame, process: np.ndarray, window: tuple[np.ndarray, np.ndarray]
) -> Floats:
    """Return the runs of a firm run whose flows fall into the horizon, (flows,)."""
    of, started, ended = (part[one] for part in wip_times(case.tables, case.clock))
    gives = (flows["quantity"] > 0).to_numpy()
    said = flows["offset_from"]
    from_end = np.where(said.is_null().to_numpy(), gives, (said == "end").fill_null(False).to_numpy())
    days = floats(flows["offset_days"])
    post = floats(case.tables["processes"]["post_days"])[process] * gives
    instant = np.where(from_end, ended, started) + np.rint(days * 86400) + np.rint(post * 86400)
    inside = (instant >= 0) & (instant < case.clock.horizon)
    holds = (process == of) & (window[0] <= started) & (started < window[1]) & inside
    quantity = floats(case.tables["wip"]["quantity"])[one]
    return np.where(holds, quantity, 0.0)


def _delivered(case: Case, products: set[str]) -> Floats:
    """Return deliveries of the products themselves, (items,)."""
    demands, items = case.tables["demands"], case.tables["items"]["item"]
    got = case.plan.deliveries.by_bucket(len(demands), case.clock.count).sum(axis=1)
    own = np.array([item in products for item in demands["item"]], dtype=bool)
    return total(len(items), positions(demands["item"], items), got * own)


class Worth:
    """The largest component cost that a unit of an item can have used: bought, or made with all inputs of a run."""

    def __init__(self, tables: Tables, price: Floats) -> None:
        self._price = dict(zip(tables["items"]["item"], price.tolist(), strict=True))
        self._bought = {item for name in ("supplies", "stocks", "receipts") for item in tables[name]["item"]}
        good = dict(tables["processes"].select("process", "yield_rate").iter_rows())
        lines = _lines(tables)
        taking = {process for process, _, quantity in lines if quantity < 0}
        self._least: dict[str, dict[str, float]] = {}
        self._needs: dict[str, list[tuple[str, float]]] = {}
        for process, item, quantity in lines:
            if quantity > 0:
                self._bought |= set() if process in taking else {item}
                of = self._least.setdefault(item, {})
                of[process] = min(of.get(process, np.inf), quantity * good[process])
            elif quantity < 0:
                self._needs.setdefault(process, []).append((item, -quantity))
        self._newer: dict[str, list[str]] = {}
        for item, old in tables["items"].filter(pl.col("stands_in")).select("item", "replaces").iter_rows():
            self._newer.setdefault(old, []).append(item)
        self._known: dict[str, float] = {}

    def of(self, item: str) -> float:
        """Return the cost of a unit; infinite for what goes round in a cycle."""
        left = [item]
        while left:
            one = left[-1]
            if one in self._known and not np.isnan(self._known[one]):
                left.pop()
                continue
            below = {part for process in self._least.get(one, ()) for part, _ in self._needs.get(process, ())}
            below |= set(self._newer.get(one, ()))
            waiting = [part for part in sorted(below) if part not in self._known]
            if one not in self._known and waiting:
                self._known[one] = np.nan  # being looked at
                left += waiting
                continue
            self._known[one] = self._largest(one)
            left.pop()
        return self._known[item]

    def _below(self, item: str) -> float:
        cost = self._known[item]
        return np.inf if np.isnan(cost) else cost

    def _largest(self, item: str) -> float:
        """Return the cost from those of the inputs; an input that is still being looked at goes round."""
        made = [
            sum(need * self._below(part) for part, need in self._needs.get(process, ())) / units
            for process, units in self._least.get(item, {}).items()
        ]
        newer = [self._below(one) for one in self._newer.get(item, ())]
        return max([self._price[item] if item in self._bought else 0.0, *made, *newer])
