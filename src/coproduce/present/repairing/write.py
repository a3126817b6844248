"""Writes the changes that keep limits on origin into a folder: tables, figures, page and workbook, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ...results.repairs import CHANGES, RepairResult
from ...results.store import TABLES, write_frames
from ...tables import INPUT_TABLES, REPAIR_TABLES
from ..inputs.folder import whole_folder
from ..outputs import check_own_folder
from ..workbook.declared import grid
from ..workbook.grid import Grid
from ..workbook.plain import reader, render
from .page import render as render_page

FIGURES, PAGE, WORKBOOK = "repair.json", "repair.html", "repair.xlsx"
NOTE = "Each limit was repaired by itself, all others imposed. The changes are lines for the table scenarios."
_SPECS = {**REPAIR_TABLES, CHANGES: INPUT_TABLES[CHANGES]}


def check_repair_folder(out: Path) -> None:
    """Make sure that the result can be written to a folder.

    Raises
    ------
    OutputError
        if it is a file, holds anything else, or may not be written.
    """
    check_own_folder(out, "a repair of origin", FIGURES, (PAGE, WORKBOOK), _SPECS)


def write_repairs(result: RepairResult, out: Path) -> None:
    """Write the result; one that stands there is replaced.

    Raises
    ------
    OutputError
        if the folder holds anything else.
    """
    check_repair_folder(out)
    facts = [("Amounts in", result.summary["currency"])]
    workbook = render("Repair of origin", result.summary["name"], facts, NOTE, _grids(result))
    page = render_page(result)
    with whole_folder(out) as fresh:
        write_frames(result.frames, fresh / TABLES)
        text = json.dumps(result.summary, indent=2, allow_nan=False, default=str) + "\n"
        (fresh / FIGURES).write_text(text, encoding="utf-8")
        (fresh / PAGE).write_text(page, encoding="utf-8", newline="\n")
        (fresh / WORKBOOK).write_bytes(workbook)


def _grids(result: RepairResult) -> Iterator[Grid]:
    shown = reader(result.tables, result.summary)
    for name, frame in result.frames.items():
        yield grid(_SPECS[name], frame, shown, name=name)
