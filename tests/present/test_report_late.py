from dataclasses import replace

import polars as pl
import pytest
from report_programme import make_result

from coproduce.present.report import late, limits
from coproduce.present.report.page import context
from coproduce.present.words.names import read_names
from coproduce.present.words.reasons import lifting_words
from coproduce.results.result import PlanResult


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return make_result()


def test_every_demand_that_is_not_on_time_stands_in_the_table_of_late_demands(result: PlanResult) -> None:
    service, reasons = result.frames["demand_service"], result.frames["reasons"]
    rows = late.sheet(service, reasons, read_names(result.tables)).rows
    behind = service.filter(pl.col("status") != "on_time")
    assert len(rows) == behind.height > 4
    assert {row[0].split(" – ")[0] for row in rows} == set(behind["demand"])
    reason = {row[0].split(" – ")[0]: row[6] for row in rows}
    told = reasons.filter(rank=1, kind="resource")["demand"].to_list()
    assert {reason[demand] for demand in told} == {"Capacity of Test track slots at Wrocław assembly"}
    untold = set(behind["demand"]) - set(reasons["demand"])
    assert untold
    assert {reason[demand] for demand in untold} == {late.NO_REASON}


def test_all_reasons_stand_in_one_table_in_the_order_of_the_late_demands(result: PlanResult) -> None:
    service, reasons, names = result.frames["demand_service"], result.frames["reasons"], read_names(result.tables)
    rows = late.reason_sheet(service, reasons, names).rows
    assert len(rows) == reasons.height
    places = [row[0] for row in late.sheet(service, reasons, names).rows]
    order = [(places.index(row[0]), row[1]) for row in rows]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"kind": "resource", "saved": 30.0, "left": 0.0, "enough": True, "rank": 1},
            "Lifting it alone would save 30 of its 30 late unit-days: enough to bring it on time.",
        ),
        (
            {"kind": "resource", "saved": 10.0, "left": 20.0, "enough": False, "rank": 1},
            "Lifting it alone would save 10 of its 30 late unit-days, not enough.",
        ),
        (
            {"kind": "lane", "saved": 0.0, "left": 0.0, "enough": False, "rank": 2},
            "Lifting it alone would save nothing. With all above it lifted as well, the demand is on time.",
        ),
        (
            {"kind": "lane", "saved": 0.0, "left": 5.0, "enough": False, "rank": 2},
            "Lifting it alone would save nothing. With all above it lifted as well, 5 remain.",
        ),
        (
            {"kind": "lead_time", "saved": 4.0, "left": None, "enough": False, "rank": 3},
            "Lifting it alone would save 4 of its 30 late unit-days, not enough. It would help too, but is not needed "
            "beside the others.",
        ),
        (
            {"kind": "before_start", "saved": None, "left": 12.0, "enough": False, "rank": 2},
            "12 of its 30 late unit-days: only an earlier start would help.",
        ),
        (
            {"kind": "before_start", "saved": 12.0, "left": 0.0, "enough": False, "rank": 2},
            "12 of its 30 late unit-days: only an earlier start would help.",
        ),
    ],
)
def test_what_lifting_a_limit_would_do_is_said_in_words(row: dict[str, object], words: str) -> None:
    assert lifting_words(row, 30.0) == words


def test_limits_are_ordered_by_the_demands_that_they_hold_back(result: PlanResult) -> None:
    service, reasons = result.frames["demand_service"], result.frames["reasons"]
    found = late.causes(service, reasons)
    slots = reasons.filter(entity="wroclaw.test")
    assert found[0].row["entity"] == "wroclaw.test"
    assert len(found[0].demands) == slots.height
    assert found[0].enough == slots.filter(pl.col("enough"))["demand"].n_unique()
    # What would help too, but is not needed, holds nothing back.
    lead = next(one for one in found if one.row["entity"] == "lyon-wroclaw")
    assert len(lead.demands) == reasons.filter(entity="lyon-wroclaw").filter(pl.col("left").is_not_null()).height


def test_a_bottleneck_names_the_demands_that_have_it_among_their_reasons(result: PlanResult) -> None:
    page = context(result)["data"]["sheets"]["binding"]
    titles = [one["title"] for one in page["fields"]]
    counts = page["columns"][titles.index("Demands delayed")]
    assert counts[0] == result.frames["reasons"].filter(kind="resource", entity="wroclaw.test")["demand"].n_unique()
    assert counts[1:] == [0, 0]
    delayed = late.delayed(result.frames["reasons"], result.frames["demand_service"])
    assert set(delayed) == {("resource", "wroclaw.test"), ("lead_time", "lyon-wroclaw"), ("before_start", "")}
    assert len(limits.BINDING_FIELDS) == len(page["columns"])


def test_where_no_unit_more_helps_the_reasons_are_named_as_what_limits(result: PlanResult) -> None:
    bare = replace(result, frames={**result.frames, "bottlenecks": result.frames["bottlenecks"].clear()})
    page = context(bare)
    assert page["limits_are_reasons"]
    assert page["limits"][0].name == "Capacity of Test track slots at Wrocław assembly"
    assert page["limits"][0].where == "programme.xlsx › resources!G4 (capacity)"
    assert not page["data_has"]["binding"]
    assert page["data_has"]["causes"]


def test_a_plan_without_late_demands_says_so(result: PlanResult) -> None:
    kept = result.frames["demand_service"].with_columns(status=pl.lit("on_time"), late=0.0, unmet=0.0)
    page = context(replace(result, frames={**result.frames, "demand_service": kept}))
    assert page["late_finding"] == "Every demand is met by its due date."
    assert page["worst"] == []
    assert page["worst_family"] == ""
    assert not page["data_has"]["late"]


def test_the_family_that_is_served_worst_is_on_the_first_screen_even_if_it_is_small() -> None:
    result = make_result()
    service = result.frames["demand_service"]
    spare = pl.col("item") == "spares"
    starved = service.with_columns(
        status=pl.when(spare).then(pl.lit("short")).otherwise("status"),
        on_time=pl.when(spare).then(0.0).otherwise("on_time"),
        late=pl.when(spare).then(0.0).otherwise("late"),
        unmet=pl.when(spare).then("asked").otherwise("unmet"),
    )
    page = context(replace(result, frames={**result.frames, "demand_service": starved}))
    assert [(one.name, one.worst) for one in page["families"]] == [
        ("Regional trainset", False),
        ("Spare parts set", True),
    ]
    assert "Served worst: Spare parts set: 0 of" in page["headline"]
    assert page["families"][1].complete == "not by 31 Dec 2029"
    assert page["families"][1].on_time == "–"
