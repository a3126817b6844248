"""Demands that nothing can meet, and what is missing at the root of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from ..errors import Problem
from .material import Bools, Material
from .view import View

_NAMED = 3
"""Missing things that one message names."""

_TRACED = 200
"""Problems whose roots are looked for."""

_FOLLOWED = 5000
"""Steps that one search for roots may take."""

Node = tuple[int, int]
"""Site and item."""


def unobtainable_demands(view: View, material: Material, there: Bools) -> Iterator[Problem]:
    """Report each item and site that is asked for and that no stock, supply, process or lane can bring about."""
    asked = view["demands"].filter(pl.col("quantity") > 0).select("row", "item", "site")
    item, site = material.index.of("items", asked["item"]), material.index.of("sites", asked["site"])
    lacking = asked.with_columns(item_at=item, site_at=site).filter(~there[site, item])
    groups = lacking.group_by("item_at", "site_at", maintain_order=True).agg(
        pl.first("row", "item", "site"), count=pl.len()
    )
    tracer = Tracer(material, there) if groups.height else None
    for number, (item_at, site_at, row, name, place, count) in enumerate(groups.iter_rows()):
        roots = tracer.roots((site_at, item_at)) if tracer and number < _TRACED else ["see the first of these problems"]
        times = "1 demand asks" if count == 1 else f"{count} demands ask"
        message = f'{times} for "{name}" at {place}, where it can never be: {"; ".join(roots)}'
        yield view.problem("E412", "demands", row, "item", message, seen=f"{name}/{place}")


def unobtainable_inputs(view: View, material: Material, there: Bools) -> Iterator[Problem]:
    """Report inputs that nothing ever brings to their process; of a chain of them only the first."""
    inputs = view["flows"].filter(pl.col("quantity") < 0).select("row", "process", "item")
    process = material.index.of("processes", inputs["process"])
    site, item = material.process_site[process], material.index.of("items", inputs["item"])
    tracer: Tracer | None = None
    for number in np.flatnonzero(~there[site, item])[:_TRACED].tolist():
        tracer = tracer or Tracer(material, there)
        lack = tracer.lack((int(site[number]), int(item[number])))
        if lack:
            row, name, taken = inputs.row(number)
            message = f'process "{name}" takes "{taken}", but {lack}'
            yield view.problem("W522", "flows", row, "item", message, seen=taken)


@dataclass
class Tracer:
    """Follows what is lacking from a demand to the first thing that nothing brings about."""

    material: Material
    there: Bools
    _makers: dict[int, list[int]] = field(default_factory=dict)
    _inputs: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index processes by what they make and need."""
        for process, item in zip(self.material.out_process.tolist(), self.material.out_item.tolist(), strict=True):
            self._makers.setdefault(item, []).append(process)
        for process, item in zip(self.material.in_process.tolist(), self.material.in_item.tolist(), strict=True):
            self._inputs.setdefault(process, []).append(item)

    def roots(self, node: Node) -> list[str]:
        """Return what is missing, in sentences; at least one."""
        found: dict[str, None] = {}
        seen, open_nodes = {node}, [node]
        while open_nodes and len(found) < _NAMED and len(seen) < _FOLLOWED:
            current = open_nodes.pop()
            sentence = self.lack(current)
            if sentence:
                found[sentence if current == node else f"this needs {self._name(current)}, but {sentence}"] = None
                continue
            lacking = [n for n in self._lacking_inputs(current) if n not in seen]
            seen.update(lacking)
            open_nodes.extend(reversed(lacking))
        if not found and open_nodes:
            return [f"{self._name(node)} lacks something more than {_FOLLOWED} steps away"]
        return list(found) or [f"{self._name(node)} depends on things that are themselves made from it"]

    def _name(self, node: Node) -> str:
        return f"{self.material.items[node[1]]} at {self.material.sites[node[0]]}"

    def lack(self, node: Node) -> str:
        """Return why a node is a root; empty if a process that makes the item lacks something itself."""
        site, item = node
        name = self.material.items[item]
        if not self.material.has_source[item]:
            return f"no stock, receipt, supply or process has {name} anywhere"
        elsewhere = np.flatnonzero(self.there[:, item])
        if elsewhere.size and not self._makers_at(node):
            where = ", ".join(self.material.sites[s] for s in elsewhere[:_NAMED])
            where += f" and {elsewhere.size - _NAMED} more sites" if elsewhere.size > _NAMED else ""
            return f"{name} can be had only at {where}, and nothing brings it to {self.material.sites[site]}"
        return ""

    def _makers_at(self, node: Node) -> list[int]:
        site, item = node
        return [p for p in self._makers.get(item, ()) if self.material.process_site[p] == site]

    def _lacking_inputs(self, node: Node) -> list[Node]:
        """Return the missing inputs of the processes at the site, or else of all that make the item."""
        makers = self._makers_at(node) or self._makers.get(node[1], [])
        needed = [(int(self.material.process_site[p]), item) for p in makers for item in self._inputs.get(p, ())]
        return [need for need in dict.fromkeys(needed) if not self.there[need]]
