"""Items and sites as arrays: what each process needs and makes, what lanes connect, and where items begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from ..calendar import Timeline
from .view import View

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TABLES = ("sites", "items", "processes", "flows", "lanes", "supplies", "stocks", "receipts", "wip", "demands")
"""Tables that must be without a flaw before anything can be said about where items come from."""

_MOST_CELLS = 400_000_000


@dataclass(frozen=True)
class Material:
    """The structure of a programme, times and capacities left aside.

    Attributes
    ----------
    index : positions of items, sites and processes
    process_site : (process,) site of each process
    in_process, in_item : (input,) process and item of each input
    out_process, out_item : (output,) process and item of each output
    lane_from, lane_to, lane_item : (lane,) sites and item; item -1 for any
    first : (start, 2) site and item of everything that is there or comes from outside
    newer, older : (pair,) items of which the newer may stand in for the older
    """

    index: Index
    process_site: Ints
    in_process: Ints
    in_item: Ints
    out_process: Ints
    out_item: Ints
    lane_from: Ints
    lane_to: Ints
    lane_item: Ints
    first: Ints
    newer: Ints
    older: Ints

    @cached_property
    def items(self) -> list[str]:
        """(item,) ids."""
        return self.index.ids["items"].to_list()

    @cached_property
    def sites(self) -> list[str]:
        """(site,) ids."""
        return self.index.ids["sites"].to_list()

    @property
    def shape(self) -> tuple[int, int]:
        """(site, item)."""
        return len(self.sites), len(self.items)

    @cached_property
    def has_source(self) -> Bools:
        """(item,) whether the item begins or is made anywhere."""
        known = np.zeros(len(self.items), dtype=bool)
        known[self.first[:, 1]] = True
        known[self.out_item] = True
        for _ in self.newer:
            known[self.older] |= known[self.newer]
        return known

    def obtainable(self, first: Ints | None = None) -> Bools:
        """Return (site, item): what can be there at some time if capacity and time do not matter.

        The least fixed point of: what begins there, what a process makes whose inputs are all obtainable, what a
        lane brings from where it is obtainable.
        """
        there = np.zeros(self.shape, dtype=bool)
        start = self.first if first is None else first
        there[start[:, 0], start[:, 1]] = True
        named = self.lane_item >= 0
        count = -1
        while count != (count := int(np.count_nonzero(there))):
            self._run(there)
            there[self.lane_to[named], self.lane_item[named]] |= there[self.lane_from[named], self.lane_item[named]]
            for newer, older in zip(self.newer, self.older, strict=True):
                there[:, older] |= there[:, newer]
            for origin, target in zip(self.lane_from[~named], self.lane_to[~named], strict=True):
                there[target] |= there[origin]
        return there

    def _run(self, there: Bools) -> None:
        """Mark the outputs of all processes whose inputs are there."""
        lacking = ~there[self.process_site[self.in_process], self.in_item]
        blocked = np.bincount(self.in_process[lacking], minlength=len(self.process_site)) > 0
        made = ~blocked[self.out_process]
        there[self.process_site[self.out_process[made]], self.out_item[made]] = True


def build_material(view: View) -> Material | None:
    """Build the structure; None if a table that it needs is flawed, or if it would be too large to check."""
    if not view.is_sound(*TABLES) or set(TABLES) & view.raw.spoilt:
        return None
    items, sites, processes = view["items"]["item"], view["sites"]["site"], view["processes"]["process"]
    if any(ids.is_duplicated().any() for ids in (items, sites, processes)) or len(items) * len(sites) > _MOST_CELLS:
        return None
    index = Index({"items": items, "sites": sites, "processes": processes})
    flows, lanes = view["flows"], view["lanes"]
    # An input with a window belongs to some runs only and cannot hold back the others.
    always = pl.col("start_from").is_null() & pl.col("start_until").is_null()
    inputs, outputs = flows.filter((pl.col("quantity") < 0) & always), flows.filter(pl.col("quantity") > 0)
    versions = view["items"].filter(pl.col("stands_in").fill_null(False) & pl.col("replaces").is_not_null())
    material = Material(
        index,
        index.of("sites", view["processes"]["site"]),
        index.of("processes", inputs["process"]),
        index.of("items", inputs["item"]),
        index.of("processes", outputs["process"]),
        index.of("items", outputs["item"]),
        index.of("sites", lanes["from_site"]),
        index.of("sites", lanes["to_site"]),
        index.of("items", lanes["item"]),
        _first(view, index),
        index.of("items", versions["item"]),
        index.of("items", versions["replaces"]),
    )
    return material if _is_complete(view, material) else None


def _is_complete(view: View, material: Material) -> bool:
    """Whether every reference was known; only a lane may leave its item open."""
    required = (
        material.process_site, material.in_process, material.in_item, material.out_process, material.out_item,
        material.lane_from, material.lane_to, material.first, material.newer, material.older,
        material.index.of("items", view["demands"]["item"]), material.index.of("sites", view["demands"]["site"]),
    )  # fmt: skip
    lanes_known = np.count_nonzero(material.lane_item >= 0) == view["lanes"]["item"].count()
    return bool(lanes_known) and all((positions >= 0).all() for positions in required)


@dataclass(frozen=True)
class Index:
    """Positions of items, sites and processes in their tables."""

    ids: Mapping[str, pl.Series]

    def of(self, table: str, names: pl.Series) -> Ints:
        """Return the position of each name, -1 where it is empty or unknown."""
        ids = self.ids[table]
        positions = pl.int_range(len(ids), dtype=pl.Int64, eager=True)
        found = names.replace_strict(ids, positions, default=-1, return_dtype=pl.Int64)
        return found.fill_null(-1).to_numpy()


def _first(view: View, index: Index) -> Ints:
    """Return (start, 2): site and item of stocks, receipts, supplies and the outputs of runs under way."""
    runs = view["wip"].select("process").unique(maintain_order=True)
    made = runs.join(view["flows"].filter(pl.col("quantity") > 0), on="process", maintain_order="left")
    made = made.join(view["processes"].select("process", "site"), on="process", maintain_order="left")
    open_supplies = view["supplies"].filter(
        (pl.col("limit") > 0).fill_null(True) & (pl.col("total_limit") > 0).fill_null(True)
    )
    there = pl.concat(
        frame.select("site", "item")
        for frame in (
            view["stocks"].filter(pl.col("opening") > 0),
            view["receipts"].filter((pl.col("quantity") > 0) & _in_horizon(view.timeline)),
            open_supplies,
            made,
        )
    ).unique(maintain_order=True)
    return np.column_stack([index.of("sites", there["site"]), index.of("items", there["item"])])


def _in_horizon(timeline: Timeline | None) -> pl.Expr:
    return pl.lit(True) if timeline is None else pl.col("date") < timeline.moment(timeline.horizon)
