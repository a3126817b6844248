"""What the charts about money draw: cash by month of every fund and party, draws and repayments by year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from ...results.funding import FundingResult
from ..words.buckets import timeline
from ..words.formats import tidy

_NO_TIME: dict[str, Any] = {"labels": [], "starts": [], "noun": "month"}
_GROUPS = (("fund", "Funds"), ("party", "Parties"))
NOBODY = "no party named"


def charts(result: FundingResult) -> dict[str, Any]:
    """Return the months and the curves; without cash there are none."""
    cash = result.frames.get("cash")
    if cash is None or cash.is_empty():
        return {"time": _NO_TIME, "money": None}
    days = cash["month"].to_list()
    months = _months(cash)
    return {
        "time": timeline(months).payload(),
        "money": {
            "currency": result.summary["currency"],
            "groups": [one for kind, title in _GROUPS if (one := _group(cash, months, kind, title))["accounts"]],
            "later": max(days) > max(months["start"].to_list()),
            "drawn": result.summary["drawn_by_year"],
            "repaid": result.summary["repaid_by_year"],
        },
    }


def _months(cash: pl.DataFrame) -> pl.DataFrame:
    """Return all months until funds last pay: loans are repaid for decades, which has a chart by year."""
    paid = cash.filter(pl.col("kind") == "fund")
    last: datetime = max((paid if paid.height else cash)["month"].to_list())
    starts = pl.datetime_range(min(cash["month"].to_list()), last, "1mo", eager=True)
    months = pl.DataFrame({"start": starts})
    return months.with_columns(end=pl.col("start").dt.offset_by("1mo")).with_row_index("bucket")


def _group(cash: pl.DataFrame, months: pl.DataFrame, kind: str, title: str) -> dict[str, Any]:
    """Return the accounts of a kind, the one through which most money goes first."""
    own = cash.filter(pl.col("kind") == kind)
    size = pl.col("received").sum().add(pl.col("spent").sum()).over("account")
    ordered = own.sort(size, pl.col("account"), descending=[True, False])
    return {
        "title": title,
        "accounts": [
            _account(str(account or NOBODY), months.join(part, left_on="start", right_on="month", how="left"))
            for (account,), part in ordered.group_by("account", maintain_order=True)
        ],
    }


def _account(name: str, monthly: pl.DataFrame) -> dict[str, Any]:
    ordered = monthly.sort("bucket")
    filled = {way: [tidy(value) for value in ordered[way].fill_null(0.0).to_list()] for way in ("received", "spent")}
    return {"name": name, **filled}
