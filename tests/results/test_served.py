"""A series of demands is served in the order of the due dates, and what is late or never comes is told apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from programmes import tables_of

from coproduce import api
from coproduce.results.result import PlanResult

START = datetime(2026, 1, 5)


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def planned(
    quantities: dict[str, tuple[float, float]], weeks: int, earliest: dict[str, float] | None = None, **more: Any
) -> PlanResult:
    """Plan demands (id -> quantity, day due) of which 4 units a week can be bought."""
    not_before = {name: day(days) for name, days in (earliest or {}).items()}
    demands = [
        {
            "demand": name,
            "item": "part",
            "site": "a",
            "quantity": quantity,
            "due": day(due),
            "earliest": not_before.get(name),
            **more,
        }
        for name, (quantity, due) in quantities.items()
    ]
    supply = {"supply": "s", "item": "part", "site": "a", "limit": 4.0, "limit_per": "week"}
    return api.plan(
        tables_of({
            "programme": [{"name": "series", "start": START, "buckets": f"{weeks} weeks", "currency": "EUR"}],
            "sites": [{"site": "a"}],
            "items": [{"item": "part", "unit": "piece"}],
            "supplies": [supply],
            "demands": demands,
        }),
        threads=1,
        bottlenecks=0,
    )  # fmt: skip


def deliveries(result: PlanResult) -> dict[tuple[str, int], tuple[float, float]]:
    """Return (demand, bucket) -> quantity and days late."""
    return {(row[0], row[1]): (row[2], row[3]) for row in result.frames["deliveries"].iter_rows()}


# Due 5, 5 and 2 in weeks 0, 1 and 2, with 4 a week: week 0 gives 4 to the first; week 1 its last unit, late by 7 days,
# and 3 to the second; week 2 two to the second, late by 7 days, and 2 to the third.
BY_HAND = {
    ("first", 0): (4, 0), ("first", 1): (1, 7), ("second", 1): (3, 0), ("second", 2): (2, 7), ("third", 2): (2, 0),
}  # fmt: skip


@pytest.mark.parametrize("order", [("first", "second", "third"), ("third", "first", "second")])
def test_a_series_is_served_in_the_order_of_its_due_dates_wherever_the_rows_stand(order: tuple[str, ...]) -> None:
    wanted = {"first": (5.0, 1.0), "second": (5.0, 8.0), "third": (2.0, 15.0)}
    result = planned({name: wanted[name] for name in order}, weeks=3)
    found = deliveries(result)
    assert found.keys() == BY_HAND.keys()
    for key, expected in BY_HAND.items():
        assert found[key] == pytest.approx(expected)
    service = {row["demand"]: row for row in result.frames["demand_service"].iter_rows(named=True)}
    assert {name: row["status"] for name, row in service.items()} == {
        "first": "late", "second": "late", "third": "on_time",
    }  # fmt: skip
    assert [service[name]["late_unit_days"] for name in ("first", "second", "third")] == pytest.approx([7, 14, 0])
    assert service["first"]["first_delivery"] == day(7)
    assert service["first"]["last_delivery"] == day(14)


def test_what_is_missing_at_the_end_is_missing_to_the_demand_due_last() -> None:
    # 12 units in three weeks for 15; the last three of the third never come, late by one week beyond the horizon.
    result = planned({"first": (5.0, 1.0), "second": (5.0, 8.0), "third": (5.0, 15.0)}, weeks=3)
    service = {row["demand"]: row for row in result.frames["demand_service"].iter_rows(named=True)}
    assert [service[name]["unmet"] for name in ("first", "second", "third")] == pytest.approx([0, 0, 3])
    assert service["third"]["status"] == "short"
    assert service["third"]["late_days"] == pytest.approx(7)
    assert service["third"]["late_unit_days"] == pytest.approx(3 * 7)


def test_two_demands_due_together_are_served_in_the_order_of_their_rows() -> None:
    result = planned({"x": (3.0, 1.0), "y": (3.0, 1.0), "z": (2.0, 1.0)}, weeks=2)
    found = {key: quantity for key, (quantity, _) in deliveries(result).items()}
    assert found == pytest.approx({("x", 0): 3, ("y", 0): 1, ("y", 1): 2, ("z", 1): 2})


def test_of_demands_due_together_the_one_that_may_come_first_is_served_first() -> None:
    # x stands first but may not come before week 1: week 0 gives 3 to y and 1 to z, week 1 the rest.
    wanted = {"x": (3.0, 8.0), "y": (3.0, 8.0), "z": (2.0, 8.0)}
    found = {key: quantity for key, (quantity, _) in deliveries(planned(wanted, 2, earliest={"x": 7.0})).items()}
    assert found == pytest.approx({("x", 1): 3, ("y", 0): 3, ("z", 0): 1, ("z", 1): 1})


def test_things_are_not_made_before_they_are_needed() -> None:
    # 3 a week are due, 4 could be bought: nothing comes early.
    result = planned({"first": (3.0, 1.0), "second": (3.0, 8.0), "third": (3.0, 15.0)}, weeks=3)
    found = {key: quantity for key, (quantity, _) in deliveries(result).items()}
    assert found == pytest.approx({("first", 0): 3, ("second", 1): 3, ("third", 2): 3})


@pytest.mark.parametrize("weight", [1.0, 2.5])
def test_served_alone_or_in_a_series_the_lateness_is_the_same(weight: float) -> None:
    # A last date of delivery beyond the horizon changes nothing; one inside it keeps demands out of a series.
    wanted = {"first": (5.0, 1.0), "second": (5.0, 8.0), "third": (2.0, 15.0)}
    together = planned(wanted, weeks=4, weight=weight)
    apart = planned(wanted, weeks=4, weight=weight, maximum_late_days=20.0)
    for result in (together, apart):
        assert result.frames["tiers"]["value"][0] == pytest.approx(21 * weight)
