"""The plan of the flagship example is proven, adds up, sends nothing in circles and is what its README reports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from graphlib import TopologicalSorter
from pathlib import Path

import polars as pl
import pytest
from markdown_tables import markdown_tables, number

from coproduce import api
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

FOLDER = Path(__file__).parents[2] / "examples" / "letter_of_intent"
PAGE = markdown_tables(FOLDER / "README.md")
MONTHS = 58
Row = dict[str, str]


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return api.plan_path(FOLDER, bottlenecks=2)


def _total(result: PlanResult, table: str, column: str) -> float:
    return float(result.frames[table][column].sum())


def _of_tier(result: PlanResult, tier: str) -> pl.DataFrame:
    service = result.frames["demand_service"].with_columns(pl.col("status").cast(pl.String))
    return service if tier == "all" else service.filter(pl.col("priority") == int(tier))


def test_the_plan_passes_its_audit(result: PlanResult) -> None:
    assert result.summary["audit"] == "passed"


def test_every_stage_is_proven_optimal(result: PlanResult) -> None:
    tiers = result.frames["tiers"]
    assert tiers["stage"].to_list() == [row["stage"].strip("`") for row in PAGE["stage"]]
    assert set(tiers["status"].cast(pl.String)) == {"optimal"}
    assert tiers["gap"].to_numpy() == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("row", PAGE["stage"], ids=lambda row: row["stage"].strip("`"))
def test_the_readme_prints_the_value_of_every_stage(result: PlanResult, row: Row) -> None:
    stage = result.frames["tiers"].row(by_predicate=pl.col("stage") == row["stage"].strip("`"), named=True)
    assert stage["value"] == pytest.approx(number(row["value"]), rel=1e-5)
    assert stage["unit"] == row["unit"]


@pytest.mark.parametrize("row", PAGE["demands of tier"], ids=lambda row: row["demands of tier"])
def test_the_readme_counts_the_demands_as_they_are_served(result: PlanResult, row: Row) -> None:
    service = _of_tier(result, row["demands of tier"])
    found = {status: service.filter(pl.col("status") == status).height for status in ("on_time", "late", "short")}
    assert found == {status: number(row[status.replace("_", " ")]) for status in found}
    assert service.height == number(row["number"]) == sum(found.values())


@pytest.mark.parametrize("row", PAGE["demands of tier"], ids=lambda row: row["demands of tier"])
def test_no_demand_is_late_that_is_due_after_the_date_in_the_readme(result: PlanResult, row: Row) -> None:
    late = _of_tier(result, row["demands of tier"]).filter(pl.col("status") != "on_time")
    assert late["due"].max() == datetime.fromisoformat(row["last due date of a late one"])


@pytest.mark.parametrize("row", PAGE["family and tier"], ids=lambda row: row["family and tier"])
def test_the_readme_says_how_late_each_family_is(result: PlanResult, row: Row) -> None:
    item, tier = row["family and tier"].replace("`", "").split(", tier ")
    service = _of_tier(result, tier).filter(pl.col("item") == item)
    assert service.height == number(row["number"])
    assert service.filter(pl.col("status") != "on_time").height == number(row["not on time"])
    assert service["late_unit_days"].sum() == pytest.approx(number(row["late unit-days"]), rel=1e-2, abs=1)


def test_the_limits_that_bind_are_those_in_the_readme(result: PlanResult) -> None:
    found = result.frames["bottlenecks"].filter(pl.col("stage") == "tier_1")
    listed = {row["limit of tier 1"].strip("`"): row for row in PAGE["limit of tier 1"]}
    assert found.height == 2
    for limit in found.iter_rows(named=True):
        row = listed[limit["entity"]]
        assert limit["one_more"] == pytest.approx(number(row["one more"]), rel=1e-3)
        assert limit["buckets_binding"] == number(row["months"])


def test_the_summary_adds_up_to_the_tables(result: PlanResult) -> None:
    figures, service = result.summary, result.frames["demand_service"]
    assert figures["cost"] == pytest.approx(_total(result, "costs", "amount"), rel=1e-9)
    assert figures["delivered"] == pytest.approx(_total(result, "deliveries", "quantity"), rel=1e-9)
    assert figures["asked"] == pytest.approx(_total(result, "demand_service", "asked"), rel=1e-9)
    assert figures["delivered_on_time"] == pytest.approx(_total(result, "demand_service", "on_time"), rel=1e-9)
    assert figures["late_unit_days"] == pytest.approx(_total(result, "demand_service", "late_unit_days"), rel=1e-9)
    assert figures["demands"] == service.height == figures["on_time"] + figures["late"] + figures["short"]
    assert figures["asked"] - figures["delivered"] == pytest.approx(_total(result, "demand_service", "unmet"), abs=1e-3)


def test_the_cost_in_the_tables_is_the_sum_of_what_is_done(result: PlanResult) -> None:
    by_kind = dict(result.frames["costs"].group_by(pl.col("kind").cast(pl.String)).agg(pl.col("amount").sum()).rows())
    assert by_kind["process"] + by_kind["resource"] == pytest.approx(_total(result, "runs", "cost"), rel=1e-9)
    assert by_kind["transport"] == pytest.approx(_total(result, "shipments", "cost"), rel=1e-9)
    assert by_kind["purchase"] == pytest.approx(_total(result, "purchases", "cost"), rel=1e-9)
    assert by_kind["holding"] == pytest.approx(_total(result, "stock", "holding_cost"), rel=1e-9)


def test_no_item_goes_round_in_a_circle(result: PlanResult) -> None:
    """Sorting raises CycleError if the sites an item passes form a circle; 31 of the 40 items travel at all."""
    shipments = result.frames["shipments"].filter(pl.col("quantity") > 1e-6)
    ways: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for item, start, end in shipments.select("item", "from_site", "to_site").unique().iter_rows():
        ways[item][end].add(start)
    assert len(ways) == 31
    for graph in ways.values():
        TopologicalSorter(graph).prepare()


def _loads(result: PlanResult, lane: str) -> dict[int, float]:
    """Return the cleared loads of a lane by month."""
    size = result.tables.frames["items"].select("item", "transport_size")
    shipments = result.frames["shipments"].filter(pl.col("lane") == lane).join(size, on="item", how="left")
    amount = (pl.col("quantity") * pl.col("transport_size")).sum()
    return dict(shipments.group_by("bucket").agg(amount).rows())


def _polish_loads(month: int) -> float:
    """Return what the Polish border clears: 15 a month, 0.7 of it in winter, 0.25 in the six weeks of 2027.

    Months count from March 2026. December: 14 days whole and 17 at 0.7; May and the first half of June 2027: 0.25.
    """
    of_year = (month + 2) % 12 + 1
    by_hand = {14: 15 * 0.25, 15: 15 * (15 * 0.25 + 15) / 30}
    winter = {12: 15 * (14 + 17 * 0.7) / 31, 1: 15 * 0.7, 2: 15 * 0.7}
    return by_hand.get(month, winter.get(of_year, 15.0))


def test_goods_take_the_longer_way_through_romania_only_around_months_when_poland_is_full(result: PlanResult) -> None:
    """Else the six days more on the way would be a free warehouse."""
    poland, romania = _loads(result, "pl_ua"), _loads(result, "ro_ua")
    full = {month for month, amount in poland.items() if amount > 0.999 * _polish_loads(month)}
    used = {month for month, amount in romania.items() if amount > 0.05}
    assert len(used) > 12
    assert len(full) < MONTHS
    assert {month for month in used if full.isdisjoint((month - 1, month, month + 1))} == set()


def test_no_site_hoards(result: PlanResult) -> None:
    """No stock covers more than six months of its own mean outflow, of items that move every month at all."""
    stock = result.frames["stock"].with_columns(out=pl.col("consumed") + pl.col("moved_out") + pl.col("delivered"))
    months = stock.group_by("item", "site").agg(
        mean=pl.col("closing").mean(), out=pl.col("out").sum() / MONTHS, active=(pl.col("out") > 1e-6).sum()
    )
    hoards = months.filter(pl.col("active") >= MONTHS / 2, pl.col("mean") > 6 * pl.col("out"))
    assert hoards.rows() == []


@pytest.mark.parametrize("row", PAGE["`scalp_reserve` paid"], ids=lambda row: row["`scalp_reserve` paid"])
def test_the_readme_says_how_late_the_cash_for_long_orders_is(result: PlanResult, row: Row) -> None:
    terms = row["`scalp_reserve` paid"].strip("`")
    ours = pl.col("contract") == "scalp_reserve"
    contracts = result.tables["contracts"].with_columns(
        payment_terms=pl.when(ours).then(pl.lit(terms)).otherwise(pl.col("payment_terms"))
    )
    money = api.finance(replace(result, tables=Tables({**result.tables.frames, "contracts": contracts})))
    (gap,) = money["cash_gaps"].filter(kind="costs", account="scalp_reserve").iter_rows(named=True)
    # What is owed under one contract is one of several equal choices of the plan.
    assert gap["owed"] / 1e6 == pytest.approx(number(row["owed in all"]), rel=0.02)
    assert gap["gap"] / 1e6 == pytest.approx(number(row["most missing"]), rel=0.02, abs=0.02)
    assert [f"{gap[day]:%Y-%m-%d}" for day in ("deepest", "suffices")] == [row["on"], row["money suffices from"]]


def test_the_readme_gives_the_verdict_of_every_contract_that_seeks_an_instrument(result: PlanResult) -> None:
    frames = api.fund(result.tables, result, as_of=date(2026, 6, 30)).frames
    rows = {(row["contract"], row["instrument"]): row for row in frames["eligibility_summary"].iter_rows(named=True)}
    page = {(row["judged contract"].strip("`"), row["instrument"]): row for row in PAGE["judged contract"]}
    assert {key: row["verdict"] for key, row in rows.items()} == {key: row["verdict"] for key, row in page.items()}
    decided = frames["eligibility"].filter(pl.col("verdict").cast(pl.String).is_in(["failed", "unknown"]))
    # USL-04 is the way out of USL-03 and does not count by itself.
    deciding = decided.filter(pl.col("rule") != "USL-04").group_by("contract").agg(pl.col("rule").unique())
    expected = {contract: [row["decided by"]] for (contract, _), row in page.items() if row["decided by"]}
    assert dict(deciding.iter_rows()) == expected
