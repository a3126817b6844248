"""Orders demands by how badly they are served."""

from __future__ import annotations

import polars as pl


def worst_first(service: pl.DataFrame) -> pl.DataFrame:
    """Order demands by how much they are late: short and late ones first."""
    rank = pl.col("status").replace_strict({"short": 0, "late": 1, "on_time": 2}, return_dtype=pl.Int64)
    return service.sort(rank, -pl.col("late_unit_days"), "due", "demand")
