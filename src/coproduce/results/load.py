"""Reads a result folder back: the input as it was planned, the result tables, the summary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import CoproduceError, ExitCode
from ..tables import INPUT_TABLES, RESULT_TABLES, Tables, TableSpec
from .result import PlanResult
from .store import INPUTS, SUMMARY, TABLES


class ResultError(CoproduceError):
    """A folder is not a result that can be read."""

    exit_code = ExitCode.INPUT


def load_result(folder: Path | str) -> PlanResult:
    """Read the folder that a plan was written to.

    The places of the input's cells and the warnings are not read back: they stand in the tables that name them.

    Raises
    ------
    ResultError
        if there is no result, or one that this version cannot read.
    """
    folder = Path(folder)
    if not (folder / SUMMARY).is_file():
        raise ResultError(f"{folder} holds no result of a plan: there is no {SUMMARY} in it")
    summary = _summary(folder)
    if not (folder / INPUTS).is_dir():
        raise ResultError(f"{folder} holds a result without its {INPUTS}, as earlier versions wrote it; plan it again")
    frames = {name: _frame(folder / TABLES, spec) for name, spec in RESULT_TABLES.items()}
    tables = {name: _frame(folder / INPUTS, spec) for name, spec in INPUT_TABLES.items()}
    if not tables["programme"].height or not frames["buckets"].height:
        raise ResultError(f"{folder} holds a result whose programme or buckets are missing; plan it again")
    return PlanResult(Tables(tables), frames, summary, ())


def results_in(folders: list[Path]) -> list[Path]:
    """Return result folders: those given, and in place of one that is none the results right inside it.

    Of these the programme as it stands (`base`) comes first, then the others by name.

    Raises
    ------
    ResultError
        if a folder neither is nor holds a result.
    """
    found: list[Path] = []
    for folder in folders:
        inside = sorted(path.parent for path in folder.glob(f"*/{SUMMARY}") if not path.parent.name.startswith("."))
        if (folder / SUMMARY).is_file() or not inside:
            inside = [folder]
        found += sorted(inside, key=lambda path: path.name != "base")
    for folder in found:
        if not (folder / SUMMARY).is_file():
            raise ResultError(f"{folder} neither is nor holds a result of a plan: there is no {SUMMARY}")
    return list(dict.fromkeys(found))


def _summary(folder: Path) -> dict[str, Any]:
    try:
        summary: Any = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise ResultError(f"{folder / SUMMARY} cannot be read ({failure})") from None
    if not isinstance(summary, dict):
        raise ResultError(f"{folder / SUMMARY} is not the summary of a plan")
    return summary


def _frame(folder: Path, spec: TableSpec) -> pl.DataFrame:
    """Return a stored table in its declared form; one that is not there is empty, as are columns that came later."""
    path = folder / f"{spec.name}.parquet"
    empty = spec.empty()
    if not path.is_file():
        return empty
    try:
        frame = pl.read_parquet(path, glob=False)
        later = [
            pl.lit(None, dtype=empty.schema[name]).alias(name) for name in empty.columns if name not in frame.columns
        ]
        return frame.with_columns(later).select(empty.columns).cast(empty.schema)
    except (pl.exceptions.PolarsError, OSError, ValueError) as failure:
        raise ResultError(f"{path} cannot be read ({str(failure).splitlines()[0]})") from None
