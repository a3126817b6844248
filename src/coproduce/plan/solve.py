"""Solves the stages of a model one after another, each under the values of the earlier ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..calendar import Floats
from ..errors import NoPlanError
from ..solution import Marginal, Solution, Stage
from .assemble import Model
from .duality import Bounds, Cap, Prices, dual_bound, optimal_face, prices
from .highs import Highs, Outcome, Result
from .marginal import marginals

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to solve.

    Attributes
    ----------
    gap : relative gap at which a stage counts as solved
    time_limit : seconds for all stages together
    threads : threads of the solver; 0 leaves the choice to it
    tolerance : how much a later stage may worsen an earlier one, as a share of its value
    bottlenecks : limits per stage whose marginal value is computed
    """

    gap: float = 1e-4
    time_limit: float = np.inf
    threads: int = 0
    tolerance: float = 0.0
    bottlenecks: int = 10


class Infeasible(Exception):  # noqa: N818 - a signal inside the package, turned into InfeasibleError with cells
    """The hard limits of the model cannot hold together."""


@dataclass(frozen=True)
class _Solved:
    """A stage as it ended, before later stages."""

    name: str
    result: Result
    bound: float
    seconds: float


def _quiet(number: int, total: int) -> None:
    """Show nothing."""


def solve(model: Model, options: Options, progress: Progress = _quiet) -> Solution:
    """Solve all stages.

    Raises
    ------
    Infeasible
        if the hard limits conflict.
    NoPlanError
        if the time ran out before any plan was found.
    """
    deadline = time.monotonic() + options.time_limit
    highs = Highs(options.threads)
    highs.load(model)
    bounds, caps = Bounds.of(model), tuple[Cap, ...]()
    solved: list[_Solved] = []
    worth: list[Marginal] = []
    for number, stage in enumerate(model.stages):
        progress(number + 1, len(model.stages))
        costs = model.objective(stage)
        done = _solve_stage(highs, stage, costs, deadline)
        if done is None:
            break
        known = prices(model.matrix, bounds, costs, caps, done.result.row_dual)
        if done.result.outcome is not Outcome.OPTIMAL:
            solved.append(done)
            break
        solved.append(replace(done, bound=dual_bound(bounds, known)))
        worth += marginals(model, highs, bounds, stage, costs, done.result, options.bottlenecks, deadline)
        before = len(caps)
        bounds, caps = _held(bounds, caps, costs, known, float(costs @ done.result.x), options.tolerance)
        highs.bounds(bounds)
        for cap in caps[before:]:
            highs.cap(cap)
    if not solved:
        raise NoPlanError("no plan was found within the time limit")
    x = _tidied(model, solved[-1].result.x)
    return Solution(x, _stages(model, x, solved), tuple(worth))


def _held(
    bounds: Bounds, caps: tuple[Cap, ...], costs: Floats, known: Prices, value: float, tolerance: float
) -> tuple[Bounds, tuple[Cap, ...]]:
    """Return what holds later stages to a solved one: its optimal face, or a cap where some loss is allowed.

    A cap of no width would also do in theory; solvers meet it only within their feasibility tolerance, and slowly.
    """
    if tolerance > 0:
        return bounds, (*caps, Cap(costs, value + tolerance * abs(value)))
    return optimal_face(bounds, costs, known, value), caps


def _solve_stage(highs: Highs, stage: str, costs: Floats, deadline: float) -> _Solved | None:
    begin = time.monotonic()
    highs.minimise(costs)
    result = highs.solve(max(deadline - begin, 0.0))
    if result.outcome is Outcome.INFEASIBLE:
        raise Infeasible
    if result.outcome is Outcome.NOTHING:
        return None
    return _Solved(stage, result, -np.inf, time.monotonic() - begin)


def _tidied(model: Model, x: Floats) -> Floats:
    """Return the values inside their bounds, without the solver's dust."""
    inside = np.clip(x, model.lower, model.upper)
    return np.where(np.abs(inside) < 1e-9, np.clip(0.0, model.lower, model.upper), inside)


def _stages(model: Model, x: Floats, solved: list[_Solved]) -> tuple[Stage, ...]:
    """Return all stages with the values of the final plan; a stage that was not solved has no bound."""
    ended = {stage.name: stage for stage in solved}
    result: list[Stage] = []
    for name in model.stages:
        value = float(model.objective(name) @ x)
        done = ended.get(name)
        optimal = done is not None and done.result.outcome is Outcome.OPTIMAL
        bound = done.bound if done is not None else -np.inf
        result.append(Stage(name, value, min(bound, value), done.seconds if done else 0.0, optimal))
    return tuple(result)
