"""All result tables of a solved plan."""

from __future__ import annotations

import polars as pl

from ..network import Network
from ..plan.assemble import Model
from ..plan.grown import grown
from ..solution import Solution
from ..tables import RESULT_TABLES, Tables
from . import activity, growth, service, stages
from .agreements import agreements, exposure
from .cash import planned_draws
from .claims import claims
from .commitments import promises_against_plan
from .costs import costs
from .earmarks import earmarks
from .learning import learned_loads, learning_curve
from .levels import output_levels
from .movements import movements
from .names import Names
from .register import register
from .served import served
from .setups import setups
from .stability import baseline_changes
from .versions import given_instead, newer_delivered, stand_ins, version_tables, write_offs


def result_tables(tables: Tables, network: Network, model: Model, solution: Solution) -> dict[str, pl.DataFrame]:
    """Return one frame for each table declared in `tables.results`; `reasons` and `agreement_costs` are left empty."""
    names, x = Names.of(tables, network), solution.x
    moved = movements(network, model, x)
    given = served(network, model, x)
    plan = grown(network, model, x)
    instead = given_instead(network, model, x, given)
    frames = {
        "buckets": activity.buckets(network, names),
        "tiers": stages.tiers(tables, network, solution),
        "demand_service": service.demand_service(tables, network, model.reach, names, given),
        "deliveries": service.deliveries(names, given, newer_delivered(instead, given)),
        "runs": activity.runs(network, model, names, x),
        "setups": setups(network, model, names, x),
        "shipments": activity.shipments(network, model, names, x),
        "purchases": activity.purchases(network, model, names, x),
        "stock": activity.stock(network, moved, names),
        "resource_load": activity.resource_load(network, moved, names, plan),
        "milestone_plan": growth.milestone_plan(tables, network, plan),
        "investments": growth.investments(tables, network, model, plan),
        "people": growth.people(tables, network, moved, plan),
        "output_levels": output_levels(network, model, names, plan, x),
        "stand_ins": stand_ins(network, names, instead),
        "write_offs": write_offs(network, moved, names),
        **version_tables(tables, network, moved, instead, names),
        "learning_curve": learning_curve(tables, network),
        "learned_loads": learned_loads(tables, network, model, x),
        "costs": costs(network, model, moved, given, names, plan, x),
        "bottlenecks": stages.bottlenecks(tables, network, names, solution, plan),
        "reasons": RESULT_TABLES["reasons"].empty(),
        "agreements": agreements(tables, network, model, names, given, x),
        "agreement_costs": RESULT_TABLES["agreement_costs"].empty(),
        "earmarks": earmarks(tables, network, model, names, x),
        "planned_draws": planned_draws(tables, network, model, x),
        "baseline_changes": baseline_changes(tables, network, model, given, names, x),
        "register": register(tables),
        "claims": claims(tables),
    }
    frames["exposure"] = exposure(tables, frames["shipments"])
    return frames | {"promises": promises_against_plan(tables, frames)}
