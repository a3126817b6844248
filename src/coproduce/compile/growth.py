"""Compiles growth: dates of milestones, what waits for decided ones, options and overtime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..calendar import DAY, NEVER, Floats, Ints, Timeline
from ..growth import Bools, Gates, Growth, Milestones, Openings, Options
from ..tables import Tables
from ..tables.keys import listed
from .amounts import Integrals, Opening, amounts, ramp_steps, stepped, windowed_amounts
from .index import floats, positions, seconds_of_days
from .milestones import Dated, dated

# Where determined milestones act: the column whose date they may put off.
_DATES = {
    "processes": "start_from",
    "lanes": "start_from",
    "supplies": "order_from",
    "resources": "available_from",
    "demands": "earliest",
}


def put_off(tables: Tables, timeline: Timeline) -> Tables:
    """Return the tables with determined milestones turned into later opening dates of what requires them."""
    if tables["milestones"].is_empty():
        return tables
    milestones = dated(tables, timeline)
    day = {
        name: timeline.moment(int(at))
        for name, at, free in zip(
            tables["milestones"]["milestone"], milestones.reached, milestones.decided, strict=True
        )
        if not free
    }
    changed = {}
    for table, column in _DATES.items():
        frame = tables[table]
        if frame["requires"].null_count() < len(frame):
            latest = [max((day[n] for n in listed(cell) if n in day), default=None) for cell in frame["requires"]]
            opens = pl.max_horizontal(pl.col(column), pl.Series(latest, dtype=frame.schema[column]))
            changed[table] = frame.with_columns(opens.alias(column))
    return replace(tables, frames={**tables.frames, **changed})


@dataclass(frozen=True)
class Waiting:
    """What several parts of growth are made from; `tables` with determined milestones already in their dates.

    `money` converts a column of a table to the programme's currency.
    """

    tables: Tables
    timeline: Timeline
    integrals: Integrals
    milestones: Dated
    money: Callable[[pl.DataFrame, str], Floats]

    def decided_in(self, cell: str | None) -> list[int]:
        """Return the decided milestones that a cell lists."""
        return sorted({at for at in self.milestones.listed(cell) if self.milestones.decided[at]})

    def option_of(self, name: str | None) -> int:
        """Return the number of an option; -1 for none."""
        return int(positions(pl.Series([name], dtype=pl.String), self.tables["options"]["option"])[0])


def growth(waiting: Waiting, arc_lane: Ints) -> Growth:
    """Return the growth of a programme."""
    tables, timeline = waiting.tables, waiting.timeline
    resources, processes = tables["resources"], tables["processes"]
    usual = floats(resources["efficiency"], 1.0)
    extra = floats(resources["overtime_capacity"], 0.0) * usual
    plain = resources.with_columns(ramp=pl.lit(None, dtype=pl.String))
    openings, opening_gates = _openings(waiting)
    return Growth(
        milestones=_milestones(waiting),
        options=_options(waiting),
        openings=openings,
        gates=_gates(waiting, arc_lane) | {"opening": opening_gates},
        overtime=windowed_amounts(tables, timeline, waiting.integrals, plain, extra),
        overtime_cost=waiting.money(resources, "overtime_cost"),
        full_rate=amounts(
            timeline,
            waiting.integrals,
            processes["rate_per"],
            processes["calendar"],
            floats(processes["rate_limit"], np.inf),
        ),
        full_capacity=_by_calendar(waiting, floats(resources["capacity"], 0.0) * usual),
        person=_by_calendar(waiting, floats(resources["capacity_per_person"], np.nan) * usual),
    )


def _by_calendar(waiting: Waiting, limit: Floats) -> Floats:
    """Return (resource, bucket) amounts of `limit` under the calendars alone."""
    frame = waiting.tables["resources"]
    return amounts(waiting.timeline, waiting.integrals, frame["capacity_per"], frame["calendar"], limit)


def decided_resources(waiting: Waiting) -> Bools:
    """Return (resource,) whether it waits for a decided milestone."""
    return np.array([bool(waiting.decided_in(cell)) for cell in waiting.tables["resources"]["requires"]], dtype=bool)


def waiting_demands(waiting: Waiting) -> Bools:
    """Return (demand,) whether it waits for a decided milestone."""
    return np.array([bool(waiting.decided_in(cell)) for cell in waiting.tables["demands"]["requires"]], dtype=bool)


def _milestones(waiting: Waiting) -> Milestones:
    tables, timeline, known = waiting.tables, waiting.timeline, waiting.milestones
    loads = tables["milestone_loads"]
    milestone = positions(loads["milestone"], tables["milestones"]["milestone"])
    kept = known.decided[milestone] & (loads["quantity"] > 0).to_numpy()
    return Milestones(
        begin=known.begin,
        reached=known.reached,
        decided=known.decided,
        duration=known.duration,
        allowed=known.decided[:, None] & (timeline.edges[:-1] >= known.not_before[:, None]),
        load_milestone=milestone[kept],
        load_resource=positions(loads["resource"], tables["resources"]["resource"])[kept],
        load_quantity=floats(loads["quantity"], 0.0)[kept],
    )


def _options(waiting: Waiting) -> Options:
    tables, timeline = waiting.tables, waiting.timeline
    frame, edges, known = tables["options"], timeline.edges, waiting.milestones
    effect = edges[None, :-1] + seconds_of_days(floats(frame["delay_days"], 0.0))[:, None]
    lasting = floats(frame["duration_days"], np.nan)
    until = np.where(np.isnan(lasting)[:, None], NEVER, effect + seconds_of_days(np.nan_to_num(lasting))[:, None])
    reached = [max((int(known.reached[a]) for a in known.listed(cell) if not known.decided[a]), default=-NEVER)
               for cell in frame["after"]]  # fmt: skip
    first = np.maximum(timeline.seconds_of(frame["order_from"], -NEVER), np.array(reached, dtype=np.int64))
    last = timeline.seconds_of(frame["order_until"], NEVER)
    days = np.maximum(np.minimum(until, timeline.horizon) - effect, 0) / DAY
    lines = tables["option_capacity"]
    option = positions(lines["option"], frame["option"])
    return Options(
        maximum=frame["maximum"].to_numpy().astype(np.int64),
        effect=effect,
        until=until,
        allowed=(edges[:-1] >= first[:, None]) & (edges[:-1] < last[:, None]),
        cost=waiting.money(frame, "cost")[:, None] + waiting.money(frame, "running_cost")[:, None] * days,
        line_option=option,
        line_resource=positions(lines["resource"], tables["resources"]["resource"]),
        line_capacity=_added(waiting, lines, effect[option], until[option]),
        line_plain=_added(waiting, lines, effect[option], until[option], plain=True),
        line_full=_added_throughout(waiting, lines),
    )


def _added(waiting: Waiting, lines: pl.DataFrame, effect: Ints, until: Ints, *, plain: bool = False) -> Floats:
    """Return (line, bucket of the order, bucket) what one option adds; `plain`: without ramp and resource's window."""
    timeline, resources = waiting.timeline, waiting.tables["resources"]
    count = timeline.count
    result = np.zeros((len(lines), count, count))
    starts = timeline.seconds_of(resources["available_from"], -NEVER)
    ends = timeline.seconds_of(resources["available_until"], NEVER)
    usual, calendars = floats(resources["efficiency"], 1.0), resources["calendar"].to_list()
    steps = ramp_steps(waiting.tables)
    own = positions(lines["resource"], resources["resource"]).tolist()
    for line, (row, resource) in enumerate(zip(lines.iter_rows(named=True), own, strict=True)):
        integral = waiting.integrals.of(row["capacity_per"], calendars[resource])
        for ordered in range(count):
            first, last = int(effect[line, ordered]), int(until[line, ordered])
            inside = (first, last) if plain else (max(first, int(starts[resource])), min(last, int(ends[resource])))
            unit = stepped(timeline, integral, steps(None if plain else row["ramp"]), Opening(first, *inside))
            result[line, ordered] = row["capacity"] * usual[resource] * unit
    return result


