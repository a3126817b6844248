"""The tables about contracts and funds as page and workbook show them."""

from __future__ import annotations

from ...calendar import Timeline
from ...results.funding import FundingResult
from ...results.result import PlanResult
from ...tables import FINANCE_TABLES, FUNDING_TABLES, RESULT_TABLES
from ..words.buckets import timeline
from ..words.names import read_names
from ..workbook.declared import Reader, grid
from ..workbook.grid import Grid

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
    reader = _reader(result)
    return {
        name: grid(_SPECS[name], result.frames[name], reader, name=name) for name in TITLES if name in result.frames
    }


def _reader(result: FundingResult) -> Reader:
    tables = result.tables
    shown = PlanResult(tables, {}, result.summary, ())
    made = Timeline.build(tables.programme.start, tables.programme.buckets)
    edges = [made.moment(int(edge)) for edge in made.edges]
    buckets = RESULT_TABLES["buckets"].empty()
    rows = {"bucket": list(range(made.count)), "start": edges[:-1], "end": edges[1:]}
    filled = type(buckets)(rows).cast({name: buckets.schema[name] for name in rows})
    return Reader(shown, read_names(tables), timeline(filled), tables.programme.currency)
