"""What prices prove: a lower bound for a stage, and the face of its optimal plans to which later stages are held."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from ..calendar import Floats
from .assemble import Model

# HiGHS calls a reduced cost 0 within this tolerance, relative to the largest coefficient of the stage.
DUAL_TOLERANCE = 1e-7
# Prices above this, likewise relative, are taken for real when a stage is narrowed to its optimal face.
FACE_TOLERANCE = 1e-9
# A value within this of a bound, relative to 1 + the bound, rests there.
AT_BOUND = 1e-9
# A plan is one if it keeps all bounds to this, relative to 1 + the bound.
FEASIBLE = 1e-6
# A cap on a stage with whole numbers leaves this much room, relative to 1 + its value: that of the solver's rounding.
ROOM = 1e-7
# The narrowed face of a stage may lose this much of its value, relative to 1 + it, before a cap is added.
LOSS = 1e-6
# Coefficients of such a cap are left out below this share of the largest.
SLIGHT = 1e-9


@dataclass(frozen=True)
class Bounds:
    """Bounds in force: those of the model, narrowed stage by stage."""

    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats

    @classmethod
    def of(cls, model: Model) -> Bounds:
        """Return the bounds of a model."""
        return cls(model.lower, model.upper, model.row_lower, model.row_upper)


@dataclass(frozen=True)
class Cap:
    """A row that keeps an earlier stage: coefficients . x <= upper."""

    coefficients: Floats
    upper: float


def violation(matrix: sp.csc_array, bounds: Bounds, caps: tuple[Cap, ...], x: Floats, activity: Floats) -> float:
    """Return how far a plan is outside its bounds and caps at the worst place.

    A column counts relative to 1 + its bound, a cap and a row relative to 1 + its largest term or bound: kilograms by
    the million do not balance to a millionth of one.
    """
    worst = max((_excess(cap, x) for cap in caps), default=0.0)
    for bound, side in ((bounds.lower, -1), (bounds.upper, 1)):
        worst = max(worst, float(_outside(bound, x, side, 1 + np.abs(bound)).max(initial=0.0)))
    size = 1.0 + np.zeros(len(activity))
    rows = ((bounds.row_lower, -1), (bounds.row_upper, 1))
    if any((_outside(bound, activity, side, 1 + np.abs(bound)) > FEASIBLE).any() for bound, side in rows):
        size += _largest_terms(matrix, x)
    for bound, side in rows:
        worst = max(worst, float(_outside(bound, activity, side, size + np.abs(bound)).max(initial=0.0)))
    return worst


def _excess(cap: Cap, x: Floats) -> float:
    terms = cap.coefficients * x
    return float((terms.sum() - cap.upper) / (1 + max(abs(cap.upper), np.abs(terms).max(initial=0.0))))


def _outside(bound: Floats, values: Floats, side: int, size: Floats) -> Floats:
    """Return by how much values are beyond their finite bounds, relative to their size."""
    finite = np.isfinite(bound)
    result: Floats = side * (values[finite] - bound[finite]) / size[finite]
    return result


def _largest_terms(matrix: sp.csc_array, x: Floats) -> Floats:
    """Return (row,) the largest absolute term of each row."""
    result = np.zeros(matrix.shape[0])
    np.maximum.at(result, matrix.indices, np.abs(matrix.data) * np.repeat(np.abs(x), np.diff(matrix.indptr)))
    return result


@dataclass(frozen=True)
class Prices:
    """Prices of a solved stage, of the right sign on every row.

    Attributes
    ----------
    rows : (row,) price of each row of the model
    reduced : (column,) costs minus what the column's terms are worth, prices of caps included
    caps : value of the caps at their prices
    scale : 1 + the largest coefficient of the stage, to which tolerances are relative
    """

    rows: Floats
    reduced: Floats
    caps: float
    scale: float


def prices(matrix: sp.csc_array, bounds: Bounds, costs: Floats, caps: tuple[Cap, ...], row_dual: Floats) -> Prices:
    """Return prices from the solver's row duals (rows of the model, then caps); reduced costs are computed here."""
    rows = len(bounds.row_lower)
    y = row_dual[:rows].copy()
    y[(y > 0) & ~np.isfinite(bounds.row_lower)] = 0.0
    y[(y < 0) & ~np.isfinite(bounds.row_upper)] = 0.0
    reduced = costs - matrix.T @ y
    worth = 0.0
    for cap, price in zip(caps, np.minimum(row_dual[rows:], 0.0).tolist(), strict=True):
        reduced -= price * cap.coefficients
        worth += price * cap.upper
    return Prices(y, reduced, worth, 1 + float(np.abs(costs).max(initial=0.0)))


def dual_bound(bounds: Bounds, known: Prices) -> float:
    """Return the Lagrangian lower bound of a stage; weak duality makes it valid for any prices.

    bound = sum_i y_i (lower_i if y_i > 0 else upper_i) + sum_j z_j (lower_j if z_j > 0 else upper_j) + caps.
    A negative reduced cost of a column without an upper bound counts as 0 within the solver's dual tolerance;
    beyond it nothing is proven.
    """
    reduced = known.reduced.copy()
    open_above = ~np.isfinite(bounds.upper) & (reduced < 0)
    if (reduced[open_above] < -DUAL_TOLERANCE * known.scale).any():
        return -np.inf
    reduced[open_above] = 0.0
    columns = _support(reduced, bounds.lower, bounds.upper)
    return columns + _support(known.rows, bounds.row_lower, bounds.row_upper) + known.caps


