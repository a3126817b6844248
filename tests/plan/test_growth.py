"""Growth by hand: small programmes whose plans can be worked out on paper, and what growth can never do."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from growth_programmes import short_of_capacity
from programmes import tables_of

from coproduce import api
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

START = datetime(2026, 1, 5)
Row = dict[str, Any]
SEEDS = range(0, 60, 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 10)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def programme(**rows: list[Row]) -> Tables:
    """Return five weeks of one process, one hour of the shop for each gear; 20 gears are due at the end of week 3."""
    base: dict[str, list[Row]] = {
        "programme": [{"name": "hand", "start": START, "buckets": "5 weeks", "currency": "EUR"}],
        "sites": [{"site": "a"}],
        "items": [{"item": "gear", "unit": "piece"}],
        "processes": [{"process": "make", "site": "a"}],
        "flows": [{"process": "make", "item": "gear", "quantity": 1.0}],
        "resources": [{"resource": "shop", "site": "a", "unit": "hour", "capacity": 5.0, "capacity_per": "week"}],
        "loads": [{"process": "make", "resource": "shop", "quantity": 1.0}],
        "demands": [{"demand": "d", "item": "gear", "site": "a", "quantity": 20.0, "due": day(20)}],
    }
    return tables_of(base | rows)


def made(result: PlanResult) -> dict[int, float]:
    return {row["bucket"]: round(row["quantity"], 6) for row in result.frames["runs"].to_dicts()}


def late(result: PlanResult) -> float:
    return round(result.frames["demand_service"]["late_unit_days"].sum(), 6)


def test_a_ramp_counts_from_the_day_on_which_the_last_milestone_is_reached() -> None:
    # The permit is there on day 3, tooling takes 4 days after it: day 7. From then on half of 10 a week, from
    # day 10 on all
    # of it. Week 1: 3 days x 10/7 x 0.5 + 4 days x 10/7 = 55/7. Then 10 a week.
    tables = programme(
        milestones=[{"milestone": "tooling", "after": "permit", "duration_days": 4.0},
                    {"milestone": "permit", "earliest": day(1), "duration_days": 2.0}],
        ramps=[{"ramp": "r", "after_days": 0, "factor": 0.5}, {"ramp": "r", "after_days": 3, "factor": 1.0}],
        resources=[{"resource": "shop", "site": "a", "unit": "hour", "capacity": 10.0, "capacity_per": "week",
                    "requires": "permit; tooling", "ramp": "r"}],
    )  # fmt: skip
    result = api.plan(tables, threads=1)
    capacity = result.frames["resource_load"]["capacity"].to_list()
    assert capacity == pytest.approx([0, 55 / 7, 10, 10, 10])
    # 20 less 55/7 less 10 are 15/7, one week late.
    assert late(result) == pytest.approx(15 / 7 * 7)
    plan = {row["milestone"]: row for row in result.frames["milestone_plan"].to_dicts()}
    assert (plan["permit"]["reached"], plan["permit"]["held_by"]) == (day(3), "earliest")
    assert (plan["tooling"]["reached"], plan["tooling"]["holder"]) == (day(7), "permit")


def test_overtime_is_worked_only_where_it_saves_lateness_and_at_its_cost() -> None:
    # 15 of 20 in three weeks at 5; overtime of 1 an hour gives 3 more. 2 are a week late: 14 unit-days. Cost: 3
    # x 4 EUR.
    shop = {"resource": "shop", "site": "a", "unit": "hour", "capacity": 5.0, "capacity_per": "week"}
    tables = programme(resources=[shop | {"overtime_capacity": 1.0, "overtime_cost": 4.0}])
    result = api.plan(tables, threads=1)
    assert late(result) == pytest.approx(14)
    assert result.frames["resource_load"]["overtime"].to_list() == pytest.approx([1, 1, 1, 0, 0])
    assert result.frames["costs"].rows() == [("overtime", "shop", pytest.approx(12.0))]


def test_the_cheaper_of_two_ways_to_be_on_time_is_bought() -> None:
    # 5 hours are missing by the end of week 2. One shift gives 5 a week from week 1 on: 10 hours for 50 + 28
    # days x 1 = 78;
    # a line gives 3 a week from week 0 on: two of them are needed, 2 x 45 = 90.
    tables = programme(
        options=[{"option": "shift", "cost": 50.0, "running_cost": 1.0, "delay_days": 7.0},
                 {"option": "line", "cost": 45.0, "maximum": 2}],
        option_capacity=[{"option": "shift", "resource": "shop", "capacity": 5.0, "capacity_per": "week"},
                         {"option": "line", "resource": "shop", "capacity": 1.5, "capacity_per": "week"}],
    )  # fmt: skip
    result = api.plan(tables, threads=1)
    assert late(result) == 0
    # Ordered at the start of week 1 it is in effect in week 2, which is enough: 50 + 21 days.
    assert result.frames["investments"].select("option", "bucket", "quantity", "cost").rows() == [("shift", 1, 1, 71.0)]


def test_a_qualification_takes_slots_from_the_series_and_comes_when_that_costs_least() -> None:
    # Process `new` gives 3 gears an hour, once qualified: 7 days and 5 hours of the shop, its whole week 0.
    # Then two weeks of
    # 5 hours x 3 gears: on time. Without it 15 gears. Begun a week later, 5 + 15 gears: on time as well, at the
    # same cost.
    tables = programme(
        processes=[{"process": "make", "site": "a"}, {"process": "new", "site": "a", "requires": "qualified"}],
        flows=[{"process": "make", "item": "gear", "quantity": 1.0}, {"process": "new", "item": "gear", "quantity": 3.0}],  # noqa: E501
        loads=[{"process": name, "resource": "shop", "quantity": 1.0} for name in ("make", "new")],
        milestones=[{"milestone": "qualified", "duration_days": 7.0}],
        milestone_loads=[{"milestone": "qualified", "resource": "shop", "quantity": 5.0}],
    )  # fmt: skip
    result = api.plan(tables, threads=1)
    assert late(result) == 0
    begin = result.frames["milestone_plan"]["begin"][0]
    assert begin in (day(0), day(7))
    planned = result.frames["resource_load"]["planned"].to_list()
    assert planned[0 if begin == day(0) else 1] == pytest.approx(5.0)


def test_levels_of_output_tell_money_permission_and_use_apart() -> None:
    # Nameplate: 5 + 2 x 5 hours a week. Funded: 5, and 5 more from week 1 on with the one that is bought.
    # Qualified: half of
    # what stands, for the first 7 days. 20 gears: 2.5 + 10 + 7.5 of the 10 in week 2.
    shop = {"resource": "shop", "site": "a", "unit": "hour", "capacity": 5.0, "capacity_per": "week", "ramp": "r"}
    tables = programme(
        ramps=[{"ramp": "r", "after_days": 0, "factor": 0.5}, {"ramp": "r", "after_days": 7, "factor": 1.0}],
        resources=[shop | {"skill": "fitter", "capacity_per_person": 2.5}],
        options=[{"option": "line", "cost": 9.0, "delay_days": 7.0, "maximum": 2}],
        option_capacity=[{"option": "line", "resource": "shop", "capacity": 5.0, "capacity_per": "week"}],
    )
    result = api.plan(tables, threads=1)
    levels = result.frames["output_levels"]
    assert levels["nameplate"].to_list() == pytest.approx([15] * 5)
    assert levels["funded"].to_list() == pytest.approx([5, 10, 10, 10, 10])
    assert levels["qualified"].to_list() == pytest.approx([2.5, 10, 10, 10, 10])
    assert levels["actual"].sum() == pytest.approx(20)
    people = result.frames["people"]
    assert people["there"].to_list() == pytest.approx([1, 4, 4, 4, 4])
    assert people["needed"].to_list() == pytest.approx((levels["actual"] / 2.5).to_list())


def tiers(tables: Tables) -> list[float]:
    """Return the values of the stages before the tidy one, in their order."""
    return [row["value"] for row in api.plan(tables, threads=1, bottlenecks=0).frames["tiers"].to_dicts()[:-1]]


def no_better(changed: list[float], before: list[float]) -> bool:
    """Tell whether the first stage that differs is worse, rounding apart."""
    for one, other in zip(changed, before, strict=True):
        if abs(one - other) > 1e-5 * max(1.0, abs(other)):
            return one > other
    return True


def replaced(tables: Tables, table: str, frame: pl.DataFrame) -> Tables:
    return Tables({**tables.frames, table: frame})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_milestone_later_by_a_month_never_makes_a_plan_better(seed: int) -> None:
    tables = short_of_capacity(seed)
    frame = tables["milestones"]
    first = pl.int_range(pl.len()) == seed % 3
    later = frame.with_columns(
        duration_days=pl.when(first).then(pl.col("duration_days") + 30).otherwise(pl.col("duration_days")),
        reached=pl.when(first).then(pl.col("reached") + timedelta(days=30)).otherwise(pl.col("reached")),
    )
    assert no_better(tiers(replaced(tables, "milestones", later)), tiers(tables))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_option_more_never_makes_a_plan_worse(seed: int) -> None:
    tables = short_of_capacity(seed)
    # An option may not add to a resource that waits for a decision.
    free = tables["resources"].with_columns(requires=pl.lit(None, dtype=pl.String))
    tables = replaced(tables, "resources", free)
    option = tables_of({"options": [{"option": "annex", "cost": 50.0}]})["options"]
    adds = {"option": "annex", "resource": "shop", "capacity": 9.0, "capacity_per": "week"}
    lines = tables_of({"option_capacity": [adds]})["option_capacity"]
    more = replaced(tables, "options", pl.concat([tables["options"], option]))
    more = replaced(more, "option_capacity", pl.concat([tables["option_capacity"], lines]))
    assert no_better(tiers(tables), tiers(more))
