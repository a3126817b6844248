"""Reads every sheet of a folder or workbook as cells, whether it is a table or not, so that none is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ...check.cells import as_text
from ...codes import problem
from ...errors import Origin, Problem, errors_of
from ...read.csv_file import read_csv
from ...read.excel import WORKBOOKS, read_workbook, text_of
from ...read.frepple import SUFFIXES, from_workbook, is_workbook, read_frepple
from ...read.grid import Grid, tidy, without_blank_rows
from ...read.header import SEARCHED, SETTINGS, header_index
from ...read.names import canonical
from ...read.raw import Raw
from ...read.settings import read_yaml
from ...read.typed import read_parquet_frame
from ...tables import INPUT_TABLES, TableSpec

_TEXTS, _YAML = {".csv", ".tsv", ".txt"}, {".yaml", ".yml"}
_FORMS = _TEXTS | _YAML | {".parquet"}


@dataclass(frozen=True, slots=True)
class SourceSheet:
    """The cells of one sheet or file as text, without blank rows and without white space around a text.

    Attributes
    ----------
    frame : columns c0, c1, ... by their position; the header is one of the rows
    rows : (row,) record number of each row in the source
    header : which row of the frame is the header, from 0
    listed : settings of a YAML file: each stands in a row of its own, by its name
    """

    file: str
    name: str
    frame: pl.DataFrame
    rows: npt.NDArray[np.int64]
    header: int = 0
    listed: bool = False

    @property
    def table(self) -> str:
        """The name of the table that the name of the sheet stands for."""
        return canonical(self.name)

    @property
    def spec(self) -> TableSpec | None:
        """The declaration of the table; None for a sheet that is none."""
        return INPUT_TABLES.get(self.table)

    @property
    def names(self) -> list[str]:
        """The header as it stands; empty text where a column has no name."""
        return [name or "" for name in self.frame.row(self.header)] if self.frame.height else []


@dataclass(frozen=True, slots=True)
class Source:
    """Every sheet of a folder or workbook, what could not be read, and files that are no tables."""

    sheets: tuple[SourceSheet, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Problem]:
        """What could not be read whole."""
        return errors_of(self.problems)


def read_source(path: Path) -> Source:
    """Read all sheets of a folder or workbook; the path must exist.

    Raises
    ------
    OSError
        if the system refuses to read a file.
    """
    return _folder(path) if path.is_dir() else _workbook(path)


def _workbook(path: Path) -> Source:
    if path.suffix.lower() in SUFFIXES:
        return _foreign(read_frepple(path))
    if path.suffix.lower() not in WORKBOOKS:
        one = _file(path) if path.suffix.lower() in _FORMS else Source((), (_no_programme(path),))
        return Source(one.sheets, one.problems)
    read = read_workbook(path)
    if is_workbook(read.grids):
        return _foreign(from_workbook(path.name, read.grids))
    return Source(tuple(sheet_of(grid) for grid in read.grids), read.problems)


def _foreign(raw: Raw) -> Source:
    """Take the tables that a file of frePPLe was turned into as sheets, in the order of their declarations."""
    frames = {table: raw.sheets[table].frame for table in INPUT_TABLES if table in raw.sheets}
    grids = [
        Grid(raw.name, table, _texts(frame), np.arange(1, frame.height + 2, dtype=np.int64))
        for table, frame in frames.items()
    ]
    return Source(tuple(sheet_of(grid) for grid in grids), raw.problems)


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    columns = [_with_header(name, frame[name]) for name in frame.columns]
    return pl.DataFrame([column.alias(f"c{position}") for position, column in enumerate(columns)])


def _no_programme(path: Path) -> Problem:
    return problem("E102", Origin(path.name), "this is neither a workbook nor a table", expected=".xlsx or a folder")


def _folder(path: Path) -> Source:
    visible = sorted(file for file in path.iterdir() if not file.name.startswith((".", "~")))
    tables = [file for file in visible if file.is_file() and _is_table(file)]
    read = [_file(file) for file in tables]
    return Source(
        tuple(sheet for one in read for sheet in one.sheets),
        tuple(found for one in read for found in one.problems),
        tuple(file.name for file in visible if file not in tables),
    )


def _is_table(file: Path) -> bool:
    suffix = file.suffix.lower()
    return suffix in _FORMS and (suffix not in _YAML | {".txt"} or canonical(file.stem) in INPUT_TABLES)


def _file(file: Path) -> Source:
    suffix = file.suffix.lower()
    if suffix in _YAML:
        return _settings(file)
    if suffix == ".parquet":
        return _parquet(file)
    read = read_csv(file, canonical(file.stem))
    return Source(() if read.grid is None else (sheet_of(read.grid, file.stem),), read.problems)


def _settings(file: Path) -> Source:
    read = read_yaml(file)
    if read.sheet is None:
        return Source((_made(file.name, file.stem, [], []),) if read.blank else (), read.problems)
    values, rows = read.sheet.frame, read.sheet.setting_rows
    cells = [SETTINGS, *((name, values[name][0]) for name in values.columns)]
    return Source((_made(file.name, file.stem, cells, [0, *(rows[name] for name in values.columns)]),), read.problems)


def _made(file: str, name: str, cells: Sequence[Sequence[str | None]], rows: Iterable[int]) -> SourceSheet:
    schema = {f"c{position}": pl.String for position in range(len(cells[0]) if cells else 0)}
    frame = pl.DataFrame([tuple(row) for row in cells], schema=schema, orient="row")
    return SourceSheet(file, name, frame, np.array(list(rows), dtype=np.int64), listed=True)


def _parquet(file: Path) -> Source:
    frame, problems = read_parquet_frame(file, canonical(file.stem))
    if frame is None:
        return Source((), problems)
    unusable = tuple(_unusable(frame, file))
    texts = pl.DataFrame() if unusable else _texts(frame)
    grid = Grid(file.name, file.stem, texts, np.arange(1, texts.height + 1, dtype=np.int64))
    return Source(() if unusable else (sheet_of(grid),), unusable)


def _unusable(frame: pl.DataFrame, file: Path) -> Iterator[Problem]:
    for position, name in enumerate(frame.columns):
        if as_text(_plain(frame[name])) is None:
            at = Origin(file.name, canonical(file.stem), 0, name, position)
            yield problem("E118", at, f"a column of type {frame[name].dtype} cannot be written as plain cells")


def _plain(column: pl.Series) -> pl.Series:
    return column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum, pl.Null) else column


def _with_header(name: str, column: pl.Series) -> pl.Series:
    """Return a typed column as text below its name."""
    plain = _plain(column)
    if plain.dtype == pl.String:
        texts = plain.to_list()
    elif plain.dtype.is_float() or plain.dtype.is_temporal() or plain.dtype == pl.Boolean:
        texts = [None if value is None else text_of(value) for value in plain]
    else:
        texts = plain.cast(pl.String).to_list()
    return pl.Series([name, *texts], dtype=pl.String)


def sheet_of(grid: Grid, name: str = "") -> SourceSheet:
    """Take a grid as it is, apart from blank rows, white space around a text and the form of line breaks."""
    body = grid.frame.with_columns(pl.col(pl.String).str.replace_all("\r\n?", "\n"))
    frame, rows = without_blank_rows(tidy(body), grid.rows)
    name = name or grid.sheet
    found = header_index(frame.head(SEARCHED).rows(), canonical(name)) if frame.height else 0
    return SourceSheet(grid.file, name, _cropped(frame), rows, found)


def _cropped(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop the blank columns at the right."""
    width = max(
        (n for n, column in enumerate(frame.iter_columns(), 1) if column.null_count() < frame.height), default=0
    )
    return frame[:, :width]
