"""Plans of variants of a programme, audited like any plan."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ..analyses.forced import FORCED, forced
from ..audit import audit
from ..compile import compile_network
from ..errors import AuditError, NoPlanError, UnboundedError
from ..plan.assemble import assemble
from ..plan.solve import Infeasible, Options, solve
from ..tables import Tables
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
