"""The back-test solved without the planner: the earliest output of a chain of steps by month, in plain arithmetic.

One step feeds the next, all sources of a step have the same lead time, and every unit is worth the same. Then who does
everything as early as possible has at every moment made at least as much as anybody else. Reads tables as rows; written
from the conventions in `docs/model.md`, without any code of the planner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

MONTHS = 22
EDGES = [datetime(2024 + (5 + month) // 12, (5 + month) % 12 + 1, 1) for month in range(MONTHS + 1)]
DAYS = [(end - start).days for start, end in pairwise(EDGES)]
BODIES = ("lines_pennsylvania", "lines_mesquite", "lines_ingersoll")
LOADING = ("loading_iowa", "loading_camden_1", "loading_camden_2", "loading_second")
CHARGES = ("charges_now", "charges_new_1", "charges_new_2")
TARGETS = (60_000, 75_000, 100_000)


@dataclass(frozen=True)
class Earliest:
    """Units by month: projectiles accepted and complete rounds."""

    projectiles: list[float]
    rounds: list[float]


def earliest(tables: Tables) -> Earliest:
    """Return what comes out at the end when every step does all it can as soon as it can."""
    stock = {row["item"]: row["opening"] for row in tables["stocks"]}
    lead = {row["process"]: row["lead_days"] + row["post_days"] for row in tables["processes"]}
    (lane,) = {row["lead_days"] for row in tables["lanes"]}
    bodies = _arriving(_arriving(_capacity(tables, BODIES), lead["body_pennsylvania"]), lane)
    loaded = _queue([bodies[0] + stock["body"], *bodies[1:]], _capacity(tables, LOADING))
    projectiles = _arriving(_arriving(loaded, lead["load_iowa"]), lane)
    projectiles[0] += stock["projectile"]
    charges = _arriving(_arriving(_capacity(tables, CHARGES), lead["charge_now"]), lane)
    charges[0] += stock["charge"]
    both = [min(pair) for pair in zip(accumulate(projectiles), accumulate(charges), strict=True)]
    return Earliest(projectiles, [after - before for before, after in pairwise([0.0, *both])])


def lateness(tables: Tables, item: str, made: Sequence[float]) -> list[float]:
    """Return the least late unit-days of the three parts of an item, the lower served first.

    What a higher part gets must be spared by the lower one for ever after.
    """
    days, left, found = [*DAYS[1:], DAYS[-1]], list(accumulate(made)), []
    for tier in sorted({row["priority"] for row in tables["demands"] if row["item"] == item}):
        asked = [row for row in tables["demands"] if (row["item"], row["priority"]) == (item, tier)]
        due = [sum(row["quantity"] for row in asked if row["due"] < end) for end in EDGES[1:]]
        found.append(sum(max(0.0, d - c) * n for d, c, n in zip(due, left, days, strict=True)))
        spare = [max(0.0, c - d) for d, c in zip(due, left, strict=True)]
        left = list(accumulate(reversed(spare), min))[::-1]
    return found


def _queue(arriving: Sequence[float], most: Sequence[float]) -> list[float]:
    waiting, passed = 0.0, []
    for units, limit in zip(arriving, most, strict=True):
        passed.append(min(waiting + units, limit))
        waiting += units - passed[-1]
    return passed


def _arriving(units: Sequence[float], lead: float) -> list[float]:
    """Spread what leaves evenly over each month over the months in which it arrives."""
    found = [0.0] * MONTHS
    for start, end, days, quantity in zip(EDGES, EDGES[1:], DAYS, units, strict=False):
        for month in range(MONTHS):
            later, shift = (EDGES[month], EDGES[month + 1]), timedelta(days=lead)
            found[month] += quantity * _overlap((start + shift, end + shift), later) / days
    return found


def _overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return max(0.0, (min(one[1], other[1]) - max(one[0], other[0])) / timedelta(days=1))


def _capacity(tables: Tables, resources: Sequence[str]) -> list[float]:
    rows = {row["resource"]: row for row in tables["resources"]}
    return [sum(column) for column in zip(*(_of_resource(tables, rows[name]) for name in resources), strict=True)]


def _of_resource(tables: Tables, resource: Row) -> list[float]:
    """Return the capacity by month: a rate a month, times the step of the ramp in force on each day."""
    if resource["requires"] is None:
        return [resource["capacity"]] * MONTHS
    opened = _reached(tables, resource["requires"])
    steps = sorted((row["after_days"], row["factor"]) for row in tables["ramps"] if row["ramp"] == resource["ramp"])
    starts = [opened + timedelta(days=days) for days, _ in steps]
    found = [0.0] * MONTHS
    for (_, factor), start, end in zip(steps, starts, [*starts[1:], datetime.max], strict=True):
        for month, (first, last) in enumerate(pairwise(EDGES)):
            found[month] += resource["capacity"] * factor * _overlap((first, last), (start, end)) / DAYS[month]
    return found


def _reached(tables: Tables, milestone: str) -> datetime:
    row = next(row for row in tables["milestones"] if row["milestone"] == milestone)
    given: datetime | None = row["reached"]
    if given is not None:
        return given
    before = [_reached(tables, row["after"])] if row["after"] else []
    begin: datetime = max([EDGES[0], *before, *([row["earliest"]] if row["earliest"] else [])])
    return begin + timedelta(days=row["duration_days"])


def first_month(units: Sequence[float], target: float) -> str:
    """Return the first month of an output not below the target, or never."""
    months = (f"{EDGES[month]:%Y-%m}" for month in range(MONTHS) if units[month] >= target * (1 - 1e-6))
    return next(months, "never")
