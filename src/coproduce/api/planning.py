"""Plan a programme, audit the plan, and write its result folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import polars as pl

from ..audit import audit
from ..compile import compile_network
from ..eligibility.imposed import Required, required
from ..errors import AuditError, InfeasibleError, Problem
from ..plan.assemble import Model, assemble
from ..plan.conflict import conflicting_limits
from ..plan.solve import Infeasible, Options, solve
from ..read import Raw, read, with_frame
from ..results.agreement_costs import agreement_costs
from ..results.baseline import baseline_of
from ..results.changes import absorbed_changes as changes_table
from ..results.conflicts import conflicts
from ..results.evidence import covered, totals
from ..results.identity import input_hash
from ..results.load import load_result
from ..results.reasons import late_reasons
from ..results.result import PlanResult
from ..results.scenario import scenario_figures
from ..results.stability import change_figures
from ..results.store import SUMMARY, replaced, write_summary, write_tables
from ..results.stress.settings import Progress
from ..results.summary import summary
from ..results.tables import result_tables
from ..scenarios import check
from ..solution import Solution
from ..tables import Tables

Writer = Callable[[PlanResult, Path], None]


def _quiet(what: str) -> None:
    """Show nothing."""


@dataclass
class _Clock:
    """Seconds by phase, and the progress shown as each begins."""

    show: Progress
    seconds: dict[str, float] = field(default_factory=dict)
    _begun: float = 0.0
    _phase: str = ""

    def start(self, phase: str, words: str) -> None:
        self.stop()
        self._phase, self._begun = phase, time.perf_counter()
        self.show(words)

    def stop(self) -> None:
        if self._phase:
            spent = time.perf_counter() - self._begun
            self.seconds[self._phase] = round(self.seconds.get(self._phase, 0.0) + spent, 4)
        self._phase = ""


def with_baseline(raw: Raw, folder: Path | str) -> Raw:
    """Return what was read, with the plan of a result folder as its baseline, in place of a table `baseline`.

    Raises
    ------
    ResultError
        if the folder holds no result that can be read.
    """
    return with_frame(raw, baseline_of(load_result(folder)), "baseline", str(folder))


def load(path: Path | str, scenario: str = "") -> tuple[Tables, tuple[Problem, ...]]:
    """Read and check a programme, as it stands or as a scenario changes it; return its tables and the warnings.

    Raises
    ------
    InputError
        if there are errors, or no such scenario; it carries all problems.
    """
    checked = check(read(Path(path)), scenario)
    return checked.unwrap(), checked.problems


def plan_path(
    path: Path | str,
    *,
    scenario: str = "",
    baseline: Path | str | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int = 0,
    bottlenecks: int = 6,
    price_of_agreements: bool = False,
    require: str = "",
    contracts: Collection[str] = (),
    progress: Progress = _quiet,
) -> PlanResult:
    """Read, check and plan a programme; parameters and errors as for `load`, `with_baseline` and `plan`."""
    clock = _Clock(progress)
    clock.start("read", "reading")
    raw = read(Path(path))
    if baseline is not None:
        raw = with_baseline(raw, baseline)
    clock.start("check", "checking")
    checked = check(raw, scenario)
    tables = checked.unwrap()
    held = required(tables, require, contracts) if require else None
    options = _options(tables, gap, time_limit, threads, bottlenecks)
    return _plan(tables, checked.problems, clock, options, price_of_agreements, held)


def plan(
    tables: Tables,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int = 0,
    bottlenecks: int = 6,
    price_of_agreements: bool = False,
    require: str = "",
    contracts: Collection[str] = (),
    progress: Progress = _quiet,
) -> PlanResult:
    """Plan a checked programme and audit the plan.

    Parameters
    ----------
    gap : relative gap at which a stage counts as solved; empty: the programme's
    time_limit : seconds for all stages together; empty: none
    threads : threads of the solver; 0 leaves the choice to it
    bottlenecks : how many limits per stage get a marginal value
    price_of_agreements : whether to plan again without each agreement, to say what it costs
    require : instrument whose linear rules the plan is held to, for the contracts that seek it; empty: none
    contracts : contracts that are held to it; empty: all that seek it

    Raises
    ------
    RequirementError
        if no contract seeks the instrument, or one named does not.
    InfeasibleError
        if hard limits conflict; it names an irreducible set of them.
    NoPlanError
        if the time ran out before any plan was found.
    AuditError
        if the plan fails its audit: a defect of ours.
    """
    options = _options(tables, gap, time_limit, threads, bottlenecks)
    held = required(tables, require, contracts) if require else None
    return _plan(tables, (), _Clock(progress), options, price_of_agreements, held)


def absorbed_changes(result: PlanResult, *, threads: int = 0) -> pl.DataFrame:
    """Return how many changes of a design a year the resources of requalification absorb.

    A change takes `requalification_quantity` of `requalification_resource`; all changes are of the one item.

    Parameters
    ----------
    result : an audited plan
    threads : threads of the solver; 0 leaves the choice to it

    Returns
    -------
    One row for each item that says what a change takes: `per_change` and `left`, the resource units of a change and
    those that the plan leaves in the horizon; whole numbers of changes a year: `beside` the plan as it is, whenever
    it leaves room; `before_late`, the most that may come evenly over time before the first stage of a new plan (its
    first tier) is worse; and `most`, what the resource allows evenly without any planned runs.
    """
    return changes_table(result, _options(result.tables, None, None, threads, 0))


def write(result: PlanResult, folder: Path | str, writers: Mapping[str, Writer]) -> PlanResult:
    """Write a result folder: tables as parquet and CSV, the warnings, `summary.json` and what the writers add.

    The folder appears whole or not at all; a result that stands there is replaced.

    Parameters
    ----------
    writers : by name of a file of the folder (`report.html`, `results.xlsx`), what writes it from a result

    Returns
    -------
    The result as written, with the time that writing took in its summary.

    Raises
    ------
    ForeignFolderError
        if the folder holds files that are not ours.
    """
    begun = time.perf_counter()
    with replaced(Path(folder)) as fresh:
        write_tables(result, fresh)
        for name, writer in writers.items():
            writer(result, fresh / name)
        seconds = {**result.summary["seconds"], "write": round(time.perf_counter() - begun, 4)}
        written = replace(result, summary={**result.summary, "seconds": seconds})
        write_summary(written, fresh / SUMMARY)
    return written


def _options(tables: Tables, gap: float | None, time_limit: float | None, threads: int, bottlenecks: int) -> Options:
    programme = tables.programme
    return Options(
        gap=programme.gap if gap is None else gap,
        time_limit=float("inf") if time_limit is None else time_limit,
        threads=threads,
        tolerance=programme.tier_tolerance,
        bottlenecks=bottlenecks,
    )


def _plan(
    tables: Tables,
    problems: tuple[Problem, ...],
    clock: _Clock,
    options: Options,
    priced: bool,
    held: Required | None = None,
) -> PlanResult:
    tables = tables if held is None else held.tables
    clock.start("compile", "compiling")
    network = compile_network(tables)
    clock.start("build", "building the model")
    model = assemble(network)
    clock.start("solve", "solving")
    deadline = time.monotonic() + options.time_limit
    solution = _solve(tables, model, options, clock.show)
    clock.start("results", "making the result tables")
    frames = result_tables(tables, network, model, solution)
    clock.start("reasons", "asking why demands are late")
    frames["reasons"] = late_reasons(
        tables,
        network,
        model,
        solution.x,
        frames["demand_service"],
        threads=options.threads,
        deadline=deadline,
        progress=lambda number, total: clock.show(f"asking why demands are late: {number} of {total}"),
    )
    if priced:
        clock.start("agreements", "planning without agreements")
        frames["agreement_costs"] = agreement_costs(
            tables,
            network,
            frames["tiers"],
            options,
            lambda number, total: clock.show(f"planning without agreements: {number} of {total}"),
        )
    clock.start("audit", "auditing the plan")
    report = audit(tables, frames)
    if not report.passed:
        raise AuditError(report.failed)
    clock.start("results", "summing up")
    figures = summary(tables.programme, network, model, frames, totals(covered(frames["register"])))
    figures |= {"audit": "passed", "input_hash": input_hash(tables), "version": version("coproduce")}
    figures |= scenario_figures(tables)
    figures |= {"baseline": change_figures(tables, frames["baseline_changes"])}
    figures |= {"required": None if held is None else held.figures()}
    clock.stop()
    return PlanResult(tables, frames, figures | {"seconds": clock.seconds}, problems)


def _solve(tables: Tables, model: Model, options: Options, show: Progress) -> Solution:
    def stage(number: int, total: int) -> None:
        show(f"solving stage {number} of {total}")

    try:
        return solve(model, options, stage)
    except Infeasible:
        show("finding the limits that conflict")
        raise InfeasibleError(conflicts(tables, conflicting_limits(model, options.threads))) from None
