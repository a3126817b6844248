"""For every check of growth a violation is planted in a plan that grows, and that check must find it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "plan"))
from programmes import tables_of

from coproduce import api
from coproduce.audit import audit
from coproduce.tables import Tables

START = datetime(2026, 1, 5)
Frames = dict[str, pl.DataFrame]
Plant = Callable[[Frames], Frames]


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def programme() -> Tables:
    """Return six weeks in which a permit, a qualification that takes slots, a line and overtime are all needed."""
    resource = {"resource": "shop", "site": "a", "unit": "hour", "capacity": 10.0, "capacity_per": "week"}
    return tables_of(
        {
            "programme": [{"name": "grows", "start": START, "buckets": "6 weeks", "currency": "EUR"}],
            "sites": [{"site": "a"}, {"site": "b"}],
            "items": [{"item": "gear", "unit": "piece"}, {"item": "raw", "unit": "kg"}],
            "milestones": [
                {"milestone": "permit", "earliest": day(3), "duration_days": 4.0},
                {"milestone": "qualified", "duration_days": 7.0, "after": "permit"},
            ],
            "milestone_loads": [{"milestone": "qualified", "resource": "shop", "quantity": 6.0}],
            "processes": [{"process": "make", "site": "a", "lead_days": 0.0, "requires": "qualified"}],
            "flows": [
                {"process": "make", "item": "gear", "quantity": 1.0},
                {"process": "make", "item": "raw", "quantity": -1.0},
            ],
            "resources": [
                resource | {"overtime_capacity": 2.0, "overtime_cost": 3.0, "skill": "fitter", "capacity_per_person": 5.0}  # noqa: E501
            ],
            "loads": [{"process": "make", "resource": "shop", "quantity": 1.0}],
            "options": [
                {"option": "hall", "cost": 10.0},
                {"option": "line", "cost": 40.0, "running_cost": 1.0, "delay_days": 7.0, "after": "permit",
                 "needs": "hall", "maximum": 2},
            ],
            "option_capacity": [{"option": "line", "resource": "shop", "capacity": 8.0, "capacity_per": "week"}],
            "supplies": [{"supply": "steel", "item": "raw", "site": "a", "price": 1.0, "requires": "permit"}],
            "lanes": [{"lane": "road", "from_site": "a", "to_site": "b", "requires": "permit"}],
            "demands": [
                {"demand": "d", "item": "gear", "site": "b", "quantity": 100.0, "due": day(27), "requires": "permit"}
            ],
        }
    )  # fmt: skip


@cache
def planned() -> tuple[Tables, Frames]:
    tables = programme()
    return tables, dict(api.plan(tables, threads=1).frames)


def cells(table: str, row: int, **changes: Any) -> Plant:
    """Change cells of one row."""

    def plant(frames: Frames) -> Frames:
        rows = frames[table].to_dicts()
        rows[row].update(changes)
        return {**frames, table: pl.DataFrame(rows, schema=frames[table].schema)}

    return plant


def without(table: str, row: int) -> Plant:
    return lambda frames: {**frames, table: frames[table].with_row_index().filter(pl.col("index") != row).drop("index")}


def copied(table: str, **changes: Any) -> Plant:
    """Add the first row again with other cells."""

    def plant(frames: Frames) -> Frames:
        more = pl.DataFrame([{**frames[table].row(0, named=True), **changes}], schema=frames[table].schema)
        return {**frames, table: pl.concat([frames[table], more])}

    return plant


def row_of(table: str, **wanted: Any) -> int:
    """Return the number of the row of a result table with these cells."""
    return int(planned()[1][table].with_row_index().filter(**wanted)["index"][0])


PLANTED: dict[str, list[Callable[[], Plant]]] = {
    "A311": [lambda: without("milestone_plan", 0)],
    # The permit: from day 3, 4 days long.
    "A312": [lambda: cells("milestone_plan", 0, reached=day(6))],
    # Not at the beginning of a bucket; before the permit; reached too soon.
    "A313": [
        lambda: cells("milestone_plan", 1, begin=day(8), reached=day(15)),
        lambda: cells("milestone_plan", 1, begin=day(0), reached=day(7)),
        lambda: cells("milestone_plan", 1, reached=day(13)),
        lambda: cells("milestone_plan", 1, begin=None, reached=day(14)),
    ],
    # In the first week neither the permit nor the qualification is there.
    "A314": [lambda: copied("runs", bucket=0, quantity=1.0), lambda: copied("runs", bucket=1, quantity=1.0)],
    "A315": [lambda: copied("shipments", bucket=0, quantity=1.0)],
    "A316": [lambda: copied("purchases", bucket=0, quantity=1.0)],
    "A317": [lambda: copied("deliveries", bucket=0, quantity=1.0)],
    "A318": [lambda: cells("investments", row_of("investments", option="line"), quantity=9)],
    # The line before the permit, and without the hall.
    "A319": [
        lambda: cells("investments", row_of("investments", option="line"), bucket=0, ordered=day(0), effect=day(7)),
        lambda: without("investments", row_of("investments", option="hall")),
    ],
    "A320": [
        lambda: cells("investments", 0, effect=day(1)),
        lambda: cells("investments", 0, until=day(40)),
        lambda: cells("investments", 0, ordered=day(2)),
    ],
    "A321": [lambda: cells("resource_load", 2, overtime=2.5)],
    "A322": [
        lambda: cells("people", 2, needed=0.0),
        lambda: cells("people", 1, there=9.0),
        lambda: without("people", 0),
    ],
    "A323": [lambda: cells("output_levels", 3, actual=0.5)],
    "A324": [lambda: cells("output_levels", 3, funded=500.0), lambda: cells("output_levels", 3, qualified=90.0)],
    "A325": [lambda: cells("investments", 0, cost=1.0)],
    "A302": [lambda: cells("resource_load", 4, capacity=10.0)],
    "A304": [lambda: cells("resource_load", 1, planned=0.0)],
    "A306": [lambda: cells("resource_load", 3, overtime=0.0)],
    "A615": [lambda: cells("costs", row_of("costs", kind="option", entity="line"), amount=1.0)],
    "A616": [lambda: cells("costs", row_of("costs", kind="overtime"), amount=1.0)],
}


def test_the_plan_into_which_violations_are_planted_uses_all_that_grows_and_passes() -> None:
    tables, frames = planned()
    assert audit(tables, frames).passed
    assert set(frames["investments"]["option"]) == {"hall", "line"}
    assert frames["resource_load"]["overtime"].sum() > 0
    assert frames["milestone_plan"]["begin"].null_count() == 0


@pytest.mark.parametrize(
    ("code", "number"), [(code, n) for code, plants in PLANTED.items() for n in range(len(plants))]
)
def test_a_planted_violation_of_growth_is_found_by_its_check(code: str, number: int) -> None:
    tables, frames = planned()
    report = audit(tables, PLANTED[code][number]()(frames))
    assert code in [check.code for check in report.checks if not check.passed]


def test_every_check_of_growth_has_a_planted_violation() -> None:
    tables, frames = planned()
    codes = {check.code for check in audit(tables, frames).checks if "A311" <= check.code <= "A339"}
    assert codes <= PLANTED.keys()
