"""Every total is the sum of rows, every stock balance adds up, and one programme has one identity."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from programmes import random_programme
from ruamel.yaml import YAML

from coproduce import api
from coproduce.results.identity import input_hash
from coproduce.results.result import PlanResult
from coproduce.tables import RESULT_TABLES, Tables

SMALL = Path(__file__).parents[2] / "examples" / "small"
SEEDS = (0, 2, 3, 5, 14, 18)  # all have a plan; with both objectives, with and without a tolerance of the tiers


@pytest.fixture(scope="module", params=["small", *SEEDS])
def result(request: pytest.FixtureRequest, small: PlanResult) -> PlanResult:
    if request.param == "small":
        return small
    return api.plan(random_programme(request.param), threads=1, bottlenecks=2)


def add_up(result: PlanResult, table: str, column: str) -> float:
    return sum(value or 0.0 for value in result.frames[table][column].to_list())


class TestTotals:
    def test_the_summary_counts_the_rows_of_the_demands(self, result: PlanResult) -> None:
        figures, status = result.summary, result.frames["demand_service"]["status"].cast(pl.String).to_list()
        assert figures["demands"] == len(status) == result.tables["demands"].height
        assert (figures["on_time"], figures["late"], figures["short"]) == tuple(
            status.count(one) for one in ("on_time", "late", "short")
        )

    def test_the_summary_adds_up_the_rows_of_its_tables(self, result: PlanResult) -> None:
        figures = result.summary
        sums = {
            "cost": add_up(result, "costs", "amount"),
            "asked": sum(result.tables["demands"]["quantity"].to_list()),
            "delivered": add_up(result, "deliveries", "quantity"),
            "late_unit_days": add_up(result, "demand_service", "late_unit_days"),
            "lateness_days": add_up(result, "demand_service", "late_days"),
        }
        assert {name: figures[name] for name in sums} == pytest.approx(sums, rel=1e-6, abs=1e-6)

    def test_asked_is_delivered_on_time_or_late_or_never(self, result: PlanResult) -> None:
        for row in result.frames["demand_service"].iter_rows(named=True):
            assert row["on_time"] + row["late"] + row["unmet"] == pytest.approx(row["asked"], abs=1e-6)

    def test_deliveries_of_a_demand_are_what_its_service_says(self, result: PlanResult) -> None:
        deliveries = result.frames["deliveries"]
        for row in result.frames["demand_service"].iter_rows(named=True):
            own = deliveries.filter(pl.col("demand") == row["demand"])
            on_time = own.filter(pl.col("late_days") <= 0)["quantity"].sum()
            assert on_time == pytest.approx(row["on_time"], abs=1e-6)
            assert own["quantity"].sum() == pytest.approx(row["on_time"] + row["late"], abs=1e-6)

    def test_costs_of_rows_add_up_to_costs_of_their_kind(self, result: PlanResult) -> None:
        by_kind: dict[str, float] = {}
        for row in result.frames["costs"].iter_rows(named=True):
            by_kind[row["kind"]] = by_kind.get(row["kind"], 0.0) + row["amount"]
        # The cost of runs holds that of the resources they use.
        pairs = [
            (by_kind.get("process", 0.0) + by_kind.get("resource", 0.0), add_up(result, "runs", "cost")),
            (by_kind.get("transport", 0.0), add_up(result, "shipments", "cost")),
            (by_kind.get("purchase", 0.0), add_up(result, "purchases", "cost")),
            (by_kind.get("holding", 0.0), add_up(result, "stock", "holding_cost")),
        ]
        for total, rows in pairs:
            assert total == pytest.approx(rows, rel=1e-6, abs=1e-6)

    def test_the_summary_can_be_written_as_strict_json(self, result: PlanResult) -> None:
        assert json.loads(json.dumps(result.summary, allow_nan=False))["audit"] == "passed"


class TestTables:
    def test_every_declared_table_is_there_with_the_declared_columns(self, result: PlanResult) -> None:
        assert set(result.frames) == set(RESULT_TABLES)
        for name, spec in RESULT_TABLES.items():
            assert result.frames[name].columns == list(spec.columns)

    def test_keys_of_result_rows_are_unique(self, result: PlanResult) -> None:
        for name, spec in RESULT_TABLES.items():
            if spec.key:
                assert not result.frames[name].select(spec.key).is_duplicated().any(), name

    def test_every_row_of_the_stock_balance_adds_up(self, result: PlanResult) -> None:
        for row in result.frames["stock"].iter_rows(named=True):
            gains = row["received"] + row["produced"] + row["moved_in"]
            losses = row["consumed"] + row["moved_out"] + row["delivered"]
            size = max(1.0, row["opening"], gains, losses)
            assert row["opening"] + gains - losses == pytest.approx(row["closing"], abs=1e-6 * size)

    def test_the_closing_stock_of_a_bucket_is_the_opening_stock_of_the_next(self, result: PlanResult) -> None:
        last = result.frames["buckets"].height - 1
        for (item, site), own in result.frames["stock"].group_by("item", "site"):
            rows = own.sort("bucket")
            assert rows["bucket"].to_list() == list(range(last + 1)), (item, site)
            assert rows["opening"].to_list()[1:] == rows["closing"].to_list()[:-1]

    def test_the_first_opening_stock_is_that_of_the_input(self, result: PlanResult) -> None:
        given = {(row["item"], row["site"]): row["opening"] for row in result.tables["stocks"].iter_rows(named=True)}
        for row in result.frames["stock"].filter(pl.col("bucket") == 0).iter_rows(named=True):
            assert row["opening"] == pytest.approx(given.get((row["item"], row["site"]), 0.0))

    def test_what_leaves_over_lanes_is_what_is_shipped(self, result: PlanResult) -> None:
        assert add_up(result, "stock", "moved_out") == pytest.approx(add_up(result, "shipments", "quantity"), abs=1e-6)


def workbook_of(folder: Path, path: Path) -> Path:
    """Write the tables of a folder into one workbook: numbers as numbers, dates and ids as text."""
    with xlsxwriter.Workbook(path) as book:
        settings = YAML(typ="safe").load((folder / "programme.yaml").read_text(encoding="utf-8"))
        sheet = book.add_worksheet("programme")
        for column, (name, value) in enumerate(settings.items()):
            sheet.write_string(0, column, name)
            sheet.write_string(1, column, str(value))
        for file in sorted(folder.glob("*.csv")):
            frame = pl.read_csv(file, infer_schema=False)
            numbers = pl.read_csv(file)
            sheet = book.add_worksheet(file.stem)
            sheet.write_row(0, 0, frame.columns)
            for column, name in enumerate(frame.columns):
                for row, value in enumerate(frame[name].to_list()):
                    if value is None:
                        continue
                    if numbers[name].dtype.is_numeric():
                        sheet.write_number(row + 1, column, float(value))
                    else:
                        sheet.write_string(row + 1, column, value)
    return path


class TestIdentity:
    def test_a_folder_and_a_workbook_of_one_programme_have_the_same_identity(self, tmp_path: Path) -> None:
        by_folder, _ = api.load(SMALL)
        by_workbook, _ = api.load(workbook_of(SMALL, tmp_path / "small.xlsx"))
        assert input_hash(by_folder) == input_hash(by_workbook)

    def test_the_summary_holds_the_identity_of_its_input(self, small: PlanResult) -> None:
        assert small.summary["input_hash"] == input_hash(api.load(SMALL)[0])

    @pytest.mark.parametrize(("table", "column"), [("demands", "quantity"), ("resources", "capacity")])
    def test_another_figure_is_another_programme(self, table: str, column: str) -> None:
        tables, _ = api.load(SMALL)
        other = Tables({**tables.frames, table: tables[table].with_columns(pl.col(column) + 1e-9)}, tables.origins)
        assert input_hash(other) != input_hash(tables)

    def test_an_empty_table_is_the_same_as_none(self) -> None:
        tables, _ = api.load(SMALL)
        without = {name: frame for name, frame in tables.frames.items() if frame.height}
        assert input_hash(Tables(without)) == input_hash(tables)
