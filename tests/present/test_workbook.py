"""The result workbook holds the plan's own numbers, adds up, keeps text as text and says what it leaves out."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from report_programme import make_result

from coproduce import api
from coproduce.errors import Origin, Problem, Severity
from coproduce.present.words import costs, limits, names, reasons
from coproduce.present.workbook import grid, write_workbook
from coproduce.present.workbook.rounding import cents
from coproduce.present.workbook.write import render
from coproduce.results.result import PlanResult
from coproduce.tables import RESULT_TABLES, Tables

SMALL = Path(__file__).parents[2] / "examples" / "small"
HEADER = 5  # row of the headers, as a spreadsheet counts
EVIL = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "http://x.example/?a=1", "'quoted", "007")


@pytest.fixture(scope="module")
def small() -> PlanResult:
    return api.plan_path(SMALL, threads=1)


@pytest.fixture(scope="module")
def book(small: PlanResult) -> Workbook:
    return opened(small)


@pytest.fixture(scope="module")
def formulas(small: PlanResult) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(small)))


def opened(result: PlanResult) -> Workbook:
    """Open a workbook as a viewer that does not calculate shows it."""
    return openpyxl.load_workbook(io.BytesIO(render(result)), data_only=True)


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """Return the rows under the header of a sheet."""
    found = list(sheet.iter_rows(min_row=HEADER, values_only=True))
    return [dict(zip(found[0], row, strict=True)) for row in found[1:] if any(cell is not None for cell in row)]


def line(sheet: Worksheet, measure: str, *heads: str) -> list[Any]:
    """Return the numbers of a line of a sheet by period: total first, then one for each bucket."""
    titles = [cell.value for cell in sheet[HEADER]]
    total = titles.index("Total")
    for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True):
        if row[titles.index("Measure")] == measure and set(heads) <= set(row[: titles.index("Measure")]):
            return list(row[total:])
    raise AssertionError(f"no line {measure} of {heads}")


def cover(book: Workbook) -> dict[str, Any]:
    """Return what stands beside each name on the cover, where it first occurs."""
    beside = [(row[0], row[1]) for row in book["Cover"].iter_rows(values_only=True) if row[0] is not None]
    return dict(reversed(beside))


class TestCover:
    def test_the_counts_and_the_cost_are_those_derived_by_hand_in_the_readme(self, book: Workbook) -> None:
        facts = cover(book)
        assert [facts[name] for name in ("Demands", "On time", "Late", "Short")] == [2, 1, 1, 0]
        assert (facts["Lateness"], facts["Cost"]) == (42, 1789)

    def test_the_counts_are_live(self, formulas: Workbook) -> None:
        facts = cover(formulas)
        assert facts["Late"].startswith("=COUNTIF('demand_service'!")
        assert facts["Cost"].startswith("='Costs by kind'!")

    def test_it_names_programme_headline_horizon_and_the_run(self, book: Workbook, small: PlanResult) -> None:
        text = [cell for row in book["Cover"].iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
        assert text[0] == "Pump sets from two countries"
        assert "20 of 26 pieces" in text[1]
        assert small.summary["input_hash"] in text
        assert any("4 Jan 2027 to 14 Feb 2027" in words for words in text)
        assert any(words.startswith("Audit passed") for words in text)

    def test_the_index_links_to_every_sheet(self, book: Workbook) -> None:
        linked = {
            cell.hyperlink.location.split("!")[0].strip("'")
            for row in book["Cover"].iter_rows()
            for cell in row
            if cell.hyperlink is not None
        }
        assert linked == set(book.sheetnames) - {"Cover"}

    def test_every_sheet_leads_back(self, book: Workbook) -> None:
        assert all(book[name]["A3"].hyperlink.location == "'Cover'!A1" for name in book.sheetnames if name != "Cover")


class TestResultTables:
    @pytest.mark.parametrize("name", [name for name in RESULT_TABLES if name != "register"])
    def test_every_table_has_a_sheet_with_all_its_rows(self, book: Workbook, small: PlanResult, name: str) -> None:
        assert len(rows(book[name])) == small.frames[name].height

    def test_the_register_of_figures_stands_in_the_sheet_evidence(self, book: Workbook, small: PlanResult) -> None:
        assert len(rows(book["evidence"])) == small.frames["register"].height

    def test_the_numbers_are_those_of_the_plan(self, book: Workbook, small: PlanResult) -> None:
        shown = rows(book["stock"])
        for column, title in (("opening", "Opening (units)"), ("closing", "Closing (units)"), ("bucket", "Bucket")):
            assert [row[title] for row in shown] == pytest.approx(small.frames["stock"][column].to_list(), abs=1e-6)
        assert [row["Item"] for row in shown] == small.frames["stock"]["item"].to_list()

    def test_names_units_and_dates_stand_beside_ids_and_buckets(self, book: Workbook) -> None:
        first = rows(book["deliveries"])[0]
        assert first["Demand"] == "home"
        assert first["Demand name"] == "Order of the Polish operators"
        assert first["Unit"] == "piece"
        # W2 of the README: two weeks after Monday 4 January 2027.
        assert (first["Bucket"], first["Period"]) == (2, datetime(2027, 1, 18))

    def test_the_end_of_a_bucket_is_shown_as_its_last_day(self, book: Workbook) -> None:
        # `export` ends in W5, whose last day is Sunday 14 February 2027.
        row = next(row for row in rows(book["demand_service"]) if row["Demand"] == "export")
        assert row["Last delivery"] == datetime(2027, 2, 14)

    def test_dates_are_written_year_month_day(self, book: Workbook) -> None:
        assert book["buckets"].cell(HEADER + 1, 2).number_format == "yyyy-mm-dd"

    def test_every_declared_column_has_its_meaning_as_a_note(self, formulas: Workbook) -> None:
        sheet = formulas["resource_load"]
        notes = " ".join(cell.comment.text for cell in sheet[HEADER] if cell.comment)
        for column in RESULT_TABLES["resource_load"].columns.values():
            assert column.meaning.rstrip(".") in notes

    def test_tables_have_filters_and_frozen_headers(self, formulas: Workbook) -> None:
        for name in RESULT_TABLES:
            sheet = formulas["evidence" if name == "register" else name]
            (table,) = sheet.tables.values()
            assert table.autoFilter is not None
            assert int(re.sub(r"\D", "", sheet.freeze_panes)) == HEADER + 1

    def test_headers_are_unique_in_every_table(self, formulas: Workbook) -> None:
        for sheet in formulas.worksheets:
            for table in sheet.tables.values():
                names = [column.name.lower() for column in table.tableColumns]
                assert len(names) == len(set(names)), sheet.title

    def test_late_demands_and_full_resources_are_coloured(self, formulas: Workbook) -> None:
        for name in ("Late demands", "demand_service", "resource_load", "Load by period"):
            assert formulas[name].conditional_formatting, name


class TestOverTime:
    def test_deliveries_by_period_are_those_of_the_readme(self, book: Workbook) -> None:
        sheet = book["Deliveries by period"]
        assert line(sheet, "Asked for, by due date", "pump") == [26, 0, 0, 0, 16, 10, 0]
        assert line(sheet, "Delivered on time", "pump") == [20, 0, 0, 10, 6, 4, 0]
        assert line(sheet, "Delivered late", "pump") == [6, 0, 0, 0, 0, 0, 6]
        assert line(sheet, "Delivered", "pump") == [26, 0, 0, 10, 6, 4, 6]
        assert line(sheet, "Delivered, cumulative", "pump") == [None, 0, 0, 10, 16, 20, 26]
        assert line(sheet, "Behind (+) or ahead (-)", "pump") == [None, 0, 0, -10, 0, 6, 0]

    def test_periods_show_date_and_number_of_the_bucket(self, book: Workbook) -> None:
        sheet = book["Deliveries by period"]
        assert [cell.value for cell in sheet[HEADER]][-6:] == [datetime(2027, 1, day) for day in (4, 11, 18, 25)] + [
            datetime(2027, 2, 1),
            datetime(2027, 2, 8),
        ]
        assert [cell.value for cell in sheet[HEADER - 1]][-6:] == [0, 1, 2, 3, 4, 5]

    def test_load_is_that_of_the_readme(self, book: Workbook) -> None:
        # 10 furnace hours a week, 8 in W2; 26 castings of one hour in W0, W1 and W2.
        sheet = book["Load by period"]
        assert line(sheet, "Capacity", "foundry") == pytest.approx([58, 10, 10, 8, 10, 10, 10])
        assert line(sheet, "Used by planned runs", "foundry") == pytest.approx([26, 10, 10, 6, 0, 0, 0])
        assert line(sheet, "Utilisation", "foundry") == pytest.approx([26 / 58, 1, 1, 0.75, 0, 0, 0])

    def test_stock_is_what_was_there_plus_in_minus_out(self, book: Workbook) -> None:
        sheet = book["Stock by period"]
        # README: 10 motors in stock, ordered 10 (arrive in W2) and 6 (in W3), used 10, 10, 6 from W1 on.
        assert line(sheet, "In", "motor") == [16, 0, 0, 10, 6, 0, 0]
        assert line(sheet, "Out", "motor") == [26, 0, 10, 10, 6, 0, 0]
        assert line(sheet, "At the end of the bucket", "motor") == [None, 10, 0, 0, 0, 0, 0]

    def test_totals_and_running_sums_are_live(self, formulas: Workbook) -> None:
        sheet = formulas["Deliveries by period"]
        total, *buckets = line(sheet, "Delivered, cumulative", "pump")
        assert total is None
        assert all(str(cell).startswith("=") for cell in buckets)
        assert str(line(sheet, "Delivered", "pump")[0]).startswith("=SUM(")

    def test_a_horizon_of_too_many_buckets_leaves_them_out_and_says_so(
        self, small: PlanResult, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("coproduce.present.workbook.write._MOST_BUCKETS", 5)
        found = opened(small)
        assert "Deliveries by period" not in found.sheetnames
        assert "6 buckets" in cover(found)["Not in this workbook"]


class TestTotals:
    def test_costs_by_kind_are_those_of_the_readme_and_add_up(self, book: Workbook) -> None:
        found = {row["Kind"]: row["Amount (EUR)"] for row in rows(book["Costs by kind"])}
        assert found == {
            "Processes": 780, "Resources": 104, "Transport": 98, "Purchases": 800, "Holding stock": 7, "Total": 1789,
        }  # fmt: skip

    def test_the_total_above_a_table_is_the_sum_of_its_rows(self, book: Workbook, formulas: Workbook) -> None:
        for name, title, whole in (("costs", "Amount (EUR)", 1789.0), ("runs", "Cost (EUR)", 884.0)):
            column = [cell.value for cell in book[name][HEADER]].index(title) + 1
            assert book[name].cell(HEADER - 1, column).value == pytest.approx(whole, abs=1e-9)
            assert str(formulas[name].cell(HEADER - 1, column).value).startswith("=SUBTOTAL(109,")

    def test_quantities_of_different_units_are_not_added(self) -> None:
        found = opened(make_result(months=12, orders=20))
        sheet = found["demand_service"]
        asked = [cell.value for cell in sheet[HEADER]].index("Asked (units)") + 1
        assert sheet.cell(HEADER - 1, asked).value == "units differ"

    def test_amounts_in_cents_add_up_to_the_rounded_total(self) -> None:
        assert cents([100 / 3] * 3) == [33.34, 33.33, 33.33]
        assert cents([0.004, 0.004, 0.004]) == [0.01, 0.0, 0.0]
        assert cents([-0.006, 10.001]) == [-0.01, 10.0]
        assert cents([]) == []

    def test_money_of_a_sheet_adds_up_to_its_total(self) -> None:
        result = make_result(months=24, orders=60)
        frame = result.frames["costs"].with_columns(pl.col("amount") / 7)
        found = opened(replace(result, frames={**result.frames, "costs": frame}))
        amounts = [row["Amount (EUR)"] for row in rows(found["costs"])]
        assert round(sum(round(amount * 100) for amount in amounts)) == round(frame["amount"].sum() * 100)
        assert all(amount == round(amount, 2) for amount in amounts)


class TestLateDemands:
    def test_a_late_demand_has_its_first_reason_in_words_and_its_cell(self, small: PlanResult) -> None:
        reason = {
            "demand": "export", "kind": "resource", "entity": "foundry", "site": "works_se",
            "first": datetime(2027, 1, 4), "last": datetime(2027, 1, 18), "left": None, "file": "resources.csv",
        }  # fmt: skip
        two = [
            {**reason, "rank": 2, "saved": 7.0, "enough": False, "cell": "resources!E3 (capacity)"},
            {**reason, "rank": 1, "saved": 42.0, "enough": True, "cell": "resources!E2 (capacity)"},
        ]
        spec = RESULT_TABLES["reasons"]
        frame = pl.DataFrame(two, schema=spec.empty().schema)
        (row,) = rows(opened(replace(small, frames={**small.frames, "reasons": frame}))["Late demands"])
        assert (row["Status"], row["Demand"], row["Asked"], row["Late"]) == ("Late", "export", 10, 6)
        assert row["First reason"] == "Capacity of Furnace at Foundry, 4 Jan 2027 to 17 Jan 2027"
        assert (row["Saved without it (unit-days)"], row["Enough alone"], row["Reasons"]) == (42, "yes", 2)
        assert row["Cell"] == "resources.csv › resources!E2 (capacity)"

    def test_a_plan_without_reasons_still_lists_what_is_late(self, small: PlanResult) -> None:
        empty = {**small.frames, "reasons": RESULT_TABLES["reasons"].empty()}
        (row,) = rows(opened(replace(small, frames=empty))["Late demands"])
        assert (row["Demand"], row["First reason"], row["Days late"]) == ("export", None, 7)


class TestWords:
    @pytest.mark.parametrize(
        ("table", "column", "words"),
        [
            ("reasons", "kind", reasons.KINDS),
            ("bottlenecks", "kind", limits.KINDS),
            ("costs", "kind", costs.KINDS),
            ("demand_service", "status", names.STATUS_WORDS),
            ("tiers", "status", names.STAGE_STATUS_WORDS),
        ],
    )
    def test_every_declared_choice_has_its_words(self, table: str, column: str, words: dict[str, str]) -> None:
        assert set(words) == set(RESULT_TABLES[table].columns[column].choices)

    def test_of_two_entities_of_one_id_the_cell_tells_which_is_meant(self) -> None:
        shown = {"processes": {"paint": "Painting"}, "lanes": {"paint": "Paint road"}, "sites": {"lyon": "Lyon"}}
        known = names.Names(shown, {}, {})
        row = {
            "kind": "lead_time", "entity": "paint", "site": "lyon", "cell": "lanes!F7 (lead_days)",
            "first": datetime(2027, 1, 1), "last": datetime(2027, 2, 1),
        }  # fmt: skip
        assert reasons.reason_words(row, known) == "Lead time of Paint road at Lyon, 1 Jan 2027 to 31 Jan 2027"
        other = {**row, "cell": "processes!F7 (lead_days)"}
        assert reasons.reason_words(other, known) == "Lead time of Painting at Lyon, 1 Jan 2027 to 31 Jan 2027"


def renamed(result: PlanResult, evil: str) -> PlanResult:
    """Return a result in which every free text is `evil`."""
    frames = {
        name: frame.with_columns(pl.lit(evil).alias("name")) if "name" in frame.columns else frame
        for name, frame in result.tables.frames.items()
    }
    tables = Tables(frames, result.tables.origins)
    problem = Problem("W001", Severity.WARNING, Origin(evil, evil, 2, evil), evil, evil, evil, evil)
    units = result.frames["tiers"].with_columns(unit=pl.lit(evil))
    return replace(result, tables=tables, problems=(problem,), frames={**result.frames, "tiers": units})


class TestHarmless:
    @pytest.mark.parametrize("evil", EVIL)
    def test_text_stays_text_whatever_it_begins_with(self, small: PlanResult, evil: str) -> None:
        found = openpyxl.load_workbook(io.BytesIO(render(renamed(small, evil))))
        cells = [cell for sheet in found.worksheets for row in sheet.iter_rows() for cell in row]
        shown = [cell for cell in cells if cell.data_type == "s" and cell.value == evil]
        assert len(shown) > 20
        assert not [cell.value for cell in cells if cell.data_type == "f" and str(cell.value).startswith(evil)]
        assert not [cell for cell in cells if cell.hyperlink is not None and cell.hyperlink.target]

    def test_text_longer_than_a_cell_is_cut_and_says_so(self, small: PlanResult) -> None:
        problem = Problem("W001", Severity.WARNING, Origin("x.csv"), "a" * 40_000)
        (row,) = rows(opened(replace(small, problems=(problem,)))["warnings"])
        assert len(row["Message"]) == 32_767
        assert row["Message"].endswith("(cut: a cell holds no more)")

    def test_warnings_name_file_sheet_row_and_column(self, small: PlanResult) -> None:
        problem = Problem("W101", Severity.WARNING, Origin("x.csv", "demands", 7, "due", 5), "late", "1", "2", "hint")
        (row,) = rows(opened(replace(small, problems=(problem,)))["warnings"])
        assert [row[title] for title in ("Code", "File", "Sheet", "Row", "Column", "Message", "Hint")] == [
            "W101", "x.csv", "demands", 7, "due", "late", "hint",
        ]  # fmt: skip


class TestLargeTables:
    def test_a_table_with_too_many_rows_is_named_with_the_place_where_it_stands(
        self, small: PlanResult, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        height = small.frames["stock"].height
        monkeypatch.setattr(grid, "LARGEST", height - 1)
        found = opened(small)
        place = "tables/stock.parquet and tables/stock.csv"
        assert place in found["stock"]["A5"].value
        assert f"{height:,} rows" in found["stock"]["A5"].value
        left_out = [row[1] for row in found["Cover"].iter_rows(values_only=True) if row[0] == "Not in this workbook"]
        assert any(place in words for words in left_out)
        assert len(rows(found["deliveries"])) == small.frames["deliveries"].height

    def test_a_grid_by_period_with_too_many_lines_shows_the_first_and_says_so(
        self, small: PlanResult, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("coproduce.present.workbook.over_time.MOST_NUMBERS", 2 * 3 * 6)
        found = opened(small)
        # Six item-sites of three lines and six buckets each: two are kept.
        assert len(rows(found["Stock by period"])) == 6
        assert "4 more stand in the result tables" in found["Stock by period"]["A2"].value
        left_out = [row[1] for row in found["Cover"].iter_rows(values_only=True) if row[0] == "Not in this workbook"]
        assert any("4 more stand in the result tables" in words for words in left_out)

    def test_without_the_sheet_of_costs_the_cover_still_has_their_total(
        self, small: PlanResult, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(grid, "LARGEST", 1)
        facts = cover(opened(small))
        assert (facts["Demands"], facts["Late"], facts["Cost"]) == (2, 1, 1789)


class TestFile:
    def test_the_same_result_gives_the_same_bytes(self, small: PlanResult) -> None:
        assert render(small) == render(small)

    def test_every_chart_has_a_title_and_titles_with_units_at_both_axes(self, small: PlanResult) -> None:
        with zipfile.ZipFile(io.BytesIO(render(small))) as parts:
            charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) >= 4
        for chart in charts:
            assert chart.count("<c:title>") >= 3
        text = " ".join(charts)
        assert "pieces since the start" in text
        assert "hours" in text

    def test_it_is_written_whole_or_not_at_all(
        self, small: PlanResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "results.xlsx"
        path.write_bytes(b"old")

        def full(*_: object) -> None:
            raise OSError("no space left")

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="no space left"):
            write_workbook(small, path)
        assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("results.xlsx", b"old")]

    def test_a_programme_that_asks_for_nothing_has_a_workbook(self) -> None:
        found = opened(make_result(months=6, demands=False))
        assert cover(found)["Demands"] == 0
        assert rows(found["Late demands"]) == []

    def test_the_workbook_is_part_of_a_result_and_goes_with_it(self, small: PlanResult, tmp_path: Path) -> None:
        for _ in range(2):  # the second time it must be known as ours
            api.write(small, tmp_path / "out", {"results.xlsx": write_workbook})
        assert zipfile.is_zipfile(tmp_path / "out" / "results.xlsx")
