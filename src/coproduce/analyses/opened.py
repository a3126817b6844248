"""The plan's model without its windows and lead times: what was ruled out becomes a column that a bound forbids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
import scipy.sparse as sp

from ..calendar import Floats, Ints
from ..compile import compile_network
from ..network import Bools, Network
from ..plan.assemble import Model, assemble
from ..plan.grown import Grown, grown, open_in_plan, rate_in_plan
from ..reach import Reach
from ..tables import Tables
from .learned import as_planned

WINDOWS = {
    "processes": ("start_from", "start_until"),
    "lanes": ("start_from", "start_until"),
    "supplies": ("order_from", "order_until"),
    "resources": ("available_from", "available_until"),
}
LEADS = {"processes": ("lead_days", "post_days"), "lanes": ("lead_days",), "supplies": ("lead_days",)}
_CALENDARS = dict.fromkeys(WINDOWS, ("calendar",))
# Deliveries are data here, except those of the demand that is asked about; prices on changes play no part.
CHANGES = ("more_run", "less_run", "more_buy", "less_buy", "more_ship", "less_ship", "ahead", "behind")
EARMARKED = tuple(f"earmarked_{kind}" for kind in ("stock", "buy", "ship", "run", "stand_in", "given"))
_SERVICE_COLUMNS = (
    *("deliver", "unmet", "pool", "backlog", "early", "set_share", "fair_level", "counted"),
    *(CHANGES + EARMARKED),
    *("fund_draw", "cash_balance"),
)
# Kinds that lead times hold back, each with the rows that bound it bucket by bucket.
HURRIED = {"run": "rate", "buy": "offer", "ship": ""}
AT_ONCE = {kind: f"{kind} at once" for kind in HURRIED}


@dataclass(frozen=True)
class Variants:
    """One programme as it is, and without windows, calendars, lead times, borders; all with the same entities."""

    network: Network
    no_windows: Network
    no_calendars: Network
    no_leads: Network
    no_borders: Network

    @classmethod
    def of(cls, tables: Tables, network: Network) -> Variants:
        """Compile the variants of a programme."""
        return cls(
            network,
            compile_network(_with(tables, WINDOWS, None)),
            compile_network(_with(tables, _CALENDARS, None)),
            compile_network(_with(tables, LEADS, 0.0)),
            compile_network(replace(tables, frames={**tables.frames, "borders": tables["borders"].clear()}))
            if (network.agreements.borders.amount == 0).any()
            else network,
        )

    def learned(self, per_run: Floats) -> Variants:
        """Return the variants with (learned load, bucket) so much a run, instead of loads that fall."""
        every = (self.network, self.no_windows, self.no_calendars, self.no_leads, self.no_borders)
        return Variants(*(as_planned(network, per_run) for network in every))


def _with(tables: Tables, columns: Mapping[str, tuple[str, ...]], value: float | None) -> Tables:
    """Return tables with one value in all cells of some columns."""
    changed = {
        table: tables[table].with_columns(
            pl.lit(value).cast(tables[table].schema[column]).alias(column) for column in names
        )
        for table, names in columns.items()
    }
    return replace(tables, frames={**tables.frames, **changed})


@dataclass(frozen=True)
class Open:
    """Columns for every entity and bucket, rows for every entity and bucket of every group.

    Kinds of column: those of the model without deliveries; `run at once`, `ship at once` and `buy at once`, the same
    without lead time; `material`, units of a node from nowhere. All of them are numbered by entity, then bucket.

    Attributes
    ----------
    column, row : first number of each kind and group
    lower, upper, row_lower, row_upper : bounds, what the plan delivers being taken from the balances
    x : (column,) the plan
    rate : (process, bucket) the most runs, ramps that began by decision included
    deliverable : (demand, bucket) whether the decided milestones that a demand waits for are reached in the plan
    added : (resource, bucket) capacity that was bought or opened by decision in the plan
    plan : what has grown in the plan
    grids : first row and number of rows of the groups that have one row for each entity and bucket
    """

    variants: Variants
    matrix: sp.csc_array
    column: Mapping[str, int]
    row: Mapping[str, int]
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    x: Floats
    rate: Floats
    deliverable: Bools
    added: Floats
    plan: Grown
    grids: tuple[tuple[int, int], ...]

    @cached_property
    def bucket_of_column(self) -> Ints:
        """(column,) buckets; every kind is a whole grid of entities and buckets."""
        return np.arange(len(self.lower)) % self.count

    @cached_property
    def bucket_of_row(self) -> Ints:
        """(row,) buckets; the last one for rows that stand for the whole horizon."""
        result = np.full(len(self.row_lower), self.count - 1)
        for first, size in self.grids:
            result[first : first + size] = np.arange(size) % self.count
        return result

    @property
    def count(self) -> int:
        """Number of buckets."""
        return self.variants.network.timeline.count

    def columns(self, kind: str, entity: Ints, bucket: Ints) -> Ints:
        """Return the numbers of columns."""
        return self.column[kind] + entity * self.count + bucket

    def rows(self, group: str, entity: Ints, bucket: Ints) -> Ints:
        """Return the numbers of rows of a group that has one for each bucket."""
        return self.row[group] + entity * self.count + bucket


def open_model(variants: Variants, model: Model, x: Floats) -> Open:
    """Return the opened model of a plan `x` of `model`; nothing is taken from the balances yet."""
    network = variants.network
    plan = grown(network, model, x)
    everywhere = _everywhere(network)
    full, hurried = assemble(network, known=everywhere), assemble(variants.no_leads, known=everywhere)
    # Lots stay as the plan has them: their rows are left out, and what their set-ups take stays taken.
    sized = {terms.group for terms in full.terms if full.columns[terms.kind].integer} - {"capacity"}
    served = {terms.group for terms in full.terms if terms.kind in _SERVICE_COLUMNS} - {"balance"}
    kinds = [kind for kind, part in full.columns.items() if kind not in _SERVICE_COLUMNS and not part.integer]
    groups = [group for group in full.rows if group not in served | sized | {"uses"}]
    bounded = {"rate": rate_in_plan(network, plan), "offer": variants.no_windows.supplies.amount}
    sizes = {group: full.rows[group].upper.size for group in groups} | {g: a.size for g, a in bounded.items()}
    row, height = _numbered(sizes)
    blocks = [_part(full, kind, row, height) for kind in kinds]
    blocks += [_part(hurried, kind, row, height) for kind in HURRIED]
    nodes = len(network.nodes.item) * network.timeline.count
    blocks.append(_units(np.arange(nodes) + row["balance"], height))
    names = [*kinds, *AT_ONCE.values(), "material"]
    column, width = _numbered({name: block.shape[1] for name, block in zip(names, blocks, strict=True)})
    matrix = sp.csc_array(sp.hstack(blocks)) + _limits(row, column, bounded, (height, width))
    lower, upper = np.zeros(width), np.zeros(width)
    for kind in kinds:
        own = slice(column[kind], column[kind] + len(full.columns[kind]))
        lower[own], upper[own] = full.columns[kind].lower, full.columns[kind].upper
    for kind, allowed in _allowed(variants).items():
        upper[column[kind] : column[kind] + allowed.size] = np.where(
            (allowed & open_in_plan(network, plan, kind, len(allowed))).ravel(), np.inf, 0.0
        )
    row_upper = np.concatenate(
        [*(full.rows[group].upper.ravel() for group in groups), *(a.ravel() for a in bounded.values())]
    )
    row_upper[row["capacity"] : row["capacity"] + sizes["capacity"]] -= _set_ups(model, x, sizes["capacity"])
    return Open(
        variants=variants,
        matrix=sp.csc_array(matrix),
        column=column,
        row=row,
        lower=lower,
        upper=upper,
        row_lower=np.concatenate(
            [
                *(full.rows[group].lower.ravel() for group in groups),
                *(np.full(a.size, -np.inf) for a in bounded.values()),
            ]
        ),
        row_upper=row_upper,
        grids=tuple(
            (row[group], size) for group, size in sizes.items() if group in bounded or not full.rows[group].whole
        ),
        rate=bounded["rate"],
        deliverable=open_in_plan(network, plan, "deliver", len(network.demands.node)),
        added=plan.capacity - network.resources.amount,
        plan=plan,
        x=_plan(model, x, kinds, column, width, network.timeline.count),
    )


def _set_ups(model: Model, x: Floats, size: int) -> Floats:
    """Return (resource x bucket,) what the plan's set-ups take of capacity."""
    taken = np.zeros(size)
    for terms in model.terms:
        if terms.group == "capacity" and model.columns[terms.kind].integer:
            count = model.rows["capacity"].upper.shape[1]
            np.add.at(
                taken, terms.entity * count + terms.bucket, terms.value * model.values(terms.kind, x)[terms.column]
            )
    return taken


