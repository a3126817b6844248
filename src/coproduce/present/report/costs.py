"""What the plan costs, by kind and by the row of the input it comes from."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from ..words.costs import KINDS, paid_for
from ..words.formats import NOISE, money, share
from ..words.names import Names
from .sheet import Field, Sheet, first

MOST_ROWS = 3_000


def by_kind(costs: pl.DataFrame) -> list[tuple[str, float]]:
    """Sum the amounts by kind, the largest first; kinds without an amount are left out."""
    sums: dict[str, list[float]] = {}
    for kind, amount in costs.select("kind", "amount").iter_rows():
        sums.setdefault(kind, []).append(amount)
    totals = [(kind, math.fsum(amounts)) for kind, amounts in sums.items()]
    return sorted(((k, v) for k, v in totals if abs(v) > NOISE), key=lambda one: -abs(one[1]))


def total(costs: pl.DataFrame) -> float:
    """Return the sum of all rows."""
    return math.fsum(costs["amount"])


def finding(costs: pl.DataFrame, currency: str) -> str:
    """Say what the plan costs and what most of it is."""
    kinds = by_kind(costs)
    if not kinds:
        return "No costs are given in the input."
    whole, spent = total(costs), math.fsum(amount for _, amount in kinds if amount > 0)
    kind, largest = max(kinds, key=lambda one: one[1])
    lead = f" {KINDS[kind]} make up {share(largest, spent)} of what is spent." if largest > 0 else ""
    return f"{money(whole, currency)} in total.{lead}"


def chart(costs: pl.DataFrame, currency: str) -> dict[str, Any]:
    """Return the amounts by kind for the bar chart."""
    kinds = by_kind(costs)
    return {
        "finding": finding(costs, currency),
        "names": [KINDS[kind] for kind, _ in kinds],
        "values": [round(amount, 2) for _, amount in kinds],
    }


def sheet(costs: pl.DataFrame, names: Names, currency: str) -> Sheet:
    """Make the table of amounts by the row they come from; the largest first."""
    rows = [
        (KINDS[kind], paid_for(kind, entity, names), amount)
        for kind, entity, amount in costs.select("kind", "entity", "amount").iter_rows()
        if abs(amount) > NOISE
    ]
    rows.sort(key=lambda row: (-abs(row[2]), row[0], row[1]))
    kept, note = first(rows, MOST_ROWS, "amounts", "costs")
    fields = (Field("Kind"), Field("From"), Field("Amount", "number", currency, total=True))
    return Sheet("Costs", fields, kept, note, facet=0)
