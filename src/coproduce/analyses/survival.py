"""Time to survive: the longest outage that the rest of a plan, re-optimised, gets over without loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import highspy
import numpy as np
import scipy.sparse as sp

from ..calendar import DAY, Floats
from ..plan.duality import FEASIBLE, Bounds, Held, dual_bound, prices, violation
from ..plan.highs import Highs, Method, Outcome, Result
from .outages import Closing, closed_shares
from .remainder import Remainder

# The two lengths between which the answer lies end a search when they differ by a day, or by this share.
PRECISION = 0.01
# Without an outage: interior point, which takes 1 to 3 s on the flagship where simplex takes 9 to 20 s.
# What presolve has done to a vertex it may mend in so many steps; else presolve is left out.
_FIRST = (Method("ipx", iterations=200, primal=True), Method("ipx", presolve=False, iterations=20_000, primal=True))
_COLD = (Method("simplex"), _FIRST[1])
# Most outages take fewer than 3,000 steps from the last basis; where one takes more, beginning anew is faster.
_WARM = Method("simplex", warm=True, iterations=20_000)
# What goods under way arrive as makes chains of small and large coefficients. With the usual 0.1 HiGHS 1.15 factorises
# a basis of theirs so badly that the values it calls optimal break balances by hundreds of units (github.com/ERGO-Code/
# HiGHS/issues/3194).
_STABLE = 0.5
# Value of the option `simplex_dual_edge_weight_strategy`: the weights of steepest edges take 0.4 s for a new basis.
_DEVEX = 1
# The first outages that are tried are longer and longer by this factor.
_LONGER = 3


@dataclass(frozen=True)
class Survival:
    """How long an outage may last.

    Attributes
    ----------
    days : longest outage for which a plan without loss was found
    fails : shortest outage, in days, proven to cost something; infinite where none within the horizon does
    least_loss : weighted late unit-days that an outage of `fails` days costs at least
    """

    days: int
    fails: float
    least_loss: float


@dataclass(frozen=True)
class _Linear:
    matrix: sp.csc_array


@dataclass(frozen=True)
class _Verdict:
    """What a solve has found for an outage.

    Attributes
    ----------
    sound : whether `x` is a plan, by our own arithmetic; `loss` is its loss
    proven : what prices prove to be lost at least
    """

    outcome: Outcome
    x: Floats
    loss: float
    sound: bool
    row_dual: Floats
    proven: float


class Search:
    """Searches the longest outages of one remainder; every search starts from the same basis.

    Parameters
    ----------
    threads : threads of the solver
    """

    def __init__(self, rest: Remainder, threads: int = 1) -> None:
        self._rest, self._threads = rest, threads
        self._basis = self._first_basis()

    @property
    def most(self) -> int:
        """Whole days from the beginning of the outage to the end of the horizon."""
        edges = self._rest.planned.model.network.timeline.edges
        return int(edges[-1] - edges[self._rest.start]) // DAY

    @property
    def tolerance(self) -> float:
        """Weighted late unit-days that count as no loss."""
        return self._rest.tolerance

    def _first_basis(self) -> highspy.HighsBasis | None:
        for method in (*_FIRST, _COLD[0]):
            highs = _solver(self._rest, self._rest.bounds, self._threads)
            if highs.solve(method, np.inf, None).outcome is Outcome.OPTIMAL:
                return highs.basis()
        return None

    def trials(self, closing: Closing) -> Trials:
        """Return the outages of one target."""
        return Trials(self._rest, closing, self._basis, self._threads)


class Trials:
    """Outages of one target, one length after another on one instance of the solver."""

    def __init__(self, rest: Remainder, closing: Closing, basis: highspy.HighsBasis | None, threads: int) -> None:
        self._rest, self._closing, self._basis, self._threads = rest, closing, basis, threads
        self._highs = _solver(rest, rest.bounds, threads)
        # Costs as they are keep simplex near its basis: the 21 sites of the flagship take 25 s in place of 80 s.
        self._highs.option("dual_simplex_cost_perturbation_multiplier", 0.0)
        self._columns, self._rows = np.unique(closing.columns).tolist(), np.unique(closing.rows).tolist()

    def longest(self, most: int) -> Survival:
        """Return how long an outage may last, searched up to `most` days.

        A plan found for one length is checked by our arithmetic, and how much longer the outage might be for it to
        remain a plan; prices found for one length prove by weak duality which shorter ones already cost something.
        """
        low = self._still_fits(self._rest.x, 0, most)
        high, proof, step = most + 1, 0.0, 4
        while high - low > max(1, int(PRECISION * low)):
            step *= _LONGER
            length = min(low + step, most) if high > most else (low + high) // 2
            found = self._solve(length, self._rest.tolerance)
            if found.sound and found.loss <= self._rest.tolerance:
                low = self._still_fits(found.x, length, high - 1)
                continue
            high, proof = self._first_failing(found, low, length)
        return Survival(low, high if high <= most else np.inf, proof)

    def loss(self, days: float) -> float:
        """Return the least weighted late unit-days that an outage costs; NaN where no plan keeps the hard limits."""
        found = self._solve(days)
        return max(found.loss, 0.0) if found.sound else np.nan

    def _bounds(self, days: float) -> Bounds:
        """Return the bounds of an outage of so many days."""
        timeline = self._rest.planned.model.network.timeline
        return self._closing.bounds(self._rest.bounds, closed_shares(timeline, self._rest.start, days))

    def _solve(self, days: float, enough: float = np.inf) -> _Verdict:
        """Return the plan of least loss for an outage, or prices that prove a loss of more than `enough`."""
        bounds = self._bounds(days)
        for column in self._columns:
            self._highs.column_bounds(column, bounds.lower[column], bounds.upper[column])
        for row in self._rows:
            self._highs.row_bounds(row, bounds.row_lower[row], bounds.row_upper[row])
        self._highs.stop_above(self._rest.base + enough)
        found = self._verdict(self._highs.solve(_WARM, np.inf, self._basis), bounds)
        if not found.sound and found.proven <= enough:
            # HiGHS may end a hair outside the bounds; with its last basis factorised anew it is inside.
            found = self._verdict(self._highs.solve(_WARM, np.inf, self._highs.basis()), bounds)
        if not found.sound and found.proven <= enough and found.outcome is not Outcome.INFEASIBLE:
            found = self._afresh(bounds)
        if found.sound and found.loss <= self._rest.tolerance:
            self._basis = self._highs.basis()
        return found

    def _afresh(self, bounds: Bounds) -> _Verdict:
        """Return the verdict of the first method that comes to one, each on an instance of its own."""
        for method in _COLD:
            highs = _solver(self._rest, bounds, self._threads)
            found = self._verdict(highs.solve(method, np.inf, None), bounds)
            if found.sound:
                break
        return found

    def _verdict(self, result: Result, bounds: Bounds) -> _Verdict:
        sound = result.outcome is not Outcome.INFEASIBLE and self._is_plan(result.x, bounds)
        loss = self._rest.loss(result.x) if sound else np.nan
        return _Verdict(result.outcome, result.x, loss, sound, result.row_dual, self._proven(result.row_dual, bounds))

    def _proven(self, row_dual: Floats, bounds: Bounds) -> float:
        """Return what prices prove to be lost at least; their errors are not relative to costs of late units."""
        rest = self._rest
        known = replace(prices(rest.matrix, bounds, rest.costs, (), row_dual), scale=1.0)
        return dual_bound(bounds, known) - rest.base

    def _is_plan(self, x: Floats, bounds: Bounds) -> bool:
        matrix = self._rest.matrix
        return bool(np.isfinite(x).all()) and violation(matrix, bounds, (), x, matrix @ x) <= FEASIBLE

    def _still_fits(self, x: Floats, low: int, high: int) -> int:
        """Return the longest outage, from `low` to `high` days, of which a plan for `low` days is a plan as well."""
        return _last(lambda days: self._is_plan(x, self._bounds(days)), low, high)

    def _first_failing(self, found: _Verdict, low: int, high: int) -> tuple[int, float]:
        """Return the shortest outage, up to `high` days, that prices prove to cost something, and what at least."""

        def proven(days: int) -> float:
            return self._proven(found.row_dual, self._bounds(days))

        tolerance = self._rest.tolerance
        if proven(high) <= tolerance:
            return high, 0.0
        first = _last(lambda days: proven(days) <= tolerance, low, high - 1) + 1
        return first, proven(first)


def _solver(rest: Remainder, bounds: Bounds, threads: int) -> Highs:
    highs = Highs(_Linear(rest.matrix), rest.costs, Held(bounds, (), 0), threads)
    highs.option("factor_pivot_threshold", _STABLE)
    highs.option("simplex_dual_edge_weight_strategy", _DEVEX)
    return highs


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the last number from `low` to `high` for which something holds that holds for `low`, by bisection."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
