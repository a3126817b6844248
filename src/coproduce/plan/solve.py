"""Solves the stages of a model one after another, each under the values of the earlier ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import highspy
import numpy as np

from ..block import COST, MONEY, TIDY
from ..calendar import Floats
from ..errors import NoPlanError, UnboundedError
from ..solution import Marginal, Solution, Stage
from .assemble import Model
from .cleaned import without_dust
from .duality import FEASIBLE, Bounds, Held, Prices, capped, dual_bound, prices, violation
from .highs import NO_LIMIT, Highs, Method, Outcome, Result, use_threads
from .lattice import branches
from .marginal import Ended, marginals
from .methods import LAST_RESORT, SECOND_SIMPLEX_COLUMNS, TIDY_SECONDS, methods_for, turn_of
from .mixed import Mixed, Search, solve_mixed
from .trimmed import trimmed

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
    bottlenecks: int = 6


class Infeasible(Exception):  # noqa: N818 - a signal inside the package, turned into InfeasibleError with cells
    """The hard limits of the model cannot hold together."""


# A method has done its work when value and bound agree to this; until then the next one is tried.
AGREEMENT = 1e-6
# No gap is smaller than the rounding of its arithmetic.
ROUNDING = 1e-9
# Nodes spent on the tidy stage of a model with whole numbers: it breaks ties and may end unproven.
TIDY_NODES = 200
# With whole numbers a stage gets its share of the time that is left; the tidy one less than the others.
TIDY_SHARE = 0.05
UNBOUNDED = (
    "the plan could earn without end: something is worth more (price or terminal_value) than it costs to obtain, and "
    "neither its supply nor its stock has a limit"
)


@dataclass(frozen=True)
class _Solved:
    """A stage as it ended, before later stages; `late` where its time ran out, `fixed` with its whole numbers fixed."""

    name: str
    value: float
    x: Floats
    activity: Floats
    column_dual: Floats
    row_dual: Floats
    basis: highspy.HighsBasis
    prices: Prices
    bound: float
    seconds: float
    late: bool = False
    fixed: Held | None = None

    @property
    def gap(self) -> float:
        """Relative gap between value and bound."""
        return (self.value - self.bound) / max(abs(self.value), 1.0)


def _quiet(number: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class _Sequence:
    """What the stages share; `failed` are the methods that did not end in an earlier stage, later tried last."""

    model: Model
    threads: int
    deadline: float
    gap: float
    failed: set[Method] = field(default_factory=set)

    def solve(self, stage: str, costs: Floats, held: Held, before: _Solved | None) -> _Solved | None:
        """Return a stage solved as well as it can be within the time; None if no plan was found.

        Every method starts on an instance of its own: one that failed leaves traces in HiGHS.

        Parameters
        ----------
        before : the stage before

        Raises
        ------
        Infeasible
            if no plan meets the bounds.
        UnboundedError
            if the stage can be improved without end.
        """
        if self.model.integer.any():
            return self._solve_mixed(stage, costs, held, before)
        begin = time.monotonic()
        best: _Solved | None = None
        basis = before.basis if before else None
        # A large model gets as long as the stage before took.
        tidy = max(TIDY_SECONDS, before.seconds if before else 0.0)
        deadline = min(self.deadline, begin + tidy) if stage == TIDY else self.deadline
        columns = self.model.matrix.shape[1]
        methods = methods_for(columns, stage)
        if stage == COST or (stage != TIDY and columns > SECOND_SIMPLEX_COLUMNS):
            methods = tuple(sorted(methods, key=self.failed.__contains__))
        for method in (*methods, *_last_resort(stage, before)):
            if method is LAST_RESORT and best is not None and self.proves(best):
                break
            highs = Highs(self.model, costs, held, self.threads)
            left = max(deadline - time.monotonic(), 0.0)
            turn = turn_of(method, stage, columns, last=method is methods[-1])
            result = highs.solve(method, min(left, turn), basis if method.warm else None)
            if result.outcome is Outcome.INFEASIBLE and not held.stages:
                raise Infeasible
            if result.outcome is Outcome.UNBOUNDED:
                raise UnboundedError(UNBOUNDED)
            done = self._judged(stage, costs, held, result, highs.basis(), begin)
            if done is not None and (best is None or (done.gap, done.value) < (best.gap, best.value)):
                best = done
            if (best is not None and best.gap <= AGREEMENT) or time.monotonic() > deadline:
                break
            if stage != TIDY:
                self.failed.add(method)
        return best

    def proves(self, done: _Solved) -> bool:
        """Tell whether the bound of a stage is close enough for the next one to be solved."""
        return done.gap <= max(self.gap, ROUNDING)

    def held_and_solved(
        self, stage: str, costs: Floats, held: Held, before: _Solved | None
    ) -> tuple[Held, _Solved | None]:
        """Return a stage as solved by `solve`, and what held it: more than before where earlier stages would lose."""
        done = self.solve(stage, costs, held, before)
        while done is not None and (tighter := held.tightened(done.x)) is not None:
            held = tighter
            again = self.solve(stage, costs, held, before)
            if again is None:
                break
            done = again
        return held, done

    def _solve_mixed(self, stage: str, costs: Floats, held: Held, before: _Solved | None) -> _Solved | None:
        """Return a stage solved with whole numbers; errors as for `solve`."""
        begin = time.monotonic()
        search = Search(self.threads, self.gap, TIDY_NODES if stage == TIDY else NO_LIMIT, self._until(stage, begin))
        done = solve_mixed(self.model, costs, held, search, before.x if before else None)
        if isinstance(done, Mixed):
            judged = self._judged(stage, costs, done.held, done.result, done.basis, begin)
            late = time.monotonic() > search.deadline
            return None if judged is None else replace(judged, bound=done.bound, late=late, fixed=done.held)
        if done is Outcome.INFEASIBLE and not held.stages:
            raise Infeasible
        if done is Outcome.UNBOUNDED:
            raise UnboundedError(UNBOUNDED)
        return None

    def _until(self, stage: str, now: float) -> float:
        """Return the instant at which a stage with whole numbers ends, so that later ones have time as well."""
        left = self.model.stages[self.model.stages.index(stage) :]
        shares = [TIDY_SHARE if name == TIDY or not self.model.objective(name).any() else 1.0 for name in left]
        return now + (self.deadline - now) * shares[0] / sum(shares) if np.isfinite(self.deadline) else np.inf

    def _judged(
        self, stage: str, costs: Floats, held: Held, result: Result, basis: highspy.HighsBasis, begin: float
    ) -> _Solved | None:
        """Return what a solve has found, judged by our own arithmetic; None if it is no plan.

        The verdict of HiGHS is not asked: it can be lost in trouble after the optimum was found, and weak duality
        gives a bound for any prices.
        """
        activity = self.model.matrix @ result.x
        if (
            not np.isfinite(result.x).all()
            or violation(self.model.matrix, held.bounds, held.caps, result.x, activity) > FEASIBLE
        ):
            return None
        known = prices(self.model.matrix, held.bounds, costs, held.caps, result.row_dual)
        return _Solved(
            name=stage,
            value=float(costs @ result.x),
            x=result.x,
            activity=activity,
            column_dual=result.column_dual,
            row_dual=result.row_dual,
            basis=basis,
            prices=known,
            bound=dual_bound(held.bounds, known),
            seconds=time.monotonic() - begin,
        )


def solve(model: Model, options: Options, progress: Progress = _quiet) -> Solution:
    """Solve all stages; the marginal values of a stage are found while the next one is solved.

    Raises
    ------
    Infeasible
        if the hard limits conflict.
    NoPlanError
        if the time ran out before any plan was found.
    """
    use_threads()
    deadline = time.monotonic() + options.time_limit
    parts = branches(model) if options.tolerance == 0 else [model]
    alive = [
        _Branch(_Sequence(one, options.threads, deadline, options.gap), Held(Bounds.of(one), (), 0)) for one in parts
    ]
    with ThreadPoolExecutor(max_workers=1) as beside:
        for number, stage in enumerate(model.stages):
            progress(number + 1, len(model.stages))
            alive = _kept(alive, [one for one in alive if one.next(stage, options)])
            if len(alive) == 1:
                alive[0].value_limits(beside, options)
            if not any(one.goes_on for one in alive):
                break
        first = alive[0]
        if not first.solved:
            raise NoPlanError(_no_plan(options.time_limit))
        first.value_limits(beside, options)
        found = [one for part in first.worth for one in part.result()]
    x = _tidied(model, _final(first.sequence, first.solved, options.tolerance))
    return Solution(x, _stages(model, x, first.solved, options.gap, time.monotonic() > deadline), tuple(found))


@dataclass(eq=False)
class _Branch:
    """A model, or one with its whole numbers fixed, on its way through the stages.

    Attributes
    ----------
    goes_on : whether its last stage was proven, so that the next can be solved
    empty : whether its hard limits conflict
    missed : whether another that may have been as good was left behind, so that nothing is proven
    """

    sequence: _Sequence
    held: Held
    solved: list[_Solved] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    worth: list[Future[list[Marginal]]] = field(default_factory=list)
    goes_on: bool = True
    empty: bool = False
    missed: bool = False

    def next(self, stage: str, options: Options) -> bool:
        """Solve the next stage and tell whether there is a plan; the hard limits conflict where it is `empty`."""
        model = self.sequence.model
        costs = model.objective(stage)
        try:
            self.held, done = self.sequence.held_and_solved(
                stage, costs, self.held, self.solved[-1] if self.solved else None
            )
        except Infeasible:
            self.empty = True
            return False
        if done is None:
            self.goes_on = False
            return False
        self.solved.append(done)
        if done.fixed is None and not self.sequence.proves(done):
            self.goes_on = False
            return True
        self.ended.append(
            Ended(
                stage,
                costs,
                done.fixed or self.held,
                done.value,
                done.row_dual,
                done.column_dual,
                done.basis,
                self.sequence.deadline,
            )
        )
        self.held = (
            self.held.after(model.matrix, costs, done.prices, done.x, done.activity, options.tolerance)
            if done.fixed is None
            else capped(self.held, costs, done.x, options.tolerance)
        )
        return True

    def value_limits(self, beside: ThreadPoolExecutor, options: Options) -> None:
        """Begin to find the marginal values of the stages that ended."""
        model, most, threads = self.sequence.model, options.bottlenecks, options.threads
        for one in self.ended[len(self.worth) :]:
            self.worth.append(beside.submit(marginals, model, one, most, threads))


def _last_resort(stage: str, before: _Solved | None) -> tuple[Method, ...]:
    """Return the method that is left before a stage is given up, where the stage before has a vertex to go on from."""
    return (LAST_RESORT,) if before is not None and before.basis.valid and stage != TIDY else ()


def _kept(before: list[_Branch], done: list[_Branch]) -> list[_Branch]:
    """Return the branches that are best after a stage, with the bound that holds for all of them.

    Raises
    ------
    Infeasible
        if no branch has a plan.
    """
    if not done:
        left = [one for one in before if not one.empty]
        if not left:
            raise Infeasible
        return left[:1]
    missed = any(not one.empty for one in before if one not in done) or any(one.missed for one in before)
    if len(before) == 1 and not missed:
        return done
    least = min(one.solved[-1].value for one in done)
    bound = -np.inf if missed else min(one.solved[-1].bound for one in done)
    kept = [one for one in done if one.solved[-1].value <= least + AGREEMENT * (1 + abs(least))]
    on = [one for one in kept if one.goes_on] or kept[:1]
    for one in on:
        one.solved[-1] = replace(one.solved[-1], bound=min(bound, one.solved[-1].value))
        one.missed = missed or len(on) < len(kept)
    return on


def _final(sequence: _Sequence, solved: list[_Solved], tolerance: float) -> Floats:
    """Return the values of the last stage, without what its room left or what no stage asked for."""
    model, last = sequence.model, solved[-1].x
    if not model.integer.any():
        return last if {one.name for one in solved} & {COST, MONEY} else trimmed(model, last)
    if tolerance > 0 or len(solved) == 1:
        return last
    return without_dust(model, last, sequence.threads, sequence.deadline)


def _no_plan(time_limit: float) -> str:
    if time_limit == float("inf"):
        return "the solver stopped without a plan, and no time limit was given"
    return f"no plan was found within the time limit of {time_limit:g} seconds"


def _tidied(model: Model, x: Floats) -> Floats:
    """Return the values inside their bounds, without the solver's dust."""
    inside = np.clip(x, model.lower, model.upper)
    return np.where(np.abs(inside) < 1e-9, np.clip(0.0, model.lower, model.upper), inside)


def _stages(model: Model, x: Floats, solved: list[_Solved], gap: float, late: bool) -> tuple[Stage, ...]:
    """Return all stages with the values of the final plan; a stage that was not solved has no bound."""
    ended = {stage.name: stage for stage in solved}
    result: list[Stage] = []
    for name in model.stages:
        value = float(model.objective(name) @ x)
        done = ended.get(name)
        bound = min(done.bound, value) if done is not None else -np.inf
        stopped = "time_limit" if late or (done is not None and done.late) else "unproven"
        proven = value - bound <= max(gap, ROUNDING) * max(abs(value), 1.0)
        status = "optimal" if proven else stopped
        result.append(Stage(name, value, bound, done.seconds if done else 0.0, status))
    return tuple(result)
