"""Lots in the stress test, by hand: they start whole, and may outlast a period of what limits them."""

from __future__ import annotations

from typing import Any

import pytest
from random_programmes import Rows, tables_of

from coproduce import api
from coproduce.stress.case import NO_LIMIT
from coproduce.stress.events import Drill
from coproduce.stress.lots import startable
from coproduce.stress.periods import period_network
from coproduce.stress.plan import read_plan
from coproduce.stress.result import Log
from coproduce.stress.run import log
from coproduce.stress.sampling import read_risks

DAY = 86400


def works(**process: object) -> dict[str, Rows]:
    """Return a mill of 8 hours a day that turns x, of which six are in stock, into y; one bucket of a week."""
    return {
        "programme": [{"name": "t", "start": "2026-01-05", "buckets": "1 week", "currency": "EUR"}],
        "sites": [{"site": "A"}],
        "items": [{"item": "x", "unit": "piece"}, {"item": "y", "unit": "piece"}],
        "stocks": [{"item": "x", "site": "A", "opening": 6}],
        "processes": [{"process": "mill", "site": "A", **process}],
        "flows": [
            {"process": "mill", "item": "x", "quantity": -1},
            {"process": "mill", "item": "y", "quantity": 1},
        ],
        "resources": [{"resource": "m", "site": "A", "unit": "h", "capacity": 8, "capacity_per": "day"}],
        "demands": [{"demand": "d", "item": "y", "site": "A", "quantity": 6, "due": "2026-01-11"}],
    }


def carried_out(tables: dict[str, Rows], *drills: Drill) -> Log:
    """Return every day of the plan of a programme."""
    checked = tables_of(tables)
    network = period_network(checked)
    frames = api.plan(checked, threads=1, bottlenecks=0).frames
    plan = read_plan(checked, period_network(checked, 7), frames)
    return log(network, plan, read_risks(checked, network, drills))


def done(steps: Log, activity: int) -> list[float]:
    return [float(round(x, 9)) for x in steps.done[:, activity, 0]]


def test_a_lot_that_takes_days_of_a_resource_starts_whole_and_the_next_one_waits() -> None:
    # Six runs of 9 hours fill 54 of the 56 hours of the week: two lots of three, wanted on the first day. The first
    # takes 27 hours: 8 on days 0, 1, 2 and 3 hours of day 3, on which 5 are free for the second to begin.
    tables = works(minimum_size=3, maximum_size=3)
    tables["loads"] = [{"process": "mill", "resource": "m", "quantity": 9}]
    assert done(carried_out(tables), 0) == [3, 0, 0, 3, 0, 0, 0]


def test_a_lot_waits_until_all_of_its_inputs_are_there() -> None:
    tables = works(multiple_size=2, minimum_size=4)
    tables["stocks"] = []
    tables["supplies"] = [{"supply": "s", "item": "x", "site": "A", "limit": 2, "limit_per": "day", "price": 1}]
    steps = carried_out(tables)
    # The plan buys six over the week, 6/7 a day: four are there on day 4 (5 x 6/7 = 4.3), all six on day 6. The two
    # that are left then are all that is still wanted, and start although a lot has four.
    assert done(steps, 0) == pytest.approx([6 / 7] * 7)
    assert done(steps, 1) == [0, 0, 0, 0, 4, 0, 2]


def test_an_order_larger_than_a_day_of_the_limit_is_placed_whole_and_uses_up_the_next_days() -> None:
    # The offer is one a day and orders are six: seven a week allow one order. The first day has something free.
    tables = works()
    tables["stocks"] = []
    tables["supplies"] = [
        {"supply": "s", "item": "x", "site": "A", "limit": 1, "limit_per": "day", "minimum_size": 3, "maximum_size": 3}
    ]
    # Two orders of three: the second when the first is paid back, after three days.
    assert done(carried_out(tables), 0) == [3, 0, 0, 3, 0, 0, 0]


def test_a_shipment_larger_than_a_day_of_the_lane_leaves_whole() -> None:
    tables = works()
    tables["sites"].append({"site": "B"})
    tables["lanes"] = [
        {"lane": "l", "from_site": "A", "to_site": "B", "item": "x", "capacity": 1, "capacity_per": "day",
         "minimum_size": 3, "maximum_size": 3}
    ]  # fmt: skip
    tables["demands"] = [{"demand": "d", "item": "x", "site": "B", "quantity": 6, "due": "2026-01-11"}]
    assert done(carried_out(tables), 1) == [3, 0, 0, 3, 0, 0, 0]


def test_nothing_starts_while_the_resource_is_down() -> None:
    tables = works(minimum_size=3, maximum_size=3)
    tables["loads"] = [{"process": "mill", "resource": "m", "quantity": 9}]
    # Down on days 0 and 1: the first lot starts on day 2 and takes days 2, 3, 4 and 3 hours of day 5.
    assert done(carried_out(tables, Drill("resources", "m", 0, 2)), 0) == [0, 0, 3, 0, 0, 3, 0]


@pytest.mark.parametrize(
    ("free", "least", "multiple", "most"),
    [
        (0.0, 5.0, 0.0, 0.0),  # nothing is free
        (0.2, 5.0, 0.0, 5.0),  # one lot may begin
        (7.0, 5.0, 0.0, 7.0),  # as much as is free, being more than a lot
        (7.0, 5.0, 5.0, 10.0),  # the second lot may take more than is free
        (10.0, 5.0, 5.0, 10.0),
        (1e-12, 5.0, 5.0, 0.0),  # the dust of subtractions
    ],
)
def test_lots_may_start_while_anything_is_free(free: float, least: float, multiple: float, most: float) -> None:
    function: Any = getattr(startable, "py_func", startable)
    assert function(free, 8.0, least, multiple) == most


def test_without_a_limit_there_is_no_limit_to_lots() -> None:
    function: Any = getattr(startable, "py_func", startable)
    assert function(NO_LIMIT, NO_LIMIT, 5.0, 2.5) >= NO_LIMIT * (1 - 1e-12)
