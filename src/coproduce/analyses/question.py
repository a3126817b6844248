"""One late demand as a linear programme: how early could it be if nobody else is served worse, and what forbids it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from ..calendar import Floats, Ints
from ..network import Bools
from ..plan.duality import Bounds, Held
from ..plan.highs import Highs, Method, Outcome
from ..plan.uses import STAND_IN, WRITE_OFF
from .lift import Lift
from .opened import AT_ONCE, Open
from .upstream import Upstream

# From the basis of a question alike, primal simplex takes a tenth of the time of any method from nothing.
_COLD, _WIDER = Method("simplex", iterations=50_000), Method("simplex", warm=True, iterations=50_000, primal=True)
# Where bounds come back in force, the basis stays dual feasible.
_TIGHTER = Method("simplex", warm=True, iterations=50_000)
# Prices above this, relative to the largest coefficient, are taken for real.
PRICE = 1e-7
# Beyond a bound by more than this, relative to 1 + the value, is outside.
BEYOND = 1e-6
# What a plan is off by rounding is not asked of the solver, relative to 1 + the bound.
ROOM = 1e-7


@dataclass(frozen=True)
class Asked:
    """The demand that is asked about.

    Attributes
    ----------
    node, quantity : where and how much
    days : (bucket + 1,) days late of a delivery in each bucket, last: of what is never delivered
    allowed : (bucket,) 1 where it may be delivered
    taken : (bucket,) units that the plan's deliveries to it take from the balance of the node
    """

    node: int
    quantity: float
    days: Floats
    allowed: Floats
    taken: Floats


@dataclass(frozen=True)
class Answer:
    """Late unit-days, the plan that has them, and the prices of the columns and rows of the slice."""

    value: float
    x: Floats
    column_price: Floats
    row_price: Floats
    basis: highspy.HighsBasis


@dataclass(frozen=True)
class _Linear:
    matrix: sp.csc_array


class Slice:
    """The part of the opened model upstream of a node, all else as the plan has it, and deliveries to one demand."""

    def __init__(self, opened: Open, above: Upstream, taken: Floats, node: int, threads: int) -> None:
        """Cut the slice; `taken` is (balance row,) what all demands take."""
        self._opened, self._threads = opened, threads
        self.columns = _columns(opened, above)
        inside = np.zeros(opened.matrix.shape[1], dtype=bool)
        inside[self.columns] = True
        own = opened.matrix[:, self.columns]
        outside = opened.matrix @ np.where(inside, 0.0, opened.x)
        lower, upper = opened.row_lower - outside, opened.row_upper - outside
        balance = slice(opened.row["balance"], opened.row["balance"] + len(taken))
        lower[balance] += taken
        upper[balance] += taken
        used = np.bincount(own.indices, minlength=own.shape[0]) > 0
        self.rows = np.flatnonzero(used & (np.isfinite(lower) | np.isfinite(upper)))
        self._own = sp.csc_array(own[self.rows])
        self._balance = np.searchsorted(
            self.rows, opened.rows("balance", np.full(opened.count, node), np.arange(opened.count))
        )
        self._matrix = self._with_deliveries()
        room = ROOM * (1 + np.abs(np.where(np.isfinite(upper), upper, 0.0)[self.rows]))
        exact = lower[self.rows] == upper[self.rows]
        self._row_lower = lower[self.rows]
        self._row_upper = np.where(exact, upper[self.rows], upper[self.rows] + room)
        self._basis: highspy.HighsBasis | None = None

    def _with_deliveries(self) -> sp.csc_array:
        """Return the matrix with the columns of the demand, deliveries by bucket and unmet, and their sum."""
        count, height = self._opened.count, len(self.rows)
        deliver = sp.csc_array((np.full(count, -1.0), (self._balance, np.arange(count))), shape=(height, count + 1))
        sums = sp.csc_array(np.concatenate([np.zeros(len(self.columns)), np.ones(count + 1)])[None, :])
        return sp.csc_array(sp.vstack([sp.hstack([self._own, deliver]), sums]))

    def ask(
        self, demand: Asked, lifted: Sequence[Lift], start: Answer | None, *, tighter: bool = False
    ) -> Answer | None:
        """Return the least lateness of a demand without some limits; None where it was not found.

        Parameters
        ----------
        start : answer to start from; `tighter` says that fewer limits were lifted now than there
        """
        method = _COLD if start is None else _TIGHTER if tighter else _WIDER
        basis = start.basis if start else None
        return _solve(self._matrix, self._costs(demand), self._bounds(demand, lifted), self._threads, method, basis)

    def ask_each(self, demand: Asked, lifts: Sequence[Lift], start: Answer) -> list[float | None]:
        """Return the least lateness of a demand without each of some limits alone; None where it was not found.

        All are asked of one instance: its matrix is handed over once, and only the bounds that a limit lifts change.

        Parameters
        ----------
        start : answer with none of them lifted, from whose basis each begins
        """
        costs, kept = self._costs(demand), self._bounds(demand, ())
        highs = Highs(_Linear(self._matrix), costs, Held(kept, (), 0), self._threads)
        # Perturbed, simplex leaves the basis from which it begins: a fifth more processor time on a large example.
        highs.option("primal_simplex_bound_perturbation_multiplier", 0.0)
        found: list[float | None] = []
        for lift in lifts:
            wider = self._bounds(demand, (lift,))
            columns = np.flatnonzero((wider.lower != kept.lower) | (wider.upper != kept.upper))
            rows = np.flatnonzero((wider.row_lower != kept.row_lower) | (wider.row_upper != kept.row_upper))
            highs.all_bounds(wider, columns, rows)
            result = highs.solve(_WIDER, np.inf, start.basis)
            known = result.outcome is Outcome.OPTIMAL
            found.append(max(float(costs @ result.x), 0.0) if known else None)
            highs.all_bounds(kept, columns, rows)
        return found

    def _costs(self, demand: Asked) -> Floats:
        return np.concatenate([np.zeros(len(self.columns)), demand.days])

    def _bounds(self, demand: Asked, lifted: Sequence[Lift]) -> Bounds:
        lower, upper = self._opened.lower[self.columns], self._opened.upper[self.columns]
        row_lower, row_upper = self._row_lower.copy(), self._row_upper.copy()
        row_lower[self._balance] -= demand.taken
        row_upper[self._balance] -= demand.taken
        for lift in lifted:
            upper[self.local_columns(lift.columns)] = lift.upper
            lower[self.local_columns(lift.low_columns)] = 0.0
            rows, kept = self.local_rows(lift.rows)
            # What others take of a row stays taken.
            row_upper[rows] += (lift.row_upper - self._opened.row_upper[lift.rows])[kept]
            row_lower[self.local_rows(lift.low_rows)[0]] = -np.inf
        most = np.append(demand.allowed * demand.quantity, demand.quantity)
        return Bounds(
            np.concatenate([lower, np.zeros(len(most))]),
            np.concatenate([upper, most]),
            np.append(row_lower, demand.quantity),
            np.append(row_upper, demand.quantity),
        )

    def broken(self, demand: Asked, answer: Answer) -> tuple[Bools, Bools]:
        """Return the columns and rows of the slice whose bounds an answer does not keep, because they were lifted."""
        bounds, activity = self._bounds(demand, ()), self._matrix @ answer.x
        columns = _outside(answer.x, bounds.lower, bounds.upper)
        return columns, _outside(activity, bounds.row_lower, bounds.row_upper)

    def local_columns(self, columns: Ints) -> Ints:
        """Return the positions of columns of the opened model in the slice."""
        return np.searchsorted(self.columns, columns)

    def local_rows(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the positions of rows of the opened model in the slice, and which of them it has."""
        at = np.searchsorted(self.rows, rows)
        kept = np.flatnonzero(self.rows[np.minimum(at, len(self.rows) - 1)] == rows)
        return at[kept], kept

    def column_bucket(self, columns: Ints) -> Ints:
        """Return the buckets of columns of the opened model."""
        return self._opened.bucket_of_column[columns]

    def row_bucket(self, rows: Ints) -> Ints:
        """Return the buckets of rows of the opened model; of rows for the whole horizon, the last."""
        return self._opened.bucket_of_row[rows]


