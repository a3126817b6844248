"""What the plan does otherwise than the baseline."""

from __future__ import annotations

import polars as pl

from ..words.buckets import Timeline
from ..words.names import Names
from ..words.stability import KINDS, TABLES
from .sheet import Field, Sheet, first

MOST_ROWS = 3_000


def sheet(changes: pl.DataFrame, names: Names, time: Timeline, currency: str) -> Sheet:
    """Make the table of changes: what was done and is done now in every bucket, and what the change costs."""
    columns = ("kind", "entity", "item", "bucket", "before", "after", "change", "behind", "cost", "unit")
    rows = [
        (KINDS[kind], names.of(TABLES[kind], entity), names.of("items", item) if item else "", time.labels[bucket],
         *cells)
        for kind, entity, item, bucket, *cells in changes.select(columns).iter_rows()
    ]  # fmt: skip
    kept, note = first(rows, MOST_ROWS, "changes", "baseline_changes")
    fields = (
        Field("Kind"),
        Field("Of"),
        Field("Item"),
        Field(f"In {time.noun}"),
        Field("Baseline", "number"),
        Field("Plan", "number"),
        Field("Change", "number"),
        Field("Behind the promise", "number"),
        Field("Cost", "number", currency, total=True),
        Field("Unit"),
    )
    return Sheet("Changes of the baseline", fields, kept, note, facet=0, units=9)
