"""The plan of the transformer example is proven and is what its README reports; the same program plans another pair."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from markdown_tables import markdown_tables, number
from reproduction import largest_difference

from coproduce import api
from coproduce.compile import compile_network
from coproduce.plan.assemble import assemble
from coproduce.plan.solve import Options, solve
from coproduce.results.result import PlanResult
from coproduce.results.stress.result import StressResult
from coproduce.tables import Tables

FOLDER = Path(__file__).parents[2] / "examples" / "transformers"
SOURCE = Path(__file__).parents[2] / "src"
PAGE = markdown_tables(FOLDER / "README.md")
YARDS = ("pl_north", "pl_south", "ro_north", "ro_south", "de_yard", "md_yard")
Row = dict[str, str]


@pytest.fixture(scope="module")
def result() -> Iterator[PlanResult]:
    """Plan without asking why demands are late, which takes longer than the plan and has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coproduce.results.reasons.reasons", lambda *_, **__: {})
        yield api.plan_path(FOLDER, bottlenecks=7)


@pytest.fixture(scope="module")
def service(result: PlanResult) -> pl.DataFrame:
    return result.frames["demand_service"].with_columns(pl.col("item", "status").cast(pl.String))


def _table(name: str, key: str) -> dict[str, Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def _statuses(rows: pl.DataFrame) -> tuple[int, ...]:
    return tuple(rows.filter(pl.col("status") == status).height for status in ("on_time", "late", "short"))


def test_the_programme_has_no_problem_and_passes_the_audit(result: PlanResult) -> None:
    assert api.load(FOLDER)[1] == ()
    assert result.summary["audit"] == "passed"


def test_the_readme_prints_the_proven_value_of_every_stage(result: PlanResult) -> None:
    stages = {row["stage"].strip("`"): row for row in PAGE["stage"]}
    found = {row["stage"]: row for row in result.frames["tiers"].iter_rows(named=True)}
    assert found.keys() == stages.keys()
    for name, row in found.items():
        assert row["status"] == "optimal"
        assert row["unit"] == stages[name]["unit"]
        assert row["value"] == pytest.approx(number(stages[name]["value"]), rel=1e-4)


@pytest.mark.parametrize("row", PAGE["demands of tier"], ids=lambda row: row["demands of tier"])
def test_the_readme_counts_the_demands_of_every_tier(service: pl.DataFrame, row: Row) -> None:
    tier = row["demands of tier"]
    rows = service if tier == "all" else service.filter(pl.col("priority") == int(tier))
    assert _statuses(rows) == tuple(number(row[status]) for status in ("on time", "late", "short"))
    assert rows.height == number(row["number"])
    assert rows.filter(pl.col("status") != "on_time")["due"].max() == datetime.fromisoformat(
        row["last due date of a late one"]
    )


def test_the_readme_names_every_family_that_is_not_on_time_and_how_late_it_is(service: pl.DataFrame) -> None:
    late = service.filter(pl.col("status") != "on_time")
    named = {}
    for row in PAGE["family and tier"]:
        item, tier = row["family and tier"].replace("`", "").split(", tier ")
        named[(item, int(tier))] = row
    assert set(late.select("item", "priority").rows()) == named.keys()
    for (item, tier), row in named.items():
        of_family = (pl.col("item") == item) & (pl.col("priority") == tier)
        assert service.filter(of_family).height == number(row["number"])
        assert late.filter(of_family).height == number(row["not on time"])
        assert late.filter(of_family)["late_unit_days"].sum() == pytest.approx(number(row["late unit-days"]), rel=1e-2)


def test_limits_of_four_kinds_bind_as_the_readme_says(result: PlanResult) -> None:
    found = {(row["entity"], row["stage"]): row for row in result.frames["bottlenecks"].iter_rows(named=True)}
    listed = {(row["limit"].strip("`"), row["stage"].strip("`")): row for row in PAGE["limit"]}
    assert listed.keys() <= found.keys()
    for key, row in listed.items():
        assert found[key]["one_more"] == pytest.approx(number(row["one more"]), rel=1e-3)
        assert found[key]["buckets_binding"] == number(row["months"])
    assert {str(found[key]["kind"]) for key in listed} == {"rate", "resource", "lane", "supply"}


@pytest.mark.parametrize(("supply", "weeks"), [("bush_400_std", 120), ("bush_400_frame", 80)])
def test_the_longest_chain_adds_up_to_the_published_lead_time(supply: str, weeks: float) -> None:
    """From the order of bushings through store, drying, test and release to a yard in the north of Poland."""
    processes, lanes = _table("processes", "process"), _table("lanes", "lane")
    days = [float(_table("supplies", "supply")[supply]["lead_days"])]
    days += [float(lanes[lane]["lead_days"]) for lane in ("bush_400_pl_hub", "heavy_pl_north")]
    days += [float(processes[name]["lead_days"]) for name in ("dry_400_pl_works", "test_400_pl_works")]
    days += [float(processes["test_400_pl_works"]["post_days"])]
    assert sum(days) == weeks * 7


@pytest.fixture(scope="module")
def stressed(result: PlanResult) -> StressResult:
    return api.stress(result, api.Settings(period_days=7))


@pytest.mark.parametrize("row", PAGE["service of tier"], ids=lambda row: row["service of tier"])
def test_the_readme_prints_the_service_of_the_stress_test(stressed: StressResult, row: Row) -> None:
    service = stressed.frames["service"].filter(pl.col("tier") == row["service of tier"])
    found = {one["measure"]: one for one in service.iter_rows(named=True)}
    printed = [number(text.rstrip(" %")) / 100 for text in list(row.values())[1:]]
    measured = [found["alpha"]["mean"], found["beta"]["mean"], found["beta"]["quiet"]]
    assert measured == pytest.approx(printed, abs=2e-3)


def test_the_readme_prints_where_the_loss_of_the_stress_test_comes_from(stressed: StressResult) -> None:
    losses = {row["risk"] or row["source"]: row for row in stressed.frames["losses"].iter_rows(named=True)}
    *named, others = PAGE["where the loss comes from"]
    names = ["plan", "timing", *(row["where the loss comes from"].strip("`") for row in named[2:])]
    for name, row in zip(names, named, strict=True):
        assert losses[name]["late_unit_days"] == pytest.approx(number(row["late unit-days"]), rel=1e-2), name
        if row["happens in"]:
            assert losses[name]["happens"] == pytest.approx(number(row["happens in"].rstrip(" %")) / 100)
    rest = [row["late_unit_days"] for name, row in losses.items() if name not in names]
    assert len(rest) == 6
    assert sum(rest) == pytest.approx(number(others["late unit-days"]), rel=0.05)


def test_money_in_other_currencies_is_paid_at_the_published_rates(result: PlanResult) -> None:
    """4.25 zloty and 5.26 lei to the euro: copper costs 40,000 zloty a tonne, plate in Romania 11,500 lei."""
    bought = result.frames["purchases"].with_columns(pl.col("supply").cast(pl.String))
    for supply, price in (("copper_pl", 40_000 / 4.25), ("plate_ro", 11_500 / 5.26)):
        rows = bought.filter(pl.col("supply") == supply)
        assert rows["cost"].sum() / rows["quantity"].sum() == pytest.approx(price, rel=1e-5)


def test_the_program_does_not_know_this_example() -> None:
    """No id of a site and no compound id of an item stands in the source."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    names = [*_table("sites", "site"), *(item for item in _table("items", "item") if "_" in item)]
    assert [name for name in names if name in text] == []


def test_no_yard_is_a_free_warehouse(result: PlanResult) -> None:
    """Units lie at a cost wherever they can lie, so none is brought to a yard long before it is wanted there."""
    stock = result.frames["stock"].with_columns(pl.col("item", "site").cast(pl.String))
    at_yards = stock.filter(pl.col("item").str.starts_with("unit_"), pl.col("site").is_in(YARDS))
    assert at_yards["holding_cost"].sum() > 0
    assert at_yards.group_by("item", "site").agg(pl.col("closing").max())["closing"].max() < 4


def test_a_demand_that_weighs_far_more_than_the_others_leaves_every_stage_proven() -> None:
    tables, _ = api.load(FOLDER)
    heavy = pl.when(pl.int_range(pl.len()) == 3).then(100_000.0).otherwise(pl.col("weight")).alias("weight")
    weighed = Tables({**tables.frames, "demands": tables["demands"].with_columns(heavy)})
    stages = solve(assemble(compile_network(weighed)), Options(bottlenecks=0)).stages
    assert [stage.status for stage in stages] == ["optimal"] * 5
    for stage in stages:
        assert stage.value - stage.bound <= 2e-6 * (1 + abs(stage.value)), stage.name


def test_carried_out_without_risk_in_periods_of_its_buckets_the_plan_comes_out_as_printed(result: PlanResult) -> None:
    assert largest_difference(result) < 1e-6
