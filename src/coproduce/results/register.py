"""The register: every number and date of the input, the firmest evidence for it, and whether all of it agrees."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import column_letter
from ..tables import INPUT_TABLES, RESULT_TABLES, Column, Tables
from ..tables.keys import key_pattern, row_key
from .scenario import of_scenario

CONFIDENCE = ("cited", "estimated", "assumed")
WITHOUT = "without"
# Tables whose figures steer or document the plan; no evidence is asked for them.
_EXEMPT = ("programme", "sources", "evidence", "commitments", "scenarios", "baseline")
_CELL = ("table", "key", "column")


def register(tables: Tables) -> pl.DataFrame:
    """Return the table `register`.

    A figure that is empty, the default of its column or part of a key is left out. Where a cell has several rows of
    evidence, the firmest is shown (cited, then estimated, then assumed; of equals the first in the input).
    """
    spec = RESULT_TABLES["register"]
    cells = pl.concat([spec.empty().select(_cells_schema()), *_cells(tables)]).with_row_index("id")
    said = _joined(tables, _pairs(cells, tables["evidence"].with_row_index("entry")))
    found = cells.join(_judged(said), on="id", how="left", maintain_order="left").with_columns(
        pl.col("confidence").fill_null(WITHOUT),
        pl.col("rows").fill_null(0).cast(pl.Int64),
        pl.col("agreement").fill_null("none"),
    )
    found = of_scenario(tables, found)
    return found.select(pl.col(name).cast(dtype) for name, dtype in spec.empty().schema.items())


def _cells_schema() -> tuple[str, ...]:
    return (*_CELL, "value", "day", "unit", "file", "cell")


def _cells(tables: Tables) -> Iterator[pl.DataFrame]:
    """Yield the figures of each column with their places."""
    for spec in INPUT_TABLES.values():
        if spec.name in _EXEMPT or tables[spec.name].is_empty():
            continue
        places = _places(tables, spec.name)
        frame = tables[spec.name].with_columns(row_key(spec).alias("key of the row"), places.alias("row in the file"))
        for column in spec.columns.values():
            if column.kind in ("number", "integer", "date") and not column.part_of_key:
                yield _of_column(tables, spec.name, column, frame)


def _places(tables: Tables, table: str) -> pl.Series:
    """Return the number of each row as a spreadsheet shows it."""
    origin = tables.origins.get(table)
    height = tables[table].height
    return pl.Series(range(2, height + 2), dtype=pl.Int64) if origin is None else pl.Series(origin.rows)


def _of_column(tables: Tables, table: str, column: Column, frame: pl.DataFrame) -> pl.DataFrame:
    said = frame.filter(pl.col(column.name).is_not_null() & pl.col(column.name).ne_missing(column.default))
    origin = tables.origins.get(table)
    file, sheet = ("memory", table) if origin is None else (origin.file, origin.sheet)
    position = -1 if origin is None else origin.columns.get(column.name, -1)
    letter = column_letter(position) if position >= 0 else ""
    day = column.kind == "date"
    return said.select(
        pl.lit(table).alias("table"),
        pl.col("key of the row").alias("key"),
        pl.lit(column.name).alias("column"),
        (pl.lit(None) if day else pl.col(column.name)).cast(pl.Float64).alias("value"),
        (pl.col(column.name) if day else pl.lit(None)).cast(pl.Datetime("us")).alias("day"),
        pl.lit("" if day else column.unit).alias("unit"),
        pl.lit(file).alias("file"),
        pl.format(f"{{}}!{letter}{{}} ({{}})", pl.lit(sheet), "row in the file", pl.lit(column.name)).alias("cell"),
    )


def _pairs(cells: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Return which cell (`id`) each row of evidence (`entry`) speaks of."""
    starred = pl.col("key").str.contains("*", literal=True)
    exact = cells.join(evidence.filter(~starred), on=_CELL, how="inner").select("id", "entry")
    by_column = dict(iter(cells.group_by("table", "column"))) if evidence.height else {}
    found = [exact]
    for row in evidence.filter(starred).select("table", "column", "key", "entry").iter_rows(named=True):
        part = by_column.get((row["table"], row["column"]))
        if part is not None:
            chosen = part.filter(pl.col("key").str.contains(key_pattern(row["key"])))
            found.append(chosen.select("id", pl.lit(row["entry"], dtype=exact.schema["entry"]).alias("entry")))
    return pl.concat(found)


def _joined(tables: Tables, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return what is said of each cell, the firmest first."""
    evidence = tables["evidence"].drop("table", "column").rename({"key": "pattern"}).with_row_index("entry")
    sources = tables["sources"].select("source", "title", source_published="published")
    rank = pl.col("confidence").cast(pl.String).replace_strict({name: at for at, name in enumerate(CONFIDENCE)})
    return (
        pairs.join(evidence, on="entry", how="left")
        .join(sources, on="source", how="left")
        .with_columns(pl.col("confidence").cast(pl.String), rank.alias("rank"), _words().alias("words"))
        .sort("id", "rank", "entry")
    )


def _words() -> pl.Expr:
    """Say in one line what a row of evidence says."""
    ends = [pl.col(end).cast(pl.String).fill_null("") for end in ("low", "high")]
    span = pl.when(_has_range()).then(pl.format(" [{} to {}]", *ends)).otherwise(pl.lit(""))
    text = pl.coalesce("as_published", "derivation", pl.lit("nothing more"))
    return pl.format("{}, {}: {}{}", pl.col("source").fill_null("no source"), "confidence", text, span)


def _has_range() -> pl.Expr:
    return pl.col("low").is_not_null() | pl.col("high").is_not_null()


def _judged(said: pl.DataFrame) -> pl.DataFrame:
    """Return one row a cell: its firmest evidence and the agreement of all."""
    shown = (
        "confidence", "pattern", "source", "title", "source_published", "as_published", "derivation", "low", "high",
        "published",
    )  # fmt: skip
    ranges = _has_range().sum()
    meet = pl.col("low").max().fill_null(float("-inf")) <= pl.col("high").min().fill_null(float("inf"))
    agreement = (
        pl.when(pl.len() == 1)
        .then(pl.lit("one_source"))
        .when(ranges < 2)
        .then(pl.lit("not_comparable"))
        .when(meet)
        .then(pl.lit("agree"))
        .otherwise(pl.lit("conflict"))
    )
    others = pl.col("words").slice(1).str.join("; ")
    return said.group_by("id", maintain_order=True).agg(
        *(pl.col(name).first() for name in shown),
        pl.len().alias("rows"),
        agreement.alias("agreement"),
        pl.when(pl.len() > 1).then(others).alias("others"),
    )
