"""Why demands are late: the planted cause is named first, and only without it is the demand on time."""

from __future__ import annotations

from typing import Any

import pytest
from planted import CAUSES, LIMITS, Cause, Rows, day, planted
from programmes import tables_of

from coproduce import api
from coproduce.compile import compile_network
from coproduce.plan.assemble import assemble
from coproduce.plan.solve import Options, solve

Cell = tuple[str, int, str, Any]


def lateness(rows: Rows) -> float:
    """Return the late unit-days of the best plan, without asking for reasons."""
    model = assemble(compile_network(tables_of(rows)))
    return solve(model, Options(threads=1, bottlenecks=0)).stages[0].value


def explained(rows: Rows) -> tuple[float, list[dict[str, Any]]]:
    """Return the late unit-days of the target in the plan, and its reasons."""
    frames = api.plan(tables_of(rows), threads=1, bottlenecks=0).frames
    late = frames["demand_service"].filter(demand="target")["late_unit_days"].item()
    return late, frames["reasons"].filter(demand="target").to_dicts()


def test_the_healthy_chain_is_on_time_and_needs_no_reason() -> None:
    assert lateness(planted()) == 0
    assert explained(planted()) == (0, [])


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_the_planted_cause_is_named_first_and_alone_is_enough(cause: Cause) -> None:
    cell: Cell = (cause.table, cause.row, cause.column, cause.value)
    late, (first, *others) = explained(planted(cell))
    assert (first["kind"], first["entity"]) == (cause.kind, cause.entity)
    assert first["enough"]
    assert first["left"] == 0
    assert first["saved"] == pytest.approx(late)
    assert f"({cause.column})" in first["cell"]
    assert f"{cause.row + 2} " in first["cell"]
    assert not any(other["enough"] for other in others)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_without_the_planted_cause_the_demand_is_on_time_and_without_any_other_limit_it_is_not(cause: Cause) -> None:
    cell: Cell = (cause.table, cause.row, cause.column, cause.value)
    assert lateness(planted((cause.table, cause.row, cause.column, cause.healthy))) == 0
    for table, row, column, value in LIMITS:
        if (table, row, column) != (cause.table, cause.row, cause.column):
            assert lateness(planted(cell, (table, row, column, value))) > 1, f"{table} {row} {column}"


def test_two_limits_that_hold_together_are_named_together() -> None:
    """Press and rate both allow 5 a week: lifting either alone saves nothing, lifting both is enough."""
    late, (first, second, *_) = explained(
        planted(("resources", 0, "capacity", 5.0), ("processes", 0, "rate_limit", 5.0))
    )
    assert {first["entity"], second["entity"]} == {"press", "make"}
    assert first["saved"] == pytest.approx(0, abs=1e-3)
    assert first["left"] == pytest.approx(late)
    assert not first["enough"]
    assert second["left"] == pytest.approx(0, abs=1e-3)


def test_what_is_due_before_anything_can_be_there_is_held_back_by_the_start() -> None:
    """Due on the third day: all five lead times have to go, and what allows 40 a week where 100 are asked for."""
    _, found = explained(planted(("demands", 1, "due", day(3))))
    needed = {(one["kind"], one["entity"]) for one in found if one["left"] is not None}
    leads = {("lead_time", name) for name in ("make", "fit", "ab", "bc", "mine")}
    assert leads | {("supply", "mine"), ("rate", "make"), ("lane", "ab")} <= needed
    assert not any(one["enough"] for one in found)


def test_an_overdue_demand_is_late_by_the_start_of_the_programme_whatever_is_lifted() -> None:
    rows = planted(("demands", 1, "due", day(-10)))
    for table in ("processes", "lanes", "supplies"):
        for row in rows[table]:
            row["lead_days"] = 0.0
    late, found = explained(rows)
    start = next(one for one in found if one["kind"] == "before_start")
    # Delivered in the first week, 100 units are late by the 10 days before the start and the 7 days of that week.
    assert start["left"] == pytest.approx(100 * 17)
    assert late > 100 * 17


def test_what_lies_ready_for_an_overdue_demand_is_held_back_by_the_start_alone() -> None:
    rows = planted(("demands", 1, "due", day(-10)))
    rows["stocks"].append({"item": "kit", "site": "c", "opening": 500.0})
    _, found = explained(rows)
    assert [(one["kind"], one["left"]) for one in found] == [("before_start", pytest.approx(100 * 17))]


def test_an_item_that_nothing_brings_is_material() -> None:
    rows = planted()
    rows["supplies"] = rows["supplies"][:1]
    rows["stocks"].append({"item": "bolt", "site": "b", "opening": 60.0})
    _, (first, *_) = explained(rows)
    assert (first["kind"], first["entity"], first["enough"]) == ("material", "bolt/b", True)
    assert "stocks!3 (opening)" in first["cell"]


def test_what_a_demand_of_a_higher_tier_takes_stays_taken() -> None:
    """The tier before takes all kits of the weeks until the due date: only capacity helps, and it says which."""
    rows = planted(("demands", 0, "quantity", 170.0), ("demands", 0, "due", day(69)), ("demands", 1, "priority", 2))
    late, found = explained(rows)
    served = api.plan(tables_of(rows), threads=1, bottlenecks=0).frames["demand_service"]
    assert served.filter(demand="other")["status"].item() == "on_time"
    # 40 a week from the sixth week on: 200 by the tenth, 30 of them for the target; 40 of its 70 in the next, 30 after.
    assert late == pytest.approx(40 * 7 + 30 * 14)
    assert found[0]["kind"] == "lead_time" or found[0]["left"] > 0


def test_the_number_of_threads_changes_nothing() -> None:
    rows = planted(("resources", 0, "capacity", 5.0), ("demands", 0, "due", day(40)))
    first = api.plan(tables_of(rows), threads=1, bottlenecks=0).frames["reasons"]
    second = api.plan(tables_of(rows), threads=2, bottlenecks=0).frames["reasons"]
    assert first.equals(second)
