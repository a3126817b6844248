"""Programmes that no plan can serve: exactly the limits that conflict are named, and dropping any of them helps."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from programmes import tables_of

from coproduce import api
from coproduce.errors import ExitCode, InfeasibleError

START = datetime(2026, 1, 5)  # three weeks
Rows = dict[str, list[dict[str, Any]]]
Cell = tuple[str, int, str]


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def stock(item: str, **limits: Any) -> dict[str, Any]:
    return {"item": item, "site": "a", **limits}


def base() -> Rows:
    """Return a plant where one part takes one raw and two hours; there is plenty of both."""
    return {
        "programme": [{"name": "conflict", "start": START, "buckets": "3 weeks", "currency": "EUR"}],
        "sites": [{"site": "a"}],
        "items": [{"item": "raw", "unit": "kg"}, {"item": "part", "unit": "piece"}],
        "processes": [{"process": "p", "site": "a"}],
        "flows": [
            {"process": "p", "item": "raw", "quantity": -1.0},
            {"process": "p", "item": "part", "quantity": 1.0},
        ],
        "resources": [{"resource": "r", "site": "a", "unit": "hour", "capacity": 10.0, "capacity_per": "week"}],
        "loads": [{"process": "p", "resource": "r", "quantity": 2.0}],
        "supplies": [{"supply": "s", "item": "raw", "site": "a"}],
        "demands": [{"demand": "d", "item": "part", "site": "a", "quantity": 1.0, "due": day(1)}],
    }


def changed(*changes: tuple[str, int, dict[str, Any]], **added: list[dict[str, Any]]) -> Rows:
    rows = base() | added
    for table, row, columns in changes:
        rows[table][row] |= columns
    return rows


# Three weeks x 10 hours / 2 hours a part = 15 parts at most.
FINAL_MIN_BEYOND_CAPACITY = changed(stocks=[stock("part", final_min=16.0)])
# By the end of bucket 0 at most 5 parts can be there, by the end of bucket 1 at most 10.
MINIMUM_BEYOND_CAPACITY = changed(stocks=[stock("part", minimum=6.0)])
# The raw material takes 8 days, so at the end of bucket 0 there is none: the minimum alone cannot be met.
MINIMUM_BEFORE_ANYTHING_COMES = changed(("supplies", 0, {"lead_days": 8.0}), stocks=[stock("raw", minimum=1.0)])
# Six firm runs in bucket 0 take 12 of 10 hours.
FIRM_RUN_OVERLOADS = changed(
    wip=[{"wip": "w", "process": "p", "quantity": 6.0, "started": day(1)}],
    stocks=[stock("raw", opening=9.0)],
)
# Four raw lie there, a firm run takes five, orders come too late (bucket 1).
FIRM_RUN_DRAWS_ON_NOTHING = changed(
    ("supplies", 0, {"lead_days": 8.0}),
    wip=[{"wip": "w", "process": "p", "quantity": 5.0, "started": day(1)}],
    stocks=[stock("raw", opening=4.0)],
)
# 12 parts need 12 raw; 11 may be bought.
TOTAL_TOO_SMALL = changed(("supplies", 0, {"total_limit": 11.0}), stocks=[stock("part", final_min=12.0)])
# 3 weeks x 3 raw = 9, of which 10 are needed.
LIMIT_TOO_SMALL = changed(("supplies", 0, {"limit": 3.0, "limit_per": "week"}), stocks=[stock("part", final_min=10.0)])
# 3 weeks x 4 runs = 12.
RATE_TOO_SMALL = changed(
    ("processes", 0, {"rate_limit": 4.0, "rate_per": "week"}), stocks=[stock("part", final_min=13.0)]
)
# A shelf for 2, on which 3 must lie at the end.
MAXIMUM_BELOW_FINAL_MIN = changed(stocks=[stock("part", maximum=2.0, final_min=3.0)])

CASES: dict[str, tuple[Rows, set[Cell]]] = {
    "final minimum beyond capacity": (
        FINAL_MIN_BEYOND_CAPACITY, {("stocks", 0, "final_min"), ("resources", 0, "capacity")},
    ),
    "minimum beyond capacity": (MINIMUM_BEYOND_CAPACITY, {("stocks", 0, "minimum"), ("resources", 0, "capacity")}),
    "minimum before anything comes": (MINIMUM_BEFORE_ANYTHING_COMES, {("stocks", 0, "minimum")}),
    "firm run overloads a resource": (FIRM_RUN_OVERLOADS, {("resources", 0, "capacity"), ("wip", 0, "quantity")}),
    "firm run draws on missing stock": (FIRM_RUN_DRAWS_ON_NOTHING, {("wip", 0, "quantity")}),
    "supply total too small": (TOTAL_TOO_SMALL, {("stocks", 0, "final_min"), ("supplies", 0, "total_limit")}),
    "supply limit too small": (LIMIT_TOO_SMALL, {("stocks", 0, "final_min"), ("supplies", 0, "limit")}),
    "rate limit too small": (RATE_TOO_SMALL, {("stocks", 0, "final_min"), ("processes", 0, "rate_limit")}),
    "maximum below final minimum": (MAXIMUM_BELOW_FINAL_MIN, {("stocks", 0, "maximum"), ("stocks", 0, "final_min")}),
}  # fmt: skip


def conflicting(rows: Rows) -> set[Cell]:
    """Return the cells of the conflict; empty where there is a plan. Tables in memory begin at row 2."""
    try:
        api.plan(tables_of(rows), threads=1, bottlenecks=0)
    except InfeasibleError as failure:
        assert failure.exit_code is ExitCode.INFEASIBLE == 3
        cells = [(one.origin.sheet, one.origin.row - 2, one.origin.column) for one in failure.conflicts]
        assert cells
        assert len(set(cells)) == len(cells)
        return set(cells)
    return set()


def without(rows: Rows, cell: Cell) -> Rows:
    """Return the rows with one limit dropped: a capacity as good as endless, a firm run as good as nothing."""
    table, row, column = cell
    relaxed = deepcopy(rows)
    relaxed[table][row][column] = {"capacity": 1e6, "quantity": 1e-9}.get(column)
    return relaxed


@pytest.mark.parametrize(("rows", "cells"), CASES.values(), ids=CASES.keys())
class TestConflicts:
    """The set of cells is exact, and irreducible."""

    def test_exactly_the_conflicting_cells_are_named(self, rows: Rows, cells: set[Cell]) -> None:
        assert conflicting(rows) == cells

    def test_without_any_one_of_them_there_is_a_plan(self, rows: Rows, cells: set[Cell]) -> None:
        for cell in cells:
            assert conflicting(without(rows, cell)) == set()


def test_two_conflicts_at_once_are_named_one_at_a_time() -> None:
    # Each of the two shelves is too small for its final minimum; a set that holds both would not be irreducible.
    rows = changed(stocks=[stock("part", maximum=2.0, final_min=3.0), stock("raw", maximum=4.0, final_min=5.0)])
    first = {("stocks", 0, "maximum"), ("stocks", 0, "final_min")}
    second = {("stocks", 1, "maximum"), ("stocks", 1, "final_min")}
    assert conflicting(rows) in (first, second)


def test_limits_that_just_fit_do_not_conflict() -> None:
    # 15 parts are all that 30 hours make; the demand for one more stays unmet.
    assert conflicting(changed(stocks=[stock("part", final_min=15.0)])) == set()


def test_a_conflict_shows_the_limit_and_its_value_in_words() -> None:
    with pytest.raises(InfeasibleError) as caught:
        api.plan(tables_of(FINAL_MIN_BEYOND_CAPACITY), threads=1, bottlenecks=0)
    shown = {(one.limit, one.value) for one in caught.value.conflicts}
    assert shown == {("final_min of part at a", "16"), ("capacity of r at a", "10 per week")}
    assert str(caught.value) == "2 limits cannot hold together"
