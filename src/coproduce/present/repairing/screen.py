"""Repairs of origin on the screen: the shares, what the changes cost, and what the plan does otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.table import Table

from ...results.repairs import CHANGES, RepairResult
from ...results.store import TABLES
from ..listing import listing
from ..words.formats import quantity
from .words import OUTCOMES, percent


def tables(result: RepairResult) -> Iterator[Table]:
    """Yield the tables to show."""
    yield listing(
        "Share of the component cost from outside",
        ("limit", "contract", "at most", "without changes", "with them", "kept"),
        [
            (
                *(one["limit"], one["contract"] or "–"),
                *(percent(one[name]) for name in ("share", "before", "after")),
                OUTCOMES[one["outcome"]],
            )
            for one in result.frames["repairs"].iter_rows(named=True)
        ],
    )
    yield listing(
        f"What the changes cost (cost in {result.summary['currency']})",
        ("limit", "stage", "at least", "at most"),
        [(limit, stage, quantity(low), quantity(high)) for limit, stage, low, high in _rows(result, "repair_costs")],
    )
    yield listing(
        "What the plan does otherwise",
        ("limit", "kind", "name", "item", "before", "after"),
        [
            (limit, kind, name, item or "–", quantity(before), quantity(after))
            for limit, kind, name, item, before, after in _rows(result, "repair_shifts")
        ],
    )


def lines(result: RepairResult, out: Path) -> Iterator[str]:
    """Yield what to know and to do next."""
    changes = result.frames[CHANGES]
    for name in changes["scenario"].unique(maintain_order=True):
        yield f"to plan with the changes: add the lines of {name} to the table scenarios, then --scenario {name}"
    if len(changes):
        yield f"lines: {out / TABLES / f'{CHANGES}.csv'}"
    for limit, units in result.not_delivering.items():
        yield f"{limit} is kept only by not delivering: {quantity(units)} units fewer than without the changes"
    for limit in dict.fromkeys(row[0] for row in result.later if row[0] not in result.not_delivering):
        yield f"with the changes deliveries are later under {limit}: see the tiers above"
    for limit in result.broken:
        if limit not in result.not_delivering:
            yield f"no changes were found that keep {limit}"


def _rows(result: RepairResult, table: str) -> list[tuple[Any, ...]]:
    return result.frames[table].rows()
