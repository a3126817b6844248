"""Tables of what changes over time: loads that fall with cumulative runs, and new versions that take over."""

from __future__ import annotations

import polars as pl

from ...tables import Tables
from ..words.buckets import Timeline
from ..words.names import Names
from .sheet import Field, Sheet, first

MOST_ROWS = 3_000


def learned_sheet(loads: pl.DataFrame, tables: Tables, names: Names, time: Timeline) -> Sheet:
    """Make the table of learned loads, by process, resource and bucket."""
    units = dict(tables["resources"].select("resource", "unit").iter_rows())
    columns = ("process", "resource", "bucket", "runs", "cumulative_runs", "load", "load_per_run", "by_law")
    rows = [
        (
            names.of("processes", process),
            names.of("resources", resource),
            time.labels[bucket],
            *numbers,
            units[resource],
        )
        for process, resource, bucket, *numbers in loads.select(columns).iter_rows()
    ]
    kept, note = first(rows, MOST_ROWS, "learned loads", "learned_loads")
    fields = (
        Field("Process"),
        Field("Resource"),
        Field(f"Runs start in {time.noun}"),
        Field("Runs", "number", "runs", total=True),
        Field("Runs ever", "number", "runs"),
        Field("Load", "number", total=True),
        Field("Load per run", "number"),
        Field("Load by Wright's law", "number", total=True),
        Field("Unit"),
    )
    return Sheet("Loads that fall with cumulative output", fields, kept, note, facet=0, units=8)


def version_sheet(changes: pl.DataFrame, names: Names, currency: str) -> Sheet:
    """Make the table of new versions that take over from old ones."""
    dates = ("cut_in", "first_delivery", "last_delivery", "obsolete_from")
    units = ("run_out", "stood_in", "written_off", "loss", "left")
    rows = [
        (names.of("items", old), names.of("items", new), *cells, names.unit(old))
        for old, new, *cells in changes.select("old", "new", *dates, *units).iter_rows()
    ]
    kept, note = first(rows, MOST_ROWS, "changes", "versions")
    fields = (
        Field("Old version"),
        Field("New version"),
        Field("Cut-in", "date"),
        Field("First delivery of the new", "date"),
        Field("Last delivery of the old", "date"),
        Field("Old obsolete from", "date"),
        Field("Old used from the cut-in on", "number", total=True),
        Field("New given for old", "number", total=True),
        Field("Old written off", "number", total=True),
        Field("Loss", "number", currency, total=True),
        Field("Old left at the end", "number", total=True),
        Field("Unit"),
    )
    return Sheet("New versions", fields, kept, note, units=11)
