"""Generates realistic multi-site programmes of any size from a seed, as frames or as files."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Frames = dict[str, pl.DataFrame]

START = datetime(2026, 1, 1)
COUNTRIES = ("DE", "FR", "IT", "NO", "PL", "ES", "NL", "CZ")


@dataclass(frozen=True)
class Size:
    """How large a programme is; everything else follows in fixed proportions.

    A product is assembled from modules, a module made from parts, a part from materials that are bought. Modules
    are shared among products and parts among modules. Every third make has an alternate at a second site.
    """

    sites: int
    products: int
    months: int
    seed: int = 1
    buckets: str = ""

    def __post_init__(self) -> None:
        if self.sites < 4 or self.products < 1 or self.months < 1:
            raise ValueError("a programme has at least 4 sites, 1 product and 1 month")


def generate(size: Size) -> Frames:
    """Return the tables of a programme by name; equal sizes and seeds give equal tables."""
    draft = _Draft(size)
    draft.structure()
    return {
        "programme": draft.programme(),
        "parties": draft.parties(),
        "sites": draft.sites(),
        "items": draft.items(),
        "processes": draft.processes(),
        "flows": draft.flows(),
        "resources": draft.resources(),
        "loads": draft.loads(),
        "calendars": draft.calendars(),
        "lanes": draft.lanes(),
        "supplies": draft.supplies(),
        "stocks": draft.stocks(),
        "receipts": draft.receipts(),
        "demands": draft.demands(),
    }


def rows_of(frames: Mapping[str, pl.DataFrame]) -> int:
    """Return the number of rows of all tables."""
    return sum(frame.height for frame in frames.values())


def write(frames: Mapping[str, pl.DataFrame], folder: Path, form: str) -> None:
    """Write every table as `<table>.csv` or `<table>.parquet`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        if form == "csv":
            frame.write_csv(folder / f"{name}.csv", datetime_format="%Y-%m-%d")
        else:
            frame.write_parquet(folder / f"{name}.parquet")


def _ids(prefix: str, numbers: Ints) -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(6).str.replace("^", prefix)


def _months_on(months: Ints, day: int = 15) -> pl.Series:
    """Return dates in the given months after the start."""
    years, month = START.year + months // 12, months % 12 + 1
    return pl.select(pl.datetime(pl.lit(pl.Series(years)), pl.lit(pl.Series(month)), day)).to_series()


