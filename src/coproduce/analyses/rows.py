"""Adds rows to a checked table, with the declared defaults in the cells that are not given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from ..tables import INPUT_TABLES


def with_rows(frame: pl.DataFrame, table: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Return a table with more rows, whose cells that are not given have their defaults."""
    spec = INPUT_TABLES[table]
    defaults = {name: column.default for name, column in spec.columns.items()}
    more = pl.DataFrame([{**defaults, **row} for row in rows], schema=dict(frame.schema))
    return pl.concat([frame, more])
