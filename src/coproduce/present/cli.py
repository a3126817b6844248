"""The command `coproduce`: check a programme, plan it, say in a few lines what came out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Plan, fund, explain and stress-test a joint production programme.",
)

ProgrammePath = Annotated[
    Path, typer.Argument(metavar="PATH", help="A folder of CSV or parquet files, or one workbook (.xlsx).")
]


@app.command()
def check(
    path: ProgrammePath,
    every: Annotated[bool, typer.Option("--all", help="Show every problem, not the first 20 of a kind.")] = False,
) -> None:
    """Read a programme and show all its problems at once. Exit code 2 if there are errors."""
    from ..api import check as check_raw
    from ..api import read
    from ..errors import InputError
    from .console import say_checked, say_failure

    checked = check_raw(read(path))
    if checked.tables is None:
        raise typer.Exit(say_failure(InputError(checked.problems), every))
    say_checked(path, checked.tables, checked.problems, every)


@app.command()
def plan(
    path: ProgrammePath,
    out: Annotated[Path, typer.Option(help="Folder for the results; a result already there is replaced.")] = Path(
        "out"
    ),
    gap: Annotated[
        float | None, typer.Option(min=0, max=1, help="Relative gap at which a stage counts as solved.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(min=0, help="Seconds for all stages together.")] = None,
    threads: Annotated[int, typer.Option(min=0, help="Threads of the solver; 0 leaves the choice to it.")] = 0,
) -> None:
    """Plan a programme, audit the plan, and write tables, summary.json, report.html and results.xlsx."""
    from ..api import plan_path, write
    from ..results.store import REPORT, WORKBOOK, ForeignFolderError, check_replaceable
    from .console import progress, say_plan
    from .report import write_report
    from .workbook import write_workbook

    check_replaceable(out)
    if out.resolve() == path.resolve() or out.resolve() in path.resolve().parents:
        raise ForeignFolderError(out, [path.name])
    with progress() as show:
        result = plan_path(path, gap=gap, time_limit=time_limit, threads=threads, progress=show)
        show("writing the results")
        result = write(result, out, {REPORT: write_report, WORKBOOK: write_workbook})
    say_plan(result, out)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False) -> None:
    """Show the version when asked."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"coproduce {installed('coproduce')}")
        raise typer.Exit


def main() -> None:
    """Run the command; every failure ends in words and an exit code, never in a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(130)
    except Exception as failure:
        if os.environ.get("COPRODUCE_DEBUG"):
            raise
        from .console import say_failure

        sys.exit(say_failure(failure))


if __name__ == "__main__":
    main()
