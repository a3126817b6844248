"""From ids to positions, and from lead times to shared patterns."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import DAY, FIRST, LAST, SPREAD, Floats, Ints, Shares, Timeline, lead_shares
from ..network import Bools


def positions(ids: pl.Series, of: pl.Series) -> Ints:
    """Return the row of each id in the column `of`; -1 for an empty id."""
    known = pl.DataFrame({"id": of, "row": np.arange(len(of))})
    found = pl.DataFrame({"id": ids}).join(known, on="id", how="left", maintain_order="left")
    return found["row"].fill_null(-1).to_numpy().astype(np.int64)


def floats(column: pl.Series, empty: float) -> Floats:
    """Return a column of numbers; `empty` stands for empty cells."""
    return column.fill_null(empty).to_numpy().astype(np.float64)


def seconds_of_days(days: Floats) -> Ints:
    """Return days as whole seconds."""
    return np.rint(days * DAY).astype(np.int64)


def shared_patterns(timeline: Timeline, leads: Ints, modes: Ints) -> tuple[Shares, Ints]:
    """Return the distinct lead-time patterns and the pattern of each row."""
    distinct, pattern = np.unique(leads * 3 + modes, return_inverse=True)
    return lead_shares(timeline, distinct // 3, distinct % 3), pattern.astype(np.int64)


def arrival_mode(rounding: str) -> int:
    """Return how outputs, purchases and shipments arrive."""
    return LAST if rounding == "up" else SPREAD


def whole_mode(modes: Ints, whole: Bools) -> Ints:
    """Return the modes with that of lots: where others are spread, a lot is whole in the first bucket it reaches."""
    return np.where(whole & (modes == SPREAD), FIRST, modes)


def withdrawal_mode(rounding: str) -> int:
    """Return how inputs are taken."""
    return FIRST if rounding == "up" else SPREAD
