"""The command that compares results: on the screen, and as page, workbook and tables."""

from __future__ import annotations

from pathlib import Path

from ..api import compare
from . import console
from .comparison import write_comparison
from .comparison.screen import tables
from .comparison.write import check_comparison_folder


def compare_folders(folders: list[Path], out: Path | None, *, only_differences: bool) -> None:
    """Compare the results in folders and show them."""
    if out is not None:
        check_comparison_folder(out)
    comparison = compare(folders)
    shown = comparison.differing() if only_differences else comparison
    if out is not None:
        write_comparison(shown, out)
    console.say_tables(tables(shown), shown.frames["notes"].rows())
    if out is not None:
        console.say_compared(out)
