"""Joint set-ups: a plan worked out by hand, and what lots of their own add."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl
import pytest
from programmes import tables_of
from python_calamine import CalamineWorkbook

from coproduce import api
from coproduce.compile import compile_network
from coproduce.present.report import write as report
from coproduce.present.workbook import write as workbook
from coproduce.stress.plan import read_plan
from coproduce.tables import Tables

Row = dict[str, Any]
WEEKS = 4


def oven(capacity: float = 40.0, objective: str = "tiers", **process: Any) -> Tables:
    """Return two products from one oven, 7 of each asked for in each of four weeks, at 1 hour and 1 EUR a week."""
    day = datetime(2026, 1, 5)
    due = [day.replace(day=5 + 7 * week) for week in range(WEEKS)]
    return tables_of(
        {
            "programme": [
                {"name": "oven", "start": day, "buckets": "4 weeks", "currency": "EUR", "objective": objective}
            ],
            "sites": [{"site": "a"}],
            "items": [{"item": item, "unit": "piece"} for item in "xy"],
            "setup_groups": [{"setup_group": "heat", "site": "a", "cost": 50.0}],
            "setup_loads": [{"setup_group": "heat", "resource": "oven", "quantity": 10.0}],
            "processes": [{"process": item, "site": "a", "setup_group": "heat", **process} for item in "xy"],
            "flows": [{"process": item, "item": item, "quantity": 1.0} for item in "xy"],
            "resources": [
                {"resource": "oven", "site": "a", "unit": "hour", "capacity": capacity, "capacity_per": "week"}
            ],
            "loads": [{"process": item, "resource": "oven", "quantity": 1.0} for item in "xy"],
            "stocks": [{"item": item, "site": "a", "holding_cost": 365 / 7} for item in "xy"],
            "demands": [
                {"demand": f"{item}{week}", "item": item, "site": "a", "quantity": 7.0, "due": at, "earliest": at,
                 "late_cost": 1.0}
                for item in "xy" for week, at in enumerate(due)
            ],
        }
    )  # fmt: skip


def cost_of(tables: Tables) -> tuple[float, list[int]]:
    result = api.plan(tables, threads=1, bottlenecks=0)
    assert result.summary["audit"] == "passed"
    late, cost, _ = result.frames["tiers"]["value"]
    assert late == 0.0
    return cost, result.frames["setups"]["bucket"].to_list()


def test_a_shared_oven_is_heated_every_other_week() -> None:
    # 14 pieces a week. One heat of 40 hours has 30 for pieces: two weeks, not three, so at least two heats. Two
    # heats, in weeks 0 and 2, hold 14 pieces over a week twice: 2 x 50 + 28.
    assert cost_of(oven()) == (pytest.approx(128.0), [0, 2])


def test_with_room_for_all_one_heat_would_cost_more_in_stock() -> None:
    # One heat: 50 + 14 x (1 + 2 + 3) = 134; two: 100 + 28 = 128; three: 150 + 14 = 164.
    assert cost_of(oven(capacity=100.0)) == (pytest.approx(128.0), [0, 2])


def test_a_lot_of_each_product_costs_its_own_setup_beside_the_joint_one() -> None:
    # A minor set-up of 3 for each product and heat: 128 + 4 x 3. To make x in one heat alone, 28 hours, leaves 2 for y.
    cost, _ = cost_of(oven(setup_cost=3.0))
    assert cost == pytest.approx(140.0)


def test_a_heat_that_takes_all_hours_leaves_nothing_to_make() -> None:
    # 10 hours a week are the heat itself: all 56 pieces stay unmet.
    result = api.plan(oven(capacity=10.0), threads=1, bottlenecks=0)
    assert result.summary["audit"] == "passed"
    assert result.frames["demand_service"]["unmet"].sum() == pytest.approx(56.0)
    assert result.frames["setups"].is_empty()


def test_carried_out_without_risks_the_set_ups_of_the_plan_keep_their_hours() -> None:
    # A heat takes 10 of 40 hours in weeks 0 and 2, whatever is made.
    tables = oven()
    result = api.plan(tables, threads=1, bottlenecks=0)
    network = compile_network(tables)
    plan = read_plan(tables, network, result.frames)
    left = plan.left(network.resources.amount, np.arange(WEEKS))
    assert left.tolist() == [[pytest.approx(30.0), 40.0, pytest.approx(30.0), 40.0]]


def test_a_contract_pays_for_the_set_ups_of_what_it_takes_and_the_money_passes_its_audit() -> None:
    tables = oven()
    half = tables["demands"].with_columns(
        contract=pl.when(pl.col("item") == "x").then(pl.lit("one")).otherwise(pl.lit("two"))
    )
    tables = replace(tables, frames={**tables.frames, "demands": half})
    money = api.finance(api.plan(tables, threads=1, bottlenecks=0))
    paid = money["ledger"].filter(pl.col("kind") == "setup").group_by("contract").agg(pl.col("amount").sum())
    # Two heats of 50, for 28 pieces of x and 28 of y.
    assert dict(paid.iter_rows()) == {"one": 50.0, "two": 50.0}


def test_report_and_workbook_show_what_joint_setups_cost() -> None:
    result = api.plan(oven(), threads=1, bottlenecks=0)
    assert "Joint set-ups" in report.render(result)
    sheets = CalamineWorkbook.from_object(BytesIO(workbook.render(result))).sheet_names
    assert "setups" in sheets
    summed = api.statistics(result, "costs", by=["site"], measures=["amount"])
    # All of it is at one site: 100 of heats and 28 of stock.
    assert summed["value"].to_list() == [pytest.approx(128.0)]
