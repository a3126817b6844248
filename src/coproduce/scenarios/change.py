"""One line of the table of scenarios: what it changes, where it stands, and how it is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ..check.columns import parse_table
from ..codes import problem
from ..errors import Origin, Problem
from ..read import Raw, RawSheet
from ..read.names import canonical

SCENARIOS = "scenarios"


class ChangeError(Exception):
    """A line that cannot be applied; it becomes a problem at one of the line's cells."""

    def __init__(
        self, code: str, column: str, message: str, *, seen: str = "", expected: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.code, self.column, self.message = code, column, message
        self.seen, self.expected, self.hint = seen, expected, hint


@dataclass(frozen=True)
class Line:
    """A line of the table; texts are empty where the cell is.

    Attributes
    ----------
    row : its position in the sheet, from 0
    """

    sheet: RawSheet
    row: int
    scenario: str
    line: int
    table: str
    where: str
    column: str
    action: str
    value: str
    remark: str

    def origin(self, column: str = "") -> Origin:
        """Return the place of a cell of the line; of the line's first cell if the sheet has no such column."""
        return self.sheet.origin(self.row, column if column in self.sheet.columns else "scenario")

    def problem(self, failure: ChangeError) -> Problem:
        """Return a failure as a problem at the line's cell."""
        return problem(
            failure.code,
            self.origin(failure.column),
            f"scenario {self.scenario}, line {self.line}: {failure.message}",
            seen=failure.seen,
            expected=failure.expected,
            hint=failure.hint,
        )

    def words(self) -> str:
        """Say what the line does."""
        rows = f" where {self.where}" if self.where and self.where != "*" else " in every row"
        where = "" if self.table == "programme" else rows
        target = f"setting {self.column}" if self.table == "programme" else f"{self.table}: {self.column}"
        if self.action == "set":
            return f"{target} set to {self.value}{where}"
        if self.action == "scale":
            return f"{target} times {self.value}{where}"
        if self.action == "shift":
            sign = "" if self.value.startswith(("-", "+")) else "+"
            return f"{target} shifted by {sign}{self.value}{where}"
        if self.action == "remove":
            return f"{self.table}: rows removed{where}"
        if self.action == "add":
            copied = f" like the one where {self.where}" if self.where else ""
            return f"{self.table}: new row{copied} with {self.value}"
        return f"all of scenario {self.value}"


def lines(raw: Raw) -> dict[str, tuple[Line, ...]]:
    """Return the lines of each scenario in their order, scenarios in that of their first rows.

    Lines with a cell that is bad, or without name, number or action, are left out: the check of the table reports them.
    """
    sheet = raw.sheets.get(SCENARIOS)
    found: dict[str, list[Line]] = {}
    for line in _read(sheet) if sheet is not None else ():
        found.setdefault(line.scenario, []).append(line)
    return {name: tuple(sorted(own, key=lambda line: line.line)) for name, own in found.items()}


def _read(sheet: RawSheet) -> Iterator[Line]:
    frame = parse_table(sheet).frame
    bad = [frame[name].is_null() & sheet.frame[name].is_not_null() for name in frame.columns if name in sheet.columns]
    sound = pl.select(~pl.any_horizontal(bad)).to_series() if bad else pl.Series([], dtype=pl.Boolean)
    complete = frame.with_row_index("row").filter(sound).drop_nulls(["scenario", "line", "action"])
    for row in complete.with_columns(pl.col(pl.String).fill_null("")).iter_rows(named=True):
        texts = {name: str(row[name]) for name in ("scenario", "where", "action", "value", "remark")}
        table, column = canonical(row["table"]), canonical(row["column"])
        yield Line(sheet=sheet, row=row["row"], line=row["line"], table=table, column=column, **texts)
