"""What a workbook or a folder cannot hold: too many rows, texts too long, names that the other form does not allow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...codes import problem
from ...errors import Origin, Problem
from ...read.excel_scan import LARGEST_COLUMN, LARGEST_ROW
from .source import SourceSheet

LONGEST_TEXT, LONGEST_NAME = 32_767, 31
_NO_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NO_CELL = "[\ufffe\uffff]"
_NO_FILE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def sheet_names(sheets: Iterable[SourceSheet]) -> list[str]:
    """Return names that Excel allows, each once, as near to the given ones as can be."""
    taken: set[str] = set()
    names = []
    for sheet in sheets:
        name = _allowed(sheet.name)
        number = 2
        while name.lower() in taken:
            end = f" ({number})"
            name, number = _allowed(sheet.name)[: LONGEST_NAME - len(end)] + end, number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _allowed(name: str) -> str:
    name = _NO_SHEET.sub("_", name).strip("' ")[:LONGEST_NAME].strip("' ")
    return name if name and name.lower() != "history" else f"{name}_"


def no_workbook(sheets: Sequence[SourceSheet]) -> list[Problem]:
    """Return why these sheets do not fit into one workbook without loss."""
    return [
        *_twice(sheets),
        *(found for sheet in sheets for found in (*_unnameable(sheet), *_too_large(sheet), *_no_cells(sheet))),
    ]


def _unnameable(sheet: SourceSheet) -> Iterator[Problem]:
    if _allowed(sheet.name) != sheet.name:
        message = f'a sheet cannot have the name "{sheet.name}"'
        expected = f"at most {LONGEST_NAME} characters, none of [ ] : * ? / \\"
        yield problem("E106", Origin(sheet.file, sheet.name), message, expected=expected, hint="rename it")


def _too_large(sheet: SourceSheet) -> Iterator[Problem]:
    height, width = sheet.frame.shape
    if height > LARGEST_ROW or width > LARGEST_COLUMN:
        limit = f"{LARGEST_ROW:,} rows and {LARGEST_COLUMN:,} columns"
        message = f"{height:,} rows and {width:,} columns do not fit into a sheet of Excel, which ends at {limit}"
        yield problem("E119", Origin(sheet.file, sheet.name), message, hint="convert to a folder instead")


def _no_cells(sheet: SourceSheet) -> Iterator[Problem]:
    for position, column in enumerate(sheet.frame.iter_columns()):
        doubtful = (column.str.len_chars() > LONGEST_TEXT // 2) | column.str.contains(_NO_CELL)
        for row in doubtful.fill_null(False).arg_true():
            at = Origin(sheet.file, sheet.name, int(sheet.rows[row]), sheet.names[position], position)
            length = len(column[row].encode("utf-16-le")) // 2
            if length > LONGEST_TEXT:
                message = f"a text of {length:,} characters does not fit into a cell, which holds {LONGEST_TEXT:,}"
                yield problem("E219", at, message)
            elif re.search(_NO_CELL, column[row]):
                yield problem("E112", at, "a text holds U+FFFE or U+FFFF, which are no characters", hint="delete it")


def no_folder(sheets: Sequence[SourceSheet]) -> list[Problem]:
    """Return why these sheets cannot become files of one folder without loss."""
    return [*_twice(sheets), *(found for sheet in sheets for found in _no_file(sheet))]


def _no_file(sheet: SourceSheet) -> Iterator[Problem]:
    if _NO_FILE.search(sheet.name) or sheet.name.startswith((".", "~")) or sheet.name != sheet.name.strip(" ."):
        message = f'a file cannot have the name "{sheet.name}"'
        yield problem("E106", Origin(sheet.file, sheet.name), message, hint="rename it")


def no_parquet(sheets: Sequence[SourceSheet]) -> list[Problem]:
    """Return why these sheets cannot become parquet files without loss: their headers must be unique first rows."""
    return [found for sheet in sheets for found in _no_frame(sheet)]


def _no_frame(sheet: SourceSheet) -> Iterator[Problem]:
    names = sheet.names
    if sheet.header:
        at = Origin(sheet.file, sheet.name, int(sheet.rows[0]))
        yield problem("E108", at, "parquet has no room for what stands above the column names", hint="delete it")
    for position, name in enumerate(names):
        at = Origin(sheet.file, sheet.name, 1, name, position)
        if not name:
            yield problem("E110", at, "a column of a parquet file must have a name")
        elif name in names[:position]:
            yield problem("E109", at, f'column "{name}" stands twice; a parquet file cannot hold that')


def _twice(sheets: Sequence[SourceSheet]) -> Iterator[Problem]:
    files: dict[str, str] = {}
    for sheet in sheets:
        name = sheet.name.lower()
        if name in files:
            message = f'"{sheet.name}" is there twice, here and in {files[name]}'
            yield problem("E107", Origin(sheet.file, sheet.name), message, hint="rename or remove one")
        files.setdefault(name, sheet.file)
