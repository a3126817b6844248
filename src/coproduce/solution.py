"""A solved plan: values of the columns, what was proven stage by stage, and which limits bind."""

from __future__ import annotations

from dataclasses import dataclass

from .calendar import Floats


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the optimisation.

    Attributes
    ----------
    name : name of the stage in the model
    value : value of the final plan
    bound : proven lower bound under the earlier stages; minus infinity where nothing was proven
    status : `optimal`; `time_limit` when the time ran out before; `unproven` when the solver got no further
    """

    name: str
    value: float
    bound: float
    seconds: float
    status: str

    @property
    def gap(self) -> float:
        """Relative gap: (value - bound) / max(|value|, 1)."""
        return max(self.value - self.bound, 0.0) / max(abs(self.value), 1.0)


@dataclass(frozen=True, slots=True)
class Marginal:
    """The worth of one unit of a limit, by re-solving its stage with one unit more and one unit less.

    Attributes
    ----------
    kind, entity, bucket : the limit (`block.Limit.kind`), its entity, the bucket that was changed; -1: the horizon
    table, row, column : the cell that sets it
    limit : its value in force, in that bucket
    one_more, one_less : change of the stage's value (negative is better); one_less is NaN where less is impossible
    binding : buckets in which the limit of this entity has a price in this stage
    """

    stage: str
    kind: str
    entity: int
    bucket: int
    table: str
    row: int
    column: str
    limit: float
    one_more: float
    one_less: float
    binding: tuple[int, ...]


@dataclass(frozen=True)
class Solution:
    """Values of all columns of a model, the stages and the marginal values."""

    x: Floats
    stages: tuple[Stage, ...]
    marginals: tuple[Marginal, ...]
