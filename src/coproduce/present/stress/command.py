"""The command that tests a plan: plans it where no plan is given, carries it out, writes and says what came out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...api import PlanResult, StressSettings, load, load_result, load_with_drills, plan, stress
from ...tables import Tables
from .. import console
from ..outputs import OutputError
from .screen import tables
from .write import FIGURES, check_stress_folder, chunks_of, write_stress


def stress_one(
    path: Path, out: Path, settings: StressSettings, *, plan_folder: Path | None, scenario: str, drill: Path | None,
    resume: bool,
) -> None:  # fmt: skip
    """Test a programme or a scenario of it and write the result."""
    check_stress_folder(out)
    if out.resolve() == path.resolve():
        raise OutputError(f"{out} is the programme itself; choose another folder for the result")
    tested, _ = load(path, scenario) if drill is None else load_with_drills(path, drill, scenario)
    with console.progress() as show:
        planned = _plan(tested, plan_folder, show)
        result = stress(tested, planned, settings, chunks=chunks_of(out), resume=resume, progress=show)
        show("writing the results")
        write_stress(result, out)
    console.say_tables(tables(result), ())
    console.say(f"{result.summary['replications']:,} replications; tables and {FIGURES}: {out}")


def _plan(programme: Tables, folder: Path | None, show: Callable[[str], None]) -> PlanResult:
    if folder is not None:
        return load_result(folder)
    return plan(programme, bottlenecks=0, progress=show)
