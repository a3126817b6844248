"""Array types and the turning of table columns into arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def floats(column: pl.Series, empty: float = 0.0) -> Floats:
    """Return a number column as an array; an empty cell becomes `empty`."""
    return column.cast(pl.Float64).fill_null(empty).to_numpy().astype(np.float64)


def positions(names: pl.Series, ids: pl.Series) -> Ints:
    """Return for every name its position in `ids`, and -1 for a name that is not there or empty."""
    known = pl.DataFrame({"id": ids.cast(pl.String), "at": np.arange(len(ids), dtype=np.int64)})
    asked = pl.DataFrame({"id": names.cast(pl.String)})
    found = asked.join(known.unique("id", keep="first"), on="id", how="left", maintain_order="left")
    return found["at"].fill_null(-1).to_numpy().astype(np.int64)


def spans(counts: Ints) -> tuple[Ints, Ints]:
    """Expand a list of counts.

    Returns
    -------
    owner : (sum of counts,) the position in `counts` that each element belongs to
    rank : (sum of counts,) its number among the elements of that owner, from 0
    """
    owner = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner), dtype=np.int64) - first[owner]


def total(size: int, where: Ints, amount: Floats) -> Floats:
    """Sum `amount` by position `where` into an array of `size`."""
    return np.bincount(where, weights=amount, minlength=size).astype(np.float64)
