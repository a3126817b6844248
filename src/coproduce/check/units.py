"""Quantities whose unit is not that of their item or resource."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from .view import View

_COUNTED = (
    ("flows", "item", "items"),
    ("supplies", "item", "items"),
    ("stocks", "item", "items"),
    ("receipts", "item", "items"),
    ("demands", "item", "items"),
    ("commitments", "item", "items"),
    ("loads", "resource", "resources"),
    ("milestone_loads", "resource", "resources"),
    ("setup_loads", "resource", "resources"),
)
"""Table with a unit, the column that names what is counted, and the table that says its unit."""


def differing_units(view: View) -> Iterator[Problem]:
    """Report every unit that differs from the declared one in more than case."""
    for table, key, target in _COUNTED:
        if view.given(table, "unit"):
            yield from _differing(view, table, key, target)


def _differing(view: View, table: str, key: str, target: str) -> Iterator[Problem]:
    declared = view[target].select(pl.col(key), declared="unit").unique(key, keep="first", maintain_order=True)
    given = view[table].select("row", key, "unit").drop_nulls()
    joined = given.join(declared, on=key, how="inner", maintain_order="left")
    wrong = joined.filter(pl.col("unit").str.to_lowercase() != pl.col("declared").str.to_lowercase())
    for row, name, unit, expected in wrong.iter_rows():
        message = f'unit "{unit}" differs from that of {key} "{name}", which is counted in "{expected}"'
        yield view.problem("E403", table, row, "unit", message, seen=unit, expected=expected)
