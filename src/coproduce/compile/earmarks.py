"""Units set aside for contracts, as arrays: which recipes, stocks and offers may be, and what counts as outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats, Ints, Timeline
from ..earmarks import Earmarks
from ..eligibility.covered import Covered, covered, inside_of, of_contract
from ..eligibility.entry import from_nothing, there_counts
from ..eligibility.sources import component_prices
from ..network import Bools, Fixed, Nodes, Processes
from ..tables import Tables
from .index import positions

OPENING, RECEIPT, FIRM = 0, 1, 2
_CLOSE = 1e-12


def earmarks(tables: Tables, timeline: Timeline, nodes: Nodes, processes: Processes, fixed: Fixed) -> Earmarks:
    """Return what may be set aside for the contracts of limits on origin whose scope is the contract."""
    rows = [(at, row) for at, row in enumerate(tables["origin_limits"].iter_rows(named=True)) if of_contract(row)]
    names = list(dict.fromkeys(row["contract"] for _, row in rows))
    first = {row["contract"]: row for _, row in reversed(rows)}
    about = [covered(tables, first[name]) for name in names]
    items = np.array([one.items for one in about], dtype=bool).reshape(len(about), tables["items"].height)
    some = np.asarray(items.any(axis=0))
    given = _given(tables, timeline, nodes, fixed, some)
    recipes = _recipes(tables, timeline, nodes, processes, some)
    limits = _Limits(tables, [row for _, row in rows], given)
    return Earmarks(
        contract=positions(pl.Series(names, dtype=pl.String), tables["contracts"]["contract"]),
        demand=_demands(tables, names, about),
        covered=items,
        recipe_process=recipes.process,
        recipe_item=recipes.item,
        line_recipe=recipes.line,
        line_flow=recipes.flow,
        line_part=recipes.part,
        given_node=given.node,
        given_bucket=given.bucket,
        given_units=given.units,
        given_row=given.row,
        given_table=given.table,
        limit=np.array([at for at, _ in rows], dtype=np.int64),
        of=np.array([names.index(row["contract"]) for _, row in rows], dtype=np.int64),
        share=np.array([row["share"] for _, row in rows], dtype=np.float64),
        cost=np.nan_to_num(component_prices(tables)),
        supply_outside=limits.outside("supplies", "origin"),
        process_outside=limits.outside("sites", "country")[:, processes.site],
        from_nothing=from_nothing(tables),
        given_counts=limits.given_counts(),
        given_outside=limits.given_outside(processes),
    )


def _demands(tables: Tables, names: list[str], about: list[Covered]) -> Ints:
    """Return (demand,) the contract that deliveries of one of its products are set aside for; -1 for none."""
    demands = tables["demands"]
    item = positions(demands["item"], tables["items"]["item"])
    result = np.full(demands.height, -1, dtype=np.int64)
    for at, (name, one) in enumerate(zip(names, about, strict=True)):
        result[(demands["contract"] == name).fill_null(False).to_numpy() & one.products[item]] = at
    return result


@dataclass(frozen=True)
class _Given:
    """What is there as data, (given,) each: opening stock, receipts, outputs of firm runs of covered items."""

    node: Ints
    bucket: Ints
    units: Floats
    row: Ints
    table: Ints


def _given(tables: Tables, timeline: Timeline, nodes: Nodes, fixed: Fixed, items: Bools) -> _Given:
    opening = np.flatnonzero((nodes.opening > 0) & items[nodes.item])
    there = timeline.bucket_of(timeline.seconds_of(tables["receipts"]["date"], 0))
    receipt = np.flatnonzero((there >= 0) & (there < timeline.count))
    firm = np.flatnonzero((fixed.wip_row >= 0) & (fixed.quantity > 0))
    parts = [
        (opening, np.zeros(len(opening), dtype=np.int64), nodes.opening[opening], nodes.stock_row[opening]),
        (fixed.node[fixed.wip_row < 0], there[receipt], fixed.quantity[fixed.wip_row < 0], receipt),
        (fixed.node[firm], fixed.bucket[firm], fixed.quantity[firm], fixed.wip_row[firm]),
    ]
    node, bucket, units, row = (np.concatenate([part[at] for part in parts]) for at in range(4))
    table = np.repeat([OPENING, RECEIPT, FIRM], [len(part[0]) for part in parts])
    kept = np.flatnonzero((units > 0) & items[nodes.item[node]])
    return _Given(node[kept], bucket[kept], units[kept], row[kept], table[kept])


@dataclass(frozen=True)
class _Recipes:
    """Processes by the item that they make: `process`, `item` (recipe,), `line`, `flow` (line,), `part` by bucket."""

    process: Ints
    item: Ints
    line: Ints
    flow: Ints
    part: Floats


def _recipes(tables: Tables, timeline: Timeline, nodes: Nodes, processes: Processes, items: Bools) -> _Recipes:
    """Divide runs among what they make; inputs by component cost x units, by units where an output has no cost."""
    price, flow_item = component_prices(tables), nodes.item[processes.flow_node]
    made = np.unique(processes.flow_process[(processes.flow_quantity > 0) & items[flow_item]])
    order = np.argsort(processes.flow_process, kind="stable")
    first = np.searchsorted(processes.flow_process[order], np.arange(len(processes.site) + 1))
    found: list[tuple[int, int]] = []
    lines: list[tuple[int, int, Floats]] = []
    for process in made.tolist():
        flows = order[first[process] : first[process + 1]]
        held = _held(processes, flows, timeline.count)
        net = _net(processes, flows, held, flow_item)
        weight = _weights(net, price)
        for item in (one for one in net if items[one] and (net[one] > _CLOSE).any()):
            for at, flow in enumerate(flows.tolist()):
                part = _part(net, weight, item, int(flow_item[flow]), held[at])
                if part.any():
                    lines.append((len(found), flow, part))
            found.append((process, item))
    process_, item_ = (np.array([one[at] for one in found], dtype=np.int64) for at in (0, 1))
    line, flow_ = (np.array([one[at] for one in lines], dtype=np.int64) for at in (0, 1))
    part_ = np.array([one[2] for one in lines], dtype=np.float64).reshape(len(lines), timeline.count)
    return _Recipes(process_, item_, line, flow_, part_)


def _held(processes: Processes, flows: Ints, count: int) -> Bools:
    """Return (flow, bucket) whether a flow belongs to runs started in a bucket."""
    bucket = np.arange(count)
    return (processes.flow_first[flows, None] <= bucket) & (bucket < processes.flow_until[flows, None])


def _net(processes: Processes, flows: Ints, held: Bools, flow_item: Ints) -> dict[int, Floats]:
    """Return by item (bucket,) the units that a run gives more than it takes."""
    net: dict[int, Floats] = {}
    for at, flow in enumerate(flows.tolist()):
        item = int(flow_item[flow])
        net[item] = net.get(item, np.zeros(held.shape[1])) + processes.flow_quantity[flow] * held[at]
    return net


def _weights(net: dict[int, Floats], price: Floats) -> dict[int, Floats]:
    """Return by item (bucket,) its share of the inputs of a run."""
    units = {item: np.where(amount > _CLOSE, amount, 0.0) for item, amount in net.items()}
    bare = sum(((amount > 0) & ~(price[item] > 0) for item, amount in units.items()), np.zeros(1, dtype=np.int64))
    worth = {item: np.where(bare > 0, amount, amount * np.nan_to_num(price[item])) for item, amount in units.items()}
    whole = sum(worth.values(), np.zeros(1))
    return {item: amount / np.where(whole > 0, whole, 1.0) for item, amount in worth.items()}


def _part(net: dict[int, Floats], weight: dict[int, Floats], item: int, of: int, held: Bools) -> Floats:
    """Return (bucket,) the part of a flow that belongs to an item: all of its own, its share of what is taken in."""
    makes = (net[item] > _CLOSE) & held
    own = np.ones(len(held)) if of == item else np.where(net[of] > _CLOSE, 0.0, weight[item])
    return np.where(makes, own, 0.0)


@dataclass(frozen=True)
class _Limits:
    """What counts under the limits."""

    tables: Tables
    rows: list[dict[str, object]]
    given: _Given

    def outside(self, table: str, column: str) -> Bools:
        """Return (limit, row) whether a country is outside or not declared."""
        country = self.tables[table][column]
        inside = [country.is_in(list(inside_of(row))).fill_null(False).to_numpy() for row in self.rows]
        return ~np.array(inside, dtype=bool).reshape(len(self.rows), len(country))

    def given_counts(self) -> Bools:
        """Return (limit, given) whether it is a component; what is made counts only with a declared origin."""
        counted = np.array([row["stock"] == "counted" for row in self.rows], dtype=bool)[:, None]
        component = np.zeros(len(self.given.row), dtype=bool)
        for table, name in ((OPENING, "stocks"), (RECEIPT, "receipts")):
            mine = self.given.table == table
            component[mine] = there_counts(self.tables, name)[self.given.row[mine]]
        firm = self.given.table == FIRM
        component[firm] = from_nothing(self.tables)[self._process()[firm]]
        counts: Bools = component & (counted | firm)
        return counts

    def given_outside(self, processes: Processes) -> Bools:
        """Return (limit, given) whether it counts as outside."""
        result = np.zeros((len(self.rows), len(self.given.row)), dtype=bool)
        for table, name in ((OPENING, "stocks"), (RECEIPT, "receipts")):
            mine = np.flatnonzero(self.given.table == table)
            result[:, mine] = self.outside(name, "origin")[:, self.given.row[mine]]
        firm = np.flatnonzero(self.given.table == FIRM)
        result[:, firm] = self.outside("sites", "country")[:, processes.site[self._process()[firm]]]
        return result

    def _process(self) -> Ints:
        """Return (given,) the process of a firm run; 0 for others."""
        wip = positions(self.tables["wip"]["process"], self.tables["processes"]["process"])
        return np.where(self.given.table == FIRM, np.append(wip, 0)[np.minimum(self.given.row, len(wip))], 0)
