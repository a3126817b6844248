"""What has not grown yet and could be lifted upstream of a demand: milestones awaited, and options not bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..calendar import Floats, Ints
from ..compile import compile_network
from ..network import Bools, Network
from ..plan.grown import Grown, grown_with, open_in_plan, rate_in_plan
from ..tables import Tables
from ..tables.keys import listed
from .lift import Lift
from .opened import Open
from .upstream import Upstream

_WAITING = ("processes", "lanes", "supplies", "resources")


@dataclass(frozen=True)
class _Possible:
    """What a network and the growth of a plan make possible.

    Attributes
    ----------
    columns : by kind, (entity, bucket) whether it may be used
    amounts : by group of rows, (entity, bucket) what they allow
    """

    columns: dict[str, Bools]
    amounts: dict[str, Floats]

    @classmethod
    def of(cls, network: Network, plan: Grown) -> _Possible:
        """Return what is possible."""
        processes, lanes, bucket = network.processes, network.lanes, np.arange(network.timeline.count)
        lane = (bucket >= lanes.first[:, None]) & (bucket < lanes.until[:, None]) & (lanes.amount > 0)
        columns = {
            "run": (bucket >= processes.first[:, None]) & (bucket < processes.until[:, None]),
            "ship": lane[lanes.arc_lane],
            "buy": network.supplies.amount > 0,
        }
        columns = {kind: part & open_in_plan(network, plan, kind, len(part)) for kind, part in columns.items()}
        amounts = {
            "capacity": plan.capacity,
            "rate": rate_in_plan(network, plan),
            "offer": network.supplies.amount,
        }
        return cls(columns, amounts)


@dataclass(frozen=True)
class Otherwise:
    """What would be possible if one milestone had been reached, or one more of an option bought; and its cell."""

    kind: str
    table: str
    row: int
    column: str
    then: _Possible


@dataclass(frozen=True)
class Growing:
    """What the plan makes possible, and what it would otherwise; the same for all demands."""

    now: _Possible
    otherwise: tuple[Otherwise, ...]


def growing(tables: Tables, opened: Open) -> Growing:
    """Return what every milestone that something requires, and every option that may still be bought, would change."""
    now = _Possible.of(opened.variants.network, opened.plan)
    return Growing(now, (*_milestones(tables, opened), *_options(opened)))


def _milestones(tables: Tables, opened: Open) -> Iterator[Otherwise]:
    asked = {name for table in _WAITING for cell in tables[table]["requires"] for name in listed(cell)}
    for row, (name, reached) in enumerate(tables["milestones"].select("milestone", "reached").iter_rows()):
        if name in asked:
            column = "duration_days" if reached is None else "reached"
            yield Otherwise("milestone", "milestones", row, column, _without(tables, opened, row, name))


def _options(opened: Open) -> Iterator[Otherwise]:
    network, plan = opened.variants.network, opened.plan
    options = network.growth.options
    for row in np.flatnonzero(plan.bought.sum(axis=1) < options.maximum).tolist():
        allowed = np.flatnonzero(options.allowed[row])
        if len(allowed):
            more = plan.bought.copy()
            more[row, allowed[0]] += 1
            then = _Possible.of(network, grown_with(network, plan, plan.reached, more))
            yield Otherwise("option", "options", row, "cost", then)


def growth_lifts(opened: Open, above: Upstream, growing: Growing) -> Iterator[Lift]:
    """Yield every milestone and option that makes more possible upstream."""
    for one in growing.otherwise:
        lift = _lift(opened, above, growing.now, one.then)
        if len(lift.columns) or len(lift.rows):
            yield replace(lift, kind=one.kind, table=one.table, row=one.row, column=one.column, entity=one.row)


def _without(tables: Tables, opened: Open, row: int, name: str) -> _Possible:
    """Return what would be possible if a milestone had been reached from the start."""
    network, plan = opened.variants.network, opened.plan
    if network.growth.milestones.decided[row]:
        reached = plan.reached.copy()
        reached[row] = 0
        return _Possible.of(network, grown_with(network, plan, reached, plan.bought))
    free = compile_network(_not_required(tables, name))
    return _Possible.of(free, grown_with(free, plan, plan.reached, plan.bought))


def _not_required(tables: Tables, name: str) -> Tables:
    """Return the tables in which nothing but other milestones waits for a milestone."""
    changed = {}
    for table in _WAITING:
        cells = ["; ".join(one for one in listed(cell) if one != name) or None for cell in tables[table]["requires"]]
        changed[table] = tables[table].with_columns(requires=pl.Series(cells, dtype=pl.String))
    return replace(tables, frames={**tables.frames, **changed})


def _lift(opened: Open, above: Upstream, now: _Possible, then: _Possible) -> Lift:
    """Return the bounds that change when more becomes possible, upstream of the demand."""
    members = {"run": above.process, "ship": above.arc, "buy": above.supply}
    owners = {"capacity": above.resource, "rate": above.process, "offer": above.supply}
    columns = [
        opened.columns(kind, *np.nonzero(then.columns[kind] & ~now.columns[kind] & own[:, None]))
        for kind, own in members.items()
    ]
    rows: list[Ints] = []
    upper: list[Floats] = []
    for group, own in owners.items():
        before, after = now.amounts[group], then.amounts[group]
        entity, bucket = np.nonzero((after > before) & own[:, None])
        at = opened.rows(group, entity, bucket)
        rows.append(at)
        # Of capacity, what firm runs and set-ups take stays taken.
        gain = np.where(np.isfinite(after), after - np.where(np.isfinite(after), before, 0.0), np.inf)[entity, bucket]
        upper.append(np.where(np.isfinite(opened.row_upper[at]), opened.row_upper[at] + gain, np.inf))
    every = np.concatenate(columns)
    order, row = np.argsort(every), np.concatenate(rows)
    by_row = np.argsort(row)
    return Lift(
        kind="", table="", row=-1, column="", entity=-1,
        columns=every[order], upper=np.full(len(every), np.inf),
        rows=row[by_row], row_upper=np.concatenate(upper)[by_row],
    )  # fmt: skip
