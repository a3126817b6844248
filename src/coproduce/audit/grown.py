"""Capacity, rates and overtime as ramps, milestones and options make them, computed anew."""

from __future__ import annotations

import numpy as np
import polars as pl

from .arrays import Floats, Ints, floats, positions
from .capacity import Rates, amounts
from .clock import ALWAYS, DAY, NEVER, Clock
from .growth import Growth
from .shares import overlap_shares


def _steps(growth: Growth, ramp: str | None) -> list[tuple[int, float]]:
    """Return the steps of a ramp: seconds after the opening, and the share from then on."""
    if ramp is None:
        return [(0, 1.0)]
    rows = growth.tables["ramps"].filter(pl.col("ramp") == ramp).sort("after_days")
    return [(int(after) * DAY, float(factor)) for after, factor in rows.select("after_days", "factor").iter_rows()]


def _in_steps(
    clock: Clock, rates: Rates, limit: float, per: str, calendar: str | None,
    steps: list[tuple[int, float]], counted: int, window: tuple[int, int],
) -> Floats:  # fmt: skip
    """Return (buckets,) the amount of a rate, step after step: each share holds until the next step begins."""
    begins = [counted + after for after, _ in steps] + [NEVER]
    result = np.zeros(clock.count)
    for number, (_, factor) in enumerate(steps):
        first, last = max(begins[number], window[0]), min(begins[number + 1], window[1])
        if first < last and factor > 0:
            span = np.array([first]), np.array([last])
            limited = np.array([limit * factor])
            result += amounts(rates, clock, limited, pl.Series([per]), pl.Series([calendar], dtype=pl.String), span)[0]
    return result


def rates_in_force(growth: Growth, rates: Rates) -> Floats:
    """Return the most runs, (processes, buckets)."""
    clock, frame = growth.clock, growth.tables["processes"]
    result = amounts(rates, clock, floats(frame["rate_limit"], np.nan), frame["rate_per"], frame["calendar"])
    opens = growth.opening("processes")
    for row in frame["ramp"].is_not_null().arg_true().to_list():
        own, decision = int(opens[row]), growth.decision("processes", row)
        counted = max(0 if own == ALWAYS and decision is None else own, ALWAYS if decision is None else decision)
        result[row] = _in_steps(
            clock, rates, frame["rate_limit"][row], frame["rate_per"][row], frame["calendar"][row],
            _steps(growth, frame["ramp"][row]), counted, (counted, NEVER),
        )  # fmt: skip
    return result


def capacity_in_force(growth: Growth, rates: Rates) -> Floats:
    """Return the capacity, (resources, buckets): what stands, by milestones and ramps, and what was bought."""
    clock, frame = growth.clock, growth.tables["resources"]
    opens, closes = growth.opening("resources"), clock.seconds(frame["available_until"], NEVER)
    limit = floats(frame["capacity"]) * floats(frame["efficiency"], 1.0)
    result = amounts(rates, clock, limit, frame["capacity_per"], frame["calendar"], (opens, closes))
    for row, ramp in enumerate(frame["ramp"]):
        decision = growth.decision("resources", row)
        if ramp is None and decision is None:
            continue
        first = max(int(opens[row]), ALWAYS if decision is None else decision)
        result[row] = _in_steps(
            clock, rates, limit[row], frame["capacity_per"][row], frame["calendar"][row],
            _steps(growth, ramp), 0 if first == ALWAYS else first, (first, int(closes[row])),
        )  # fmt: skip
    return result + _bought(growth, rates, opens, closes)


def _bought(growth: Growth, rates: Rates, opens: Ints, closes: Ints) -> Floats:
    """Return what the options add, (resources, buckets)."""
    frame, bought = growth.tables["resources"], growth.bought
    result = np.zeros((len(frame), growth.clock.count))
    lines = growth.tables["option_capacity"]
    option = positions(lines["option"], growth.tables["options"]["option"])
    resource = positions(lines["resource"], frame["resource"]).tolist()
    usual = floats(frame["efficiency"], 1.0)
    for line, row in enumerate(lines.iter_rows(named=True)):
        at = resource[line]
        for one in np.flatnonzero(bought.option == option[line]).tolist():
            window = max(int(bought.effect[one]), int(opens[at])), min(int(bought.until[one]), int(closes[at]))
            unit = _in_steps(
                growth.clock, rates, row["capacity"] * float(usual[at]), row["capacity_per"], frame["calendar"][at],
                _steps(growth, row["ramp"]), int(bought.effect[one]), window,
            )  # fmt: skip
            result[at] += unit * int(bought.number[one])
    return result


def most_overtime(growth: Growth, rates: Rates) -> Floats:
    """Return the most overtime, (resources, buckets): the usual rules of the capacity, but no ramp."""
    clock, frame = growth.clock, growth.tables["resources"]
    window = growth.opening("resources"), clock.seconds(frame["available_until"], NEVER)
    rate = floats(frame["overtime_capacity"]) * floats(frame["efficiency"], 1.0)
    result = amounts(rates, clock, rate, frame["capacity_per"], frame["calendar"], window)
    for row, cell in enumerate(frame["requires"]):
        if growth.waits_for_decision(cell):
            result[row][clock.edges[:-1] < growth.required(cell, decided=True)] = 0.0
    return result


def milestone_loads(growth: Growth) -> Floats:
    """Return what reaching the decided milestones takes, (resources, buckets)."""
    clock, loads = growth.clock, growth.tables["milestone_loads"]
    resources = growth.tables["resources"]["resource"]
    result = np.zeros((len(resources), clock.count))
    milestone = np.array([growth.number[name] for name in loads["milestone"]], dtype=np.int64)
    resource, quantity = positions(loads["resource"], resources), floats(loads["quantity"])
    for load in np.flatnonzero(growth.decided[milestone] & (growth.begin[milestone] < NEVER)).tolist():
        at = milestone[load : load + 1]
        shares = overlap_shares(clock, growth.begin[at], growth.reached[at])
        np.add.at(result[resource[load]], shares.bucket, quantity[load] * shares.share)
    return result
