"""The command `coproduce`: make and convert the tables of a programme, check them, plan, say what came out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .inputs.forms import Form

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Plan, fund, explain and stress-test a joint production programme.",
)

ProgrammePath = Annotated[
    Path,
    typer.Argument(
        metavar="PATH", help="A folder of CSV or parquet files, one workbook (.xlsx), or a file of frePPLe."
    ),
]


Replace = Annotated[bool, typer.Option("--replace", help="Replace the output if it is there already.")]


@app.command()
def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="The workbook to make.")],
    example: Annotated[bool, typer.Option("--example", help="Fill it with a small worked programme.")] = False,
    replace: Replace = False,
) -> None:
    """Make a workbook to fill in: every table with notes, units and lists to choose from."""
    from .console import say_template
    from .inputs.template import write_template
    from .outputs import check_new, check_workbook_name

    check_workbook_name(out)
    check_new(out, None, replace=replace)
    write_template(out, example=example)
    say_template(out, example)


@app.command()
def convert(
    path: ProgrammePath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A workbook (ends in .xlsx) or a folder.")],
    to: Annotated[Form, typer.Option(help="What the files of a folder are.")] = Form.CSV,
    replace: Replace = False,
) -> None:
    """Carry a programme from one form to another without loss: workbook, CSV folder, folder of parquet."""
    from .console import say_converted
    from .inputs.convert import convert as carry

    say_converted(out, carry(path, out, to, replace=replace))


@app.command()
def check(
    path: ProgrammePath,
    every: Annotated[bool, typer.Option("--all", help="Show every problem, not the first 20 of a kind.")] = False,
    annotate: Annotated[
        Path | None,
        typer.Option(metavar="OUT.xlsx", help="Write a workbook with the problem cells coloured, explained, listed."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Read a programme and show all its problems at once. Exit code 2 if there are errors."""
    from ..api import Checked, read
    from ..api import check as check_raw
    from ..errors import InputError
    from .console import say_checked, say_failure

    if annotate is not None:
        from .outputs import check_new, check_workbook_name

        check_workbook_name(annotate)
        check_new(annotate, path, replace=replace)
    try:
        checked = check_raw(read(path))
    except InputError as failure:
        checked = Checked(None, failure.problems)
    if checked.tables is None:
        code = say_failure(InputError(checked.problems), every)
    else:
        code = say_checked(path, checked.tables, checked.problems, every)
    if annotate is not None:
        from .console import progress, say_annotated
        from .inputs.annotate import annotate as mark

        with progress() as show:
            show("marking the problems in a workbook")
            done = mark(path, checked.problems, annotate)
        say_annotated(annotate, done)
    raise typer.Exit(code)


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
    price_of_agreements: Annotated[
        bool, typer.Option("--price-of-agreements", help="Plan again without each agreement, to say what it costs.")
    ] = False,
    frepple_orders: Annotated[
        Path | None, typer.Option(help="Workbook for the orders of the plan, as frePPLe imports them.")
    ] = None,
) -> None:
    """Plan a programme, audit the plan, and write tables, summary.json, report.html and results.xlsx."""
    from ..api import plan_path, write
    from ..results.store import REPORT, WORKBOOK
    from .console import progress, say_earlier_result, say_plan
    from .outputs import check_result_folder
    from .report import write_report
    from .workbook import write_workbook

    check_result_folder(out, path)
    try:
        with progress() as show:
            result = plan_path(
                path,
                gap=gap,
                time_limit=time_limit,
                threads=threads,
                price_of_agreements=price_of_agreements,
                progress=show,
            )
            show("writing the results")
            result = write(result, out, {REPORT: write_report, WORKBOOK: write_workbook})
            if frepple_orders is not None:
                from .frepple import write_orders

                write_orders(result, frepple_orders)
    except BaseException:
        say_earlier_result(out)
        raise
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
