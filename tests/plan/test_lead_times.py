"""Lead times worked out by hand: where a flow or a load of one bucket falls, in the plan and in its audit.

Every case plans through the interface, which audits the plan with a clock of its own: a plan that passes has the
same shares in both. All programmes begin on Sunday 18 January 2026 with buckets of 7, 7, 28 (February), 31 (March)
and 30 days (April): edges at 0, 7, 14, 42, 73 and 103 days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from programmes import tables_of

from coproduce import api
from coproduce.results.result import PlanResult

START = datetime(2026, 1, 18)
EDGES = (0, 7, 14, 42, 73, 103)
Rows = dict[str, list[dict[str, Any]]]


def day(days: float) -> datetime:
    """Return the date a number of days after the start."""
    return START + timedelta(days=days)


def only_in(bucket: int, name: str) -> dict[str, datetime]:
    """Return a window in which only one bucket starts."""
    return {f"{name}_from": day(EDGES[bucket]), f"{name}_until": day(EDGES[bucket + 1])}


def planned(rounding: str, wanted: Mapping[str, Any], rows: Rows) -> PlanResult:
    """Plan with a demand for 100 units at the end of the horizon, so that all that can be made is made."""
    programme = {
        "name": "lead times", "start": START, "buckets": "2 weeks, 3 months", "currency": "EUR",
        "lead_time_rounding": rounding,
    }  # fmt: skip
    demand = {"demand": "d", "quantity": 100.0, "due": day(102), **wanted}
    base: Rows = {
        "programme": [programme],
        "sites": [{"site": "a"}, {"site": "b"}],
        "items": [{"item": "raw", "unit": "piece"}, {"item": "part", "unit": "piece"}],
        "demands": [demand],
    }
    result = api.plan(tables_of(base | rows), threads=1, bottlenecks=0)
    assert result.summary["audit"] == "passed"
    return result


def by_bucket(frame: pl.DataFrame, column: str, **which: str) -> list[float]:
    """Return a column of a result table by bucket; a bucket without a row counts 0."""
    for name, value in which.items():
        frame = frame.filter(pl.col(name) == value)
    amounts = dict(frame.select("bucket", column).iter_rows())
    return [amounts.get(bucket, 0.0) for bucket in range(len(EDGES) - 1)]


def the_same(found: list[float], expected: list[float]) -> bool:
    return found == pytest.approx(expected, abs=1e-6)


# What leaves in bucket 0, [0, 7), arrives over [L, 7 + L); what leaves in February, [14, 42), over [14 + L, 42 + L).
ARRIVALS = [
    # bucket, lead days, expected spread, expected up: arrivals of 100 units
    (0, 0, [100, 0, 0, 0, 0], [100, 0, 0, 0, 0]),
    # shorter than the bucket: [3, 10) is 4 days in bucket 0, 3 in bucket 1
    (0, 3, [400 / 7, 300 / 7, 0, 0, 0], [0, 100, 0, 0, 0]),
    # a fraction of a day: [0.25, 7.25) is 6.75 days in bucket 0, 0.25 in bucket 1
    (0, 0.25, [675 / 7, 25 / 7, 0, 0, 0], [0, 100, 0, 0, 0]),
    # as long as the bucket: [7, 14) is bucket 1
    (0, 7, [0, 100, 0, 0, 0], [0, 100, 0, 0, 0]),
    # longer, into a longer bucket: [10, 17) is 4 days in bucket 1, 3 in February
    (0, 10, [0, 400 / 7, 300 / 7, 0, 0], [0, 0, 100, 0, 0]),
    # longer than two buckets, inside a longer one: [14, 21) and [20, 27) are in February
    (0, 14, [0, 0, 100, 0, 0], [0, 0, 100, 0, 0]),
    (0, 20, [0, 0, 100, 0, 0], [0, 0, 100, 0, 0]),
    # [40, 47) is 2 days in February, 5 in March
    (0, 40, [0, 0, 200 / 7, 500 / 7, 0], [0, 0, 0, 100, 0]),
    # from a long bucket, shorter: [14.5, 42.5) is 27.5 days in February, 0.5 in March
    (2, 0.5, [0, 0, 2750 / 28, 50 / 28, 0], [0, 0, 0, 100, 0]),
    # as long as the bucket: [42, 70) is in March
    (2, 28, [0, 0, 0, 100, 0], [0, 0, 0, 100, 0]),
    # as long as the next bucket: [45, 73) ends with March
    (2, 31, [0, 0, 0, 100, 0], [0, 0, 0, 100, 0]),
    # longer: [59, 87) is 14 days in March, 14 in April
    (2, 45, [0, 0, 0, 50, 50], [0, 0, 0, 0, 100]),
]


@pytest.mark.parametrize(("bucket", "lead", "spread", "up"), ARRIVALS)
@pytest.mark.parametrize("rounding", ["spread", "up"])
class TestArrivals:
    """Purchases, shipments and outputs arrive by the same rule."""

    def test_of_purchases(self, rounding: str, bucket: int, lead: float, spread: list[float], up: list[float]) -> None:
        supply = {"supply": "s", "item": "part", "site": "a", "lead_days": lead, **only_in(bucket, "order")}
        result = planned(rounding, {"item": "part", "site": "a"}, {"supplies": [supply]})
        found = by_bucket(result.frames["stock"], "received", item="part", site="a")
        assert the_same(found, spread if rounding == "spread" else up)

    def test_of_shipments(self, rounding: str, bucket: int, lead: float, spread: list[float], up: list[float]) -> None:
        lane = {"lane": "l", "from_site": "a", "to_site": "b", "lead_days": lead, **only_in(bucket, "start")}
        rows: Rows = {"lanes": [lane], "stocks": [{"item": "part", "site": "a", "opening": 100.0}]}
        result = planned(rounding, {"item": "part", "site": "b"}, rows)
        found = by_bucket(result.frames["stock"], "moved_in", item="part", site="b")
        assert the_same(found, spread if rounding == "spread" else up)
        left = by_bucket(result.frames["stock"], "moved_out", item="part", site="a")
        assert the_same(left, [100.0 if t == bucket else 0.0 for t in range(5)])  # departures never move

    def test_of_outputs(self, rounding: str, bucket: int, lead: float, spread: list[float], up: list[float]) -> None:
        process = {"process": "p", "site": "a", "lead_days": lead, **only_in(bucket, "start")}
        result = planned(rounding, {"item": "part", "site": "a"}, made_of_raw(process))
        found = by_bucket(result.frames["stock"], "produced", item="part", site="a")
        assert the_same(found, spread if rounding == "spread" else up)


def made_of_raw(process: dict[str, Any], *, raw: float = 100.0, **input_flow: Any) -> Rows:
    """Return one process that turns one raw into one part, and the raw material for 100 runs."""
    return {
        "processes": [process],
        "flows": [
            {"process": "p", "item": "part", "quantity": 1.0},
            {"process": "p", "item": "raw", "quantity": -1.0, **input_flow},
        ],
        "stocks": [{"item": "raw", "site": "a", "opening": raw}],
    }


def test_what_arrives_after_the_horizon_leaves_the_plan() -> None:
    # [100, 107) is 3 days in April; 4 of 7 parts of the order arrive after the end at 103.
    supply = {"supply": "s", "item": "part", "site": "a", "lead_days": 100.0, "total_limit": 100.0}
    result = planned("spread", {"item": "part", "site": "a"}, {"supplies": [supply | only_in(0, "order")]})
    assert the_same(by_bucket(result.frames["stock"], "received", item="part", site="a"), [0, 0, 0, 0, 300 / 7])
    assert result.frames["demand_service"]["unmet"].to_list() == pytest.approx([400 / 7])


def test_rounded_up_an_arrival_that_ends_after_the_horizon_never_arrives() -> None:
    # The last bucket that [100, 107) reaches lies after the horizon.
    supply = {"supply": "s", "item": "part", "site": "a", "lead_days": 100.0, **only_in(0, "order")}
    result = planned("up", {"item": "part", "site": "a"}, {"supplies": [supply]})
    assert result.frames["demand_service"]["unmet"].to_list() == pytest.approx([100.0])


@pytest.mark.parametrize(
    ("offset_from", "offset", "spread", "up"),
    [
        # runs start in bucket 0 and take 10 days; taken at the start
        (None, 0.0, [100, 0, 0, 0, 0], [100, 0, 0, 0, 0]),
        # taken 3 days after the start: over [3, 10); whole in the first bucket reached
        ("start", 3.0, [400 / 7, 300 / 7, 0, 0, 0], [100, 0, 0, 0, 0]),
        # taken as long after the start as the bucket is: over [7, 14)
        ("start", 7.0, [0, 100, 0, 0, 0], [0, 100, 0, 0, 0]),
        # taken at the end of the run: over [10, 17)
        ("end", 0.0, [0, 400 / 7, 300 / 7, 0, 0], [0, 100, 0, 0, 0]),
    ],
)
@pytest.mark.parametrize("rounding", ["spread", "up"])
def test_inputs_are_taken_when_their_offset_says(
    rounding: str, offset_from: str | None, offset: float, spread: list[float], up: list[float]
) -> None:
    process = {"process": "p", "site": "a", "lead_days": 10.0, **only_in(0, "start")}
    rows = made_of_raw(process, offset_from=offset_from, offset_days=offset)
    result = planned(rounding, {"item": "part", "site": "a"}, rows)
    found = by_bucket(result.frames["stock"], "consumed", item="raw", site="a")
    assert the_same(found, spread if rounding == "spread" else up)


def test_safety_time_delays_outputs_alone_and_yield_reduces_them() -> None:
    # Outputs over [0 + 5 + 2, 7 + 5 + 2) = [7, 14): bucket 1, 80 of 100; inputs at the start.
    process = {
        "process": "p", "site": "a", "lead_days": 5.0, "post_days": 2.0, "yield_rate": 0.8, **only_in(0, "start")
    }  # fmt: skip
    result = planned("spread", {"item": "part", "site": "a"}, made_of_raw(process))
    stock = result.frames["stock"]
    assert the_same(by_bucket(stock, "produced", item="part", site="a"), [0, 80, 0, 0, 0])
    assert the_same(by_bucket(stock, "consumed", item="raw", site="a"), [100, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("bucket", "lead", "from_days", "until_days", "expected"),
    [
        # [0, 3.5) after a start uniform over [0, 7): 1 - mean(x)/7 = 1 - 1.75/7 in bucket 0
        (0, 3.5, 0.0, None, [0.75, 0.25, 0, 0, 0]),
        # [0, 7): P(s + x < 7) = 1/2
        (0, 7.0, 0.0, None, [0.5, 0.5, 0, 0, 0]),
        # [0, 14): P(s + x < 7) = (49/2)/(7 * 14) = 1/4, P(s + x < 14) = mean of (14 - s)/14 = 3/4
        (0, 14.0, 0.0, None, [0.25, 0.5, 0.25, 0, 0]),
        # [0, 35) after a start in [7, 14): P(< 14) = (49/2)/(7 * 35) = 1/10, P(< 42) = mean of (42 - s)/35 = 9/10
        (1, 35.0, 0.0, None, [0, 0.1, 0.8, 0.1, 0]),
        # an empty interval falls at its beginning: s + 3.5 < 7 for half of the starts
        (0, 14.0, 3.5, 3.5, [0.5, 0.5, 0, 0, 0]),
        # no lead time: the load falls where the run starts
        (0, 0.0, 0.0, None, [1, 0, 0, 0, 0]),
        # [7, 14): P(s + x < 14) = 1/2
        (0, 14.0, 7.0, None, [0, 0.5, 0.5, 0, 0]),
    ],
)
@pytest.mark.parametrize("rounding", ["spread", "up"])
def test_loads_are_spread_whatever_the_rounding(
    rounding: str, bucket: int, lead: float, from_days: float, until_days: float | None, expected: list[float]
) -> None:
    process = {"process": "p", "site": "a", "lead_days": lead, **only_in(bucket, "start")}
    rows = made_of_raw(process) | {
        "resources": [{"resource": "r", "site": "a", "unit": "hours", "capacity": 1e4, "capacity_per": "day"}],
        "loads": [{
            "process": "p", "resource": "r", "quantity": 2.0, "from_days": from_days, "until_days": until_days
        }],
    }  # fmt: skip
    result = planned(rounding, {"item": "part", "site": "a"}, rows)
    found = by_bucket(result.frames["resource_load"], "planned", resource="r")
    assert the_same(found, [200 * share for share in expected])


@pytest.mark.parametrize("rounding", ["spread", "up"])
def test_runs_under_way_take_and_give_at_one_instant(rounding: str) -> None:
    # Started 5 days before the start with 12 days of lead time: the input is past, the output falls at day 7,
    # the first instant of bucket 1. The second order ends when confirmed, at day 50, in March; its input is taken
    # at its start, day 13.99, in bucket 1.
    process = {"process": "p", "site": "a", "lead_days": 12.0}
    rows = made_of_raw(process, raw=4.0) | {
        "wip": [
            {"wip": "w1", "process": "p", "quantity": 3.0, "started": day(-5)},
            {"wip": "w2", "process": "p", "quantity": 4.0, "started": day(13.99), "ends": day(50)},
        ]
    }
    stock = planned(rounding, {"item": "part", "site": "a"}, rows).frames["stock"]
    assert the_same(by_bucket(stock, "produced", item="part", site="a"), [0, 3, 0, 4, 0])
    assert the_same(by_bucket(stock, "consumed", item="raw", site="a"), [0, 4, 0, 0, 0])


def test_firm_loads_are_spread_over_their_interval_and_count_inside_the_horizon() -> None:
    # 10 runs x 2 hours over [-4, 10): 14 days, of which 4 are past, 7 in bucket 0 and 3 in bucket 1.
    rows = made_of_raw({"process": "p", "site": "a", "lead_days": 14.0}, raw=0.0) | {
        "resources": [{"resource": "r", "site": "a", "unit": "hours", "capacity": 100.0, "capacity_per": "day"}],
        "loads": [{"process": "p", "resource": "r", "quantity": 2.0}],
        "wip": [{"wip": "w", "process": "p", "quantity": 10.0, "started": day(-4)}],
    }
    result = planned("spread", {"item": "part", "site": "a"}, rows)
    found = by_bucket(result.frames["resource_load"], "firm", resource="r")
    assert the_same(found, [20 * 7 / 14, 20 * 3 / 14, 0, 0, 0])
