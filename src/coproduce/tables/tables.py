"""A checked programme: one typed frame per table, and where each row stands in the user's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ..errors import Origin
from .registry import INPUT_TABLES


@dataclass(frozen=True, slots=True)
class SheetOrigin:
    """Where the rows of one table come from.

    Attributes
    ----------
    rows : (row,) record number of each row, as a spreadsheet shows it
    columns : position of each column in the sheet, from 0
    setting_rows : record number of each column where settings stand below each other; otherwise empty
    row_sheets : (row,) sheet of each row where the table is gathered from several; otherwise empty
    written : place in a scenario of each (row, column) that it wrote; (row, "") for a row that it added
    """

    file: str
    sheet: str
    rows: npt.NDArray[np.int64]
    columns: Mapping[str, int] = field(default_factory=dict)
    setting_rows: Mapping[str, int] = field(default_factory=dict)
    row_sheets: Sequence[str] = ()
    written: Mapping[tuple[int, str], Origin] = field(default_factory=dict)

    def of(self, row: int, column: str = "") -> Origin:
        """Return the origin of a cell; `row` counts from 0 in the checked frame."""
        record = self.setting_rows.get(column, int(self.rows[row]))
        sheet = self.row_sheets[row] if self.row_sheets else self.sheet
        own = Origin(self.file, sheet, record, column, self.columns.get(column, -1))
        return own.written_by(self.written, row) if self.written else own

    def keep(self, rows: npt.NDArray[np.int64]) -> SheetOrigin:
        """Return the origin of a table that keeps only some of its rows; these count from 0."""
        place = {int(old): new for new, old in enumerate(rows)}
        written = {(place[row], column): one for (row, column), one in self.written.items() if row in place}
        sheets = [self.row_sheets[row] for row in rows.tolist()] if self.row_sheets else ()
        return replace(self, rows=self.rows[rows], row_sheets=sheets, written=written)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a scenario as it was applied.

    Attributes
    ----------
    scenario, line : the line; that of another scenario where one includes another
    words : what it does, in a sentence
    rows : rows that it changed, added or removed
    origin : its cell
    """

    scenario: str
    line: int
    words: str
    rows: int
    remark: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Scenario:
    """What makes these tables differ from those of the programme as it stands."""

    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """The one row of the programme table, as attributes."""

    name: str
    start: datetime
    buckets: str
    currency: str
    objective: str
    lead_time_rounding: str
    tier_tolerance: float
    gap: float
    description: str
    frozen_until: datetime | None = None


@dataclass(frozen=True)
class Tables:
    """Every input table after checking; a table that was not given is empty.

    Columns have the declared types, defaults are filled in, references are known to exist.
    Rows keep the order of the input. `scenario` says which changes they include; None: they stand as given.
    """

    frames: Mapping[str, pl.DataFrame]
    origins: Mapping[str, SheetOrigin] = field(default_factory=dict)
    scenario: Scenario | None = None

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return the frame of a table; empty when it was not given."""
        frame = self.frames.get(table)
        return INPUT_TABLES[table].empty() if frame is None else frame

    @property
    def programme(self) -> Programme:
        """The settings of the programme."""
        row: dict[str, Any] = self["programme"].row(0, named=True)
        return Programme(
            name=row["name"],
            start=row["start"],
            buckets=row["buckets"],
            currency=row["currency"],
            objective=row["objective"],
            lead_time_rounding=row["lead_time_rounding"],
            tier_tolerance=row["tier_tolerance"],
            gap=row["gap"],
            description=row["description"] or "",
            frozen_until=row["frozen_until"],
        )

    def without(self, table: str, gone: pl.Expr) -> Tables:
        """Return the tables without the rows of one for which a condition holds."""
        kept = self[table].select((~gone).fill_null(True).arg_true()).to_series().to_numpy().astype(np.int64)
        frames, origins = {**self.frames, table: self[table][kept]}, dict(self.origins)
        if table in origins:
            origins[table] = origins[table].keep(kept)
        return replace(self, frames=frames, origins=origins)

    def origin(self, table: str, row: int, column: str = "") -> Origin:
        """Return where a cell stands; a table made in memory names itself as the file."""
        origin = self.origins.get(table)
        return Origin("memory", table, row + 2, column) if origin is None else origin.of(row, column)
