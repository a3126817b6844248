"""Evidence: that it names cells which exist, says where they are from, and agrees with them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import polars as pl

from ..errors import Problem
from ..read.names import did_you_mean
from ..tables import INPUT_TABLES
from ..tables.keys import key_columns, key_pattern, row_key
from .view import View


def doubtful_evidence(view: View) -> Iterator[Problem]:
    """Check every row of evidence."""
    for row in view["evidence"].iter_rows(named=True):
        yield from _unsourced(view, row)
        if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
            message = f"low {row['low']:g} is above high {row['high']:g}"
            yield view.problem("E411", "evidence", row["row"], "low", message, seen=row["low"])
    targets = view["evidence"].drop_nulls("table").partition_by("table", maintain_order=True)
    for target in targets:
        yield from _about_table(view, target)


def _unsourced(view: View, row: dict[str, Any]) -> Iterator[Problem]:
    confidence = row["confidence"]
    if confidence in ("cited", "estimated") and row["source"] is None and ("evidence", "source") not in view.flawed:
        message = f"{confidence} evidence names no source"
        yield view.problem("E309", "evidence", row["row"], "source", message, expected="an id of sources")


def _about_table(view: View, evidence: pl.DataFrame) -> Iterator[Problem]:
    table = evidence["table"][0]
    spec = INPUT_TABLES.get(table)
    if spec is None:
        hint = did_you_mean(table, list(INPUT_TABLES))
        for row in evidence["row"]:
            message = f'there is no table "{table}"'
            yield view.problem("E306", "evidence", row, "table", message, seen=table, hint=hint)
        return
    keys = view[table].select(row_key(spec)).to_series()
    places = {key: index for index, key in reversed(list(enumerate(keys.to_list())))}
    for row in evidence.iter_rows(named=True):
        column = row["column"]
        if column is not None and column not in spec.columns:
            message = f'the table {table} has no column "{column}"'
            hint = did_you_mean(column, list(spec.columns))
            yield view.problem("E307", "evidence", row["row"], "column", message, seen=column, hint=hint)
        if row["key"] is not None and table not in view.raw.spoilt:
            yield from _about_rows(view, row, keys, places)


def _about_rows(view: View, row: dict[str, Any], keys: pl.Series, places: dict[str, int]) -> Iterator[Problem]:
    table, pattern = row["table"], row["key"]
    if "*" in pattern:
        matches = keys.str.contains(key_pattern(pattern)).arg_true().to_list()
    else:
        matches = [places[pattern]] if pattern in places else []
    if matches:
        yield from _outside_range(view, row, matches)
        return
    form = "/".join(key_columns(INPUT_TABLES[table]))
    hint = did_you_mean(pattern, list(places)) if len(places) <= 100_000 else ""
    message = f'no row of {table} has the key "{pattern}"'
    yield view.problem("E308", "evidence", row["row"], "key", message, seen=pattern, expected=form, hint=hint)


def _outside_range(view: View, row: dict[str, Any], matches: list[int]) -> Iterator[Problem]:
    low, high, column = row["low"], row["high"], row["column"]
    spec = INPUT_TABLES[row["table"]].columns.get(column)
    if spec is None or spec.kind not in ("number", "integer") or (low is not None and high is not None and low > high):
        return
    cells = pl.DataFrame({"row": matches, "value": view[row["table"]][column].gather(matches)}).drop_nulls()
    below, above = (-math.inf if low is None else low), (math.inf if high is None else high)
    outside = cells.filter((pl.col("value") < below) | (pl.col("value") > above))
    if outside.is_empty():
        return
    first, value = outside.row(0)
    bounds = f"[{'' if low is None else f'{low:g}'}, {'' if high is None else f'{high:g}'}]"
    more = f", and so are {outside.height - 1} more" if outside.height > 1 else ""
    place = str(view.origin(row["table"], first, column))
    message = f"{row['table']} {row['key']}: {column} is {value:g}, outside the range {bounds}, in {place}{more}"
    yield view.problem("W515", "evidence", row["row"], "column", message, seen=value, expected=bounds)
