"""Results side by side: the differences are those worked out by hand, and what cannot be subtracted is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from coproduce import api
from coproduce.results.comparison import Comparison, compare
from coproduce.results.comparison.compare import NothingToCompareError
from coproduce.results.load import ResultError, load_result, results_in
from coproduce.results.result import PlanResult
from coproduce.tables import COMPARISON_TABLES, RESULT_TABLES, Tables

SMALL = Path(__file__).parents[2] / "examples" / "small"
# As derived by hand in the README of the example: stages, cost, delivered.
BY_HAND = {
    "base": {"tier_1": 0, "tier_2": 42, "cost": 1789},
    "ferry_slow": {"tier_1": 154, "tier_2": 140, "cost": 913},
    "larger_export": {"tier_1": 0, "tier_2": 84, "cost": 1967},
}


@pytest.fixture(scope="module")
def planned(small: PlanResult) -> dict[str, PlanResult]:
    scenarios = {name: api.plan_path(SMALL, scenario=name, threads=1) for name in BY_HAND if name != "base"}
    return {"base": small, **scenarios}


@pytest.fixture(scope="module")
def comparison(planned: dict[str, PlanResult]) -> Comparison:
    return compare([(Path(name), result) for name, result in planned.items()])


def value(frame: pl.DataFrame, column: str, **row: object) -> object:
    """Return the cell of the one row with these values."""
    return frame.row(by_predicate=pl.all_horizontal(pl.col(name) == one for name, one in row.items()), named=True)[
        column
    ]


def altered(result: PlanResult, **frames: Callable[[pl.DataFrame], pl.DataFrame]) -> PlanResult:
    """Return a result with some of its tables changed."""
    return replace(result, frames={**result.frames, **{name: one(result.frames[name]) for name, one in frames.items()}})


def programme(result: PlanResult, **settings: str) -> PlanResult:
    """Return a result of a programme with other settings."""
    frame = result.tables["programme"].with_columns(pl.lit(one).alias(name) for name, one in settings.items())
    return replace(result, tables=Tables({**result.tables.frames, "programme": frame}))


class TestDifferences:
    @pytest.mark.parametrize("run", ["ferry_slow", "larger_export"])
    @pytest.mark.parametrize("stage", ["tier_1", "tier_2", "cost"])
    def test_a_stage_differs_by_what_was_derived_by_hand(self, comparison: Comparison, run: str, stage: str) -> None:
        expected = BY_HAND[run][stage] - BY_HAND["base"][stage]
        row = {"run": run, "stage": stage}
        for column in ("difference", "least", "most"):
            assert value(comparison.frames["stages"], column, **row) == pytest.approx(expected, abs=1e-6)

    def test_demands_move_by_whole_weeks(self, comparison: Comparison) -> None:
        demands = comparison.frames["demands"]
        # home is complete in W3 in the base and in W5 with the slow ferry; 154 late unit-days against none.
        assert value(demands, "moved_days", run="ferry_slow", demand="home") == 14
        assert value(demands, "difference", run="ferry_slow", demand="home") == pytest.approx(154)
        assert value(demands, "moved_days", run="ferry_slow", demand="export") is None
        assert value(demands, "status", run="ferry_slow", demand="export") == "short"

    def test_deliveries_and_costs_differ_by_the_ten_pumps_that_are_not_made(self, comparison: Comparison) -> None:
        delivered = comparison.frames["deliveries"]
        assert value(delivered, "difference", run="ferry_slow", year=2027) == pytest.approx(16 - 26)
        # 10 runs less at 10 and 20 each; 10 hours less at 4; 10 motors less at 50; two weeks more of ten motors at 7.
        expected = {"process": -300, "resource": -40, "purchase": -500, "holding": 14, "transport": 48 - 98}
        for kind, change in expected.items():
            assert value(comparison.frames["costs"], "difference", run="ferry_slow", kind=kind) == pytest.approx(change)

    def test_resources_and_limits_of_all_runs_stand_side_by_side(self, comparison: Comparison) -> None:
        assert value(
            comparison.frames["resources"], "difference", run="ferry_slow", resource="foundry"
        ) == pytest.approx(-10)
        # 10 hours in five weeks and 8 in the week of stocktaking.
        assert value(comparison.frames["resources"], "capacity", run="base", resource="foundry") == pytest.approx(58)
        limits = comparison.frames["limits"]
        assert value(limits, "one_more", run="base", stage="tier_2", entity="foundry") == pytest.approx(-7)
        assert value(limits, "binds", run="ferry_slow", stage="tier_2", entity="foundry") == "no"

    def test_deliveries_add_up_over_time(self, comparison: Comparison) -> None:
        curve = comparison.frames["over_time"].filter(run="base").sort("start")["delivered"].to_list()
        assert curve == pytest.approx([0, 0, 10, 16, 20, 26])

    def test_a_demand_of_one_run_only_is_named(self, comparison: Comparison) -> None:
        assert comparison.frames["notes"].rows() == [("larger_export", "only here, demands: export_2")]

    def test_changes_and_runs_say_what_was_planned(self, comparison: Comparison) -> None:
        assert comparison.names == ("base", "ferry_slow", "larger_export")
        assert comparison.frames["changes"]["run"].to_list() == ["ferry_slow", "larger_export", "larger_export"]
        assert comparison.frames["runs"]["scenario"].to_list() == [None, "ferry_slow", "larger_export"]

    def test_every_table_has_its_declared_form(self, comparison: Comparison) -> None:
        assert set(comparison.frames) == set(COMPARISON_TABLES)
        for name, frame in comparison.frames.items():
            assert frame.schema == COMPARISON_TABLES[name].empty().schema
            required = [one.name for one in COMPARISON_TABLES[name].columns.values() if one.required]
            assert [one for one in required if frame[one].null_count()] == []


class TestProof:
    def test_two_values_with_gaps_differ_by_an_interval(self, planned: dict[str, PlanResult]) -> None:
        # 42 proven within [40, 42], 84 proven within [80, 84]: the best differ by 80 - 42 to 84 - 40.
        def bound(value: float) -> Callable[[pl.DataFrame], pl.DataFrame]:
            here = pl.col("stage") == "tier_2"
            return lambda tiers: tiers.with_columns(pl.when(here).then(value).otherwise("bound").alias("bound"))

        runs = [(Path("a"), altered(planned["base"], tiers=bound(40.0)))]
        runs.append((Path("b"), altered(planned["larger_export"], tiers=bound(80.0))))
        stages = compare(runs).frames["stages"]
        row = {"run": "larger_export", "stage": "tier_2"}
        assert [value(stages, one, **row) for one in ("difference", "least", "most")] == pytest.approx([42, 38, 44])

    def test_without_a_bound_there_is_no_interval(self, planned: dict[str, PlanResult]) -> None:
        unproven = altered(planned["base"], tiers=lambda tiers: tiers.with_columns(bound=pl.lit(None, pl.Float64)))
        stages = compare([(Path("a"), unproven), (Path("b"), planned["ferry_slow"])]).frames["stages"]
        row = {"run": "ferry_slow", "stage": "tier_1"}
        assert value(stages, "least", **row) == pytest.approx(154)
        assert value(stages, "most", **row) is None


class TestWhatCannotBeCompared:
    def test_another_currency(self, planned: dict[str, PlanResult]) -> None:
        other = programme(planned["ferry_slow"], currency="USD")
        found = compare([(Path("a"), planned["base"]), (Path("b"), other)]).frames
        assert found["costs"].filter(run="ferry_slow")["difference"].null_count() == 5
        assert found["figures"].filter(run="ferry_slow", figure="cost")["difference"].to_list() == [None]
        assert found["figures"].filter(run="ferry_slow", figure="late")["difference"].to_list() == [0]
        assert any("USD and not in EUR" in note for note in found["notes"]["note"])

    def test_another_horizon(self, planned: dict[str, PlanResult]) -> None:
        shorter = altered(planned["ferry_slow"], buckets=lambda buckets: buckets.head(5))
        found = compare([(Path("a"), planned["base"]), (Path("b"), shorter)]).frames
        for table in ("stages", "costs", "resources", "deliveries"):
            assert found[table].filter(run="ferry_slow")["difference"].drop_nulls().is_empty(), table
        assert value(found["demands"], "moved_days", run="ferry_slow", demand="home") == 14
        assert any("horizon or buckets differ" in note for note in found["notes"]["note"])
        # The curve ends with the horizon.
        assert found["over_time"].filter(run="ferry_slow").sort("start")["delivered"].to_list()[-1] is None

    def test_a_year_that_both_cover_alike_is_compared_though_the_horizons_differ(
        self, planned: dict[str, PlanResult]
    ) -> None:
        # The last bucket of the other run lasts into 2028: both cover 2027 from 4 January, but only one all of it.
        def until(end: datetime) -> Callable[[pl.DataFrame], pl.DataFrame]:
            last = pl.col("bucket") == 5
            return lambda buckets: buckets.with_columns(pl.when(last).then(end).otherwise("end").alias("end"))

        long = altered(planned["base"], buckets=until(datetime(2028, 6, 1)))
        longer = altered(planned["ferry_slow"], buckets=until(datetime(2029, 1, 1)))
        found = compare([(Path("a"), long), (Path("b"), longer)]).frames["deliveries"]
        assert value(found, "difference", run="ferry_slow", year=2027) == pytest.approx(-10)
        assert value(found, "difference", run="ferry_slow", year=2028) is None

    def test_an_item_in_another_unit(self, planned: dict[str, PlanResult]) -> None:
        items = planned["ferry_slow"].tables["items"].with_columns(unit=pl.lit("dozen"))
        other = replace(planned["ferry_slow"], tables=Tables({**planned["ferry_slow"].tables.frames, "items": items}))
        found = compare([(Path("a"), planned["base"]), (Path("b"), other)]).frames
        assert found["deliveries"].filter(run="ferry_slow")["difference"].to_list() == [None]
        assert any("another unit" in note for note in found["notes"]["note"])

    def test_one_result_alone(self, planned: dict[str, PlanResult]) -> None:
        with pytest.raises(NothingToCompareError):
            compare([(Path("a"), planned["base"])])


class TestOnlyDifferences:
    def test_a_run_beside_itself_differs_in_nothing(self, small: PlanResult) -> None:
        found = compare([(Path("a"), small), (Path("b"), small)]).differing().frames
        kept = {name: frame.height for name, frame in found.items() if frame.height}
        assert kept == {"runs": 2, "over_time": 12}

    def test_what_differs_in_one_run_is_kept_for_all_of_them(self, comparison: Comparison) -> None:
        found = comparison.differing().frames["figures"]
        # Late: one in each of the runs.
        assert "late" not in found["figure"].to_list()
        assert found.filter(figure="short")["run"].to_list() == ["base", "ferry_slow", "larger_export"]

    def test_differences_below_the_tolerance_of_the_solver_are_none(self, small: PlanResult) -> None:
        noisy = altered(small, costs=lambda costs: costs.with_columns(pl.col("amount") * (1 + 1e-9)))
        assert compare([(Path("a"), small), (Path("b"), noisy)]).differing().frames["costs"].is_empty()


class TestNames:
    def test_two_plans_of_the_same_scenario_are_named_by_their_folders(self, small: PlanResult) -> None:
        found = compare([(Path("x/march"), small), (Path("x/april"), small)])
        assert found.names == ("march", "april")

    def test_folders_of_the_same_name_are_named_by_their_paths(self, small: PlanResult) -> None:
        found = compare([(Path("march/out"), small), (Path("april/out"), small)])
        assert found.names == (str(Path("march/out")), str(Path("april/out")))


class TestLoading:
    def test_a_result_is_read_back_as_it_was(self, planned: dict[str, PlanResult], tmp_path: Path) -> None:
        for name, result in planned.items():
            api.write(result, tmp_path / name, {})
            back = load_result(tmp_path / name)
            for table in RESULT_TABLES:
                assert back.frames[table].equals(result.frames[table].cast(back.frames[table].schema)), table
            for table, frame in result.tables.frames.items():
                if frame.height and table != "scenarios":
                    assert back.tables[table].equals(frame.cast(back.tables[table].schema)), table
            assert back.summary["scenario"] == result.summary["scenario"]

    def test_the_input_of_a_result_plans_again_to_the_same_value(
        self, planned: dict[str, PlanResult], tmp_path: Path
    ) -> None:
        api.write(planned["ferry_slow"], tmp_path / "out", {})
        again = api.plan_path(tmp_path / "out" / "inputs", threads=1)
        assert again.summary["input_hash"] == planned["ferry_slow"].summary["input_hash"]
        assert again.summary["cost"] == pytest.approx(913)

    def test_a_folder_of_results_gives_the_base_first(self, planned: dict[str, PlanResult], tmp_path: Path) -> None:
        for name in ("ferry_slow", "base", "a"):
            api.write(planned["base"], tmp_path / name, {})
        assert [path.name for path in results_in([tmp_path])] == ["base", "a", "ferry_slow"]

    @pytest.mark.parametrize("damage", ["nothing", "summary", "inputs", "parquet"])
    def test_what_is_no_result_is_refused_in_words(self, small: PlanResult, tmp_path: Path, damage: str) -> None:
        folder = tmp_path / "out"
        if damage != "nothing":
            api.write(small, folder, {})
        if damage == "summary":
            (folder / "summary.json").write_text("{", encoding="utf-8")
        if damage == "inputs":
            for path in (folder / "inputs").iterdir():
                path.unlink()
            (folder / "inputs").rmdir()
        if damage == "parquet":
            (folder / "tables" / "costs.parquet").write_bytes(b"PAR1")
        with pytest.raises(ResultError):
            load_result(folder)
