"""Reads a folder, a workbook or frames in memory into raw tables, and never fails without saying where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from ..codes import problem
from ..errors import InputError, Origin, Problem
from ..tables import INPUT_TABLES
from .csv_file import read_csv
from .excel import OLD_WORKBOOKS, WORKBOOKS, WorkbookRead, read_workbook
from .frepple import SUFFIXES, from_workbook, is_workbook, read_frepple
from .header import SheetRead, sheet_from_grid
from .names import canonical, is_result, nearest, role_of
from .raw import Raw, RawSheet
from .settings import as_one_row, is_settings, read_yaml
from .typed import read_parquet, sheet_from_frame

_WORDS = {".md", ".rst", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".html", ".htm", ".png", ".jpg", ".jpeg", ".svg"}
"""Forms of documents and pictures: a file of these may have the name of a table without being meant as one."""


LARGEST_FILE = 512 << 20
"""Bytes of one file of a folder."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A sheet, file or frame that may be a table; `load` reads it as the table named."""

    file: str
    sheet: str
    load: Callable[[str], SheetRead]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an entry turned out to be: a table, the name of a table that it spoils, or neither."""

    entry: _Entry
    sheet: RawSheet | None = None
    spoilt: str = ""
    problems: tuple[Problem, ...] = ()


def read(path: Path | str) -> Raw:
    """Read a programme from a folder of CSV, parquet and YAML files, from one workbook or from a file of frePPLe.

    Raises
    ------
    InputError
        if there is nothing at the path, or nothing in it can be read as a table.
    """
    path = Path(path)
    name = path.name or str(path)
    try:
        if not path.exists():
            raise InputError([problem("E101", Origin(str(path)), "there is no file or folder here")])
        if not path.is_dir() and not path.is_file():
            raise InputError([problem("E102", Origin(str(path)), "this is neither a folder nor an ordinary file")])
        if path.is_dir():
            return _collect(name, *_folder(path))
        if path.suffix.lower() in SUFFIXES:
            return read_frepple(path)
        workbook = _workbook(path)
    except OSError as failure:
        why = f"the system refuses to read it ({failure.strerror or failure})"
        raise InputError([problem("E102", Origin(str(path)), why)]) from None
    if is_workbook(workbook.grids):
        return from_workbook(name, workbook.grids)
    entries = [_Entry(grid.file, grid.sheet, partial(sheet_from_grid, grid)) for grid in workbook.grids]
    return _collect(name, entries, workbook.problems)


def with_file(raw: Raw, path: Path, table: str) -> Raw:
    """Return what was read with one more file, which takes the place of a table.

    Raises
    ------
    InputError
        if the file is missing or no table can be read from it.
    """
    loader = _LOADERS.get(path.suffix.lower())
    if loader is None or not path.is_file():
        what = (
            f'there is nothing at "{path}"'
            if not path.exists()
            else f"a table is a file of the form {', '.join(_LOADERS)}"
        )
        raise InputError([problem("E101", Origin(path.name), what)])
    found = loader(path, table)
    if found.sheet is None:
        nothing = problem("E105", Origin(path.name), f"the file holds no rows of the table {table}")
        raise InputError(found.problems or [nothing])
    return replace(raw, sheets={**raw.sheets, table: found.sheet}, problems=(*raw.problems, *found.problems))


def with_frame(raw: Raw, frame: pl.DataFrame, table: str, file: str) -> Raw:
    """Return what was read with one more frame, which takes the place of a table; `file` says where it comes from."""
    found = sheet_from_frame(frame, file, table)
    if found.sheet is None:
        return raw
    return replace(raw, sheets={**raw.sheets, table: found.sheet}, problems=(*raw.problems, *found.problems))


def from_frames(frames: Mapping[str, pl.DataFrame], name: str = "memory") -> Raw:
    """Take frames by table name as a programme; text is parsed, typed columns are taken as they are.

    Raises
    ------
    InputError
        if none of the frames is a table.
    """
    entries = [_Entry(name, table, partial(sheet_from_frame, frame, name)) for table, frame in frames.items()]
    return _collect(name, entries, ())


def _workbook(path: Path) -> WorkbookRead:
    if path.suffix.lower() not in WORKBOOKS:
        message = f'a programme is a folder or a workbook; this is a file of type "{path.suffix}"'
        if path.suffix.lower() in OLD_WORKBOOKS:
            message = (
                f"workbooks of the form {path.suffix} are not read: they do not tell error values from empty cells"
            )
            raise InputError([problem("E102", Origin(path.name), message, expected=".xlsx", hint="save it as .xlsx")])
        hint = f'give the folder "{path.resolve().parent.name}"' if path.suffix.lower() in _LOADERS else ""
        raise InputError([problem("E102", Origin(path.name), message, expected=".xlsx", hint=hint)])
    return read_workbook(path)


def _folder(path: Path) -> tuple[list[_Entry], tuple[Problem, ...]]:
    visible = sorted(file for file in path.iterdir() if not file.name.startswith((".", "~")))
    files = [file for file in visible if file.is_file()]
    entries = [_Entry(file.name, file.stem, partial(_guarded, file)) for file in files if _is_candidate(file)]
    workbooks = [file.name for file in files if file.suffix.lower() in WORKBOOKS]
    if not entries and workbooks:
        hint = f'give the workbook itself: "{path / workbooks[0]}"'
        message = "the folder holds a workbook but no tables"
        raise InputError([problem("E105", Origin(str(path)), message, hint=hint)])
    return entries, (*_unusual(visible), *_other_forms(files))


def _unusual(visible: Sequence[Path]) -> Iterator[Problem]:
    """Report what has the name of a table but is no file: a folder, a link that leads nowhere, a pipe."""
    for path in visible:
        if not path.is_file() and path.suffix.lower() in _LOADERS and canonical(path.stem) in INPUT_TABLES:
            what = "a folder" if path.is_dir() else "no ordinary file, or a link that leads nowhere"
            yield problem("E102", Origin(path.name, path.stem), f"this is {what}, where a table is expected")


def _other_forms(files: Sequence[Path]) -> Iterator[Problem]:
    """Warn of files that have the name of a table and a form that is not read in a folder."""
    for file in files:
        name = file.name.partition(".")[0]
        if canonical(name) in INPUT_TABLES and not _is_candidate(file) and file.suffix.lower() not in _WORDS:
            message = f'"{file.name}" has the name of a table, but files of this form are not read in a folder'
            yield problem("W502", Origin(file.name), message, expected=", ".join(_LOADERS))


def _is_candidate(file: Path) -> bool:
    """Whether a file of a folder may be a table; free texts are so only by the name of a table."""
    suffix = file.suffix.lower()
    return suffix in _LOADERS and (suffix != ".txt" or canonical(file.stem) in INPUT_TABLES)


def _text_file(file: Path, table: str) -> SheetRead:
    text = read_csv(file, table)
    if text.grid is None:
        return SheetRead(None, text.problems)
    sheet = sheet_from_grid(text.grid, table)
    return SheetRead(sheet.sheet, (*text.problems, *sheet.problems), sheet.blank)


def _yaml_file(file: Path, table: str) -> SheetRead:
    if table == "programme":
        return read_yaml(file)
    message = f"only the settings of the programme are read from {file.suffix}"
    return SheetRead(None, (problem("E102", Origin(file.name, table), message, expected=".csv or .parquet"),))


_LOADERS: dict[str, Callable[[Path, str], SheetRead]] = {
    ".csv": _text_file,
    ".tsv": _text_file,
    ".txt": _text_file,
    ".parquet": read_parquet,
    ".yaml": _yaml_file,
    ".yml": _yaml_file,
}


def read_file(file: Path, table: str) -> SheetRead:
    """Read one text or parquet file as a table; a file of another form is a problem."""
    if file.suffix.lower() not in _LOADERS:
        message = f'a table is not read from a file of type "{file.suffix}"'
        return SheetRead(None, (problem("E102", Origin(file.name), message, expected=", ".join(_LOADERS)),))
    return _guarded(file, table)


def _guarded(file: Path, table: str) -> SheetRead:
    """Read one file of a folder; that it cannot be opened is a problem beside those of the others."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            message = f"a file of more than {LARGEST_FILE >> 20} MiB is not read"
            return SheetRead(None, (problem("E104", Origin(file.name, table), message),))
        return _LOADERS[file.suffix.lower()](file, table)
    except OSError as failure:
        why = f"the system refuses to read it ({failure.strerror or failure})"
        return SheetRead(None, (problem("E102", Origin(file.name, table), why),))


