"""The plan of the small example comes out as printed when it is carried out, and falls behind by nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from reproduction import largest_difference

from coproduce import api
from coproduce.compile import compile_network
from coproduce.results.result import PlanResult
from coproduce.stress.plan import read_plan
from coproduce.stress.timing import timing

SMALL = Path(__file__).parents[2] / "examples" / "small"


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return api.plan_path(SMALL, bottlenecks=0)


def test_carried_out_without_risk_in_periods_of_its_buckets_the_plan_comes_out_as_printed(result: PlanResult) -> None:
    assert largest_difference(result) < 1e-6


def test_the_table_of_timing_plans_what_the_plan_prints(result: PlanResult) -> None:
    """Planned stock at the end of a bucket is the closing stock of the plan, whatever the length of a period."""
    tables = result.tables
    frame = timing(tables, read_plan(tables, compile_network(tables), result.frames))
    printed = result.frames["stock"].select("item", "site", "bucket", "closing")
    both = frame.join(printed, on=["item", "site", "bucket"])
    assert both.height > 20
    assert (both["planned_stock"] - both["closing"]).abs().max() < 1e-6
