"""The replay of resources: what firm and planned runs take of them in every bucket."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..tables import Tables
from .arrays import Floats, Ints, floats, positions, total
from .capacity import Rates, amounts
from .clock import ALWAYS, NEVER, Clock, lead_seconds
from .replay import CHUNK, lines_of_runs, wip_times
from .rows import PlanRows
from .shares import load_shares, overlap_shares


@dataclass(frozen=True)
class ResourceUse:
    """Resource units per resource and bucket, (resources, buckets) each.

    Attributes
    ----------
    capacity : after calendar, efficiency and availability
    firm, planned : taken by runs under way and firm runs, and by planned runs
    run, resource, inside : (loads,) one element per planned run and load of it: the position of the run, the
        resource and the resource units that fall inside the horizon
    """

    capacity: Floats
    firm: Floats
    planned: Floats
    run: Ints
    resource: Ints
    inside: Floats


@dataclass(frozen=True)
class _Loads:
    """The loads table as arrays, (loads,) each; `until` is -1 for the end of the run."""

    process: Ints
    resource: Ints
    units: Floats
    begin: Ints
    until: Ints

    @classmethod
    def of(cls, tables: Tables) -> _Loads:
        loads = tables["loads"]
        until = lead_seconds(floats(loads["until_days"]))
        return cls(
            process=positions(loads["process"], tables["processes"]["process"]),
            resource=positions(loads["resource"], tables["resources"]["resource"]),
            units=floats(loads["quantity"]),
            begin=lead_seconds(floats(loads["from_days"])),
            until=np.where(loads["until_days"].is_null(), -1, until),
        )


def _capacity(tables: Tables, clock: Clock, rates: Rates) -> Floats:
    resources = tables["resources"]
    window = (
        clock.seconds(resources["available_from"], ALWAYS),
        clock.seconds(resources["available_until"], NEVER),
    )
    rate = floats(resources["capacity"]) * floats(resources["efficiency"], 1.0)
    return amounts(rates, clock, rate, resources["capacity_per"], resources["calendar"], window)


def _firm(tables: Tables, clock: Clock, loads: _Loads) -> Floats:
    process, started, ended = wip_times(tables, clock)
    quantity = floats(tables["wip"]["quantity"])
    run, load = lines_of_runs(loads.process, len(tables["processes"]), process)
    begin = started[run] + loads.begin[load]
    end = np.where(loads.until[load] < 0, ended[run], started[run] + loads.until[load])
    shares = overlap_shares(clock, begin, end)
    amount = (quantity[run] * loads.units[load])[shares.pair] * shares.share
    where = loads.resource[load[shares.pair]] * clock.count + shares.bucket
    return total(len(tables["resources"]) * clock.count, where, amount).reshape(-1, clock.count)


def _planned(tables: Tables, clock: Clock, plan: PlanRows, loads: _Loads) -> tuple[Floats, Ints, Ints, Floats]:
    """Return the planned load by resource and bucket and, per run and load, what falls inside the horizon."""
    lead = lead_seconds(floats(tables["processes"]["lead_days"]))[loads.process]
    until = np.where(loads.until < 0, lead, loads.until)
    spread, spread_of = np.unique(np.stack([loads.begin, until]), axis=1, return_inverse=True)
    runs = plan.runs
    run, load = lines_of_runs(loads.process, len(tables["processes"]), runs.entity)
    amount, inside = runs.quantity[run] * loads.units[load], np.zeros(len(run))
    flat = np.zeros(len(tables["resources"]) * clock.count)
    for first in range(0, len(run), CHUNK):
        part = slice(first, first + CHUNK)
        key = spread_of.ravel()[load[part]] * clock.count + runs.bucket[run[part]]
        pairs, pair = np.unique(key, return_inverse=True)
        interval, bucket = np.divmod(pairs, clock.count)
        shares = load_shares(clock, bucket, spread[0][interval], spread[1][interval])
        inside[part] = amount[part] * shares.inside()[pair]
        event, there, share = shares.spread(pair)
        np.add.at(flat, loads.resource[load[part]][event] * clock.count + there, amount[part][event] * share)
    return flat.reshape(-1, clock.count), run, loads.resource[load], inside


def resource_use(tables: Tables, clock: Clock, rates: Rates, plan: PlanRows) -> ResourceUse:
    """Carry out the plan's runs and the firm ones on the resources."""
    loads = _Loads.of(tables)
    planned, run, resource, inside = _planned(tables, clock, plan, loads)
    return ResourceUse(
        capacity=_capacity(tables, clock, rates),
        firm=_firm(tables, clock, loads),
        planned=planned,
        run=run,
        resource=resource,
        inside=inside,
    )
