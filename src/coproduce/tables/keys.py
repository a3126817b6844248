"""How a cell names rows: parts of a key joined by /, with * for any characters; several names separated by ;."""

from __future__ import annotations

import re

import polars as pl

from .registry import TableSpec


def key_columns(spec: TableSpec) -> tuple[str, ...]:
    """Return the columns whose values name a row: its key, or the first column of a table without one."""
    return spec.key or tuple(spec.columns)[:1]


def row_key(spec: TableSpec) -> pl.Expr:
    """Return the expression for the name of a row."""
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in key_columns(spec)]
    return pl.concat_str(parts, separator="/").alias("key")


def key_pattern(key: str) -> str:
    """Return the regular expression for the names that a key with * stands for."""
    return "^" + ".*".join(re.escape(part) for part in key.split("*")) + "$"


def listed(cell: str | None) -> tuple[str, ...]:
    """Return the names in a cell that lists several, separated by semicolons."""
    return tuple(name for part in (cell or "").split(";") if (name := part.strip()))


def named_rows(cell: str | None) -> tuple[tuple[str, str], ...]:
    """Return table and key of the rows that a cell names as `table:key; table:key`."""
    return tuple((table, key) for table, _, key in (name.partition(":") for name in listed(cell)))
