"""Loads on resources, and calendars that contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from ..calendar import NEVER
from ..errors import Problem
from .view import View

_DAY = 1440
# Tables of what processes take of resources.
_TAKING = ("loads", "setup_loads")
_WIDEST = 3000
"""Entries of one calendar and priority that are compared pair by pair."""


def misplaced_loads(view: View) -> Iterator[Problem]:
    """Report loads that end before they begin, or begin after the run has ended."""
    processes = view["processes"].select("process", "lead_days").unique("process", keep="first")
    loads = view["loads"].join(processes, on="process", how="left", maintain_order="left")
    if ("loads", "until_days") not in view.flawed:
        late = loads.filter(pl.col("until_days").is_null() & (pl.col("from_days") > pl.col("lead_days")))
        for row, begin, lead in late.select("row", "from_days", "lead_days").iter_rows():
            message = f"the load begins {begin:g} days after the start of a run that lasts {lead:g}"
            yield view.problem("W519", "loads", row, "from_days", message, seen=begin)
    for row, begin, end in (
        loads.filter(pl.col("until_days") < pl.col("from_days")).select("row", "from_days", "until_days").iter_rows()
    ):
        message = f"until_days {end:g} is before from_days {begin:g}"
        yield view.problem("E410", "loads", row, "until_days", message, seen=end, expected=f"at least {begin:g}")


def distant_loads(view: View) -> Iterator[Problem]:
    """Report loads on a resource of another site: the plan takes its capacity, but nothing travels there and back."""
    processes = view["processes"].select("process", runs_at="site").unique("process", keep="first")
    resources = view["resources"].select("resource", stands_at="site").unique("resource", keep="first")
    loads = view["loads"].join(processes, on="process", maintain_order="left")
    distant = loads.join(resources, on="resource", maintain_order="left").filter(
        pl.col("runs_at") != pl.col("stands_at")
    )
    columns = ("row", "process", "runs_at", "resource", "stands_at")
    for row, process, runs_at, resource, stands_at in distant.select(columns).iter_rows():
        message = (
            f'"{process}" runs at {runs_at} and loads "{resource}", which stands at {stands_at}; '
            "the plan moves nothing between them for it"
        )
        yield view.problem("W532", "loads", row, "resource", message, seen=resource)


def loads_without_capacity(view: View) -> Iterator[Problem]:
    """Report resources that are loaded but have no capacity at any time."""
    loaded = pl.concat([view[table].filter(pl.col("quantity") > 0)["resource"] for table in _TAKING]).unique()
    closed = _closed_calendars(view)
    added = view["option_capacity"].filter(pl.col("capacity") > 0)["resource"].unique()
    grows = pl.col("resource").is_in(added.implode())
    none = ((pl.col("capacity") == 0) & ~grows & (pl.col("overtime_capacity").fill_null(0.0) == 0)) | pl.col(
        "calendar"
    ).is_in(closed)
    for row, resource, capacity in (
        view["resources"]
        .filter(pl.col("resource").is_in(loaded.implode()) & none)
        .select("row", "resource", "capacity")
    ).iter_rows():
        why = "its capacity is 0" if capacity == 0 else "its calendar is always 0"
        column = "capacity" if capacity == 0 else "calendar"
        yield view.problem("W513", "resources", row, column, f'resource "{resource}" is loaded, but {why}')


def capacity_without_load(view: View) -> Iterator[Problem]:
    """Report resources that no process or milestone loads."""
    if not view.is_sound(*_TAKING, "milestone_loads"):
        return
    loaded = pl.concat([view[table]["resource"] for table in (*_TAKING, "milestone_loads")]).unique()
    idle = view["resources"].filter(~pl.col("resource").is_in(loaded.implode()))
    idle = idle.filter((pl.col("kind") != "backup_power").fill_null(True))
    for row, resource in idle.select("row", "resource").drop_nulls().iter_rows():
        message = f'no process loads "{resource}"; its capacity limits nothing'
        yield view.problem("W523", "resources", row, "resource", message, seen=resource)


def _closed_calendars(view: View) -> list[str]:
    """Return the calendars whose every entry is 0 and of which one holds at all times."""
    timing = ("start", "end", "weekdays", "from_time", "until_time")
    always = pl.all_horizontal(pl.col(name).is_null() for name in timing)
    entries = (
        view["calendars"]
        .group_by("calendar")
        .agg(closed=(pl.col("factor") == 0).all() & pl.col("factor").is_not_null().all(), always=always.any())
    )
    return entries.filter(pl.col("closed") & pl.col("always"))["calendar"].drop_nulls().sort().to_list()


def overlapping_entries(view: View) -> Iterator[Problem]:
    """Report calendar entries of equal priority that give different factors for the same time."""
    if not view.is_sound("calendars"):
        return
    groups = (
        view["calendars"].drop_nulls(["calendar", "factor"]).partition_by("calendar", "priority", maintain_order=True)
    )
    for group in groups:
        if group["factor"].n_unique() > 1 and group.height <= _WIDEST:
            yield from _overlaps(view, group)


def _overlaps(view: View, group: pl.DataFrame) -> Iterator[Problem]:
    """Report each entry once, with the first earlier row that it contradicts."""
    entries = group.rows(named=True)
    reported: set[int] = set()
    for one, other in _same_dates(group):
        first, second = entries[one], entries[other]
        if other in reported or not _same_hours(first, second):
            continue
        reported.add(other)
        holds = f"row {view.raw.sheets['calendars'].rows[first['row']]}"
        message = (
            f'calendar "{second["calendar"]}" gives the factor {second["factor"]:g} here and {first["factor"]:g} in '
            f"{holds} for the same time; {holds} holds"
        )
        yield view.problem("W514", "calendars", second["row"], "factor", message, seen=second["factor"])


def _same_dates(group: pl.DataFrame) -> list[list[int]]:
    """Return pairs of entries, the earlier row first, whose dates overlap and whose factors differ."""
    start = group["start"].cast(pl.Int64).fill_null(-NEVER).to_numpy()
    end = group["end"].cast(pl.Int64).fill_null(NEVER).to_numpy()
    factor = group["factor"].to_numpy()
    overlap = (start[:, None] < end) & (start < end[:, None]) & (factor[:, None] != factor)
    pairs: list[list[int]] = np.argwhere(np.triu(overlap)).tolist()
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _same_hours(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return any(
        a_day == b_day and max(a_from, b_from) < min(a_until, b_until)
        for a_day, a_from, a_until in _week(first)
        for b_day, b_from, b_until in _week(second)
    )


def _week(entry: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    """Yield weekday, first and last minute of an entry; one that runs over midnight is cut there."""
    begin, end = _minutes(entry["from_time"] or "00:00"), _minutes(entry["until_time"] or "24:00")
    for day in sorted({int(digit) - 1 for digit in entry["weekdays"] or "1234567"}):
        if end > begin:
            yield day, begin, end
        else:
            yield day, begin, _DAY
            yield (day + 1) % 7, 0, end


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
