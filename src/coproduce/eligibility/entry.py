"""What enters a programme as a component: bought, made of nothing, or there as data and not made of others."""

from __future__ import annotations

import polars as pl

from ..tables import Tables
from .sources import Bools


def from_nothing(tables: Tables) -> Bools:
    """Return (process,) whether it takes nothing in."""
    result: Bools = ~tables["processes"]["process"].is_in(_taking(tables).implode()).to_numpy()
    return result


def made_of_others(tables: Tables) -> Bools:
    """Return (item,) whether some process makes it of other items."""
    flows = tables["flows"]
    made = flows.filter((pl.col("quantity") > 0) & pl.col("process").is_in(_taking(tables).implode()))["item"]
    result: Bools = tables["items"]["item"].is_in(made.implode()).to_numpy()
    return result


def there_counts(tables: Tables, table: str) -> Bools:
    """Return (row,) of `stocks` or `receipts`: what programmes make counts only with a declared origin."""
    made = tables["items"]["item"].filter(pl.Series(made_of_others(tables), dtype=pl.Boolean))
    frame = tables[table]
    result: Bools = (frame["origin"].is_not_null() | ~frame["item"].is_in(made.implode())).to_numpy()
    return result


def _taking(tables: Tables) -> pl.Series:
    return tables["flows"].filter(pl.col("quantity") < 0)["process"]
