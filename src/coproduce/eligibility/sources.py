"""Every way to come by an item, per unit: bought in some country, or made of other items; sites are left aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from ..tables import Tables
from ..units import in_programme_currency, rates_in_force
from .verdict import Row

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
PLACE = "@"
"""Between an item and the site where it is; no id has it."""
UNKNOWN = ""
"""Stands for a country of origin that is not declared."""


@dataclass(frozen=True)
class Source:
    """One way to come by an item.

    Attributes
    ----------
    item : position of the item
    country : where the component comes from, UNKNOWN where that is not declared; None where the item is made
    ids : the supplies, stocks and receipts that are alike; of an item that is made, the process, or the newer version
    rows : cells that say so
    inputs : units of other items (by position) for one unit
    start : the recipe is that of runs started from this moment on; None: always
    """

    item: int
    country: str | None
    ids: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    inputs: tuple[tuple[int, float], ...] = ()
    start: datetime | None = None

    @property
    def words(self) -> str:
        """Say what the source is."""
        if self.country is None:
            since = f" from {self.start:%Y-%m-%d}" if self.start else ""
            return f"{self.ids[0]}{since}"
        where = self.country or "origin not declared"
        return f"{where} ({', '.join(self.ids)})"


@dataclass(frozen=True)
class Sources:
    """All sources, ordered by item.

    Attributes
    ----------
    items : ids; of items at places `item@site`
    sources : (source,)
    price : (item,) component cost per unit in the programme's currency; NaN where none is given
    """

    items: tuple[str, ...]
    sources: tuple[Source, ...]
    price: Floats

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of every item."""
        return {item: at for at, item in enumerate(self.items)}

    def name(self, at: int) -> str:
        """Return the id of the item at a position, without its place."""
        return self.items[at].partition(PLACE)[0]

    @cached_property
    def item(self) -> Ints:
        """(source,) the item of each."""
        return np.array([source.item for source in self.sources], dtype=np.int64)

    @cached_property
    def first(self) -> Ints:
        """(item + 1,) first source of each item."""
        return np.searchsorted(self.item, np.arange(len(self.items) + 1)).astype(np.int64)

    @cached_property
    def recipe(self) -> sp.csr_array:
        """(source, item) units of other items for one unit."""
        entries = [(at, item, units) for at, one in enumerate(self.sources) for item, units in one.inputs]
        row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
        shape = len(self.sources), len(self.items)
        return sp.coo_array((np.array(value, dtype=float), (np.array(row, int), np.array(column, int))), shape).tocsr()

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries of origin in the order of their codes; UNKNOWN first where some origin is not declared."""
        return tuple(sorted({one.country for one in self.sources if one.country is not None}))

    @cached_property
    def country(self) -> Ints:
        """(source,) position of the country of each; -1 where the item is made."""
        place = {country: at for at, country in enumerate(self.countries)}
        return np.array([-1 if one.country is None else place[one.country] for one in self.sources], dtype=np.int64)

    @cached_property
    def cost(self) -> Floats:
        """(source,) component cost of one unit: 0 where the item is made, or has no price."""
        return np.where(self.country < 0, 0.0, np.nan_to_num(self.price[self.item]))

    @cached_property
    def unpriced(self) -> Bools:
        """(source,) whether it is a component without a price."""
        return (self.country >= 0) & np.isnan(self.price[self.item])


def component_prices(tables: Tables) -> Floats:
    """Return (item,) the component cost of one unit in the programme's currency; NaN where none is given."""
    items, programme = tables["items"], tables.programme
    rates = rates_in_force(tables["exchange_rates"], programme.currency, programme.start)
    amount = in_programme_currency(items["component_cost"], items["currency"], rates)
    return np.where(items["component_cost"].is_null().to_numpy(), np.nan, amount)


def sources_of(tables: Tables) -> Sources:
    """Return all sources of a programme.

    Offers of which nothing may be ordered (`limit` or `total_limit` 0) and processes that never run (`rate_limit` 0)
    are no sources. Stock and receipts of an item that is made count as made of the same components, unless their origin
    is declared.
    """
    items = tuple(tables["items"]["item"].to_list())
    price, place = component_prices(tables), {item: at for at, item in enumerate(items)}
    made = [*_made(tables, place, price), *_versions(tables, place)]
    makeable = {source.item for source in made if source.country is None}
    bought = _bought(tables, place, makeable)
    every = sorted([*bought, *made], key=lambda one: (one.item, one.country is None, one.country or "", one.ids))
    missing = sorted(set(range(len(items))) - {one.item for one in every})
    every += [Source(item, UNKNOWN, ("no source",)) for item in missing]
    return Sources(items, tuple(sorted(every, key=lambda one: one.item)), price)


