"""First plans with whole numbers: rounding from the relaxation, customers served one after another and in groups."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import numpy as np
import pytest
from programmes import tables_of

from coproduce.compile import compile_network
from coproduce.plan.assemble import Model, assemble
from coproduce.plan.duality import FEASIBLE, Bounds, Held, violation
from coproduce.plan.highs import Highs, Method
from coproduce.plan.improve import Workshop
from coproduce.plan.mixed import fixed
from coproduce.plan.rounding import rounded
from coproduce.plan.serve import regroup, serve
from coproduce.plan.upstream import customers, guided
from coproduce.tables import Tables

START = datetime(2026, 1, 5)
ITEMS = ("a", "b", "c")
# A lot takes the machine, which all share, for one of six days, and is there on the next: of three orders due on the
# first day one is 1 day late, one 2 and one 3.
LEAST_LATENESS = 1.0 + 2.0 + 3.0


def one_machine(*due_hours: int) -> Tables:
    due = [START + timedelta(hours=hours) for hours in due_hours or (1, 1, 1)]
    return tables_of(
        {
            "programme": [{"name": "one machine", "currency": "EUR", "start": START, "buckets": "6 days"}],
            "sites": [{"site": "s"}],
            "items": [{"item": item, "unit": "piece"} for item in ITEMS],
            "processes": [{"process": item, "site": "s", "lead_days": 1.0} for item in ITEMS],
            "flows": [{"process": item, "item": item, "quantity": 1.0} for item in ITEMS],
            "resources": [
                {"resource": "machine", "site": "s", "unit": "hour", "capacity": 24.0, "capacity_per": "day"}
            ],
            "loads": [
                {"process": item, "resource": "machine", "quantity": 0.0, "setup_quantity": 24.0} for item in ITEMS
            ],
            "demands": [
                {"demand": item, "item": item, "site": "s", "quantity": 1.0, "due": at, "all_or_nothing": True}
                for item, at in zip(ITEMS, due, strict=True)
            ],
        }
    )


def shop_of(model: Model) -> Workshop:
    held = Held(Bounds.of(model), (), 0)
    return Workshop(model, guided(model, model.objective("tier:0")), held, (), 1, time.monotonic() + 60)


def with_lots(model: Model, lots: dict[str, int]) -> np.ndarray:
    """Return the best plan in which each item has one lot on the day given, and is delivered as soon as it is there."""
    whole = np.zeros(len(model.lower))
    for kind, later in (("run_lots", 0), ("hand_over", 1)):
        columns = model.columns[kind]
        for item, day in lots.items():
            at = (columns.entity == ITEMS.index(item)) & (columns.bucket == day + later)
            whole[model.offset[kind] : model.offset[kind] + len(columns)][at] = 1.0
    held = fixed(model, Held(Bounds.of(model), (), 0), whole)
    return Highs(model, model.objective("tier:0"), held, 1).solve(Method("simplex"), 60, None).x


def test_customers_come_by_due_date_each_with_the_lots_of_its_own_item_alone() -> None:
    model = assemble(compile_network(one_machine(49, 1, 25)))
    runs = model.offset["run_lots"] + np.arange(len(model.columns["run_lots"]))
    found = [one.columns for one in customers(model, model.objective("tier:0"))]
    # Due on the third, first and second day.
    assert [set(model.columns["run_lots"].entity[one[runs]].tolist()) for one in found] == [{1}, {2}, {0}]


def test_a_stage_in_which_nobody_is_late_has_no_customers() -> None:
    model = assemble(compile_network(one_machine()))
    assert list(customers(model, model.objective("cost"))) == []


def test_served_one_after_another_three_orders_take_the_machine_in_turn() -> None:
    model = assemble(compile_network(one_machine()))
    plan = serve(shop_of(model), with_lots(model, {}))
    assert float(model.objective("tier:0") @ plan) == pytest.approx(LEAST_LATENESS)


def test_planned_again_together_orders_change_places() -> None:
    model = assemble(compile_network(one_machine()))
    # The machine rests on the first two days: 3 + 4 + 5 days late.
    late = with_lots(model, {"a": 2, "b": 3, "c": 4})
    assert float(model.objective("tier:0") @ late) == pytest.approx(12.0)
    assert float(model.objective("tier:0") @ regroup(shop_of(model), late)) == pytest.approx(LEAST_LATENESS)


def test_a_part_of_a_lot_is_rounded_to_a_lot_where_the_machine_has_room_and_to_none_where_not() -> None:
    model = assemble(compile_network(one_machine()))
    held = Held(Bounds.of(model), (), 0)
    relaxed = Highs(model, model.objective("tier:0"), held, 1).solve(Method("simplex"), 60, None).x
    whole = rounded(model, held.bounds, relaxed)
    assert (whole[model.integer] == np.rint(whole[model.integer])).all()
    # A third of each lot fills the machine on the first day: no lot of these may be rounded up.
    lots = model.columns["run_lots"]
    share = np.zeros(len(model.lower))
    first = model.offset["run_lots"] + np.flatnonzero(lots.bucket == 0)
    share[first] = 1 / 3
    runs = model.columns["run"]
    share[model.offset["run"] + np.flatnonzero(runs.bucket == 0)] = 1 / 3
    assert rounded(model, held.bounds, share)[first].tolist() == [0.0, 0.0, 0.0]
    # Two thirds of one lot, and the machine has room for the whole of it.
    share[:] = 0.0
    share[first[0]] = share[model.offset["run"] + np.flatnonzero(runs.bucket == 0)[0]] = 2 / 3
    assert rounded(model, held.bounds, share)[first].tolist() == [1.0, 0.0, 0.0]


def test_lots_that_cost_nothing_in_a_stage_cost_a_little_in_the_search() -> None:
    model = assemble(compile_network(one_machine()))
    costs = model.objective("tier:0")
    searched = guided(model, costs)
    assert (searched[model.integer] > 0).all()
    assert (searched[~model.integer] == costs[~model.integer]).all()
    plan = serve(shop_of(model), with_lots(model, {}))
    bounds = Bounds.of(model)
    assert violation(model.matrix, bounds, (), plan, model.matrix @ plan) <= FEASIBLE
    # One lot for each order and no idle one.
    assert model.values("run_lots", plan).sum() == pytest.approx(3.0)