def _everywhere(network: Network) -> Reach:
    """Return a reach that rules nothing out."""
    nodes, count = len(network.nodes.item), network.timeline.count

    def all_of(entities: int) -> Bools:
        return np.ones((entities, count), dtype=bool)

    return Reach(
        earliest=np.zeros(nodes, dtype=np.int64),
        latest=np.full(nodes, count - 1, dtype=np.int64),
        run=all_of(len(network.processes.site)),
        ship=all_of(len(network.lanes.arc_lane)),
        buy=all_of(len(network.supplies.node)),
    )


def _allowed(variants: Variants) -> dict[str, Bools]:
    """Return (entity, bucket) where windows and closures let an entity be used."""
    network, bucket = variants.network, np.arange(variants.network.timeline.count)
    processes, lanes = network.processes, network.lanes
    lane = (bucket >= lanes.first[:, None]) & (bucket < lanes.until[:, None]) & (lanes.amount > 0)
    return {
        "run": (bucket >= processes.first[:, None]) & (bucket < processes.until[:, None]),
        "ship": lane[lanes.arc_lane],
        "buy": ~closed_by_window(variants),
    }


def closed_by_window(variants: Variants) -> Bools:
    """Return (supply, bucket) where only its window forbids an order."""
    closed: Bools = (variants.no_windows.supplies.amount > 0) & (variants.network.supplies.amount == 0)
    return closed


