"""The command `coproduce stress`: finds or makes the plan, carries it out, writes the answers and says them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...api import Further, check, check_further, load_fitting, plan, read, read_drills, stress, with_further, write
from ...errors import Problem
from ...results.load import ResultError
from ...results.replanning import check_replannable
from ...results.result import PlanResult
from ...results.store import REPORT, SUMMARY
from ...results.store import WORKBOOK as PLAN_WORKBOOK
from ...results.stress.chunks import UnfinishedRunError, unfinished
from ...results.stress.fitting import OtherInputError
from ...results.stress.settings import Settings
from ...results.stress.store import CHUNKS, FIGURES, PAGE, PLAN, WORKBOOK, check_stress_folder, write_stress
from ...tables import Tables
from .. import console
from ..outputs import OutputError, check_writable
from ..report import write_report
from ..workbook import write_workbook
from .page import write_page
from .screen import say_stress
from .workbook import write_stress_workbook

_KEEP = frozenset({PLAN, CHUNKS})


@dataclass(frozen=True)
class Request:
    """What the command was asked for, beside the settings of the result."""

    path: Path
    out: Path
    plan: Path | None = None
    scenario: str = ""
    drill: Path | None = None
    workers: int = 0
    cluster: str = ""
    resume: bool = False
    replace: bool = False
    further: Further = field(default_factory=Further)


def run_stress(request: Request, settings: Settings) -> None:
    """Put the plan of a programme to the test and write the answers."""
    _check_out(request)
    checked = check(read(request.path), request.scenario)
    tables = checked.unwrap()
    check_further(tables, request.further, settings)
    drills = None if request.drill is None else read_drills(request.drill, tables)
    try:
        with console.progress() as show:
            folder, tested = _plan(request, tables, checked.problems, show)
            if request.further.replan:
                check_replannable(tested)
            result = stress(
                tested,
                settings,
                drills=drills,
                workers=request.workers,
                cluster=request.cluster,
                chunks=request.out / CHUNKS,
                resume=request.resume,
                replace_chunks=request.replace,
                progress=show,
            )
            result = replace(
                result, problems=(*checked.problems, *(() if drills is None else drills.problems), *result.problems)
            )
            result = with_further(
                result,
                request.further,
                settings,
                workers=request.workers,
                chunks=request.out / CHUNKS,
                progress=show,
            )
            show("writing the answers")
            write_stress(result, request.out, {PAGE: write_page, WORKBOOK: write_stress_workbook}, folder)
    except BaseException:
        console.say_earlier_result(request.out, FIGURES)
        raise
    say_stress(result, request.out)


def _check_out(request: Request) -> None:
    out = request.out
    if out.resolve() in (request.path.resolve(), *request.path.resolve().parents):
        raise OutputError(f"{out} is, or holds, the programme itself; choose another folder for the answers")
    check_stress_folder(out)
    check_writable(out)
    if request.resume or request.replace or not unfinished(out / CHUNKS):
        return
    raise UnfinishedRunError(
        f"{out} holds a run that was not finished; --resume goes on with it, --replace begins anew"
    )


def _plan(
    request: Request, tables: Tables, problems: tuple[Problem, ...], show: Callable[[str], None]
) -> tuple[Path | None, PlanResult]:
    """Return the plan to be tested, and its folder where it is kept beside the answers.

    A new plan stands among the chunks until the answers are written, so that it does not take the place of the plan
    of the answers that are there.
    """
    if request.plan is not None:
        show("reading the plan")
        return None, load_fitting(request.plan, tables)
    for folder in (request.out / CHUNKS / PLAN, request.out / PLAN):
        found = _fitting(folder, tables)
        if found is not None:
            show(f"using the plan in {folder}")
            return folder, found
    folder = request.out / CHUNKS / PLAN
    made = replace(plan(tables, progress=show), problems=problems)
    show("writing the plan")
    return folder, write(made, folder, {REPORT: write_report, PLAN_WORKBOOK: write_workbook})


def _fitting(folder: Path, tables: Tables) -> PlanResult | None:
    """Return the plan in a folder of ours if it is one of this input."""
    if not (folder / SUMMARY).is_file():
        return None
    try:
        return load_fitting(folder, tables)
    except (ResultError, OtherInputError):
        return None
