"""Writes a comparison into a folder: page, workbook and tables, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from ...results.comparison import Comparison
from ...results.store import TABLES, write_frames
from ...tables import COMPARISON_TABLES
from ..inputs.folder import whole_folder
from ..outputs import check_own_folder
from .page import render as render_page
from .workbook import render as render_workbook

PAGE, WORKBOOK = "comparison.html", "comparison.xlsx"


def check_comparison_folder(out: Path) -> None:
    """Make sure that a comparison can be written to a folder.

    Raises
    ------
    OutputError
        if it is a file, holds anything else than a comparison, or may not be written.
    """
    check_own_folder(out, "a comparison", PAGE, (WORKBOOK,), COMPARISON_TABLES)


def write_comparison(comparison: Comparison, out: Path) -> None:
    """Write a comparison; one that stands there is replaced.

    Raises
    ------
    OutputError
        if the folder holds anything else.
    """
    check_comparison_folder(out)
    page, workbook = render_page(comparison), render_workbook(comparison)
    with whole_folder(out) as fresh:
        (fresh / PAGE).write_text(page, encoding="utf-8", newline="\n")
        (fresh / WORKBOOK).write_bytes(workbook)
        write_frames(comparison.frames, fresh / TABLES)
