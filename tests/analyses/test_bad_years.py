"""Remedies, exports and single sources by hand, on programmes of ten days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from programmes import Row, tables_of

from coproduce import api
from coproduce.analyses.paired import mean_of, share_of
from coproduce.errors import AnalysisError
from coproduce.results.result import PlanResult

START = datetime(2026, 1, 1)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def planned(**rows: list[Row]) -> PlanResult:
    """Return the plan of a site A where item x is bought from s; ten days."""
    base: dict[str, list[Row]] = {
        "programme": [{"name": "t", "currency": "EUR", "start": START, "buckets": "10 days"}],
        "sites": [{"site": "A"}],
        "items": [{"item": "x", "unit": "piece"}],
    }
    return api.plan(tables_of(base | rows), threads=1, bottlenecks=0)


def supply(name: str, limit: float, **more: object) -> Row:
    return {"supply": name, "item": "x", "site": "A", "limit": limit, "limit_per": "day", **more}


def demand(name: str, quantity: float, due: float, **more: object) -> Row:
    return {"demand": name, "item": "x", "site": "A", "quantity": quantity, "due": day(due), **more}


def failure(date: float, days: float, probability: float | None = None) -> Row:
    """Return the risk that s fails on a day."""
    return {"risk": "failure", "kind": "supplier_failure", "target_table": "supplies", "target": "s",
            "date": day(date), "duration_days": days, "probability": probability}  # fmt: skip


def remedied(**more: Any) -> PlanResult:
    """Return two pieces a day from s, which can send three, and options: one opens a source that stands in for it."""
    rows: dict[str, Any] = {
        "supplies": [
            supply("s", 3.0, price=1.0),
            supply("t", 9.0, price=5.0, option="second", fallback_rank=1),
        ],
        "demands": [demand(f"d{t}", 2.0, t) for t in range(10)],
        "options": [
            {"option": "second", "cost": 100.0, "running_cost": 2.0},
            {"option": "hall", "cost": 60.0},
            {"option": "crane", "cost": 30.0, "needs": "hall"},
            {"option": "late", "cost": 1.0, "order_from": day(40)},
        ],
        "risks": [failure(3, 2)],
    }
    return planned(**rows | more)


def test_a_second_source_saves_what_the_failure_of_the_first_costs() -> None:
    # Days 3 and 4 without s: 4 pieces missing; then 3 a day, not 2. Owed at the ends of days 3 to 7: 2 + 4 + 3 + 2
    # + 1 = 12 late unit-days, none with t. It costs 100 and 2 a day for ten days.
    frame = api.remedies(remedied(), replications=20, threads=1)
    row = frame.row(0, named=True)
    assert (row["option"], row["rank"], row["status"], row["ordered"]) == ("second", 1, "planned", START)
    assert [row["saved"], row["saved_low"], row["saved_high"]] == pytest.approx([12.0] * 3)
    assert (row["investment"], row["saved_per_cost"]) == pytest.approx((120.0, 0.1))
    assert (row["planned_saved"], row["units_saved"]) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_an_option_is_bought_with_what_it_needs_and_one_that_cannot_be_bought_is_named() -> None:
    rows = {row["option"]: row for row in api.remedies(remedied(), replications=4, threads=1).iter_rows(named=True)}
    assert rows["crane"]["bought_too"] == "hall"
    assert (rows["crane"]["investment"], rows["crane"]["saved"]) == pytest.approx((90.0, 0.0))
    assert (rows["late"]["status"], rows["late"]["rank"], rows["late"]["saved"]) == ("impossible", None, None)


def test_options_beyond_the_limit_of_plans_are_bought_beside_the_plan_as_it_is() -> None:
    # No run of the solver is left; t stands in as the plan stays, and what it costs is known from the table.
    rows = {row["option"]: row for row in api.remedies(remedied(), replications=4, most=0, threads=1).to_dicts()}
    assert {name: row["status"] for name, row in rows.items()} == {
        "second": "kept", "hall": "kept", "crane": "kept", "late": "not_planned",
    }  # fmt: skip
    second, crane = rows["second"], rows["crane"]
    assert (second["saved"], second["kept_saved"], second["investment"]) == pytest.approx((12.0, 12.0, 120.0))
    assert (second["rank"], second["ordered"], second["planned_saved"]) == (1, START, 0.0)
    assert (crane["bought_too"], crane["investment"], crane["saved"]) == ("hall", pytest.approx(90.0), 0.0)


def test_the_programme_is_planned_anew_with_what_saves_most_beside_the_plan() -> None:
    frame = api.remedies(remedied(), replications=4, most=1, threads=1)
    assert frame.filter(status="planned")["option"].to_list() == ["second"]
    assert frame.filter(status="kept")["option"].sort().to_list() == ["crane", "hall"]


def test_what_only_another_plan_would_use_saves_nothing_beside_the_plan_as_it_is() -> None:
    # s sends one a day, ten by day 9; two days without it are two pieces that never come. t is cheaper by half, but
    # not by the 100 that it takes to open it, and without a rank it never stands in; a plan that has it buys there.
    held = remedied(
        supplies=[supply("s", 1.0, price=1.0), supply("t", 9.0, price=0.5, option="second")],
        demands=[demand("d", 10.0, 9)],
        options=[{"option": "second", "cost": 100.0}],
    )
    beside = api.remedies(held, replications=4, most=0, threads=1).row(0, named=True)
    anew = api.remedies(held, replications=4, threads=1).row(0, named=True)
    assert (beside["status"], beside["units_saved"]) == ("kept", 0.0)
    assert (anew["status"], anew["kept_saved"]) == ("planned", 0.0)
    assert anew["units_saved"] == pytest.approx(2.0)


def test_savings_are_paired_replication_by_replication() -> None:
    # Each replication saves 12 or nothing, so that the mean is 12 times the share that the failure hits.
    row = api.remedies(remedied(risks=[failure(3, 2, 0.5)]), replications=200, threads=1).row(0, named=True)
    hits = row["saved"] / 12 * 200
    assert hits == pytest.approx(round(hits), abs=1e-6)
    # Half-width by hand: Student's t of 199 degrees, 1.972, times 12 sqrt(p (1 - p) / 199).
    p = hits / 200
    assert row["saved_high"] - row["saved"] == pytest.approx(1.972 * 12 * np.sqrt(p * (1 - p) / 199), rel=1e-3)


def exporting() -> PlanResult:
    """Return two pieces a day, 10 for export by day 4, 10 for home on day 9; in 15 % of the years s fails on day 2."""
    home = demand("home", 10.0, 9, earliest=day(9))
    abroad = demand("abroad", 10.0, 4, kind="export", priority=2)
    return planned(supplies=[supply("s", 2.0)], demands=[home, abroad], risks=[failure(2, 1, 0.15)])


def test_exports_are_those_that_leave_time_to_catch_up() -> None:
    # Home takes days 5 to 9, exports the days before, latest first: above 4 pieces s is needed on day 2, and what is
    # missing then is made up for with pieces that home needs. 0.375 x 10 = 3.75 pieces are the largest in steps of 1/32
    # that never need it; with 80 % all of the exports may be sent, since 85 % of the years are good.
    frame = api.exportable(exporting(), confidences=(0.8, 0.95), most=1.0, steps=5, replications=400, threads=1)
    sure, likely = frame.row(1, named=True), frame.row(0, named=True)
    assert (sure["level"], sure["next_level"], sure["probability"]) == (0.375, 0.40625, 1.0)
    assert (sure["asked"], sure["planned"], sure["delivered"]) == pytest.approx((3.75, 3.75, 3.75))
    assert sure["per_month"] == pytest.approx(3.75 / 10 * 365 / 12)
    assert (likely["level"], likely["next_level"]) == (1.0, None)
    assert likely["probability_low"] < 0.85 < likely["probability_high"]
    assert (sure["unmet_need"], sure["exact"]) == (0.0, True)


def test_no_exports_are_true_surplus_where_home_is_short_without_any() -> None:
    short = planned(
        supplies=[supply("s", 0.5)],
        demands=[demand("home", 10.0, 9), demand("abroad", 1.0, 9, kind="export", priority=2)],
    )
    row = api.exportable(short, confidences=(0.8,), steps=1, replications=4, threads=1).row(0, named=True)
    assert (row["level"], row["per_month"]) == (None, None)


def test_exports_cannot_be_asked_about_without_any() -> None:
    with pytest.raises(AnalysisError, match="of kind export and of kind domestic"):
        api.exportable(remedied())


def test_what_comes_from_one_party_or_site_alone_is_counted() -> None:
    # x comes from two offers of one maker: 6 pieces worth 10; y is made at A and at B.
    result = planned(
        parties=[{"party": "maker"}],
        sites=[{"site": "A", "recovery_days": 3.0}, {"site": "B"}],
        items=[{"item": "x", "unit": "piece", "unit_value": 10.0}, {"item": "y", "unit": "kg"},
               {"item": "z", "unit": "kg", "unit_value": 2.0}],
        supplies=[supply("s", 1.0, party="maker"), supply("t", 9.0, party="maker", price=1.0)],
        processes=[{"process": name, "site": site, "yield_rate": 0.5} for name, site in
                   (("y_a", "A"), ("y_b", "B"), ("z_a", "A"))],
        flows=[{"process": "y_a", "item": "y", "quantity": 1.0}, {"process": "y_b", "item": "y", "quantity": 1.0},
               {"process": "z_a", "item": "z", "quantity": 4.0}],
        lanes=[{"lane": "ba", "from_site": "B", "to_site": "A"}],
        demands=[demand("x", 6.0, 2), demand("y", 5.0, 9, item="y"), demand("z", 8.0, 9, item="z")],
    )  # fmt: skip
    survival = api.time_to_survive(result, dates=[START])
    rows = {row["item"]: row for row in api.single_sources(result, survival).iter_rows(named=True)}
    x, y, z = rows["x"], rows["y"], rows["z"]
    assert (x["target_table"], x["target"], x["sources"]) == ("parties", "maker", 1)
    assert (x["quantity"], x["single_value"], x["share"]) == pytest.approx((6.0, 60.0, 1.0))
    assert (y["sources"], y["single"], y["target"]) == (2, 0.0, None)
    assert (z["target"], z["quantity"], z["single_value"]) == ("A", pytest.approx(8.0), pytest.approx(16.0))
    # z is due on day 9 and A makes any quantity in a day; it must be back by the last day, and is after 3.
    assert (z["survives_days"], z["loss"]) == (9.0, 0.0)


def test_a_source_that_waits_for_an_option_which_is_not_bought_is_none() -> None:
    row = api.single_sources(remedied()).row(0, named=True)
    assert (row["sources"], row["target"], row["single"]) == (1, "s", pytest.approx(20.0))


def test_intervals_are_those_of_the_textbook() -> None:
    # Student: 4 values with mean 5 and deviation 2.5820, t(0.975, 3) = 3.1824: half-width 3.1824 x 2.5820 / 2.
    one = mean_of(np.array([2.0, 4.0, 6.0, 8.0]))
    assert (one.mean, one.high - one.mean) == pytest.approx((5.0, 4.1085), rel=1e-4)
    # Wilson for 8 of 10: 0.4902 to 0.9433 (Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286, its formula).
    two = share_of(np.array([1.0] * 8 + [0.0] * 2))
    assert (two.low, two.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
