"""HiGHS behind a narrow door: hand over a model, change a bound, solve by one method, read values and duals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import highspy
import numpy as np
import scipy.sparse as sp

from ..calendar import Floats, Ints
from ..network import Bools
from .cuts import Cut
from .duality import Bounds, Cap, Held

INFINITY = highspy.kHighsInf
NO_LIMIT = 2**31 - 1
# The largest coefficient of a scaled objective.
LARGEST_COST = 1e3
# Interior point that has not ended after this many iterations stalls: a stage that is held to the optimal face of an
# earlier one may have no interior. Sound models take fewer than 100.
MOST_INTERIOR = 300
# Bits of the option `presolve_rule_off`: substitution of free columns, and the aggregator; either would take sums out.
KEEP_SUMS = (1 << 8) | (1 << 12)
# Values of the option `simplex_strategy`.
PRIMAL, DUAL = 4, 1


@dataclass(frozen=True, slots=True)
class Method:
    """How to solve a linear programme.

    Attributes
    ----------
    solver : `simplex`, or `ipx`: interior point, then crossover to a vertex
    presolve : whether to simplify the model first
    warm : go on from the basis of the stage before
    iterations : most simplex iterations: a count and not a time, so that the same input gives the same answer
    primal : whether simplex goes by primal or by dual feasible bases
    apart : whether what presolve leaves is solved on an instance of its own; its values come back, not its vertex
    vertex : whether interior point goes on to a vertex
    """

    solver: str
    presolve: bool = True
    warm: bool = False
    iterations: int = NO_LIMIT
    primal: bool = False
    apart: bool = False
    vertex: bool = True


@dataclass(frozen=True, slots=True)
class MixedMethod:
    """How to solve with whole numbers.

    Attributes
    ----------
    gap : relative gap at which to stop
    nodes : most nodes of the search: a count and not a time, so that the same input gives the same answer
    presolve : whether to simplify the model first
    whole : how close to a whole number a value must be
    """

    gap: float
    nodes: int = NO_LIMIT
    presolve: bool = True
    whole: float = 1e-7


class Outcome(Enum):
    """What HiGHS says of a solve."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    STOPPED = "stopped"
    """by a limit, or by trouble of its own: HiGHS can lose its verdict in a clean-up after it has found the optimum"""


@dataclass(frozen=True)
class Result:
    """Values and prices after a solve, and what HiGHS says of them."""

    outcome: Outcome
    x: Floats
    row_dual: Floats
    column_dual: Floats


@dataclass(frozen=True)
class Found:
    """The best plan with whole numbers and the bound that a search has proven; `x` is None where none was found."""

    outcome: Outcome
    x: Floats | None
    bound: float


class SolverError(RuntimeError):
    """HiGHS refused a call or ended in a way that we do not handle: a defect of ours."""


def _check(status: highspy.HighsStatus, call: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS: {call} failed")


def _with_slacks(basis: highspy.HighsBasis, rows: int) -> highspy.HighsBasis:
    """Return a basis for a model with rows added at its end, all slack: a plan that keeps them keeps its vertex."""
    result = highspy.HighsBasis()
    result.valid, result.col_status = True, basis.col_status
    result.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * (rows - len(basis.row_status))]
    return result


def use_threads() -> None:
    """Let the next instances choose their threads; the number is process-wide, a second value makes run() fail."""
    highspy.Highs.resetGlobalScheduler(True)


class HasMatrix(Protocol):
    """What HiGHS is told of a model beside its costs and bounds."""

    @property
    def matrix(self) -> sp.csc_array:
        """The coefficients, by columns."""


