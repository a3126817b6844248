"""What the plan does otherwise than the baseline, and what the prices on changes make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ..calendar import Floats, Ints
from ..network import Network
from ..plan.assemble import Model
from ..tables import RESULT_TABLES, Tables
from ..tables.stability import KINDS
from .names import Names, declared, pick
from .served import TOLERANCE, Served

# A plan is known to 1e-6 of all that enters it; a change of a bucket's quantity by ten times that is one.
NEGLIGIBLE = 10 * TOLERANCE


@dataclass(frozen=True)
class _Compared:
    """One kind of activity before and after, (entity, bucket) each; `behind` and `cost` likewise."""

    before: Floats
    after: Floats
    behind: Floats
    cost: Floats

    def rows(self, covered: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[Ints, Ints]:
        """Return entity and bucket of what differs or costs something."""
        size = NEGLIGIBLE * np.maximum(1.0, np.maximum(self.before, self.after))
        entity, bucket = np.nonzero(((np.abs(self.after - self.before) > size) & covered) | (self.cost > 0))
        return entity.astype(np.int64), bucket.astype(np.int64)


def _done(model: Model, kind: str, x: Floats, shape: tuple[int, ...]) -> Floats:
    """Return (entity, bucket) the values of a kind of column."""
    result, columns = np.zeros(shape), model.columns[kind]
    result[columns.entity, columns.bucket] = model.values(kind, x)
    return result


def _compared(network: Network, model: Model, given: Served, x: Floats) -> dict[str, _Compared]:
    """Return all kinds, before and after."""
    stable, found = network.stability, {}
    for kind in ("run", "buy", "ship"):
        earlier = stable.of(kind)
        after = _done(model, kind, x, earlier.quantity.shape)
        cost = np.where(stable.priced(kind), earlier.price[:, None] * np.abs(after - earlier.quantity), 0.0)
        found[kind] = _Compared(earlier.quantity, after, np.zeros_like(after), cost)
    earlier = stable.deliver
    after = np.zeros(earlier.quantity.shape)
    np.add.at(after, (given.demand, given.bucket), given.quantity)
    behind = np.maximum(stable.promised - np.cumsum(after, axis=1), 0.0)
    behind[behind <= TOLERANCE * np.maximum(1.0, stable.promised)] = 0.0
    days = network.timeline.days
    cost = behind * earlier.price[:, None] * np.append(days[1:], days[-1])
    found["deliver"] = _Compared(earlier.quantity, after, behind, np.where(stable.owed()[:, None], cost, 0.0))
    return found


def change_costs(
    network: Network, model: Model, given: Served, names: Names, x: Floats
) -> list[tuple[str, pl.Series, Floats]]:
    """Return kind of cost, entities and amounts of all changes."""
    compared, lanes = _compared(network, model, given, x), network.lanes
    freight = np.zeros(len(lanes.cost))
    np.add.at(freight, lanes.arc_lane, compared["ship"].cost.sum(axis=1))
    return [
        ("changed_run", names.process, compared["run"].cost.sum(axis=1)),
        ("changed_order", names.supply, compared["buy"].cost.sum(axis=1)),
        ("changed_shipment", names.lane, freight),
        ("changed_delivery", names.demand, compared["deliver"].cost.sum(axis=1)),
    ]


def baseline_changes(
    tables: Tables, network: Network, model: Model, given: Served, names: Names, x: Floats
) -> pl.DataFrame:
    """Return the table `baseline_changes`: buckets that the baseline covers, where something differs or costs."""
    nodes, lanes = network.nodes, network.lanes
    covered = network.stability.covered
    if not covered.any():
        return RESULT_TABLES["baseline_changes"].empty()
    every = {
        "run": ("run", names.process, _made(network)),
        "buy": ("order", names.supply, nodes.item[network.supplies.node]),
        "ship": ("shipment", pick(names.lane, lanes.arc_lane), nodes.item[lanes.arc_from]),
        "deliver": ("delivery", names.demand, nodes.item[network.demands.node]),
    }
    parts = []
    for kind, compared in _compared(network, model, given, x).items():
        word, entities, item = every[kind]
        entity, bucket = compared.rows(covered)
        before, after = compared.before[entity, bucket], compared.after[entity, bucket]
        items = pick(names.item, item[entity])
        units = ["runs"] * len(entity) if kind == "run" else pick(tables["items"]["unit"], item[entity])
        parts.append(
            declared(
                "baseline_changes",
                kind=[word] * len(entity),
                entity=pick(entities, entity),
                item=items,
                bucket=bucket,
                start=pick(names.starts, bucket),
                before=before,
                after=after,
                change=after - before,
                behind=compared.behind[entity, bucket] if kind == "deliver" else np.full(len(entity), np.nan),
                cost=compared.cost[entity, bucket],
                unit=units,
            )
        )
    return pl.concat(parts)


def change_figures(tables: Tables, changes: pl.DataFrame) -> dict[str, Any] | None:
    """Return what `summary.json` says of the changes; None without a baseline.

    `changes` counts the rows of the table, `behind` the demands that are behind their promise in any bucket.
    """
    if tables["baseline"].is_empty():
        return None
    until = tables.programme.frozen_until
    behind = changes.filter(pl.col("behind") > 0)["entity"].n_unique()
    return {
        "changes": changes.height,
        "by_kind": {kind: changes.filter(kind=kind).height for kind in KINDS},
        "behind": behind,
        "cost": float(changes["cost"].sum()),
        "frozen_until": None if until is None else until.isoformat(),
    }


def _made(network: Network) -> Ints:
    """Return (process,) the item of its first output; -1 for none."""
    processes, nodes = network.processes, network.nodes
    result = np.full(len(processes.site), -1, dtype=np.int64)
    for flow in np.flatnonzero(processes.flow_quantity > 0)[::-1].tolist():
        result[processes.flow_process[flow]] = nodes.item[processes.flow_node[flow]]
    return result
