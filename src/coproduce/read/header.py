"""From a grid to a sheet: which row is the header, and which column is which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ..codes import problem
from ..errors import Origin, Problem, column_letter
from ..tables import INPUT_TABLES
from .grid import Grid, Rows, tidy, without_blank_rows
from .names import canonical, is_remark
from .raw import RawSheet

SEARCHED = 30
"""Rows in which a header is looked for."""

SETTINGS = ("setting", "value")


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet with named columns (None if it is empty or its header cannot be used), and the problems met."""

    sheet: RawSheet | None
    problems: tuple[Problem, ...]
    blank: bool = False


def recognised(names: Sequence[str | None], table: str) -> int:
    """Return how many cells of a row are names of columns of a table."""
    columns = INPUT_TABLES[table].columns if table in INPUT_TABLES else {}
    words = {canonical(name) for name in names if name}
    if table == "programme" and words.issuperset(SETTINGS):
        return len(SETTINGS)
    return len(words & columns.keys())


def header_index(rows: Sequence[Sequence[str | None]], table: str) -> int:
    """Return which row is most like a header; the first one unless a later one is clearly better."""
    if not rows:
        return 0
    counts = [recognised(row, table) for row in rows[:SEARCHED]]
    best = max(range(len(counts)), key=lambda index: (counts[index], -index))
    # A value may happen to be the name of a column, so one recognised cell is no evidence.
    return best if counts[best] >= max(2, counts[0] + 1) and counts[0] < 2 else 0


def sheet_from_grid(grid: Grid, table: str) -> SheetRead:
    """Find the header of a grid and name its columns."""
    frame, rows = without_blank_rows(tidy(grid.frame), grid.rows)
    if not frame.height:
        return SheetRead(None, (), blank=True)
    found = header_index(frame.head(SEARCHED).rows(), table)
    if not found and (settings := _settings_column(frame, table)) is not None:
        return _headless_settings(grid, frame, rows, settings)
    names, header_row = list(frame.row(found)), int(rows[found])
    read = sheet_from_columns(grid, table, names, frame.slice(found + 1), rows[found + 1 :], header_row)
    # The cells below a misplaced header are read all the same, so that their problems show at once.
    return replace(read, problems=(_shifted(grid, rows, found), *read.problems)) if found else read


def _settings_column(frame: pl.DataFrame, table: str) -> int | None:
    """Return the column in which settings are named below each other without a header; None if there is none."""
    if table != "programme" or recognised(frame.row(0), table) >= len(SETTINGS):
        return None
    counts = [recognised(column.to_list(), table) for column in frame.head(10 * SEARCHED).iter_columns()]
    best = max(range(len(counts)), key=counts.__getitem__)
    return best if counts[best] >= len(SETTINGS) and best + 1 < len(counts) else None


def _headless_settings(grid: Grid, frame: pl.DataFrame, rows: Rows, column: int) -> SheetRead:
    """Name the columns of settings that stand below each other; what precedes the first of them is a title."""
    named = [recognised([name], "programme") for name in frame.to_series(column).to_list()]
    first = named.index(1)
    names = ["#"] * frame.width
    names[column : column + 2] = SETTINGS
    return sheet_from_columns(grid, "programme", names, frame.slice(first), rows[first:], int(rows[first]) - 1)


def _shifted(grid: Grid, rows: Rows, found: int) -> Problem:
    at = Origin(grid.file, grid.sheet, int(rows[0]))
    return problem(
        "E108",
        at,
        f"the header should stand here, but the column names are in row {rows[found]}",
        hint=f"delete the rows above row {rows[found]}",
    )


def sheet_from_columns(
    grid: Grid, table: str, names: Sequence[str | None], body: pl.DataFrame, rows: Rows, header_row: int = 1
) -> SheetRead:
    """Name the columns of a body; leave out remarks and report names that cannot be used."""
    problems = list(_unnamed(grid, names, body, rows))
    kept: dict[str, int] = {}
    for position, name in enumerate(names):
        if name is None or is_remark(name):
            continue
        column = _declared_name(name, table)
        if column in kept:
            problems.append(_duplicate(grid, column, kept[column], position, header_row))
        else:
            kept[column] = position
    frame = body.select(pl.col(body.columns[position]).alias(name) for name, position in kept.items())
    frame, rows = without_blank_rows(frame, rows)
    sheet = RawSheet(table, grid.file, grid.sheet, frame, rows, kept)
    problems += _merged(grid, sheet, header_row)
    return SheetRead(sheet, tuple(problems))


def _declared_name(name: str, table: str) -> str:
    """Return the declared name that differs at most in case and spacing; otherwise the name as given."""
    word = canonical(name)
    declared = table in INPUT_TABLES and word in INPUT_TABLES[table].columns
    return word if declared or (table == "programme" and word in SETTINGS) else name.strip()


def _unnamed(grid: Grid, names: Sequence[str | None], body: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    for position, name in enumerate(names):
        if name is not None:
            continue
        filled = body.to_series(position).is_not_null()
        first = filled.arg_max() if filled.any() else None
        if first is not None:
            at = Origin(grid.file, grid.sheet, int(rows[first]), "", position)
            message = f"column {column_letter(position)} has values but no name in the header"
            yield problem("E110", at, message, seen=str(body.item(first, position)))


def _duplicate(grid: Grid, name: str, first: int, second: int, header_row: int) -> Problem:
    at = Origin(grid.file, grid.sheet, header_row, name, second)
    return problem("E109", at, f'column "{name}" stands here and in column {column_letter(first)}')


def _merged(grid: Grid, sheet: RawSheet, header_row: int) -> Iterator[Problem]:
    """Report merged cells below the header that cover cells of named columns; only the first of them has a value."""
    names = {position: name for name, position in sheet.columns.items()}
    for (top, left), (bottom, right) in grid.merged:
        covered = [position for position in names if left <= position <= right]
        if bottom < header_row or not covered or (top, left) == (bottom, right):
            continue
        at = Origin(grid.file, grid.sheet, top + 1, names.get(left, ""), left)
        message = f"rows {top + 1} to {bottom + 1} are merged" if bottom > top else f"{len(covered)} cells are merged"
        yield problem("E121", at, f"{message} here, so that only the first cell has a value", hint="unmerge the cells")