def _outside(values: Floats, lower: Floats, upper: Floats) -> Bools:
    """Return which values are outside their bounds by more than rounding."""
    room = BEYOND * (1 + np.abs(values))
    result: Bools = (values < lower - room) | (values > upper + room)
    return result


def _columns(opened: Open, above: Upstream) -> Ints:
    """Return the columns of the slice, in rising order."""
    members = {
        "run": above.process,
        AT_ONCE["run"]: above.process,
        "ship": above.arc,
        AT_ONCE["ship"]: above.arc,
        "buy": above.supply,
        AT_ONCE["buy"]: above.supply,
        "stock": above.touched,
        "material": above.sourceless,
        STAND_IN: above.stand_in,
        WRITE_OFF: above.touched,
    }
    if "overtime" in opened.column:
        members["overtime"] = above.resource
    every = np.arange(opened.count)
    parts = [
        (opened.column[kind] + np.flatnonzero(mask)[:, None] * opened.count + every).ravel()
        for kind, mask in members.items()
        if kind in opened.column
    ]
    return np.sort(np.concatenate(parts))


def _solve(
    matrix: sp.csc_array, costs: Floats, bounds: Bounds, threads: int, method: Method, basis: highspy.HighsBasis | None
) -> Answer | None:
    highs = Highs(_Linear(matrix), costs, Held(bounds, (), 0), threads)
    result = highs.solve(method, np.inf, basis)
    if result.outcome is not Outcome.OPTIMAL:
        return None
    rows = result.row_dual
    return Answer(max(float(costs @ result.x), 0.0), result.x, costs - matrix.T @ rows, rows, highs.basis())
