"""Cycles of the bill of materials: those that nothing enters, and those that take no time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import polars as pl

from ..errors import Problem
from .material import Bools, Ints, Material
from .processes import flow_times
from .view import View

_NAMED = 8
"""Members of a cycle that a message names."""

_REPORTED = 50
"""Cycles of one kind that are reported."""


def closed_cycles(view: View, material: Material, there: Bools) -> Iterator[Problem]:
    """Report items that are made only from each other, with none of them coming from elsewhere."""
    count = material.shape[1]
    begin, end, process = _arcs_among_missing(material, there)
    # Lanes are added only for items that form a cycle when sites are left aside, which is rare.
    items = _in_cycles(begin % count, end % count)
    lane_begin, lane_end = _lane_arcs(material, items)
    missing = ~there.ravel()[lane_begin] & ~there.ravel()[lane_end]
    kept = np.isin(begin % count, items) & np.isin(end % count, items)
    begin, end, process = begin[kept], end[kept], process[kept]
    tails, heads = np.concatenate([begin, lane_begin[missing]]), np.concatenate([end, lane_end[missing]])
    for members in islice(_components(tails, heads), _REPORTED):
        inside = process[np.isin(begin, members) & np.isin(end, members)]
        if inside.size and not _can_be_entered(material, there, members):
            yield _closed(view, material, members, int(inside.min()))


def _arcs_among_missing(material: Material, there: Bools) -> tuple[Ints, Ints, Ints]:
    """Return arcs from missing inputs to missing outputs, as positions in the flat (site, item), and their process."""
    inputs = pl.DataFrame({"process": material.in_process, "begin": material.in_item})
    outputs = pl.DataFrame({"process": material.out_process, "end": material.out_item})
    arcs = inputs.join(outputs, on="process", maintain_order="left_right")
    process = arcs["process"].to_numpy()
    site = material.process_site[process] * material.shape[1]
    begin, end = site + arcs["begin"].to_numpy(), site + arcs["end"].to_numpy()
    missing = ~there.ravel()[begin] & ~there.ravel()[end]
    return begin[missing], end[missing], process[missing]


def _in_cycles(begin: Ints, end: Ints) -> Ints:
    """Return the nodes that lie on a cycle."""
    found = list(_components(begin, end))
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _lane_arcs(material: Material, items: Ints) -> tuple[Ints, Ints]:
    """Return the arcs that lanes make for some items."""
    count, items = material.shape[1], np.unique(items)
    lane, item = np.divmod(np.arange(len(material.lane_from) * len(items)), max(len(items), 1))
    carried = items[item] if len(items) else item
    fits = (material.lane_item[lane] < 0) | (material.lane_item[lane] == carried)
    return (material.lane_from[lane] * count + carried)[fits], (material.lane_to[lane] * count + carried)[fits]


def _components(begin: Ints, end: Ints) -> Iterator[Ints]:
    """Yield the nodes of each strongly connected component that holds a cycle, by its smallest node."""
    nodes, compact = np.unique(np.concatenate([begin, end]), return_inverse=True)
    if not nodes.size:
        return
    # Cycles are rare and scipy is slow to import, so it is imported only when there is something to look for.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    tail, head = compact[: len(begin)], compact[len(begin) :]
    graph = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(len(nodes), len(nodes))).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    circular = np.bincount(label)[label] > 1
    circular[tail[tail == head]] = True
    members = np.flatnonzero(circular)
    members = members[np.argsort(label[members], kind="stable")]
    groups = np.split(members, np.flatnonzero(np.diff(label[members])) + 1) if members.size else []
    for group in sorted(groups, key=lambda group: int(group[0])):
        yield nodes[group]


def _can_be_entered(material: Material, there: Bools, members: Ints) -> bool:
    """Whether some member could be had if everything outside the cycle were there."""
    outside = np.ones(there.size, dtype=bool)
    outside[members] = False
    sites, items = np.divmod(np.flatnonzero(outside), material.shape[1])
    reached = material.obtainable(np.column_stack([sites, items]))
    return bool(reached.ravel()[members].any())


def _closed(view: View, material: Material, members: Ints, process: int) -> Problem:
    names = _names(material, members)
    name = material.index.ids["processes"][process]
    row = view["flows"].filter((pl.col("process") == name) & (pl.col("quantity") < 0))["row"][0]
    message = f"{names} are made only from each other, and none of them has a stock, receipt or supply"
    if len(members) == 1:
        message = f"{names} is made only from itself, and has no stock, receipt or supply"
    return view.problem("E413", "flows", row, "item", message)


def _names(material: Material, members: Ints) -> str:
    sites, items = np.divmod(members, material.shape[1])
    names = [f"{material.items[i]} at {material.sites[s]}" for s, i in zip(sites, items, strict=True)]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def instant_cycles(view: View, material: Material) -> Iterator[Problem]:
    """Report cycles of processes and lanes that take no time at all."""
    arcs = _instant_process_arcs(view, material)
    # Most bills of materials have no cycle even when sites are left aside; then none is left to look for.
    items = _in_cycles(arcs["begin"].to_numpy(), arcs["end"].to_numpy())
    arcs = arcs.filter(pl.col("begin").is_in(items) & pl.col("end").is_in(items))
    yield from _report_instant(view, material, arcs, items)


def _instant_process_arcs(view: View, material: Material) -> pl.DataFrame:
    """Return arcs of items from inputs to outputs that come no later: site, begin, end, row of the input."""
    times = flow_times(view).select("row", "process", "site", "item", "quantity", "days")
    inputs = times.filter(pl.col("quantity") < 0)
    outputs = times.filter(pl.col("quantity") > 0).select("process", end="item", out="days")
    arcs = inputs.join(outputs, on="process", maintain_order="left_right").filter(pl.col("out") <= pl.col("days"))
    index = material.index
    return arcs.select(
        "row",
        site=index.of("sites", arcs["site"]),
        begin=index.of("items", arcs["item"]),
        end=index.of("items", arcs["end"]),
    )


def _report_instant(view: View, material: Material, arcs: pl.DataFrame, items: Ints) -> Iterator[Problem]:
    count = material.shape[1]
    site = arcs["site"].to_numpy() * count
    begin, end = site + arcs["begin"].to_numpy(), site + arcs["end"].to_numpy()
    lane_begin, lane_end = _lane_arcs(_instant_lanes(view, material), items)
    tails, heads = np.concatenate([begin, lane_begin]), np.concatenate([end, lane_end])
    for members in islice(_components(tails, heads), _REPORTED):
        inside = np.isin(begin, members) & np.isin(end, members)
        if inside.any():  # A circle of lanes alone moves things to and fro, which is harmless.
            row = int(arcs["row"].to_numpy()[inside].min())
            message = f"{_names(material, members)}: a cycle of processes leads back to its beginning in no time"
            yield view.problem("E414", "flows", row, "item", message, hint="give a process or lane of it a lead time")


def _instant_lanes(view: View, material: Material) -> Material:
    """Return the structure with the lanes that take no time."""
    instant = (view["lanes"]["lead_days"] == 0).to_numpy()
    lanes = {name: getattr(material, name)[instant] for name in ("lane_from", "lane_to", "lane_item")}
    return replace(material, **lanes)
