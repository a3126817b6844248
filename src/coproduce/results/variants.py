"""Plans of variants of a programme: made anew and audited like any plan, or kept with an option bought beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from ..analyses.forced import FORCED, forced
from ..analyses.planned import kept
from ..audit import audit
from ..block import COST, MONEY
from ..compile import compile_network
from ..errors import AuditError, NoPlanError, UnboundedError
from ..plan.assemble import assemble
from ..plan.grown import grown
from ..plan.solve import Infeasible, Options, solve
from ..tables import Tables
from . import growth
from .tables import result_tables


def planned_variant(tables: Tables, options: Options, option: str = "") -> dict[str, pl.DataFrame] | None:
    """Return the result tables of a plan, without reasons; None where there is none.

    Parameters
    ----------
    option : an option that must be bought, as early as it may be; empty: none

    Raises
    ------
    AuditError
        if the plan fails its audit: a defect of ours.
    """
    network = compile_network(tables)
    model = assemble(network)
    asked = forced(model, tables["options"]["option"].to_list().index(option)) if option else model
    if asked is None:
        return None
    try:
        solution = solve(asked, replace(options, bottlenecks=0))
    except (Infeasible, NoPlanError, UnboundedError):
        return None
    stages = tuple(stage for stage in solution.stages if stage.name != FORCED)
    frames = result_tables(tables, network, model, replace(solution, stages=stages))
    report = audit(tables, frames)
    if not report.passed:
        raise AuditError(report.failed)
    return frames


def kept_variant(
    tables: Tables, options: Options, frames: Mapping[str, pl.DataFrame], option: str
) -> dict[str, pl.DataFrame] | None:
    """Return the result tables of a plan that stays as it is while an option is bought beside it, and what it needs.

    The option is bought as early as it may be; its capacity, and what it opens by itself, then stand beside the plan.

    Parameters
    ----------
    frames : result tables of the plan by name

    Returns
    -------
    frames
        those of the plan with other tables `investments` and `milestone_plan`; None where it cannot be bought unless
        the plan changes.
    """
    network = compile_network(tables)
    model = assemble(network)
    asked = forced(model, tables["options"]["option"].to_list().index(option))
    if asked is None:
        return None
    prices = tuple(stage for stage in model.stages if stage in (COST, MONEY))
    for held in kept(tables, replace(asked, stages=(FORCED, *prices)), frames):
        try:
            x = solve(held, replace(options, bottlenecks=0)).x
        except (Infeasible, NoPlanError, UnboundedError):
            continue
        plan = grown(network, model, x)
        return {
            **frames,
            "investments": growth.investments(tables, network, model, plan),
            "milestone_plan": growth.milestone_plan(tables, network, plan),
        }
    return None
