"""Carries a programme from one form to another without loss: CSV folder, workbook, folder of parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...codes import problem
from ...errors import InputError, Origin, Problem
from ..outputs import check_new, check_workbook_name
from ..whole import whole_file
from .about import ABOUT, TITLE, order, tab_colours
from .folder import whole_folder, write_csv, write_parquet
from .forms import Form
from .limits import no_folder, no_parquet, no_workbook
from .problem_sheet import HEADER, PROBLEMS
from .sheets import new_book, write_sheets
from .source import Source, SourceSheet, read_source


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written and what was left out."""

    sheets: int
    rows: int
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]


def convert(path: Path, out: Path, form: Form = Form.CSV, *, replace: bool = False) -> Converted:
    """Write the programme at `path` in another form: a workbook if `out` ends in .xlsx, else a folder.

    Raises
    ------
    InputError
        if something of it cannot be read, or cannot be written in that form, without loss.
    OutputError
        if the output is the input, or is there already and is not to be replaced.
    """
    if not path.exists():
        raise InputError([problem("E101", Origin(str(path)), "there is no file or folder here")])
    workbook = out.suffix.lower() == ".xlsx"
    if workbook:
        check_workbook_name(out)
    check_new(out, path, replace=replace)
    source = read_source(path)
    sheets = carried_sheets(source, path)
    _refuse(path, source, sheets)
    troubles = no_workbook(sheets) if workbook else no_folder(sheets)
    if form is Form.PARQUET and not workbook:
        troubles = [*troubles, *no_parquet(sheets)]
    if troubles:
        raise InputError([*source.problems, *troubles])
    if workbook:
        write_workbook(sheets, out)
    else:
        _write_folder(sheets, out, form)
    rows = sum(max(sheet.frame.height - sheet.header - 1, 0) for sheet in sheets)
    return Converted(len(sheets), rows, source.left_out, source.problems)


def carried_sheets(source: Source, path: Path) -> tuple[SourceSheet, ...]:
    """Return the user's own sheets: of a folder in the order of the template, of a workbook in that of the workbook."""
    own = [sheet for sheet in source.sheets if not _is_ours(sheet)]
    places = {spec.name: place for place, spec in enumerate(order())}
    return tuple(sorted(own, key=lambda sheet: places.get(sheet.table, len(places))) if path.is_dir() else own)


def _is_ours(sheet: SourceSheet) -> bool:
    """Whether a sheet is the index of a template or a list of problems, as this program writes them."""
    first = sheet.names
    if sheet.name == PROBLEMS:
        return tuple(first) == HEADER
    return sheet.name == ABOUT and bool(first) and first[0].startswith(TITLE)


def _refuse(path: Path, source: Source, sheets: tuple[SourceSheet, ...]) -> None:
    if source.errors:
        raise InputError(source.problems)
    if not sheets:
        raise InputError([*source.problems, problem("E105", Origin(path.name), "there is no table here")])


def write_workbook(sheets: tuple[SourceSheet, ...], out: Path) -> None:
    """Write sheets as a workbook, whole or not at all."""
    with whole_file(out) as part:
        book = new_book(str(part))
        write_sheets(book, sheets, tab_colours())
        book.file.close()


def _write_folder(sheets: tuple[SourceSheet, ...], out: Path, form: Form) -> None:
    write = write_csv if form is Form.CSV else write_parquet
    with whole_folder(out) as fresh:
        for sheet in sheets:
            write(sheet, fresh)
