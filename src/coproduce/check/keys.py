"""Keys that are given twice."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from ..tables import INPUT_TABLES
from .view import View


def duplicate_keys(view: View) -> Iterator[Problem]:
    """Report every row whose key stands in an earlier row."""
    for table, spec in INPUT_TABLES.items():
        if spec.key and table in view.frames:
            yield from _duplicates(view, table, spec.key)


def _duplicates(view: View, table: str, key: tuple[str, ...]) -> Iterator[Problem]:
    keys = view.frames[table].select(key)
    # A quick count first: looking for the first row of each key is dear in a large table.
    distinct = keys.to_series().n_unique() if len(key) == 1 else keys.n_unique()
    if distinct == keys.height:
        return
    complete = view[table].select("row", *key).drop_nulls()
    repeated = complete.with_columns(first=pl.col("row").min().over(key)).filter(pl.col("row") != pl.col("first"))
    sheet = view.raw.sheets[table]
    column = next((name for name in reversed(key) if name in sheet.columns), key[0])
    for row in repeated.iter_rows(named=True):
        value = "/".join(str(row[name]) for name in key)
        message = f'{"/".join(key)} "{value}" is already given in row {sheet.rows[row["first"]]}'
        hint = "number the lines in the column line" if "line" in key else ""
        yield view.problem("E301", table, row["row"], column, message, seen=value, hint=hint)
