"""How much of the input rests on what: every number of the input and the firmest evidence that covers it."""

from __future__ import annotations

import re

import polars as pl

from ..tables import INPUT_TABLES, Tables, TableSpec

CONFIDENCE = ("cited", "estimated", "assumed")
WITHOUT = "without"
_SCHEMA = {"table": pl.String(), "key": pl.String(), "column": pl.String(), "confidence": pl.String()}
_EXEMPT = ("programme", "sources", "evidence")


def _row_keys(spec: TableSpec) -> pl.Expr:
    """Return the key of a row as `evidence.key` names it: the key columns, or the first column, joined by /."""
    names = spec.key or (next(iter(spec.columns)),)
    return pl.concat_str([pl.col(name).cast(pl.String) for name in names], separator="/").alias("key")


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
                said.select(pl.lit(spec.name).alias("table"), _row_keys(spec), pl.lit(column.name).alias("column"))
            )
    return pl.concat(found)


def _matches(cells: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the cells that evidence names, with its confidence; a key may hold * for any characters."""
    exact = evidence.filter(~pl.col("key").str.contains("*", literal=True))
    found = [cells.join(exact.select(*_SCHEMA), on=["table", "key", "column"], how="inner")]
    for row in evidence.filter(pl.col("key").str.contains("*", literal=True)).iter_rows(named=True):
        pattern = "^" + ".*".join(re.escape(part) for part in row["key"].split("*")) + "$"
        found.append(
            cells.filter(
                (pl.col("table") == row["table"])
                & (pl.col("column") == row["column"])
                & pl.col("key").str.contains(pattern)
            ).with_columns(pl.lit(row["confidence"]).alias("confidence"))
        )
    return pl.concat(found)


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
