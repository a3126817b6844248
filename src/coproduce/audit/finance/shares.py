"""Which contracts everything serves, by following each unit downstream again and again until nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import Floats
from .case import MoneyCase, names

Share = Floats
_SETTLED, _ROUNDS = 1e-13, 200_000


@dataclass
class Graph:
    """Units from a place to a place; places are item-site pairs and ("process", id), the end is a contract's number."""

    size: int
    out: dict[Any, float] = field(default_factory=dict)
    arcs: dict[tuple[Any, Any], float] = field(default_factory=dict)
    goal: dict[Any, Floats] = field(default_factory=dict)

    def move(self, place: Any, to: Any, units: float) -> None:
        """Let units go from a place to another."""
        self.out[place] = self.out.get(place, 0.0) + units
        self.arcs[place, to] = self.arcs.get((place, to), 0.0) + units

    def end(self, place: Any, contract: int, units: float) -> None:
        """Let units end with a contract; -1 for none."""
        self.out[place] = self.out.get(place, 0.0) + units
        self.goal.setdefault(place, np.zeros(self.size))[contract] += units

    def settled(self) -> dict[Any, Share]:
        """Return the shares of every place."""
        places = sorted({*self.out, *(to for _, to in self.arcs)}, key=str)
        number = {place: at for at, place in enumerate(places)}
        out = np.array([self.out.get(place, 0.0) for place in places])
        idle = out <= 1e-9
        base = np.zeros((len(places), self.size))
        for place, units in self.goal.items():
            base[number[place]] = units
        base[~idle] /= out[~idle, None]
        base[idle] = 0.0
        base[idle, -1] = 1.0
        rows = np.array([number[one] for one, _ in self.arcs], dtype=np.int64)
        columns = np.array([number[to] for _, to in self.arcs], dtype=np.int64)
        weight = np.array(list(self.arcs.values())) / np.where(idle, np.inf, out)[rows] if len(rows) else np.zeros(0)
        share = base.copy()
        for _ in range(_ROUNDS):
            fresh = base.copy()
            np.add.at(fresh, rows, weight[:, None] * share[columns])
            change = np.abs(fresh - share).max(initial=0.0)
            share = fresh
            if change < _SETTLED:
                break
        return {place: _tidy(share[at]) for place, at in number.items()}


def _tidy(share: Share) -> Share:
    own = np.where(share[:-1] < 1e-9, 0.0, share[:-1])
    return np.append(own, max(1.0 - own.sum(), 0.0))


def contract_names(case: MoneyCase) -> list[str]:
    """Return the contracts declared and named by demands."""
    named = [*case.tables["contracts"]["contract"], *case.tables["demands"]["contract"].drop_nulls()]
    return list(dict.fromkeys(named))


def shares(case: MoneyCase) -> tuple[dict[Any, Share], dict[str, Share], dict[str, Share]]:
    """Return the shares of contracts by place (item, site), ("process", id), ("setup", id); by resource; by option."""
    contracts = contract_names(case)
    graph = Graph(len(contracts) + 1)
    demands = case.rows("demands")
    for row in case.plan["deliveries"].iter_rows(named=True):
        demand = demands[row["demand"]]
        at = contracts.index(demand["contract"]) if demand["contract"] is not None else -1
        graph.end((demand["item"], demand["site"]), at, row["quantity"])
    for row in case.plan["shipments"].iter_rows(named=True):
        graph.move((row["item"], row["from_site"]), (row["item"], row["to_site"]), row["quantity"])
    for row in case.plan["stand_ins"].iter_rows(named=True):
        graph.move((row["given"], row["site"]), (row["item"], row["site"]), row["quantity"])
    for row in case.plan["write_offs"].iter_rows(named=True):
        graph.end((row["item"], row["site"]), -1, row["quantity"])
    for row in case.plan["stock"].iter_rows(named=True):
        if row["bucket"] == case.plan["buckets"].height - 1:
            graph.end((row["item"], row["site"]), -1, max(row["closing"], 0.0))
    runs = _runs(case)
    _through_processes(case, graph, runs)
    found = graph.settled()
    _add_setups(case, runs, found, graph.size)
    resources = _resources(case, runs, found, graph.size)
    return found, resources, _options(case, found, resources, graph.size)


def none(size: int) -> Share:
    """Return the share of what serves no contract."""
    share = np.zeros(size)
    share[-1] = 1.0
    return share