def _numbered(sizes: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Return the first number of each part, and how many there are in all."""
    first = np.concatenate([[0], np.cumsum(list(sizes.values()))]).astype(np.int64)
    return dict(zip(sizes, first[:-1].tolist(), strict=True)), int(first[-1])


def _part(model: Model, kind: str, row: Mapping[str, int], height: int) -> sp.csc_array:
    """Return the columns of one kind over our rows."""
    begin = model.offset[kind]
    own = sp.coo_array(model.matrix[:, begin : begin + len(model.columns[kind])])
    dense = model.row_index[own.row]
    ours = np.full(len(dense), -1, dtype=np.int64)
    for group, first in row.items():
        if group in model.rows:
            there = model.group_offset[group]
            inside = (dense >= there) & (dense < there + model.rows[group].upper.size)
            ours[inside] = dense[inside] - there + first
    kept = ours >= 0
    return sp.csc_array((own.data[kept], (ours[kept], own.col[kept])), shape=(height, own.shape[1]))


def _units(rows: Ints, height: int) -> sp.csc_array:
    """Return one column for each row, with a 1 there."""
    return sp.csc_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(height, len(rows)))


def _limits(
    row: Mapping[str, int], column: Mapping[str, int], bounded: Mapping[str, Floats], shape: tuple[int, int]
) -> sp.csc_array:
    """Return the terms of the rows that bound runs and orders, at once or not, bucket by bucket."""
    rows, columns = [], []
    for kind, group in HURRIED.items():
        if group:
            every = np.arange(bounded[group].size)
            for own in (kind, AT_ONCE[kind]):
                rows.append(row[group] + every)
                columns.append(column[own] + every)
    at, which = np.concatenate(rows), np.concatenate(columns)
    return sp.csc_array((np.ones(len(at)), (at, which)), shape=shape)


def _plan(model: Model, x: Floats, kinds: list[str], column: Mapping[str, int], width: int, count: int) -> Floats:
    """Return the plan over our columns."""
    result = np.zeros(width)
    for kind in kinds:
        own = model.columns[kind]
        result[column[kind] + own.entity * count + own.bucket] = model.values(kind, x)
    return result
