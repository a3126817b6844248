"""Tables of what was proven: the stages of the optimisation and the limits that bind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from ..block import COST, MONEY, TIDY
from ..network import Network
from ..plan.grown import Grown, rate_in_plan
from ..solution import Marginal, Solution
from ..tables import Programme, Tables
from .names import Names, declared


def stage_label(network: Network, stage: str) -> str:
    """Return the name of a stage as users see it: tier_1 for priority 1."""
    if stage.startswith("tier:"):
        return f"tier_{network.priorities[int(stage.removeprefix('tier:'))]}"
    return stage


def stage_unit(programme: Programme, stage: str) -> str:
    """Return the unit of a stage's value."""
    units = {COST: programme.currency, MONEY: programme.currency, TIDY: "unit-days and units"}
    return units.get(stage, "weighted late unit-days")


def tiers(tables: Tables, network: Network, solution: Solution) -> pl.DataFrame:
    """Return the table `tiers`."""
    stages = solution.stages
    return declared(
        "tiers",
        stage=[stage_label(network, stage.name) for stage in stages],
        unit=[stage_unit(tables.programme, stage.name) for stage in stages],
        value=np.array([stage.value for stage in stages]),
        bound=np.array([stage.bound for stage in stages]),
        gap=np.array([stage.gap for stage in stages]),
        seconds=np.array([stage.seconds for stage in stages]),
        status=[stage.status for stage in stages],
    )


def _entity(tables: Tables, network: Network, names: Names) -> dict[str, Callable[[Marginal], tuple[str, str]]]:
    """Return, by kind of limit, how to name the entity and the site of a marginal value."""
    nodes = network.nodes

    def stock(one: Marginal) -> tuple[str, str]:
        item, site = names.item[int(nodes.item[one.entity])], names.site[int(nodes.site[one.entity])]
        return f"{item}/{site}", site

    def row(table: str, site: str) -> Callable[[Marginal], tuple[str, str]]:
        frame = tables[table]
        return lambda one: (frame.item(one.entity, 0), frame[site][one.entity])

    return {
        "resource": row("resources", "site"),
        "supply": row("supplies", "site"),
        "supply_total": row("supplies", "site"),
        "lane": row("lanes", "from_site"),
        "rate": row("processes", "site"),
        "stock_maximum": stock,
    }


def _limit_unit(tables: Tables, network: Network, one: Marginal) -> str:
    """Return the unit in which a limit is counted."""
    if one.kind == "resource":
        return str(tables["resources"]["unit"][one.entity])
    if one.kind in ("lane", "rate"):
        return {"lane": "lane unit", "rate": "run"}[one.kind]
    node = one.entity if one.kind == "stock_maximum" else int(network.supplies.node[one.entity])
    return str(tables["items"]["unit"][int(network.nodes.item[node])])


def _limit(network: Network, plan: Grown, one: Marginal) -> float:
    """Return the limit as the user knows it: the capacity in force of a resource, not what firm runs leave of it."""
    if one.kind == "resource":
        return float(plan.capacity[one.entity, one.bucket])
    return float(rate_in_plan(network, plan)[one.entity, one.bucket]) if one.kind == "rate" else one.limit


def bottlenecks(tables: Tables, network: Network, names: Names, solution: Solution, plan: Grown) -> pl.DataFrame:
    """Return the table `bottlenecks`, by stage and falling worth."""
    named = _entity(tables, network, names)
    rows = []
    for one in solution.marginals:
        entity, site = named[one.kind](one)
        origin = tables.origin(one.table, one.row, one.column)
        unit = stage_unit(tables.programme, one.stage)
        rows.append(
            {
                "kind": one.kind,
                "entity": entity,
                "site": site,
                "bucket": one.bucket,
                "stage": stage_label(network, one.stage),
                "unit": f"{unit} per {_limit_unit(tables, network, one)}",
                "limit": _limit(network, plan, one),
                "one_more": one.one_more,
                "one_less": one.one_less,
                "buckets_binding": len(one.binding),
                "first_binding": names.starts[max(one.binding[0], 0)],
                "last_binding": names.ends[one.binding[-1]],
                "file": origin.file,
                "cell": str(origin).removeprefix(f"{origin.file} › "),
            }
        )
    return declared("bottlenecks", **{name: [row[name] for row in rows] for name in _COLUMNS})


_COLUMNS = (
    "kind", "entity", "site", "bucket", "stage", "unit", "limit", "one_more", "one_less", "buckets_binding",
    "first_binding", "last_binding", "file", "cell",
)  # fmt: skip
