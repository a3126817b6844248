"""The rest of a plan from a bucket on, as a linear programme of its least loss: what came before stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from ..block import tier_stage
from ..calendar import Floats, Ints
from ..plan.duality import Bounds
from .planned import DECIDED, Planned

# Columns that belong to no bucket.
_TIMELESS = ("unmet",)
# A loss below this share of 1 + the lateness that the plan has in the tier is none.
LOSS = 1e-6


@dataclass(frozen=True)
class Remainder:
    """min sum of losses over what is still free at the beginning of a bucket; without an outage it is not above 0.

    The loss of a tier is what its weighted late unit-days exceed those of the plan by. Of one tier it is `costs @ x`
    less `base`. Several tiers must not make up for each other: columns of the programme come first, then one for the
    loss of each tier, and the last rows tie these to their tiers; `base` is 0.

    Attributes
    ----------
    columns, rows : (free column,) and (kept row,) their numbers in the model
    x : (free column,) or (free column + tier,) the plan
    base : weighted late unit-days of the plan that the costs count
    late : (tier,) weighted late unit-days of the plan
    """

    planned: Planned
    start: int
    columns: Ints
    rows: Ints
    matrix: sp.csc_array
    bounds: Bounds
    costs: Floats
    x: Floats
    base: float
    late: Floats

    @property
    def tolerance(self) -> float:
        """Weighted late unit-days that count as no loss."""
        return LOSS * float((1 + self.late).sum())

    def loss(self, x: Floats) -> float:
        """Return the loss of another plan; below 0 where it is better than the plan itself."""
        return float(self.costs @ x) - self.base

    def local_columns(self, kind: str, entities: Ints) -> tuple[Ints, Ints]:
        """Return the free columns of some entities of a kind, and their buckets."""
        model = self.planned.model
        if kind not in model.columns:
            none = np.zeros(0, dtype=np.int64)
            return none, none
        of_kind = model.columns[kind]
        own = np.flatnonzero(np.isin(of_kind.entity, entities) & (of_kind.bucket >= self.start))
        return np.searchsorted(self.columns, model.offset[kind] + own), of_kind.bucket[own]

    def local_rows(self, group: str, entities: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the kept rows of some entities of a group, their entities and their buckets."""
        model = self.planned.model
        if group not in model.rows:
            none = np.zeros(0, dtype=np.int64)
            return none, none, none
        first, (size, count) = model.group_offset[group], model.rows[group].upper.shape
        number = model.row_index[self.rows] - first
        own = np.flatnonzero((number >= 0) & (number < size * count) & np.isin(number // count, entities))
        return own, number[own] // count, number[own] % count


def remainder(planned: Planned, start: int, tiers: Sequence[int]) -> Remainder:
    """Return what is left to decide of a plan at the beginning of bucket `start`.

    Options and milestones stay as the plan has them; least stocks (`minimum`) may be drawn down from then on.

    Parameters
    ----------
    tiers : the tiers, counted from 0, in which nothing may be lost
    """
    model, x = planned.model, planned.x
    free = _free(planned, start)
    columns = np.flatnonzero(free)
    done = model.matrix @ np.where(free, 0.0, x)
    used = np.bincount(model.matrix[:, columns].indices, minlength=len(done)) > 0
    rows = np.flatnonzero(used)
    own = sp.csc_array(model.matrix[:, columns][rows])
    activity, past = own @ x[columns], done[rows]
    costs = np.array([model.objective(tier_stage(tier)) for tier in tiers])
    late = costs @ x
    lower, upper = model.lower[columns].copy(), np.maximum(model.upper[columns], x[columns])
    stock = _of_kind(planned, "stock")[columns]
    lower[stock] = np.minimum(lower[stock], 0.0)
    bounds = Bounds(
        lower=np.minimum(lower, x[columns]),
        upper=upper,
        row_lower=np.minimum(model.row_lower[rows] - past, activity),
        # What the plan is off by rounding is not asked of the solver.
        row_upper=np.maximum(model.row_upper[rows] - past, activity),
    )
    single, base = costs[0, columns], float(costs[0, columns] @ x[columns])
    rest = Remainder(planned, start, columns, rows, own, bounds, single, x[columns], base, late)
    return rest if len(tiers) == 1 else _tied(rest, costs[:, columns])


def _tied(rest: Remainder, costs: Floats) -> Remainder:
    """Return the programme of several tiers, none of which makes up for another; `costs` are (tier, free column)."""
    count, (rows, columns) = len(costs), rest.matrix.shape
    scale = np.maximum(np.abs(costs).max(axis=1, initial=0.0), 1.0)
    ties = sp.hstack([sp.csc_array(costs / scale[:, None]), -sp.diags_array(1 / scale)])
    none, endless, own = np.zeros(count), np.full(count, np.inf), rest.bounds
    bounds = Bounds(
        lower=np.concatenate([own.lower, none]),
        upper=np.concatenate([own.upper, endless]),
        row_lower=np.concatenate([own.row_lower, -endless]),
        row_upper=np.concatenate([own.row_upper, (costs @ rest.x) / scale]),
    )
    return replace(
        rest,
        matrix=sp.csc_array(sp.vstack([sp.hstack([rest.matrix, sp.csc_array((rows, count))]), ties])),
        bounds=bounds,
        costs=np.concatenate([np.zeros(columns), np.ones(count)]),
        x=np.concatenate([rest.x, none]),
        base=0.0,
    )


def _of_kind(planned: Planned, *kinds: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return (column,) whether a column is of one of some kinds."""
    model = planned.model
    result = np.zeros(len(model.lower), dtype=bool)
    for kind in kinds:
        if kind in model.columns:
            result[model.offset[kind] : model.offset[kind] + len(model.columns[kind])] = True
    return result


def _free(planned: Planned, start: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return (column,) what is still open at the beginning of a bucket."""
    bucket = np.concatenate([columns.bucket for columns in planned.model.columns.values()])
    late = (bucket >= start) | _of_kind(planned, *_TIMELESS)
    return np.asarray(late & ~_of_kind(planned, *DECIDED))
