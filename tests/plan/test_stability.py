"""Plan stability on programmes small enough to be solved by hand: what is mapped, frozen and changed, at what cost."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from agreed_families import programme, wanted, week
from polars.testing import assert_frame_equal
from programmes import tables_of
from stable_programmes import random_stability
from test_against_oracle import planned as planned_or_none
from test_against_oracle import strict

from coproduce import api
from coproduce.compile import compile_network
from coproduce.errors import InfeasibleError
from coproduce.results.baseline import baseline_of
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

Row = dict[str, Any]
SEEDS = range(0, 60, 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 6)
HORIZON = {"kind": "horizon", "start": week(0), "end": week(21)}


def done(kind: str, entity: str, bucket: int, quantity: float) -> Row:
    """Return a row of the baseline: something done in a week."""
    ends = {"start": week(7 * bucket), "end": week(7 * bucket + 7)}
    return {"kind": kind, "entity": entity, "quantity": quantity, **ends}


def planned(tables: Tables) -> PlanResult:
    result = api.plan(tables, threads=1, bottlenecks=0)
    assert result.summary["audit"] == "passed"
    return result


def stage(result: PlanResult, name: str) -> float:
    return float(result.frames["tiers"].filter(stage=name)["value"].item())


def delivered(result: PlanResult) -> dict[tuple[str, int], float]:
    rows = result.frames["deliveries"].select("demand", "bucket", "quantity").iter_rows()
    return {(demand, bucket): pytest.approx(quantity) for demand, bucket, quantity in rows}


def frozen_until(days: float, **more: Any) -> list[Row]:
    first = {"name": "tiny", "currency": "EUR", "start": week(0), "buckets": "3 weeks"}
    return [{**first, "frozen_until": week(days), **more}]


def urgent(until: list[Row]) -> Tables:
    """Return 11 parts in stock: 6 for x by the second week, 4 of them planned in the first; and 5 for y at once."""
    return programme(
        programme=until,
        stocks=[{"item": "part", "site": "a", "opening": 11.0}],
        demands=[wanted("x", 6.0, 8), wanted("y", 5.0, 1)],
        baseline=[HORIZON, done("delivery", "x", 0, 4.0), done("delivery", "x", 1, 2.0)],
    )


def test_what_is_frozen_is_repeated_and_nothing_else_is_done_in_that_time() -> None:
    result = planned(urgent(frozen_until(7)))
    # y waits for the second week: 5 units, 7 days.
    assert delivered(result) == {("x", 0): 4.0, ("x", 1): 2.0, ("y", 1): 5.0}
    assert stage(result, "tier_1") == pytest.approx(35)
    free = planned(urgent([{**frozen_until(7)[0], "frozen_until": None}]))
    assert stage(free, "tier_1") == 0


def test_a_demand_that_the_frozen_horizon_holds_back_says_so() -> None:
    reasons = planned(urgent(frozen_until(7))).frames["reasons"].to_dicts()
    assert [(row["demand"], row["kind"], row["entity"], row["enough"]) for row in reasons] == [
        ("y", "frozen", None, True)
    ]
    assert reasons[0]["saved"] == pytest.approx(35)
    assert "frozen_until" in reasons[0]["cell"]


def making(*baseline: Row, until: float = 0.0, demanded: float = 6.0, **process: Any) -> Tables:
    """Return a process that makes a part in an hour of 10 a week; what is asked for is due in the third week."""
    return programme(
        programme=frozen_until(until),
        processes=[{"process": "p", "site": "a", **process}],
        flows=[{"process": "p", "item": "part", "quantity": 1.0}],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 10.0, "capacity_per": "week"}],
        loads=[{"process": "p", "resource": "r", "quantity": 1.0}],
        stocks=[{"item": "part", "site": "a", "holding_cost": 36.5}],
        demands=[wanted("d", demanded, 15, earliest=week(14))],
        baseline=[HORIZON, *baseline],
    )


def runs(result: PlanResult) -> list[tuple[int, float]]:
    return [
        (bucket, pytest.approx(quantity))
        for bucket, quantity in result.frames["runs"].select("bucket", "quantity").iter_rows()
    ]


def changes(result: PlanResult) -> list[tuple[Any, ...]]:
    frame = result.frames["baseline_changes"]
    return [
        tuple(pytest.approx(cell) if isinstance(cell, float) else cell for cell in row)
        for row in frame.select("kind", "entity", "bucket", "before", "after", "change", "behind", "cost").iter_rows()
    ]


def test_frozen_runs_are_made_even_if_nobody_needs_them_any_more() -> None:
    # Four runs are frozen in the first week, three are asked for; one part is left over.
    result = planned(making(done("run", "p", 0, 4.0), until=7, demanded=3.0))
    assert runs(result) == [(0, 4.0)]
    assert result.frames["stock"].filter(bucket=2)["closing"].to_list() == [pytest.approx(1.0)]


def test_a_change_of_runs_costs_its_price_for_what_is_more_and_for_what_is_less() -> None:
    # A part that waits from the first week to the second, and to the third, costs 0.1 x 7 a week: made in the third
    # week, the six parts cost nothing. Moved from the first week, a run costs 0.5 there and 0.5 in the third, less than
    # 1.4 for two weeks of waiting.
    result = planned(making(done("run", "p", 0, 6.0), change_price=0.5))
    assert runs(result) == [(2, 6.0)]
    assert stage(result, "cost") == pytest.approx(6.0)
    assert changes(result) == [
        ("run", "p", 0, 6.0, 0.0, -6.0, None, 3.0),
        ("run", "p", 2, 0.0, 6.0, 6.0, None, 3.0),
        ("delivery", "d", 2, 0.0, 6.0, 6.0, 0.0, 0.0),
    ]


def test_a_price_above_what_a_change_saves_keeps_the_runs_where_they_were() -> None:
    # 0.8 twice is more than 1.4: the parts wait for two weeks, 6 x 1.4.
    result = planned(making(done("run", "p", 0, 6.0), change_price=0.8))
    assert runs(result) == [(0, 6.0)]
    assert stage(result, "cost") == pytest.approx(8.4)


def rivals(weight: float, price: float) -> Tables:
    """Return five parts now and five in the second week for x and y, which both want five now; x was promised them."""
    return programme(
        programme=frozen_until(0),
        stocks=[{"item": "part", "site": "a", "opening": 5.0}],
        receipts=[{"receipt": "r", "item": "part", "site": "a", "quantity": 5.0, "date": week(8)}],
        demands=[wanted("x", 5.0, 1, change_price=price, currency="USD"), wanted("y", 5.0, 1, weight=weight)],
        exchange_rates=[{"currency": "USD", "rate": 0.5}],
        baseline=[HORIZON, done("delivery", "x", 0, 5.0), done("delivery", "y", 1, 5.0)],
    )


def test_among_plans_of_equal_lateness_the_one_that_keeps_its_promise_is_chosen() -> None:
    result = planned(rivals(weight=1.0, price=4.0))
    assert delivered(result) == {("x", 0): 5.0, ("y", 1): 5.0}
    assert stage(result, "cost") == 0
    assert result.frames["baseline_changes"].is_empty()


def test_a_broken_promise_costs_its_price_for_every_day_that_it_is_behind() -> None:
    # y weighs more and is served first. x is behind by 5 units from the end of the first week to that of the second:
    # 5 x 7 days x 4 USD at 0.5.
    result = planned(rivals(weight=2.0, price=4.0))
    assert delivered(result) == {("x", 1): 5.0, ("y", 0): 5.0}
    assert stage(result, "cost") == pytest.approx(70)
    assert result.frames["costs"].to_dicts() == [
        {"kind": "changed_delivery", "entity": "x", "amount": pytest.approx(70)}
    ]
    assert changes(result) == [
        ("delivery", "x", 0, 5.0, 0.0, -5.0, 5.0, 70.0),
        ("delivery", "x", 1, 0.0, 5.0, 5.0, 0.0, 0.0),
        ("delivery", "y", 0, 0.0, 5.0, 5.0, 0.0, 0.0),
        ("delivery", "y", 1, 5.0, 0.0, -5.0, 0.0, 0.0),
    ]


def test_months_are_mapped_to_weeks_by_overlap_and_what_lies_outside_is_left_out() -> None:
    # 31 runs in the 31 days of January: 7 in each of the weeks from the 12th and the 19th, 6 of 7 days from the 26th.
    january = {"start": datetime(2026, 1, 1), "end": datetime(2026, 2, 1)}
    tables = tables_of({
        **{name: frame.to_dicts() for name, frame in making().frames.items()},
        "programme": [{"name": "t", "currency": "EUR", "start": datetime(2026, 1, 12), "buckets": "4 weeks"}],
        "demands": [wanted("d", 6.0, 15)],
        "baseline": [
            {"kind": "horizon", **january},
            {"kind": "run", "entity": "p", "quantity": 31.0, **january},
        ],
    })  # fmt: skip
    stable = compile_network(tables).stability
    np.testing.assert_allclose(stable.run.quantity, [[7.0, 7.0, 6.0, 0.0]])
    assert stable.covered.tolist() == [True, True, False, False]


def test_lots_are_mapped_whole_to_the_bucket_of_their_beginning() -> None:
    stable = compile_network(making(done("run", "p", 1, 5.0), setup_cost=1.0)).stability
    np.testing.assert_allclose(stable.run.quantity, [[0.0, 5.0, 0.0]])
    early = {**done("run", "p", 0, 5.0), "start": week(-1), "end": week(20)}
    assert compile_network(making(early, setup_cost=1.0)).stability.run.quantity.sum() == 0


def conflicting(tables: Tables) -> set[tuple[str, str]]:
    with pytest.raises(InfeasibleError) as caught:
        api.plan(tables, threads=1, bottlenecks=0)
    return {(str(one.origin.sheet), str(one.origin.column)) for one in caught.value.conflicts}


def test_a_frozen_run_beyond_the_capacity_of_today_is_named_with_that_capacity() -> None:
    assert conflicting(making(done("run", "p", 0, 12.0), until=7)) == {
        ("baseline", "quantity"),
        ("resources", "capacity"),
    }


def test_a_stock_to_keep_that_needs_runs_in_the_frozen_time_is_named_with_its_end() -> None:
    rows = {name: frame.to_dicts() for name, frame in making(until=7).frames.items()}
    rows["stocks"][0] |= {"minimum": 2.0}
    assert conflicting(tables_of(rows)) == {("programme", "frozen_until"), ("stocks", "minimum")}


def test_a_result_written_and_given_back_as_baseline_changes_nothing(tmp_path: Path) -> None:
    first = api.write(planned(urgent([{**frozen_until(7)[0], "frozen_until": None}])), tmp_path / "out", {})
    raw = api.with_baseline(
        api.from_frames({name: frame for name, frame in first.tables.frames.items() if frame.height}), tmp_path / "out"
    )
    tables = api.check(raw).unwrap()
    assert tables["baseline"].height == 1 + first.frames["deliveries"].height
    again = planned(tables)
    assert again.frames["baseline_changes"].is_empty()


@pytest.mark.parametrize("seed", SEEDS)
def test_without_prices_and_frozen_time_a_baseline_changes_no_plan(seed: int) -> None:
    tables = random_stability(seed)
    if tables is None:
        return
    free = {name: frame.with_columns(change_price=None) for name, frame in _priced(tables).items()}
    free["programme"] = tables["programme"].with_columns(frozen_until=pl.lit(None, dtype=pl.Datetime("us")))
    free = {name: frame.cast(tables[name].schema) for name, frame in free.items()}  # type: ignore[arg-type]
    frames = tables.frames | free
    beside, alone = (
        planned_or_none(Tables(one)) for one in (frames, frames | {"baseline": tables["baseline"].clear()})
    )
    assert (beside is None) == (alone is None)
    if beside is None or alone is None:
        return
    for name in ("runs", "purchases", "shipments", "deliveries", "stock", "costs"):
        assert_frame_equal(beside.frames[name], alone.frames[name], check_exact=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_higher_price_never_brings_more_change(seed: int) -> None:
    tables = random_stability(seed)
    if tables is None:
        return
    changed = []
    for factor in (0.1, 1.0, 10.0):
        scaled = {name: frame.with_columns(pl.col("change_price") * factor) for name, frame in _priced(tables).items()}
        result = planned_or_none(strict(Tables(tables.frames | scaled)))
        if result is None:
            return
        amount = result.frames["costs"].filter(pl.col("kind").str.starts_with("changed"))["amount"].sum()
        changed.append(amount / factor)
    small = 1e-4 * max(1.0, changed[0])  # the gap at which a stage counts as solved
    assert changed[0] >= changed[1] - small
    assert changed[1] >= changed[2] - small


def _priced(tables: Tables) -> dict[str, pl.DataFrame]:
    return {name: tables[name] for name in ("processes", "supplies", "lanes", "demands")}


def test_the_baseline_of_a_result_holds_all_that_it_does() -> None:
    result = planned(making(demanded=6.0))
    baseline = baseline_of(result)
    assert baseline.filter(kind="horizon").select("start", "end").row(0) == (week(0), week(21))
    assert baseline.filter(kind="run")["quantity"].sum() == pytest.approx(6.0)
    assert baseline.filter(kind="delivery")["entity"].to_list() == ["d"]
