"""Currencies and exchange rates, and prices that the objective needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from ..errors import Problem
from ..tables import INPUT_TABLES
from ..units import rates_in_force
from .view import View

_RATES = "exchange_rates"


def currencies_without_rate(view: View) -> Iterator[Problem]:
    """Report each currency of a table that has no rate in force at the start, at its first cell."""
    own, start = view.setting("currency"), view.setting("start")
    if not isinstance(own, str) or not isinstance(start, datetime) or _RATES in view.raw.spoilt:
        return
    rates = view[_RATES].drop_nulls(["currency"])
    in_force = rates_in_force(rates, own, start)
    for table, spec in INPUT_TABLES.items():
        if table in ("programme", _RATES) or "currency" not in spec.columns or not view.given(table, "currency"):
            continue
        missing = view[table].drop_nulls("currency").filter(~pl.col("currency").is_in(list(in_force)))
        firsts = missing.group_by("currency", maintain_order=True).agg(pl.col("row").min(), count=pl.len())
        for currency, row, count in firsts.iter_rows():
            later = (rates["currency"] == currency).any()
            why = "has only rates dated after the start" if later else "has no rate in exchange_rates"
            message = f'currency "{currency}" {why}; {count} rows of {table} use it'
            hint = f"add a row to exchange_rates: currency {currency}, rate = what one {currency} is worth in {own}"
            yield view.problem("E304", table, row, "currency", message, seen=currency, expected=own, hint=hint)


def doubtful_rates(view: View) -> Iterator[Problem]:
    """Report rates given twice for one date, and rates of the programme's own currency."""
    rates = view[_RATES].drop_nulls("currency")
    if (_RATES, "date") not in view.flawed:
        dated = rates.with_columns(first=pl.col("row").min().over("currency", "date"))
        for row in dated.filter(pl.col("row") != pl.col("first")).iter_rows(named=True):
            when = f"of {row['date']:%Y-%m-%d}" if row["date"] else "without a date"
            first = view.raw.sheets[_RATES].rows[row["first"]]
            message = f'the rate of "{row["currency"]}" {when} is already given in row {first}'
            yield view.problem("E305", _RATES, row["row"], "currency", message, seen=row["currency"])
    own = view.setting("currency")
    for row in rates.filter(pl.col("currency") == own)["row"] if isinstance(own, str) else ():
        message = f'"{own}" is the currency of the programme and counts as 1'
        yield view.problem("W518", _RATES, row, "currency", message, seen=own)


def unpriced_lateness(view: View) -> Iterator[Problem]:
    """Report demands without a cost of lateness where lateness must have a price."""
    if view.setting("objective") != "money" or ("demands", "late_cost") in view.flawed:
        return
    for row, demand in view["demands"].filter(pl.col("late_cost").is_null()).select("row", "demand").iter_rows():
        message = f'demand "{demand}" has no late_cost, which objective = money needs'
        yield view.problem("E415", "demands", row, "late_cost", message)
