"""Expands (entity, departure) columns over the buckets that their flows reach."""

from __future__ import annotations

import numpy as np

from ..block import Columns
from ..calendar import Floats, Ints, Shares


def columns_of(entity: Ints, columns: Columns, entities: int) -> tuple[Ints, Ints]:
    """Return, for lines that belong to entities, every (line, column) pair.

    Parameters
    ----------
    entity : (line,) entity of each line
    columns : sorted by entity
    """
    start = np.searchsorted(columns.entity, np.arange(entities + 1))
    sizes = np.diff(start)[entity]
    line = np.repeat(np.arange(len(entity)), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    column = start[entity][line] + np.arange(len(line)) - first[line]
    return line, column


def arrivals(shares: Shares, pattern: Ints, departure: Ints) -> tuple[Ints, Ints, Floats]:
    """Return, for departures by pattern and bucket, every (departure, bucket reached, share)."""
    row = pattern * shares.count + departure
    sizes = np.diff(shares.start)[row]
    which = np.repeat(np.arange(len(row)), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    entry = shares.start[row][which] + np.arange(len(which)) - first[which]
    return which, shares.bucket[entry], shares.share[entry]
