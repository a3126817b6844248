"""The command: its exit codes, and words instead of tracebacks whatever happens."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from command_line import SMALL, Command, edited

from coproduce import api
from coproduce.api import planning
from coproduce.errors import AuditError
from coproduce.present.cli import main

# Three cells that are wrong, in two files; the header is row 1.
BAD = (
    ("demands.csv", "depot_pl,16,", "depot_pl,many,"),
    ("demands.csv", "depot_se,10,", "depot_xx,10,"),
    ("resources.csv", "hour,10,week", "hour,-5,week"),
)
# 6 weeks of 10 hours, less a fifth of one week, make 58 casings; 100 must lie there at the end.
IMPOSSIBLE = (
    ("stocks.csv", "item,site,opening,holding_cost", "item,site,opening,holding_cost,final_min"),
    ("stocks.csv", "casing,works_se,0,36.5", "casing,works_se,0,36.5,100"),
    ("stocks.csv", "casing,plant_pl,0,36.5", "casing,plant_pl,0,36.5,0"),
    ("stocks.csv", "motor,plant_pl,10,36.5", "motor,plant_pl,10,36.5,0"),
    ("stocks.csv", "pump,plant_pl,0,36.5", "pump,plant_pl,0,36.5,0"),
    ("stocks.csv", "pump,depot_pl,0,36.5", "pump,depot_pl,0,36.5,0"),
    ("stocks.csv", "pump,depot_se,0,36.5", "pump,depot_se,0,36.5,0"),
)


class TestCheck:
    def test_a_good_programme_ends_with_0_and_says_what_it_holds(self, coproduce: Command) -> None:
        said = coproduce("check", SMALL)
        assert said.code == 0
        assert "no errors" in said.out
        assert "2 demands" in said.out
        assert said.err == ""

    def test_all_errors_are_listed_with_file_sheet_row_and_column(self, coproduce: Command, tmp_path: Path) -> None:
        said = coproduce("check", edited(tmp_path / "bad", *BAD))
        assert said.code == 2
        places = [line.split(": ")[0] for line in said.lines("error ")]
        assert [place.split(" ", 2)[2] for place in places] == [
            "demands.csv › demands!E2 (quantity)",
            "demands.csv › demands!D3 (site)",
            "resources.csv › resources!E2 (capacity)",
        ]
        assert '"many"' in said.err
        assert "-5" in said.err
        assert 'did you mean "depot_' in said.err
        assert "3 errors in the input" in said.err

    def test_a_path_that_is_not_there_is_an_error_of_the_input(self, coproduce: Command) -> None:
        for command in ("check", "plan"):
            said = coproduce(command, "nowhere")
            assert said.code == 2
            assert "nowhere" in said.err

    def test_more_than_twenty_problems_of_a_kind_are_counted_unless_all_are_asked_for(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        rows = "".join(f"d{k},,pump,nowhere,1,2027-01-31,,domestic,1\n" for k in range(25))
        folder = edited(tmp_path / "many")
        with (folder / "demands.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
        short, full = coproduce("check", folder), coproduce("check", folder, "--all")
        assert (short.code, full.code) == (2, 2)
        assert (len(short.lines("error ")), len(full.lines("error "))) == (20, 25)
        assert "and 5 more" in short.err
        assert "25 errors in the input" in short.err


class TestPlan:
    def test_a_plan_ends_with_0_and_writes_a_result(self, coproduce: Command, tmp_path: Path) -> None:
        said = coproduce("plan", SMALL, "--threads", "1")
        assert said.code == 0
        assert {path.name for path in (tmp_path / "out").iterdir()} == {
            "report.html", "results.xlsx", "summary.json", "problems.csv", "tables", "inputs",
        }  # fmt: skip

    def test_the_summary_says_what_is_delivered_what_is_late_what_limits_and_where_the_report_is(
        self, coproduce: Command
    ) -> None:
        # As derived by hand in the README of the example: 26 pumps, of which 6 of `export` a week late.
        said = coproduce("plan", SMALL, "--out", "here", "--threads", "1")
        assert "Pump sets from two countries" in said.out
        assert "1 of 2 demands on time, 1 late, 0 short" in said.out
        assert "26 of 26" in next(line for line in said.out.splitlines() if line.startswith("pump"))
        late = next(line for line in said.out.splitlines() if line.strip().startswith("export"))
        assert "2027-02-14" in late
        assert "7 days late" in late
        limit = next(line for line in said.out.splitlines() if line.strip().startswith("Furnace at Foundry"))
        assert "One more hour in 4–10 Jan 2027 would save 7 late unit-days" in limit
        assert "from resources.csv › resources!E2 (capacity)" in said.out
        assert "1,789 EUR" in said.out
        assert str(Path("here") / "report.html") in said.out

    def test_errors_of_the_input_end_with_2_and_leave_no_result(self, coproduce: Command, tmp_path: Path) -> None:
        said = coproduce("plan", edited(tmp_path / "bad", *BAD))
        assert said.code == 2
        assert len(said.lines("error ")) == 3
        assert not (tmp_path / "out").exists()

    def test_a_conflict_ends_with_3_and_names_the_cells(self, coproduce: Command, tmp_path: Path) -> None:
        said = coproduce("plan", edited(tmp_path / "impossible", *IMPOSSIBLE), "--threads", "1")
        assert said.code == 3
        assert "stocks.csv › stocks!E2 (final_min): final_min of casing at works_se = 100" in said.err
        assert "resources.csv › resources!E2 (capacity): capacity of foundry at works_se = 10 per week" in said.err
        assert "2 limits cannot hold together" in said.err
        assert not (tmp_path / "out").exists()

    def test_no_time_ends_with_5(self, coproduce: Command, tmp_path: Path) -> None:
        said = coproduce("plan", SMALL, "--time-limit", "0", "--threads", "1")
        assert said.code == 5
        assert "no plan was found within the time limit of 0 seconds" in said.err
        assert "--time-limit" in said.err
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("failing", ["bad", "conflict", "time"])
    def test_an_earlier_result_that_stays_is_said_not_to_be_of_this_run(
        self, coproduce: Command, tmp_path: Path, failing: str
    ) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "summary.json").write_text("{}", encoding="utf-8")
        folder = edited(tmp_path / "programme", *{"bad": BAD, "conflict": IMPOSSIBLE, "time": ()}[failing])
        said = coproduce("plan", folder, "--threads", "1", *(["--time-limit", "0"] if failing == "time" else []))
        assert said.code == {"bad": 2, "conflict": 3, "time": 5}[failing]
        assert "out still holds the result of an earlier run" in said.err
        assert "does not belong to this run" in said.err

    def test_a_file_is_no_place_for_a_result(self, coproduce: Command, tmp_path: Path) -> None:
        said = coproduce("plan", SMALL, "--out", "plan.xlsx")
        assert said.code == 2
        assert 'a plan is written to a folder, and "plan.xlsx" is the name of a file' in said.err
        assert "results.xlsx" in said.err
        assert list(tmp_path.iterdir()) == []

    def test_where_nothing_can_be_written_that_is_said_before_the_work_begins(
        self, coproduce: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def closed(**_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("coproduce.present.outputs.tempfile.TemporaryFile", closed)
        for arguments in (
            ("plan", SMALL, "--out", "new/result"),
            ("template", "new.xlsx"),
            ("convert", SMALL, "new"),
            ("check", SMALL, "--annotate", "new.xlsx"),
        ):
            said = coproduce(*arguments)
            assert said.code == 2
            assert f"nothing can be written to {tmp_path.resolve()} (Permission denied)" in said.err
            assert "reading" not in said.err

    def test_a_folder_with_other_files_is_refused_before_anything_is_planned(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "thesis.docx").write_text("precious", encoding="utf-8")
        said = coproduce("plan", SMALL)
        assert said.code == 2
        assert "thesis.docx" in said.err
        assert "solving" not in said.err
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.docx"]

    def test_a_result_is_replaced_by_the_next(self, coproduce: Command) -> None:
        assert coproduce("plan", SMALL, "--threads", "1").code == 0
        assert coproduce("plan", SMALL, "--threads", "1").code == 0

    def test_the_folder_of_the_programme_is_no_place_for_the_result(self, coproduce: Command, tmp_path: Path) -> None:
        folder = edited(tmp_path / "programme")
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert coproduce("plan", folder, "--out", folder).code == 2
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_that_may_not_be_written_is_an_error_of_the_input(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        (tmp_path / "closed").mkdir(mode=0o500)
        assert coproduce("plan", SMALL, "--out", tmp_path / "closed" / "out").code == 2


class TestDefects:
    def test_an_unexpected_exception_ends_with_1_and_one_line(
        self, coproduce: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(path: Path) -> None:
            raise ZeroDivisionError(f"while reading [{path.name}]")

        monkeypatch.setattr(api, "read", broken)
        said = coproduce("check", SMALL)
        assert said.code == 1
        assert said.lines("a defect of ours") == ["a defect of ours: ZeroDivisionError: while reading [small]"]
        assert len(said.err.splitlines()) == 2  # the second tells how to see more
        assert "COPRODUCE_DEBUG" in said.err

    def test_a_plan_that_fails_its_audit_is_not_shown_and_ends_with_1(
        self, coproduce: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def failing(*_: object) -> None:
            raise AuditError(["stock of casing falls below 0"])

        monkeypatch.setattr(planning, "audit", failing)
        said = coproduce("plan", SMALL, "--threads", "1")
        assert said.code == 1
        assert "stock of casing falls below 0" in said.err
        assert "demands on time" not in said.out
        assert not (tmp_path / "out").exists()

    def test_the_traceback_is_there_for_those_who_ask(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(path: Path) -> None:  # noqa: ARG001
            raise ZeroDivisionError

        monkeypatch.setattr(api, "read", broken)
        monkeypatch.setattr(sys, "argv", ["coproduce", "check", str(SMALL)])
        monkeypatch.setenv("COPRODUCE_DEBUG", "1")
        with pytest.raises(ZeroDivisionError):
            main()

    def test_an_interrupt_is_no_defect(self, coproduce: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(path: Path) -> None:  # noqa: ARG001
            raise KeyboardInterrupt

        monkeypatch.setattr(api, "read", interrupted)
        said = coproduce("check", SMALL)
        assert said.code == 130


class TestCommandLine:
    def test_the_version_is_that_of_the_package(self, coproduce: Command) -> None:
        said = coproduce("--version")
        assert (said.code, said.out.strip()) == (0, f"coproduce {version('coproduce')}")

    @pytest.mark.parametrize(
        "arguments",
        [["plan"], ["nonsense"], ["plan", str(SMALL), "--gap", "3"], ["plan", str(SMALL), "--time-limit", "-1"]],
        ids=["no path", "no such command", "gap above 1", "negative time"],
    )
    def test_a_command_that_is_not_understood_ends_with_2(self, coproduce: Command, arguments: list[str]) -> None:
        said = coproduce(*arguments)
        assert said.code == 2
        assert "Error" in said.err

    def test_the_installed_command_behaves_the_same(self, tmp_path: Path) -> None:
        command = Path(sys.executable).parent / "coproduce"
        if not command.exists():
            pytest.skip("the command is not installed beside this interpreter")
        folder = edited(tmp_path / "bad", *BAD)
        done = subprocess.run([command, "check", folder], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2
        assert done.stderr.count("error E") == 3
        assert "Traceback" not in done.stderr


def test_results_never_take_the_place_of_the_input_they_come_from(coproduce: Command, tmp_path: Path) -> None:
    tables = tmp_path / "project" / "tables"
    shutil.copytree(SMALL, tables)
    before = sorted(path.name for path in tables.iterdir())
    for out in (tables, tables.parent):
        assert coproduce("plan", str(tables), "--out", str(out)).code == 2
    assert sorted(path.name for path in tables.iterdir()) == before


class TestInputs:
    def test_template_then_check_then_plan(self, coproduce: Command) -> None:
        assert coproduce("template", "new.xlsx", "--example").code == 0
        said = coproduce("check", "new.xlsx")
        assert (said.code, said.err) == (0, "")
        assert "no errors" in said.out

    def test_a_workbook_that_is_there_is_not_overwritten_unless_asked(self, coproduce: Command, tmp_path: Path) -> None:
        (tmp_path / "new.xlsx").write_text("a month of work", encoding="utf-8")
        for arguments in (
            ("template", "new.xlsx"),
            ("convert", SMALL, "new.xlsx"),
            ("check", SMALL, "--annotate", "new.xlsx"),
        ):
            said = coproduce(*arguments)
            assert said.code == 2
            assert "new.xlsx is there already; choose another name, or add --replace" in said.err
        assert (tmp_path / "new.xlsx").read_text(encoding="utf-8") == "a month of work"
        assert coproduce("template", "new.xlsx", "--replace").code == 0

    def test_convert_says_what_it_wrote_and_what_it_left_out(self, coproduce: Command, tmp_path: Path) -> None:
        said = coproduce("convert", SMALL, "small.xlsx")
        assert (said.code, said.err) == (0, "")
        assert "13 tables" in said.out
        assert "README.md" in said.out
        assert coproduce("convert", "small.xlsx", "typed", "--to", "parquet").code == 0
        assert {path.suffix for path in (tmp_path / "typed").iterdir()} == {".parquet"}

    def test_annotate_keeps_the_exit_code_of_check_and_says_where_the_copy_is(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        said = coproduce("check", edited(tmp_path / "bad", *BAD), "--annotate", "marked.xlsx")
        assert said.code == 2
        assert len(said.lines("error ")) == 3
        assert "marked.xlsx; 3 problems on its first sheet, 3 of them marked in their cells" in said.out
        good = coproduce("check", SMALL, "--annotate", "good.xlsx")
        assert good.code == 0
        assert "0 problems" in good.out

    def test_what_cannot_be_opened_cannot_be_annotated_and_that_is_said(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
        said = coproduce("check", "broken.xlsx", "--annotate", "marked.xlsx")
        assert said.code == 2
        assert "no annotated workbook was written" in said.err
        assert coproduce("check", "nowhere", "--annotate", "marked.xlsx").code == 2
        assert not (tmp_path / "marked.xlsx").exists()

    def test_the_source_is_never_the_output(self, coproduce: Command) -> None:
        assert coproduce("template", "new.xlsx", "--example").code == 0
        for arguments in (("convert", "new.xlsx", "new.xlsx"), ("check", "new.xlsx", "--annotate", "new.xlsx")):
            said = coproduce(*arguments, "--replace")
            assert said.code == 2
            assert "the programme itself" in said.err
