"""Which contract may be paid from which fund, and is there cash in time: all answers about money for one plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from ..eligibility.catalogue import instruments
from ..eligibility.components import PLAN
from ..eligibility.evaluate import Eligibility, evaluate
from ..eligibility.frames import eligibility_tables
from ..eligibility.origin import Origin
from ..eligibility.origins import configurations, planned_origins
from ..eligibility.used import processes_used
from ..tables import Tables
from ..tables.funding_results import VERDICTS
from .identity import input_hash
from .result import PlanResult


@dataclass(frozen=True)
class FundingResult:
    """What is found about contracts and funds.

    Attributes
    ----------
    tables : the programme
    frames : the tables of `tables.FUNDING_TABLES`, and with a plan those of `tables.FINANCE_TABLES`, by name
    summary : the content of `funding.json`
    """

    tables: Tables
    frames: Mapping[str, pl.DataFrame]
    summary: Mapping[str, Any]

    @property
    def ceilings(self) -> frozenset[str]:
        """Rules that a plan can be held to."""
        return frozenset(rule.rule for one in instruments().values() for rule in one.rules if rule.ceiling is not None)

    def not_met(self, instrument: str) -> list[tuple[str, str]]:
        """Return contracts that seek an instrument and do not meet all its rules, each with its verdict."""
        sought = self.frames["eligibility_summary"].filter(pl.col("instrument") == instrument)
        return sought.filter(pl.col("verdict") != "met").select("contract", "verdict").rows()


def judge(tables: Tables, plan: PlanResult | None, as_of: date) -> Eligibility:
    """Evaluate the contracts: as the plan makes up what it delivers, or else every configuration of their products."""
    origins: Mapping[str, Mapping[str, Origin]] = configurations(tables)
    if plan is not None:
        origins = {contract: {PLAN: origin} for contract, origin in planned_origins(tables, plan.frames).items()}
    processes = None if plan is None else processes_used(tables, plan.frames)
    return evaluate(tables, as_of=as_of, origins=origins, processes=processes)


def funding(tables: Tables, plan: PlanResult | None, money: Mapping[str, pl.DataFrame], as_of: date) -> FundingResult:
    """Put the answers together.

    Parameters
    ----------
    plan : an audited plan of the programme; None: products are judged by configuration, and there is no cash
    money : the audited tables of `tables.FINANCE_TABLES`; empty without a plan
    as_of : day on which the rules are applied
    """
    frames = eligibility_tables(judge(tables, plan, as_of)) | dict(money)
    return FundingResult(tables, frames, _summary(tables, plan, frames, as_of))


def _summary(
    tables: Tables, plan: PlanResult | None, frames: Mapping[str, pl.DataFrame], as_of: date
) -> dict[str, Any]:
    verdicts = frames["eligibility_summary"]["verdict"].to_list()
    found: dict[str, Any] = {
        "name": tables.programme.name,
        "as_of": as_of.isoformat(),
        "origin": "as the plan makes it up" if plan is not None else "by configuration of the products",
        "input_hash": input_hash(tables),
        "currency": tables.programme.currency,
        "contracts": frames["eligibility_summary"].to_dicts(),
        "totals": {"verdicts": {one: verdicts.count(one) for one in VERDICTS}},
    }
    if plan is not None:
        found["drawn"] = frames["fund_use"].group_by("fund").agg(pl.col("amount").sum()).sort("fund").to_dicts()
        found["drawn_by_year"] = _by_year(frames["fund_use"], pl.col("year"), "amount")
        found["repaid_by_year"] = _by_year(frames["repayments"], pl.col("date").dt.year(), "interest", "principal")
        found["totals"]["drawn"] = frames["fund_use"]["amount"].sum()
        found["totals"]["gaps"] = frames["cash_gaps"].filter(pl.col("gap") > 0).height
        found["gaps"] = frames["cash_gaps"].to_dicts()
        found["contributions"] = frames["contributions"].to_dicts()
    return found


def _by_year(frame: pl.DataFrame, year: pl.Expr, *amounts: str) -> list[dict[str, Any]]:
    """Add amounts up by fund and calendar year."""
    keys = [pl.col("fund"), year.cast(pl.Int64).alias("year")]
    return frame.group_by(keys).agg(pl.col(name).sum() for name in amounts).sort("fund", "year").to_dicts()
