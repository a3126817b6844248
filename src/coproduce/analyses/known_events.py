"""What events under way are expected to leave of resources, processes, supplies and lanes, written into calendars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from ..calendar import Floats, Timeline
from ..tables import INPUT_TABLES, Tables

OPENED = {"resources": "resource", "processes": "process", "supplies": "supply", "lanes": "lane"}
"""Tables whose amounts events reach, each with the name of the channel of a row."""
_WIDTH = 1e-12


def channel_factors(
    channels: Mapping[tuple[str, int], int], factor: Floats, sizes: Mapping[str, int]
) -> dict[str, Floats]:
    """Return by table the (row, period) factors of its rows.

    Parameters
    ----------
    channels : number of each channel that events can reach
    factor : (channel, period)
    sizes : rows by table
    """
    numbers = {table: [channels.get((name, row), 0) for row in range(sizes[table])] for table, name in OPENED.items()}
    return {table: factor[np.array(rows, dtype=np.int64)] for table, rows in numbers.items()}


def with_openness(tables: Tables, buckets: Timeline, open_: Mapping[str, Floats]) -> Tables:
    """Return tables in whose calendars rows have only a share of their amounts in some buckets.

    Parameters
    ----------
    open_ : by table, (row, bucket) shares; rows beyond them have all of their amounts
    """
    calendars, frames = [tables["calendars"]], dict(tables.frames)
    for table in OPENED:
        frame, share = tables[table], open_[table]
        names = frame["calendar"].to_list()
        for row in np.flatnonzero((np.abs(share - 1.0) > _WIDTH).any(axis=1)).tolist():
            own = f"as_it_stands.{table}.{row}"
            calendars.append(_calendar(tables["calendars"], names[row], own, buckets, share[row]))
            names[row] = own
        frames[table] = frame.with_columns(calendar=pl.Series(names, dtype=frame.schema["calendar"]))
    return replace(tables, frames={**frames, "calendars": pl.concat(calendars)})


def _calendar(calendars: pl.DataFrame, old: str | None, own: str, buckets: Timeline, share: Floats) -> pl.DataFrame:
    """Return a calendar whose factors are those of an old one times the share of each bucket."""
    entries = calendars.filter(pl.col("calendar").eq(pl.lit(old, dtype=pl.String)))
    after = 1 + int(entries["priority"].max() or 0) if entries.height else 1  # type: ignore[arg-type]
    rows: list[dict[str, Any]] = []
    for bucket in np.flatnonzero(np.abs(share - 1.0) > _WIDTH).tolist():
        begin, end = (buckets.moment(int(buckets.edges[one])) for one in (bucket, bucket + 1))
        rows += _cut(entries, begin, end, float(share[bucket]))
        rows.append({"start": begin, "end": end, "factor": float(share[bucket]), "priority": after})
    rows += [{**row, "priority": row["priority"] + after + 1} for row in entries.iter_rows(named=True)]
    schema = dict(INPUT_TABLES["calendars"].empty().schema)
    return pl.DataFrame([{**row, "calendar": own} for row in rows], schema=schema)


def _cut(entries: pl.DataFrame, begin: datetime, end: datetime, share: float) -> Iterator[dict[str, Any]]:
    """Yield the part of entries inside a bucket, with a share of their factors."""
    for row in entries.iter_rows(named=True):
        first, last = row["start"] or begin, row["end"] or end
        if first < end and last > begin:
            yield {**row, "start": max(first, begin), "end": min(last, end), "factor": row["factor"] * share}
