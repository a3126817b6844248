"""The baseline and the frozen horizon: that rows say what was done, and what of them has no place here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import polars as pl

from ..calendar import Timeline
from ..errors import Problem
from .view import View

NAMED_IN = {"run": "processes", "order": "supplies", "shipment": "lanes", "delivery": "demands"}
"""By kind: the table that has what the baseline names."""


def unclear_baseline(view: View) -> Iterator[Problem]:
    """Report rows without entity, shipments without item, and times that end before they begin."""
    if not view.is_sound("baseline"):
        return
    frame = view["baseline"]
    horizon = pl.col("kind") == "horizon"
    faults = (
        ("entity", ~horizon & pl.col("entity").is_null(), "names nothing"),
        ("item", (pl.col("kind") == "shipment") & pl.col("item").is_null(), "does not say which item was moved"),
        ("end", pl.col("end") <= pl.col("start"), "ends before it has begun"),
        ("quantity", ~horizon & pl.col("quantity").is_null(), "has no quantity"),
    )
    for column, wrong, what in faults:
        for row, kind in frame.filter(wrong).select("row", "kind").iter_rows():
            yield view.problem("E481", "baseline", row, column, f"the {kind} {what}")


def unknown_in_baseline(view: View) -> Iterator[Problem]:
    """Report what the baseline names and is no longer there, once each; or that nothing of it is."""
    if not view.is_sound("baseline", *NAMED_IN.values()):
        return
    done = view["baseline"].filter(pl.col("entity").is_not_null() & (pl.col("quantity") > 0))
    lost = [part for kind, table in NAMED_IN.items() if (part := _lost(view, done, kind, table)).height]
    if done.height and sum(part["rows"].sum() for part in lost) == done.height:
        first = int(done["row"][0])
        yield view.problem("E483", "baseline", first, "entity", "the baseline names nothing that is in this programme")
        return
    for part in lost:
        for kind, name, row, quantity, rows in part.select("kind", "entity", "row", "quantity", "rows").iter_rows():
            message = f'"{name}" is not in {NAMED_IN[kind]}: {rows} {kind} rows, {quantity:g} in all, are left out'
            yield view.problem("W595", "baseline", row, "entity", message, seen=name)


def _lost(view: View, done: pl.DataFrame, kind: str, table: str) -> pl.DataFrame:
    """Return what rows of a kind name and the table has not: the first row, the sum and the number of rows of each."""
    frame = view[table].drop("row")
    known = frame[frame.columns[0]].drop_nulls()
    gone = done.filter((pl.col("kind") == kind) & ~pl.col("entity").is_in(known.implode()))
    return gone.group_by("entity", maintain_order=True).agg(
        pl.col("kind", "row").first(), pl.col("quantity").sum(), pl.len().alias("rows")
    )


def uncovered_freeze(view: View) -> Iterator[Problem]:
    """Report a frozen horizon without a baseline, beyond it, or that ends inside a bucket."""
    until, timeline = view.setting("frozen_until"), view.timeline
    if not isinstance(until, datetime) or timeline is None or not view.is_sound("baseline"):
        return
    frame = view["baseline"]
    if frame.is_empty():
        yield view.problem("W596", "programme", 0, "frozen_until", "frozen_until freezes nothing without a baseline")
        return
    buckets = int(timeline.first_open(np.array([timeline.seconds(until)]))[0])
    if not buckets:
        message = f"frozen_until {until:%Y-%m-%d} is not after the start, so that nothing is frozen"
        yield view.problem("W597", "programme", 0, "frozen_until", message, seen=f"{until:%Y-%m-%d %H:%M}")
        return
    yield from _beyond(view, timeline, until, buckets)


def _span(frame: pl.DataFrame) -> tuple[datetime, datetime]:
    """Return the time that the baseline covers."""
    own = frame.filter(kind="horizon") if (frame["kind"] == "horizon").any() else frame
    first, last = own["start"].min(), own["end"].max()
    assert isinstance(first, datetime) and isinstance(last, datetime)
    return first, last


def _beyond(view: View, timeline: Timeline, until: datetime, buckets: int) -> Iterator[Problem]:
    first, last = _span(view["baseline"])
    opens, ends = (timeline.moment(int(timeline.edges[at])) for at in (0, buckets))
    if first > opens or last < ends:
        message = (
            f"{opens:%Y-%m-%d} to {ends:%Y-%m-%d} is frozen, the baseline covers {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        )
        yield view.problem("E482", "programme", 0, "frozen_until", message, seen=f"{until:%Y-%m-%d %H:%M}")
    elif ends != until:
        begin = timeline.moment(int(timeline.edges[buckets - 1]))
        message = f"the bucket from {begin:%Y-%m-%d} to {ends:%Y-%m-%d} is frozen as a whole"
        yield view.problem("W597", "programme", 0, "frozen_until", message, seen=f"{until:%Y-%m-%d %H:%M}")


def idle_change_prices(view: View) -> Iterator[Problem]:
    """Report prices on changes where there is no baseline that could be changed; at the first of each table."""
    if view["baseline"].height or ("baseline", "") in view.flawed:
        return
    for table in NAMED_IN.values():
        priced = view[table].filter(pl.col("change_price") > 0)
        if priced.height:
            message = f"{priced.height} rows have a price on changes, and there is no baseline to change"
            yield view.problem("W596", table, int(priced["row"][0]), "change_price", message)


def outside_baseline(view: View) -> Iterator[Problem]:
    """Report how much of the baseline lies before the start or after the end, once for each side."""
    if view.timeline is None or view.end is None or not view.is_sound("baseline"):
        return
    frame = view["baseline"].filter(pl.col("kind") != "horizon")
    start = view.timeline.start
    for rows, side in (
        (frame.filter(pl.col("start") < start), f"begin before the start {start:%Y-%m-%d}"),
        (frame.filter(pl.col("end") > view.end), f"end after the horizon, {view.end:%Y-%m-%d}"),
    ):
        if rows.height:
            message = f"{rows.height} of {frame.height} rows of the baseline {side}; that part is left out"
            yield view.problem("W598", "baseline", int(rows["row"][0]), "start", message)