class _Draft:
    """Draws the structure once (who makes what from what, where), then one table per method."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.rng = np.random.default_rng(size.seed)
        self.product_count = size.products
        self.module_count = max(2, 2 * size.products)
        self.part_count = max(3, 3 * size.products)
        self.material_count = max(2, size.products // 2)
        first = np.cumsum([0, self.product_count, self.module_count, self.part_count, self.material_count])
        self.level_first: Ints = first.astype(np.int64)
        # Sites by role: depots receive demands, the rest is split among assembly, modules and parts.
        depots = max(1, size.sites // 4)
        rest = np.arange(depots, size.sites)
        self.depots = np.arange(depots)
        self.makers = [part if len(part) else rest for part in np.array_split(rest, 3)]

    # -- structure -------------------------------------------------------------------------------

    def structure(self) -> None:
        """Draw makes (item, site), bills of materials, and from both which lanes and stocks are needed."""
        items, sites = [], []
        for level, makers in enumerate(self.makers):
            own = np.arange(self.level_first[level], self.level_first[level + 1])
            first = self.rng.integers(len(makers), size=len(own))
            second = self.rng.random(len(own)) < 1 / 3
            items += [own, own[second]]
            sites += [makers[first], makers[(first[second] + 1) % len(makers)]]
        pair = np.unique(np.concatenate(items) * self.size.sites + np.concatenate(sites))
        self.make_item, self.make_site = pair // self.size.sites, pair % self.size.sites
        self._bills()
        self._needs()

    def _bills(self) -> None:
        """Draw 3-5 modules per product, 2-4 parts per module, 1-3 materials per part."""
        parents, children = [], []
        for level, (least, most) in enumerate(((3, 5), (2, 4), (1, 3))):
            own = np.arange(self.level_first[level], self.level_first[level + 1])
            count = self.rng.integers(least, most + 1, size=len(own))
            parent = np.repeat(own, count)
            below, above = self.level_first[level + 1], self.level_first[level + 2]
            # Neighbouring numbers: a module is shared by a few products, not by all of them.
            share = (parent - own[0]) / len(own)
            near = below + np.floor(share * (above - below)).astype(np.int64) + self.rng.integers(0, 6, len(parent))
            parents.append(parent)
            children.append(below + (near - below) % (above - below))
        pair = np.unique(np.concatenate(parents) * self.level_first[-1] + np.concatenate(children))
        self.bill_parent, self.bill_child = pair // self.level_first[-1], pair % self.level_first[-1]
        self.bill_quantity = self.rng.integers(1, 4, size=len(pair)).astype(np.float64)

    def _needs(self) -> None:
        """Join makes with bills: inputs of every make, and from them the lanes between sites."""
        order = np.argsort(self.bill_parent, kind="stable")
        first = np.searchsorted(self.bill_parent[order], self.make_item)
        last = np.searchsorted(self.bill_parent[order], self.make_item, side="right")
        count = last - first
        self.input_make = np.repeat(np.arange(len(self.make_item)), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        self.input_bill = order[np.repeat(first, count) + within]
        item, site = self.bill_child[self.input_bill], self.make_site[self.input_make]
        need = np.unique(item * self.size.sites + site)
        depot = self._markets()
        need = np.unique(np.concatenate([need, depot]))
        self.need_item, self.need_site = need // self.size.sites, need % self.size.sites
        self._lanes_between()

    def _markets(self) -> Ints:
        """Draw the depots at which every product is asked for."""
        count = min(3, len(self.depots))
        product = np.repeat(np.arange(self.product_count), count)
        shift = self.rng.integers(len(self.depots), size=self.product_count)
        depot = self.depots[
            (np.repeat(shift, count) + np.tile(np.arange(count), self.product_count)) % len(self.depots)
        ]
        self.market_item, self.market_site = product, depot
        codes: Ints = product * self.size.sites + depot
        return codes

    def _lanes_between(self) -> None:
        """Connect every site that makes an item with every other site that needs it."""
        made = pl.DataFrame({"item": self.make_item, "from_site": self.make_site})
        needed = pl.DataFrame({"item": self.need_item, "to_site": self.need_site})
        lanes = needed.join(made, on="item", maintain_order="left_right")
        lanes = lanes.filter(pl.col("from_site") != pl.col("to_site"))
        self.lane_item, self.lane_from, self.lane_to = (
            lanes[name].to_numpy().astype(np.int64) for name in ("item", "from_site", "to_site")
        )

    # -- names -----------------------------------------------------------------------------------

    def _item(self, numbers: Ints) -> pl.Series:
        return _ids("I", numbers)

    def _site(self, numbers: Ints) -> pl.Series:
        return _ids("S", numbers)

    def _process(self, makes: Ints) -> pl.Series:
        return pl.select(
            pl.concat_str(
                [pl.lit(self._item(self.make_item[makes])), pl.lit(self._site(self.make_site[makes]))], separator="."
            )
        ).to_series()

    def _uniform(self, low: float, high: float, count: int) -> Floats:
        return np.round(self.rng.uniform(low, high, count), 2)

    def _days(self, options: tuple[float, ...], count: int) -> Floats:
        drawn: Floats = self.rng.choice(np.array(options, dtype=np.float64), count)
        return drawn

    # -- tables ----------------------------------------------------------------------------------

    def programme(self) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "name": ["Generated programme"],
                "start": [START],
                "buckets": [self.size.buckets or f"{self.size.months} months"],
                "currency": ["EUR"],
            }
        )

    def parties(self) -> pl.DataFrame:
        return pl.DataFrame({"party": [f"P.{country}" for country in COUNTRIES], "country": list(COUNTRIES)})

    def sites(self) -> pl.DataFrame:
        number = np.arange(self.size.sites)
        country = [COUNTRIES[n % len(COUNTRIES)] for n in number]
        return pl.DataFrame(
            {"site": self._site(number), "party": [f"P.{name}" for name in country], "country": country}
        )

    def items(self) -> pl.DataFrame:
        number = np.arange(self.level_first[-1])
        kinds = np.repeat(["product", "component", "component", "material"], np.diff(self.level_first))
        return pl.DataFrame(
            {"item": self._item(number), "unit": np.full(len(number), "piece"), "kind": kinds,
             "transport_size": self._uniform(0.5, 2, len(number))}
        )  # fmt: skip

    def processes(self) -> pl.DataFrame:
        count = len(self.make_item)
        return pl.DataFrame(
            {
                "process": self._process(np.arange(count)),
                "site": self._site(self.make_site),
                "lead_days": self._days((5, 10, 20, 45), count),
                "yield_rate": self._days((1, 1, 0.98, 0.95), count),
                "cost": self._uniform(5, 50, count),
            }
        )

    def flows(self) -> pl.DataFrame:
        out = np.arange(len(self.make_item))
        process = pl.concat([self._process(out), self._process(self.input_make)])
        item = np.concatenate([self.make_item, self.bill_child[self.input_bill]])
        quantity = np.concatenate([np.ones(len(out)), -self.bill_quantity[self.input_bill]])
        return pl.DataFrame({"process": process, "item": self._item(item), "quantity": quantity})

    def resources(self) -> pl.DataFrame:
        """Return a line and a team per maker site, with room for what the demands need on average."""
        self.resource_site = np.repeat(np.unique(self.make_site), 2)
        makes = np.bincount(self.make_site, minlength=self.size.sites)[self.resource_site]
        number = np.arange(len(self.resource_site))
        return pl.DataFrame(
            {
                "resource": _ids("R", number),
                "site": self._site(self.resource_site),
                "kind": np.where(number % 2 == 0, "machine", "people"),
                "unit": np.full(len(number), "hours"),
                "capacity": np.round(makes * self._uniform(100, 200, len(number)), 1),
                "calendar": np.where(number % 2 == 0, "works", "shifts"),
                "cost": self._uniform(0, 3, len(number)),
            }
        )

    def loads(self) -> pl.DataFrame:
        """Return a load of one or both resources of the site per make."""
        make = np.arange(len(self.make_item))
        first = np.searchsorted(np.unique(self.make_site), self.make_site) * 2
        both = self.rng.random(len(make)) < 0.5
        makes = np.concatenate([make, make[both]])
        resource = np.concatenate([first, first[both] + 1])
        return pl.DataFrame(
            {
                "process": self._process(makes),
                "resource": _ids("R", resource),
                "quantity": self._uniform(0.2, 2, len(makes)),
            }
        )

    def calendars(self) -> pl.DataFrame:
        """Return summer stops by year, and shifts on weekdays from 6 to 22 o'clock."""
        years = range(START.year, START.year + self.size.months // 12 + 1)
        stops = pl.DataFrame(
            {
                "calendar": ["works" for _ in years],
                "start": [datetime(year, 8, 1) for year in years],
                "end": [datetime(year, 8, 15) for year in years],
                "factor": [0.0 for _ in years],
            }
        )
        shifts = pl.DataFrame(
            {"calendar": ["shifts"], "factor": [1.0], "weekdays": ["12345"], "from_time": ["06:00"],
             "until_time": ["22:00"]}
        )  # fmt: skip
        return pl.concat([stops, shifts], how="diagonal")

    def lanes(self) -> pl.DataFrame:
        count = len(self.lane_item)
        limited = self.rng.random(count) < 0.2
        return pl.DataFrame(
            {
                "lane": _ids("L", np.arange(count)),
                "from_site": self._site(self.lane_from),
                "to_site": self._site(self.lane_to),
                "item": self._item(self.lane_item),
                "lead_days": self._days((1, 3, 7, 14), count),
                "cost": self._uniform(0.5, 5, count),
                "capacity": pl.Series(np.where(limited, self._uniform(200, 800, count), np.nan)).fill_nan(None),
            }
        )

    def supplies(self) -> pl.DataFrame:
        """Return two offers for every material at every site that needs it, near and dear, far and cheap."""
        material = self.need_item >= self.level_first[3]
        item = np.repeat(self.need_item[material], 2)
        site = np.repeat(self.need_site[material], 2)
        count = len(item)
        far = np.arange(count) % 2 == 1
        return pl.DataFrame(
            {
                "supply": _ids("B", np.arange(count)),
                "item": self._item(item),
                "site": self._site(site),
                "origin": np.array(COUNTRIES)[self.rng.integers(len(COUNTRIES), size=count)],
                "price": np.where(far, 2.0, 3.0) * self._uniform(1, 4, count),
                "lead_days": np.where(far, 60.0, 14.0),
                "limit": np.where(far, 5000.0, 2000.0),
            }
        )

    def _places(self) -> tuple[Ints, Ints]:
        """Return every item and site where stock can lie."""
        codes = np.unique(
            np.concatenate(
                [self.make_item * self.size.sites + self.make_site, self.need_item * self.size.sites + self.need_site]
            )
        )
        return codes // self.size.sites, codes % self.size.sites

    def stocks(self) -> pl.DataFrame:
        item, site = self._places()
        opening = np.where(self.rng.random(len(item)) < 0.5, self.rng.integers(0, 60, len(item)), 0).astype(np.float64)
        return pl.DataFrame(
            {
                "item": self._item(item),
                "site": self._site(site),
                "opening": opening,
                "final_min": np.floor(opening / 4),
                "holding_cost": self._uniform(0.5, 5, len(item)),
            }
        )

    def receipts(self) -> pl.DataFrame:
        material = np.flatnonzero(self.need_item >= self.level_first[3])
        chosen = material[self.rng.random(len(material)) < 0.3]
        return pl.DataFrame(
            {
                "receipt": _ids("O", np.arange(len(chosen))),
                "item": self._item(self.need_item[chosen]),
                "site": self._site(self.need_site[chosen]),
                "quantity": self.rng.integers(10, 100, len(chosen)).astype(np.float64),
                "date": _months_on(self.rng.integers(0, min(3, self.size.months), len(chosen))),
            }
        )

    def demands(self) -> pl.DataFrame:
        """Return a demand per product, depot and month, in three tiers."""
        item = np.repeat(self.market_item, self.size.months)
        site = np.repeat(self.market_site, self.size.months)
        month = np.tile(np.arange(self.size.months), len(self.market_item))
        tier = np.repeat(self.rng.integers(1, 4, len(self.market_item)), self.size.months)
        return pl.DataFrame(
            {
                "demand": _ids("D", np.arange(len(item))),
                "item": self._item(item),
                "site": self._site(site),
                "quantity": self.rng.integers(1, 12, len(item)).astype(np.float64),
                "due": _months_on(month),
                "earliest": _months_on(np.maximum(month - 1, 0), 1),
                "kind": np.array(["domestic", "partner", "export"])[tier - 1],
                "priority": tier,
                "maximum_late_days": np.full(len(item), 93.0),
            }
        )


def main() -> None:
    """Write a generated programme to a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--products", type=int, default=20)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    given = parser.parse_args()
    frames = generate(Size(given.sites, given.products, given.months, given.seed))
    write(frames, given.out, given.format)
    print(f"{rows_of(frames):,} rows in {len(frames)} tables written to {given.out}")


if __name__ == "__main__":
    main()