def _bought(tables: Tables, place: dict[str, int], made: set[int]) -> Iterator[Source]:
    """Yield what comes from outside; offers, stocks and receipts of one country are one source."""
    found: list[tuple[int, str, str, Row]] = []
    offers = tables["supplies"].filter(~((pl.col("limit") == 0) | (pl.col("total_limit") == 0)).fill_null(False))
    for supply, item, origin in offers.select("supply", "item", "origin").iter_rows():
        found.append((place[item], origin or UNKNOWN, supply, Row("supplies", supply, "origin", origin or "")))
    for item, site, origin in tables["stocks"].filter(pl.col("opening") > 0)["item", "site", "origin"].iter_rows():
        if origin or place[item] not in made:
            row = Row("stocks", f"{item}/{site}", "origin", origin or "")
            found.append((place[item], origin or UNKNOWN, f"stock at {site}", row))
    for name, item, origin in (
        tables["receipts"].filter(pl.col("quantity") > 0)["receipt", "item", "origin"].iter_rows()
    ):
        if origin or place[item] not in made:
            found.append((place[item], origin or UNKNOWN, name, Row("receipts", name, "origin", origin or "")))
    for (item, country), group in groupby(sorted(found, key=lambda one: one[:2]), key=lambda one: one[:2]):
        alike = list(group)
        yield Source(item, country, tuple(name for *_, name, _ in alike), tuple(row for *_, row in alike))


def _versions(tables: Tables, place: dict[str, int]) -> Iterator[Source]:
    """Yield newer versions that stand in for older ones, unit for unit."""
    newer = tables["items"].filter(pl.col("stands_in") & pl.col("replaces").is_not_null())
    for item, replaces in newer.select("item", "replaces").iter_rows():
        yield Source(place[replaces], None, (item,), (Row("items", item, "replaces", replaces),), ((place[item], 1.0),))


def _made(tables: Tables, place: dict[str, int], price: Floats) -> Iterator[Source]:
    """Yield one source for every output of every process, and for every recipe where flows change with the date."""
    running = tables["processes"].filter(~(pl.col("rate_limit") == 0).fill_null(False))
    good = dict(running.select("process", "yield_rate").iter_rows())
    sites = running.join(tables["sites"], on="site", how="left").select("process", "country")
    country = {process: where or UNKNOWN for process, where in sites.iter_rows()}
    flows: dict[str, list[tuple[str, float, datetime | None, datetime | None]]] = {}
    columns = ("process", "item", "quantity", "start_from", "start_until")
    for process, item, quantity, begin, end in tables["flows"].select(columns).iter_rows():
        if process in good:
            units = quantity * (good[process] if quantity > 0 else 1.0)
            flows.setdefault(process, []).append((item, units, begin, end))
    for process, lines in flows.items():
        for start, net in _recipes(lines, tables.programme.start):
            yield from _outputs(
                process, country[process], {place[one]: units for one, units in net.items()}, price, start
            )


def _recipes(
    lines: list[tuple[str, float, datetime | None, datetime | None]], begin: datetime
) -> Iterator[tuple[datetime | None, dict[str, float]]]:
    """Yield the net units of a run by item, for every stretch of time with flows of its own."""
    edges = sorted({edge for *_, first, until in lines for edge in (first, until) if edge and edge > begin})
    for start in [begin, *edges]:
        net: dict[str, float] = {}
        for item, units, first, until in lines:
            if (first is None or first <= start) and (until is None or start < until):
                net[item] = net.get(item, 0.0) + units
        yield start if edges else None, net


def _outputs(
    process: str, country: str, net: dict[int, float], price: Floats, start: datetime | None
) -> Iterator[Source]:
    """Yield a source for each output; inputs go to outputs by component cost, by units where one has none.

    What is made of nothing is a component itself, from the country of the site.
    """
    outputs = {item: units for item, units in net.items() if units > 0}
    inputs = [(item, -units) for item, units in net.items() if units < 0]
    worth = {item: units * price[item] for item, units in outputs.items()}
    weights = worth if all(value > 0 for value in worth.values()) else outputs
    whole = sum(weights.values())
    for item, units in outputs.items():
        part = weights[item] / whole / units
        needs = tuple((one, need * part) for one, need in inputs)
        rows = (Row("processes", process, "process"),)
        yield Source(item, None if needs else country, (process,), rows, needs, start if needs else None)
