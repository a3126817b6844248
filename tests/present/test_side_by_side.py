"""Tasks in processes of their own: order, failures, ends from outside, interrupts, and that no result depends on it."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from command_line import SMALL, Command

from coproduce.errors import (
    AuditError,
    Conflict,
    CoproduceError,
    InfeasibleError,
    InputError,
    NoPlanError,
    Origin,
    Problem,
    Severity,
)
from coproduce.present.side_by_side import DefectError, EndedFromOutsideError, Show, SideBySide

PATIENCE = 60.0
HEARD: list[str] = []
ORIGIN = Origin("programme.xlsx", "resources", 7, "capacity", 2)


def until(path: Path) -> None:
    """Wait for a file that another process makes."""
    end = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < end, f"{path} was not made"
        time.sleep(0.01)


def first_waits_for_second(task: tuple[Path, int], show: Show) -> int:
    folder, number = task
    show(f"{number} begins")
    if number == 0:
        until(folder / "second")
    if number == 1:
        (folder / "second").touch()
    show(f"{number} ends")
    return number * number


def meets(task: str, show: Show) -> str:
    """Do or fail as a word says."""
    show(task)
    if task == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "no plan":
        raise NoPlanError("no time")
    if task == "conflict":
        raise InfeasibleError([Conflict(ORIGIN, "capacity", "7"), Conflict(ORIGIN, "minimum", "9")])
    if task == "defect":
        raise ZeroDivisionError("nothing to divide by")
    return task.upper()


def never_ends(task: Path, show: Show) -> None:
    task.write_text(str(os.getpid()), encoding="utf-8")
    show("begun")
    time.sleep(10 * PATIENCE)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


class TestTasks:
    def test_two_run_at_once_and_what_they_say_comes_in_their_order(self, tmp_path: Path) -> None:
        said: list[str] = []
        with SideBySide(first_waits_for_second, [(tmp_path, number) for number in range(3)], 2, 1) as beside:
            done = [beside.ended(at, said.append) for at in range(3)]
        assert done == [0, 1, 4]
        assert said == ["0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends"]

    @pytest.mark.parametrize("workers", [1, 2])
    def test_one_that_fails_or_is_killed_does_not_keep_the_others_from_theirs(self, workers: int) -> None:
        tasks = ["killed", "a", "no plan", "b", "conflict", "c"]
        with SideBySide(meets, tasks, workers, 1) as beside:
            killed, a, late, b, conflict, c = (beside.ended(at, HEARD.append) for at in range(len(tasks)))
        assert (a, b, c) == ("A", "B", "C")
        assert isinstance(killed, EndedFromOutsideError)
        assert "exit code -9" in str(killed)
        assert isinstance(late, NoPlanError)
        assert isinstance(conflict, InfeasibleError)
        assert [one.limit for one in conflict.conflicts] == ["capacity", "minimum"]

    def test_a_defect_ends_all_of_them(self) -> None:
        said = pytest.raises(DefectError, match="ZeroDivisionError: nothing to divide by")
        with said, SideBySide(meets, ["defect", "a"], 2, 1) as beside:
            beside.ended(0, HEARD.append)

    def test_an_interrupt_ends_the_processes(self, tmp_path: Path) -> None:
        def interrupt(_step: str) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), SideBySide(never_ends, [tmp_path / "pid"], 2, 1) as beside:
            beside.ended(0, interrupt)
        assert not alive(int((tmp_path / "pid").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "failure",
    [
        InputError(
            [Problem("E104", Severity.ERROR, ORIGIN, "unknown"), Problem("W1", Severity.WARNING, ORIGIN, "odd")]
        ),
        InfeasibleError([Conflict(ORIGIN, "capacity", "7")]),
        AuditError(["balance", "capacity"]),
        NoPlanError("no plan was found within the time limit of 3 seconds"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_failure_is_carried_over_to_another_process_whole(failure: CoproduceError) -> None:
    again = pickle.loads(pickle.dumps(failure))
    assert type(again) is type(failure)
    assert str(again) == str(failure)
    assert vars(again) == vars(failure)


class TestPlanning:
    def test_no_result_depends_on_the_number_of_workers(self, coproduce: Command, tmp_path: Path) -> None:
        said = [
            coproduce("plan", SMALL, "--scenario", "base", "--scenario", "practice", "--scenario", "larger_export",
                      "--workers", workers, "--out", f"by_{workers}")
            for workers in ("1", "2")
        ]  # fmt: skip
        assert [one.code for one in said] == [0, 0]
        assert said[0].err == said[1].err
        for table in sorted((tmp_path / "by_1").glob("*/tables/*.parquet")):
            other = tmp_path / "by_2" / table.relative_to(tmp_path / "by_1")
            found, again = (pl.read_parquet(path).drop("seconds", strict=False) for path in (table, other))
            assert found.equals(again), table
        assert [line for line in said[0].err.splitlines() if "(2 of 3)" in line]

    def test_ctrl_c_ends_all_without_a_traceback(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "coproduce", "plan", str(SMALL), "--all-scenarios", "--workers", "2"]
        command += ["--out", str(tmp_path / "out")]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
            assert process.stderr is not None
            begun = process.stderr.readline()
            os.killpg(process.pid, signal.SIGINT)
            said = begun + process.stderr.read()
            assert process.wait(PATIENCE) == 130
        assert "Traceback" not in said
        assert not (tmp_path / "out").exists()
