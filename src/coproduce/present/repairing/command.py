"""The command about repairs: plans without and with every limit on origin, writes and says what came out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from ...api import load, repairs
from ...errors import ExitCode
from .. import console
from ..outputs import OutputError
from .screen import lines, tables
from .write import check_repair_folder, write_repairs


def repair_programme(
    path: Path,
    out: Path,
    *,
    scenario: str,
    limits: Sequence[str],
    require: str,
    contracts: Sequence[str],
    scope: str,
    threads: int,
) -> int:
    """Look for changes, write and show them; return the exit code."""
    check_repair_folder(out)
    if out.resolve() == path.resolve():
        raise OutputError(f"{out} is the programme itself; choose another folder for the result")
    programme, _ = load(path, scenario)
    with console.progress() as show:
        found = repairs(
            programme, limits, require=require, contracts=contracts, scope=scope, threads=threads, progress=show
        )
        show("writing the results")
        write_repairs(found, out)
    console.say_tables(tables(found), ())
    for line in lines(found, out):
        console.say(escape(line))
    return int(ExitCode.INELIGIBLE if found.broken else ExitCode.OK)
