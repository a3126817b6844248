"""The command that adds up a table of a result."""

from __future__ import annotations

from pathlib import Path

from ..api import load_result, statistics
from ..results.store import harmless
from . import console
from .outputs import OutputError, check_new
from .whole import whole_file


def show_statistics(folder: Path, table: str, by: str, measure: str, out: Path | None, *, replace: bool) -> None:
    """Show the sums of a result table, and write them to a file if one is named."""
    if out is not None:
        if out.suffix.lower() != ".csv":
            raise OutputError(f'figures are written as CSV; give a name that ends in .csv, not "{out.name}"')
        check_new(out, folder, replace=replace)
    frame = statistics(load_result(folder), table, _listed(by), measures=_listed(measure))
    console.say_figures(frame)
    if out is not None:
        with whole_file(out) as part:
            harmless(frame).write_csv(part)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))
