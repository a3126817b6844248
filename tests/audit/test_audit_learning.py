"""For every check of learned loads a violation is planted in a plan, and that check must find it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import polars as pl
import pytest
from audit_case import checked

from coproduce import api
from coproduce.audit import audit
from coproduce.results.result import PlanResult

START = datetime(2026, 1, 5)
Change = Callable[[pl.DataFrame], pl.DataFrame]


@cache
def planned() -> PlanResult:
    """Return a plan of five runs of a process that learns, at 14 hours a week."""
    return api.plan(
        checked(
            {
                "programme": [{"name": "x", "currency": "EUR", "start": START, "buckets": "3 weeks"}],
                "sites": [{"site": "a"}],
                "items": [{"item": "part", "unit": "piece"}],
                "processes": [{"process": "p", "site": "a", "runs_before": 3.0}],
                "flows": [{"process": "p", "item": "part", "line": 1, "quantity": 1.0}],
                "resources": [{"resource": "r", "site": "a", "unit": "hour", "capacity": 14.0, "capacity_per": "week"}],
                "loads": [{"process": "p", "resource": "r", "line": 1, "quantity": 8.0, "learning_rate": 0.75}],
                "demands": [{"demand": "d", "item": "part", "site": "a", "quantity": 9.0,
                             "due": START + timedelta(days=6)}],
            }
        ),
        threads=1,
    )  # fmt: skip


def failed(table: str, change: Change) -> list[str]:
    """Return the codes of the checks that fail after a change of a table of results."""
    result = planned()
    report = audit(result.tables, {**result.frames, table: change(result.frames[table])})
    return [check.code for check in report.checks if not check.passed]


def scaled(column: str, factor: float, row: int) -> Change:
    """Multiply one cell."""
    at = pl.int_range(pl.len()) == row
    return lambda frame: frame.with_columns(pl.when(at).then(pl.col(column) * factor).otherwise(pl.col(column)))


PLANTED: dict[str, tuple[str, Change]] = {
    "A307": ("learning_curve", lambda frame: pl.concat([frame, frame.head(1).with_columns(resource=pl.lit("x"))])),
    "A308": ("learning_curve", scaled("from_runs", 1.1, 0)),
    "A309": ("learning_curve", scaled("load", 1.01, 1)),
    "A310": ("learning_curve", lambda frame: frame.with_columns(error=pl.lit(1e-4))),
    "A341": ("learned_loads", scaled("load", 1.01, 0)),
    "A342": ("learned_loads", scaled("by_law", 1.01, 0)),
    "A343": ("learned_loads", scaled("runs", 1.01, 0)),
}


def test_the_plan_passes_as_it_is() -> None:
    assert failed("runs", lambda frame: frame) == []


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_violation_of_learning_is_found(code: str) -> None:
    assert code in failed(*PLANTED[code])


def test_a_plan_on_a_curve_that_falls_too_fast_is_found() -> None:
    # Hours of the resource follow the stated curve, which no longer follows the law.
    assert {"A309", "A310", "A304"} <= set(failed("learning_curve", scaled("load", 0.9, 0)))


def test_a_run_too_many_shows_in_the_load_of_its_resource() -> None:
    assert {"A304", "A306", "A343"} <= set(failed("runs", scaled("quantity", 1.5, 0)))
