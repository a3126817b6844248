"""How much of the input rests on what: numbers counted by the firmest evidence that covers them."""

from __future__ import annotations

import polars as pl

from ..tables import Tables
from .register import CONFIDENCE, WITHOUT, register


def coverage(tables: Tables) -> pl.DataFrame:
    """Return, by table and column, how many numbers are cited, estimated, assumed or without evidence.

    A number with several rows of evidence counts once, under the firmest.
    """
    return covered(register(tables))


def covered(registered: pl.DataFrame) -> pl.DataFrame:
    """Return the same as `coverage` from the table `register`; dates are not counted."""
    kinds = [(pl.col("confidence") == kind).sum().cast(pl.Int64).alias(kind) for kind in (*CONFIDENCE, WITHOUT)]
    numbers = registered.filter(pl.col("value").is_not_null())
    return numbers.group_by("table", "column", maintain_order=True).agg(*kinds)


def totals(covered: pl.DataFrame) -> dict[str, int]:
    """Return the number of cells by confidence over all tables."""
    return {kind: int(covered[kind].sum()) for kind in (*CONFIDENCE, WITHOUT)}
