"""Tables of growth: milestones, investments and people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from ..block import COST
from ..calendar import NEVER, Floats
from ..network import Network
from ..plan.assemble import Model
from ..plan.grown import Grown
from ..tables import RESULT_TABLES, Tables
from ..tables.keys import listed
from .movements import Movements


def milestone_plan(tables: Tables, network: Network, plan: Grown) -> pl.DataFrame:
    """Return the table `milestone_plan`, in the order of the milestones."""
    frame, milestones = tables["milestones"], network.growth.milestones
    rows = []
    for at, row in enumerate(frame.iter_rows(named=True)):
        fixed = row["reached"] is not None
        held_by, holder = (None, None) if fixed else _holder(tables, network, plan, at)
        rows.append(
            {
                "milestone": row["milestone"],
                "kind": row["kind"],
                "site": row["site"],
                "decided": "fixed" if fixed else "decided" if milestones.decided[at] else "determined",
                "begin": None if fixed else _moment(network, int(plan.begin[at])),
                "reached": _moment(network, int(plan.reached[at])),
                "held_by": held_by,
                "holder": holder,
            }
        )
    return _framed("milestone_plan", rows)


def _framed(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(RESULT_TABLES[table].empty().schema))


def _moment(network: Network, seconds: int) -> Any:
    return None if seconds >= NEVER else network.timeline.moment(seconds)


def _holder(tables: Tables, network: Network, plan: Grown, at: int) -> tuple[str | None, str | None]:
    """Return what set the beginning of a milestone: the latest of all that it waited for, if that is the day itself.

    A decided one begins at the beginning of a bucket: what was ready within the bucket before has set it.
    """
    begin = int(plan.begin[at])
    if begin >= NEVER:
        return None, None
    waits = sorted(_waits(tables, network, plan, at, begin), key=lambda one: -one[0])
    latest, held_by, holder = waits[0]
    edges = network.timeline.edges
    forced = int(edges[np.searchsorted(edges, latest)]) if network.growth.milestones.decided[at] else latest
    return (held_by, holder) if forced >= begin else ("plan", None)


def _waits(tables: Tables, network: Network, plan: Grown, at: int, begin: int) -> Iterator[tuple[int, str, str | None]]:
    """Yield instant, kind and id of everything that a milestone waited for."""
    row = tables["milestones"].row(at, named=True)
    number = {name: position for position, name in enumerate(tables["milestones"]["milestone"])}
    for name in listed(row["after"]):
        yield int(plan.reached[number[name]]), "milestone", name
    if row["option"] is not None:
        option = tables["options"]["option"].to_list().index(row["option"])
        effects = network.growth.options.effect[option, np.flatnonzero(plan.bought[option])]
        yield int(effects[effects <= begin].min()), "option", row["option"]
    if row["earliest"] is not None:
        yield network.timeline.seconds(row["earliest"]), "earliest", None
    yield 0, "start", None


def investments(tables: Tables, network: Network, model: Model, plan: Grown) -> pl.DataFrame:
    """Return the table `investments`."""
    options, timeline = network.growth.options, network.timeline
    rows = []
    for option, bucket in zip(*np.nonzero(plan.bought), strict=True):
        number = int(plan.bought[option, bucket])
        rows.append(
            {
                "option": tables["options"]["option"][int(option)],
                "bucket": int(bucket),
                "ordered": timeline.moment(int(timeline.edges[bucket])),
                "effect": timeline.moment(int(options.effect[option, bucket])),
                "until": _moment(network, int(options.until[option, bucket])),
                "quantity": number,
                "cost": float(model.columns["invest"].stages[COST][_column(model, int(option), int(bucket))]) * number,
            }
        )
    return _framed("investments", rows)


def _column(model: Model, option: int, bucket: int) -> int:
    invest = model.columns["invest"]
    return int(np.flatnonzero((invest.entity == option) & (invest.bucket == bucket))[0])


def people(tables: Tables, network: Network, moved: Movements, plan: Grown) -> pl.DataFrame:
    """Return the table `people`: load and capacity over what one person gives, summed by skill and site."""
    resources, count = tables["resources"], network.timeline.count
    counted = resources.with_row_index("at").filter(
        pl.col("skill").is_not_null() & pl.col("capacity_per_person").is_not_null()
    )
    load = network.resources.firm + moved.planned
    sums: dict[tuple[str, str], Floats] = {}
    for at, skill, site in counted.select("at", "skill", "site").iter_rows():
        one = network.growth.person[at]
        gives = np.where(one > 0, one, np.inf)
        pair = np.stack([load[at] / gives, plan.capacity[at] / gives])
        sums[skill, site] = sums.get((skill, site), 0.0) + pair
    rows = [
        {"skill": skill, "site": site, "bucket": t, "needed": float(pair[0, t]), "there": float(pair[1, t])}
        for (skill, site), pair in sorted(sums.items())
        for t in range(count)
    ]
    return _framed("people", rows)
