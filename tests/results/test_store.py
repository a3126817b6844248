"""A result folder appears whole or not at all, never takes the place of anything else, and opens without harm."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from coproduce import api
from coproduce.errors import Origin, Problem, Severity
from coproduce.results.result import PlanResult
from coproduce.results.store import ForeignFolderError
from coproduce.tables import RESULT_TABLES

SMALL = Path(__file__).parents[2] / "examples" / "small"


def report(result: PlanResult, path: Path) -> None:
    path.write_text(f"report of {result.summary['name']}", encoding="utf-8")


WRITERS = {"report.html": report}


def named(result: PlanResult, name: str) -> PlanResult:
    return replace(result, summary={**result.summary, "name": name})


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def whose(folder: Path) -> str:
    """Return the name in the summary of a whole result."""
    name = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["name"]
    assert (folder / "report.html").read_text(encoding="utf-8") == f"report of {name}"
    assert {path.stem for path in (folder / "tables").iterdir()} == set(RESULT_TABLES)
    return str(name)


class TestWriting:
    def test_a_result_holds_summary_report_warnings_and_every_table_twice(
        self, small: PlanResult, tmp_path: Path
    ) -> None:
        api.write(small, tmp_path / "new" / "out", WRITERS)
        tables = {f"tables/{name}.{kind}" for name in RESULT_TABLES for kind in ("csv", "parquet")}
        given = {f"inputs/{name}.parquet" for name, frame in small.tables.frames.items() if frame.height}
        assert set(contents(tmp_path / "new" / "out")) == {
            "summary.json", "report.html", "problems.csv", *tables, *given,
        }  # fmt: skip

    def test_parquet_and_csv_hold_the_rows_of_the_plan(self, small: PlanResult, tmp_path: Path) -> None:
        api.write(small, tmp_path / "out", WRITERS)
        for name, frame in small.frames.items():
            stored = pl.read_parquet(tmp_path / "out" / "tables" / f"{name}.parquet")
            assert stored.equals(frame)
            with (tmp_path / "out" / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                assert len(list(csv.reader(file))) == frame.height + 1

    def test_a_result_of_ours_is_replaced_and_nothing_is_left_beside_it(
        self, small: PlanResult, tmp_path: Path
    ) -> None:
        for name in ("old", "new"):
            api.write(named(small, name), tmp_path / "out", WRITERS)
            assert whose(tmp_path / "out") == name
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_an_empty_folder_is_filled(self, small: PlanResult, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        api.write(named(small, "new"), tmp_path / "out", WRITERS)
        assert whose(tmp_path / "out") == "new"


class TestForeignFolders:
    @pytest.mark.parametrize("foreign", ["thesis.docx", ".git", "summary.json.bak"])
    def test_a_folder_with_other_files_is_refused_and_untouched(
        self, small: PlanResult, tmp_path: Path, foreign: str
    ) -> None:
        api.write(named(small, "old"), tmp_path / "out", WRITERS)
        (tmp_path / "out" / foreign).write_text("precious", encoding="utf-8")
        before = contents(tmp_path / "out")
        with pytest.raises(ForeignFolderError, match=foreign):
            api.write(named(small, "new"), tmp_path / "out", WRITERS)
        assert contents(tmp_path / "out") == before
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_a_foreign_file_among_our_tables_is_seen(self, small: PlanResult, tmp_path: Path) -> None:
        api.write(small, tmp_path / "out", WRITERS)
        (tmp_path / "out" / "tables" / "mine.csv").write_text("precious", encoding="utf-8")
        with pytest.raises(ForeignFolderError, match=r"tables/mine\.csv"):
            api.write(small, tmp_path / "out", WRITERS)
        assert (tmp_path / "out" / "tables" / "mine.csv").read_text(encoding="utf-8") == "precious"

    def test_files_named_like_ours_without_a_summary_are_no_result_of_ours(
        self, small: PlanResult, tmp_path: Path
    ) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "report.html").write_text("precious", encoding="utf-8")
        with pytest.raises(ForeignFolderError, match=r"report\.html"):
            api.write(small, tmp_path / "out", WRITERS)

    def test_a_file_in_the_place_of_the_folder_is_refused_and_untouched(
        self, small: PlanResult, tmp_path: Path
    ) -> None:
        (tmp_path / "out").write_text("precious", encoding="utf-8")
        with pytest.raises(ForeignFolderError):
            api.write(small, tmp_path / "out", WRITERS)
        assert (tmp_path / "out").read_text(encoding="utf-8") == "precious"


class TestFailures:
    def test_after_an_error_in_the_report_the_old_result_stands_and_no_remains_lie_about(
        self, small: PlanResult, tmp_path: Path
    ) -> None:
        def broken(result: PlanResult, path: Path) -> None:  # noqa: ARG001
            raise RuntimeError("no report")

        api.write(named(small, "old"), tmp_path / "out", WRITERS)
        with pytest.raises(RuntimeError, match="no report"):
            api.write(named(small, "new"), tmp_path / "out", {"report.html": broken})
        assert whose(tmp_path / "out") == "old"
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_after_an_error_in_the_last_step_the_old_result_stands(
        self, small: PlanResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rename = Path.rename

        def failing(path: Path, target: Path) -> Path:
            if Path(target).name == "out" and ".new-" in path.name:
                raise OSError("the disk went away")
            return rename(path, target)

        api.write(named(small, "old"), tmp_path / "out", WRITERS)
        monkeypatch.setattr(Path, "rename", failing)
        with suppress(OSError):
            api.write(named(small, "new"), tmp_path / "out", WRITERS)
        assert (tmp_path / "out").exists()
        assert whose(tmp_path / "out") == "old"


# Writes `old`, then `new`, and kills itself at the given call of a function that writing goes through.
VICTIM = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
import polars as pl
from coproduce import api

folder, owner, name, at = Path(sys.argv[1]), {"Path": Path, "DataFrame": pl.DataFrame}[sys.argv[2]], *sys.argv[3:5]

def report(result, path):
    path.write_text(f"report of {result.summary['name']}", encoding="utf-8")

def named(result, name):
    return replace(result, summary={**result.summary, "name": name})

result = api.plan_path(sys.argv[5], threads=1, bottlenecks=0)
api.write(named(result, "old"), folder, {"report.html": report})
original, calls = getattr(owner, name), 0

def deadly(*given, **named):
    global calls
    calls += 1
    if calls == int(at):
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*given, **named)

setattr(owner, name, deadly)
api.write(named(result, "new"), folder, {"report.html": report})
"""


