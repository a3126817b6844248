"""The table of what a plan sets aside for contracts whose limit on origin is on their own deliveries."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..calendar import Floats, Ints
from ..network import Bools, Network
from ..plan.assemble import Model
from ..plan.legs import ran_legs, sent_legs
from ..tables import RESULT_TABLES, Tables
from .names import Names, pick

DUST = 1e-9
_GIVEN = (("opening", "", ""), ("receipt", "receipts", "receipt"), ("firm_run", "wip", "wip"))


def earmarks(tables: Tables, network: Network, model: Model, names: Names, x: Floats) -> pl.DataFrame:
    """Return the table `earmarks`, by contract, kind, name, item, site and bucket."""
    empty = RESULT_TABLES["earmarks"].empty()
    if not len(network.earmarks.contract):
        return empty
    parts = list(_Set(tables, network, model, names, x).parts())
    frame = pl.concat([empty, *(part.select(empty.columns).cast(empty.schema) for part in parts)])
    keys = ["contract", "kind", "name", "item", "site", "start", "bucket"]
    return frame.group_by(keys, maintain_order=True).agg(pl.col("quantity").sum()).sort(keys).select(empty.columns)


def counted_cost(network: Network, model: Model, x: Floats) -> Floats:
    """Return (limit,) the component cost of all that is set aside for the contract of each limit on origin."""
    marks, legs = network.earmarks, ran_legs(network, _open(network, model, "run", len(network.processes.site)))
    recipe = legs.entity
    free = np.where(marks.from_nothing[marks.recipe_process[recipe]], 1.0, 0.0)
    every = np.ones((len(marks.limit), 1), dtype=bool)
    parts = (
        ("buy", network.nodes.item[network.supplies.node], np.ones(len(network.supplies.node)), every),
        ("run", marks.recipe_item[recipe], free, every),
        ("given", network.nodes.item[marks.given_node], np.ones(len(marks.given_node)), marks.given_counts),
    )
    result = np.zeros(len(marks.limit))
    for kind, item, units, counts in parts:
        columns, values = model.columns[f"earmarked_{kind}"], model.values(f"earmarked_{kind}", x)
        contract, entity = np.divmod(columns.entity, max(len(item), 1))
        cost = values * marks.cost[item[entity]] * units[entity]
        own = np.broadcast_to(counts, (len(marks.limit), len(item)))[:, entity] & (marks.of[:, None] == contract)
        result += np.where(own, cost, 0.0).sum(axis=1)
    return result


def _open(network: Network, model: Model, kind: str, entities: int) -> Bools:
    """Return (entity, bucket) where the plan has a column."""
    return model.columns[kind].position((entities, network.timeline.count)) >= 0


class _Set:
    """What is set aside, kind by kind."""

    def __init__(self, tables: Tables, network: Network, model: Model, names: Names, x: Floats) -> None:
        self.tables, self.network, self.model, self.names, self.x = tables, network, model, names, x

    def _active(self, kind: str, size: int) -> tuple[pl.Series, Ints, Ints, Floats]:
        """Return contract, entity, bucket and quantity of the columns of a kind that are not zero."""
        columns, values = self.model.columns[f"earmarked_{kind}"], self.model.values(f"earmarked_{kind}", self.x)
        used = np.flatnonzero(values > DUST)
        contract, entity = np.divmod(columns.entity[used], max(size, 1))
        row = self.network.earmarks.contract[contract]
        return pick(self.tables["contracts"]["contract"], row), entity, columns.bucket[used], values[used]

    def _frame(
        self,
        kind: str,
        found: tuple[pl.Series, Ints, Ints, Floats],
        name: pl.Series,
        node: Ints,
        start: Ints | None = None,
    ) -> pl.DataFrame:
        contract, _, bucket, quantity = found
        begun = pl.Series([None] * len(contract), dtype=pl.Int64) if start is None else pl.Series(start)
        return pl.DataFrame({
            "contract": contract,
            "kind": pl.Series([kind] * len(contract), dtype=pl.String),
            "name": name,
            "item": pick(self.names.item, self.network.nodes.item[node]),
            "site": pick(self.names.site, self.network.nodes.site[node]),
            "start": begun,
            "bucket": bucket,
            "quantity": quantity,
        })  # fmt: skip

    def parts(self) -> Iterator[pl.DataFrame]:
        """Yield the rows of every kind."""
        network, names = self.network, self.names
        lanes, versions = network.lanes, network.versions
        found = self._active("buy", len(network.supplies.node))
        yield self._frame("purchase", found, pick(names.supply, found[1]), network.supplies.node[found[1]])
        legs = sent_legs(network, _open(network, self.model, "ship", len(lanes.arc_lane)))
        found = self._active("ship", len(legs.entity))
        arc = legs.entity[found[1]]
        yield self._frame(
            "shipment", found, pick(names.lane, lanes.arc_lane[arc]), lanes.arc_from[arc], legs.start[found[1]]
        )
        yield self._runs()
        found = self._active("stand_in", len(versions.new))
        newer = pick(names.item, network.nodes.item[versions.new[found[1]]])
        yield self._frame("stand_in", found, newer, versions.old[found[1]])
        yield from self._given()

    def _runs(self) -> pl.DataFrame:
        marks, network = self.network.earmarks, self.network
        legs = ran_legs(network, _open(network, self.model, "run", len(network.processes.site)))
        found = self._active("run", len(legs.entity))
        recipe = legs.entity[found[1]]
        process = marks.recipe_process[recipe]
        frame = self._frame(
            "run", found, pick(self.names.process, process), np.zeros_like(recipe), legs.start[found[1]]
        )
        item, site = marks.recipe_item[recipe], network.processes.site[process]
        return frame.with_columns(item=pick(self.names.item, item), site=pick(self.names.site, site))

    def _given(self) -> Iterator[pl.DataFrame]:
        marks = self.network.earmarks
        found = self._active("given", len(marks.given_node))
        contract, given, bucket, quantity = found
        for table, (kind, source, key) in enumerate(_GIVEN):
            mine = np.flatnonzero(marks.given_table[given] == table)
            row = marks.given_row[given[mine]]
            name = pick(self.tables[source][key], row) if source else pl.Series([None] * len(mine), dtype=pl.String)
            some = (contract.gather(mine), given[mine], bucket[mine], quantity[mine])
            yield self._frame(kind, some, name, marks.given_node[given[mine]])
