"""HiGHS behind a narrow door: hand over a model, change objective and bounds, solve, read values and duals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import highspy
import numpy as np

from ..calendar import Floats
from .assemble import Model
from .duality import Bounds, Cap

INFINITY = highspy.kHighsInf
NO_LIMIT = 2**31 - 1
LARGEST_COST = 1e3


PRIMAL, DUAL = 4, 1


@dataclass(frozen=True, slots=True)
class Method:
    """How to solve a linear programme.

    Attributes
    ----------
    solver : `simplex`, or `ipx`: interior point, then crossover to a vertex
    iterations : with a number, go on from a basis for at most so many simplex iterations (a count and not a time, so that
        the same input gives the same answer)
    primal : whether simplex goes by primal or by dual feasible bases
    """

    solver: str
    presolve: bool = True
    iterations: int | None = None
    primal: bool = False


class Outcome(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


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
        self._scale = 1.0

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
        """Replace the objective; inside it is scaled by a power of 2, since HiGHS's tolerances are absolute."""
        largest = float(np.abs(costs).max(initial=0.0))
        self._scale = 2.0 ** -np.ceil(np.log2(max(largest / LARGEST_COST, 1.0)))
        columns = np.arange(len(costs), dtype=np.int32)
        _check(self._highs.changeColsCost(len(costs), columns, costs * self._scale), "changeColsCost")

    def cap(self, cap: Cap) -> None:
        """Add a row that keeps an earlier stage."""
        used = np.flatnonzero(cap.coefficients).astype(np.int32)
        _check(self._highs.addRow(-INFINITY, cap.upper, len(used), used, cap.coefficients[used]), "addRow")

    def bounds(self, bounds: Bounds) -> None:
        """Replace the bounds of all columns and of the rows of the model."""
        columns = np.arange(len(bounds.lower), dtype=np.int32)
        rows = np.arange(len(bounds.row_lower), dtype=np.int32)
        _check(self._highs.changeColsBounds(len(columns), columns, bounds.lower, bounds.upper), "changeColsBounds")
        status = self._highs.changeRowsBounds(len(rows), rows, bounds.row_lower, bounds.row_upper)  # type: ignore[attr-defined]
        _check(status, "changeRowsBounds")

    def row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the bounds of a row."""
        _check(self._highs.changeRowBounds(row, lower, upper), "changeRowBounds")

    def column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        _check(self._highs.changeColBounds(column, lower, upper), "changeColBounds")

    def basis(self) -> highspy.HighsBasis:
        """Return the current basis."""
        return self._highs.getBasis()

    def solve(self, method: Method, seconds: float, basis: highspy.HighsBasis | None) -> Result:
        """Solve by one method, from a basis if the method wants one.

        The time limit of HiGHS counts from the first solve of the instance.
        """
        if method.iterations is None or basis is None:
            _check(self._highs.clearSolver(), "clearSolver")
        else:
            _check(self._highs.setBasis(basis), "setBasis")
        self.option("simplex_iteration_limit", NO_LIMIT if method.iterations is None else method.iterations)
        self.option("simplex_strategy", PRIMAL if method.primal else DUAL)
        self.option("presolve", "choose" if method.presolve else "off")
        limit = self._highs.getRunTime() + seconds if np.isfinite(seconds) else INFINITY
        self.option("time_limit", float(limit))
        self.option("solver", method.solver)
        return self._run()

    def _run(self) -> Result:
        failed = self._highs.run() == highspy.HighsStatus.kError
        outcome = Outcome.UNKNOWN if failed else self._outcome()
        solution = self._highs.getSolution()
        return Result(
            outcome=outcome,
            objective=float(self._highs.getInfo().objective_function_value) / self._scale,
            x=np.asarray(solution.col_value, dtype=np.float64),
            row_dual=np.asarray(solution.row_dual, dtype=np.float64) / self._scale,
            column_dual=np.asarray(solution.col_dual, dtype=np.float64) / self._scale,
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
        return Outcome.UNKNOWN
