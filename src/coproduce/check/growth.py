"""Growth: circles of waiting, ramps that fall or have nothing to act on, milestones and options without effect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from graphlib import CycleError, TopologicalSorter

import polars as pl

from ..errors import Problem
from ..tables import INPUT_TABLES
from ..tables.keys import listed
from .view import View

_Node = tuple[str, str]
_WAITS = (
    ("milestones", "milestone", "after", "milestones"),
    ("milestones", "milestone", "option", "options"),
    ("options", "option", "after", "milestones"),
    ("options", "option", "needs", "options"),
)
"""Table, its key, the column of what its rows wait for, and the table of that."""


def _waits(view: View) -> dict[_Node, set[_Node]]:
    """Return what every milestone and option waits for; a fixed milestone waits for nothing."""
    graph: dict[_Node, set[_Node]] = {}
    for table, key, column, target in _WAITS:
        frame = view[table]
        if table == "milestones":
            frame = frame.filter(pl.col("reached").is_null())
        for name, cell in frame.select(key, column).drop_nulls().iter_rows():
            graph.setdefault((table, name), set()).update((target, one) for one in listed(cell))
    return graph


def circular_waiting(view: View) -> Iterator[Problem]:
    """Report milestones and options that wait for each other, one circle at a time."""
    circle = _circle(_waits(view))
    if circle is None:
        return
    table, name = circle[0]
    key = "milestone" if table == "milestones" else "option"
    row = view[table].filter(pl.col(key) == name)["row"][0]
    columns = [column for source, _, column, target in _WAITS if (source, target) == (table, circle[1][0])]
    words = ", which waits for ".join(f'"{one}"' for _, one in circle[1:])
    yield view.problem("E417", table, row, columns[0], f'{key} "{name}" waits for {words}')


def _circle(graph: dict[_Node, set[_Node]]) -> list[_Node] | None:
    """Return a circle, each node followed by one that it waits for, the first again at the end; None if none."""
    ordered = {node: sorted(graph[node]) for node in sorted(graph)}
    try:
        TopologicalSorter(ordered).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return None


def falling_ramps(view: View) -> Iterator[Problem]:
    """Report steps of a ramp that are lower than the one before."""
    steps = view["ramps"].drop_nulls(["ramp", "after_days", "factor"]).sort("ramp", "after_days", maintain_order=True)
    steps = steps.with_columns(before=pl.col("factor").shift(1).over("ramp"))
    for row, ramp, factor, before in (
        steps.filter(pl.col("factor") < pl.col("before")).select("row", "ramp", "factor", "before").iter_rows()
    ):
        message = f'ramp "{ramp}" falls from {before:g} to {factor:g}'
        yield view.problem("E418", "ramps", row, "factor", message, seen=factor, expected=f"at least {before:g}")


def ramps_without_rate(view: View) -> Iterator[Problem]:
    """Report processes with a ramp but no rate that it could act on."""
    if ("processes", "rate_limit") in view.flawed:
        return
    idle = view["processes"].filter(pl.col("ramp").is_not_null() & pl.col("rate_limit").is_null())
    for row, process in idle.select("row", "process").iter_rows():
        message = f'process "{process}" has a ramp, but no rate_limit on which it could act'
        yield view.problem("E419", "processes", row, "ramp", message)


def _decided(view: View) -> set[str]:
    """Return the milestones whose beginning the plan decides."""
    frame = view["milestones"].filter(pl.col("reached").is_null()).drop_nulls("milestone")
    loaded = set(view["milestone_loads"].filter(pl.col("quantity") > 0)["milestone"])
    after = {name: listed(cell) for name, cell in frame.select("milestone", "after").iter_rows()}
    found = loaded & set(after) | set(frame.filter(pl.col("option").is_not_null())["milestone"])
    while more := {name for name, cells in after.items() if name not in found and found & set(cells)}:
        found |= more
    return found


def options_on_waiting_resources(view: View) -> Iterator[Problem]:
    """Report options that add to a resource which itself waits for a decided milestone."""
    decided = _decided(view)
    cells = view["resources"].select("resource", "requires").drop_nulls().iter_rows()
    waiting = {name: [one for one in listed(cell) if one in decided] for name, cell in cells}
    for row, option, resource in view["option_capacity"].select("row", "option", "resource").drop_nulls().iter_rows():
        if waiting.get(resource):
            milestone = waiting[resource][0]
            message = f'"{resource}" waits for the milestone "{milestone}", whose date the plan decides'
            hint = f'name "{milestone}" in `after` of option "{option}", and give the option a resource of its own'
            yield view.problem("E420", "option_capacity", row, "resource", message, seen=resource, hint=hint)


def idle_milestones(view: View) -> Iterator[Problem]:
    """Report milestones that nothing waits for."""
    named = {
        one
        for table, spec in INPUT_TABLES.items()
        for column in spec.columns.values()
        if column.list_of == "milestones" and table in view.frames
        for cell in view[table][column.name].drop_nulls()
        for one in listed(cell)
    }
    for row, name in view["milestones"].select("row", "milestone").drop_nulls().iter_rows():
        if name not in named:
            message = f'nothing requires the milestone "{name}"'
            yield view.problem("W533", "milestones", row, "milestone", message, seen=name)


def idle_options(view: View) -> Iterator[Problem]:
    """Report options that open nothing, or that cannot be in effect within the horizon."""
    used = set(view["option_capacity"]["option"]) | set(view["milestones"]["option"])
    used |= {name for table in ("processes", "lanes", "supplies") for name in view[table]["option"]}
    used |= {one for cell in view["options"]["needs"].drop_nulls() for one in listed(cell)}
    for row in view["options"].drop_nulls("option").iter_rows(named=True):
        if row["option"] not in used:
            message = f'the option "{row["option"]}" adds no capacity and nothing waits for it'
            yield view.problem("W534", "options", row["row"], "option", message, seen=row["option"])
        elif view.timeline is not None and view.end is not None and row["delay_days"] is not None:
            first = max(view.timeline.start, row["order_from"] or view.timeline.start)
            if first + timedelta(days=row["delay_days"]) >= view.end or row["maximum"] == 0:
                message = f'the option "{row["option"]}" can never be in effect within the horizon'
                yield view.problem("W534", "options", row["row"], "delay_days", message, seen=row["delay_days"])


def late_milestones(view: View) -> Iterator[Problem]:
    """Report milestones that cannot be reached within the horizon, capacity aside."""
    waits = _waits(view)
    if view.timeline is None or view.end is None or _circle(waits) is not None:
        return
    rows = {row["milestone"]: row for row in view["milestones"].drop_nulls("milestone").iter_rows(named=True)}
    reached: dict[str, datetime] = {}
    order = TopologicalSorter({node: sorted(waits.get(node, ())) for node in (("milestones", name) for name in rows)})
    for table, name in order.static_order():
        if table == "milestones" and name in rows:
            reached[name] = _reached(rows[name], reached, view.timeline.start)
    for name, row in rows.items():
        if reached[name] >= view.end:
            column = "reached" if row["reached"] else "duration_days" if row["duration_days"] else "earliest"
            message = f'the milestone "{name}" is reached on {reached[name]:%Y-%m-%d}, after the plan ends'
            yield view.problem("W535", "milestones", row["row"], column, message)


def _reached(row: dict[str, object], reached: dict[str, datetime], start: datetime) -> datetime:
    """Return the earliest date of a milestone."""
    if isinstance(row["reached"], datetime):
        return row["reached"]
    days = row["duration_days"] if isinstance(row["duration_days"], float) else 0.0
    earliest = row["earliest"] if isinstance(row["earliest"], datetime) else start
    before = [reached[one] for one in listed(str(row["after"] or "")) if one in reached]
    return max([start, earliest, *before]) + timedelta(days=days)


def loads_of_fixed_milestones(view: View) -> Iterator[Problem]:
    """Report loads of milestones with a fixed date: these are not planned, so that they take nothing."""
    fixed = set(view["milestones"].filter(pl.col("reached").is_not_null())["milestone"])
    for row, name in view["milestone_loads"].select("row", "milestone").drop_nulls().iter_rows():
        if name in fixed:
            message = f'the date of "{name}" is fixed, so that its load is not planned and takes no capacity'
            yield view.problem("W536", "milestone_loads", row, "milestone", message, seen=name)


def uncounted_people(view: View) -> Iterator[Problem]:
    """Report skills that cannot be counted in people."""
    bare = view["resources"].filter(pl.col("skill").is_not_null() & pl.col("capacity_per_person").is_null())
    if ("resources", "capacity_per_person") not in view.flawed:
        for row, skill in bare.select("row", "skill").iter_rows():
            message = f'without capacity_per_person the people of the skill "{skill}" are not counted'
            yield view.problem("W537", "resources", row, "skill", message, seen=skill)