def _added_throughout(waiting: Waiting, lines: pl.DataFrame) -> Floats:
    """Return (line, bucket) what one option adds while it is in effect."""
    resources = waiting.tables["resources"]
    own = positions(lines["resource"], resources["resource"])
    usual = floats(resources["efficiency"], 1.0)[own]
    calendar = resources["calendar"].gather(own.tolist())
    limit = floats(lines["capacity"], 0.0) * usual
    return amounts(waiting.timeline, waiting.integrals, lines["capacity_per"], calendar, limit)


def _gates(waiting: Waiting, arc_lane: Ints) -> dict[str, Gates]:
    """Return what waits for what, by kind of column."""
    tables = waiting.tables
    lanes = _pairs(waiting, "lanes", "requires", "option")
    arcs = [(a, m, o) for e, m, o in lanes for a in np.flatnonzero(arc_lane == e).tolist()]
    overtime = [
        one for one in _pairs(waiting, "resources", "requires") if tables["resources"]["overtime_capacity"][one[0]]
    ]
    found = {
        "run": _pairs(waiting, "processes", "requires", "option"),
        "ship": arcs,
        "buy": _pairs(waiting, "supplies", "requires", "option"),
        "deliver": _pairs(waiting, "demands", "requires"),
        "overtime": overtime,
        "begin": [
            one for one in _pairs(waiting, "milestones", "after", "option") if waiting.milestones.decided[one[0]]
        ],
        "invest": _pairs(waiting, "options", "after", needs="needs"),
    }
    return {kind: _as_gates(pairs) for kind, pairs in found.items()}


