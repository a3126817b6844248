import math
from dataclasses import replace

import polars as pl
import pytest
from report_programme import make_result

from coproduce.present.report import borders, costs, deliveries, evidence, flows, limits, resources, stock
from coproduce.present.report.page import context
from coproduce.present.words import headline
from coproduce.present.words.buckets import timeline
from coproduce.present.words.names import read_names
from coproduce.results.result import PlanResult


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return make_result()


def test_promises_add_up_to_the_demands(result: PlanResult) -> None:
    names = read_names(result.tables)
    kinds = dict(result.tables["items"].select("item", "kind").iter_rows())
    promised = headline.promises(result.frames["demand_service"], names, kinds)
    service = result.frames["demand_service"]
    for measure in ("asked", "on_time", "late", "unmet"):
        assert math.isclose(sum(getattr(one, measure) for one in promised), service[measure].sum())
    assert [one.name for one in promised] == [
        "Regional trainset",
        "Spare parts set",
    ]  # the product before the spare parts
    for one in promised:
        assert math.isclose(sum(part.percent for part in headline.promise_bar(one)), 100)


def test_the_headline_says_what_is_on_time_late_and_missing() -> None:
    time = timeline(make_result(months=36).frames["buckets"])
    one = headline.Promise("trains", "trainset", 200, 150, 30, 20)
    # 150 / 200 = 75 %; the horizon ends with December 2029.
    assert headline.headline([one], time) == (
        "Trains: 150 of 200 trainsets asked for can be delivered on time (75\u00a0%), "
        "30 late and 20 not by 31 Dec 2029."
    )
    kept = headline.Promise("trains", "trainset", 200, 200, 0, 0)
    assert (
        headline.headline([kept], time)
        == "Trains: all 200 trainsets asked for can be delivered on time, each by its due date."
    )
    worse = headline.Promise("spares", "set", 40, 2, 0, 38)
    # The spares are 2 / 40 = 5 % on time: worse than the leading family, so they are named too.
    assert headline.headline([kept, worse, one], time).endswith(
        "Served worst: Spares: 2 of 40 sets asked for can be delivered on time (5\u00a0%), 38 not by 31 Dec 2029."
    )
    assert headline.headline([], time) == "Nothing is asked for in this programme yet."


def test_series_of_the_kinds_add_up_to_all_and_to_the_tables(result: PlanResult) -> None:
    service, given = result.frames["demand_service"], result.frames["deliveries"]
    found = deliveries.series(service, given, timeline(result.frames["buckets"]))
    whole = [one for one in found if one.kind == deliveries.ALL]
    assert math.isclose(sum(sum(one.asked) for one in whole), service["asked"].sum())
    assert math.isclose(sum(sum(one.on_time) + sum(one.late) for one in whole), given["quantity"].sum())
    assert math.isclose(sum(sum(one.late) for one in whole), given.filter(pl.col("late_days") > 0)["quantity"].sum())
    for one in whole:
        parts = [part for part in found if part.item == one.item and part.kind != deliveries.ALL]
        for measure in ("asked", "on_time", "late"):
            sums = [sum(values) for values in zip(*(getattr(part, measure) for part in parts), strict=True)]
            assert sums == pytest.approx(getattr(one, measure))


def test_demands_due_outside_the_horizon_are_drawn_at_its_edges_and_said_to_be(result: PlanResult) -> None:
    time = timeline(result.frames["buckets"])
    service = result.frames["demand_service"].head(3)
    moved = service.with_columns(due=pl.col("due").dt.offset_by("-10y"))
    one = deliveries.series(moved, result.frames["deliveries"].clear(), time)[0]
    assert one.asked[0] > 0
    assert sum(one.asked[1:]) == 0
    assert "3 demands due before the horizon" in deliveries.edge_note(moved, time)


def test_costs_by_kind_add_up_to_the_total_of_the_rows(result: PlanResult) -> None:
    frame = result.frames["costs"]
    assert math.isclose(sum(amount for _, amount in costs.by_kind(frame)), frame["amount"].sum(), rel_tol=1e-12)
    rows = costs.sheet(frame, read_names(result.tables), "EUR").rows
    assert math.isclose(sum(row[2] for row in rows), costs.total(frame), rel_tol=1e-12)


def test_flows_on_the_map_and_in_the_table_carry_what_was_shipped(result: PlanResult) -> None:
    moved = flows.lane_flows(result.frames["shipments"], result.tables)
    shipped = result.frames["shipments"]
    assert math.isclose(sum(one.quantity for one in moved), shipped["quantity"].sum())
    assert math.isclose(sum(arc.volume for arc in flows.arcs(moved)), sum(one.volume for one in moved))
    # A trainset takes 4 lane units, every other item 1.
    sizes = shipped["item"].replace_strict({"trainset": 4.0}, default=1.0, return_dtype=pl.Float64)
    assert math.isclose(sum(one.volume for one in moved), (shipped["quantity"] * sizes).sum())


def test_what_crosses_borders_adds_up_to_the_flows_over_lanes_with_a_border(result: PlanResult) -> None:
    moved = flows.lane_flows(result.frames["shipments"], result.tables)
    rows = borders.sheet(moved, read_names(result.tables)).rows
    crossing = set(result.tables["lanes"].drop_nulls("border")["lane"])
    assert {row[0] for row in rows} == set(result.tables["lanes"]["border"].drop_nulls()) & {
        one.border for one in moved
    }
    assert math.isclose(sum(row[1] for row in rows), sum(one.volume for one in moved if one.lane in crossing))


