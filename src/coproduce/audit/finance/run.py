"""The audit of money as one call."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ...tables import FINANCE_TABLES, Tables
from ..judge import Rule
from ..report import AuditReport
from . import books, contracts, costs, funds, kept, loans
from .case import MoneyCase

_SUBJECTS = (books, costs, funds, loans, contracts, kept)
_FORM = Rule("A721", "The tables of money have the declared columns", "tables")


def audit_finance(tables: Tables, plan: Mapping[str, pl.DataFrame], money: Mapping[str, pl.DataFrame]) -> AuditReport:
    """Check the tables of money of a plan in plain arithmetic; nothing is shared with what made them.

    Amounts are compared in whole cents, without tolerance, but for the split of a cost among contracts: that rests on
    a linear system, which is solved here by iteration, and may differ by a cent for each posting of the row.

    Parameters
    ----------
    tables : the checked input
    plan : the result tables of the audited plan
    money : the tables declared in `coproduce.tables.FINANCE_TABLES`

    Returns
    -------
    AuditReport
        All checks, A721 to A738 and A751 to A753; where a table lacks declared columns or types, the first one alone,
        failed.
    """
    wrong = [
        name for name, spec in FINANCE_TABLES.items() if name not in money or money[name].schema != spec.empty().schema
    ]
    form = _FORM.none(pl.Series(wrong or [""]).to_numpy() != "", lambda at: wrong[at])
    if wrong:
        return AuditReport((form,))
    case = MoneyCase.of(tables, plan, money)
    return AuditReport((form, *(check for subject in _SUBJECTS for check in subject.checks(case))))
