"""A stage with whole numbers: branch and bound, then the same plan as a vertex of the linear programme that is left."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import highspy
import numpy as np

from ..calendar import Floats
from .assemble import Model
from .cuts import Cut, echelons, violated
from .duality import FEASIBLE, Held, dual_bound, prices, violation
from .highs import NO_LIMIT, Found, Highs, Method, MixedMethod, Outcome, Result
from .improve import Workshop, fix_and_optimise, relax_and_fix
from .rounding import rounded
from .serve import regroup, serve
from .sums import sums
from .upstream import guided

_SIMPLEX, _WARM = Method("simplex"), Method("simplex", presolve=False)
# Rounds of cuts at the root, and the slack up to which a cut counts as tight.
ROUNDS, TIGHT = 30, 1e-5
# Whether to simplify first, and how close to whole numbers: HiGHS can take back an optimum that is off by a hair more.
ATTEMPTS = ((True, 1e-7), (True, 1e-6), (False, 1e-6))
# What is above a whole number by less is that number.
SLIGHT = 1e-10
# A lot holds nothing if its rows leave room for all of it up to rounding: a share of a large range may be much.
EXACT = 1e-12
# Share of a limited time for branch and bound; the rest is for a better plan, should that not have ended.
BRANCHING = 0.8
# Share of a limited time for cuts at the root; a model of many lots would spend all of it there.
CUTTING = 0.2
# Cuts of more terms than so many times those of the model slow a search of limited time more than they guide it.
LONG = 3.0
# Share of what is left of it for a plan to begin with.
BEGINNING = 0.3
# The same where the relaxation, so many times over, would take more than the time that is left.
SLOW_BRANCHING, SLOW = 0.1, 30.0
# Share of a limited time for serving customers one after another.
SERVING = 0.2
# Rounds of cuts after which the bound must have risen, and by which share of it, for cuts to be worth their length.
TRIAL, RISE = 3, 1e-3


@dataclass(frozen=True)
class Mixed:
    """A stage solved with whole numbers.

    Attributes
    ----------
    result : values, and prices with the whole numbers fixed
    held : bounds with the whole numbers fixed at those values
    bound : proven lower bound of the stage
    basis : of the linear programme with the whole numbers fixed
    """

    result: Result
    held: Held
    bound: float
    basis: highspy.HighsBasis


def fixed(model: Model, held: Held, x: Floats) -> Held:
    """Return what holds with every whole number fixed at its value in a plan."""
    whole = np.clip(np.rint(x), held.bounds.lower, held.bounds.upper)
    bounds = replace(
        held.bounds,
        lower=np.where(model.integer, whole, held.bounds.lower),
        upper=np.where(model.integer, whole, held.bounds.upper),
    )
    return replace(held, bounds=bounds)


def _keeps(model: Model, held: Held, x: Floats) -> bool:
    """Tell whether values are a plan, whole numbers included."""
    if len(x) != len(model.lower) or not np.isfinite(x).all():
        return False
    off = np.abs(x - np.rint(x))[model.integer].max(initial=0.0)
    return bool(off <= FEASIBLE and violation(model.matrix, held.bounds, held.caps, x, model.matrix @ x) <= FEASIBLE)


@dataclass(frozen=True)
class Search:
    """How to search: threads of the solver, relative gap to reach, most nodes, and the instant at which to stop.

    `slow` tells that the linear relaxation alone takes so much of the time that branch and bound will not get far.
    """

    threads: int
    gap: float
    nodes: int
    deadline: float
    slow: bool = False

    @property
    def seconds(self) -> float:
        """Time left."""
        return max(self.deadline - time.monotonic(), 0.0)


def solve_mixed(model: Model, costs: Floats, held: Held, search: Search, start: Floats | None) -> Mixed | Outcome:
    """Return a stage solved with whole numbers, or what HiGHS says where there is no plan.

    Parameters
    ----------
    start : a plan to begin with, if one is known
    """
    begin = time.monotonic()
    relaxed = Highs(model, costs, held, search.threads)
    result = relaxed.solve(_SIMPLEX, search.seconds, None)
    if result.outcome in (Outcome.INFEASIBLE, Outcome.UNBOUNDED):
        return result.outcome
    search = replace(search, slow=SLOW * (time.monotonic() - begin) > search.seconds)
    near = None if result.outcome is not Outcome.OPTIMAL else _near(model, costs, held, search, result)
    best = _best(model, costs, held, (start, near))
    relaxation = _relaxation(model, costs, held, result)
    if not _proven(costs, best, relaxation, search) and np.isfinite(search.deadline):
        least = _least(model, costs, held, search) if best is None else None
        best = _best(model, costs, held, (best, least))
        best = _best(model, costs, held, (best, *_first(model, costs, held, search, best, start is None)))
    if best is not None and _proven(costs, best, relaxation, search):
        return _polished(model, costs, held, search, best, relaxation)
    if best is None:
        best = _least(model, costs, held, search)
    cuts = _strengthened(model, costs, held, relaxed, result, search)
    found = _branched(model, costs, held, cuts, search, best)
    best = _best(model, costs, held, (best, found.x))
    if found.outcome is not Outcome.OPTIMAL and found.outcome is not Outcome.INFEASIBLE:
        best = _improved(model, costs, held, cuts, search, best)
    if best is None:
        return found.outcome
    return _polished(model, costs, held, search, best, found.bound)


def _near(model: Model, costs: Floats, held: Held, search: Search, result: Result) -> Floats | None:
    """Return the plan with whole numbers rounded from the relaxation, if there is one."""
    return _repaired(model, costs, held, search, rounded(model, held.bounds, result.x))


def _relaxation(model: Model, costs: Floats, held: Held, result: Result) -> float:
    """Return the bound that the linear relaxation proves by our own arithmetic."""
    if result.outcome is not Outcome.OPTIMAL:
        return -np.inf
    return dual_bound(held.bounds, prices(model.matrix, held.bounds, costs, held.caps, result.row_dual))


def _least(model: Model, costs: Floats, held: Held, search: Search) -> Floats | None:
    """Return the plan with every whole number at its least, which for most programmes is one: little is delivered."""
    narrow = fixed(model, held, held.bounds.lower)
    result = Highs(model, costs, narrow, search.threads).solve(_SIMPLEX, max(search.seconds, 5.0), None)
    return _best(model, costs, held, (result.x,)) if result.outcome is Outcome.OPTIMAL else None


def _proven(costs: Floats, plan: Floats | None, relaxation: float, search: Search) -> bool:
    """Tell whether the relaxation alone proves that no plan is better by more than the gap."""
    return plan is not None and float(costs @ plan) - relaxation <= search.gap * abs(relaxation)


def _first(
    model: Model, costs: Floats, held: Held, search: Search, known: Floats | None, new: bool
) -> Iterator[Floats | None]:
    """Yield plans to begin with where time is limited: branch and bound alone may find none that delivers.

    Cuts are left out: they are long, and slow the search for plans more than they guide it.

    Parameters
    ----------
    new : whether no plan came from the stage before
    """
    now, left = time.monotonic(), search.seconds
    shop = Workshop(model, guided(model, costs), held, (), search.threads, now + SERVING * left)
    if known is not None:
        yield serve(shop, known)
    if new and not search.slow:
        yield relax_and_fix(replace(shop, deadline=time.monotonic() + BEGINNING * search.seconds))


def _best(model: Model, costs: Floats, held: Held, plans: Iterable[Floats | None]) -> Floats | None:
    """Return the plan of least cost among values that are plans at all."""
    sound = [plan for plan in plans if plan is not None and _keeps(model, held, plan)]
    return min(sound, key=lambda plan: float(costs @ plan), default=None)


def _branched(model: Model, costs: Floats, held: Held, cuts: list[Cut], search: Search, start: Floats | None) -> Found:
    """Return the best plan and bound of branch and bound."""
    bound, found = -np.inf, Found(Outcome.STOPPED, None, -np.inf)
    # Where branch and bound will not get far, or only breaks ties, more columns would slow it for nothing.
    counted = [] if search.slow or search.nodes != NO_LIMIT else sums(model, held.bounds)
    until = time.monotonic() + (SLOW_BRANCHING if search.slow else BRANCHING) * search.seconds
    for presolve, whole in ATTEMPTS:
        highs = Highs(model, costs, held, search.threads, model.integer)
        highs.add_cuts(cuts)
        highs.add_sums(counted)
        if start is not None:
            highs.begin_with(start)
        left = max(until - time.monotonic(), 0.0)
        found = highs.search(MixedMethod(search.gap, search.nodes, presolve, whole), left)
        bound = max(bound, found.bound)
        if found.x is not None and not _keeps(model, held, found.x):
            found = replace(found, x=_repaired(model, costs, held, search, found.x))
        done = found.x is not None and _keeps(model, held, found.x)
        if done or found.outcome is Outcome.INFEASIBLE or time.monotonic() >= until:
            break
    return Found(found.outcome, found.x, bound)


def _without_idle(model: Model, held: Held, costs: Floats, x: Floats) -> Floats:
    """Return a plan without lots that hold nothing: each whole number as small as its rows allow, costs permitting."""
    bounds, matrix = held.bounds, model.matrix
    values, activity = x.copy(), matrix @ x
    for column in np.flatnonzero(model.integer & (np.rint(x) > bounds.lower) & (costs >= 0)).tolist():
        if any(cap.coefficients[column] < 0 for cap in held.caps):
            continue
        own = slice(matrix.indptr[column], matrix.indptr[column + 1])
        rows, terms = matrix.indices[own], matrix.data[own]
        # Less of the column moves a row towards its lower bound where the term is positive.
        limit = np.where(terms > 0, bounds.row_lower[rows], bounds.row_upper[rows])
        room = (activity[rows] - limit) / terms
        most = float(np.rint(values[column]) - bounds.lower[column])
        less = min(most, float(np.floor(np.min(room, initial=most) + EXACT)))
        if less > 0:
            values[column] = np.rint(values[column]) - less
            activity[rows] -= less * terms
    return values


def _improved(
    model: Model, costs: Floats, held: Held, cuts: list[Cut], search: Search, best: Floats | None
) -> Floats | None:
    """Return a better plan, or a first one, in the rest of a limited time."""
    if not np.isfinite(search.deadline) or search.nodes != NO_LIMIT:
        return best
    shop = Workshop(model, guided(model, costs), held, cuts, search.threads, search.deadline)
    if best is None:
        best = _best(model, costs, held, (relax_and_fix(shop),))
    if best is None:
        return None
    half = replace(shop, deadline=time.monotonic() + shop.seconds / 2)
    best = _best(model, costs, held, (best, regroup(shop if search.slow else half, best)))
    return None if best is None else _best(model, costs, held, (best, fix_and_optimise(shop, best)))


def _value(costs: Floats, result: Result) -> float:
    return float(costs @ result.x) if result.outcome is Outcome.OPTIMAL else -np.inf


def _strengthened(model: Model, costs: Floats, held: Held, relaxed: Highs, result: Result, search: Search) -> list[Cut]:
    """Cut off what the linear relaxation gets wrong about lots, round by round; return the cuts that still hold it."""
    found: list[Cut] = []
    until = time.monotonic() + CUTTING * search.seconds
    lots = echelons(model, model.network, held.bounds)
    base = _value(costs, result)
    for number in range(ROUNDS):
        if result.outcome is not Outcome.OPTIMAL:
            break
        fresh = [cut for one in lots for cut in violated(one, held.bounds, result.x)]
        if not fresh or time.monotonic() >= until:
            break
        if number == TRIAL and _value(costs, result) - base <= RISE * abs(base):
            return []
        relaxed.add_cuts(fresh)
        found += fresh
        result = relaxed.solve(_WARM, search.seconds, None)
    if result.outcome is not Outcome.OPTIMAL:
        return [] if np.isfinite(search.deadline) else found
    tight = [cut for cut in found if cut.upper - cut.coefficients @ result.x[cut.columns] < TIGHT]
    terms = sum(len(cut.columns) for cut in tight)
    return tight if terms <= LONG * model.matrix.nnz or not np.isfinite(search.deadline) else []


def _repaired(model: Model, costs: Floats, held: Held, search: Search, x: Floats) -> Floats | None:
    """Return the best values around whole numbers that are plausible, should the values beside them be off."""
    if not np.isfinite(x).all():
        return None
    result = Highs(model, costs, fixed(model, held, x), search.threads).solve(_SIMPLEX, max(search.seconds, 5.0), None)
    return result.x if result.outcome is Outcome.OPTIMAL else None


def _polished(model: Model, costs: Floats, held: Held, search: Search, x: Floats, bound: float) -> Mixed:
    """Solve what is left once the whole numbers are fixed: exact where branch and bound is within its tolerance."""
    # Where a lot that the search took for none is needed after all, it is rounded up.
    done: Mixed | None = None
    for whole in (_without_idle(model, held, costs, x), np.ceil(x - SLIGHT)):
        narrow = fixed(model, held, whole)
        highs = Highs(model, costs, narrow, search.threads)
        result = highs.solve(_SIMPLEX, max(search.seconds, 5.0), None)
        sound = result.outcome is Outcome.OPTIMAL and _keeps(model, held, result.x)
        if sound and (done is None or float(costs @ result.x) < float(costs @ done.result.x)):
            done = Mixed(result, narrow, bound, highs.basis())
        if done is not None and float(costs @ done.result.x) - float(costs @ x) <= FEASIBLE * (
            1 + abs(float(costs @ x))
        ):
            return done
    if done is not None:
        return done
    rows = np.zeros(model.matrix.shape[0] + len(held.caps))
    return Mixed(Result(Outcome.STOPPED, x, rows, np.zeros(len(x))), narrow, bound, highs.basis())
