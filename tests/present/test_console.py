"""What is said of a plan and of problems: nothing of the user's is taken for markup, nothing is said twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from coproduce import api
from coproduce.errors import Conflict, ExitCode, InfeasibleError, InputError, NoPlanError, Origin, Problem, Severity
from coproduce.present.console import progress, say_checked, say_failure, say_plan
from coproduce.results.result import PlanResult

SMALL = Path(__file__).parents[2] / "examples" / "small"
ORIGIN = Origin("a.csv", "a", 2, "b", 1)


@pytest.fixture(scope="module")
def small() -> PlanResult:
    return api.plan_path(SMALL, threads=1, bottlenecks=2)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def shown(result: PlanResult, capsys: pytest.CaptureFixture[str]) -> str:
    say_plan(result, Path("out"))
    return capsys.readouterr().out


def test_a_name_with_brackets_is_shown_as_it_is(small: PlanResult, capsys: pytest.CaptureFixture[str]) -> None:
    named = replace(small, summary={**small.summary, "name": "Batch [red] two [/]"})
    assert "Batch [red] two [/]" in shown(named, capsys)


def test_when_all_is_on_time_that_is_said(small: PlanResult, capsys: pytest.CaptureFixture[str]) -> None:
    service = small.frames["demand_service"].filter(pl.col("status") == "on_time")
    frames = {**small.frames, "demand_service": service, "bottlenecks": small.frames["bottlenecks"].clear()}
    said = shown(replace(small, frames=frames), capsys)
    assert "nothing is late" in said
    assert "what limits" not in said


def test_a_demand_that_is_short_shows_what_is_missing(small: PlanResult, capsys: pytest.CaptureFixture[str]) -> None:
    service = small.frames["demand_service"].with_columns(
        status=pl.lit("short"), unmet=pl.lit(2.5), late_unit_days=pl.lit(1.0)
    )
    said = shown(replace(small, frames={**small.frames, "demand_service": service}), capsys)
    assert "2.5 of 10 not delivered within the horizon" in said


def test_a_stage_without_a_proof_has_no_gap(small: PlanResult, capsys: pytest.CaptureFixture[str]) -> None:
    stages = [*small.summary["tiers"][:-1], {**small.summary["tiers"][-1], "gap": None, "bound": None}]
    assert "not proven" in shown(replace(small, summary={**small.summary, "tiers": stages}), capsys)
    assert "not proven" not in shown(small, capsys)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (InputError([Problem("E1", Severity.ERROR, ORIGIN, "no [bold] here")]), ExitCode.INPUT),
        (InfeasibleError([Conflict(ORIGIN, "limit [x]", "3")]), ExitCode.INFEASIBLE),
        (NoPlanError("no time"), ExitCode.NO_PLAN),
        (PermissionError(13, "Permission denied", "out"), ExitCode.INPUT),
        (ValueError("odd [/] text"), ExitCode.DEFECT),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_failure_has_its_exit_code_and_its_words(
    failure: Exception, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say_failure(failure) == code
    said = capsys.readouterr()
    assert said.out == ""
    words = {"InputError": "no [bold] here", "InfeasibleError": "limit [x] = 3", "ValueError": "odd [/] text"}
    assert words.get(type(failure).__name__, str(failure)) in said.err
    assert "Traceback" not in said.err


def test_the_steps_go_to_standard_error_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as show:
        show("reading")
        show("solving")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.split() == ["reading", "solving"]


def test_a_checked_programme_names_the_tables_that_hold_rows_and_one_warning_is_singular(
    small: PlanResult, capsys: pytest.CaptureFixture[str]
) -> None:
    warning = Problem("W516", Severity.WARNING, ORIGIN, "the demand is for nothing")
    say_checked(Path("p"), small.tables, [warning], every=False)
    said = capsys.readouterr().out
    assert said.startswith("no errors, 1 warning in p: 4 sites, ")
    assert "parties" not in said  # The example has no such table.