def moments() -> Iterator[object]:
    yield pytest.param("DataFrame", "write_parquet", 1, {"old"}, id="before the first table")
    yield pytest.param("DataFrame", "write_csv", 7, {"old"}, id="between two tables")
    yield pytest.param("Path", "write_text", 1, {"old"}, id="before the report")
    yield pytest.param("Path", "write_text", 2, {"old"}, id="before the summary")
    yield pytest.param("Path", "rename", 1, {"old"}, id="before the old result is moved away")
    yield pytest.param("Path", "rename", 9, {"new"}, id="not at all")


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.parametrize(("owner", "function", "call", "left"), list(moments()))
def test_killed_at_any_moment_the_old_result_or_the_new_one_is_left(
    tmp_path: Path, owner: str, function: str, call: int, left: set[str]
) -> None:
    arguments = [str(tmp_path / "out"), owner, function, str(call), str(SMALL)]
    done = subprocess.run([sys.executable, "-c", VICTIM, *arguments], capture_output=True, timeout=120, check=False)
    if done.returncode != (0 if call == 9 else -signal.SIGKILL):
        raise RuntimeError(done.stderr.decode())
    assert (tmp_path / "out").exists()
    assert whose(tmp_path / "out") in left


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_killed_between_the_two_renames_the_old_result_lies_whole_beside_and_is_put_back_by_the_next_run(
    small: PlanResult, tmp_path: Path
) -> None:
    arguments = [str(tmp_path / "out"), "Path", "rename", "2", str(SMALL)]
    done = subprocess.run([sys.executable, "-c", VICTIM, *arguments], capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    (beside,) = tmp_path.glob(".out.old-*")
    assert whose(beside) == "old"

    def failing(_result: PlanResult, _path: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        api.write(small, tmp_path / "out", {"report.html": failing})
    assert whose(tmp_path / "out") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


class TestHarmlessCells:
    EVIL = ('=HYPERLINK("http://x","y")', "+1+cmd", "-2+3", "@SUM(A1)", "\tx", "\r=1")

    def test_no_text_in_a_csv_file_begins_like_a_formula(self, small: PlanResult, tmp_path: Path) -> None:
        problems = tuple(
            Problem("W001", Severity.WARNING, Origin("=file.csv", "@sheet", 2, "+column"), evil, seen=evil, hint=evil)
            for evil in self.EVIL
        )
        api.write(replace(small, problems=problems), tmp_path / "out", WRITERS)
        with (tmp_path / "out" / "problems.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["message"] for row in rows] == ["'" + evil for evil in self.EVIL]
        for row in rows:
            assert all(not str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())

    def test_ids_that_begin_with_a_minus_are_harmless_in_csv_and_true_in_parquet(
        self, small: PlanResult, tmp_path: Path
    ) -> None:
        deliveries = small.frames["deliveries"].with_columns(demand=pl.lit("-2"))
        api.write(replace(small, frames={**small.frames, "deliveries": deliveries}), tmp_path / "out", WRITERS)
        tables = tmp_path / "out" / "tables"
        assert set(pl.read_parquet(tables / "deliveries.parquet")["demand"]) == {"-2"}
        with (tables / "deliveries.csv").open(encoding="utf-8", newline="") as file:
            assert {row["demand"] for row in csv.DictReader(file)} == {"'-2"}

    def test_negative_numbers_stay_numbers(self, small: PlanResult, tmp_path: Path) -> None:
        costs = small.frames["costs"].with_columns(amount=pl.lit(-1.5))
        api.write(replace(small, frames={**small.frames, "costs": costs}), tmp_path / "out", WRITERS)
        with (tmp_path / "out" / "tables" / "costs.csv").open(encoding="utf-8", newline="") as file:
            assert {row["amount"] for row in csv.DictReader(file)} == {"-1.5"}
