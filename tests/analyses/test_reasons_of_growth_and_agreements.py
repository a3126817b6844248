"""Late demands held back by what has not grown yet or by an agreement, solved by hand over three weeks."""

from __future__ import annotations

from typing import Any

import pytest
from agreed_families import LANE, programme, wanted, week

from coproduce import api
from coproduce.tables import Tables

Row = dict[str, Any]


def reasons(tables: Tables, demand: str) -> list[Row]:
    result = api.plan(tables, threads=1, bottlenecks=0)
    assert result.summary["audit"] == "passed"
    return result.frames["reasons"].filter(demand=demand).to_dicts()


def stocked(opening: float) -> list[Row]:
    return [{"item": "part", "site": "a", "opening": opening}]


def test_a_demand_that_waits_for_the_rest_of_its_set_names_the_set() -> None:
    # The rest may be delivered from the third week on: 4 units, 14 days late.
    demands = [wanted("d", 4.0, 1, set="s"), wanted("rest", 2.0, 15, set="s", earliest=week(14))]
    (first,) = reasons(programme(stocks=stocked(9.0), demands=demands, sets=[{"set": "s"}]), "d")
    assert (first["kind"], first["entity"], first["enough"]) == ("set", "s", True)
    assert first["saved"] == pytest.approx(56)


def test_a_customer_that_must_not_get_ahead_names_the_rule_of_fair_shares() -> None:
    # q takes nothing before the second week; until then p may have half of its 6 units: 3 are 7 days late.
    demands = [wanted("d", 6.0, 1, party="p"), wanted("later", 6.0, 1, party="q", earliest=week(7))]
    tables = programme(stocks=stocked(12.0), demands=demands, fair_shares=[{"rule": "even", "tolerance": 0.5}])
    (first,) = reasons(tables, "d")
    assert (first["kind"], first["entity"], first["enough"]) == ("fair_share", "even", True)
    assert first["saved"] == pytest.approx(21)


def test_an_export_before_its_time_names_the_floor_at_home() -> None:
    # Home takes its 6 units from the second week on; until then nothing is exported: 5 units, 7 days.
    demands = [wanted("d", 5.0, 1, kind="export"), wanted("home", 6.0, 1, kind="domestic", earliest=week(7))]
    floors = [{"floor": "f", "item": "part", "share": 1.0}]
    (first,) = reasons(programme(stocks=stocked(11.0), demands=demands, export_floors=floors), "d")
    assert (first["kind"], first["entity"], first["enough"]) == ("export_floor", "f", True)
    assert first["saved"] == pytest.approx(35)


def test_a_demand_that_no_crossing_may_serve_names_the_limit_on_transit() -> None:
    # Five parts lie behind the border, at once over the lane; without a crossing they are bought, a week later.
    tables = programme(
        stocks=[{"item": "part", "site": "b", "opening": 5.0}],
        lanes=[LANE | {"lane": "l", "border": "north", "lead_days": 0.0}],
        supplies=[{"supply": "s", "item": "part", "site": "a", "lead_days": 7.0}],
        transit_limits=[{"limit": "t", "item": "part", "crossings": 0.0}],
        demands=[wanted("d", 5.0, 1)],
    )
    (first,) = reasons(tables, "d")
    assert (first["kind"], first["entity"], first["enough"]) == ("transit_limit", "t", True)
    assert first["saved"] == pytest.approx(35)


def made(capacity: float = 10.0, process: Row | None = None, resource: Row | None = None, **rows: list[Row]) -> Tables:
    """Return six parts asked for, each an hour of a bench."""
    bench = {"resource": "bench", "site": "a", "unit": "hour", "capacity": capacity, "capacity_per": "week"}
    return programme(
        processes=[{"process": "make", "site": "a", **(process or {})}],
        flows=[{"process": "make", "item": "part", "quantity": 1.0}],
        resources=[bench | (resource or {}), {**bench, "resource": "desk"}],
        loads=[{"process": "make", "resource": "bench", "quantity": 1.0}],
        stocks=[],
        demands=[wanted("d", 6.0, 1, late_cost=1.0)],
        **rows,
    )


@pytest.mark.parametrize("decided", [False, True], ids=["determined", "decided"])
@pytest.mark.parametrize("waits", ["process", "resource"])
def test_what_waits_for_a_milestone_names_the_milestone(waits: str, decided: bool) -> None:
    # Reached after two weeks: 6 units, 14 days late. A load makes its date a decision of the plan.
    loads = [{"milestone": "permit", "resource": "desk", "quantity": 1.0}] if decided else []
    tables = made(
        **{waits: {"requires": "permit"}},
        milestones=[{"milestone": "permit", "duration_days": 14.0}],
        milestone_loads=loads,
    )
    first, *others = reasons(tables, "d")
    assert (first["kind"], first["entity"], first["enough"]) == ("milestone", "permit", True)
    assert first["saved"] == pytest.approx(84)
    assert "duration_days" in first["cell"]
    assert not any(other["enough"] for other in others)


def test_of_two_milestones_the_later_one_is_named_with_what_it_alone_saves() -> None:
    # Without tooling the permit remains: 6 units are 7 days late instead of 14.
    milestones = [{"milestone": "permit", "duration_days": 7.0}, {"milestone": "tooling", "duration_days": 14.0}]
    first, second = reasons(made(process={"requires": "permit; tooling"}, milestones=milestones), "d")
    assert (first["kind"], first["entity"], first["enough"]) == ("milestone", "tooling", False)
    assert first["saved"] == pytest.approx(42)
    assert (second["kind"], second["left"]) == ("before_start", pytest.approx(42))


def test_an_option_that_was_not_bought_and_would_help_is_named_with_its_price() -> None:
    # Two parts a week: 2 are 7 and 2 are 14 days late, 42 EUR; the shift costs 1000 and 3 a day for 21 days.
    shift = {"option": "shift", "cost": 1000.0, "running_cost": 3.0, "maximum": 1}
    tables = made(
        2.0,
        programme=[{"name": "t", "currency": "EUR", "start": week(0), "buckets": "3 weeks", "objective": "money"}],
        options=[shift],
        option_capacity=[{"option": "shift", "resource": "bench", "capacity": 10.0, "capacity_per": "week"}],
    )
    bench, option = reasons(tables, "d")
    assert (bench["kind"], bench["entity"], bench["enough"], bench["price"]) == ("resource", "bench", True, None)
    assert (option["kind"], option["entity"], option["enough"]) == ("option", "shift", True)
    assert option["saved"] == pytest.approx(42)
    assert option["price"] == pytest.approx(1063)


def test_people_that_bind_before_machines_are_called_people() -> None:
    first, *_ = reasons(made(2.0, resource={"kind": "people", "skill": "fitter"}), "d")
    assert (first["kind"], first["entity"], first["enough"]) == ("people", "bench", True)
