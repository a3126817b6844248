"""Work shares as arrays: which runs count, in what measure, in which period, and what firm runs add."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from ..agreements import WorkShares
from ..calendar import NEVER, Floats, Ints, Timeline
from ..network import Bools
from ..tables import Tables
from ..units import in_programme_currency
from .fixed import firm_loads
from .index import floats, positions

# Resources of these kinds, in these units, are hours of work.
WORKING = ("machine", "people")
HOURS = ("h", "hour", "hours")


def made_items(tables: Tables, frame: pl.DataFrame) -> Bools:
    """Return (row, process) whether a process makes an item that the row's `item` or `family` covers."""
    processes = tables["processes"]["process"]
    outputs = tables["flows"].filter(pl.col("quantity") > 0).join(tables["items"], on="item", how="left")
    result = np.ones((frame.height, len(processes)), dtype=bool)
    for row, (item, family) in enumerate(frame.select("item", "family").iter_rows()):
        wanted = {"item": item} if item is not None else {"family": family}
        if item is not None or family is not None:
            result[row] = processes.is_in(outputs.filter(**wanted)["process"].implode()).to_numpy()
    return result


def _own_sites(tables: Tables) -> Bools:
    """Return (share, site) whether a site is the partner's."""
    sites = tables["sites"]
    rows = [
        (sites["party"] == party if party is not None else sites["country"] == country).fill_null(False).to_numpy()
        for party, country in tables["shares"].select("party", "country").iter_rows()
    ]
    return np.array(rows, dtype=bool).reshape(len(rows), sites.height)


def _value(tables: Tables, timeline: Timeline, rates: dict[str, float]) -> Floats:
    """Return (process, bucket) the value that a run adds; less than nothing counts as nothing."""
    processes, flows, items = tables["processes"], tables["flows"], tables["items"]
    of_process = positions(flows["process"], processes["process"])
    unit = in_programme_currency(items["unit_value"], items["currency"], rates)
    quantity = floats(flows["quantity"], 0.0)
    good = np.where(quantity > 0, floats(processes["yield_rate"], 1.0)[of_process], 1.0)
    worth = quantity * good * unit[positions(flows["item"], items["item"])]
    first = timeline.first_open(timeline.seconds_of(flows["start_from"], -NEVER))[:, None]
    until = timeline.first_open(timeline.seconds_of(flows["start_until"], NEVER))[:, None]
    bucket = np.arange(timeline.count)
    added = np.zeros((processes.height, timeline.count))
    np.add.at(added, of_process, np.where((first <= bucket) & (bucket < until), worth[:, None], 0.0))
    said = in_programme_currency(processes["work_value"], processes["currency"], rates)
    given = processes["work_value"].is_not_null().to_numpy()
    return np.where(given[:, None], said[:, None], np.maximum(added, 0.0))


def _periods(tables: Tables, timeline: Timeline) -> Ints:
    """Return (share, bucket) the period of each bucket: the horizon, or the calendar year in which it begins."""
    frame, starts = tables["shares"], timeline.edges[:-1]
    first = timeline.seconds_of(frame["start"], -NEVER)[:, None]
    until = timeline.seconds_of(frame["end"], NEVER)[:, None]
    year = np.array([timeline.moment(int(edge)).year for edge in starts]) - timeline.start.year
    number = np.where((frame["per"] == "year").to_numpy()[:, None], year, 0)
    return np.where((first <= starts) & (starts < until), number, -1).astype(np.int64)


def _by_period(period: Ints, work: Floats) -> Floats:
    """Return (share, period) the sums of work (share, bucket)."""
    result = np.zeros((len(period), int(period.max(initial=-1)) + 1))
    share, bucket = np.nonzero(period >= 0)
    np.add.at(result, (share, period[share, bucket]), work[share, bucket])
    return result


def _firm_value(tables: Tables, timeline: Timeline, value: Floats) -> Floats:
    """Return (process, bucket) the value that firm runs add, in the bucket in which they start."""
    wip = tables["wip"]
    process = positions(wip["process"], tables["processes"]["process"])
    bucket = timeline.bucket_of(timeline.seconds_of(wip["started"], 0))
    inside = np.flatnonzero((bucket >= 0) & (bucket < timeline.count))
    process, bucket = process[inside], bucket[inside]
    result = np.zeros(value.shape)
    np.add.at(result, (process, bucket), floats(wip["quantity"], 0.0)[inside] * value[process, bucket])
    return result


def work_shares(tables: Tables, timeline: Timeline, rates: dict[str, float], load_resource: Ints) -> WorkShares:
    """Return the work shares of a programme.

    Parameters
    ----------
    rates : what one unit of each currency is worth
    load_resource : (load,) resource of every load
    """
    frame, resources = tables["shares"], tables["resources"]
    scope, sites = made_items(tables, frame), _own_sites(tables)
    own = sites[:, positions(tables["processes"]["site"], tables["sites"]["site"])]
    by_value = (frame["measure"] == "value").to_numpy()
    working = resources["kind"].is_in(list(WORKING)) & resources["unit"].str.to_lowercase().is_in(list(HOURS))
    hours = ~by_value[:, None] & working.to_numpy()
    own_hours = hours & sites[:, positions(resources["site"], tables["sites"]["site"])]
    value, tolerance = _value(tables, timeline, rates), floats(frame["tolerance"], 0.0)
    firm_value = _firm_value(tables, timeline, value)
    firm_all, firm_own = (np.zeros((frame.height, timeline.count)) for _ in range(2))
    for row in range(frame.height):
        if by_value[row]:
            firm_all[row], firm_own[row] = scope[row] @ firm_value, (scope[row] & own[row]) @ firm_value
        else:
            taken = firm_of(tables, timeline, load_resource, scope[row])
            firm_all[row], firm_own[row] = hours[row] @ taken, own_hours[row] @ taken
    period = _periods(tables, timeline)
    return WorkShares(
        least=floats(frame["minimum"], -np.inf) - tolerance,
        most=floats(frame["maximum"], np.inf) + tolerance,
        period=period,
        scope=scope,
        own=own,
        hours=hours,
        own_hours=own_hours,
        by_value=by_value,
        value=value,
        firm_all=_by_period(period, firm_all),
        firm_own=_by_period(period, firm_own),
    )


def firm_of(tables: Tables, timeline: Timeline, load_resource: Ints, chosen: Bools) -> Floats:
    """Return (resource, bucket) what firm runs of the chosen processes (process,) take."""
    wip = tables["wip"]
    mine = chosen[positions(wip["process"], tables["processes"]["process"])] if wip.height else np.zeros(0, dtype=bool)
    kept = replace(tables, frames={**tables.frames, "wip": wip.filter(pl.Series(mine, dtype=pl.Boolean))})
    return firm_loads(kept, timeline, load_resource)
