"""What a logic check may look at: parsed tables, the timeline, and a way to name a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from ..calendar import Timeline
from ..codes import problem
from ..errors import Origin, Problem
from ..read import Raw
from ..tables import INPUT_TABLES


@dataclass(frozen=True)
class View:
    """A parsed programme; cells that are bad are null, so that a check simply does not see them.

    Attributes
    ----------
    frames : parsed tables; one that was not given is empty
    flawed : (table, column) in which something is bad or missing, or (table, "") for a table that cannot be read
    timeline : the buckets; None if the settings do not allow to build them
    """

    raw: Raw
    frames: Mapping[str, pl.DataFrame]
    flawed: frozenset[tuple[str, str]] = frozenset()
    timeline: Timeline | None = None

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return a table with the number of each row, from 0, in the column `row`."""
        frame = self.frames.get(table)
        return (INPUT_TABLES[table].empty() if frame is None else frame).with_row_index("row")

    def setting(self, name: str) -> object:
        """Return a setting of the programme; None if it is missing or bad."""
        frame = self.frames.get("programme")
        return frame[name][0] if frame is not None and frame.height else None

    @property
    def end(self) -> datetime | None:
        """The first instant after the horizon."""
        return None if self.timeline is None else self.timeline.moment(self.timeline.horizon)

    def is_sound(self, *tables: str) -> bool:
        """Whether every cell of these tables could be read."""
        return not any(table in tables for table, _ in self.flawed)

    def given(self, table: str, column: str) -> bool:
        """Whether the user gave a column."""
        return table in self.raw.sheets and column in self.raw.sheets[table].columns

    def origin(self, table: str, row: int | None, column: str = "") -> Origin:
        """Return the place of a cell."""
        sheet = self.raw.sheets.get(table)
        return Origin(self.raw.name, table) if sheet is None else sheet.origin(row, column)

    def problem(
        self, code: str, table: str, row: int | None, column: str, message: str,
        *, seen: object = "", expected: object = "", hint: str = "",
    ) -> Problem:  # fmt: skip
        """Make a problem at a cell."""
        at = self.origin(table, row, column)
        return problem(code, at, message, seen=str(seen), expected=str(expected), hint=hint)


Check = Callable[[View], Iterator[Problem]]
