"""Writes the result of a stress test into a folder: tables, figures, page and workbook, all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path

from ...results.store import TABLES, harmless
from ...results.stress.stress import StressResult
from ...tables import STRESS_TABLES
from ..inputs.folder import whole_folder
from ..outputs import check_own_folder

FIGURES, PAGE, WORKBOOK = "stress.json", "stress.html", "stress.xlsx"


def check_stress_folder(out: Path) -> None:
    """Make sure that the result of a stress test can be written to a folder.

    Raises
    ------
    OutputError
        if it is a file, holds anything else, or may not be written.
    """
    check_own_folder(out, "a stress test", FIGURES, (PAGE, WORKBOOK), STRESS_TABLES)


def chunks_of(out: Path) -> Path:
    """Return the folder in which parts of a run are kept until it ends."""
    return out.with_name(f"{out.name}.chunks")


def write_stress(result: StressResult, out: Path) -> None:
    """Write the result of a stress test; one that stands there is replaced.

    Raises
    ------
    OutputError
        if the folder holds anything else.
    """
    check_stress_folder(out)
    with whole_folder(out) as fresh:
        (fresh / TABLES).mkdir()
        for name, frame in result.frames.items():
            frame.write_parquet(fresh / TABLES / f"{name}.parquet")
            harmless(frame).write_csv(fresh / TABLES / f"{name}.csv")
        text = json.dumps(result.summary, indent=2, allow_nan=False, default=str) + "\n"
        (fresh / FIGURES).write_text(text, encoding="utf-8")
