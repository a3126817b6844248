"""Sizes of lots that no lot can have."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from .view import View

_TABLES = ("processes", "supplies", "lanes")
# A size this close to a multiple is one.
_NEARLY = 1e-9


def impossible_sizes(view: View) -> Iterator[Problem]:
    """Report smallest lots above the largest, as they are once both are multiples."""
    has, multiple = pl.col("multiple_size").is_not_null(), pl.col("multiple_size")
    rounded_up = (pl.col("minimum_size").fill_null(0.0) / multiple - _NEARLY).ceil().clip(1.0) * multiple
    rounded_down = (pl.col("maximum_size") / multiple + _NEARLY).floor() * multiple
    least = pl.when(has).then(rounded_up).otherwise("minimum_size")
    most = pl.when(has).then(rounded_down).otherwise("maximum_size")
    for table in _TABLES:
        found = (
            view[table].select("row", "maximum_size", least=least, most=most).filter(pl.col("least") > pl.col("most"))
        )
        for row, maximum, smallest, _ in found.iter_rows():
            message = f"no lot can be so small: the smallest one is {smallest:g}"
            yield view.problem(
                "E416", table, row, "maximum_size", message, seen=maximum, expected=f"{smallest:g} or more, or empty"
            )
