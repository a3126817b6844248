"""Solves the stages of a model one after another, each under the values of the earlier ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..calendar import Floats
from ..errors import NoPlanError
from ..solution import Marginal, Solution, Stage
from .assemble import Model
from .highs import Highs, Kept, Outcome, Result, dual_bound
from .marginal import marginals

Progress = Callable[[int, int], None]

# Room for the rounding of a sum of floats; a stage at 0 keeps its columns at exactly 0.
ROUNDING = 1e-12
NOTHING = 1e-9


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
    kept = Kept()
    solved: list[_Solved] = []
    prices: list[Marginal] = []
    for number, stage in enumerate(model.stages):
        progress(number + 1, len(model.stages))
        costs = model.objective(stage)
        outcome = _solve_stage(model, highs, stage, costs, kept, deadline)
        if outcome is None:
            break
        solved.append(outcome)
        if outcome.result.outcome is not Outcome.OPTIMAL:
            break
        prices += marginals(model, highs, stage, costs, outcome.result, options.bottlenecks, deadline)
        kept = _keep(model, highs, costs, float(costs @ outcome.result.x), kept, options.tolerance)
    if not solved:
        raise NoPlanError("no plan was found within the time limit")
    x = _tidied(model, solved[-1].result.x)
    return Solution(x, _stages(model, x, solved), tuple(prices))


def _keep(model: Model, highs: Highs, costs: Floats, value: float, kept: Kept, tolerance: float) -> Kept:
    """Make sure that later stages do not worsen a stage that ended at `value`.

    A stage that cannot be below 0 and ended at 0 has all its columns at 0: they are fixed, which is exact. A row is
    only exact to the solver's feasibility tolerance and would let dust of lateness through.
    """
    if abs(value) <= NOTHING and (costs >= 0).all() and (model.lower[costs > 0] == 0).all():
        zero = (costs > 0) if kept.zero is None else kept.zero | (costs > 0)
        highs.fix_at_zero(costs > 0)
        return Kept(kept.rows, zero)
    row = (costs, value + max(tolerance, ROUNDING) * abs(value))
    highs.cap(*row)
    return Kept((*kept.rows, row), kept.zero)


def _solve_stage(model: Model, highs: Highs, stage: str, costs: Floats, kept: Kept, deadline: float) -> _Solved | None:
    begin = time.monotonic()
    highs.minimise(costs)
    result = highs.solve(max(deadline - begin, 0.0))
    if result.outcome is Outcome.INFEASIBLE:
        raise Infeasible
    if result.outcome is Outcome.NOTHING:
        return None
    proven = result.outcome is Outcome.OPTIMAL
    bound = dual_bound(model, costs, kept, result.row_dual) if proven else -np.inf
    return _Solved(stage, result, bound, time.monotonic() - begin)


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
