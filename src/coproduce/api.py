"""What a Python user calls: read, check, plan, write."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from .audit import audit
from .audit.finance import audit_finance
from .check import Checked
from .check.drills import Drills, read_drills
from .compile import compile_network
from .eligibility.evaluate import Configurations, Eligibility, evaluate
from .eligibility.origins import configurations, origins_of
from .errors import AuditError, InfeasibleError, Problem
from .finance import finance as money_of
from .plan.assemble import Model, assemble
from .plan.conflict import conflicting_limits
from .plan.solve import Infeasible, Options, solve
from .read import Raw, from_frames, read, with_frame
from .results.agreement_costs import agreement_costs
from .results.baseline import baseline_of
from .results.changes import absorbed_changes as changes_table
from .results.comparison import Comparison
from .results.comparison import compare as compare_results
from .results.conflicts import conflicts
from .results.evidence import covered, totals
from .results.funding import FundingResult, funding
from .results.identity import input_hash
from .results.load import load_result, results_in
from .results.origin_repair import Repair, repair_origin
from .results.questions import exportable, remedies, single_sources, time_to_survive
from .results.reasons import late_reasons
from .results.result import PlanResult
from .results.scenario import scenario_figures
from .results.stability import change_figures
from .results.statistics import statistics
from .results.store import SUMMARY, replaced, write_summary, write_tables
from .results.stress.fitting import NOT_PLANNED, OtherInputError, differing, load_fitting
from .results.stress.settings import How, Progress, Settings
from .results.summary import summary
from .results.tables import result_tables
from .scenarios import check, scenario_names
from .solution import Solution
from .tables import Tables

if TYPE_CHECKING:
    from .results.stress.result import StressResult

__all__ = [
    "Checked",
    "Comparison",
    "Drills",
    "Eligibility",
    "FundingResult",
    "PlanResult",
    "Raw",
    "Repair",
    "Settings",
    "absorbed_changes",
    "check",
    "compare",
    "eligibility",
    "exportable",
    "finance",
    "from_frames",
    "fund",
    "load",
    "load_fitting",
    "load_result",
    "origins_of",
    "plan",
    "plan_path",
    "read",
    "read_drills",
    "remedies",
    "repair_origin",
    "scenario_names",
    "single_sources",
    "statistics",
    "stress",
    "time_to_survive",
    "with_baseline",
    "write",
]

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
    progress: Progress = _quiet,
) -> PlanResult:
    """Read, check and plan a programme; parameters and errors as for `load`, `with_baseline` (`baseline`) and `plan`."""
    clock = _Clock(progress)
    clock.start("read", "reading")
    raw = read(Path(path))
    if baseline is not None:
        raw = with_baseline(raw, baseline)
    clock.start("check", "checking")
    checked = check(raw, scenario)
    tables = checked.unwrap()
    options = _options(tables, gap, time_limit, threads, bottlenecks)
    return _plan(tables, checked.problems, clock, options, price_of_agreements)


def plan(
    tables: Tables,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int = 0,
    bottlenecks: int = 6,
    price_of_agreements: bool = False,
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

    Raises
    ------
    InfeasibleError
        if hard limits conflict; it names an irreducible set of them.
    NoPlanError
        if the time ran out before any plan was found.
    AuditError
        if the plan fails its audit: a defect of ours.
    """
    options = _options(tables, gap, time_limit, threads, bottlenecks)
    return _plan(tables, (), _Clock(progress), options, price_of_agreements)


def eligibility(
    tables: Tables,
    *,
    as_of: date | None = None,
    instruments: Collection[str] | None = None,
    origins: Mapping[str, Configurations] | None = None,
    processes: Mapping[str, frozenset[str]] | None = None,
) -> Eligibility:
    """Evaluate the contracts of a checked programme under the rules of the instruments; no legal advice.

    Parameters
    ----------
    tables : a checked programme
    as_of : day on which the rules are applied; None: the start of the programme
    instruments : those whose rules are applied to every contract; None: to each those of its funds
    origins : by contract, the component cost of its product configurations by country; None: as the bills of materials
        give it (`eligibility.origins.configurations`)
    processes : by contract, the processes that a plan uses for it; left out: all ways are open

    Returns
    -------
    All findings; `eligibility.frames.eligibility_tables` makes tables of them.
    """
    day = tables.programme.start.date() if as_of is None else as_of
    known = configurations(tables) if origins is None else origins
    return evaluate(tables, as_of=day, instruments=instruments, origins=known, processes=processes)


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


