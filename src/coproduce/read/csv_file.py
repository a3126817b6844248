"""CSV files: encoding, separator, ragged rows and quoted line breaks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat, zip_longest
from pathlib import Path

import numpy as np
import polars as pl

from ..codes import problem
from ..errors import Origin, Problem
from .csv_scan import scan
from .grid import Grid, Rows
from .header import SEARCHED, header_index, recognised
from .many import listed

_SEPARATORS = (",", ";", "\t", "|")
Parsed = tuple[pl.DataFrame, Rows, list[Problem]]
csv.field_size_limit(1 << 30)
WIDEST = 16_384
"""Columns that are read, as many as a sheet of Excel can have."""

_ESCAPED = re.compile(rb"'[=+\-@]")


@dataclass(frozen=True, slots=True)
class CsvRead:
    """A CSV file as a grid (None if it cannot be used), and the problems met."""

    grid: Grid | None
    problems: tuple[Problem, ...]


def read_csv(path: Path, table: str) -> CsvRead:
    """Read a CSV file as text; `table` helps to find the separator."""
    origin = Origin(path.name, table)
    content, problems = _as_utf8(path.read_bytes(), origin)
    if content is None:
        return CsvRead(None, problems)
    content, separator, skipped = _separator(content, table)
    if not content:
        empty = Grid(path.name, table, pl.DataFrame(), np.empty(0, dtype=np.int64))
        return CsvRead(empty, problems)
    if max(map(bytes.count, content.splitlines()[:SEARCHED], repeat(separator.encode())), default=0) > WIDEST:
        wide = problem("E119", origin, f"the file has more than {WIDEST:,} columns", hint="delete the stray separators")
        return CsvRead(None, (*problems, wide))
    frame, rows, ragged = _frame(content, separator, origin, skipped)
    grid = Grid(path.name, table, without_apostrophes(frame) if _ESCAPED.search(content) else frame, rows)
    return CsvRead(None if any(p.code == "E113" for p in ragged) else grid, (*problems, *ragged))


def without_apostrophes(frame: pl.DataFrame) -> pl.DataFrame:
    """Take away the apostrophe that keeps a spreadsheet from calculating a text: `'=a` stands for the text `=a`."""
    return frame.with_columns(pl.col(pl.String).str.replace(r"^(\s*)'('*[=+\-@])", "$1$2"))


def _as_utf8(content: bytes, origin: Origin) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the content as UTF-8 without byte order mark and with line feeds; None if it is no text."""
    problems: tuple[Problem, ...] = ()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            return None, (problem("E112", origin, "the file begins like UTF-16 text but is not"),)
        problems = (problem("W501", origin, "the file was read as UTF-16 text"),)
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        message = "the file is a workbook, not a text"
        return None, (problem("E112", origin, message, hint="save the sheet as CSV, or give the workbook itself"),)
    if b"\0" in content:
        row = content.count(b"\n", 0, content.index(b"\0")) + 1
        at = Origin(origin.file, origin.sheet, row)
        return None, (problem("E112", at, "the file holds zero bytes, which no text does"),)
    try:
        content.decode()
    except UnicodeDecodeError as failure:
        return _from_cp1252(content, failure.start, origin)
    return _line_feeds(content), problems


def _from_cp1252(content: bytes, first: int, origin: Origin) -> tuple[bytes | None, tuple[Problem, ...]]:
    line = Origin(origin.file, origin.sheet, content.count(b"\n", 0, first) + 1)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as failure:
        row = content.count(b"\n", 0, failure.start) + 1
        message = f"byte {content[failure.start]:#04x} belongs to no text in UTF-8 or Windows (cp1252) form"
        return None, (problem("E112", Origin(origin.file, origin.sheet, row), message),)
    note = "the file is not UTF-8; it was read as Windows (cp1252) text"
    return _line_feeds(text.encode()), (problem("W501", line, note, hint="check letters with accents"),)


