"""Statistics: every way of grouping adds up to the rows of the table, and units never mix."""

from __future__ import annotations

import itertools
import os
from datetime import datetime

import polars as pl
import pytest
from programmes import random_programme

from coproduce import api
from coproduce.results.dimensions import GroupingError, groupable, with_dimensions
from coproduce.results.result import PlanResult
from coproduce.results.statistics import TABLES, statistics
from coproduce.tables import RESULT_TABLES

# All have a plan.
SEEDS = (0, 2, 3, 5, 14, 18) if os.environ.get("COPRODUCE_ALL_SEEDS") else (2, 14)


@pytest.fixture(scope="module", params=["small", *SEEDS])
def result(request: pytest.FixtureRequest, small: PlanResult) -> PlanResult:
    return small if request.param == "small" else api.plan(random_programme(request.param), threads=1, bottlenecks=0)


@pytest.mark.parametrize("table", TABLES)
def test_sums_over_any_groups_are_the_sums_of_the_rows(result: PlanResult, table: str) -> None:
    names = groupable(with_dimensions(result, table), table)
    pairs = [(), *((one,) for one in names), *itertools.islice(itertools.combinations(names, 2), 0, None, 5)]
    tried = 0
    for by in pairs:
        try:
            found = statistics(result, table, by)
        except GroupingError as refusal:
            assert "longer than a" in str(refusal)
            continue
        tried += 1
        for measure in found["measure"].unique():
            if measure != "utilisation":
                total = sum(value or 0.0 for value in result.frames[table][measure].to_list())
                assert found.filter(measure=measure)["value"].sum() == pytest.approx(total, rel=1e-9, abs=1e-9), by
        assert found.select(*by, "measure", "unit").is_duplicated().any() is False
    assert tried > len(names) / 2


def test_the_small_example_is_counted_as_by_hand(small: PlanResult) -> None:
    # Cast in W0, W1 and W2 (4, 11 and 18 January) 10, 10 and 6; assembled a week later: 20 in January, 6 on 25 January.
    runs = statistics(small, "runs", ["site", "month"], measures=["quantity"])
    assert runs.rows() == [
        ("plant_pl", "2027-01", "quantity", "runs", 26.0),
        ("works_se", "2027-01", "quantity", "runs", 26.0),
    ]
    # Delivered to Poland in W2 and W3, to Sweden in W4 and W5.
    delivered = statistics(small, "deliveries", ["country", "month"], measures=["quantity"])
    assert delivered.rows() == [
        ("PL", "2027-01", "quantity", "piece", 16.0),
        ("SE", "2027-02", "quantity", "piece", 10.0),
    ]
    # Sweden: 26 runs and 26 furnace hours, 26 casings on the way: 260 + 104 + 52. Poland: 520 + 46 + 800 + 7.
    assert statistics(small, "costs", ["country"]).rows() == [
        ("PL", "amount", "EUR", pytest.approx(1373.0)),
        ("SE", "amount", "EUR", pytest.approx(416.0)),
    ]


def test_utilisation_is_what_is_used_of_the_whole_capacity(small: PlanResult) -> None:
    found = statistics(small, "resource_load", ["resource"], measures=["utilisation"])
    # 26 of 58 furnace hours, 52 of 180 hours of the line.
    assert found["value"].to_list() == pytest.approx([26 / 58, 52 / 180])
    assert found["unit"].to_list() == ["share of hour", "share of hour"]


def test_units_are_kept_apart(small: PlanResult) -> None:
    items = small.tables["items"].with_columns(
        unit=pl.when(pl.col("item") == "motor").then(pl.lit("pallet")).otherwise("unit")
    )
    other = api.PlanResult(type(small.tables)({**small.tables.frames, "items": items}), small.frames, small.summary, ())
    found = statistics(other, "stock", measures=["received"])
    # 16 motors arrive; nothing else is bought.
    assert found.rows() == [("received", "pallet", 16.0), ("received", "piece", 0.0)]


def test_levels_are_given_by_bucket_only(small: PlanResult) -> None:
    assert "closing" not in statistics(small, "stock", ["item"])["measure"].to_list()
    found = statistics(small, "stock", ["bucket"], measures=["closing"])
    # Ten motors at the end of W0, nothing later.
    assert found["value"].to_list() == pytest.approx([10, 0, 0, 0, 0, 0])


def test_a_bucket_longer_than_the_period_is_refused(small: PlanResult) -> None:
    last = pl.col("bucket") == 5
    buckets = small.frames["buckets"].with_columns(
        pl.when(last).then(datetime(2027, 3, 15)).otherwise("end").alias("end")
    )
    long = api.PlanResult(small.tables, {**small.frames, "buckets": buckets}, small.summary, ())
    with pytest.raises(GroupingError, match="2027-02-08 to 2027-03-15 is longer than a month"):
        statistics(long, "runs", ["month"])
    assert statistics(long, "runs", ["quarter"]).height


@pytest.mark.parametrize(
    ("table", "by", "measures", "says"),
    [
        ("run", [], [], 'did you mean "runs"'),
        ("runs", ["contry"], [], 'did you mean "country"'),
        ("runs", ["quantity"], [], "cannot be grouped"),
        ("runs", ["site", "site"], [], "given twice"),
        ("runs", [], ["quantty"], 'did you mean "quantity"'),
        ("stock", ["item"], ["closing"], "add up"),
    ],
)
def test_what_cannot_be_asked_is_said(
    small: PlanResult, table: str, by: list[str], measures: list[str], says: str
) -> None:
    with pytest.raises(GroupingError, match=says):
        statistics(small, table, by, measures=measures)


def test_every_table_with_rows_that_add_up_can_be_counted() -> None:
    additive = {
        name
        for name, spec in RESULT_TABLES.items()
        if "bucket" in spec.columns
        and any(column.unit in ("units", "runs", "resource units") for column in spec.columns.values())
    }
    # Differences from an earlier plan are no quantities, and what is set aside is part of the rows of other tables.
    assert additive - {"baseline_changes", "earmarks"} <= set(TABLES)
