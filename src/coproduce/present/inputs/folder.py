"""Writes tables as files of a folder, CSV or parquet; the folder appears whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import polars as pl

from ...tables import Column
from .canonical import Value, text_form, value_of
from .sheets import declared, is_settings
from .source import SourceSheet

_QUOTED = re.compile(r'[",;\t|\n]|^\s|\s$')
_FORMULA = re.compile(r"'*[=+\-@]")
_BOM = "\ufeff"


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of `path` at the end; after an error `path` is as it was.

    Raises
    ------
    OSError : the folder cannot be written
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
    fresh, old = aside / "new", aside / "old"
    fresh.mkdir()
    try:
        yield fresh
        if path.exists():
            path.rename(old)
        try:
            fresh.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_csv(sheet: SourceSheet, folder: Path) -> None:
    """Write a sheet as a CSV file in UTF-8, with a byte order mark where there are letters beyond ASCII."""
    texts = [_texts(sheet, position, column) for position, column in enumerate(_columns(sheet))]
    content = "".join(",".join(map(_field, row)) + "\n" for row in zip(*texts, strict=True))
    mark = "" if content.isascii() else _BOM
    (folder / f"{sheet.name}.csv").write_text(mark + content, encoding="utf-8", newline="\n")


def _columns(sheet: SourceSheet) -> Sequence[Column | None]:
    # The values of settings are of different kinds below each other and stay text.
    return [None] * sheet.frame.width if is_settings(sheet) else declared(sheet)


def _texts(sheet: SourceSheet, position: int, column: Column | None) -> list[tuple[str, bool]]:
    """Return the cells of a column in their one text form, and whether each is a number."""
    cells = sheet.frame.to_series(position).to_list()
    values = [cell if row <= sheet.header else value_of(column, cell) for row, cell in enumerate(cells)]
    return [(text_form(value), isinstance(value, float)) for value in values]


def _field(cell: tuple[str, bool]) -> str:
    """Write a field; a text that a spreadsheet would calculate gets an apostrophe, which reading takes away."""
    text, is_number = cell
    if not is_number and _FORMULA.match(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def write_parquet(sheet: SourceSheet, folder: Path) -> None:
    """Write a sheet as a parquet file; a column has the declared type if all of its cells have it, else text."""
    columns = zip(sheet.names, _columns(sheet), sheet.frame.iter_columns(), strict=True)
    series = [_typed(name, column, cells[sheet.header + 1 :].to_list()) for name, column, cells in columns]
    pl.DataFrame(series).write_parquet(folder / f"{sheet.name}.parquet")


def _typed(name: str, column: Column | None, cells: list[str | None]) -> pl.Series:
    kind = "text" if column is None else column.kind
    values: list[Value] = [value_of(column, cell) for cell in cells]
    numbers = [value for value in values if isinstance(value, float)]
    dates = [value for value in values if isinstance(value, date)]
    filled = len(values) - values.count(None)
    if kind == "integer" and len(numbers) == filled and all(n.is_integer() and abs(n) < 1e15 for n in numbers):
        return pl.Series(name, values).cast(pl.Int64)
    if kind in ("number", "integer") and len(numbers) == filled:
        return pl.Series(name, values, dtype=pl.Float64)
    if kind == "date" and len(dates) == filled:
        return pl.Series(name, [_moment(value) for value in values], dtype=pl.Datetime("us"))
    return pl.Series(name, cells, dtype=pl.String)


def _moment(value: Value) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, datetime.min.time()) if isinstance(value, date) else None
