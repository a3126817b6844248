"""The tables about contracts and funds as page and workbook show them."""

from __future__ import annotations

from ...results.funding import FundingResult
from ...tables import FINANCE_TABLES, FUNDING_TABLES
from ..workbook.declared import grid
from ..workbook.grid import Grid
from ..workbook.plain import reader

TITLES = {
    "eligibility_summary": "Verdict of each instrument",
    "eligibility": "Findings",
    "eligibility_evidence": "Cells behind the findings",
    "fund_use": "What funds pay",
    "cash_gaps": "Cash that comes late",
    "cash": "Cash by month",
    "repayments": "Loans",
    "contributions": "What each partner puts in and gets back",
    "fund_draws": "Draws from funds",
    "ledger": "Ledger",
}
"""Titles of the tables, in the order in which they are shown."""

_SPECS = {**FUNDING_TABLES, **FINANCE_TABLES}


def grids(result: FundingResult) -> dict[str, Grid]:
    """Return the tables that are there, by name."""
    shown = reader(result.tables, result.summary)
    return {name: grid(_SPECS[name], result.frames[name], shown, name=name) for name in TITLES if name in result.frames}
