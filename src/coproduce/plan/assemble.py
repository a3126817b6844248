"""Sums the contributions of all families into one linear programme; their order does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..block import COST, MONEY, TIDY, Columns, Family, Rows, Terms, tier_stage
from ..calendar import Floats, Ints
from ..network import Bools, Network
from ..reach import Reach, reach
from .families import families

# HiGHS drops coefficients up to this size; a share this small comes from rounding alone.
SMALLEST = 1e-9


@dataclass(frozen=True)
class Model:
    """min stage . x  subject to  row_lower <= A x <= row_upper,  lower <= x <= upper, for each stage in turn.

    Attributes
    ----------
    columns, rows : by kind and group, in the order in which they are numbered
    offset : first column of each kind
    matrix : A by columns
    integer : (column,) whether it takes whole numbers only
    row_index : (row,) number of each row in the dense numbering of groups x entities x buckets
    group_offset : first number of each group in that numbering
    stages : names of the stages in the order in which they are solved
    """

    columns: Mapping[str, Columns]
    offset: Mapping[str, int]
    rows: Mapping[str, Rows]
    group_offset: Mapping[str, int]
    terms: Sequence[Terms]
    matrix: sp.csc_array
    lower: Floats
    upper: Floats
    integer: Bools
    row_lower: Floats
    row_upper: Floats
    row_index: Ints
    stages: tuple[str, ...]
    reach: Reach
    network: Network

    def objective(self, stage: str) -> Floats:
        """Return (column,) the coefficients of a stage; `money` adds the costs to the money of deliveries."""
        names = (COST, MONEY) if stage == MONEY else (stage,)
        result = np.zeros(len(self.lower))
        for kind, columns in self.columns.items():
            part = result[self.offset[kind] : self.offset[kind] + len(columns)]
            for name in names:
                if name in columns.stages:
                    part += columns.stages[name]
        return result

    def values(self, kind: str, x: Floats) -> Floats:
        """Return the values of one kind of column."""
        return x[self.offset[kind] : self.offset[kind] + len(self.columns[kind])]

    def row_of(self, group: str, entity: int, bucket: int) -> int:
        """Return the number of a row in the matrix; -1 where it was left out as empty."""
        number = self.group_offset[group] + entity * self.rows[group].upper.shape[1] + bucket
        at = int(np.searchsorted(self.row_index, number))
        return at if at < len(self.row_index) and self.row_index[at] == number else -1


def _offsets(sizes: Mapping[str, int]) -> tuple[dict[str, int], int]:
    offsets: dict[str, int] = {}
    total = 0
    for name, size in sizes.items():
        offsets[name] = total
        total += size
    return offsets, total


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate([part.ravel() for part in parts]) if parts else np.zeros(0)


def assemble(network: Network, parts: Sequence[Family] | None = None, known: Reach | None = None) -> Model:
    """Build the linear programme of a network; `parts` are all families and `known` is its reach, if not given.

    Columns are numbered by kind, entity and bucket and rows by group, entity and bucket, both in the order of
    their names, so that neither the order of the families nor an installed one changes the matrix of the others.
    """
    chosen = families() if parts is None else parts
    known = reach(network) if known is None else known
    declared = [columns for family in chosen for columns in family.declare(network, known)]
    columns = {part.kind: part for part in sorted(declared, key=lambda part: part.kind)}
    terms: list[Terms] = []
    groups: list[Rows] = []
    for family in chosen:
        own_terms, own_rows = family.contribute(network, columns)
        terms += own_terms
        groups += own_rows
    rows = {part.group: part for part in sorted(groups, key=lambda part: part.group)}
    terms.sort(key=lambda part: (part.group, part.kind, part.purpose))
    offset, width = _offsets({kind: len(part) for kind, part in columns.items()})
    group_offset, height = _offsets({group: part.upper.size for group, part in rows.items()})
    matrix, row_index, row_lower, row_upper = _matrix(rows, group_offset, offset, terms, (height, width))
    stages = (MONEY, TIDY) if network.money else (*map(tier_stage, range(len(network.priorities))), COST, TIDY)
    return Model(
        columns=columns,
        offset=offset,
        rows=rows,
        group_offset=group_offset,
        terms=terms,
        matrix=matrix,
        lower=_joined([part.lower for part in columns.values()]),
        upper=_joined([part.upper for part in columns.values()]),
        integer=np.repeat([part.integer for part in columns.values()], [len(part) for part in columns.values()]),
        row_lower=row_lower,
        row_upper=row_upper,
        row_index=row_index,
        stages=stages,
        reach=known,
        network=network,
    )


def _matrix(
    rows: Mapping[str, Rows],
    group_offset: Mapping[str, int],
    offset: Mapping[str, int],
    terms: Sequence[Terms],
    shape: tuple[int, int],
) -> tuple[sp.csc_array, Ints, Floats, Floats]:
    """Return the matrix without its idle rows, the rows kept, and their bounds."""
    row = np.concatenate(
        [group_offset[part.group] + part.entity * rows[part.group].upper.shape[1] + part.bucket for part in terms]
    )
    column = np.concatenate([offset[part.kind] + part.column for part in terms])
    value = np.concatenate([part.value for part in terms])
    lower, upper = _joined([part.lower for part in rows.values()]), _joined([part.upper for part in rows.values()])
    # A row without a finite bound cannot bind, and one without terms can only be broken by its own bounds.
    bounded = np.isfinite(lower) | np.isfinite(upper)
    kept = np.zeros(shape[0], dtype=bool)
    kept[row] = True
    kept = (kept & bounded) | (lower > 0) | (upper < 0)
    number = np.cumsum(kept) - 1
    used = kept[row] & (np.abs(value) > SMALLEST)
    if not used.all():
        row, column, value = row[used], column[used], value[used]
    index_type = np.int32 if max(shape) < np.iinfo(np.int32).max else np.int64
    matrix = sp.coo_array(
        (value, (number[row].astype(index_type), column.astype(index_type))), shape=(int(kept.sum()), shape[1])
    ).tocsc()
    matrix.eliminate_zeros()  # terms of one entry may cancel, and the solver does not keep what is 0
    return matrix, np.flatnonzero(kept), lower[kept], upper[kept]
