"""The replay of resources: what firm and planned runs take of them in every bucket."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Bools, Floats, Ints, floats, positions, total
from .capacity import Rates, amounts
from .clock import Clock, lead_seconds
from .grown import capacity_in_force, milestone_loads, most_overtime
from .growth import Growth
from .learning import Learned
from .lots import LotSizes
from .replay import lines_of_runs, wip_times
from .rows import PlanRows
from .shares import Shares, batches, load_shares, overlap_shares


@dataclass(frozen=True)
class ResourceUse:
    """Resource units per resource and bucket, (resources, buckets) each.

    Attributes
    ----------
    capacity : after calendar, efficiency and availability, milestones, ramps and options
    firm, planned : taken by runs under way and firm runs, and by planned runs, joint set-ups and milestones
    reaching, set_up : taken by milestones alone, and by joint set-ups alone
    overtime, most_overtime : what the plan says is worked, and what may be
    person : what one person gives; NaN where people are not counted
    run, resource, inside : (loads,) one element per planned run and load of it: the position of the run, the
        resource and the resource units that fall inside the horizon
    learned : the loads that fall with cumulative runs
    """

    capacity: Floats
    firm: Floats
    planned: Floats
    reaching: Floats
    set_up: Floats
    overtime: Floats
    most_overtime: Floats
    person: Floats
    run: Ints
    resource: Ints
    inside: Floats
    learned: Learned


@dataclass(frozen=True)
class _Loads:
    """The loads table as arrays, (loads,) each, and its distinct intervals.

    Attributes
    ----------
    begin, until : seconds after the start of a planned run
    to_end : whether the load lasts until the end of the run
    setup : resource units per lot
    interval : position in `intervals`, (3, intervals): the distinct begins and untils, and whether it is of lots
    """

    process: Ints
    resource: Ints
    units: Floats
    setup: Floats
    begin: Ints
    until: Ints
    to_end: Bools
    interval: Ints
    intervals: Ints

    @classmethod
    def of(cls, tables: Tables) -> _Loads:
        loads, processes = tables["loads"], tables["processes"]
        process = positions(loads["process"], processes["process"])
        begin = lead_seconds(floats(loads["from_days"]))
        to_end = loads["until_days"].is_null().to_numpy()
        run_end = lead_seconds(floats(processes["lead_days"]))[process]
        until = np.where(to_end, run_end, lead_seconds(floats(loads["until_days"])))
        together = LotSizes.of(tables, "processes").together[process].astype(np.int64)
        intervals, interval = np.unique(np.stack([begin, until, together]), axis=1, return_inverse=True)
        return cls(
            process=process,
            resource=positions(loads["resource"], tables["resources"]["resource"]),
            units=floats(loads["quantity"]),
            setup=floats(loads["setup_quantity"]),
            begin=begin,
            until=until,
            to_end=to_end,
            interval=interval.ravel(),
            intervals=intervals,
        )


def _person(tables: Tables, clock: Clock, rates: Rates) -> Floats:
    resources = tables["resources"]
    rate = floats(resources["capacity_per_person"], np.nan) * floats(resources["efficiency"], 1.0)
    given = amounts(rates, clock, rate, resources["capacity_per"], resources["calendar"])
    return np.where(np.isnan(rate)[:, None], np.nan, given)


def _overtime(tables: Tables, clock: Clock, load: pl.DataFrame) -> Floats:
    """Return the overtime that the load table says is worked."""
    result = np.zeros((len(tables["resources"]), clock.count))
    at, bucket = positions(load["resource"], tables["resources"]["resource"]), load["bucket"].to_numpy()
    known = (at >= 0) & (bucket >= 0) & (bucket < clock.count)
    result[at[known], bucket[known]] = floats(load["overtime"])[known]
    return result


def _firm(tables: Tables, clock: Clock, loads: _Loads, units: Floats) -> Floats:
    process, started, ended = wip_times(tables, clock)
    quantity = floats(tables["wip"]["quantity"])
    run, load = lines_of_runs(loads.process, len(tables["processes"]), process)
    begin = started[run] + loads.begin[load]
    end = np.where(loads.to_end[load], ended[run], started[run] + loads.until[load])
    shares = overlap_shares(clock, begin, end)
    amount = (quantity[run] * units[load])[shares.pair] * shares.share
    where = loads.resource[load[shares.pair]] * clock.count + shares.bucket
    return total(len(tables["resources"]) * clock.count, where, amount).reshape(-1, clock.count)


def _planned(
    tables: Tables, clock: Clock, plan: PlanRows, loads: _Loads, learned: Learned
) -> tuple[Floats, Ints, Ints, Floats]:
    """Return the planned load by resource and bucket and, per run and load, what falls inside the horizon."""
    run, load = lines_of_runs(loads.process, len(tables["processes"]), plan.runs.entity)
    bucket, resource = plan.runs.bucket[run], loads.resource[load]
    amount = learned.planned(plan.runs, run, load, plan.runs.quantity[run] * loads.units[load])
    amount += np.nan_to_num(plan.runs.lots)[run] * loads.setup[load]
    inside = np.zeros(len(run))
    flat = np.zeros(len(tables["resources"]) * clock.count)
    end = clock.edges[bucket + 1] + np.maximum(loads.until, loads.begin)[load]
    for part in batches(clock, clock.edges[bucket] + loads.begin[load], end):
        shares, pair = _shares(clock, loads, load[part], bucket[part])
        inside[part] = amount[part] * shares.inside()[pair]
        event, there, share = shares.spread(pair)
        np.add.at(flat, resource[part][event] * clock.count + there, amount[part][event] * share)
    return flat.reshape(-1, clock.count), run, resource, inside


def _shares(clock: Clock, loads: _Loads, load: Ints, bucket: Ints) -> tuple[Shares, Ints]:
    """Return the shares of the distinct pairs of an interval and a bucket, and the pair of each event."""
    pairs, pair = np.unique(loads.interval[load] * clock.count + bucket, return_inverse=True)
    interval, start = np.divmod(pairs, clock.count)
    begin, end, together = loads.intervals[:, interval]
    return load_shares(clock, start, begin, end, together > 0), pair


def resource_use(
    tables: Tables, clock: Clock, rates: Rates, plan: PlanRows, growth: Growth, load: pl.DataFrame
) -> ResourceUse:
    """Carry out the plan's runs and the firm ones on the resources."""
    loads = _Loads.of(tables)
    learned = Learned.of(tables, plan.curves)
    planned, run, resource, inside = _planned(tables, clock, plan, loads, learned)
    reaching, set_up = milestone_loads(growth), plan.set_ups.load(clock.count)
    return ResourceUse(
        capacity=capacity_in_force(growth, rates),
        firm=_firm(tables, clock, loads, learned.firm(loads.units)),
        planned=planned + reaching + set_up,
        reaching=reaching,
        set_up=set_up,
        overtime=_overtime(tables, clock, load),
        most_overtime=most_overtime(growth, rates),
        person=_person(tables, clock, rates),
        run=run,
        resource=resource,
        inside=inside,
        learned=learned,
    )


def unlearned_use(tables: Tables, clock: Clock, plan: PlanRows) -> tuple[Floats, Floats]:
    """Return what planned and firm runs would take if loads did not fall with output, (resources, buckets) each."""
    unlearned = tables["loads"].with_columns(learning_rate=pl.lit(None, dtype=pl.Float64))
    plain = replace(tables, frames={**tables.frames, "loads": unlearned})
    loads, learned = _Loads.of(plain), Learned.of(plain, plan.curves.clear())
    planned, *_ = _planned(plain, clock, plan, loads, learned)
    return planned, _firm(plain, clock, loads, learned.firm(loads.units))
