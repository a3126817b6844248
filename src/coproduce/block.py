"""The parts that constraint families hand in: columns, terms to shared row groups, and row groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from .calendar import Floats, Ints
from .network import Network
from .reach import Reach

COST = "cost"
TIDY = "tidy"
MONEY = "money"


def tier_stage(tier: int) -> str:
    """Return the name of the stage of a tier counted from 0 (internal order of priorities)."""
    return f"tier:{tier}"


@dataclass(frozen=True)
class Limit:
    """The cell of the input that a bound comes from.

    Attributes
    ----------
    kind : name of the limit in results; empty where its bound is not worth a marginal value
    table, column : the cell's table and column; its row is the entity, or `row[entity]`
    row : (entity,) row of the table; None where it is the entity itself
    """

    kind: str
    table: str
    column: str
    row: Ints | None = None

    def table_row(self, entity: int) -> int:
        """Return the row of the table that the limit of an entity stands in; -1 for none."""
        return entity if self.row is None else int(self.row[entity])


@dataclass(frozen=True)
class Columns:
    """One kind of variable.

    Attributes
    ----------
    entity, bucket : (column,) what and when, sorted by entity, then bucket
    lower, upper : (column,) bounds
    stages : objective coefficients (column,) by the name of the stage; absent means 0
    lower_limit, upper_limit : cells that the bounds come from
    integer : whether the columns take whole numbers only
    """

    kind: str
    entity: Ints
    bucket: Ints
    lower: Floats
    upper: Floats
    stages: Mapping[str, Floats] = field(default_factory=dict)
    lower_limit: Limit | None = None
    upper_limit: Limit | None = None
    integer: bool = False

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.entity)

    def position(self, shape: tuple[int, int]) -> Ints:
        """Return an (entity, bucket) array with the number of each column, -1 where there is none."""
        result = np.full(shape, -1, dtype=np.int64)
        result[self.entity, self.bucket] = np.arange(len(self))
        return result


@dataclass(frozen=True)
class Terms:
    """What columns of one kind add to rows of one group.

    Attributes
    ----------
    purpose : what the terms mean, so that results can be read off them (`produced`, `moved_in`, ...)
    entity, bucket : (term,) the row
    column : (term,) number of the column inside its kind
    """

    kind: str
    group: str
    purpose: str
    entity: Ints
    bucket: Ints
    column: Ints
    value: Floats


@dataclass(frozen=True)
class Rows:
    """One row group: bounds for every (entity, bucket).

    Attributes
    ----------
    lower, upper : (entity, bucket)
    lower_limit, upper_limit : cells that the bounds come from
    whole : whether a row stands for the whole horizon and not for a bucket
    """

    group: str
    lower: Floats
    upper: Floats
    lower_limit: Limit | None = None
    upper_limit: Limit | None = None
    whole: bool = False


class Family(Protocol):
    """A constraint family: one file that knows the network and the row groups, and no other family."""

    def declare(self, network: Network, reach: Reach) -> Sequence[Columns]:
        """First pass: return the columns of this family."""

    def contribute(self, network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
        """Second pass: return terms of the family's own columns, and the row groups that it owns."""
