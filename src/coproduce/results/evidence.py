"""How much of the input rests on what: every number of the input and the firmest evidence that covers it."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..tables import INPUT_TABLES, Tables
from ..tables.keys import key_pattern, row_key

CONFIDENCE = ("cited", "estimated", "assumed")
WITHOUT = "without"
_SCHEMA = {"table": pl.String(), "key": pl.String(), "column": pl.String(), "confidence": pl.String()}
_EXEMPT = ("programme", "sources", "evidence", "commitments")


def _cells(tables: Tables) -> pl.DataFrame:
    """Return every number of the input that is neither empty, nor its default, nor part of a key."""
    found = [pl.DataFrame(schema={name: _SCHEMA[name] for name in ("table", "key", "column")})]
    for spec in INPUT_TABLES.values():
        frame = tables[spec.name]
        if spec.name in _EXEMPT or frame.is_empty():
            continue
        for column in spec.columns.values():
            if column.kind != "number" and not (column.kind == "integer" and not column.part_of_key):
                continue
            said = frame.filter(pl.col(column.name).is_not_null() & pl.col(column.name).ne_missing(column.default))
            found.append(
                said.select(pl.lit(spec.name).alias("table"), row_key(spec), pl.lit(column.name).alias("column"))
            )
    return pl.concat(found)


def _matches(cells: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the cells that evidence names, with its confidence; a key may hold * for any characters."""
    exact = evidence.filter(~pl.col("key").str.contains("*", literal=True))
    named = cells.join(exact.select(*_SCHEMA), on=["table", "key", "column"], how="inner")
    patterns = evidence.filter(pl.col("key").str.contains("*", literal=True)).iter_rows(named=True)
    return pl.concat([named, *(_covered(cells, row) for row in patterns)])


def _covered(cells: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    """Return the cells that a row of evidence with * in its key names."""
    return cells.filter(
        (pl.col("table") == row["table"])
        & (pl.col("column") == row["column"])
        & pl.col("key").str.contains(key_pattern(row["key"]))
    ).with_columns(pl.lit(row["confidence"]).alias("confidence"))


def coverage(tables: Tables) -> pl.DataFrame:
    """Return, by table and column, how many numbers are cited, estimated, assumed or without evidence.

    A number with several rows of evidence counts once, under the firmest.
    """
    cells = _cells(tables)
    evidence = tables["evidence"].with_columns(pl.col("confidence").cast(pl.String))
    rank = pl.col("confidence").replace_strict({name: number for number, name in enumerate(CONFIDENCE)})
    firmest = (
        _matches(cells, evidence)
        .with_columns(rank.alias("rank"))
        .sort("rank", maintain_order=True)
        .unique(["table", "key", "column"], keep="first", maintain_order=True)
    )
    judged = cells.join(firmest.drop("rank"), on=["table", "key", "column"], how="left", maintain_order="left")
    kinds = [
        (pl.col("confidence").fill_null(WITHOUT) == kind).sum().cast(pl.Int64).alias(kind)
        for kind in (*CONFIDENCE, WITHOUT)
    ]
    return judged.group_by("table", "column", maintain_order=True).agg(*kinds)


def totals(covered: pl.DataFrame) -> dict[str, int]:
    """Return the number of cells by confidence over all tables."""
    return {kind: int(covered[kind].sum()) for kind in (*CONFIDENCE, WITHOUT)}
