"""Applies the lines of a scenario to the cells of a programme as they were read, one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from ..check.cells import as_text
from ..codes import problem
from ..errors import Problem
from ..read import Raw, RawSheet
from ..read.names import did_you_mean
from ..tables import INPUT_TABLES, Change
from .cells import Text, new_texts, texts
from .change import SCENARIOS, ChangeError, Line, lines
from .where import EVERY, declared, rows_where, split

_CHANGEABLE = tuple(table for table in INPUT_TABLES if table != SCENARIOS)
_SHOWN = 3


@dataclass(frozen=True)
class Applied:
    """A programme with the changes of a scenario.

    Attributes
    ----------
    removed : (table, id) of the rows that it removed, and the line that did
    """

    raw: Raw
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    removed: dict[tuple[str, str], Line] = field(default_factory=dict)


def apply(raw: Raw, name: str, doubtful: Collection[str] = ()) -> Applied:
    """Apply all lines of a scenario; a line that fails becomes a problem, and the others are applied all the same.

    That a line meets no row is not reported of a `doubtful` table, which has errors of its own.
    """
    sheets = dict(raw.sheets)
    changes: list[Change] = []
    problems: list[Problem] = []
    removed: dict[tuple[str, str], Line] = {}
    known = lines(raw)
    for line in _flat(known, name, problems, (name,)):
        try:
            _check_form(line)
            if line.table in raw.spoilt:
                continue
            before = sheets.get(line.table)
            after, words, rows = _applied(line, before)
        except ChangeError as failure:
            problems += [line.problem(failure)] if failure.code != "E603" or line.table not in doubtful else []
            continue
        if line.action == "remove" and before is not None:
            removed |= {(line.table, one): line for one in _ids(line.table, before) - _ids(line.table, after)}
        problems += _skipped(line, rows, after)
        changes.append(Change(line.scenario, line.line, words, len(rows), line.remark, line.origin()))
        sheets[line.table] = after
    return Applied(replace(raw, sheets=sheets), tuple(changes), tuple(problems), removed)


def _flat(
    known: dict[str, tuple[Line, ...]], name: str, problems: list[Problem], path: tuple[str, ...]
) -> Iterator[Line]:
    """Yield the lines of a scenario with those that it includes in their place."""
    for line in known[name]:
        if line.action != "include":
            yield line
        elif line.value in path:
            circle = " includes ".join((*path, line.value))
            problems.append(line.problem(ChangeError("E605", "value", f"{circle}: a circle", seen=line.value)))
        elif line.value not in known:
            message = f'there is no scenario "{line.value}" to include'
            hint = did_you_mean(line.value, list(known))
            problems.append(line.problem(ChangeError("E605", "value", message, seen=line.value, hint=hint)))
        else:
            yield from _flat(known, line.value, problems, (*path, line.value))


def _check_form(line: Line) -> None:
    """Refuse a line whose table is unknown, or that fills a cell which its action leaves empty."""
    if line.table not in _CHANGEABLE:
        message = f'there is no table "{line.table}" to change' if line.table else f"{line.action} needs a table"
        raise ChangeError("E601", "table", message, seen=line.table, hint=did_you_mean(line.table, _CHANGEABLE))
    if line.action in ("add", "remove"):
        if line.column:
            raise ChangeError(
                "E604", "column", f"{line.action} is about whole rows; leave column empty", seen=line.column
            )
        if line.table == "programme":
            raise ChangeError("E604", "action", "settings can be set, scaled and shifted only", seen=line.action)
    elif not line.column:
        raise ChangeError("E604", "column", f"{line.action} needs a column")
    if line.action == "remove" and line.value:
        raise ChangeError("E604", "value", "remove takes no value; conditions stand in where", seen=line.value)
    if line.action == "remove" and not line.where:
        message = f"without conditions all rows of {line.table} would go"
        raise ChangeError("E604", "where", message, hint=f"write {EVERY} if all are meant")


def _applied(line: Line, sheet: RawSheet | None) -> tuple[RawSheet, str, list[int]]:
    """Return the sheet after a line, what the line did in words, and the rows that it met."""
    if line.action == "add":
        return _added(line, _empty(line) if sheet is None else sheet)
    if sheet is None:
        raise ChangeError("E603", "table", f"the table {line.table} is not given, so that there is nothing to change")
    rows = rows_where(line, sheet)
    if line.action == "remove":
        return _removed(sheet, rows), f"{line.words()} ({_count(rows)})", rows
    column = declared(line.table, line.column, "column")
    old = texts(column, sheet)
    if old is None:
        return sheet, line.words(), rows
    new = new_texts(line, column, old, rows)
    words = f"{line.words()} ({_count(rows)}: {_from_to(old, new)})"
    return _written(line, sheet, column.name, old, new), words, rows


def _count(rows: list[int]) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows):,} rows"


def _from_to(old: pl.Series, new: dict[int, Text]) -> str:
    pairs = list(dict.fromkeys(f"{old[row] or 'empty'} becomes {text or 'empty'}" for row, text in new.items()))
    return ", ".join(pairs[:_SHOWN]) + (", ..." if len(pairs) > _SHOWN else "")


def _skipped(line: Line, rows: list[int], sheet: RawSheet) -> Iterator[Problem]:
    """Warn of cells that were met but are empty and stay so."""
    if line.action in ("scale", "shift"):
        left = sum(1 for row in rows if (row, line.column) not in sheet.written)
        if left:
            words = f"{left} of the {_count(rows)} that it meets " + ("has" if left == 1 else "have")
            message = f"scenario {line.scenario}, line {line.line}: {words} no {line.column}; what is empty stays so"
            yield problem("W601", line.origin("where"), message)


def _written(line: Line, sheet: RawSheet, column: str, old: pl.Series, new: dict[int, Text]) -> RawSheet:
    """Return a sheet with new texts in one column."""
    changed, place = old.to_list(), line.origin("value")
    written = dict(sheet.written)
    for row, text in new.items():
        added = sheet.written.get((row, ""))
        written[row, column] = place if added is None else replace(place, instead_of=added.instead_of)
        changed[row] = text
    frame = sheet.frame.with_columns(pl.Series(column, changed, dtype=pl.String))
    columns = {**sheet.columns, column: sheet.columns.get(column, -1)}
    return replace(sheet, frame=frame, columns=columns, written=written)


def _removed(sheet: RawSheet, rows: list[int]) -> RawSheet:
    """Return a sheet without some rows."""
    gone = set(rows)
    kept = [row for row in range(sheet.frame.height) if row not in gone]
    place = {row: at for at, row in enumerate(kept)}
    written = {(place[row], column): origin for (row, column), origin in sheet.written.items() if row in place}
    row_sheets = tuple(sheet.row_sheets[row] for row in kept) if sheet.row_sheets else ()
    return replace(sheet, frame=sheet.frame[kept], rows=sheet.rows[kept], row_sheets=row_sheets, written=written)


def _empty(line: Line) -> RawSheet:
    """Return a table that the programme does not have, to be filled by a line."""
    return RawSheet(line.table, line.sheet.file, line.sheet.sheet, pl.DataFrame(), np.empty(0, dtype=np.int64), {})


def _added(line: Line, sheet: RawSheet) -> tuple[RawSheet, str, list[int]]:
    """Return a sheet with a new row, or with a copy of each row that the conditions meet."""
    cells = _cells_of(line)
    named = {name: as_text(sheet.frame[name]) for name in sheet.frame.columns}
    frame = pl.DataFrame([column.alias(name) for name, column in named.items() if column is not None])
    if line.where:
        copied = frame[rows_where(line, sheet)]
    else:
        copied = pl.DataFrame({name: pl.Series([None], dtype=pl.String) for name in (*frame.columns, *cells)})
    new = copied.with_columns(pl.lit(text, dtype=pl.String).alias(name) for name, text in cells.items())
    first, origin = frame.height, line.origin("value")
    place = replace(origin, instead_of=f"a row of {line.table}")
    written = {**sheet.written, **{(first + at, ""): place for at in range(new.height)}}
    rows = np.append(sheet.rows, [origin.row] * new.height)
    sheets = (*sheet.row_sheets, *[origin.sheet] * new.height) if sheet.row_sheets else ()
    columns = {**sheet.columns, **{name: -1 for name in cells if name not in sheet.columns}}
    longer = pl.concat([frame, new], how="diagonal") if frame.width else new
    done = replace(sheet, frame=longer, rows=rows, row_sheets=sheets, columns=columns, written=written)
    count = f" ({_count(list(range(new.height)))})" if line.where else ""
    return done, line.words() + count, list(range(first, first + new.height))


def _cells_of(line: Line) -> dict[str, Text]:
    """Return the cells that the value of an `add` lists."""
    if not line.value:
        raise ChangeError(
            "E604", "value", "add needs the cells of the new row", expected="column = value; column = value"
        )
    cells: dict[str, Text] = {}
    for clause in split(line.value, "value"):
        if clause.sign != "=":
            message = f'a cell of a new row has one value: "{clause.column} {clause.sign}" is a condition'
            raise ChangeError("E602", "value", message, seen=line.value, expected="column = value; column = value")
        declared(line.table, clause.column, "value")
        if clause.column in cells:
            raise ChangeError("E602", "value", f"{clause.column} is given twice", seen=line.value)
        cells[clause.column] = None if clause.words[0].empty else clause.words[0].text
    return cells


def _ids(table: str, sheet: RawSheet) -> set[str]:
    """Return the ids of the rows of a table, if its rows have one."""
    key = next(iter(INPUT_TABLES[table].columns))
    text = as_text(sheet.frame[key]) if key in sheet.frame.columns else None
    return set() if text is None else set(text.drop_nulls().to_list())