def _line_feeds(content: bytes) -> bytes:
    """Turn the line ends of old Macintosh files, and of files put together from several, into line feeds."""
    if content.count(b"\r") == content.count(b"\r\n"):
        return content
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _separator(content: bytes, table: str) -> tuple[bytes, str, int]:
    """Return the content without a leading `sep=` line, the separator and the number of lines left out."""
    head, _, rest = content.partition(b"\n")
    declared = head.strip().removeprefix(b"sep=")
    if head.startswith(b"sep=") and declared.decode() in _SEPARATORS:
        return rest, declared.decode(), 1
    first_lines = [line for line in content[: 1 << 16].decode(errors="replace").splitlines() if line.strip()][:30]

    def fit(separator: str) -> tuple[int, int]:
        rows = [next(csv.reader([line], delimiter=separator), []) for line in first_lines]
        return max((recognised(row, table) for row in rows), default=0), len(rows[0]) if rows else 0

    return content, max(_SEPARATORS, key=fit), 0


def _frame(content: bytes, separator: str, origin: Origin, skipped: int) -> Parsed:
    structure = scan(content, separator)
    filled = structure.fields[structure.fields > 0]
    if structure.sound and filled.size and (filled == filled[0]).all():
        frame = _parsed(content, separator, int(filled[0]))
        if frame is not None and frame.height == len(structure.fields):
            return frame, np.arange(1, frame.height + 1, dtype=np.int64) + skipped, []
    return _parsed_slowly(content, separator, origin, skipped)


def _parsed(content: bytes, separator: str, width: int) -> pl.DataFrame | None:
    """Parse a sound text at once; None for the few that polars does not take, such as one with a blank first line."""
    schema = {f"c{index}": pl.String() for index in range(width)}
    try:
        return pl.read_csv(content, has_header=False, separator=separator, schema=schema, raise_if_empty=False)
    except pl.exceptions.PolarsError:
        return None


def _parsed_slowly(content: bytes, separator: str, origin: Origin, skipped: int) -> Parsed:
    """Parse record by record, to name the rows that have too many or too few fields."""
    text = content.decode()
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
    problems = list(_unclosed(text, separator, origin, skipped))
    filled = [record for record in records[: 10 * SEARCHED] if any(cell.strip() for cell in record)]
    header = header_index(filled, origin.sheet)
    width = len(filled[header]) if filled else 0
    # A title above the header is not ragged: that it is there is reported later.
    first = next((number for number, record in enumerate(records) if filled and record is filled[header]), 0)
    problems += listed(_ragged(records[first:], width, origin, skipped + first))
    columns = list(zip_longest(*(record[:width] for record in records), fillvalue=""))
    frame = pl.DataFrame({f"c{index}": pl.Series(column, dtype=pl.String) for index, column in enumerate(columns)})
    return frame, np.arange(1, frame.height + 1, dtype=np.int64) + skipped, problems


def _unclosed(text: str, separator: str, origin: Origin, skipped: int) -> Iterator[Problem]:
    """Report a quoted text that does not end where a field ends, so that it swallows what follows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row, line = skipped + 1, 0
    try:
        for row, _ in enumerate(reader, start=skipped + 2):  # noqa: B007
            line = reader.line_num
    except csv.Error:
        lines = text.split("\n")
        opening = (lines[line] if line < len(lines) else "")[:60]
        message = f"a quotation mark in the row that begins {opening!r} is never closed, or closed inside the text"
        yield problem("E113", Origin(origin.file, origin.sheet, row), message)


def _ragged(records: list[list[str]], width: int, origin: Origin, skipped: int) -> Iterator[Problem]:
    for number, record in enumerate(records, start=1 + skipped):
        surplus = any(cell.strip() for cell in record[width:])
        short = 0 < len(record) < width and any(cell.strip() for cell in record)
        if surplus or short:
            at = Origin(origin.file, origin.sheet, number)
            many = "more" if surplus else "fewer"
            message = f"{len(record)} fields, {many} than the {width} of the header"
            yield problem("E111", at, message, seen=str(len(record)), expected=str(width))
