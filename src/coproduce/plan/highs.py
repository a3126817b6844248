"""HiGHS behind a narrow door: hand over a model, change objective and bounds, solve, read values and duals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import highspy
import numpy as np
import numpy.typing as npt

from ..calendar import Floats
from .assemble import Model

INFINITY = highspy.kHighsInf


class Outcome(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Result:
    """Values and prices after a solve; prices are meaningful only when it was optimal."""

    outcome: Outcome
    objective: float
    x: Floats
    row_dual: Floats
    column_dual: Floats


class SolverError(RuntimeError):
    """HiGHS refused a call or ended in a way that we do not handle: a defect of ours."""


def _check(status: highspy.HighsStatus, call: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS: {call} failed")


class Highs:
    """One HiGHS instance with one model, re-solved with changed objectives and bounds."""

    def __init__(self, threads: int) -> None:
        # The number of threads is process-wide; without the reset a second value would make run() fail.
        highspy.Highs.resetGlobalScheduler(True)
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.option("output_flag", False)
        self.option("threads", threads)

    def option(self, name: str, value: bool | int | float | str) -> None:
        """Set an option of HiGHS."""
        _check(self._highs.setOptionValue(name, value), f"option {name}")

    def load(self, model: Model) -> None:
        """Hand over the matrix and the bounds; the objective is zero."""
        matrix = model.matrix
        rows, columns = matrix.shape
        # An empty integrality array would make the call fail silently and leave an empty model.
        status = self._highs.passModel(
            columns,
            rows,
            matrix.nnz,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.zeros(columns),
            model.lower,
            model.upper,
            model.row_lower,
            model.row_upper,
            matrix.indptr.astype(np.int32, copy=False),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data,
            np.zeros(columns, dtype=np.int32),
        )
        _check(status, "passModel")
        if (self._highs.getNumCol(), self._highs.getNumRow(), self._highs.getNumNz()) != (columns, rows, matrix.nnz):
            raise SolverError("HiGHS holds another model than it was given")

    def minimise(self, costs: Floats) -> None:
        """Replace the objective."""
        columns = np.arange(len(costs), dtype=np.int32)
        _check(self._highs.changeColsCost(len(costs), columns, costs), "changeColsCost")

    def cap(self, costs: Floats, upper: float) -> None:
        """Add the row costs . x <= upper."""
        used = np.flatnonzero(costs).astype(np.int32)
        _check(self._highs.addRow(-INFINITY, upper, len(used), used, costs[used]), "addRow")

    def fix_at_zero(self, columns: npt.NDArray[np.bool_]) -> None:
        """Set the bounds of columns to 0."""
        number = np.flatnonzero(columns).astype(np.int32)
        zero = np.zeros(len(number))
        _check(self._highs.changeColsBounds(len(number), number, zero, zero), "changeColsBounds")

    def row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the bounds of a row."""
        _check(self._highs.changeRowBounds(row, lower, upper), "changeRowBounds")

    def column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        _check(self._highs.changeColBounds(column, lower, upper), "changeColBounds")

    def basis(self) -> highspy.HighsBasis:
        """Return the current basis."""
        return self._highs.getBasis()

    def restart(self, basis: highspy.HighsBasis) -> None:
        """Go back to a basis."""
        _check(self._highs.setBasis(basis), "setBasis")

    def forget(self) -> None:
        """Drop the basis, so that the next solve starts with presolve."""
        _check(self._highs.clearSolver(), "clearSolver")

    def solve(self, seconds: float) -> Result:
        """Solve within a time; the limit of HiGHS counts from the first solve of the instance."""
        limit = self._highs.getRunTime() + seconds if np.isfinite(seconds) else INFINITY
        self.option("time_limit", float(limit))
        _check(self._highs.run(), "run")
        return self._result()

    def _result(self) -> Result:
        outcome = self._outcome()
        solution = self._highs.getSolution()
        return Result(
            outcome=outcome,
            objective=float(self._highs.getInfo().objective_function_value),
            x=np.asarray(solution.col_value, dtype=np.float64),
            row_dual=np.asarray(solution.row_dual, dtype=np.float64),
            column_dual=np.asarray(solution.col_dual, dtype=np.float64),
        )

    def _outcome(self) -> Outcome:
        status = self._highs.getModelStatus()
        known = highspy.HighsModelStatus
        if status in (known.kOptimal, known.kModelEmpty):
            return Outcome.OPTIMAL
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return Outcome.INFEASIBLE
        if status in (known.kTimeLimit, known.kIterationLimit):
            feasible = self._highs.getInfo().primal_solution_status == 2
            return Outcome.FEASIBLE if feasible else Outcome.NOTHING
        raise SolverError(f"HiGHS ended with status {self._highs.modelStatusToString(status)}")


@dataclass(frozen=True)
class Kept:
    """What keeps the earlier stages: rows `coefficients . x <= upper`, and columns fixed at 0."""

    rows: tuple[tuple[Floats, float], ...] = ()
    zero: npt.NDArray[np.bool_] | None = None


def dual_bound(model: Model, costs: Floats, kept: Kept, row_dual: Floats) -> float:
    """Return the Lagrangian lower bound of a stage, from the row prices alone.

    bound = sum_i y_i (lower_i if y_i > 0 else upper_i) + sum_j z_j (lower_j if z_j > 0 else upper_j), z = c - A'y,
    valid for every y (weak duality). A price of the wrong sign on a one-sided row is set to 0. A reduced cost of the
    wrong sign on a column without an upper bound is set to 0 when it is within the solver's dual tolerance,
    1e-7 (1 + max |c|); otherwise nothing is proven.

    Parameters
    ----------
    row_dual : prices of the model's rows, then of the rows that keep earlier stages
    """
    rows = len(model.row_lower)
    y = row_dual[:rows].copy()
    y[(y > 0) & ~np.isfinite(model.row_lower)] = 0.0
    y[(y < 0) & ~np.isfinite(model.row_upper)] = 0.0
    bound = _support(y, model.row_lower, model.row_upper)
    reduced = costs - model.matrix.T @ y
    for (coefficients, upper), price in zip(kept.rows, np.minimum(row_dual[rows:], 0.0), strict=True):
        reduced -= price * coefficients
        bound += float(price) * upper
    if kept.zero is not None:
        reduced[kept.zero] = 0.0
    tolerance = 1e-7 * (1 + float(np.abs(costs).max(initial=0.0)))
    open_above = ~np.isfinite(model.upper) & (reduced < 0)
    if (reduced[open_above] < -tolerance).any():
        return -np.inf
    reduced[open_above] = 0.0
    return bound + _support(reduced, model.lower, model.upper)


def _support(prices: Floats, lower: Floats, upper: Floats) -> float:
    """Return the least of prices . v over lower <= v <= upper, all relevant bounds finite."""
    up, down = prices > 0, prices < 0
    return float(prices[up] @ lower[up] + prices[down] @ upper[down])
