"""Which contract may be paid from which fund, and whether there is cash in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from ..audit.finance import audit_finance
from ..eligibility.evaluate import Configurations, Eligibility, evaluate
from ..eligibility.imposed import required_again
from ..eligibility.origins import configurations
from ..errors import AuditError
from ..finance import finance as money_of
from ..results.funding import FundingResult, funding
from ..results.result import PlanResult
from ..results.stress.fitting import NOT_PLANNED, OtherInputError, differing
from ..tables import Tables


def eligibility(
    tables: Tables,
    *,
    as_of: date | None = None,
    instruments: Collection[str] | None = None,
    origins: Mapping[str, Configurations] | None = None,
    processes: Mapping[str, frozenset[str]] | None = None,
) -> Eligibility:
    """Evaluate the contracts of a checked programme under the rules of the instruments; no legal advice.

    Parameters
    ----------
    tables : a checked programme
    as_of : day on which the rules are applied; None: the start of the programme
    instruments : those whose rules are applied to every contract; None: to each those of its funds
    origins : by contract, the component cost of its product configurations by country; None: as the bills of materials
        give it (`eligibility.origins.configurations`)
    processes : by contract, the processes that a plan uses for it; left out: all ways are open

    Returns
    -------
    All findings; `eligibility.frames.eligibility_tables` makes tables of them.
    """
    day = tables.programme.start.date() if as_of is None else as_of
    known = configurations(tables) if origins is None else origins
    return evaluate(tables, as_of=day, instruments=instruments, origins=known, processes=processes)


def finance(result: PlanResult) -> dict[str, pl.DataFrame]:
    """Return the money of an audited plan, itself audited: who pays whom, what funds pay, and where cash is late.

    The rules are those of `docs/money.md`.

    Parameters
    ----------
    result : an audited plan of a programme with contracts and funds; without them, its costs are posted to no contract

    Returns
    -------
    The tables declared in `coproduce.tables.FINANCE_TABLES`, by name: `ledger`, `cash`, `fund_draws`, `fund_use`,
    `repayments`, `cash_gaps`, `contributions`; amounts are in the programme's currency, in whole cents.

    Raises
    ------
    AuditError
        if the tables fail their audit: a defect of ours.
    """
    money = money_of(result.tables, result.frames)
    report = audit_finance(result.tables, result.frames, money)
    if not report.passed:
        raise AuditError(report.failed)
    return money


def fund(tables: Tables, plan: PlanResult | None = None, *, as_of: date | None = None) -> FundingResult:
    """Say which contract may be paid from which fund, and with a plan whether there is cash in time; no legal advice.

    Parameters
    ----------
    tables : a checked programme
    plan : an audited plan of it; None: products are judged by configuration, and there is no cash
    as_of : day on which the rules are applied; None: the start of the programme

    Raises
    ------
    OtherInputError
        if the plan was made of other input.
    AuditError
        if the money fails its audit: a defect of ours.
    """
    day = tables.programme.start.date() if as_of is None else as_of
    if plan is not None:
        tables = required_again(tables, plan.summary.get("required"))
        other = differing(tables, plan.tables, apart=NOT_PLANNED)
        if other:
            raise OtherInputError(f"the plan was made from another input ({', '.join(other)} differ); plan again")
        plan = replace(plan, tables=tables)
    return funding(tables, plan, {} if plan is None else finance(plan), day)
