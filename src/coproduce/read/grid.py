"""A sheet as a grid of text, before its header is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Rows = npt.NDArray[np.int64]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of a sheet as text, header included.

    Attributes
    ----------
    frame : columns named c0, c1, ... by their position
    rows : (row,) record number of each row, as a spreadsheet shows it
    merged : first and last cell of each merged range, row and column counted from 0
    """

    file: str
    sheet: str
    frame: pl.DataFrame
    rows: Rows
    merged: tuple[Range, ...] = ()


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose text cells have no white space around them; empty ones are null."""
    text = pl.col(pl.String).str.strip_chars()
    return frame.with_columns(pl.when(text != "").then(text).name.keep())


def without_blank_rows(frame: pl.DataFrame, rows: Rows) -> tuple[pl.DataFrame, Rows]:
    """Drop the rows in which every cell is null."""
    if frame.width == 0:
        return frame, rows[:0]
    # Most tables have a column without gaps; then no row can be blank.
    if any(column.null_count() == 0 for column in frame.iter_columns()):
        return frame, rows
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    return frame.filter(filled), rows[filled.to_numpy()]
