"""The command about funds: judges the contracts, finds the cash, writes and says what came out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.markup import escape

from ...api import fund, load, load_result
from ...errors import ExitCode
from .. import console
from ..outputs import OutputError
from .screen import NO_ADVICE, hints, tables
from .write import PAGE, check_funding_folder, write_funding


def fund_one(
    path: Path, out: Path, *, plan_folder: Path | None, scenario: str, as_of: date | None, require: str
) -> int:  # fmt: skip
    """Judge the contracts of a programme and write the result; return the exit code."""
    check_funding_folder(out)
    if out.resolve() == path.resolve():
        raise OutputError(f"{out} is the programme itself; choose another folder for the result")
    programme, _ = load(path, scenario)
    with console.progress() as show:
        plan = load_result(plan_folder) if plan_folder is not None else None
        show("judging contracts" if plan is None else "judging contracts and finding the cash")
        result = fund(programme, plan, as_of=as_of)
        show("writing the results")
        write_funding(result, out)
    console.say_tables(tables(result), ())
    console.say(NO_ADVICE)
    for hint in hints(result, str(path)):
        console.say(escape(hint))
    console.say(escape(f"evidence: {out / PAGE}"))
    missed = result.not_met(require) if require else []
    for contract, verdict in missed:
        console.say(f"required, and not met: {contract} under {require} is {verdict}")
    return int(ExitCode.INELIGIBLE if missed else ExitCode.OK)
