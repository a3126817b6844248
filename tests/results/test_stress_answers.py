"""The answers of a stress test against a programme that is solved by hand (`stressed.py`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from random_programmes import random_tables, tables_of
from stressed import LOSS, failure, planned, shop

from coproduce import api
from coproduce.results.stress.result import StressResult
from coproduce.tables import STRESS_TABLES

PROMISES: list[dict[str, object]] = [
    {"commitment": "all", "quantity": 20, "due": "2026-01-10"},
    {"commitment": "most", "quantity": 16, "due": "2026-01-10"},
    {"commitment": "later", "quantity": 20, "due": "2026-01-12"},
]


@pytest.fixture(scope="module")
def result() -> StressResult:
    """Return the test of a plan whose supply fails at the end with probability 0.3."""
    said = {
        "source": "press",
        "status": "signed",
        "item": "x",
        "notion": "actual",
        "said": "2025-12-01",
        "wording": "Said.",
    }
    tables = shop(
        failure("f", probability=0.3),
        sources=[{"source": "press", "title": "Press", "published": "2025-12-01"}],
        commitments=[{**said, "name": one["commitment"], **one} for one in PROMISES],
    )
    return api.stress(planned(tables), api.Settings(900, seed=3, taken_apart=300), workers=1)


def row(result: StressResult, table: str, **keys: object) -> dict[str, Any]:
    return result.frames[table].row(by_predicate=pl.all_horizontal(pl.col(k) == v for k, v in keys.items()), named=True)


@pytest.fixture(scope="module")
def fails(result: StressResult) -> float:
    """Return the share of the replications in which the supply fails, counted event by event."""
    share = float(row(result, "losses", risk="f")["happens"])
    # Binomial: 0.3 within three standard errors of 900 replications.
    assert share == pytest.approx(0.3, abs=3 * (0.3 * 0.7 / 900) ** 0.5)
    return share


def test_a_demand_can_be_promised_for_the_day_on_which_the_late_units_are_there(
    result: StressResult, fails: float
) -> None:
    demand = row(result, "promises", demand="d")
    assert demand["kept"] == pytest.approx(1 - fails)
    assert demand["kept_low"] < 0.7 < demand["kept_high"]
    # The last two units come on 12 January, which ends at the midnight after it.
    assert [demand[f"date_{p}"] for p in (80, 90, 95)] == [datetime(2026, 1, 13)] * 3
    # Four of twenty are missing on 10 January if the supply fails.
    assert [demand[f"in_time_{p}"] for p in (80, 90, 95)] == [16.0] * 3
    assert (demand["complete"], demand["never"], demand["planned"], demand["customer"]) == (1.0, None, 20.0, "buyer")
    assert demand["late_unit_days"] == pytest.approx(LOSS * fails)


def test_a_demand_that_is_not_complete_within_the_horizon_is_never_promised() -> None:
    # From 9 January to the end nothing comes: 16 of 20, whatever the day.
    tables = shop(failure("f", duration_days=20, probability=0.15))
    found = row(api.stress(planned(tables), api.Settings(800, taken_apart=0)), "promises", demand="d")
    assert 0.05 < 1 - found["complete"] < 0.2
    assert found["date_80"] == datetime(2026, 1, 11)
    assert (found["date_90"], found["date_95"]) == (None, None)
    assert found["never"] == "never within the horizon at 90 %, 95 %"
    assert (found["in_time_80"], found["in_time_90"]) == (20.0, 16.0)


def test_promises_are_kept_as_often_as_their_units_are_there(result: StressResult, fails: float) -> None:
    kept = dict(result.frames["commitments"].select("commitment", "probability").iter_rows())
    assert kept == {"all": pytest.approx(1 - fails), "most": 1.0, "later": 1.0}
    most = row(result, "commitments", commitment="all")
    assert (most["at_80"], most["promised"], most["planned"]) == (16.0, 20.0, 20.0)
    assert most["mean"] == pytest.approx(20 - 4 * fails)
    # Twenty are there at the end of 10 January; if the supply fails, at the end of the 12th. Sixteen are on the 8th.
    assert [most[f"date_{p}"] for p in (80, 90, 95)] == [datetime(2026, 1, 13)] * 3
    assert row(result, "commitments", commitment="most")["date_95"] == datetime(2026, 1, 9)
    assert most["never"] is None


def test_service_levels_are_those_of_their_formulas(result: StressResult, fails: float) -> None:
    mean = {measure: row(result, "service", tier="all", measure=measure)["mean"] for measure in STRESS}
    # A failure leaves 16 of 20 units in time, and 6 late unit-days of 20 units x 20 days.
    assert mean == {
        "alpha": pytest.approx(1 - fails),
        "beta": pytest.approx(1 - 0.2 * fails),
        "gamma": pytest.approx(1 - LOSS / 400 * fails),
    }
    assert result.frames["service"]["quiet"].to_list() == [1.0] * 6
    # Beta is 1 or 0.8: deviation 0.2 sqrt(p (1 - p) n / (n - 1)), half-width 1.96 of it over sqrt(n).
    half = 1.959964 * 0.2 * (fails * (1 - fails) / 899) ** 0.5
    assert result.summary["beta_half_width"] == pytest.approx(half)


STRESS = ("alpha", "beta", "gamma")


def test_the_mean_of_the_worst_tenth_is_the_loss_of_a_failure(result: StressResult, fails: float) -> None:
    late = row(result, "lateness", tier="all", loss="late_unit_days")
    assert (late["cvar_90"], late["cvar_95"], late["worst"], late["q50"], late["q95"]) == (LOSS, LOSS, LOSS, 0, LOSS)
    assert late["mean"] == pytest.approx(LOSS * fails)
    assert (late["planned"], late["quiet"]) == (0.0, 0.0)


def test_bands_follow_the_deliveries_of_failures_and_of_quiet_years(result: StressResult, fails: float) -> None:
    bands = result.frames["bands"]
    assert bands.group_by("scope", maintain_order=True).len().rows() == [("item", 20), ("tier", 20), ("customer", 20)]
    on_time = row(result, "bands", scope="item", name="x", bucket=9)
    assert [on_time[q] for q in ("q05", "q25", "q50", "q75", "q95")] == [16.0, 16.0, 20.0, 20.0, 20.0]
    assert on_time["mean"] == pytest.approx(20 - 4 * fails)
    assert [on_time[name] for name in ("asked", "planned", "quiet", "unit")] == [20.0, 20.0, 20.0, "piece"]
    after = row(result, "bands", scope="tier", name="1", bucket=10)
    assert (after["q05"], after["q95"]) == (18.0, 20.0)


def test_losses_add_up_to_the_loss_of_the_replications_taken_apart(result: StressResult) -> None:
    losses, total = result.frames["losses"], result.summary["taken_apart_loss"]
    assert result.summary["taken_apart"] == 300 and losses["replications"].to_list() == [300] * 3
    assert losses["late_unit_days"].sum() == pytest.approx(total["late_unit_days"])
    assert losses["late_unit_days"].to_list() == pytest.approx([0, 0, total["late_unit_days"]])


@pytest.fixture(scope="module")
def random_result() -> StressResult:
    plan = api.plan(tables_of(random_tables(4)), threads=1)
    return api.stress(plan, api.Settings(150, seed=1, period_days=2, taken_apart=60), workers=1)


def test_on_a_random_programme_totals_are_the_sums_of_their_rows(random_result: StressResult) -> None:
    frames, total = random_result.frames, random_result.summary["taken_apart_loss"]
    for name in ("late_unit_days", "undelivered"):
        assert frames["losses"][name].sum() == pytest.approx(total[name], rel=1e-9, abs=1e-6)
        caused = frames["losses"].filter(pl.col("cause").is_not_null()).group_by("cause").agg(pl.col(name).sum())
        by_cause = dict(frames["causes"].select("cause", name).iter_rows())
        assert by_cause == {cause: pytest.approx(loss) for cause, loss in caused.iter_rows()} and by_cause
    for loss in ("late_unit_days", "undelivered"):
        rows = frames["lateness"].filter(pl.col("loss") == loss)
        for name in ("planned", "quiet", "mean"):
            tiers = rows.filter(pl.col("tier") != "all")[name].sum()
            assert row(random_result, "lateness", tier="all", loss=loss)[name] == pytest.approx(tiers, rel=1e-9)
    assert frames["promises"]["late_unit_days"].sum() == pytest.approx(
        row(random_result, "lateness", tier="all", loss="late_unit_days")["mean"]
    )


def test_deliveries_by_item_tier_and_customer_add_up_to_the_same(random_result: StressResult) -> None:
    sums = (
        random_result.frames["bands"].group_by("scope", "bucket").agg(pl.col("mean", "planned", "quiet", "asked").sum())
    )
    for _, part in sums.group_by("bucket"):
        for name in ("mean", "planned", "quiet", "asked"):
            assert np.ptp(part[name].to_numpy()) == pytest.approx(0.0, abs=1e-6)


def test_every_table_has_its_declared_form(random_result: StressResult) -> None:
    assert list(random_result.frames) == list(STRESS_TABLES)
    for name, spec in STRESS_TABLES.items():
        assert random_result.frames[name].schema == spec.empty().schema, name


def test_a_risk_that_reaches_nothing_and_a_test_without_any_are_reported() -> None:
    tables = shop(failure("f", kind="closure", target_table="borders", target="gate"))
    tables["sites"].append({"site": "B"})
    tables["lanes"] = [{"lane": "l", "from_site": "A", "to_site": "B", "item": "x", "lead_days": 1, "border": "gate"}]
    tables["risks"].append(failure("g", kind="site_damage", target_table="sites", target="B"))
    found = api.stress(planned(tables), api.Settings(10)).problems
    assert [(p.code, p.origin.sheet, p.origin.row, p.origin.column) for p in found] == [("W581", "risks", 3, "target")]
    (nothing,) = api.stress(planned(shop()), api.Settings(10)).problems
    assert nothing.code == "W582"


def test_the_overtime_of_a_plan_is_worked_in_its_stress_test() -> None:
    # Overtime makes the unit a day that the machine alone cannot make.
    tables = shop(
        failure("f"),
        items=[{"item": "x", "unit": "piece"}, {"item": "raw", "unit": "kg"}],
        supplies=[{"supply": "s", "item": "raw", "site": "A"}],
        processes=[{"process": "p", "site": "A"}],
        flows=[{"process": "p", "item": i, "quantity": q} for i, q in (("x", 1), ("raw", -1))],
        resources=[
            {"resource": "r", "site": "A", "unit": "h", "capacity": 1, "capacity_per": "day", "overtime_capacity": 1}
        ],
        loads=[{"process": "p", "resource": "r", "quantity": 1}],
    )
    result = api.stress(planned(tables), api.Settings(10))
    assert result.problems == ()
    # One unit a day by the machine and one by overtime: 20 of 20 in time.
    assert row(result, "service", tier="all", measure="beta")["quiet"] == pytest.approx(1.0)


def test_versions_that_stand_in_are_carried_out_and_reported_where_the_policy_cannot() -> None:
    # Nothing but the newer version y can be had, which the plan delivers in place of x.
    items = [{"item": "x", "unit": "piece"}, {"item": "y", "unit": "piece", "replaces": "x", "stands_in": "yes"}]
    tables = shop(failure("f"), items=items)
    tables["supplies"][0]["item"] = "y"
    plan = planned(tables)
    result = api.stress(plan, api.Settings(10))
    assert result.problems == ()
    # The failure makes 4 of 20 late, as it does without versions.
    assert row(result, "promises", demand="d")["planned"] == 20.0
    assert row(result, "service", tier="all", measure="beta")["mean"] == pytest.approx(0.8)
    assert row(result, "service", tier="all", measure="beta")["quiet"] == pytest.approx(1.0)
    # Base stock replenishes what is asked for, and knows no versions: nothing is delivered.
    without = api.stress(plan, api.Settings(10, policy="base-stock"))
    assert [(p.code, p.origin.sheet, p.origin.row) for p in without.problems] == [("W583", "items", 2)]
    assert row(without, "service", tier="all", measure="beta")["quiet"] == 0.0


def test_recovery_is_the_spell_in_which_deliveries_are_behind(result: StressResult, fails: float) -> None:
    for scope in ("item", "tier", "customer"):
        seen = row(result, "recoveries", scope=scope)
        # Behind at the ends of 9, 10 and 11 January, caught up at the end of the 12th: three days later.
        assert [seen[f"days_{share}"] for share in (50, 80, 95)] == [3.0] * 3
        assert (seen["behind"], seen["caught_up"]) == (pytest.approx(fails), 1.0)
        assert seen["behind_low"] < fails < seen["behind_high"]


def test_what_is_never_caught_up_is_behind_to_the_end_of_the_horizon() -> None:
    # From 9 January, which ends eleven days before the horizon, nothing comes any more.
    found = api.stress(planned(shop(failure("f", duration_days=20))), api.Settings(3, taken_apart=0))
    seen = row(found, "recoveries", scope="item")
    assert (seen["behind"], seen["caught_up"], seen["days_50"]) == (1.0, 0.0, 11.0)


def test_a_place_has_the_loss_of_all_that_stands_there(result: StressResult, random_result: StressResult) -> None:
    # The supply delivers to A, which nothing else strikes.
    place, caused = row(result, "loss_places", place="A"), row(result, "losses", risk="f")
    assert (place["place_table"], place["risks"]) == ("sites", 1)
    assert [place[name] for name in ("late_unit_days", "low", "high")] == [
        caused[name] for name in ("late_unit_days", "low", "high")
    ]
    risks = random_result.frames["losses"].filter(pl.col("risk").is_not_null())
    places = random_result.frames["loss_places"]
    assert places["risks"].sum() == risks.height > 1
    for name in ("late_unit_days", "undelivered"):
        assert places[name].sum() == pytest.approx(risks[name].sum(), rel=1e-9, abs=1e-9)


def test_beside_each_service_level_stands_that_of_the_plan(result: StressResult) -> None:
    assert result.frames["service"]["planned"].to_list() == [1.0] * 6
    # Three a day are due and two come: 20 of 30 in time, the rest in the five days after: 2 x (1 + 2 + 3 + 4 + 5) days.
    tables = shop()
    tables["demands"][0]["quantity"] = 30
    planned_level = api.stress(planned(tables), api.Settings(2, taken_apart=0)).frames["service"]["planned"]
    assert planned_level.to_list() == pytest.approx([0.0, 0.0, 20 / 30, 20 / 30, 1 - 30 / 600, 1 - 30 / 600])
