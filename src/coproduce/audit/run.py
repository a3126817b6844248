"""The audit as one call: form first, then the replay, then every check in turn."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..tables import Tables
from .case import Case
from .checks import (
    agreements,
    bottlenecks,
    cash,
    costs,
    demands,
    earmarks,
    form,
    growth,
    learning,
    limits,
    lots,
    reasons,
    references,
    resources,
    setups,
    stability,
    stages,
    stock,
    versions,
)
from .report import AuditReport

_SUBJECTS = (
    form,
    references,
    limits,
    lots,
    setups,
    resources,
    growth,
    learning,
    stock,
    versions,
    demands,
    costs,
    stages,
    bottlenecks,
    reasons,
    agreements,
    earmarks,
    cash,
    stability,
)


def audit(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> AuditReport:
    """Replay a finished plan in plain arithmetic from the input tables alone, and check every figure of it.

    Nothing here is shared with the planner: buckets, calendars, lead times and costs are computed anew from
    the text of `docs/model.md`. A figure passes if it is off by no more than 1e-6 of the largest quantity that
    enters it (at least of one unit), at its price where it is money, or by 1e-6 where all are below 1.

    Parameters
    ----------
    tables : the checked input
    frames : the result tables declared in `coproduce.tables.RESULT_TABLES`, by name; one that is missing
        counts as empty

    Returns
    -------
    AuditReport
        All checks. Where a table lacks the declared columns, types or required cells, the report holds the
        first check alone, failed.
    """
    formed, form_check = form.declared(frames)
    if not form_check.passed:
        return AuditReport((form_check,))
    case = Case.of(tables, formed)
    return AuditReport((form_check, *(check for subject in _SUBJECTS for check in subject.checks(case))))
