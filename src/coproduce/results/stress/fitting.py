"""Whether a plan is one of a programme: made from the same input, risks apart, and passed by the audit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from ...audit import audit
from ...eligibility.imposed import required_again
from ...errors import AuditError, CoproduceError, ExitCode
from ...tables import INPUT_TABLES, Tables
from ..identity import input_hash
from ..load import load_result
from ..result import PlanResult

NOT_PLANNED = frozenset(
    {
        *("risks", "scenarios", "sources", "evidence", "commitments", "funds", "fund_budgets", "contracts"),
        *("subcontracts", "site_exceptions", "ownership", "payment_terms", "price_indices"),
    }
)
"""Tables that no plan depends on, unless a contract waits for its money or has a limit on origin."""
_OF_MONEY = frozenset({"contracts", "funds", "fund_budgets", "payment_terms", "price_indices"})


class OtherInputError(CoproduceError):
    """The plan was made from another input than the programme that is to be tested."""

    exit_code = ExitCode.INPUT


def load_fitting(folder: Path, tables: Tables) -> PlanResult:
    """Read a plan of a programme, with the tables of the programme as they are now.

    Raises
    ------
    ResultError
        if there is no plan that can be read.
    OtherInputError
        if it was made from another input; risks may differ, for they take no part in a plan.
    AuditError
        if it does not pass the audit, which is repeated here.
    """
    found = load_result(folder)
    tables = required_again(tables, found.summary.get("required"))
    other = differing(tables, found.tables, apart=NOT_PLANNED)
    if other:
        raise OtherInputError(
            f"the plan in {folder} was made from another input: the tables {', '.join(other)} differ; plan again, or "
            "give the input and the scenario that it was made from"
        )
    report = audit(tables, found.frames)
    if not report.passed:
        raise AuditError(report.failed)
    return PlanResult(tables, found.frames, found.summary, found.problems)


def differing(one: Tables, other: Tables, *, apart: Collection[str] = NOT_PLANNED) -> list[str]:
    """Return the tables in which two inputs differ, apart from some."""
    # A limit on origin may be about a contract, and then holds for what it orders.
    limited: frozenset[str] = frozenset({"contracts"} if one["origin_limits"].height else set())
    if any((tables["contracts"]["plan_keeps"] != "nothing").any() for tables in (one, other)):
        limited = limited | _OF_MONEY
    names = (name for name in INPUT_TABLES if name in limited or name not in apart)
    return [name for name in names if _alone(one, name) != _alone(other, name)]


def _alone(tables: Tables, name: str) -> str:
    frames: Mapping[str, pl.DataFrame] = {name: tables[name]}
    return input_hash(Tables(frames))