def finance(result: PlanResult) -> dict[str, pl.DataFrame]:
    """Return the money of an audited plan, itself audited: who pays whom, what funds pay, and where cash is late.

    The rules are those of `docs/money.md`.

    Parameters
    ----------
    result : an audited plan of a programme with contracts and funds; without them, its costs are posted to no contract

    Returns
    -------
    The tables declared in `coproduce.tables.FINANCE_TABLES`, by name: `ledger`, `cash`, `fund_draws`, `fund_use`,
    `repayments`, `cash_gaps`, `contributions`; amounts are in the programme's currency, in whole cents.

    Raises
    ------
    AuditError
        if the tables fail their audit: a defect of ours.
    """
    money = money_of(result.tables, result.frames)
    report = audit_finance(result.tables, result.frames, money)
    if not report.passed:
        raise AuditError(report.failed)
    return money


def fund(tables: Tables, plan: PlanResult | None = None, *, as_of: date | None = None) -> FundingResult:
    """Say which contract may be paid from which fund, and with a plan whether there is cash in time; no legal advice.

    Parameters
    ----------
    tables : a checked programme
    plan : an audited plan of it; None: products are judged by configuration, and there is no cash
    as_of : day on which the rules are applied; None: the start of the programme

    Raises
    ------
    OtherInputError
        if the plan was made of other input.
    AuditError
        if the money fails its audit: a defect of ours.
    """
    day = tables.programme.start.date() if as_of is None else as_of
    if plan is not None:
        other = differing(tables, plan.tables, apart=NOT_PLANNED)
        if other:
            raise OtherInputError(f"the plan was made from another input ({', '.join(other)} differ); plan again")
        plan = replace(plan, tables=tables)
    return funding(tables, plan, {} if plan is None else finance(plan), day)


def _options(tables: Tables, gap: float | None, time_limit: float | None, threads: int, bottlenecks: int) -> Options:
    programme = tables.programme
    return Options(
        gap=programme.gap if gap is None else gap,
        time_limit=float("inf") if time_limit is None else time_limit,
        threads=threads,
        tolerance=programme.tier_tolerance,
        bottlenecks=bottlenecks,
    )


def _plan(tables: Tables, problems: tuple[Problem, ...], clock: _Clock, options: Options, priced: bool) -> PlanResult:
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
    clock.stop()
    return PlanResult(tables, frames, figures | {"seconds": clock.seconds}, problems)


def compare(folders: Sequence[Path | str]) -> Comparison:
    """Set results side by side; all changes are from the first.

    Parameters
    ----------
    folders : result folders, or folders that hold several of them (of these, `base` comes first)

    Raises
    ------
    ResultError
        if a folder neither is nor holds a result that can be read.
    NothingToCompareError
        if there are fewer than two results.
    """
    return compare_results([(folder, load_result(folder)) for folder in results_in([Path(one) for one in folders])])


def stress(
    plan: PlanResult,
    settings: Settings | None = None,
    *,
    drills: Drills | None = None,
    workers: int = 0,
    cluster: str = "",
    chunks: Path | str | None = None,
    resume: bool = False,
    replace_chunks: bool = False,
    progress: Progress = _quiet,
) -> StressResult:
    """Carry out an audited plan many times against the risks of its programme, by the rules of `docs/stress.md`.

    Parameters
    ----------
    plan : a plan with the tables of its programme, as `plan` and `load_fitting` give it; risks are read from them
    settings : replications, seed, periods, policy, precision
    drills : events that are certain, beside the risks
    workers : threads; 0: one for each core. The result does not depend on them
    cluster : address of the scheduler of a Dask cluster that carries out the chunks in place of threads
    chunks : folder for the chunks as they end, which a killed run goes on from; None: a temporary one
    resume : go on with the run whose chunks are there; the result is that of an unbroken run
    replace_chunks : begin anew although the chunks of an unfinished run are there

    Raises
    ------
    UnfinishedRunError
        if there is no run to resume, one with other settings, or one that would be lost.
    ClusterError
        if the cluster cannot be used.
    """
    from .results.stress.conduct import conduct

    folder = None if chunks is None else Path(chunks)
    how = How(workers, cluster, folder, resume, replace_chunks)
    return conduct(plan, settings or Settings(), drills, how, progress)


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


def _solve(tables: Tables, model: Model, options: Options, show: Progress) -> Solution:
    def stage(number: int, total: int) -> None:
        show(f"solving stage {number} of {total}")

    try:
        return solve(model, options, stage)
    except Infeasible:
        show("finding the limits that conflict")
        raise InfeasibleError(conflicts(tables, conflicting_limits(model, options.threads))) from None