def _as_gates(pairs: list[tuple[int, int, int]]) -> Gates:
    columns = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 3)
    return Gates(columns[:, 0], columns[:, 1], columns[:, 2])


def _pairs(
    waiting: Waiting, table: str, milestones: str, option: str = "", needs: str = ""
) -> list[tuple[int, int, int]]:
    """Return (entity, milestone, option) for every decided milestone and option that a row waits for."""
    frame = waiting.tables[table]
    found = [(row, m, -1) for row, cell in enumerate(frame[milestones]) for m in waiting.decided_in(cell)]
    if option:
        found += [(row, -1, waiting.option_of(name)) for row, name in enumerate(frame[option]) if name is not None]
    if needs:
        found += [(row, -1, waiting.option_of(name)) for row, cell in enumerate(frame[needs]) for name in listed(cell)]
    return found


def _openings(waiting: Waiting) -> tuple[Openings, Gates]:
    """Return what opens by decision, and what each of it waits for."""
    tables = waiting.tables
    resources, ramped = np.flatnonzero(decided_resources(waiting)), tables["processes"]["ramp"].is_not_null().to_numpy()
    waits = _pairs(waiting, "processes", "requires", "option")
    processes = [p for p in sorted({one[0] for one in waits}) if ramped[p]]
    found = [_amounts(waiting, "resources", int(r)) for r in resources]
    found += [_amounts(waiting, "processes", p) for p in processes]
    number = {p: len(resources) + at for at, p in enumerate(processes)}
    place = {int(r): at for at, r in enumerate(resources)}
    pairs = [(place[r], m, o) for r, m, o in _pairs(waiting, "resources", "requires")]
    pairs += [(number[p], m, o) for p, m, o in waits if p in number]
    none = np.full(len(processes), -1, dtype=np.int64)
    count = waiting.timeline.count
    return Openings(
        resource=np.concatenate([resources, none]).astype(np.int64),
        process=np.concatenate([np.full(len(resources), -1), processes]).astype(np.int64),
        amount=np.array(found).reshape(-1, count, count),
    ), _as_gates(pairs)


def _amounts(waiting: Waiting, table: str, row: int) -> Floats:
    """Return (bucket opened, bucket) the amount of a resource or process that opens at the start of a bucket."""
    timeline, cells = waiting.timeline, waiting.tables[table].row(row, named=True)
    resource = table == "resources"
    limit = cells["capacity"] * cells["efficiency"] if resource else cells["rate_limit"]
    integral = waiting.integrals.of(cells["capacity_per" if resource else "rate_per"], cells["calendar"])
    opens, closes = ("available_from", "available_until") if resource else ("start_from", None)
    first = timeline.seconds(cells[opens]) if cells[opens] is not None else -NEVER
    last = timeline.seconds(cells[closes]) if closes and cells[closes] is not None else NEVER
    steps = ramp_steps(waiting.tables)(cells["ramp"])
    rows = []
    for edge in timeline.edges[:-1].tolist():
        opening = Opening(max(edge, first), max(edge, first), last)
        rows.append((np.inf if limit is None else limit) * stepped(timeline, integral, steps, opening))
    return np.array(rows)