def test_a_resource_that_is_full_but_neither_a_bottleneck_nor_a_reason_is_said_not_to_limit(
    result: PlanResult,
) -> None:
    page = context(result)["data"]["resources"]
    told = {(one["name"], one["site"]): one["limiting"] for one in page["resources"]}
    assert told["Test track slots", "Wrocław assembly"] == "Test track slots limits the plan: see Bottlenecks."
    assert told["Winding lines", "Lyon drive works"] == ""  # never full
    bare = {
        **result.frames,
        "bottlenecks": result.frames["bottlenecks"].clear(),
        "reasons": result.frames["reasons"].clear(),
    }
    without = context(replace(result, frames=bare))["data"]["resources"]
    assert without["note"] == "2 of those that are full do not limit the plan."


def test_the_strongest_bottleneck_is_put_into_words_with_unit_and_dates(result: PlanResult) -> None:
    page = context(result)
    first = page["limits"][0]
    assert first.name == "Test track slots"
    assert first.sentence == (
        "Binds in 14 months (1 Nov 2028 to 31 Dec 2029). One more slot a month would save 310 late unit-days "
        "(lateness, priority 1)."
    )
    assert first.where == "programme.xlsx › resources!G4"


def test_a_bottleneck_is_named_once_by_the_earliest_stage_it_matters_in(result: PlanResult) -> None:
    stages = result.frames["tiers"]["stage"].to_list()
    found = limits.strongest(result.frames["bottlenecks"], stages)
    assert found["entity"].to_list() == ["wroclaw.test", "lviv.test", "steel.north"]
    assert found["stage"].to_list() == ["tier_1", "tier_1", "tier_2"]


def test_weights_are_mentioned_only_where_demands_have_different_weights(result: PlanResult) -> None:
    weighted = dict(result.tables.frames)
    weighted["demands"] = weighted["demands"].with_columns(weight=pl.lit(2.0))
    heavy = replace(result, tables=replace(result.tables, frames=weighted))
    assert "310 late unit-days" in context(result)["limits"][0].sentence
    assert "310 weighted late unit-days" in context(heavy)["limits"][0].sentence


def test_stock_that_is_never_touched_is_not_listed(result: PlanResult) -> None:
    idle = result.frames["stock"].with_columns(
        pl.when(pl.col("item") == "steel").then(0.0).otherwise(pl.col(name)).alias(name) for name in stock.MEASURES
    )
    page = stock.payload(idle, result.tables, read_names(result.tables), timeline(result.frames["buckets"]))
    assert {place["item"] for place in page["places"]} == {"Regional trainset", "Spare parts set", "Traction drive"}


def test_the_minimum_of_a_stock_is_drawn_from_the_bucket_in_which_it_begins_to_hold(result: PlanResult) -> None:
    page = stock.payload(
        result.frames["stock"], result.tables, read_names(result.tables), timeline(result.frames["buckets"])
    )
    drives = next(one for one in page["places"] if (one["item"], one["site"]) == ("Traction drive", "Lyon drive works"))
    # The minimum of 8 holds from June 2027, the sixth month.
    assert drives["minimum"][:6] == [None] * 5 + [8.0]
    assert drives["maximum"] == [90.0] * 36


def test_a_resource_is_full_only_in_the_buckets_in_which_it_is_open() -> None:
    assert resources.finding([0.0, 10.0, 10.0], [0.0, 10.0, 5.0], "month") == (
        "Full in 1 of the 2 months in which it is open; 75\u00a0% of its capacity is used over the horizon."
    )
    assert resources.finding([10.0], [5.0], "week").startswith("Never full;")


def test_resources_that_are_full_at_some_time_are_counted_over_all_of_them(result: PlanResult) -> None:
    # The two test resources reach their capacity; assembly and winding stay below it.
    assert resources.overview(result.frames["resource_load"], 5) == "2 of the 5 resources in use are full at some time."


def test_the_register_shows_every_cell_with_its_value_source_and_range(result: PlanResult) -> None:
    rows = evidence.register_sheet(result.frames["register"]).rows
    capacity = [row for row in rows if row[1:4] == ("resources", "wroclaw.assembly", "capacity")]
    assert [(row[0], row[4], row[10], row[6]) for row in capacity] == [
        ("Cited", "9,000", 9500.0, "Plant capacities 2026")
    ]
    assert capacity[0][12] == "programme.xlsx › resources!G3 (capacity)"
    assert rows[0][0] == "Without evidence"  # the least firm first


def test_an_entry_that_covers_many_cells_is_one_row_with_the_range_of_their_values(result: PlanResult) -> None:
    rows = [row for row in evidence.register_sheet(result.frames["register"]).rows if row[:2] == ("Cited", "demands")]
    # 30 of the 60 demands are domestic: ua-000, ua-002, ...
    assert [row[2] for row in rows] == ["ua-* (30 cells)"]
    assert rows[0][4] == "2 to 4"


def test_a_summary_without_its_figures_still_makes_a_page(result: PlanResult) -> None:
    page = context(replace(result, summary={}))
    assert page["audit"] == "Not audited"
    assert not page["audit_passed"]
    assert page["gap"] == "not proven"
    assert page["confidence_sentence"] == "What the figures rest on is not recorded."
