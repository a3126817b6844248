"""What the tables of answers are made from: the case, and the rows of all replications read one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...calendar import Floats
from ...stress.chunk import chunk_bounds, taken_apart
from .case import Case
from .chunks import Chunks


@dataclass(frozen=True)
class Source:
    """A case with its first `count` chunks."""

    case: Case
    chunks: Chunks
    count: int

    @property
    def replications(self) -> int:
        """Replications in these chunks."""
        return sum(chunk_bounds(self.chunks.replications, number)[1] for number in range(self.count))

    def rows(self, name: str) -> Iterator[Floats]:
        """Yield (replication,) each row of a part of the layout."""
        return self.chunks.rows(self.case.study.layout[name], self.count)

    def quiet(self, name: str) -> Floats:
        """Return (row,) the rows of a replication without any event."""
        return self.case.study.quiet[self.case.study.layout[name]]

    @cached_property
    def losses(self) -> Floats:
        """(risk, 2, replication taken apart) what each risk causes."""
        return self.chunks.losses(self.count)

    def apart(self, name: str) -> Floats:
        """Return (replication taken apart,) the last row of a part, of those replications."""
        (row,) = self.chunks.rows(slice(self.case.study.layout[name].stop - 1, self.case.study.layout[name].stop),
                                  self.count)  # fmt: skip
        bounds = [chunk_bounds(self.chunks.replications, number) for number in range(self.count)]
        return np.concatenate(
            [row[first : first + taken_apart(self.case.study, first, size)] for first, size in bounds]
        )
