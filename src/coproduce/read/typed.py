"""Sources whose columns already have types: parquet files and frames in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from ..codes import problem
from ..errors import Origin, Problem
from .crash import ReaderCrashError, contained
from .grid import Grid, tidy
from .header import SheetRead, sheet_from_columns
from .raw import RawSheet

_FIRST_RECORD = 2
LARGEST_FRAME = 100_000_000
"""Cells of a parquet file; a small file of equal values can unfold without end."""


def read_parquet(path: Path, table: str) -> SheetRead:
    """Read a parquet file; typed columns keep their types."""
    frame, problems = read_parquet_frame(path, table)
    return SheetRead(None, problems) if frame is None else sheet_from_frame(frame, path.name, table)


def read_parquet_frame(path: Path, table: str) -> tuple[pl.DataFrame | None, tuple[Problem, ...]]:
    """Return the frame of a parquet file as it is, or None and why it cannot be read."""
    try:
        with contained():
            extent = _extent(path)
            if extent > LARGEST_FRAME:
                message = f"the file unfolds to {extent:,} cells; the limit is {LARGEST_FRAME:,}"
                return None, (problem("E104", Origin(path.name, table), message),)
            return pl.read_parquet(path, glob=False), ()
    except (ReaderCrashError, pl.exceptions.PolarsError, OSError, ValueError) as failure:
        why = str(failure).splitlines()[0] if str(failure) else type(failure).__name__
        return None, (problem("E102", Origin(path.name, table), f"the parquet file cannot be read ({why})"),)


def _extent(path: Path) -> int:
    """Return the number of cells of a parquet file, from its description alone."""
    described = pl.scan_parquet(path, glob=False)
    return int(described.select(pl.len()).collect().item()) * len(described.collect_schema())


def sheet_from_frame(frame: pl.DataFrame, file: str, table: str) -> SheetRead:
    """Take a frame as a sheet whose header is row 1."""
    if not frame.width:
        return SheetRead(None, (), blank=True)
    rows = np.arange(_FIRST_RECORD, frame.height + _FIRST_RECORD, dtype=np.int64)
    names = [name.strip() or None for name in frame.columns]
    # Names are replaced by positions, as in a grid, because two of them may differ only in case.
    body = frame.rename({name: f"c{position}" for position, name in enumerate(frame.columns)})
    read = sheet_from_columns(Grid(file, table, body, rows), table, names, tidy(_plain(body)), rows)
    if read.sheet is None:
        return read
    return SheetRead(read.sheet, (*read.problems, *_unusable(read.sheet)))


def _plain(body: pl.DataFrame) -> pl.DataFrame:
    """Turn dictionary-encoded text into text."""
    return body.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


def _unusable(sheet: RawSheet) -> Iterator[Problem]:
    for name, dtype in sheet.frame.schema.items():
        simple = dtype in (pl.String, pl.Boolean, pl.Date, pl.Time, pl.Null) or dtype.is_numeric()
        if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
            message = f"the column's dates are in the time zone {dtype.time_zone}"
            yield problem("E118", sheet.origin(None, name), message, expected="local dates without a zone")
        elif not simple and not isinstance(dtype, pl.Datetime):
            yield problem("E118", sheet.origin(None, name), f"a column of type {dtype} holds no single values")
