"""What nobody needs is taken back where the time ends before the stage of costs; figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import pytest
from agreed_families import Row, programme, wanted
from programmes import random_programme

from coproduce.block import COST, TIDY
from coproduce.calendar import Floats
from coproduce.compile import compile_network
from coproduce.plan.assemble import Model, assemble
from coproduce.plan.duality import Bounds, Held, violation
from coproduce.plan.highs import Highs, Method, Outcome, Result
from coproduce.plan.solve import Options, solve
from coproduce.plan.trimmed import trimmed


def gears(**more: list[Row]) -> Model:
    """Return a programme of three weeks: one part is made of two of steel, five are due in the third week."""
    stocks = [{"item": "part", "site": "a"}, {"item": "steel", "site": "a"}]
    rows: dict[str, list[Row]] = {
        "items": [{"item": "part", "unit": "piece"}, {"item": "steel", "unit": "kg"}],
        "stocks": stocks,
        "processes": [{"process": "make", "site": "a"}],
        "flows": [
            {"process": "make", "item": "part", "quantity": 1.0},
            {"process": "make", "item": "steel", "quantity": -2.0},
        ],
        "supplies": [{"supply": "mill", "item": "steel", "site": "a", "price": 3.0}],
        "demands": [wanted("d", 5.0, 20.0)],
    }
    return assemble(compile_network(programme(**rows | more)))


def plan(model: Model, **values: list[float]) -> Floats:
    """Return the plan in which the kinds have these values, and all else is 0."""
    x = np.zeros(len(model.lower))
    for kind, given in values.items():
        x[model.offset[kind] : model.offset[kind] + len(given)] = given
    return x


def breach(model: Model, x: Floats) -> float:
    """Return by how much a plan breaks the limits of its model at the worst place."""
    return violation(model.matrix, Bounds.of(model), (), x, model.matrix @ x)


def too_much(model: Model) -> Floats:
    """Return a plan that makes four parts a week and buys ten kilograms of steel a week."""
    return plan(model, run=[4, 4, 4], buy=[10, 10, 10], stock=[4, 8, 7, 2, 4, 6], deliver=[0, 0, 5])


def test_what_lies_to_the_end_is_not_made_and_not_bought() -> None:
    model = gears()
    assert breach(model, too_much(model)) == 0
    less = trimmed(model, too_much(model))
    assert breach(model, less) == 0
    # Seven of twelve parts lie at the end: the four of the first week are not made, and three of the second.
    np.testing.assert_allclose(model.values("run", less), [0, 1, 4])
    np.testing.assert_allclose(model.values("buy", less), [0, 2, 8])
    np.testing.assert_allclose(model.values("stock", less), [0, 1, 0, 0, 0, 0])
    np.testing.assert_allclose(model.values("deliver", less), [0, 0, 5])
    assert model.objective(COST) @ less == pytest.approx(30.0)


def test_a_minimum_stays_and_what_finds_no_room_is_made() -> None:
    stocks: list[Row] = [
        {"item": "part", "site": "a", "final_min": 2.0},
        {"item": "steel", "site": "a", "opening": 30.0, "maximum": 14.0},
    ]
    model = gears(stocks=stocks, supplies=[])
    much = plan(model, run=[8, 4, 3], stock=[8, 12, 10, 14, 6, 0], deliver=[0, 0, 5])
    assert breach(model, much) == 0
    less = trimmed(model, much)
    assert breach(model, less) == 0
    # The store of steel is full in the first week, so the eight parts of that week are made; the others are not.
    np.testing.assert_allclose(model.values("run", less), [8, 0, 0])
    np.testing.assert_allclose(model.values("stock", less), [8, 8, 3, 14, 14, 14])


def test_a_plan_whose_costs_found_no_time_orders_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    model, stages = gears(), list[Floats]()
    inside = Highs.solve

    def without_costs(highs: Highs, method: Method, seconds: float, basis: highspy.HighsBasis | None) -> Result:
        stages.append(np.zeros(0))
        found = inside(highs, method, seconds, basis)
        if len(stages) == 1:
            return replace(found, x=too_much(model))
        return replace(found, outcome=Outcome.STOPPED, x=np.full_like(found.x, np.nan))

    monkeypatch.setattr(Highs, "solve", without_costs)
    done = solve(model, Options(bottlenecks=0, threads=1))
    np.testing.assert_allclose(model.values("buy", done.x), [0, 2, 8])
    assert [stage.status for stage in done.stages] == ["optimal", "unproven", "unproven"]
    assert done.stages[1].value == pytest.approx(30.0)


def test_limits_and_tiers_of_random_programmes_stay() -> None:
    fell = 0
    for seed in range(60):
        model = assemble(compile_network(random_programme(seed)))
        most = replace(model, upper=np.minimum(model.upper, np.maximum(model.lower, 1_000.0)))
        held = Held(Bounds.of(most), (), 0)
        # Among the plans with up to a thousand units of everything: one with as much of everything as there can be.
        found = Highs(most, -model.objective(TIDY), held, 1).solve(Method("simplex"), np.inf, None)
        if found.outcome is not Outcome.OPTIMAL:
            continue
        less = trimmed(model, found.x)
        assert breach(model, less) <= 1e-6, seed
        for stage in model.stages:
            if stage != COST:
                assert model.objective(stage) @ less <= model.objective(stage) @ found.x + 1e-6, (seed, stage)
        fell += bool((less < found.x - 1).any())
    assert fell > 30
