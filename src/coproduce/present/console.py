"""What the command says on the screen: problems, progress, the plan in a few lines, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from ..errors import (
    AuditError,
    CoproduceError,
    ExitCode,
    InfeasibleError,
    InputError,
    NoPlanError,
    Problem,
    Severity,
)
from ..results.result import PlanResult
from ..results.store import REPORT, SUMMARY
from ..tables import Tables
from .words.buckets import timeline
from .words.formats import counted, quantity
from .words.limits import Wording, sentences
from .words.names import read_names
from .words.required import required_lines
from .words.stability import sentence

if TYPE_CHECKING:
    from .inputs.annotate import Annotated
    from .inputs.convert import Converted

_WIDE = 140


def _console(stderr: bool = False) -> Console:
    """Return a console that does not fold lines where no one reads them on a screen."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=_WIDE)


_out, _err = _console(), _console(stderr=True)
_SHOWN_OF_A_KIND = 20


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done and for how long; yields the function that names the next step."""
    if not _err.is_terminal:
        yield lambda step: _err.print(f"  {step}")
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step: bar.update(task, description=step)


def _say_problems(problems: Sequence[Problem], every: bool) -> None:
    seen: Counter[str] = Counter()
    for problem in problems:
        seen[problem.code] += 1
        if every or seen[problem.code] <= _SHOWN_OF_A_KIND:
            style = "red" if problem.severity is Severity.ERROR else "yellow"
            _err.print(f"[{style}]{problem.severity.value}[/] {escape(str(problem))}", soft_wrap=True)
    for code, count in seen.items():
        if not every and count > _SHOWN_OF_A_KIND:
            _err.print(f"... and {count - _SHOWN_OF_A_KIND} more {code} (show them with --all)")


def say(words: str) -> None:
    """Say a sentence; what it quotes must be escaped."""
    _out.print(words, soft_wrap=True)


def say_problems(problems: Sequence[Problem]) -> None:
    """Show problems, of each kind the first ones."""
    _say_problems(problems, every=False)


def say_template(out: Path, example: bool) -> None:
    """Say what was made and what to do with it."""
    what = "a workbook with a small worked programme" if example else "an empty workbook"
    _out.print(f"[green]made[/] {what}: [bold]{escape(str(out))}[/]; its first sheet says what to do", soft_wrap=True)
    _out.print(f"then: coproduce check {escape(str(out))}", soft_wrap=True)


def say_converted(out: Path, done: Converted) -> None:
    """Say what was written and what was no table."""
    _say_problems(done.problems, every=False)
    _out.print(
        f"[green]converted[/] {done.sheets:,} tables with {done.rows:,} rows: [bold]{escape(str(out))}[/]",
        soft_wrap=True,
    )
    if done.left_out:
        _out.print(f"left out, for they are no tables: {escape(', '.join(done.left_out))}", soft_wrap=True)


def say_annotated(out: Path, done: Annotated | None) -> None:
    """Say where the annotated workbook is and what it does not show."""
    if done is None:
        _err.print("[yellow]no annotated workbook was written: no sheet of the input can be opened[/]")
        return
    made = "a new workbook from its tables" if done.rebuilt else "a copy of the workbook"
    _out.print(
        f"annotated, {made}: [bold]{escape(str(out))}[/]; {counted(done.listed, 'problem')} on its first sheet, "
        f"{done.cells:,} of them marked in their cells",
        soft_wrap=True,
    )
    if done.lost:
        _out.print(f"[yellow]the copy is without the {escape(', '.join(done.lost))} of the workbook[/]", soft_wrap=True)


def say_checked(path: Path, tables: Tables, problems: Sequence[Problem], every: bool) -> int:
    """Say that a programme has no errors, and what it holds; return the exit code."""
    _say_problems(problems, every)
    held = {name: frame.height for name, frame in tables.frames.items() if name != "programme" and frame.height}
    rows = ", ".join(f"{height:,} {name}" for name, height in held.items())
    _out.print(
        f"[green]no errors[/], {counted(len(problems), 'warning')} in {escape(str(path))}: {rows}", soft_wrap=True
    )
    return int(ExitCode.OK)


def say_plan(result: PlanResult, folder: Path) -> None:
    """Say in a few lines what is delivered when, what is late, what limits, and where the report is."""
    figures = result.summary
    _say_problems(result.problems, every=False)
    scenario = figures["scenario"]
    named = f", scenario {scenario['name']}" if scenario else ""
    _out.print(f"\n[bold]{escape(figures['name'])}[/]{escape(named)}")
    _out.print(
        f"{figures['on_time']:,} of {figures['demands']:,} demands on time, {figures['late']:,} late, "
        f"{figures['short']:,} short within the horizon"
    )
    _out.print(
        "[bold]units delivered in a year, of those due in it[/] (more than due: early, or late from the year before; "
        "fewer: some are late or short):",
        soft_wrap=True,
    )
    _out.print(_deliveries_by_year(result))
    _say_late(result.frames["demand_service"])
    _say_limits(result)
    proven = [stage for stage in figures["tiers"] if stage["gap"] is not None]
    gap = f"{max(stage['gap'] for stage in proven):.2g}" if len(proven) == len(figures["tiers"]) else "not proven"
    _out.print(
        f"cost {figures['cost']:,.0f} {figures['currency']}; {figures['status']}, gap {gap}; audit {figures['audit']}; "
        f"{figures['columns']:,} columns, {sum(figures['seconds'].values()):.1f} s",
        soft_wrap=True,
    )
    if changed := sentence(figures.get("baseline"), figures["currency"]):
        _out.print(escape(changed), soft_wrap=True)
    for line in required_lines(figures.get("required")):
        _out.print(escape(line), soft_wrap=True)
    if len(result.tables["risks"]):
        _out.print("the table risks takes no part in a plan: it is for the stress test (coproduce stress)")
    _out.print(f"report: [bold]{escape(str(folder / REPORT))}[/]", soft_wrap=True)


def _deliveries_by_year(result: PlanResult) -> Table:
    """Return units asked for and delivered by item and year."""
    service = result.frames["demand_service"]
    asked = service.group_by("item", pl.col("due").dt.year().alias("year")).agg(pl.col("asked").sum())
    delivered = (
        result.frames["deliveries"]
        .join(service.select("demand", "item"), on="demand")
        .join(result.frames["buckets"].select("bucket", pl.col("start").dt.year().alias("year")), on="bucket")
        .group_by("item", "year")
        .agg(pl.col("quantity").sum().alias("delivered"))
    )
    both = asked.join(delivered, on=["item", "year"], how="full", coalesce=True).with_columns(
        pl.col("asked", "delivered").fill_null(0.0)
    )
    years = sorted(both["year"].unique().to_list())
    table = Table(box=None, pad_edge=False)
    table.add_column("item", no_wrap=True)
    for name in [*map(str, years), "total"]:
        table.add_column(name, justify="right", no_wrap=True)
    for item in sorted(both["item"].unique().to_list()):
        own = both.filter(pl.col("item") == item)
        parts = [own.filter(pl.col("year") == year) for year in years]
        table.add_row(
            item, *(f"{part['delivered'].sum():,.0f} of {part['asked'].sum():,.0f}" for part in [*parts, own])
        )
    return table


def _say_late(service: pl.DataFrame) -> None:
    late = service.filter(pl.col("status") != "on_time").sort("late_unit_days", descending=True, maintain_order=True)
    if late.is_empty():
        _out.print("nothing is late")
        return
    _out.print("[bold]late, worst first (units times days):[/]")
    for row in late.head(5).iter_rows(named=True):
        if row["status"] == "short":
            fate = f"{row['unmet']:,.4g} of {row['asked']:,.4g} not delivered within the horizon"
        else:
            last_day = row["last_delivery"] - timedelta(seconds=1)
            fate = f"complete by {last_day:%Y-%m-%d}, {row['late_days']:,.0f} days late"
        _out.print(f"  {row['demand']} ({row['item']}, due {row['due']:%Y-%m-%d}): {fate}", soft_wrap=True)


def _say_limits(result: PlanResult) -> None:
    """Say what limits the plan and what one unit more of it would save."""
    words = Wording(result.tables, read_names(result.tables), timeline(result.frames["buckets"]))
    binding = result.frames["bottlenecks"].filter(pl.col("stage") != "cost")
    stages = result.frames["tiers"]["stage"].to_list()
    limits = sentences(binding, words, stages, result.tables.programme.currency)
    if not limits:
        return
    weighted = ", weighted by its demand" if words.weighted else ""
    _out.print(f"[bold]what limits[/] (a late unit-day is one unit delivered one day late{weighted}):", soft_wrap=True)
    for limit in limits:
        at = f" at {limit.site}" if limit.site else ""
        _out.print(f"  {escape(limit.name)}{escape(at)}: {escape(limit.sentence)}", soft_wrap=True)
        _out.print(f"    from {escape(limit.where)}", soft_wrap=True)


def say_in_brief(name: str, which: str, figures: Mapping[str, Any]) -> None:
    """Say in a line what came of one of several scenarios, of which the summary is given."""
    _out.print(
        f"[green]planned[/] [bold]{escape(name)}[/] ({which}): {figures['on_time']:,} of "
        f"{figures['demands']:,} demands on time, {figures['late']:,} late, {figures['short']:,} short; cost "
        f"{figures['cost']:,.0f} {figures['currency']}; {figures['status']}, audit {figures['audit']}",
        soft_wrap=True,
    )


def say_no_plan(name: str, which: str) -> None:
    """Say that one of several scenarios has no plan."""
    _err.print(f"[red]no plan for[/] [bold]{escape(name)}[/] ({which}):", soft_wrap=True)


def say_planned(out: Path, names: Sequence[str]) -> None:
    """Say how to see several results side by side."""
    if len(names) > 1:
        folders = " ".join(str(out / name) for name in names)
        _out.print(f"side by side: coproduce compare {escape(folders)}", soft_wrap=True)


def say_scenarios(path: Path, described: Mapping[str, Tables | None], problems: Sequence[Problem]) -> int:
    """List scenarios with what each changes; return the exit code."""
    _say_problems(problems, every=False)
    if not described:
        _out.print(f"{escape(str(path))} has no scenarios; the sheet or file scenarios would list them", soft_wrap=True)
    for name, tables in described.items():
        _out.print(f"[bold]{escape(name)}[/]" + ("" if tables else " [red]has errors[/]"), soft_wrap=True)
        for change in tables.scenario.changes if tables and tables.scenario else ():
            remark = f" – {change.remark}" if change.remark else ""
            _out.print(f"  {change.line}. {escape(change.words)}{escape(remark)}", soft_wrap=True)
    return int(ExitCode.INPUT if None in described.values() else ExitCode.OK)


def say_tables(tables: Iterable[Table], notes: Sequence[tuple[str, str]]) -> None:
    """Show tables with what is to be known about single runs; a table without rows is left out."""
    for table in tables:
        if table.row_count:
            _out.print(table)
            _out.print()
    for run, note in notes:
        _out.print(f"[yellow]{escape(run)}[/]: {escape(note)}", soft_wrap=True)


def say_figures(frame: pl.DataFrame) -> None:
    """Show figures with their groups, measures and units."""
    table = Table(box=None, pad_edge=False)
    for name in frame.columns:
        table.add_column(name, justify="right" if name == "value" else "left")
    for row in frame.iter_rows():
        table.add_row(*("–" if cell is None else escape(str(cell)) for cell in row[:-1]), quantity(row[-1] or 0.0))
    _out.print(table)


def say_compared(out: Path) -> None:
    """Say where a comparison was written."""
    _out.print(f"comparison: [bold]{escape(str(out / 'comparison.html'))}[/]", soft_wrap=True)


def say_earlier_result(folder: Path, file: str = SUMMARY) -> None:
    """Warn that what stands in the result folder is not from this run, if there is anything."""
    summary = folder / file
    if summary.is_file():
        written = datetime.fromtimestamp(summary.stat().st_mtime)
        _err.print(
            f"[yellow]{escape(str(folder))} still holds the result of an earlier run, written "
            f"{written:%Y-%m-%d %H:%M}; it does not belong to this run[/]",
            soft_wrap=True,
        )


def say_failure(failure: Exception, every: bool = False) -> int:
    """Say what went wrong and return the exit code; `every` shows all problems of a kind."""
    if isinstance(failure, InputError):
        _say_problems(failure.problems, every)
    if isinstance(failure, InfeasibleError):
        _err.print("[red]no plan can meet all hard limits; these cannot hold together:[/]")
        for conflict in failure.conflicts:
            _err.print(f"  {escape(str(conflict.origin))}: {escape(conflict.limit)} = {conflict.value}", soft_wrap=True)
    if isinstance(failure, AuditError):
        _err.print("[red]a defect of ours: the plan did not pass its audit and is not shown[/]")
    if isinstance(failure, CoproduceError):
        _err.print(f"[red]{escape(str(failure))}[/]", soft_wrap=True)
        if isinstance(failure, NoPlanError):
            _err.print("give it more time (--time-limit), or use longer buckets at the end of the horizon")
        return int(failure.exit_code)
    if isinstance(failure, OSError):
        _err.print(f"[red]{escape(str(failure))}[/]", soft_wrap=True)
        return int(ExitCode.INPUT)
    _err.print(f"[red]a defect of ours: {escape(type(failure).__name__)}: {escape(str(failure))}[/]", soft_wrap=True)
    _err.print("set COPRODUCE_DEBUG=1 to see where it happened, and please report it")
    return int(ExitCode.DEFECT)
