"""How evidence names a row: the parts of its key joined by /, with * for any characters."""

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
