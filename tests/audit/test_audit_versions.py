"""For every check of versions a violation is planted in a plan, and that check must find it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import polars as pl
import pytest
from audit_case import Row, checked

from coproduce import api
from coproduce.audit import audit
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

START = datetime(2026, 1, 5)
Change = Callable[[pl.DataFrame], pl.DataFrame]


def day(days: float) -> datetime:
    return START + timedelta(days=days)


@cache
def planned() -> PlanResult:
    """Return a plan in which B and C stand in for A, of which 2 units are written off in the third week."""
    week: list[Row] = [
        {"demand": f"d{t}", "item": "A", "site": "a", "quantity": 4.0, "due": day(7 * t + 6), "earliest": day(7 * t)}
        for t in range(3)
    ]
    return api.plan(
        checked(
            {
                "programme": [{"name": "x", "currency": "EUR", "start": START, "buckets": "3 weeks"}],
                "sites": [{"site": "a"}, {"site": "b"}],
                "items": [
                    {"item": "A", "unit": "piece", "unit_value": 10.0, "obsolete_from": day(14)},
                    {"item": "B", "unit": "piece", "replaces": "A", "stands_in": True, "stands_in_from": day(7)},
                    {"item": "pump", "unit": "piece"},
                ],
                "stocks": [{"item": "A", "site": "a", "opening": 10.0}],
                "supplies": [
                    {"supply": "a", "item": "A", "site": "a", "price": 9.0},
                    {"supply": "b", "item": "B", "site": "a", "price": 3.0},
                ],
                "processes": [{"process": "p", "site": "a", "start_from": day(14)}],
                "flows": [
                    {"process": "p", "item": "A", "line": 1, "quantity": -1.0},
                    {"process": "p", "item": "pump", "line": 1, "quantity": 1.0},
                ],
                "demands": [*week, {"demand": "q", "item": "pump", "site": "a", "quantity": 1.0, "due": day(20),
                                    "earliest": day(14)}],
            }
        ),
        threads=1,
    )  # fmt: skip


def failed(table: str, change: Change, tables: Tables | None = None) -> list[str]:
    """Return the codes of the checks that fail after a change of a table of results."""
    result = planned()
    report = audit(tables or result.tables, {**result.frames, table: change(result.frames[table])})
    return [check.code for check in report.checks if not check.passed]


def given(table: str, column: str, value: object) -> Tables:
    """Return the input with one value in the first row of a column."""
    tables = planned().tables
    first = pl.int_range(pl.len()) == 0
    frame = tables[table].with_columns(pl.when(first).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))
    return Tables({**tables.frames, table: frame})


def put(column: str, value: object, row: int = 0) -> Change:
    """Write one cell."""
    at = pl.int_range(pl.len()) == row
    return lambda frame: frame.with_columns(
        pl.when(at).then(pl.lit(value, dtype=frame.schema[column])).otherwise(pl.col(column)).alias(column)
    )


def to_runs(frame: pl.DataFrame) -> pl.DataFrame:
    """Call what was delivered taken in by runs."""
    return frame.with_columns(demand=pl.lit(None, dtype=pl.String))


def bought(frame: pl.DataFrame) -> pl.DataFrame:
    """Order A in the third week."""
    row = {"supply": "a", "item": "A", "site": "a", "bucket": 2, "quantity": 1.0, "lots": None, "cost": 9.0}
    return pl.concat([frame, pl.DataFrame([row], schema=frame.schema)])


PLANTED: dict[str, tuple[str, Change]] = {
    "A414": ("stock", put("stood_in", 1.0)),
    "A415": ("stock", put("stands_in", 1.0)),
    "A416": ("stock", put("written_off", 1.0)),
    "A625": ("costs", lambda frame: frame.filter(pl.col("kind") != "write_off")),
    "A971": ("stand_ins", put("bucket", 0)),
    "A972": ("stand_ins", lambda frame: frame.with_columns(demand=pl.lit("d0"))),
    "A973": ("stand_ins", to_runs),
    "A974": ("deliveries", put("newer", 1.0)),
    "A975": ("stand_ins", lambda frame: frame.head(1)),
    "A976": ("purchases", bought),
    "A977": ("write_offs", lambda frame: frame.clear()),
    "A978": ("write_offs", put("bucket", 1)),
    "A979": ("write_offs", put("loss", 1.0)),
    "A980": ("version_flow", put("delivered", 99.0)),
    "A981": ("versions", put("run_out", 99.0)),
}


def test_the_plan_passes_as_it_is_and_shows_all_that_is_checked() -> None:
    assert failed("runs", lambda frame: frame) == []
    frames = planned().frames
    assert frames["stand_ins"].filter(pl.col("demand").is_null()).height == 1
    assert frames["write_offs"]["quantity"].to_list() == [2.0]


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_violation_of_versions_is_found(code: str) -> None:
    assert code in failed(*PLANTED[code])


def test_a_qualification_that_slips_is_found() -> None:
    later = (
        planned()
        .tables["items"]
        .with_columns(
            stands_in_from=pl.when(pl.col("item") == "B").then(pl.lit(day(15))).otherwise(pl.col("stands_in_from"))
        )
    )
    tables = Tables({**planned().tables.frames, "items": later})
    assert failed("runs", lambda frame: frame, tables) == ["A971"]


def test_an_item_that_becomes_obsolete_earlier_is_found() -> None:
    assert {"A975", "A977"} <= set(failed("runs", lambda frame: frame, given("items", "obsolete_from", day(7))))


def test_a_cut_in_that_is_stated_too_late_is_found() -> None:
    assert failed("versions", put("cut_in", day(20))) == ["A981"]
