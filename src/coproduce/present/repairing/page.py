"""Repairs of origin as one self-contained page: verdict before and after, changes, cost, what is undelivered."""

from __future__ import annotations

from typing import Any

from ...results.repairs import CHANGES, RepairResult
from ...tables import INPUT_TABLES, REPAIR_TABLES
from ..report.preview import preview
from ..report.sheet import Field, Kind, Sheet, first
from ..report.write import page_text
from ..words.formats import quantity
from ..words.names import Names, read_names, stage_words
from ..workbook.declared import Reader, grid
from ..workbook.plain import reader
from .words import OUTCOMES, change, interval, line_words, percent, shifted, verdict

SCRIPTS = ("format", "data", "csv", "picture", "table", "theme", "panel", "drawing", "map", "tabs", "main")
SHEETS = {
    "repairs": "Limits on origin",
    "repair_costs": "What the changes cost",
    "repair_shifts": "What the plan does otherwise",
    CHANGES: "Lines for the table scenarios",
}
_SPECS = {**REPAIR_TABLES, CHANGES: INPUT_TABLES[CHANGES]}
_KINDS: dict[str, Kind] = {
    "number": "number", "plain": "number", "whole": "number", "money": "number", "share": "share",
}  # fmt: skip
_MOST_ROWS, _MOST_SHIFTS = 5_000, 10
_SCOPES = {"plan": "the plan's own mix", "configuration": "every configuration of the products"}
_BARS = (("without changes", "before"), ("with them", "after"))
_CARDS = {
    "with_changes": ("✓ Kept with changes", "planned anew, and as much is delivered"),
    "as_it_is": ("✓ Kept as it is", "nothing to change"),
    "not_delivering": ("✗ Only by not delivering", "less is ever delivered"),
    "not_kept": ("✗ Not kept", "no changes were found"),
}


def render(result: RepairResult) -> str:
    """Return the page as text."""
    shown = reader(result.tables, result.summary)
    sheets = {name: _sheet(name, result, shown) for name in SHEETS}
    context = {
        "name": result.summary["name"],
        "cards": _cards(result),
        "repairs": _repairs(result),
        "sheets": list(SHEETS),
        "previews": {name: preview(sheet) for name, sheet in sheets.items()},
    }
    data = {
        "time": shown.time.payload(),
        "file": "repair",
        "sheets": {name: sheet.payload() for name, sheet in sheets.items()},
    }
    return page_text("repair.html.j2", context, data, SCRIPTS)


def _cards(result: RepairResult) -> list[tuple[str, str, str]]:
    """Return the key figures: how many limits are kept, and how."""
    outcomes = result.frames["repairs"]["outcome"].to_list()
    found = [("Limits looked at", str(len(outcomes)), "each by itself, all others imposed")]
    return found + [(title, str(outcomes.count(one)), said) for one, (title, said) in _CARDS.items() if one in outcomes]


def _repairs(result: RepairResult) -> list[dict[str, Any]]:
    """Return what is said of every limit."""
    names = read_names(result.tables)
    told = {row["limit"]: row["name"] for row in result.tables["origin_limits"].iter_rows(named=True)}
    return [_repair(result, row, told[row["limit"]], names) for row in result.frames["repairs"].iter_rows(named=True)]


def _repair(result: RepairResult, row: dict[str, Any], name: str | None, names: Names) -> dict[str, Any]:
    limit, owner = row["limit"], names.of("contracts", row["contract"]) if row["contract"] else ""
    shifts = [
        shifted(one, names)
        for one in result.frames["repair_shifts"].filter(limit=limit).iter_rows(named=True)
    ]  # fmt: skip
    supplied = dict(result.tables["supplies"].select("supply", "item").iter_rows())
    lines = result.frames[CHANGES].filter(scenario=f"repair_{limit}").to_dicts()
    return {
        "limit": limit,
        "title": ", ".join(part for part in (owner, name or limit) if part),
        "outcome": OUTCOMES[row["outcome"]],
        "kept": row["kept"],
        "bars": [_bar(words, row[at], row["share"]) for words, at in _BARS],
        "most": percent(row["share"]),
        "limit_at": 100 * row["share"],
        "scope": f"what is delivered to {owner}" if owner else _SCOPES[row["scope"]],
        "undelivered": quantity(row["undelivered"]) if row["undelivered"] > 0 else "",
        "scenario": lines[0]["scenario"] if lines else "",
        "changes": [(change(line, names, supplied, owner), line_words(line)) for line in lines],
        "costs": _costs(result, limit),
        "shifts": shifts[:_MOST_SHIFTS],
        "more": max(len(shifts) - _MOST_SHIFTS, 0),
    }


def _bar(words: str, share: float | None, most: float) -> dict[str, Any]:
    sign = {True: "✓ met", False: "✗ failed", None: "? not known"}[verdict(share, most)]
    return {"words": words, "share": percent(share), "outside": 100 * (share or 0.0), "known": share is not None,
            "verdict": sign, "kind": {"✓": "good", "✗": "bad"}.get(sign[0], "")}  # fmt: skip


def _costs(result: RepairResult, limit: str) -> list[tuple[str, str]]:
    """Return by stage what the changes cost; which of equal plans is the tidiest is left to the table."""
    rows = result.frames["repair_costs"].filter(limit=limit).iter_rows(named=True)
    currency = result.summary["currency"]
    return [
        (
            stage_words(row["stage"]),
            interval(row["low"], row["high"], "late unit-days" if row["stage"].startswith("tier_") else currency),
        )
        for row in rows
        if row["stage"] != "tidy"
    ]


def _sheet(name: str, result: RepairResult, shown: Reader) -> Sheet:
    made = grid(_SPECS[name], result.frames[name], shown, name=name)
    fields = [Field(column.title, _KINDS.get(column.kind, "text")) for column in made.columns]
    rows, note = first(list(zip(*(column.values for column in made.columns), strict=True)), _MOST_ROWS, "rows", name)
    return Sheet(SHEETS[name], fields, rows, note)
