"""Writes what was found about contracts and funds into a folder: tables, figures, page and workbook, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

from ...results.funding import FundingResult
from ...results.store import TABLES, write_frames
from ...tables import FINANCE_TABLES, FUNDING_TABLES
from ..inputs.folder import whole_folder
from ..outputs import check_own_folder
from .page import render as render_page
from .workbook import render as render_workbook

FIGURES, PAGE, WORKBOOK = "funding.json", "funding.html", "funding.xlsx"


def check_funding_folder(out: Path) -> None:
    """Make sure that the result can be written to a folder.

    Raises
    ------
    OutputError
        if it is a file, holds anything else, or may not be written.
    """
    check_own_folder(out, "an evaluation of funds", FIGURES, (PAGE, WORKBOOK), {**FUNDING_TABLES, **FINANCE_TABLES})


def write_funding(result: FundingResult, out: Path) -> None:
    """Write the result; one that stands there is replaced.

    Raises
    ------
    OutputError
        if the folder holds anything else.
    """
    check_funding_folder(out)
    page, workbook = render_page(result), render_workbook(result)
    with whole_folder(out) as fresh:
        write_frames(result.frames, fresh / TABLES)
        text = json.dumps(result.summary, indent=2, allow_nan=False, default=str) + "\n"
        (fresh / FIGURES).write_text(text, encoding="utf-8")
        (fresh / PAGE).write_text(page, encoding="utf-8", newline="\n")
        (fresh / WORKBOOK).write_bytes(workbook)
