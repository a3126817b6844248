"""Contracts and funds as one self-contained page: a matrix of verdicts, the evidence behind each, money and cash."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...results.funding import FundingResult
from ..report.preview import preview
from ..report.sheet import Field, Kind, Sheet, first
from ..report.write import page_text
from ..words.formats import quantity
from ..workbook.grid import Grid
from .screen import NO_ADVICE
from .sheets import TITLES, grids

SCRIPTS = ("format", "data", "csv", "picture", "table", "theme", "panel", "drawing", "map", "tabs", "main")
TABS = (
    ("verdicts", "Verdicts", ("eligibility_summary",)),
    ("evidence", "Evidence", ()),
    ("money", "Money", ("fund_use", "cash_gaps", "cash", "repayments")),
    ("partners", "Partners", ("contributions",)),
)
SIGNS = {"met": "✓", "failed": "✗", "unknown": "?", "not_applicable": "–"}
_MOST_ROWS = 5_000
_KINDS: dict[str, Kind] = {
    "number": "number", "plain": "number", "whole": "number", "money": "number", "share": "share", "date": "date",
}  # fmt: skip


def render(result: FundingResult) -> str:
    """Return the page as text."""
    shown = {name: one for name, one in grids(result).items() if any(name in names for *_, names in TABS)}
    sheets = {name: _sheet(name, one) for name, one in shown.items()}
    context = {
        "name": result.summary["name"],
        "tabs": [(key, title, [name for name in names if name in sheets]) for key, title, names in TABS],
        "as_of": result.summary["as_of"],
        "origin": result.summary["origin"],
        "no_advice": NO_ADVICE,
        "matrices": _matrices(result),
        "findings": _findings(result),
        "signs": SIGNS,
        "previews": {name: preview(sheet) for name, sheet in sheets.items()},
    }
    data = {
        "time": {"labels": [], "noun": "month"},
        "file": "funding",
        "sheets": {name: sheet.payload() for name, sheet in sheets.items()},
    }
    return page_text("funding.html.j2", context, data, SCRIPTS)


def _sheet(name: str, shown: Grid) -> Sheet:
    fields = [Field(column.title, _KINDS.get(column.kind, "text")) for column in shown.columns]
    rows, note = first(list(zip(*(column.values for column in shown.columns), strict=True)), _MOST_ROWS, "rows", name)
    return Sheet(TITLES[name], fields, rows, note)


def _matrices(result: FundingResult) -> list[dict[str, Any]]:
    """Return for every instrument its rules, and for every contract that seeks it the verdicts in their order."""
    found = []
    names = dict(result.tables["contracts"].select("contract", "name").iter_rows())
    for (instrument,), part in result.frames["eligibility"].group_by("instrument", maintain_order=True):
        rules = part.select("rule", "provision", "meaning").unique("rule", maintain_order=True).sort("rule").to_dicts()
        verdicts: dict[tuple[str, str], set[str]] = {}
        for contract, rule, verdict in part.select("contract", "rule", "verdict").iter_rows():
            verdicts.setdefault((contract, rule), set()).add(verdict)
        rows = [
            {
                "contract": contract,
                "name": names.get(contract) or contract,
                "cells": [
                    {"rule": rule["rule"], "verdict": _worst(verdicts.get((contract, rule["rule"]), set()))}
                    for rule in rules
                ],
            }
            for contract in part["contract"].unique(maintain_order=True).to_list()
        ]
        found.append({"instrument": instrument, "rules": rules, "rows": rows})
    return found


def _worst(there: Collection[str]) -> str:
    """Return the verdict to show for several funds or configurations: the first of failed, unknown, met."""
    return next((verdict for verdict in ("failed", "unknown", "met") if verdict in there), "not_applicable")


def _margin(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * value:.2f} percentage points"
    return f"{quantity(value)} {unit}".strip()


def _findings(result: FundingResult) -> list[dict[str, Any]]:
    """Return what is said of every finding: provision, facts, arithmetic, conclusion, what is unknown, the cells."""
    keys = ("contract", "instrument", "rule", "fund", "configuration")
    cells: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in result.frames["eligibility_evidence"].iter_rows(named=True):
        cells.setdefault(tuple(row[key] for key in keys), []).append(row)
    currency = result.summary["currency"]
    seen: set[str] = set()
    found = []
    for row in result.frames["eligibility"].iter_rows(named=True):
        anchor = f"{row['contract']}-{row['rule']}"
        margin = [] if row["margin"] is None else [_margin(row["margin"], row["unit"] or "")]
        margin += [] if row["margin_money"] is None else [f"{quantity(row['margin_money'])} {currency}"]
        at = cells.get(tuple(row[key] for key in keys), [])
        found.append({**row, "anchor": "" if anchor in seen else anchor, "margins": ", ".join(margin), "cells": at})
        seen.add(anchor)
    return found
