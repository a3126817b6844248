"""The commands that plan: one plan into a folder, or the base and scenarios each into a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import typer

from ..api import PlanResult, check, plan_path, read, scenario_names, with_baseline, write
from ..errors import CoproduceError, ExitCode
from ..results.store import REPORT, SUMMARY, WORKBOOK
from ..scenarios import BASE
from ..tables import Tables
from ..tables.zones import ORIGIN_ZONES
from . import console
from .outputs import OutputError, check_result_folder
from .report import write_report
from .side_by_side import SideBySide
from .workbook import write_workbook


@dataclass(frozen=True)
class Settings:
    """How to solve; None leaves the choice to the programme.

    `workers` of several scenarios are planned at a time; 0: as many as there are cores for their threads.
    """

    gap: float | None = None
    time_limit: float | None = None
    threads: int = 0
    price_of_agreements: bool = False
    baseline: Path | None = None
    require: str = ""
    contracts: tuple[str, ...] = ()
    workers: int = 0


def check_requirement(require: str, contracts: list[str] | None) -> None:
    """Refuse an instrument without a zone of its own, and contracts without an instrument."""
    if contracts and not require:
        raise typer.BadParameter("it says what --require is about; give both", param_hint="--contract")
    if require and require not in ORIGIN_ZONES:
        known = ", ".join(ORIGIN_ZONES)
        raise typer.BadParameter(f"choose one of {known}: others have no ceiling on origin", param_hint="--require")


def plan_one(path: Path, out: Path, scenario: str, settings: Settings, orders: Path | None = None) -> None:
    """Plan a programme or a scenario of it and write the result."""
    check_result_folder(out, path)
    try:
        with console.progress() as show:
            result = _planned(path, out, scenario, settings, show)
            if orders is not None:
                from .frepple import write_orders

                write_orders(result, orders)
    except BaseException:
        console.say_earlier_result(out)
        raise
    console.say_plan(result, out)


def plan_each(path: Path, out: Path, chosen: tuple[str, ...], settings: Settings, *, every: bool) -> int:
    """Plan several scenarios, each into a folder of its name; return the exit code of the first that has no plan.

    All are checked before the first is planned; one without a plan does not keep the others from theirs.
    """
    if (out / SUMMARY).is_file():
        raise OutputError(f"{out} holds one result itself; choose another folder for the results of several scenarios")
    raw = read(path) if settings.baseline is None else with_baseline(read(path), settings.baseline)
    names = list(dict.fromkeys([BASE, *scenario_names(raw)] if every else chosen))
    for name in names:
        check(raw, name).unwrap()
        check_result_folder(out / name, path)
    tasks = [_Task(path, out / name, name, settings, f"{at} of {len(names)}") for at, name in enumerate(names, 1)]
    codes = _tried(tasks)
    console.say_planned(out, [name for name, code in zip(names, codes, strict=True) if not code])
    return next((code for code in codes if code), int(ExitCode.OK))


@dataclass(frozen=True)
class _Task:
    """One of several scenarios: where its result goes, and its number among all."""

    path: Path
    out: Path
    name: str
    settings: Settings
    which: str


def _tried(tasks: Sequence[_Task]) -> list[int]:
    """Plan scenarios side by side and say in their order what came of them; return their exit codes.

    Each is solved on as many threads whatever the number of workers, so that no result depends on it.
    """
    threads = tasks[0].settings.threads or 1
    workers = tasks[0].settings.workers or max((os.cpu_count() or 1) // threads, 1)
    codes: list[int] = []
    with SideBySide(_figures, tasks, workers, threads) as beside:
        for at, task in enumerate(tasks):
            with console.progress() as show:
                figures = beside.ended(at, partial(_step, show, task))
            codes.append(_said(task, figures))
    return codes


def _step(show: Callable[[str], None], task: _Task, step: str) -> None:
    show(f"{task.name} ({task.which}): {step}")


def _figures(task: _Task, show: Callable[[str], None]) -> Mapping[str, Any]:
    """Plan a scenario, write its result and return its summary."""
    settings = replace(task.settings, threads=task.settings.threads or 1)
    return _planned(task.path, task.out, task.name, settings, show).summary


def _said(task: _Task, figures: Mapping[str, Any] | CoproduceError | OSError) -> int:
    """Say what came of a scenario and return its exit code."""
    if isinstance(figures, OSError):
        raise figures
    if isinstance(figures, CoproduceError):
        console.say_no_plan(task.name, task.which)
        console.say_earlier_result(task.out)
        return console.say_failure(figures)
    console.say_in_brief(task.name, task.which, figures)
    return int(ExitCode.OK)


def _planned(path: Path, out: Path, scenario: str, settings: Settings, show: Callable[[str], None]) -> PlanResult:
    result = plan_path(
        path,
        scenario=scenario,
        baseline=settings.baseline,
        gap=settings.gap,
        time_limit=settings.time_limit,
        threads=settings.threads,
        price_of_agreements=settings.price_of_agreements,
        require=settings.require,
        contracts=settings.contracts,
        progress=show,
    )
    show("writing the results")
    return write(result, out, {REPORT: write_report, WORKBOOK: write_workbook})


def list_scenarios(path: Path) -> int:
    """Show the scenarios of a programme with their changes; return the exit code."""
    raw = read(path)
    checked = {name: check(raw, name) for name in scenario_names(raw)}
    described: dict[str, Tables | None] = {name: one.tables for name, one in checked.items()}
    problems = tuple(dict.fromkeys(problem for one in checked.values() for problem in one.problems))
    return console.say_scenarios(path, described, problems)
