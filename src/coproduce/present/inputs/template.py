"""Makes the workbook that a planner fills in: empty, or filled with a small worked programme."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from ...tables import TableSpec
from ..whole import whole_file
from .about import TITLE, order, tab_colours, write_about
from .notes import header_text
from .sheets import new_book, write_sheets
from .source import SourceSheet, read_source

_INSTALLED = Path(__file__).with_name("example")
_CHECKED_OUT = Path(__file__).parents[4] / "examples" / "small"
_SETTING_COLUMNS = ("setting", "value", "unit", "meaning")
Rows = list[tuple[str | None, ...]]


def example_folder() -> Path:
    """Return the folder of the small worked programme, which the package carries with it."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKED_OUT


def write_template(path: Path, *, example: bool = False) -> None:
    """Write the template to a new workbook.

    Parameters
    ----------
    example : fill it with the small worked programme

    Raises
    ------
    OSError : the file cannot be written
    """
    given = {sheet.table: sheet for sheet in read_source(example_folder()).sheets} if example else {}
    sheets = [_sheet(spec, given.get(spec.name)) for spec in order()]
    with whole_file(path) as part:
        book = new_book(str(part))
        write_about(book, f"{TITLE}: a worked example" if example else TITLE)
        write_sheets(book, sheets, tab_colours())
        book.file.close()


def _sheet(spec: TableSpec, given: SourceSheet | None) -> SourceSheet:
    """Return a sheet with all declared columns and the rows given."""
    rows = _settings(spec, given) if spec.name == "programme" else _rows(spec, given)
    frame = pl.DataFrame(rows, schema={f"c{n}": pl.String for n in range(len(rows[0]))}, orient="row")
    return SourceSheet(spec.name, spec.name, frame, np.arange(1, frame.height + 1, dtype=np.int64))


def _rows(spec: TableSpec, given: SourceSheet | None) -> Rows:
    header = tuple(spec.columns)
    if given is None:
        return [header]
    body = [dict(zip(given.names, row, strict=True)) for row in given.frame.rows()[given.header + 1 :]]
    return [header, *(tuple(row.get(name) for name in header) for row in body)]


def _settings(spec: TableSpec, given: SourceSheet | None) -> Rows:
    values = {} if given is None else {row[0]: row[1] for row in given.frame.rows()}
    return [
        _SETTING_COLUMNS,
        *(
            (name, values.get(name), _unit(header_text(column)), column.meaning)
            for name, column in spec.columns.items()
        ),
    ]


def _unit(header: str) -> str:
    return header.partition(" (")[2].rstrip(")")
