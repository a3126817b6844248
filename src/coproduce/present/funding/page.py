"""Contracts and funds as one self-contained page: a matrix of verdicts, the evidence behind each, money and cash."""

from __future__ import annotations

from typing import Any

from ...results.funding import FundingResult
from ..report.preview import preview
from ..report.sheet import Field, Kind, Sheet, first
from ..report.write import page_text
from ..words.formats import counted, money
from ..workbook.grid import Grid
from .matrix import SIGNS, matrices
from .money import charts
from .screen import NO_ADVICE
from .sheets import TITLES, grids

SCRIPTS = (
    "format", "data", "csv", "picture", "table", "theme", "panel", "drawing", "funding", "map", "tabs", "chosen",
    "main",
)  # fmt: skip
TABS = (
    ("verdicts", "Verdicts", ("eligibility_summary",)),
    ("money", "Money", ("fund_use", "cash", "repayments")),
    ("gaps", "Cash gaps", ("cash_gaps",)),
    ("partners", "Partners", ("contributions",)),
)
_MOST_ROWS = 5_000
_KINDS: dict[str, Kind] = {
    "number": "number", "plain": "number", "whole": "number", "money": "number", "share": "share", "date": "date",
}  # fmt: skip


def render(result: FundingResult) -> str:
    """Return the page as text."""
    shown = {name: one for name, one in grids(result).items() if any(name in names for *_, names in TABS)}
    sheets = {name: _sheet(name, one) for name, one in shown.items()}
    tabs = [(key, title, [name for name in names if name in sheets]) for key, title, names in TABS]
    drawn = charts(result)
    context = {
        "name": result.summary["name"],
        # Without a plan there is nothing to say about money.
        "tabs": [tab for tab in tabs if tab[2]],
        "as_of": result.summary["as_of"],
        "origin": result.summary["origin"],
        "no_advice": NO_ADVICE,
        "cards": _cards(result),
        "matrices": matrices(result),
        "signs": SIGNS,
        "panels": _panels(drawn["money"]),
        "previews": {name: preview(sheet) for name, sheet in sheets.items()},
    }
    data = {"file": "funding", **drawn, "sheets": {name: sheet.payload() for name, sheet in sheets.items()}}
    return page_text("funding.html.j2", context, data, SCRIPTS)


def _panels(money: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return the charts that have something to draw."""
    if money is None:
        return []
    found = [("cash", "Money in and out by month")]
    found += [("drawn", "Drawn from funds by year")] if money["drawn"] else []
    return found + ([("repaid", "Repayments and interest by year")] if money["repaid"] else [])


def _cards(result: FundingResult) -> list[tuple[str, str, str]]:
    """Return the key figures: what it is, the figure, what belongs to it."""
    totals, currency = result.summary["totals"], result.summary["currency"]
    found = [
        (f"{SIGNS[verdict]} {verdict.replace('_', ' ')}", str(number), "contracts under an instrument")
        for verdict, number in totals["verdicts"].items()
    ]
    if "drawn" in totals:
        gaps = counted(totals["gaps"], "gap") if totals["gaps"] else "none"
        drawn = money(totals["drawn"], "").strip()
        found.append(("Drawn from funds", drawn, f"{currency}, in all years"))
        found.append(("Cash that comes late", gaps, "of costs and payments of contracts, and of parties"))
    return found


def _sheet(name: str, shown: Grid) -> Sheet:
    fields = [Field(column.title, _KINDS.get(column.kind, "text")) for column in shown.columns]
    rows, note = first(list(zip(*(column.values for column in shown.columns), strict=True)), _MOST_ROWS, "rows", name)
    return Sheet(TITLES[name], fields, rows, note)
