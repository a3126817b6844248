"""Writes a result folder whole or not at all: everything into a new folder first, then renamed into place."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from ..errors import CoproduceError, ExitCode, Problem
from ..tables import INPUT_TABLES, RESULT_TABLES
from .result import PlanResult

SUMMARY = "summary.json"
REPORT = "report.html"
WORKBOOK = "results.xlsx"
TABLES = "tables"
INPUTS = "inputs"
OWN_FILES = frozenset({SUMMARY, REPORT, WORKBOOK, TABLES, INPUTS, "problems.csv"})
# A spreadsheet takes text that begins like this for a formula.
_FORMULA = r"^[=+\-@\t\r]"


class ForeignFolderError(CoproduceError):
    """The folder holds files that are not ours, so it is not replaced; `names` lists some."""

    exit_code = ExitCode.INPUT

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.folder, self.names = folder, names
        super().__init__(f"{folder} holds other files ({', '.join(names)}); choose an empty or a new folder")


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose text cannot be taken for a formula: such cells get a leading apostrophe."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )


def write_frames(frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Write tables as parquet and CSV into a new folder."""
    folder.mkdir()
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
        harmless(frame).write_csv(folder / f"{name}.csv")


def check_replaceable(folder: Path) -> None:
    """Make sure that a folder is new, empty or a result of ours.

    Raises
    ------
    ForeignFolderError
        if it holds anything else.
    """
    parent = next(parent for parent in folder.resolve().parents if parent.exists())
    if (folder.exists() and not folder.is_dir()) or not parent.is_dir():
        raise ForeignFolderError(folder, [folder.name if folder.exists() else parent.name])
    foreign = _foreign(folder) if folder.exists() else []
    if foreign:
        raise ForeignFolderError(folder, foreign[:5])


def _foreign(folder: Path) -> list[str]:
    """Return the names in a folder that no result of ours has; without a summary it is no result at all."""
    own = OWN_FILES if (folder / SUMMARY).is_file() else frozenset[str]()
    names = sorted(path.name for path in folder.iterdir() if path.name not in own)
    for inner, known in ((TABLES, RESULT_TABLES), (INPUTS, INPUT_TABLES)):
        if own and (folder / inner).is_dir():
            names += sorted(
                f"{inner}/{path.name}"
                for path in (folder / inner).iterdir()
                if path.stem not in known or path.suffix not in (".csv", ".parquet")
            )
    return names


@contextmanager
def replaced(folder: Path, marker: str = SUMMARY, check: Callable[[Path], None] = check_replaceable) -> Iterator[Path]:
    """Yield a new folder beside `folder` that takes its place at the end; after an error the old one stays.

    Parameters
    ----------
    marker : a file that only a result has
    check : makes sure that the folder may be replaced

    Raises
    ------
    ForeignFolderError
        if the folder holds files that are not ours.
    """
    folder = folder.resolve()
    recover(folder, marker)
    check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    old = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    try:
        yield fresh
        _swap(fresh, folder, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def recover(folder: Path, marker: str = SUMMARY) -> None:
    """Put back a result that a killed run had set aside, and remove what killed runs left; a live run keeps its own."""
    for kind in ("old", "new"):
        for left in folder.parent.glob(f".{folder.name}.{kind}-*"):
            if _alive(left.name.rpartition("-")[2]):
                continue
            if kind == "old" and not folder.exists() and (left / marker).is_file():
                left.rename(folder)
            else:
                shutil.rmtree(left, ignore_errors=True)


def _alive(pid: str) -> bool:
    """Return whether a process runs."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except OSError:
        return True
    return True


def _swap(fresh: Path, folder: Path, old: Path) -> None:
    """Put the new folder in the place of the one that is there, and that one back if it fails."""
    there = folder.exists()
    if there:
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if there:
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_tables(result: PlanResult, folder: Path) -> None:
    """Write the result tables as parquet and CSV, the input as it was planned as parquet, and the warnings as CSV."""
    write_frames({name: result.frames[name] for name in RESULT_TABLES}, folder / TABLES)
    (folder / INPUTS).mkdir()
    for name in INPUT_TABLES:
        # The changes of a scenario stand in the tables already; applied twice they would be wrong.
        told = name == "scenarios" and result.tables.scenario is not None
        if result.tables[name].height and not told:
            result.tables[name].write_parquet(folder / INPUTS / f"{name}.parquet")
    harmless(problem_table(result.problems)).write_csv(folder / "problems.csv")


def write_summary(result: PlanResult, path: Path) -> None:
    """Write `summary.json`."""
    path.write_text(json.dumps(result.summary, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def problem_table(problems: Sequence[Problem]) -> pl.DataFrame:
    """Return problems as a table, one row each."""
    rows = [
        {
            "code": problem.code,
            "severity": problem.severity.value,
            "file": problem.origin.file,
            "sheet": problem.origin.sheet,
            "row": problem.origin.row,
            "column": problem.origin.column,
            "message": problem.message,
            "seen": problem.seen,
            "expected": problem.expected,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    texts = dict.fromkeys(("code", "severity", "file", "sheet"), pl.String)
    schema = {**texts, "row": pl.Int64, **dict.fromkeys(("column", "message", "seen", "expected", "hint"), pl.String)}
    return pl.DataFrame(rows, schema=schema)
