"""All result tables of a solved plan."""

from __future__ import annotations

import polars as pl

from ..network import Network
from ..plan.assemble import Model
from ..plan.grown import grown
from ..solution import Solution
from ..tables import RESULT_TABLES, Tables
from . import activity, growth, service, stages
from .claims import claims
from .commitments import promises_against_plan
from .costs import costs
from .levels import output_levels
from .movements import movements
from .names import Names
from .register import register
from .served import served


def result_tables(tables: Tables, network: Network, model: Model, solution: Solution) -> dict[str, pl.DataFrame]:
    """Return one frame for each table declared in `tables.results`; `reasons` is left empty, see `results.reasons`."""
    names, x = Names.of(tables, network), solution.x
    moved = movements(network, model, x)
    given = served(network, model, x)
    plan = grown(network, model, x)
    frames = {
        "buckets": activity.buckets(network, names),
        "tiers": stages.tiers(tables, network, solution),
        "demand_service": service.demand_service(tables, network, model.reach, names, given),
        "deliveries": service.deliveries(names, given),
        "runs": activity.runs(network, model, names, x),
        "shipments": activity.shipments(network, model, names, x),
        "purchases": activity.purchases(network, model, names, x),
        "stock": activity.stock(network, moved, names),
        "resource_load": activity.resource_load(network, moved, names, plan),
        "milestone_plan": growth.milestone_plan(tables, network, plan),
        "investments": growth.investments(tables, network, model, plan),
        "people": growth.people(tables, network, moved, plan),
        "output_levels": output_levels(network, model, names, plan, x),
        "costs": costs(network, model, moved, given, names, plan, x),
        "bottlenecks": stages.bottlenecks(tables, network, names, solution),
        "reasons": RESULT_TABLES["reasons"].empty(),
        "register": register(tables),
        "claims": claims(tables),
    }
    return frames | {"promises": promises_against_plan(tables, frames)}
