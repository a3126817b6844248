"""Which contracts the plan's flows serve: proportional sharing, from deliveries back through shipments and runs.

What leaves an item at a site over the horizon goes to deliveries, runs, shipments and the stock at the end; each part
serves what it goes to, and what comes in serves as what goes out (Bialek 1996, doi:10.1049/ip-gtd:19960461).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats
from ..tables import Tables
from ..tables.keys import listed

Frames = Mapping[str, pl.DataFrame]
Node = tuple[str, str]
# Keeps a closed loop, out of which nothing goes, from making the equations singular; far below a cent.
LEAK = 1e-12
DUST = 1e-9


def _none(contracts: tuple[str, ...]) -> Floats:
    share: Floats = np.zeros(len(contracts) + 1)
    share[-1] = 1.0
    return share


@dataclass(frozen=True)
class Serving:
    """Shares of contracts.

    Attributes
    ----------
    contracts : names; the shares of a row add up to 1 with that of no contract, which comes last
    nodes : (contracts + 1,) shares by item and site
    processes, resources, options : the same by process, by resource (weighted by its loads), and by option (the mean of
        what it opens or adds to)
    setups : the same by group of joint set-ups (the mean of its processes, weighted by their runs)
    """

    contracts: tuple[str, ...]
    nodes: Mapping[Node, Floats]
    processes: Mapping[str, Floats]
    resources: Mapping[str, Floats]
    options: Mapping[str, Floats]
    setups: Mapping[str, Floats]

    @property
    def none(self) -> Floats:
        """(contracts + 1,) shares of what serves no contract."""
        return _none(self.contracts)


@dataclass(frozen=True)
class _Arc:
    """Units that leave a node, and the nodes that they serve, with weights of sum 1; none: the end of the plan."""

    leaves: Node
    units: float
    serves: tuple[tuple[Node, float], ...] = ()


def contract_names(tables: Tables) -> tuple[str, ...]:
    """Return the contracts that are declared and those that only demands name, in this order."""
    named = [*tables["contracts"]["contract"], *tables["demands"]["contract"].drop_nulls()]
    return tuple(dict.fromkeys(named))


def serving(tables: Tables, frames: Frames) -> Serving:
    """Trace what the plan makes, moves and buys to the contracts whose demands it serves."""
    contracts = contract_names(tables)
    runs = _runs(tables, frames)
    outputs = _outputs(tables)
    arcs = [*_consumed(tables, runs, outputs), *_moved(frames), *_kept(frames)]
    nodes = _solved(contracts, arcs, _delivered(tables, frames, contracts))
    none = _none(contracts)
    processes = {process: _mean([(nodes.get(node, none), w) for node, w in outputs.get(process, ())], none)
                 for process in tables["processes"]["process"]}  # fmt: skip
    setups = _setups(tables, runs, processes, none)
    resources = _resources(tables, frames, runs, processes, setups, none)
    options = _options(tables, nodes, processes, resources, none)
    return Serving(contracts, nodes, processes, resources, options, setups)


def _mean(parts: Iterable[tuple[Floats, float]], none: Floats) -> Floats:
    """Return the weighted mean of shares; `none` where nothing has weight."""
    weighed = [(share, weight) for share, weight in parts if weight > 0]
    total = sum(weight for _, weight in weighed)
    return np.sum([share * weight for share, weight in weighed], axis=0) / total if total > 0 else none


def _runs(tables: Tables, frames: Frames) -> pl.DataFrame:
    """Return process, start and quantity of the planned runs and of the firm ones that start inside the horizon."""
    planned = frames["runs"].join(frames["buckets"].select("bucket", "start"), on="bucket")
    firm = tables["wip"].filter(pl.col("started") >= tables.programme.start)
    return pl.concat(
        [
            planned.select("process", "start", "quantity"),
            firm.select("process", pl.col("started").alias("start"), "quantity"),
        ]
    )


def _outputs(tables: Tables) -> dict[str, tuple[tuple[Node, float], ...]]:
    """Return the outputs of every process with weights: by value where all have one, else by quantity."""
    about = tables["items"].select("item", worth=pl.coalesce("unit_value", "component_cost"))
    rows = tables["flows"].filter(pl.col("quantity") > 0).join(about, on="item", how="left")
    rows = rows.join(tables["processes"].select("process", "site"), on="process", how="left")
    found: dict[str, list[tuple[Node, float, float | None]]] = {}
    for process, item, site, quantity, worth in rows.select("process", "item", "site", "quantity", "worth").iter_rows():
        found.setdefault(process, []).append(((item, site), quantity, worth))
    return {process: _weights(parts) for process, parts in found.items()}


def _weights(parts: list[tuple[Node, float, float | None]]) -> tuple[tuple[Node, float], ...]:
    valued = all(worth for _, _, worth in parts)
    weights = [quantity * worth if valued and worth else quantity for _, quantity, worth in parts]
    total = sum(weights)
    return tuple((node, weight / total) for (node, _, _), weight in zip(parts, weights, strict=True))


def _consumed(
    tables: Tables, runs: pl.DataFrame, outputs: Mapping[str, tuple[tuple[Node, float], ...]]
) -> Iterable[_Arc]:
    """Yield what runs take in; it serves what they put out."""
    sites = dict(tables["processes"].select("process", "site").iter_rows())
    inputs = tables["flows"].filter(pl.col("quantity") < 0)
    used = inputs.join(runs, on="process", suffix="_runs").filter(
        (pl.col("start_from").is_null() | (pl.col("start") >= pl.col("start_from")))
        & (pl.col("start_until").is_null() | (pl.col("start") < pl.col("start_until")))
    )
    units = used.group_by("process", "item", maintain_order=True).agg(
        units=-(pl.col("quantity") * pl.col("quantity_runs")).sum()
    )
    for process, item, amount in units.iter_rows():
        yield _Arc((item, sites[process]), amount, outputs.get(process, ()))


def _moved(frames: Frames) -> Iterable[_Arc]:
    """Yield what lanes carry, and newer versions that stand in for older ones."""
    shipped = frames["shipments"].group_by("item", "from_site", "to_site", maintain_order=True)
    for item, origin, target, units in shipped.agg(pl.col("quantity").sum()).iter_rows():
        yield _Arc((item, origin), units, (((item, target), 1.0),))
    if "stand_ins" in frames:
        for site, item, given, units in frames["stand_ins"].select("site", "item", "given", "quantity").iter_rows():
            yield _Arc((given, site), units, (((item, site), 1.0),))


def _kept(frames: Frames) -> Iterable[_Arc]:
    """Yield what is in stock at the end, and what is written off: it serves no contract."""
    last = frames["stock"].filter(pl.col("bucket") == pl.col("bucket").max().over("item", "site"))
    for item, site, units in last.select("item", "site", "closing").iter_rows():
        yield _Arc((item, site), max(units, 0.0))
    if "write_offs" in frames:
        for item, site, units in frames["write_offs"].select("item", "site", "quantity").iter_rows():
            yield _Arc((item, site), units)


def _delivered(tables: Tables, frames: Frames, contracts: tuple[str, ...]) -> dict[Node, Floats]:
    """Return the units delivered by node and contract."""
    number = {contract: at for at, contract in enumerate(contracts)}
    about = tables["demands"].select("demand", "item", "site", "contract")
    found: dict[Node, Floats] = {}
    rows = frames["deliveries"].join(about, on="demand", how="left").select("item", "site", "contract", "quantity")
    for item, site, contract, units in rows.iter_rows():
        share = found.setdefault((item, site), np.zeros(len(contracts) + 1))
        share[number.get(contract, -1)] += units
    return found


def _solved(contracts: tuple[str, ...], arcs: list[_Arc], delivered: Mapping[Node, Floats]) -> dict[Node, Floats]:
    """Solve what the shares of every node are: those of where its units go."""
    import scipy.sparse as sp
    from scipy.sparse.linalg import splu

    names = sorted({*delivered, *(arc.leaves for arc in arcs), *(node for arc in arcs for node, _ in arc.serves)})
    if not names:
        return {}
    number = {node: at for at, node in enumerate(names)}
    leaving, goal = np.zeros(len(names)), np.zeros((len(names), len(contracts) + 1))
    for node, units in delivered.items():
        leaving[number[node]] += units.sum()
        goal[number[node]] += units
    entries = []
    for arc in arcs:
        at = number[arc.leaves]
        leaving[at] += arc.units
        entries += [(at, number[node], arc.units * weight) for node, weight in arc.serves]
        goal[at, -1] += 0.0 if arc.serves else arc.units
    idle = leaving <= DUST
    scale = 1 / np.where(idle, 1.0, leaving)
    goal = np.where(idle[:, None], _none(contracts), goal * scale[:, None])
    table = np.array(entries, dtype=float).reshape(-1, 3)
    places = (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64))
    flow = sp.csc_array((table[:, 2], places), shape=(len(names), len(names)))
    flow = sp.diags_array(np.where(idle, 0.0, scale * (1 - LEAK))) @ flow
    shares = splu(sp.csc_matrix(sp.eye_array(len(names)) - flow)).solve(goal)
    return dict(zip(names, _tidy(shares), strict=True))


def _tidy(shares: Floats) -> Floats:
    """Return shares without dust, adding up to 1 with that of no contract."""
    own = np.where(shares[:, :-1] < DUST, 0.0, np.clip(shares[:, :-1], 0.0, 1.0))
    own = own / np.maximum(own.sum(axis=1, keepdims=True), 1.0)
    rest = 1.0 - own.sum(axis=1, keepdims=True)
    return np.hstack([own, np.where(rest < DUST, 0.0, rest)])


def _setups(tables: Tables, runs: pl.DataFrame, processes: Mapping[str, Floats], none: Floats) -> dict[str, Floats]:
    """Return the shares of groups of joint set-ups, weighted by the runs of their processes."""
    made = runs.group_by("process").agg(pl.col("quantity").sum().alias("runs"))
    members = tables["processes"].select("process", "setup_group").drop_nulls().join(made, on="process")
    parts: dict[str, list[tuple[Floats, float]]] = {}
    for process, group, number in members.sort("setup_group", "process").iter_rows():
        parts.setdefault(group, []).append((processes[process], number))
    return {group: _mean(weighed, none) for group, weighed in parts.items()}


def _resources(
    tables: Tables,
    frames: Frames,
    runs: pl.DataFrame,
    processes: Mapping[str, Floats],
    setups: Mapping[str, Floats],
    none: Floats,
) -> dict[str, Floats]:
    """Return the shares of resources, weighted by what runs and joint set-ups take; milestones serve no contract."""
    made = runs.group_by("process").agg(pl.col("quantity").sum().alias("runs"))
    loads = tables["loads"].join(made, on="process").select("process", "resource", pl.col("quantity") * pl.col("runs"))
    parts: dict[str, list[tuple[Floats, float]]] = {}
    for process, resource, load in loads.sort("resource", "process", maintain_order=True).iter_rows():
        parts.setdefault(resource, []).append((processes[process], load))
    if "setups" in frames:
        count = frames["setups"].group_by("setup_group").agg(made=pl.len())
        taken = tables["setup_loads"].join(count, on="setup_group").sort("resource", "setup_group")
        for group, resource, load, number in taken.select("setup_group", "resource", "quantity", "made").iter_rows():
            parts.setdefault(resource, []).append((setups.get(group, none), load * number))
    for resource, load in tables["milestone_loads"].select("resource", "quantity").iter_rows():
        parts.setdefault(resource, []).append((none, load))
    return {resource: _mean(weighed, none) for resource, weighed in parts.items()}


def _options(
    tables: Tables,
    nodes: Mapping[Node, Floats],
    processes: Mapping[str, Floats],
    resources: Mapping[str, Floats],
    none: Floats,
) -> dict[str, Floats]:
    """Return the shares of options: the mean of the resources, processes and supplies that they open."""
    parts: dict[str, list[tuple[Floats, float]]] = {}

    def opened(option: str | None, share: Floats) -> None:
        for one in listed(option):
            parts.setdefault(one, []).append((share, 1.0))

    for option, resource in tables["option_capacity"].select("option", "resource").iter_rows():
        opened(option, resources.get(resource, none))
    for option, process in tables["processes"].select("option", "process").iter_rows():
        opened(option, processes.get(process, none))
    for option, item, site in tables["supplies"].select("option", "item", "site").iter_rows():
        opened(option, nodes.get((item, site), none))
    return {option: _mean(weighed, none) for option, weighed in parts.items()}
