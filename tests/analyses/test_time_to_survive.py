"""How long an outage may last, by hand on programmes of forty days, and against plans with the outage in a calendar."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from programmes import Row, random_programme, tables_of

from coproduce import api
from coproduce.errors import AnalysisError, InfeasibleError
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

START = datetime(2026, 1, 1)
DAYS = 40
SEEDS = range(200) if os.environ.get("COPRODUCE_ALL_SEEDS") else range(12)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def daily(item: str = "x", each: float = 1.0, **more: object) -> list[Row]:
    """Return a demand for every day."""
    tier = more.get("priority", 1)
    return [
        {"demand": f"{item}_{tier}_{t}", "item": item, "site": "A", "quantity": each, "due": day(t), **more}
        for t in range(DAYS)
    ]


def shop(opening: float, capacity: float = 1.0, **more: Any) -> Tables:
    """Return one site that makes so many a day of what is asked for once a day, and its opening stock."""
    rows: dict[str, list[Row]] = {
        "programme": [{"name": "t", "currency": "EUR", "start": START, "buckets": f"{DAYS} days"}],
        "sites": [{"site": "A"}],
        "items": [{"item": "x", "unit": "piece"}],
        "processes": [{"process": "p", "site": "A"}],
        "flows": [{"process": "p", "item": "x", "quantity": 1.0}],
        "resources": [{"resource": "m", "site": "A", "unit": "h", "capacity": capacity, "capacity_per": "day"}],
        "loads": [{"process": "p", "resource": "m", "quantity": 1.0}],
        "stocks": [{"item": "x", "site": "A", "opening": opening}],
        "demands": daily(),
    }
    return tables_of(rows | more)


def bought(limit: float, **stock: float) -> Tables:
    """Return one site that buys one piece a day, five days ahead; the first five days are in stock."""
    nothing: list[Row] = []
    return shop(
        0.0,
        processes=nothing, flows=nothing, resources=nothing, loads=nothing,
        parties=[{"party": "maker"}],
        supplies=[{"supply": "s", "item": "x", "site": "A", "party": "maker", "lead_days": 5.0, "limit": limit,
                   "limit_per": "day"}],
        stocks=[{"item": "x", "site": "A", **stock}],
    )  # fmt: skip


def planned(tables: Tables) -> PlanResult:
    return api.plan(tables, threads=1, bottlenecks=0)


def survival(tables: Tables, target: str, on: float = 0, **more: Any) -> Row:
    """Return the row of a target for an outage that begins on a day."""
    frame = api.time_to_survive(planned(tables), dates=[day(on)], **more)
    return frame.filter(target=target).row(0, named=True)


def test_a_stock_of_ten_days_survives_ten_days() -> None:
    # With an outage of L days, 10 + (t + 1 - L) pieces are there by the end of day t and t + 1 are due: L <= 10. With
    # 11 days one piece is missing at the end of each of the days 10 to 39: 30 late unit-days, of which prices prove
    # some.
    row = survival(shop(10.0), "A")
    assert (row["survives_days"], row["fails_days"]) == (10, 11)
    assert 1 < row["least_loss"] < 30.001


def test_what_the_plan_has_used_up_by_then_no_longer_helps() -> None:
    # The plan holds as little as it can: it takes from stock until day 10, and then makes each piece on its day.
    result = planned(shop(10.0))
    frame = api.time_to_survive(result, dates=[day(5), day(20)], targets=["sites"])
    assert frame["survives_days"].to_list() == [5, 0]
    assert frame["date"].to_list() == [day(5), day(20)]


def test_capacity_to_spare_after_an_outage_saves_nothing_that_was_due_during_it() -> None:
    assert survival(shop(10.0, capacity=5.0), "A")["survives_days"] == 10


def test_a_second_site_takes_over() -> None:
    # B makes two a day and is an hour away, so that A may be lost for good; B itself as well, since A makes enough.
    shared = shop(0.0)
    rows: dict[str, list[Row]] = {
        "sites": [{"site": "B"}],
        "processes": [{"process": "q", "site": "B"}],
        "flows": [{"process": "q", "item": "x", "quantity": 1.0}],
        "resources": [{"resource": "n", "site": "B", "unit": "h", "capacity": 2.0, "capacity_per": "day"}],
        "loads": [{"process": "q", "resource": "n", "quantity": 1.0}],
        "lanes": [{"lane": "ba", "from_site": "B", "to_site": "A"}],
    }
    added = tables_of(rows)
    both = {name: pl.concat([shared[name], added[name]]) for name in rows}
    frame = api.time_to_survive(planned(replace(shared, frames={**shared.frames, **both})), dates=[day(0)])
    assert frame["survives_days"].to_list() == [40, 40, 40]
    assert frame["fails_days"].to_list() == [None, None, None]


def test_what_is_under_way_arrives_but_an_order_that_is_missed_is_missed_later() -> None:
    # Every day an order is placed for the day five days on; one day without is one piece too few then.
    assert survival(bought(3.0, opening=5.0), "s", 10)["survives_days"] == 0


def test_least_stocks_are_drawn_down_in_an_outage() -> None:
    # Three pieces beside the pipeline cover three missed orders; with 3 a day afterwards none is late.
    row = survival(bought(3.0, opening=8.0, minimum=3.0), "s", 10)
    assert (row["survives_days"], row["fails_days"]) == (3, 4)


def test_a_party_is_lost_with_all_that_it_sends() -> None:
    tables = bought(3.0, opening=8.0, minimum=3.0)
    assert survival(tables, "maker", 10)["survives_days"] == 3


def test_only_the_named_tiers_count() -> None:
    # Two pieces a day, one for each tier, and five in stock: the first tier alone lives on them for 5 days, both
    # together for 2.5, of which 2 whole days.
    tables = shop(5.0, capacity=2.0, demands=[*daily(), *daily(priority=2)])
    assert survival(tables, "A")["survives_days"] == 5
    assert survival(tables, "A", tiers=[1, 2])["survives_days"] == 2


@pytest.mark.parametrize(
    ("opening", "recovery", "survives", "verdict"),
    [(10.0, 6.0, 6, "survives"), (10.0, 14.0, 3, "short"), (40.0, 60.0, DAYS, "survives")],
)
def test_a_recovery_longer_than_what_is_searched_is_tried_too(
    opening: float, recovery: float, survives: int, verdict: str
) -> None:
    # Up to 3 days are searched. Ten days in stock outlast 6, not 14; forty last to the end of the plan.
    tables = shop(opening, sites=[{"site": "A", "recovery_days": recovery}])
    row = survival(tables, "A", longest=3)
    assert (row["survives_days"], row["fails_days"], row["verdict"]) == (survives, None, verdict)
    assert row["margin_days"] == survives - recovery


@pytest.mark.parametrize(
    ("recovery", "verdict", "loss"),
    [
        (10.0, "survives", 0.0),
        # One piece is missing at the end of day 10, two at the ends of days 11 to 39: 1 + 2 x 29.
        (12.0, "short", 59.0),
        (None, "unknown", None),
    ],
)
def test_survival_is_compared_with_recovery(recovery: float | None, verdict: str, loss: float | None) -> None:
    row = survival(shop(10.0, sites=[{"site": "A", "recovery_days": recovery}]), "A")
    assert row["verdict"] == verdict
    assert row["loss_at_recovery"] == (None if loss is None else pytest.approx(loss, abs=1e-4))
    assert (row["cell"] is None) == (recovery is None)


@pytest.mark.parametrize("border", [None, "gate"])
def test_a_lane_and_its_border_are_survived_alike(border: str | None) -> None:
    # What is made at A is delivered at B, where 4 pieces are in stock.
    sites = [{"site": "A"}, {"site": "B"}]
    lanes = [{"lane": "ab", "from_site": "A", "to_site": "B", "border": border}]
    stocks = [{"item": "x", "site": "B", "opening": 4.0}]
    demands = [row | {"site": "B"} for row in daily()]
    tables = shop(0.0, sites=sites, lanes=lanes, stocks=stocks, demands=demands)
    assert survival(tables, border or "ab")["survives_days"] == 4


def test_the_number_of_workers_changes_nothing() -> None:
    result = planned(shop(10.0, sites=[{"site": "A", "recovery_days": 12.0}]))
    one, two = (api.time_to_survive(result, workers=workers) for workers in (1, 2))
    assert one.equals(two)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"tiers": [7]}, "no demand has priority 7; there are 1"),
        ({"dates": [datetime(2031, 1, 1)]}, "2031-01-01 is not between 2026-01-01 and 2026-02-10"),
        ({"targets": ["planets"]}, "planets are no targets of outages"),
    ],
)
def test_what_is_not_there_cannot_be_asked_about(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        api.time_to_survive(planned(shop(10.0)), **asked)


def with_outage(tables: Tables, table: str, name: str, days: float) -> Tables:
    """Return a programme in which a calendar closes a supply or lane from the start on."""
    start = tables.programme.start
    end = start + timedelta(days=days)
    entry = tables_of({"calendars": [{"calendar": "out", "start": start, "end": end, "factor": 0.0}]})["calendars"]
    closed = pl.when(pl.first() == name).then(pl.lit("out")).otherwise(pl.col("calendar")).alias("calendar")
    frames = {"calendars": pl.concat([tables["calendars"], entry]), table: tables[table].with_columns(closed)}
    return replace(tables, frames={**tables.frames, **frames})


def first_tier(tables: Tables) -> float:
    """Return the lateness of the first tier; infinite where hard limits break."""
    try:
        return float(planned(tables).frames["tiers"]["value"][0])
    except InfeasibleError:
        return math.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_a_calendar_that_closes_as_long_costs_nothing_and_one_that_closes_longer_does(seed: int) -> None:
    drawn = random_programme(seed)
    # Least stocks are hard limits of a plan, and may be drawn down in an outage.
    eased = {
        "stocks": drawn["stocks"].with_columns(minimum=pl.lit(0.0)),
        "programme": drawn["programme"].with_columns(objective=pl.lit("tiers"), tier_tolerance=pl.lit(0.0)),
    }
    tables = replace(drawn, frames={**drawn.frames, **eased})
    if not math.isfinite(first_tier(tables)):
        pytest.skip("hard limits conflict")
    result = planned(tables)
    free = result.frames["tiers"]["value"][0]
    frame = api.time_to_survive(result, dates=[tables.programme.start], targets=["supplies", "lanes"])
    for row in frame.iter_rows(named=True):
        given = tables[row["target_table"]].filter(pl.first() == row["target"])
        if given["calendar"][0] is not None or not row["survives_days"]:
            continue
        kept = first_tier(with_outage(tables, row["target_table"], row["target"], row["survives_days"]))
        assert kept <= free + 1e-5 * (1 + free)
        if row["fails_days"] is not None:
            lost = first_tier(with_outage(tables, row["target_table"], row["target"], row["fails_days"]))
            assert lost >= free + row["least_loss"] - 1e-5 * (1 + free)
