"""Makes sure, before the work begins, that its result can be written where it was asked for and destroys nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from ..errors import CoproduceError, ExitCode
from ..results.store import TABLES, WORKBOOK, check_replaceable

_OURS = {"csv", "parquet", "yaml", "yml"}
_FILES = {".xlsx", ".xlsm", ".xls", ".ods", ".html", ".csv", ".json", ".pdf"}


class OutputError(CoproduceError):
    """The output cannot be written where it was asked for."""

    exit_code = ExitCode.INPUT


def check_new(out: Path, source: Path | None, *, replace: bool) -> None:
    """Make sure that an output is not the source, replaces only what it may, and can be written.

    Raises
    ------
    OutputError
        if it is the source or holds it, is there already and not to be replaced, is a folder with other files, or
        may not be written.
    """
    if source is not None and out.resolve() in (source.resolve(), *source.resolve().parents):
        raise OutputError(f"{out} is, or holds, the programme itself; choose another name for the output")
    if out.is_symlink() or (out.exists() and not _is_empty(out)):
        _check_replaced(out, replace=replace)
    check_writable(out)


def _is_empty(out: Path) -> bool:
    return out.is_dir() and not any(out.iterdir())


def _check_replaced(out: Path, *, replace: bool) -> None:
    if not replace:
        raise OutputError(f"{out} is there already; choose another name, or add --replace")
    foreign = [path.name for path in out.iterdir() if path.suffix[1:] not in _OURS] if out.is_dir() else []
    if foreign:
        raise OutputError(f"{out} holds other files ({', '.join(sorted(foreign)[:5])}); it is not replaced")


def check_workbook_name(out: Path) -> None:
    """Make sure that a name is that of a workbook and its folder is there.

    Raises
    ------
    OutputError
        if it is not.
    """
    if out.suffix.lower() != ".xlsx":
        raise OutputError(f'a workbook is written here; give a name that ends in .xlsx, not "{out.name}"')
    if out.is_dir():
        raise OutputError(f"{out} is a folder; give the name of a workbook")
    if not out.resolve().parent.is_dir():
        raise OutputError(f"the folder {out.resolve().parent} is not there; make it, or choose another place")


def check_result_folder(out: Path, source: Path) -> None:
    """Make sure that a plan can be written to a folder.

    Raises
    ------
    ForeignFolderError
        if it holds files that are not ours.
    OutputError
        if it is a file or has the name of one, is or holds the programme, or may not be written.
    """
    if out.is_file() or (out.suffix.lower() in _FILES and not out.exists()):
        raise OutputError(
            f'a plan is written to a folder, and "{out.name}" is the name of a file; give a folder such as '
            f'"{out.stem or "plan"}": the workbook in it is {WORKBOOK}'
        )
    if out.resolve() in (source.resolve(), *source.resolve().parents):
        raise OutputError(f"{out} is, or holds, the programme itself; choose another folder for the result")
    check_replaceable(out)
    check_writable(out)


def check_writable(out: Path) -> None:
    """Make sure that something can be written beside an output, or where its folder will be made.

    Raises
    ------
    OutputError
        if it cannot.
    """
    parent = next(parent for parent in out.resolve().parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=parent):
            return
    except OSError as failure:
        raise OutputError(f"nothing can be written to {parent} ({failure.strerror or failure})") from None


def check_own_folder(out: Path, what: str, mark: str, files: Collection[str], tables: Collection[str]) -> None:
    """Make sure that a folder is new, empty, or holds nothing but an output of one kind.

    Parameters
    ----------
    what : the output in words
    mark : the file by which it is known
    files, tables : its other files, and the names of its tables

    Raises
    ------
    OutputError
        if it is a file, holds anything else, or may not be written.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; {what} is written to a folder")
    names = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    foreign = [name for name in names if name not in (mark, TABLES, *files)] or _foreign_tables(out, tables)
    if foreign or (names and mark not in names):
        listed = ", ".join((foreign or names)[:5])
        raise OutputError(f"{out} holds other files ({listed}); choose an empty or a new folder")
    check_writable(out)


def _foreign_tables(out: Path, tables: Collection[str]) -> list[str]:
    inside = (out / TABLES).iterdir() if (out / TABLES).is_dir() else ()
    known = {f"{name}{ending}" for name in tables for ending in (".csv", ".parquet")}
    return sorted(f"{TABLES}/{path.name}" for path in inside if path.name not in known)
