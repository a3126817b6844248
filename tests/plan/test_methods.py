"""A stage is solved by the first method that proves it, and given up only after the last resort."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, partialmethod

import highspy
import numpy as np
import pytest
import scipy.sparse as sp
from programmes import random_programme

from coproduce.block import TIDY
from coproduce.compile import compile_network
from coproduce.plan.assemble import Model, assemble
from coproduce.plan.duality import Bounds, Cap, Held
from coproduce.plan.highs import Highs, Method, Outcome, Result
from coproduce.plan.methods import LAST_RESORT
from coproduce.plan.solve import Infeasible, Options, solve
from coproduce.solution import Stage

SEEDS = range(0, 24, 2)
OPTIONS = Options(gap=1e-9, threads=1, bottlenecks=0)


@dataclass
class Solver:
    """HiGHS, all of whose methods but those spared fail from the second stage on, the tidy one excepted."""

    spared: tuple[Method, ...] | None
    number: int = 0
    stages: int = 0
    tried: list[Method] = field(default_factory=list)

    def progress(self, number: int, stages: int) -> None:
        self.number, self.stages = number, stages

    def __call__(self, highs: Highs, method: Method, seconds: float, basis: highspy.HighsBasis | None) -> Result:
        self.tried.append(method)
        result = _solve(highs, method, seconds, basis)
        if self.spared is None or not 1 < self.number < self.stages or method in self.spared:
            return result
        return replace(result, outcome=Outcome.STOPPED, x=np.full_like(result.x, np.nan))


_solve = Highs.solve


def _through(highs: Highs, solver: Solver, method: Method, seconds: float, basis: highspy.HighsBasis | None) -> Result:
    return solver(highs, method, seconds, basis)


@dataclass(frozen=True)
class OneRow:
    """What HiGHS is told of a model."""

    matrix: sp.csc_array


@cache
def linear() -> tuple[Model, ...]:
    """Return small programmes of several stages that have a plan, without whole numbers."""
    models = (assemble(compile_network(random_programme(seed))) for seed in SEEDS)
    return tuple(model for model in models if not model.integer.any() and len(model.stages) > 2 and has_plan(model))


def has_plan(model: Model) -> bool:
    try:
        solve(model, OPTIONS)
    except Infeasible:
        return False
    return True


def planned(model: Model, patch: pytest.MonkeyPatch, solver: Solver) -> tuple[Stage, ...]:
    """Return the stages of a plan made with this solver."""
    patch.setattr(Highs, "solve", partialmethod(_through, solver))
    return solve(model, OPTIONS, solver.progress).stages


def test_a_stage_that_all_other_methods_miss_is_found_and_proven_from_the_vertex_before() -> None:
    rescued = 0
    for model in linear():
        usual = [stage for stage in solve(model, OPTIONS).stages if stage.name != TIDY]
        with pytest.MonkeyPatch.context() as patch:
            solver = Solver(spared=(LAST_RESORT,))
            found = [stage for stage in planned(model, patch, solver) if stage.name != TIDY]
        assert {stage.status for stage in found} == {"optimal"}
        for stage, other in zip(found, usual, strict=True):
            assert stage.value == pytest.approx(other.value, rel=1e-6, abs=1e-5), "both are proven, so both are right"
        rescued += LAST_RESORT in solver.tried
    assert rescued >= 5


def test_the_last_resort_is_left_alone_where_another_method_proves_the_stage() -> None:
    tried: set[Method] = set()
    for model in linear():
        with pytest.MonkeyPatch.context() as patch:
            solver = Solver(spared=None)
            planned(model, patch, solver)
        tried |= set(solver.tried)
    assert tried
    assert LAST_RESORT not in tried


def test_a_stage_that_every_method_misses_is_said_to_be_unproven() -> None:
    model = linear()[0]
    with pytest.MonkeyPatch.context() as patch:
        solver = Solver(spared=())
        first, *others = planned(model, patch, solver)
    assert LAST_RESORT in solver.tried
    assert first.status == "optimal"
    assert {(stage.status, stage.bound) for stage in others} == {("unproven", -np.inf)}


def test_a_row_that_keeps_an_earlier_stage_leaves_the_vertex_where_it_was() -> None:
    """Of x + y >= 4 with costs 1 and 2 the vertex is (4, 0); no iteration is needed to stay there under x <= 5."""
    bounds = Bounds(np.zeros(2), np.full(2, np.inf), np.array([4.0]), np.array([np.inf]))
    model = OneRow(sp.csc_array(np.array([[1.0, 1.0]])))
    first = Highs(model, np.array([1.0, 2.0]), Held(bounds, (), 0), 1)
    assert first.solve(Method("simplex"), np.inf, None).x.tolist() == [4.0, 0.0]
    capped = Held(bounds, (Cap(np.array([1.0, 0.0]), 5.0),), 1)
    still = Highs(model, np.array([1.0, 2.0]), capped, 1)
    result = still.solve(replace(LAST_RESORT, iterations=0), np.inf, first.basis())
    assert result.outcome is Outcome.OPTIMAL
    assert result.x.tolist() == [4.0, 0.0]
