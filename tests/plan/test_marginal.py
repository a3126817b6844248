"""What one unit more or less of a limit is worth, in programmes small enough to solve by hand.

All have weeks and one demand due in the first, so that a unit delivered in week t is late by 7 t days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from programmes import tables_of

from coproduce import api

START = datetime(2026, 1, 5)
Rows = dict[str, list[dict[str, Any]]]


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def planned(rows: Rows, *, quantity: float, weeks: int = 3, bottlenecks: int = 6, **wanted: Any) -> pl.DataFrame:
    """Return the bottlenecks of a programme that is asked for parts at `a`."""
    demand = {"demand": "d", "item": "part", "site": "a", "quantity": quantity, "due": day(1), **wanted}
    base: Rows = {
        "programme": [{"name": "marginal", "start": START, "buckets": f"{weeks} weeks", "currency": "EUR"}],
        "sites": [{"site": "a"}, {"site": "b"}],
        "items": [{"item": "part", "unit": "piece"}],
        "demands": [demand],
    }
    return api.plan(tables_of(base | rows), threads=1, bottlenecks=bottlenecks).frames["bottlenecks"]


def only(found: pl.DataFrame) -> dict[str, Any]:
    """Return the only row."""
    assert found.height == 1, found
    return found.row(0, named=True)


def worth(row: dict[str, Any]) -> Any:
    return pytest.approx((row["one_more"], row["one_less"]), abs=1e-6)


def line(capacity: float, *, hours: float = 1.0, **more: Any) -> Rows:
    """Return a process that makes a part out of nothing but hours."""
    resource = {"resource": "r", "site": "a", "unit": "hour", "capacity": capacity, "capacity_per": "week"}
    return {
        "processes": [{"process": "p", "site": "a"}],
        "flows": [{"process": "p", "item": "part", "quantity": 1.0}],
        "resources": [resource | more],
        "loads": [{"process": "p", "resource": "r", "quantity": hours}],
    }


def bought(**limits: Any) -> Rows:
    return {"supplies": [{"supply": "s", "item": "part", "site": "a", **limits}]}


class TestResources:
    def test_an_hour_in_the_first_week_moves_a_part_up_from_the_last(self) -> None:
        # 10 parts, 4 a week: 4 + 4 + 2, late by 4 x 7 + 2 x 14 = 56. 5 + 4 + 1: 42. 3 + 4 + 3: 70.
        # The hours of week 1 have a price too, those of week 2 are not all used.
        row = only(planned(line(4.0), quantity=10.0))
        assert worth(row) == (-14, 14)
        assert (row["kind"], row["entity"], row["site"], row["bucket"]) == ("resource", "r", "a", 0)
        assert (row["stage"], row["unit"]) == ("tier_1", "weighted late unit-days per hour")
        assert row["limit"] == pytest.approx(4)
        assert (row["buckets_binding"], row["first_binding"], row["last_binding"]) == (2, day(0), day(14))

    def test_two_hours_a_part_halve_the_worth_of_an_hour(self) -> None:
        assert worth(only(planned(line(8.0, hours=2.0), quantity=10.0))) == (-7, 7)

    def test_the_weight_of_the_demand_multiplies_it(self) -> None:
        assert worth(only(planned(line(4.0), quantity=10.0, weight=3.0))) == (-42, 42)

    def test_one_more_may_save_less_than_one_less_costs(self) -> None:
        # 4.5 parts, 4 a week: half a part is late by 7. One more hour: nothing is late; one less: 1.5 parts are.
        assert worth(only(planned(line(4.0), quantity=4.5))) == (-3.5, 7)

    def test_less_than_one_hour_cannot_be_taken_away(self) -> None:
        # Half an hour a week for one part: 0.5 + 0.5, late by 3.5.
        row = only(planned(line(0.5), quantity=1.0))
        assert row["one_more"] == pytest.approx(-3.5)
        assert row["one_less"] is None

    def test_the_limit_shown_is_the_capacity_and_not_what_firm_runs_leave_of_it(self) -> None:
        # One firm run takes an hour of week 0 and gives a part at the end of day 1: 3 planned hours are left.
        # 4 + 4 + 2 parts as before.
        firm = {"wip": [{"wip": "w", "process": "p", "quantity": 1.0, "started": day(1)}]}
        row = only(planned(line(4.0) | firm, quantity=10.0))
        assert row["limit"] == pytest.approx(4)
        assert worth(row) == (-14, 14)

    def test_a_limit_that_does_not_bind_is_not_listed(self) -> None:
        assert planned(line(10.0), quantity=10.0).is_empty()

    def test_the_cell_is_that_of_the_capacity(self) -> None:
        row = only(planned(line(4.0), quantity=10.0))
        assert (row["file"], row["cell"]) == ("memory", "resources!2 (capacity)")


class TestOtherLimits:
    def test_a_unit_more_of_a_supply_in_the_first_week(self) -> None:
        row = only(planned(bought(limit=4.0, limit_per="week"), quantity=10.0))
        assert (row["kind"], row["entity"], row["bucket"], row["limit"]) == ("supply", "s", 0, 4)
        assert row["unit"] == "weighted late unit-days per piece"
        assert worth(row) == (-14, 14)

    def test_a_unit_more_of_a_supply_in_all(self) -> None:
        # 8 of 10 in week 0, 2 never: late by 28 - 7 = 21 days each.
        row = only(planned(bought(total_limit=8.0), quantity=10.0))
        assert (row["kind"], row["entity"], row["bucket"], row["limit"]) == ("supply_total", "s", -1, 8)
        assert worth(row) == (-21, 21)

    def test_a_lane_unit_more_carries_half_a_part_of_size_two(self) -> None:
        # 4 lane units a week carry 2 parts: 2 + 1, late by 7. With 5: 2.5 + 0.5; with 3: 1.5 + 1.5.
        rows: Rows = {
            "items": [{"item": "part", "unit": "piece", "transport_size": 2.0}],
            "lanes": [{"lane": "l", "from_site": "b", "to_site": "a", "capacity": 4.0, "capacity_per": "week"}],
            "stocks": [{"item": "part", "site": "b", "opening": 9.0}],
        }
        row = only(planned(rows, quantity=3.0))
        assert (row["kind"], row["entity"], row["site"], row["bucket"]) == ("lane", "l", "b", 0)
        assert row["unit"] == "weighted late unit-days per lane unit"
        assert worth(row) == (-3.5, 3.5)

    def test_a_run_more_of_a_process(self) -> None:
        rows = line(1e3) | {"processes": [{"process": "p", "site": "a", "rate_limit": 4.0, "rate_per": "week"}]}
        row = only(planned(rows, quantity=4.5))
        assert (row["kind"], row["entity"], row["bucket"]) == ("rate", "p", 0)
        assert row["unit"] == "weighted late unit-days per run"
        assert worth(row) == (-3.5, 7)

    def test_a_place_more_on_the_shelf(self) -> None:
        # 12 parts wanted in week 2 and not before, 6 a week can be bought, 5 can be kept: 5 + 6 in week 2, one late
        # by 7. With 6 places at the end of week 1 none is late; with 4 two are.
        shelf: Rows = {"stocks": [{"item": "part", "site": "a", "maximum": 5.0}]}
        found = planned(
            bought(limit=6.0, limit_per="week") | shelf, quantity=12.0, weeks=4, earliest=day(14), due=day(15)
        )
        row = found.row(by_predicate=pl.col("kind") == "stock_maximum", named=True)
        assert (row["entity"], row["site"], row["bucket"], row["limit"]) == ("part/a", "a", 1, 5)
        assert row["buckets_binding"] == 1
        assert worth(row) == (-7, 7)

    def test_in_the_stage_of_cost_a_cheap_unit_saves_the_difference_in_price(self) -> None:
        # 6 at 1 EUR and 4 at 5 EUR, all on time.
        cheap = {"supply": "s", "item": "part", "site": "a", "price": 1.0, "total_limit": 6.0}
        dear = {"supply": "t", "item": "part", "site": "a", "price": 5.0}
        row = only(planned({"supplies": [cheap, dear]}, quantity=10.0))
        assert (row["stage"], row["unit"], row["entity"]) == ("cost", "EUR per piece", "s")
        assert worth(row) == (-4, 4)


class TestChoice:
    TWO: Rows = {  # noqa: RUF012 - read only
        "supplies": [{"supply": "s", "item": "part", "site": "a", "limit": 4.0, "limit_per": "week"}],
        "lanes": [{"lane": "l", "from_site": "b", "to_site": "a", "capacity": 1.0, "capacity_per": "week"}],
        "stocks": [{"item": "part", "site": "b", "opening": 99.0}],
    }

    def test_both_ways_to_get_a_part_are_worth_the_same(self) -> None:
        # 5 a week for 12: 5 + 5 + 2; one more of either saves 14.
        found = planned(self.TWO, quantity=12.0)
        assert set(found["kind"].to_list()) == {"supply", "lane"}
        assert found["one_more"].to_list() == pytest.approx([-14, -14])

    def test_no_more_limits_are_tried_than_asked_for(self) -> None:
        assert planned(self.TWO, quantity=12.0, bottlenecks=1).height == 1
        assert planned(self.TWO, quantity=12.0, bottlenecks=0).is_empty()