def _runs(case: MoneyCase) -> list[tuple[str, Any, float]]:
    starts = dict(case.plan["buckets"].select("bucket", "start").iter_rows())
    planned = [
        (row["process"], starts[row["bucket"]], row["quantity"]) for row in case.plan["runs"].iter_rows(named=True)
    ]
    firm = [
        (row["process"], row["started"], row["quantity"])
        for row in case.tables["wip"].iter_rows(named=True)
        if row["started"] >= case.tables.programme.start
    ]
    return planned + firm


def _through_processes(case: MoneyCase, graph: Graph, runs: list[tuple[str, Any, float]]) -> None:
    """Add what runs take in, and let each process serve what it puts out."""
    items, processes = case.rows("items"), case.rows("processes")
    outputs: dict[str, list[Any]] = {}
    for flow in case.tables["flows"].iter_rows(named=True):
        site = processes[flow["process"]]["site"]
        if flow["quantity"] > 0:
            item = items[flow["item"]]
            worth = item["unit_value"] if item["unit_value"] is not None else item["component_cost"]
            outputs.setdefault(flow["process"], []).append(((flow["item"], site), flow["quantity"], worth))
            continue
        for process, start, number in runs:
            open_ = flow["start_from"] is None or start >= flow["start_from"]
            if process == flow["process"] and open_ and (flow["start_until"] is None or start < flow["start_until"]):
                to = ("process", process)
                graph.move((flow["item"], site), to, -flow["quantity"] * number)
    for process, parts in outputs.items():
        valued = all(worth for _, _, worth in parts)
        for place, quantity, worth in parts:
            graph.move(("process", process), place, quantity * worth if valued else quantity)


def _mean(parts: list[tuple[Share, float]], size: int) -> Share:
    total = sum(weight for _, weight in parts)
    return np.sum([share * weight for share, weight in parts], axis=0) / total if total > 0 else none(size)


def _add_setups(case: MoneyCase, runs: list[tuple[str, Any, float]], found: dict[Any, Share], size: int) -> None:
    """Let a joint set-up serve what the runs of its processes serve."""
    group = {row["process"]: row["setup_group"] for row in case.tables["processes"].iter_rows(named=True)}
    parts: dict[str, list[tuple[Share, float]]] = {}
    for process, _, number in runs:
        if group[process] is not None:
            parts.setdefault(group[process], []).append((found.get(("process", process), none(size)), number))
    found.update({("setup", name): _mean(weighed, size) for name, weighed in parts.items()})


def _resources(
    case: MoneyCase, runs: list[tuple[str, Any, float]], found: Mapping[Any, Share], size: int
) -> dict[str, Share]:
    made: dict[str, float] = {}
    for process, _, number in runs:
        made[process] = made.get(process, 0.0) + number
    parts: dict[str, list[tuple[Share, float]]] = {}
    for load in case.tables["loads"].iter_rows(named=True):
        share = found.get(("process", load["process"]), none(size))
        parts.setdefault(load["resource"], []).append((share, load["quantity"] * made.get(load["process"], 0.0)))
    made_up = case.plan["setups"]["setup_group"].to_list()
    for load in case.tables["setup_loads"].iter_rows(named=True):
        share = found.get(("setup", load["setup_group"]), none(size))
        number = made_up.count(load["setup_group"])
        parts.setdefault(load["resource"], []).append((share, load["quantity"] * number))
    for load in case.tables["milestone_loads"].iter_rows(named=True):
        parts.setdefault(load["resource"], []).append((none(size), load["quantity"]))
    return {resource: _mean(weighed, size) for resource, weighed in parts.items()}


def _options(
    case: MoneyCase, found: Mapping[Any, Share], resources: Mapping[str, Share], size: int
) -> dict[str, Share]:
    parts: dict[str, list[tuple[Share, float]]] = {}
    opened = [
        (row["option"], resources.get(row["resource"])) for row in case.tables["option_capacity"].iter_rows(named=True)
    ]
    opened += [
        (row["option"], found.get(("process", row["process"])))
        for row in case.tables["processes"].iter_rows(named=True)
    ]
    opened += [
        (row["option"], found.get((row["item"], row["site"]))) for row in case.tables["supplies"].iter_rows(named=True)
    ]
    for option, share in opened:
        for one in names(option):
            parts.setdefault(one, []).append((none(size) if share is None else share, 1.0))
    return {option: _mean(weighed, size) for option, weighed in parts.items()}
