"""The work that counts for a work share, bucket by bucket, in value or in hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from .arrays import Bools, Floats, Ints, floats, positions
from .case import Case
from .clock import ALWAYS, NEVER, Clock
from .loads import unlearned_use
from .money import converted
from .replay import wip_times

Row = dict[str, object]
Span = npt.NDArray[np.int64]
_HOURS = ("h", "hour", "hours")


def spans_of(clock: Clock, row: Row) -> Iterator[Span]:
    """Yield the buckets of each period of a work share: those that begin in its window, together or by year."""
    dates = pl.Series([row["start"], row["end"]], dtype=pl.Datetime("us"))
    begin, end = clock.seconds(dates[:1], ALWAYS)[0], clock.seconds(dates[1:], NEVER)[0]
    inside = np.flatnonzero((clock.edges[:-1] >= begin) & (clock.edges[:-1] < end)).astype(np.int64)
    years = np.array([clock.moment(int(clock.edges[t])).year if row["per"] == "year" else 0 for t in inside])
    for year in np.unique(years):
        yield inside[years == year]


def _makers(case: Case, row: Row) -> Bools:
    """Tell which processes make what a work share is about."""
    outputs = case.tables["flows"].filter(pl.col("quantity") > 0)
    if row["item"] is not None:
        outputs = outputs.filter(item=row["item"])
    elif row["family"] is not None:
        family = case.tables["items"].filter(family=row["family"])["item"]
        outputs = outputs.filter(pl.col("item").is_in(family.implode()))
    else:
        return np.ones(len(case.tables["processes"]), dtype=bool)
    return case.tables["processes"]["process"].is_in(outputs["process"].implode()).to_numpy()


def _partners(case: Case, row: Row, site: pl.Series) -> Bools:
    """Tell which sites are the partner's."""
    column = "party" if row["party"] is not None else "country"
    of = dict(case.tables["sites"].select("site", column).iter_rows())
    return np.array([of[name] == row[column] for name in site], dtype=bool)


def work_done(case: Case, row: Row, *, own: bool) -> Floats:
    """Return (buckets,) the work of planned and firm runs in the scope of a share, of all or at the partner's sites."""
    processes = case.tables["processes"]
    chosen = _makers(case, row)
    if row["measure"] == "value":
        if own:
            chosen &= _partners(case, row, processes["site"])
        return _value(case, chosen)
    return _hours(case, row, chosen, own=own)


def _value(case: Case, chosen: Bools) -> Floats:
    added, runs, clock = _added(case), case.plan.runs, case.clock
    result = np.zeros(clock.count)
    np.add.at(result, runs.bucket, runs.quantity * added[runs.entity, runs.bucket] * chosen[runs.entity])
    process, started, _ = wip_times(case.tables, clock)
    bucket = clock.bucket(started)
    inside = np.flatnonzero((bucket >= 0) & (bucket < clock.count) & chosen[process])
    quantity = floats(case.tables["wip"]["quantity"])[inside]
    np.add.at(result, bucket[inside], quantity * added[process[inside], bucket[inside]])
    return result


def _added(case: Case) -> Floats:
    """Return the value that a run started in each bucket adds, (processes, buckets)."""
    processes, flows, items = case.tables["processes"], case.tables["flows"], case.tables["items"]
    process, item = positions(flows["process"], processes["process"]), positions(flows["item"], items["item"])
    quantity, worth = floats(flows["quantity"]), converted(case.tables, "items", "unit_value")
    good = np.where(quantity > 0, floats(processes["yield_rate"], 1.0)[process], 1.0)
    starts = case.clock.edges[:-1]
    first, until = case.clock.seconds(flows["start_from"], ALWAYS), case.clock.seconds(flows["start_until"], NEVER)
    holds = (first[:, None] <= starts) & (starts < until[:, None])
    added = np.zeros((len(processes), case.clock.count))
    np.add.at(added, process, (quantity * good * worth[item])[:, None] * holds)
    said = converted(case.tables, "processes", "work_value")
    given = processes["work_value"].is_not_null().to_numpy()
    return np.where(given[:, None], said[:, None], np.maximum(added, 0.0))


def _hours(case: Case, row: Row, chosen: Bools, *, own: bool) -> Floats:
    resources = case.tables["resources"]
    working = [
        kind in ("machine", "people") and unit.strip().lower() in _HOURS
        for kind, unit in resources.select("kind", "unit").iter_rows()
    ]
    counted = np.array(working, dtype=bool)
    if own:
        counted &= _partners(case, row, resources["site"])
    planned, firm = taken_by(case, chosen)
    work: Floats = (planned + firm)[counted].sum(axis=0)
    return work


def taken_by(case: Case, chosen: Bools) -> tuple[Floats, Floats]:
    """Return what planned and firm runs of some processes take before learning, (resources, buckets) each."""
    runs, wip = case.plan.runs, case.tables["wip"]
    kept = np.flatnonzero(chosen[runs.entity])
    process: Ints = positions(wip["process"], case.tables["processes"]["process"])
    firm = wip.filter(pl.Series(chosen[process], dtype=pl.Boolean))
    mine = replace(
        runs,
        at=runs.at[kept],
        entity=runs.entity[kept],
        bucket=runs.bucket[kept],
        quantity=runs.quantity[kept],
        lots=runs.lots[kept],
    )
    tables = replace(case.tables, frames={**case.tables.frames, "wip": firm})
    return unlearned_use(tables, case.clock, replace(case.plan, runs=mine))
