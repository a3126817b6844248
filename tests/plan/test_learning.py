"""Learning by hand: Wright's law, curves within their error, and plans whose loads fall as they should."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from programmes import tables_of

from coproduce import api
from coproduce.compile import compile_network
from coproduce.compile.learning import Law
from coproduce.plan.curves import ERROR, SEGMENTS, break_points, curves, relative_error
from coproduce.tables import Tables

START = datetime(2026, 1, 5)


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def programme(*, runs_before: float = 0.0, load: dict[str, Any] | None = None, **rows: Any) -> Tables:
    """Return one process of 8 hours, falling to three quarters with each doubling, on 14 hours a week."""
    return tables_of(
        {
            "programme": [{"name": "learning", "currency": "EUR", "start": START, "buckets": "2 weeks"}],
            "sites": [{"site": "a"}],
            "items": [{"item": "part", "unit": "piece"}],
            "processes": [{"process": "p", "site": "a", "runs_before": runs_before}],
            "flows": [{"process": "p", "item": "part", "quantity": 1.0}],
            "resources": [{"resource": "r", "site": "a", "unit": "hour", "capacity": 14.0, "capacity_per": "week",
                           "cost": 10.0}],
            "loads": [{"process": "p", "resource": "r", "quantity": 8.0, "learning_rate": 0.75, **(load or {})}],
            "demands": [{"demand": "d", "item": "part", "site": "a", "quantity": 5.0, "due": day(6)}],
        }
        | rows
    )  # fmt: skip


@pytest.mark.parametrize("number", [1.0, 7.0, 640.0, 50_000.0])
@pytest.mark.parametrize("rate", [0.6, 0.8, 0.95])
def test_twice_the_number_of_the_run_takes_the_stated_share(rate: float, number: float) -> None:
    law = Law(12.0, rate, 30.0, 0.0)
    once, twice = law.load(np.array([number, 2 * number]))
    assert twice == pytest.approx(rate * once, rel=1e-12)


@pytest.mark.parametrize(("rate", "floor"), [(0.6, 0.0), (0.8, 0.3), (0.95, 0.9), (0.51, 0.0)])
def test_cumulative_loads_are_the_sums_of_the_loads_of_the_runs(rate: float, floor: float) -> None:
    # Summed one by one in pure Python; beyond 1,000 runs the planner sums by a formula.
    law, total = Law(3.0, rate, 20.0, floor), 0.0
    at = {1, 2, 10, 999, 1_000, 1_001, 5_000}
    for number in range(1, 5_001):
        total += 3.0 * max((number / 20.0) ** np.log2(rate), floor)
        if number in at:
            assert law.cumulative(np.array([float(number)]))[0] == pytest.approx(total, rel=1e-11)


def test_part_of_a_run_takes_that_part_of_its_load() -> None:
    # Runs 1 and 2 take 8 and 6 hours; a quarter of the third takes 8 x 3 ** log2(0.75) / 4.
    taken = Law(8.0, 0.75, 1.0, 0.0).cumulative(np.array([2.25]))[0]
    assert taken == pytest.approx(14.0 + 2.0 * 3 ** np.log2(0.75))


@pytest.mark.parametrize("rate", [0.7, 0.8, 0.9])
@pytest.mark.parametrize(("before", "more"), [(0.0, 300.0), (0.0, 40.5), (25.5, 400.0), (1_000.0, 3_000.0)])
def test_the_curve_is_nowhere_further_from_the_law_than_stated(rate: float, before: float, more: float) -> None:
    law = Law(10.0, rate, 1.0, 0.0)
    points = break_points([law], before, before + more)
    stated = relative_error(law, points)
    runs = np.arange(np.floor(before) + 1, before + more)
    exact = law.cumulative(runs) - law.cumulative(np.array([before]))
    curve = np.interp(runs, points, law.cumulative(points)) - law.cumulative(np.array([before]))
    off = (exact - curve) / exact
    assert off.max() <= stated + 1e-4
    assert off.min() >= -1e-12, "a chord of a concave curve is below it"
    assert len(points) - 1 <= SEGMENTS
    assert stated <= ERROR


@pytest.mark.parametrize("rate", [0.7, 0.8, 0.9])
def test_doubling_the_output_lowers_the_load_per_run_by_the_rate_within_the_error(rate: float) -> None:
    # The average of runs n+1 .. 2n over that of n/2+1 .. n is the rate, but for what whole numbers round off.
    law = Law(10.0, rate, 1.0, 0.0)
    points = break_points([law], 100.0, 1_600.0)
    sums = law.cumulative(points)

    def average(first: float, last: float) -> float:
        ends = np.interp([first, last], points, sums)
        return float((ends[1] - ends[0]) / (last - first))

    for number in (200.0, 400.0, 800.0):
        assert average(number, 2 * number) / average(number / 2, number) == pytest.approx(rate, rel=0.05)


def test_segments_are_only_those_that_the_horizon_can_reach() -> None:
    few, many = (
        curves(compile_network(programme(demands=[{"demand": "d", "item": "part", "site": "a", "quantity": quantity,
                                                  "due": day(6)}])))
        for quantity in (2.0, 500.0)
    )  # fmt: skip
    assert few.until.tolist() == [1.0, 2.0]
    # 14 hours a week allow 28 in two weeks: five runs take 27.67 hours, the sixth is begun.
    assert many.until[-1] == 6.0


def test_later_runs_fit_into_the_same_hours() -> None:
    # Runs 1 to 5 take 8, 6, 5.07, 4.5, 4.10 hours (8 x n ** log2(0.75)): two in the first week, three in the second.
    result = api.plan(programme(), threads=1)
    assert result.frames["runs"]["quantity"].to_list() == pytest.approx([2.0, 3.0])
    third_to_fifth = sum(8 * n ** np.log2(0.75) for n in (3, 4, 5))
    assert result.frames["learned_loads"]["load"].to_list() == pytest.approx([14.0, third_to_fifth])
    assert result.frames["resource_load"]["planned"].to_list() == pytest.approx([14.0, third_to_fifth])
    assert result.frames["runs"]["cost"].to_list() == pytest.approx([140.0, 10 * third_to_fifth])
    # Three units are a week late.
    assert result.frames["tiers"]["value"][0] == pytest.approx(21.0)


def test_no_run_takes_less_than_the_floor() -> None:
    # From the third run on 8 x 0.7 = 5.6 hours: 14 hours are two runs, and then two and a half.
    result = api.plan(programme(load={"learning_floor": 0.7}), threads=1)
    assert result.frames["runs"]["quantity"].to_list() == pytest.approx([2.0, 2.5])


def test_runs_before_the_start_count() -> None:
    # Runs 3 and 4 take 5.07 and 4.5 hours, of the fifth 4.43 of 4.10 hours are left: it fits whole.
    result = api.plan(programme(runs_before=2.0), threads=1)
    assert result.frames["runs"]["quantity"][0] > 3.0


def test_firm_runs_take_what_the_first_run_of_the_horizon_takes() -> None:
    # Half a firm run, of the number 2 + 1, of 8 x 3 ** log2(0.75) hours.
    tables = programme(runs_before=2.0, wip=[{"wip": "w", "process": "p", "quantity": 0.5, "started": day(1)}])
    firm = api.plan(tables, threads=1).frames["resource_load"]["firm"]
    assert firm.to_list() == pytest.approx([4 * 3 ** np.log2(0.75), 0.0])


def test_a_rate_of_one_is_no_learning() -> None:
    result = api.plan(programme(load={"learning_rate": 1.0}), threads=1)
    assert result.frames["learning_curve"].is_empty()
    assert result.frames["runs"]["quantity"].to_list() == pytest.approx([1.75, 1.75])


def test_the_reason_of_a_late_demand_is_the_resource_at_its_learned_load() -> None:
    reasons = api.plan(programme(), threads=1).frames["reasons"]
    assert reasons.select("kind", "entity", "enough").rows()[0] == ("resource", "r", True)
