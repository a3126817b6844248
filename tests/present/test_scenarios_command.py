"""Scenarios on the command line: all are checked first, each gets its result, and a comparison is written whole."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from command_line import SMALL, Command, edited

from coproduce import api
from coproduce.present.comparison.page import render as render_page
from coproduce.present.comparison.workbook import render as render_workbook
from coproduce.present.inputs.convert import convert
from coproduce.present.inputs.forms import Form
from coproduce.results.comparison import Comparison, compare

LINE = "larger_export,2,supplies,supply = motor_maker,lead_days,set,7,\n"


def with_line(folder: Path, line: str) -> Path:
    """Copy the small example and add a line to its scenarios."""
    return edited(folder, ("scenarios.csv", LINE, f"{LINE}{line}\n"))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    names = ("base", "ferry_slow", "larger_export")
    return compare([(Path(name), api.plan_path(SMALL, scenario=name, threads=1)) for name in names])


class TestPlanning:
    def test_every_scenario_gets_a_result_and_one_without_a_plan_does_not_keep_the_others_from_theirs(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        # 58 casings can be made (10 hours in five weeks and 8 in one), and 100 must lie there at the end.
        path = with_line(tmp_path / "p", "too_much,1,stocks,item = casing; site = works_se,final_min,set,100,")
        said = coproduce("plan", path, "--all-scenarios", "--out", "plans", "--threads", "1")
        assert said.code == 3
        assert "no plan for too_much (5 of 8)" in said.err
        assert "scenarios.csv › scenarios!G7 (value) in place of stocks.csv › stocks!2 (final_min)" in said.err
        written = {path.name for path in (tmp_path / "plans").iterdir()}
        others = {"ferry_slow", "second_furnace", "larger_export", "paid_later", "paid_ahead", "practice"}
        assert written == {"base", *others}
        summary = json.loads((tmp_path / "plans" / "ferry_slow" / "summary.json").read_text(encoding="utf-8"))
        assert summary["scenario"]["name"] == "ferry_slow"
        assert summary["scenario"]["changes"][0]["cell"] == "scenarios.csv › scenarios!A2 (scenario)"
        assert json.loads((tmp_path / "plans/base/summary.json").read_text(encoding="utf-8"))["scenario"] is None

    def test_one_scenario_is_planned_into_the_folder_itself_and_named_in_report_and_workbook(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        said = coproduce("plan", SMALL, "--scenario", "ferry_slow", "--out", "out", "--threads", "1")
        assert said.code == 0
        assert "scenario ferry_slow" in said.out
        report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        assert "What scenario ferry_slow changes" in report
        assert "Checks at the port hold every casing for two weeks" in report
        cover = openpyxl.load_workbook(tmp_path / "out" / "results.xlsx")["Cover"]
        texts = [str(cell.value) for row in cover.iter_rows() for cell in row if cell.value]
        assert "Pump sets from two countries – scenario ferry_slow" in texts
        assert any("7 becomes 21" in text for text in texts)
        register = pl.read_parquet(tmp_path / "out" / "tables" / "register.parquet")
        (row,) = register.filter(table="lanes", key="works_plant", column="lead_days").to_dicts()
        assert (row["value"], row["confidence"], row["file"]) == (21.0, "assumed", "scenarios.csv")
        assert row["cell"] == "scenarios!G2 (value) in place of lanes.csv › lanes!E2 (lead_days)"

    def test_a_wrong_line_of_any_scenario_stops_before_anything_is_planned(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        path = with_line(tmp_path / "p", "x,1,lanes,lane = nowhere,lead_days,set,1,")
        said = coproduce("plan", path, "--all-scenarios", "--out", "plans")
        assert said.code == 2
        assert said.lines("error E603 scenarios.csv › scenarios!D7 (where)")
        assert not (tmp_path / "plans").exists()

    def test_a_scenario_with_errors_of_its_own_stops_before_anything_is_planned(
        self, coproduce: Command, tmp_path: Path
    ) -> None:
        path = with_line(tmp_path / "p", "x,1,lanes,,lead_days,set,soon,")
        said = coproduce("plan", path, "--all-scenarios", "--out", "plans")
        assert said.code == 2
        assert not (tmp_path / "plans").exists()
        assert coproduce("check", path).code == 0
        assert coproduce("check", path, "--scenario", "x").code == 2
        listed = coproduce("scenarios", path)
        assert listed.code == 2
        assert "x has errors" in listed.out

    def test_several_results_do_not_go_into_a_folder_that_is_a_result(self, coproduce: Command, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "summary.json").write_text("{}", encoding="utf-8")
        said = coproduce("plan", SMALL, "--all-scenarios", "--out", "out")
        assert said.code == 2
        assert "holds one result itself" in said.err

    def test_an_unknown_scenario_is_refused_with_a_suggestion(self, coproduce: Command) -> None:
        said = coproduce("plan", SMALL, "--scenario", "fery_slow")
        assert said.code == 2
        assert 'did you mean "ferry_slow"?' in said.err

    def test_a_programme_without_scenarios_says_so(self, coproduce: Command, tmp_path: Path) -> None:
        path = edited(tmp_path / "p")
        (path / "scenarios.csv").unlink()
        said = coproduce("scenarios", path)
        assert said.code == 0
        assert "has no scenarios" in said.out


class TestForms:
    def test_a_scenario_means_the_same_in_every_form(self, tmp_path: Path) -> None:
        source = with_line(
            tmp_path / "p", 'odd,1,demands,demand = home,name,set,"=1+1; ""so"" -2",\nodd,2,demands,,due,shift,-1 week,'
        )
        expected, _ = api.load(source, "odd")
        assert expected["demands"]["name"][0] == '=1+1; "so" -2'
        steps = ((tmp_path / "p.xlsx", Form.CSV), (tmp_path / "q", Form.PARQUET), (tmp_path / "r", Form.CSV))
        for out, form in steps:
            convert(source, out, form)
            found, _ = api.load(out, "odd")
            assert all(found[name].equals(frame) for name, frame in expected.frames.items())
            source = out

    def test_excel_numbers_dates_and_percentages_are_values_like_typed_text(self, tmp_path: Path) -> None:
        convert(SMALL, tmp_path / "p.xlsx", Form.CSV)
        book = openpyxl.load_workbook(tmp_path / "p.xlsx")
        sheet = book["scenarios"]
        rows = [
            ("e", 1, "demands", "demand = home", "due", "set", datetime(2027, 1, 24), None),
            ("e", 2, "demands", "demand = home", "quantity", "scale", 0.5, None),
            ("e", 3, "demands", "demand = export", "all_or_nothing", "set", True, None),
        ]
        for at, row in enumerate(rows, sheet.max_row + 1):
            for column, value in enumerate(row, 1):
                sheet.cell(at, column, value)
        sheet.cell(sheet.max_row - 1, 7).number_format = "0%"
        book.save(tmp_path / "p.xlsx")
        demands = api.load(tmp_path / "p.xlsx", "e")[0]["demands"]
        assert demands.row(0, named=True)["due"] == datetime(2027, 1, 24)
        assert demands.row(0, named=True)["quantity"] == 8.0
        assert demands.row(1, named=True)["all_or_nothing"] is True


class TestComparing:
    def test_a_comparison_is_shown_and_written_and_replaced(self, coproduce: Command, tmp_path: Path) -> None:
        for name in ("base", "second_furnace"):
            api.write(api.plan_path(SMALL, scenario=name, threads=1), tmp_path / "plans" / name, {})
        for _ in range(2):
            said = coproduce("compare", "plans", "--out", "both")
            assert said.code == 0
        assert re.search(r"Lateness +late unit-days +42 +0 \(−42\)", said.out)
        assert re.search(r"Cost +EUR +1,789 +1,841 \(\+52\)", said.out)
        assert {path.name for path in (tmp_path / "both").iterdir()} == {"comparison.html", "comparison.xlsx", "tables"}
        (tmp_path / "both" / "mine.txt").write_text("keep", encoding="utf-8")
        refused = coproduce("compare", "plans", "--out", "both")
        assert refused.code == 2
        assert "mine.txt" in refused.err

    def test_what_is_no_result_is_refused(self, coproduce: Command, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert coproduce("compare", "empty").code == 2
        assert "holds a result" in coproduce("compare", "nowhere", "empty").err
        api.write(api.plan_path(SMALL, threads=1), tmp_path / "one", {})
        assert "at least two" in coproduce("compare", "one").err

    def test_statistics_are_shown_and_written(self, coproduce: Command, tmp_path: Path) -> None:
        api.write(api.plan_path(SMALL, threads=1), tmp_path / "one", {})
        said = coproduce("statistics", "one", "--table", "costs", "--by", "country", "--out", "figures.csv")
        assert said.code == 0
        assert re.search(r"PL +amount +EUR +1,373", said.out)
        assert pl.read_csv(tmp_path / "figures.csv")["value"].to_list() == pytest.approx([1373, 416])
        assert coproduce("statistics", "one", "--by", "contry").code == 2

    def test_the_page_holds_the_figures_and_the_curves(self, comparison: Comparison) -> None:
        page = render_page(comparison)
        data = json.loads(re.search(r'id="plan-data">(.*?)</script>', page, re.DOTALL)[1])
        curves = {run["name"]: run["values"] for run in data["over_time"]["items"][0]["runs"]}
        assert curves["ferry_slow"] == [0, 0, 0, 0, 10, 16]
        assert "−876" in page
        assert "only here, demands: export_2" in page

    def test_a_text_cannot_become_markup_of_the_page(self, comparison: Comparison) -> None:
        hostile = "</script><script>alert(1)</script>"
        changes = comparison.frames["notes"].with_columns(note=pl.lit(hostile))
        page = render_page(Comparison(comparison.names, {**comparison.frames, "notes": changes}, comparison.results))
        assert hostile not in page

    def test_the_workbook_shows_each_run_in_a_column_and_is_the_same_each_time(
        self, comparison: Comparison, tmp_path: Path
    ) -> None:
        content = render_workbook(comparison)
        assert content == render_workbook(comparison)
        (tmp_path / "c.xlsx").write_bytes(content)
        book = openpyxl.load_workbook(tmp_path / "c.xlsx")
        header, *rows = [[cell.value for cell in row] for row in book["Key figures"].iter_rows(min_row=5)]
        found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
        assert found["Cost"]["Value: ferry_slow"] == 913
        assert found["Cost"]["Change: ferry_slow"] == -876
        assert "Deliveries over time" in book.sheetnames
