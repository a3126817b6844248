"""A small linear programme in stages: sums with a limit, columns from 0 on, each stage kept by the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..calendar import Floats
from ..plan.duality import Bounds, Cap, Held
from ..plan.highs import INFINITY, Highs, Method, Outcome

# By how much a later stage may worsen an earlier one, where all that is owed is a million: of a thousand million it is
# a hundredth of a cent.
KEPT = 1e-7


class ProgramError(RuntimeError):
    """HiGHS found no solution of a programme that always has one (nothing at all): a defect of ours."""


@dataclass(frozen=True)
class Program:
    """Rows that limit sums of columns.

    Attributes
    ----------
    rows : columns of each row, and their weights
    most : (rows,) the most that each sum may be
    columns : number of columns
    """

    rows: Sequence[tuple[Sequence[int], Floats | float]]
    most: Floats
    columns: int

    @property
    def matrix(self) -> sp.csc_array:
        """(rows, columns) weights."""
        sizes = [len(columns) for columns, _ in self.rows]
        values = [np.broadcast_to(np.asarray(weight, dtype=float), size) for (_, weight), size in
                  zip(self.rows, sizes, strict=True)]  # fmt: skip
        indices = np.concatenate([np.asarray(columns, dtype=np.int64) for columns, _ in self.rows])
        return sp.csc_array(
            sp.csr_array(
                (np.concatenate(values), indices, np.concatenate([[0], np.cumsum(sizes)])),
                shape=(len(self.rows), self.columns),
            )
        )


def solved(program: Program, stages: Sequence[Floats]) -> Floats:
    """Return the columns that are least in each stage in turn.

    Raises
    ------
    ProgramError
        if the solver ends without an optimum.
    """
    rows = len(program.rows)
    caps: tuple[Cap, ...] = ()
    bounds = Bounds(
        np.zeros(program.columns), np.full(program.columns, INFINITY), np.full(rows, -INFINITY),
        np.maximum(program.most, 0.0),
    )  # fmt: skip
    values = np.zeros(program.columns)
    for costs in stages:
        result = Highs(program, costs, Held(bounds, caps, len(caps)), threads=1).solve(
            Method("simplex", primal=True), np.inf, None
        )
        if result.outcome is not Outcome.OPTIMAL:
            raise ProgramError("the allocation to funds has no solution")
        values = np.maximum(result.x, 0.0)
        caps = (*caps, Cap(costs, float(costs @ values) + KEPT))
    return values
