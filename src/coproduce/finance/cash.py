"""Cash by account and month: opening, in, out, closing."""

from __future__ import annotations

import polars as pl

from .postings import cents_of

KEY = ("kind", "account")


def movements(ledger: pl.DataFrame) -> pl.DataFrame:
    """Return both sides of every posting: account, day, cents received and spent; nothing of what is outside."""
    sides = []
    for side, received in (("to", True), ("from", False)):
        zero, cents = pl.lit(0, pl.Int64), pl.col("cents")
        sides.append(
            ledger.select(
                "posting", "paid", "contract", pl.col("kind").alias("what"), kind=f"{side}_kind",
                account=f"{side}_account", received=cents if received else zero, spent=zero if received else cents,
            )
        )  # fmt: skip
    return pl.concat(sides).filter(pl.col("kind") != "outside")


def cash(ledger: pl.DataFrame) -> pl.DataFrame:
    """Return the table `cash`."""
    by_month = (
        movements(ledger)
        .with_columns(month=pl.col("paid").dt.truncate("1mo"))
        .group_by(*KEY, "month")
        .agg(pl.col("received").sum(), pl.col("spent").sum())
        .sort(*KEY, "month")
    )
    closing = (pl.col("received") - pl.col("spent")).cum_sum().over(*KEY)
    rows = by_month.with_columns(closing=closing)
    rows = rows.with_columns(opening=pl.col("closing") - pl.col("received") + pl.col("spent"))
    amounts = ("opening", "received", "spent", "closing")
    return rows.select(*KEY, "month", **{name: cents_of(name) for name in amounts})