def _collect(name: str, entries: Sequence[_Entry], problems: Sequence[Problem]) -> Raw:
    if _of_plan(entries):
        message, hint = (
            "these are the results of a plan, not a programme",
            "give the workbook or folder that was planned",
        )
        raise InputError([problem("E105", Origin(name), message, hint=hint)])
    outcomes = [_outcome(entry) for entry in entries]
    sheets: dict[str, RawSheet] = {}
    found = [*problems, *(p for outcome in outcomes for p in outcome.problems)]
    for outcome in outcomes:
        if outcome.sheet is not None and outcome.sheet.table in sheets:
            found.append(_twice(outcome.sheet, sheets[outcome.sheet.table]))
        elif outcome.sheet is not None:
            sheets[outcome.sheet.table] = outcome.sheet
    if not sheets:
        nothing = problem("E105", Origin(name), "no table of a programme was found here")
        raise InputError(found if any(p.severity == "error" for p in found) else [*found, nothing])
    order = tuple((entry.file, entry.sheet) for entry in entries)
    unreadable = {canonical(p.origin.sheet) for p in problems}
    spoilt = {*unreadable, *(outcome.spoilt for outcome in outcomes)} - {""}
    return Raw(name, sheets, order, tuple(found), frozenset(spoilt))


def _of_plan(entries: Sequence[_Entry]) -> bool:
    """Whether sheets or files are what a plan wrote; their `evidence` and `sources` resemble those of a programme."""
    names = {canonical(entry.sheet) for entry in entries}
    return "programme" not in names and {"demand_service", "deliveries", "tiers"} <= names


