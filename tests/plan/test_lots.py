"""Lots by hand: textbook values, whole arrivals, what changes without them, limits of time, conflicts named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from programmes import random_lots, random_programme, tables_of

from coproduce import api
from coproduce.compile import compile_network
from coproduce.errors import InfeasibleError
from coproduce.plan.assemble import assemble
from coproduce.plan.cuts import Cut, echelons, violated
from coproduce.plan.duality import Bounds, Held
from coproduce.plan.highs import Highs, Method, MixedMethod, Outcome
from coproduce.plan.sums import sums
from coproduce.tables import Tables

START = datetime(2026, 1, 5)
Row = dict[str, Any]


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def programme(buckets: str, **rows: list[Row]) -> Tables:
    base = {
        "programme": [{"name": "lots", "currency": "EUR", "start": START, "buckets": buckets}],
        "sites": [{"site": "a"}],
        "items": [{"item": "part", "unit": "piece"}],
    }
    return tables_of(base | rows)


def wanted(name: str, quantity: float, due: datetime, **more: Any) -> Row:
    return {"demand": name, "item": "part", "site": "a", "quantity": quantity, "due": due, **more}


def supply(**more: Any) -> Row:
    return {"supply": "s", "item": "part", "site": "a", **more}


def test_orders_of_the_textbook_example_of_wagner_and_whitin_cost_what_it_says() -> None:
    # Snyder and Shen, example 3.9: K = 500, h = 2, demands 90, 120, 80, 70: order 210, 0, 150, 0 for 1380.
    demands = [wanted(f"d{t}", units, day(t), earliest=day(t)) for t, units in enumerate((90.0, 120.0, 80.0, 70.0))]
    tables = programme(
        "4 days",
        supplies=[supply(order_cost=500.0)],
        stocks=[{"item": "part", "site": "a", "holding_cost": 2.0 * 365}],
        demands=demands,
    )
    result = api.plan(tables, threads=1)
    cost = next(row for row in result.frames["tiers"].to_dicts() if row["stage"] == "cost")
    assert cost["value"] == pytest.approx(1380.0)
    assert cost["status"] == "optimal"
    assert result.frames["purchases"].select("bucket", "quantity", "lots").rows() == [(0, 210.0, 1), (2, 150.0, 1)]


def test_a_lot_arrives_whole_in_the_bucket_that_holds_its_start_and_lead_time() -> None:
    # Ordered on day 0, 10 days under way: there on day 10, in the second week. Spread it would come over days 10 to 17.
    tables = programme(
        "3 weeks", supplies=[supply(lead_days=10.0, minimum_size=5.0)], demands=[wanted("d", 5.0, day(20))]
    )
    stock = api.plan(tables, threads=1).frames["stock"]
    assert stock["received"].to_list() in ([0.0, 5.0, 0.0], [0.0, 0.0, 5.0])


def test_sizes_hold_for_runs_and_set_ups_take_of_their_resource() -> None:
    # 10 hours a week; a lot takes 2 hours to set up and a run 1: of two weeks one gives 8, and lots are of 4 or 8.
    tables = programme(
        "2 weeks",
        processes=[{"process": "p", "site": "a", "minimum_size": 3.0, "multiple_size": 4.0}],
        flows=[{"process": "p", "item": "part", "quantity": 1.0}],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 10.0, "capacity_per": "week"}],
        loads=[{"process": "p", "resource": "r", "quantity": 1.0, "setup_quantity": 2.0}],
        demands=[wanted("d", 9.0, day(6))],
    )
    result = api.plan(tables, threads=1)
    assert result.frames["runs"]["quantity"].to_list() == [8.0, 4.0]
    assert result.frames["resource_load"]["planned"].to_list() == [10.0, 6.0]
    # The ninth unit is a week late.
    assert result.frames["tiers"]["value"][0] == pytest.approx(7.0)


def test_a_demand_for_all_or_nothing_waits_for_its_last_unit() -> None:
    # 5 units a week: 8 are there after two weeks; 5 in the first week would be on time, but not all.
    tables = programme(
        "3 weeks",
        supplies=[supply(limit=5.0, limit_per="week")],
        demands=[wanted("d", 8.0, day(6), all_or_nothing=True)],
    )
    result = api.plan(tables, threads=1)
    assert result.frames["deliveries"].select("bucket", "quantity").rows() == [(1, 8.0)]
    assert result.frames["tiers"]["value"][0] == pytest.approx(8 * 7.0)


def test_no_order_is_late_by_a_hair_because_an_earlier_stage_is_kept_with_a_little_room() -> None:
    # 100 units are 20 days late whatever is done: 2,000 unit-days. Kept within 1e-7 of that, 0.0002 units of the second
    # demand could come a day late from the cheaper supply.
    other = {"item": "other", "site": "a"}
    tables = programme(
        "30 days",
        items=[{"item": "part", "unit": "piece"}, {"item": "other", "unit": "piece"}],
        supplies=[
            supply(lead_days=20.0, order_cost=1.0),
            {"supply": "express", "price": 1.1, "lead_days": 5.0, **other},
            {"supply": "slow", "price": 1.0, "lead_days": 6.0, **other},
        ],
        demands=[wanted("big", 100.0, day(0)), {"demand": "small", "quantity": 1.0, "due": day(5), **other}],
    )
    result = api.plan(tables, threads=1)
    assert result.frames["tiers"]["value"][0] == pytest.approx(2_000.0, abs=1e-9)
    assert result.frames["purchases"].select("supply", "quantity").rows() == [("s", 100.0), ("express", 1.0)]
    assert result.frames["demand_service"]["status"].to_list() == ["late", "on_time"]


def test_without_lots_the_model_has_no_whole_numbers_and_no_rows_of_lots() -> None:
    for seed in range(0, 60, 10):
        model = assemble(compile_network(random_programme(seed)))
        assert not model.integer.any()
        assert not {"run_lots", "buy_lots", "ship_lots", "hand_over"} & set(model.columns)


def test_a_smallest_lot_that_no_stock_can_hold_is_named_by_its_cell() -> None:
    tables = programme(
        "2 weeks",
        supplies=[supply(minimum_size=50.0)],
        stocks=[{"item": "part", "site": "a", "maximum": 20.0, "final_min": 10.0}],
        demands=[wanted("d", 1.0, day(6))],
    )
    with pytest.raises(InfeasibleError) as raised:
        api.plan(tables, threads=1)
    cells = {(one.origin.sheet, one.origin.column) for one in raised.value.conflicts}
    assert cells == {("supplies", "minimum_size"), ("stocks", "maximum"), ("stocks", "final_min")}


def test_a_short_time_limit_leaves_an_audited_plan_with_an_honest_status() -> None:
    rng = np.random.default_rng(7)
    items = [f"i{k}" for k in range(8)]
    demands = [
        {"demand": f"{item}-{t}", "item": item, "site": "a", "quantity": float(rng.integers(20, 120)),
         "due": day(t), "earliest": day(t)}
        for item in items for t in range(3, 20)
    ]  # fmt: skip
    tables = programme(
        "20 days",
        items=[{"item": item, "unit": "piece"} for item in items],
        processes=[{"process": item, "site": "a", "setup_cost": float(rng.integers(50, 300))} for item in items],
        flows=[{"process": item, "item": item, "quantity": 1.0} for item in items],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 700.0, "capacity_per": "day"}],
        loads=[{"process": item, "resource": "r", "quantity": 1.0, "setup_quantity": 15.0} for item in items],
        stocks=[{"item": item, "site": "a", "holding_cost": 365.0} for item in items],
        demands=demands,
    )
    result = api.plan(tables, threads=1, time_limit=4.0, bottlenecks=0)
    assert result.summary["audit"] == "passed"
    for row in result.frames["tiers"].to_dicts():
        assert row["status"] in ("optimal", "time_limit", "unproven")
        assert row["status"] != "optimal" or row["gap"] <= 1e-4
        assert row["bound"] is None or row["bound"] <= row["value"] + 1e-9


@pytest.mark.parametrize("seed", range(40))
def test_no_cut_excludes_the_best_plan(seed: int) -> None:
    model = assemble(compile_network(random_lots(seed)))
    held = Held(Bounds.of(model), (), 0)
    for stage in model.stages[:-1]:
        costs = model.objective(stage)
        best = Highs(model, costs, held, 1, model.integer).search(MixedMethod(1e-6), np.inf).x
        if best is None:
            return
        for cut in cuts_of(model, costs, held):
            terms = cut.coefficients * best[cut.columns]
            assert terms.sum() <= cut.upper + 1e-5 * (1 + np.abs(terms).max())


def cuts_of(model: Any, costs: Any, held: Held) -> list[Cut]:
    """Return the cuts of three rounds."""
    relaxed, found = Highs(model, costs, held, 1), []
    for _ in range(3):
        result = relaxed.solve(Method("simplex", presolve=False), np.inf, None)
        if result.outcome is not Outcome.OPTIMAL:
            break
        fresh = [
            cut for one in echelons(model, model.network, held.bounds) for cut in violated(one, held.bounds, result.x)
        ]
        relaxed.add_cuts(fresh)
        found += fresh
    return found


@pytest.mark.parametrize("seed", range(4))
def test_sums_to_branch_on_change_neither_the_optimum_nor_what_the_bound_may_say(seed: int) -> None:
    model = assemble(compile_network(random_lots(seed)))
    held = Held(Bounds.of(model), (), 0)
    # A stage that earns by starting lots and pays for runs, so that its optimum is not 0.
    random = np.random.default_rng(seed)
    costs = np.where(model.integer, -1.0, 0.1) * random.uniform(0.5, 2.0, len(model.lower))
    costs[~np.isfinite(model.upper)] = np.abs(costs[~np.isfinite(model.upper)])
    groups = sums(model, held.bounds)
    plainly, counted = (Highs(model, costs, held, 1, model.integer) for _ in range(2))
    counted.add_sums(groups)
    found = [highs.search(MixedMethod(1e-9), 60.0) for highs in (plainly, counted)]
    assert [one.outcome for one in found] == [found[0].outcome] * 2
    if found[0].x is not None and found[1].x is not None:
        best = float(costs @ found[0].x)
        assert float(costs @ found[1].x) == pytest.approx(best, rel=1e-6, abs=1e-6)
        assert found[1].bound <= best + 1e-6 * (1 + abs(best))
        assert len(found[1].x) == len(model.lower)


def test_lots_are_summed_by_entity_by_span_and_by_bucket_and_never_with_others() -> None:
    demands = [wanted(f"d{t}", 5.0, day(t), earliest=day(t)) for t in range(8)]
    offers = [supply(order_cost=9.0), supply(supply="other", order_cost=8.0)]
    model = assemble(compile_network(programme("8 days", supplies=offers, demands=demands)))
    lots, first = model.columns["buy_lots"], model.offset["buy_lots"]
    found = {
        tuple(zip(lots.entity[group - first].tolist(), lots.bucket[group - first].tolist(), strict=True))
        for group in sums(model, Bounds.of(model))
    }
    # Eight days make four spans of two.
    whole = {tuple((one, t) for t in range(8)) for one in range(2)}
    spans = {((one, t), (one, t + 1)) for one in range(2) for t in range(0, 8, 2)}
    buckets = {((0, t), (1, t)) for t in range(8)}
    assert found == whole | spans | buckets
