"""The folder of a stress test: its plan, the chunks of a run that goes on, and in the end the answers, whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...tables import REPLAN_TABLES, STRESS_TABLES, SURVIVAL_TABLES
from ..store import SUMMARY, TABLES, ForeignFolderError, harmless, problem_table, recover, replaced, write_frames
from .chunks import MANIFEST
from .result import StressResult

FIGURES = "stress.json"
PAGE = "stress.html"
WORKBOOK = "stress.xlsx"
PLAN = "plan"
CHUNKS = "chunks"
PROBLEMS = "problems.csv"
OWN = frozenset({FIGURES, PAGE, WORKBOOK, PLAN, CHUNKS, TABLES, PROBLEMS})
_MARKER = f"{CHUNKS}/{MANIFEST}"

Writer = Callable[[StressResult, Path], None]


def check_stress_folder(folder: Path) -> None:
    """Make sure that a folder is new, empty or one of a stress test; what a killed run set aside is put back.

    Raises
    ------
    ForeignFolderError
        if it holds anything else.
    """
    recover(folder.resolve(), _MARKER)
    if folder.exists() and not folder.is_dir():
        raise ForeignFolderError(folder, [folder.name])
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    foreign = [name for name in names if name not in OWN] + _foreign_tables(folder / TABLES)
    begun = {FIGURES, CHUNKS} & set(names) or (folder / PLAN / SUMMARY).is_file()
    if foreign or (names and not begun):
        raise ForeignFolderError(folder, (foreign or names)[:5])


def _foreign_tables(folder: Path) -> list[str]:
    known = {
        f"{name}{ending}"
        for name in (*STRESS_TABLES, *SURVIVAL_TABLES, *REPLAN_TABLES)
        for ending in (".csv", ".parquet")
    }
    there = folder.iterdir() if folder.is_dir() else ()
    return sorted(f"{TABLES}/{path.name}" for path in there if path.name not in known)


def write_stress(result: StressResult, folder: Path, writers: Mapping[str, Writer], plan: Path | None) -> None:
    """Write the answers; the folder changes as a whole or not at all, and its chunks are gone in the end.

    Parameters
    ----------
    writers : by name of a file of the folder, what writes it from a result
    plan : folder of the plan that is kept beside the answers; None: it stands elsewhere
    """
    with replaced(folder, _MARKER, check_stress_folder) as fresh:
        write_frames({**result.frames, **result.further}, fresh / TABLES)
        harmless(problem_table(result.problems)).write_csv(fresh / PROBLEMS)
        for name, writer in writers.items():
            writer(result, fresh / name)
        if plan is not None:
            shutil.copytree(plan, fresh / PLAN, copy_function=_linked)
        (fresh / FIGURES).write_text(_text(result.summary), encoding="utf-8")


def _text(figures: Mapping[str, Any]) -> str:
    return json.dumps(figures, indent=2, allow_nan=False) + "\n"


def _linked(source: str, target: str) -> None:
    """Give a file a second name, or copy it where the file system knows no second names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