def _twice(second: RawSheet, first: RawSheet) -> Problem:
    elsewhere = first.file if first.file != second.file else f'sheet "{first.sheet}"'
    message = f"the table {second.table} is already given by {elsewhere}"
    return problem("E107", second.origin(), message)


def _outcome(entry: _Entry) -> _Outcome:
    role, table = role_of(entry.sheet), canonical(entry.sheet)
    if role == "remark":
        return _Outcome(entry)
    if role == "input":
        return _input(entry, table)
    return _stranger(entry, resembles=role == "resembles")


def _input(entry: _Entry, table: str) -> _Outcome:
    read = entry.load(table)
    if read.blank:
        empty = problem("W506", Origin(entry.file, entry.sheet), "there is nothing in it")
        return _Outcome(entry, problems=(*read.problems, empty))
    if read.sheet is not None and is_settings(read.sheet):
        settings = as_one_row(read.sheet)
        read = SheetRead(settings.sheet, (*read.problems, *settings.problems))
    return _Outcome(entry, read.sheet, "" if read.sheet else table, read.problems)


def _stranger(entry: _Entry, *, resembles: bool) -> _Outcome:
    origin = Origin(entry.file, entry.sheet)
    read = entry.load(canonical(entry.sheet))
    if read.blank:
        return _Outcome(entry)
    sheet = read.sheet
    if sheet is not None and is_result(entry.sheet, sheet.columns):
        message = "this is a table of results; it is not read"
        return _Outcome(entry, problems=(problem("W505", origin, message),))
    if not resembles:
        message = f'"{entry.sheet}" is not the name of a table; it is ignored'
        return _Outcome(entry, problems=(problem("W502", origin, message),))
    near = nearest(entry.sheet, tuple(INPUT_TABLES))
    message = f'"{entry.sheet}" is not the name of a table'
    named = problem("E106", origin, message, seen=entry.sheet, expected=near, hint=f'did you mean "{near}"?')
    return _Outcome(entry, spoilt=near, problems=(named,))