def _support(y: Floats, lower: Floats, upper: Floats) -> float:
    """Return the least of y . v over lower <= v <= upper, all relevant bounds finite."""
    up, down = y > 0, y < 0
    return float(y[up] @ lower[up] + y[down] @ upper[down])


@dataclass(frozen=True)
class Held:
    """What holds later stages to the earlier ones: narrowed bounds and, where some loss is allowed, caps.

    A cap of no width would do in theory; solvers meet it only within their feasibility tolerance, and slowly.

    Attributes
    ----------
    stages : number of earlier stages
    spare : caps of stages that are held by narrowed bounds, for use where these turn out to be too wide
    """

    bounds: Bounds
    caps: tuple[Cap, ...]
    stages: int
    spare: tuple[Cap, ...] = ()

    def after(
        self, matrix: sp.csc_array, costs: Floats, known: Prices, x: Floats, activity: Floats, tolerance: float
    ) -> Held:
        """Return what holds the stages after one that ended with the plan `x`; `tolerance` is a share of its value."""
        value = float(costs @ x)
        if tolerance > 0:
            cap = Cap(costs, value + tolerance * abs(value))
            return replace(self, caps=(*self.caps, cap), stages=self.stages + 1)
        face = _optimal_face(self.bounds, costs, known, x, activity)
        kept = _left(matrix, face, costs, known)
        cap = Cap(kept, float(kept @ x) + LOSS * (1 + abs(value)))
        return replace(self, bounds=face, stages=self.stages + 1, spare=(*self.spare, cap))

    def tightened(self, x: Floats) -> Held | None:
        """Return what holds with a cap on every earlier stage that a later plan `x` worsens; None if it worsens none.

        Where the coefficients of a stage differ by many powers of ten, reduced costs that are too small to be told
        from rounding can still add up to a loss.
        """
        broken = tuple(cap for cap in self.spare if float(cap.coefficients @ x) > cap.upper)
        if not broken:
            return None
        spare = tuple(cap for cap in self.spare if all(cap is not one for one in broken))
        return replace(self, caps=(*self.caps, *broken), spare=spare)


def _left(matrix: sp.csc_array, face: Bounds, costs: Floats, known: Prices) -> Floats:
    """Return the coefficients of a stage on its face, where all else of it is fixed.

    On rows that are tight there the stage costs . x equals (costs - matrix.T y) . x up to a constant, with the prices y
    of those rows; small coefficients are left, which a solver keeps better than those of the stage.
    """
    tight = face.row_lower == face.row_upper
    reduced = costs - matrix.T @ np.where(tight, known.rows, 0.0)
    result: Floats = np.where(face.lower == face.upper, 0.0, reduced)
    result[np.abs(result) < SLIGHT * np.abs(result).max(initial=0.0)] = 0.0
    return result


def capped(held: Held, costs: Floats, x: Floats, tolerance: float) -> Held:
    """Return what holds the stages after one with whole numbers: no prices prove which of its plans are optimal.

    A stage that cannot be below 0 and ended there has every column with a cost at 0; else a row caps its value.
    """
    bounds, value = held.bounds, float(costs @ x)
    room = ROOM * (1 + abs(value))
    if value <= AT_BOUND and (costs >= 0).all() and (bounds.lower[costs > 0] == 0).all():
        none = replace(bounds, upper=np.where(costs > 0, 0.0, bounds.upper))
        return replace(held, bounds=none, stages=held.stages + 1)
    most = value + max(tolerance * abs(value), room)
    return replace(held, caps=(*held.caps, Cap(costs, most)), stages=held.stages + 1)


def _at(values: Floats, bound: Floats) -> npt.NDArray[np.bool_]:
    """Return where values rest at a finite bound."""
    result: npt.NDArray[np.bool_] = np.abs(values - np.where(np.isfinite(bound), bound, np.inf)) <= AT_BOUND * (
        1 + np.abs(np.where(np.isfinite(bound), bound, 0.0))
    )
    return result


def _optimal_face(bounds: Bounds, costs: Floats, known: Prices, x: Floats, activity: Floats) -> Bounds:
    """Return the bounds narrowed to the plans that are optimal in a stage that was solved by `x`.

    By complementary slackness a column with a reduced cost rests at its bound in every optimal plan, and a row with a
    price is tight; only where `x` itself does so is the bound narrowed, so that it stays within. A stage that cannot
    be below 0 and ended there has every column with a cost at 0.
    """
    tolerance = FACE_TOLERANCE * known.scale
    at_lower = (known.reduced > tolerance) & _at(x, bounds.lower)
    at_upper = (known.reduced < -tolerance) & _at(x, bounds.upper) & ~at_lower
    if float(costs @ x) <= tolerance and (costs >= 0).all() and (bounds.lower[costs > 0] == 0).all():
        at_lower |= (costs > 0) & _at(x, bounds.lower)
    tight_below = (known.rows > tolerance) & _at(activity, bounds.row_lower)
    tight_above = (known.rows < -tolerance) & _at(activity, bounds.row_upper)
    return Bounds(
        lower=np.where(at_upper, bounds.upper, bounds.lower),
        upper=np.where(at_lower, bounds.lower, bounds.upper),
        row_lower=np.where(tight_above, bounds.row_upper, bounds.row_lower),
        row_upper=np.where(tight_below, bounds.row_lower, bounds.row_upper),
    )