class Highs:
    """One HiGHS instance with one model and one objective.

    Raises
    ------
    SolverError
        if HiGHS does not take the model as it is.
    """

    def __init__(self, model: HasMatrix, costs: Floats, held: Held, threads: int, integer: Bools | None = None) -> None:
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.option("output_flag", False)
        self.option("threads", threads)
        # Inside, the objective is scaled by a power of 2, since the tolerances of HiGHS are absolute.
        largest = float(np.abs(costs).max(initial=0.0))
        self._scale = float(2.0 ** -np.ceil(np.log2(max(largest / LARGEST_COST, 1.0))))
        self._bounds, self._sums = held.bounds, list[Ints]()
        self._load(model, costs * self._scale, held.bounds, integer)
        for cap in held.caps:
            self._cap(cap)

    def option(self, name: str, value: bool | int | float | str) -> None:
        """Set an option of HiGHS."""
        _check(self._highs.setOptionValue(name, value), f"option {name}")

    def _load(self, model: HasMatrix, costs: Floats, bounds: Bounds, integer: Bools | None) -> None:
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
            costs,
            bounds.lower,
            bounds.upper,
            bounds.row_lower,
            bounds.row_upper,
            matrix.indptr.astype(np.int32, copy=False),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data,
            np.zeros(columns, dtype=np.int32) if integer is None else integer.astype(np.int32),
        )
        _check(status, "passModel")
        if (self._highs.getNumCol(), self._highs.getNumRow(), self._highs.getNumNz()) != (columns, rows, matrix.nnz):
            raise SolverError("HiGHS holds another model than it was given")

    def _cap(self, cap: Cap) -> None:
        """Add a row that keeps an earlier stage."""
        used = np.flatnonzero(cap.coefficients).astype(np.int32)
        _check(self._highs.addRow(-INFINITY, cap.upper, len(used), used, cap.coefficients[used]), "addRow")

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """Add rows that every plan keeps; one by one would take longer than solving."""
        if not cuts:
            return
        starts = np.cumsum([0, *(len(cut.columns) for cut in cuts)], dtype=np.int32)
        columns = np.concatenate([cut.columns for cut in cuts]).astype(np.int32)
        upper = np.array([cut.upper for cut in cuts], dtype=np.float64)
        lower = np.full(len(cuts), -INFINITY)
        terms = np.concatenate([cut.coefficients for cut in cuts]).astype(np.float64)
        _check(self._highs.addRows(len(cuts), lower, upper, len(terms), starts[:-1], columns, terms), "addRows")

    def add_sums(self, groups: Sequence[Ints]) -> None:
        """Add a whole number for the sum of each set of whole columns, for the search to branch on."""
        if not groups:
            return
        self.option("presolve_rule_off", KEEP_SUMS)
        for group in groups:
            column, bounds = self._highs.getNumCol(), self._bounds
            least, most = float(bounds.lower[group].sum()), float(bounds.upper[group].sum())
            none = np.zeros(0, dtype=np.int32)
            _check(self._highs.addCol(0.0, least, most, 0, none, np.zeros(0)), "addCol")
            _check(self._highs.changeColIntegrality(column, highspy.HighsVarType.kInteger), "changeColIntegrality")
            members = np.append(group, column).astype(np.int32)
            terms = np.append(np.ones(len(group)), -1.0)
            _check(self._highs.addRow(0.0, 0.0, len(members), members, terms), "addRow")
            self._sums.append(group)

    def row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the bounds of a row."""
        _check(self._highs.changeRowBounds(row, lower, upper), "changeRowBounds")

    def column_bounds(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        _check(self._highs.changeColBounds(column, lower, upper), "changeColBounds")

    def all_bounds(self, bounds: Bounds, columns: Ints, rows: Ints) -> None:
        """Change the bounds of some columns and rows to those given for all."""
        for column in columns.tolist():
            self.column_bounds(column, float(bounds.lower[column]), float(bounds.upper[column]))
        for row in rows.tolist():
            self.row_bounds(row, float(bounds.row_lower[row]), float(bounds.row_upper[row]))

    def stop_above(self, value: float) -> None:
        """Let simplex end as soon as it has proven that the objective is above a value."""
        self.option("objective_bound", value * self._scale if np.isfinite(value) else INFINITY)

    def basis(self) -> highspy.HighsBasis:
        """Return the current basis."""
        return self._highs.getBasis()

    def solve(self, method: Method, seconds: float, basis: highspy.HighsBasis | None) -> Result:
        """Solve by one method, from a basis if one is given.

        The time limit of HiGHS counts from the first solve of the instance.
        """
        # A basis with more rows is of another model.
        if basis is not None and basis.valid and len(basis.row_status) <= self._highs.getNumRow():
            _check(self._highs.setBasis(_with_slacks(basis, self._highs.getNumRow())), "setBasis")
        self.option("simplex_iteration_limit", method.iterations)
        self.option("ipm_iteration_limit", MOST_INTERIOR)
        self.option("simplex_strategy", PRIMAL if method.primal else DUAL)
        self.option("presolve", "choose" if method.presolve else "off")
        limit = self._highs.getRunTime() + seconds if np.isfinite(seconds) else INFINITY
        self.option("time_limit", float(limit))
        self.option("solver", method.solver)
        self.option("run_crossover", "on" if method.vertex else "off")
        return self._apart(seconds) if method.apart else self._run()

    def _apart(self, seconds: float) -> Result:
        """Solve what presolve leaves on an instance of its own, and take its values and prices back.

        HiGHS itself takes the vertex back, which can end far from one, and simplex then mends it without end.
        """
        _check(self._highs.presolve(), "presolve")
        if self._highs.getModelPresolveStatus() != highspy.HighsPresolveStatus.kReduced:
            return self._run()
        inner = highspy.Highs()  # type: ignore[no-untyped-call]
        _check(inner.passOptions(self._highs.getOptions()), "passOptions")
        _check(inner.passModel(self._highs.getPresolvedLp()), "passModel")
        inner.setOptionValue("presolve", "off")
        inner.setOptionValue("time_limit", float(seconds) if np.isfinite(seconds) else INFINITY)
        failed = inner.run() == highspy.HighsStatus.kError
        if failed or not inner.getSolution().value_valid or not inner.getSolution().dual_valid:
            return self._read(Outcome.STOPPED)
        _check(self._highs.postsolve(inner.getSolution()), "postsolve")
        return self._read(Outcome.OPTIMAL)

    def begin_with(self, x: Floats) -> None:
        """Give the search a plan to begin with."""
        solution = highspy.HighsSolution()
        solution.col_value = [*x.tolist(), *(float(np.rint(x[group].sum())) for group in self._sums)]
        _check(self._highs.setSolution(solution), "setSolution")

    def search(self, method: MixedMethod, seconds: float) -> Found:
        """Solve with whole numbers, by branch and bound."""
        self.option("presolve", "choose" if method.presolve else "off")
        self.option("mip_rel_gap", method.gap)
        self.option("mip_abs_gap", min(method.gap * self._scale, 1e-6))
        # HiGHS 1.15 has been seen to crash with 1e-9.
        self.option("mip_feasibility_tolerance", method.whole)
        self.option("mip_max_nodes", method.nodes)
        self.option("time_limit", float(seconds) if np.isfinite(seconds) else INFINITY)
        failed = self._highs.run() == highspy.HighsStatus.kError
        info = self._highs.getInfo()
        # What HiGHS says of the values is not asked: it takes back a plan that is off by a hair.
        values = np.asarray(self._highs.getSolution().col_value, dtype=np.float64)
        found = info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusNone)
        own = len(values) - len(self._sums)
        x = values[:own] if found and len(values) == self._highs.getNumCol() else None
        bound = float(info.mip_dual_bound) / self._scale
        return Found(
            outcome=Outcome.STOPPED if failed else self._outcome(),
            x=x,
            bound=bound if np.isfinite(bound) and abs(bound) < INFINITY and not failed else -np.inf,
        )

    def _run(self) -> Result:
        failed = self._highs.run() == highspy.HighsStatus.kError
        return self._read(Outcome.STOPPED if failed else self._outcome())

    def _read(self, outcome: Outcome) -> Result:
        """Return the values and prices that HiGHS holds."""
        solution = self._highs.getSolution()
        return Result(
            outcome=outcome,
            x=np.asarray(solution.col_value, dtype=np.float64),
            row_dual=np.asarray(solution.row_dual, dtype=np.float64) / self._scale,
            column_dual=np.asarray(solution.col_dual, dtype=np.float64) / self._scale,
        )

    def _outcome(self) -> Outcome:
        status = self._highs.getModelStatus()
        known = highspy.HighsModelStatus
        if status in (known.kOptimal, known.kModelEmpty):
            return Outcome.OPTIMAL
        if status == known.kInfeasible:
            return Outcome.INFEASIBLE
        if status == known.kUnbounded:
            return Outcome.UNBOUNDED
        return Outcome.STOPPED
