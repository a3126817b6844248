"""Funds, terms of payment, price indices and exchange rates: what the ledger could not be posted with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from ..errors import Problem
from ..tables.keys import listed
from .view import View

STALE = timedelta(days=366)
"""A rate or index that is older than this when it is used is reported."""
_LOAN_FACTS = ("maturity_years", "grace_years", "rate")


def impossible_funds(view: View) -> Iterator[Problem]:
    """Report funds that close before they open, and loans that would be repaid inside their grace."""
    for row in view["funds"].iter_rows(named=True):
        opens, closes = _latest(row["agreed"], row["available_from"]), row["available_until"]
        if opens is not None and closes is not None and closes < opens:
            message = f'fund "{row["fund"]}" closes on {closes:%Y-%m-%d}, before it opens on {opens:%Y-%m-%d}'
            yield view.problem("E734", "funds", row["row"], "available_until", message, seen=f"{closes:%Y-%m-%d}")
        maturity, grace = row["maturity_years"], row["grace_years"] or 0.0
        if row["kind"] == "loan" and maturity is not None and grace >= maturity:
            message = f'loan "{row["fund"]}" has {grace:g} years of grace, but is due after {maturity:g} years'
            yield view.problem("E735", "funds", row["row"], "grace_years", message, seen=f"{grace:g}")


def _latest(*moments: datetime | None) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)


def doubtful_funds(view: View) -> Iterator[Problem]:
    """Report funds whose facts are missing, contradict their kind or come to nothing."""
    named = {one for cell in view["contracts"]["funds"].drop_nulls() for one in listed(cell)}
    for row in view["funds"].drop_nulls("fund").iter_rows(named=True):
        yield from _doubts_of_loan(view, row)
        if row["prefinancing"] and row["prefinancing_requested"] is None:
            message = (
                f'it is not known whether the advance of "{row["fund"]}" was asked for; it counts as not asked for'
            )
            yield view.problem("W738", "funds", row["row"], "prefinancing_requested", message)
        if row["fund"] not in named and view.is_sound("contracts"):
            message = f'no contract names the fund "{row["fund"]}", so that it pays nothing'
            yield view.problem("W739", "funds", row["row"], "fund", message, seen=row["fund"])


def _doubts_of_loan(view: View, row: dict[str, Any]) -> Iterator[Problem]:
    if row["kind"] == "loan" and row["maturity_years"] is None:
        message = f'loan "{row["fund"]}" has no maturity: no repayment is posted'
        yield view.problem("W734", "funds", row["row"], "maturity_years", message)
    for column in _LOAN_FACTS if row["kind"] in ("grant", "budget") else ():
        if row[column]:
            message = f'fund "{row["fund"]}" is no loan, so that its {column} counts for nothing'
            yield view.problem("W735", "funds", row["row"], column, message, seen=f"{row[column]:g}")


def budgets_out_of_time(view: View) -> Iterator[Problem]:
    """Report budgets of years in which the fund cannot pay, and advances above the budget of their year."""
    start = view.setting("start")
    funds = {row["fund"]: row for row in view["funds"].drop_nulls("fund").iter_rows(named=True)}
    for row in view["fund_budgets"].drop_nulls(["fund", "year"]).iter_rows(named=True):
        fund = funds.get(row["fund"])
        if fund is None or not isinstance(start, datetime):
            continue
        opens, closes = _latest(fund["agreed"], fund["available_from"]) or start, fund["available_until"]
        if row["year"] < opens.year or (closes is not None and row["year"] > closes.year):
            message = f'fund "{row["fund"]}" pays nothing in {row["year"]}'
            yield view.problem("W732", "fund_budgets", row["row"], "year", message, seen=row["year"])
        advance = (fund["prefinancing"] or 0.0) * (fund["amount"] or 0.0)
        if row["year"] == opens.year and fund["prefinancing_requested"] == "yes" and advance > (row["amount"] or 0.0):
            message = f'the advance of "{row["fund"]}", {advance:,.2f}, is cut to the budget of {row["year"]}'
            yield view.problem("W733", "fund_budgets", row["row"], "amount", message, seen=row["amount"])


def broken_terms(view: View) -> Iterator[Problem]:
    """Report terms of payment that do not exist, and rows of terms without what they are paid at."""
    terms = set(view["payment_terms"]["terms"].drop_nulls())
    for table in ("contracts", "supplies"):
        for row, name in view[table].select("row", "payment_terms").drop_nulls().iter_rows():
            if name not in terms and view.is_sound("payment_terms"):
                message = f'the terms "{name}" are unknown: the table payment_terms does not have them'
                yield view.problem("E736", table, row, "payment_terms", message, seen=name)
    for column in ("milestone", "date"):
        if ("payment_terms", column) in view.flawed:
            continue
        bare = view["payment_terms"].filter((pl.col("event") == column) & pl.col(column).is_null())
        for row, name in bare.select("row", "terms").iter_rows():
            message = f'a part of the terms "{name}" is paid at a {column} that is not given'
            yield view.problem("E737", "payment_terms", row, column, message)


def missing_indices(view: View) -> Iterator[Problem]:
    """Report price indices that have no values, none on the day of the base, or none of late."""
    start, end = view.setting("start"), view.end
    if not isinstance(start, datetime) or not view.is_sound("price_indices"):
        return
    dates = view["price_indices"].drop_nulls(["index", "date"]).group_by("index", maintain_order=True).agg(
        pl.col("date").min().alias("first"), pl.col("date").max().alias("last"),
        pl.col("row").sort_by("date").last(),
    )  # fmt: skip
    known = {row["index"]: row for row in dates.iter_rows(named=True)}
    used: set[str] = set()
    for table, base in (("contracts", "signed"), ("supplies", "")):
        for row in view[table].drop_nulls("price_index").iter_rows(named=True):
            index, used = row["price_index"], used | {row["price_index"]}
            if index not in known:
                message = f'the price index "{index}" is unknown: the table price_indices does not have it'
                yield view.problem("E732", table, row["row"], "price_index", message, seen=index)
                continue
            at = min(row["index_base"] or (row[base] if base else None) or start, start)
            if at < known[index]["first"]:
                message = (
                    f'the price index "{index}" has no value on {at:%Y-%m-%d}, the earliest day on which it counts'
                )
                yield view.problem("E733", table, row["row"], "index_base", message, expected=known[index]["first"])
    for name in sorted(used & known.keys()):
        if end is not None and known[name]["last"] + STALE < end:
            message = f'the last value of "{name}" holds for more than a year, to the end of the plan'
            yield view.problem("W736", "price_indices", known[name]["row"], "date", message)


def worthless_contracts(view: View) -> Iterator[Problem]:
    """Report contracts with terms of payment, but nothing to pay."""
    if not view.is_sound("demands", "contracts"):
        return
    prices = view["demands"].group_by("contract").agg(pl.col("price").sum())
    rows = view["contracts"].join(prices, on="contract", how="left").filter(
        pl.col("payment_terms").is_not_null() & pl.col("value").is_null() & pl.col("product_value").is_null()
        & (pl.col("price").fill_null(0.0) == 0)
    )  # fmt: skip
    for row, contract in rows.select("row", "contract").sort("row").iter_rows():
        message = f'contract "{contract}" has terms of payment, but neither a value nor a price: its buyers pay nothing'
        yield view.problem("W737", "contracts", row, "value", message)


def missing_rates(view: View) -> Iterator[Problem]:
    """Report days of payments before the first rate of their currency, and rates that are used for over a year."""
    own, start, end = view.setting("currency"), view.setting("start"), view.end
    rates = view["exchange_rates"].drop_nulls("currency")
    if not isinstance(start, datetime) or end is None or not view.is_sound("exchange_rates", "funds", "contracts"):
        return
    used = set()
    for table, row, column, currency, moment in _days(view, start):
        mine = rates.filter(pl.col("currency") == (currency or own))
        if currency in (None, own) or mine.is_empty():
            continue  # A currency without any rate is reported by itself.
        used.add(currency)
        if not (mine["date"].is_null() | (mine["date"] <= moment)).any():
            message = f'currency "{currency}" has no exchange rate on {moment:%Y-%m-%d}'
            hint = f"add a row to exchange_rates dated {moment:%Y-%m-%d} or before"
            yield view.problem("E731", table, row, column, message, seen=currency, hint=hint)
    for currency in sorted(used):
        dated = rates.filter((pl.col("currency") == currency) & pl.col("date").is_not_null()).sort("date")
        if len(dated) and dated["date"][-1] + STALE < end:
            message = f'the last rate of "{currency}" holds for more than a year, to the end of the plan'
            yield view.problem("W731", "exchange_rates", dated["row"][-1], "date", message)


def _days(view: View, start: datetime) -> Iterator[tuple[str, int, str, str | None, datetime]]:
    """Yield table, row, column, currency and day of what may be paid first."""
    for row in view["funds"].iter_rows(named=True):
        column = "agreed" if row["agreed"] is not None else "available_from"
        yield "funds", row["row"], column, row["currency"], _latest(row["agreed"], row["available_from"]) or start
    orders = set(view["payment_terms"].filter(pl.col("event") == "order")["terms"])
    fixed = view["payment_terms"].drop_nulls(["date", "terms"]).group_by("terms").agg(pl.col("date").min())
    dates = dict(fixed.iter_rows())
    for row in view["contracts"].drop_nulls("payment_terms").iter_rows(named=True):
        signed = row["signed"] if row["payment_terms"] in orders else None
        yield "contracts", row["row"], "signed", row["currency"], signed or start
        yield "contracts", row["row"], "payment_terms", row["currency"], dates.get(row["payment_terms"], start)
    for row in view["supplies"].drop_nulls("payment_terms").iter_rows(named=True):
        yield "supplies", row["row"], "payment_terms", row["currency"], dates.get(row["payment_terms"], start)
