"""The command `coproduce`: make and convert the tables of a programme, check them, plan, say what came out."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from .inputs.forms import Form

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Plan, fund, explain and stress-test a joint production programme.",
)

PolicyName = Literal["follow", "base-stock"]

ProgrammePath = Annotated[
    Path,
    typer.Argument(
        metavar="PATH", help="A folder of CSV or parquet files, one workbook (.xlsx), or a file of frePPLe."
    ),
]


Scenario = Annotated[
    str, typer.Option(metavar="NAME", help="Apply the changes of a scenario (`coproduce scenarios PATH` lists them).")
]
Threads = Annotated[int, typer.Option(min=0, help="Threads of the solver; 0 leaves the choice to it.")]
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
    scenario: Scenario = "",
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
        checked = check_raw(read(path), scenario)
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
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Plan a scenario; several are each planned into a folder of its name in OUT."
        ),
    ] = None,
    all_scenarios: Annotated[
        bool, typer.Option("--all-scenarios", help="Plan the programme as it stands (base) and every scenario.")
    ] = False,
    gap: Annotated[
        float | None, typer.Option(min=0, max=1, help="Relative gap at which a stage counts as solved.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(min=0, help="Seconds for all stages together.")] = None,
    threads: Threads = 0,
    workers: Annotated[
        int,
        typer.Option(
            min=0,
            help="Scenarios planned at a time, each in a process of its own on --threads threads (0: one); "
            "0: as many as there are cores for them. No figure depends on it.",
        ),
    ] = 0,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Result folder of an earlier plan: what is frozen, and what counts as a change."
        ),
    ] = None,
    price_of_agreements: Annotated[
        bool, typer.Option("--price-of-agreements", help="Plan again without each agreement, to say what it costs.")
    ] = False,
    require: Annotated[
        str,
        typer.Option(
            metavar="INSTRUMENT", help="Hold the plan to the limits on origin of a fund's rules (SAFE, USL, ...)."
        ),
    ] = "",
    contract: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="With --require: only for this contract; may be repeated. Else all that seek it."
        ),
    ] = None,
    frepple_orders: Annotated[
        Path | None, typer.Option(help="Workbook for the orders of a plan, as frePPLe imports them.")
    ] = None,
) -> None:
    """Plan a programme, audit the plan, and write tables, summary.json, report.html and results.xlsx."""
    from .planning import Settings, check_requirement, plan_each, plan_one

    check_requirement(require, contract)
    settings = Settings(
        gap, time_limit, threads, price_of_agreements, baseline, require, tuple(contract or ()), workers
    )
    if all_scenarios or len(scenario or ()) > 1:
        if frepple_orders is not None:
            raise typer.BadParameter("orders are written of one plan; give one --scenario")
        raise typer.Exit(plan_each(path, out, tuple(scenario or ()), settings, every=all_scenarios))
    plan_one(path, out, (scenario or [""])[0], settings, frepple_orders)


@app.command()
def stress(
    path: ProgrammePath,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Result folder of the plan to test; without it OUT/plan, made if needed."),
    ] = None,
    replications: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many years of luck are tried.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same events.")] = 0,
    workers: Annotated[int, typer.Option(min=0, help="Threads; 0: one for each core. No figure depends on it.")] = 0,
    cluster: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Carry out on a Dask cluster, as in tcp://10.0.0.1:8786.")
    ] = "",
    scenario: Scenario = "",
    drill: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Certain events: rows as in the table risks, with date and duration_days."),
    ] = None,
    period_days: Annotated[
        float, typer.Option(min=1 / 24, max=3650, help="Length of the periods that buckets are cut into.")
    ] = 1.0,
    policy: Annotated[PolicyName, typer.Option(help="Follow the plan, or order up to its levels.")] = "follow",
    precision: Annotated[
        float | None,
        typer.Option(
            min=1e-6, max=1, help="Stop when the 95 % interval of beta (share of units in time) is ± this narrow."
        ),
    ] = None,
    taken_apart: Annotated[
        int, typer.Option(min=0, help="Replications whose loss is traced to single risks; each costs many.")
    ] = 400,
    survival: Annotated[
        bool, typer.Option("--survival", help="Find how long each site, supplier, lane, border, party may be lost.")
    ] = False,
    survival_date: Annotated[
        list[datetime] | None,
        typer.Option(formats=["%Y-%m-%d"], help="When it is lost; may be repeated. Without it every quarter."),
    ] = None,
    remedies: Annotated[
        bool, typer.Option("--remedies", help="Find what each option that the plan does not buy would save.")
    ] = False,
    remedy_plans: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="With --remedies: plan anew with the N best; the others beside the plan."
        ),
    ] = 20,
    exportable: Annotated[
        bool, typer.Option("--exportable", help="Find how much may be exported while demand at home is kept.")
    ] = False,
    replan: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Carry the first N replications out again, with plans made on the way."),
    ] = 0,
    replan_every: Annotated[
        int, typer.Option(min=1, metavar="K", help="With --replan: a plan at every K-th bucket.")
    ] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in OUT that was not finished.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Begin anew, whatever was not finished in OUT.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for the answers; those already there are replaced.")] = Path(
        "stress"
    ),
) -> None:
    """Carry out a plan many times against the risks of the programme: what may be promised, what would break it."""
    from ..api import Further, Settings
    from .stress.command import Request, run_stress

    if resume and replace:
        raise typer.BadParameter("give --resume or --replace, not both")
    settings = Settings(replications, seed, period_days, policy, precision, taken_apart)
    further = Further(survival, survival_date or (), remedies, exportable, replan, replan_every, remedy_plans)
    run_stress(Request(path, out, plan, scenario, drill, workers, cluster, resume, replace, further), settings)


@app.command()
def fund(
    path: ProgrammePath,
    out: Annotated[Path, typer.Option(help="Folder for the results; a result already there is replaced.")] = Path(
        "out_fund"
    ),
    plan_folder: Annotated[
        Path | None, typer.Option("--plan", metavar="DIR", help="Result folder of a plan; without it no cash is found.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day on which the rules are applied; else the start of the programme."),
    ] = None,
    scenario: Scenario = "",
    require: Annotated[
        str, typer.Option(metavar="INSTRUMENT", help="Exit code 4 if a contract that seeks it does not meet its rules.")
    ] = "",
) -> None:
    """Say which contract may be paid from which fund, and whether there is cash in time. No legal advice."""
    from ..tables.funding import INSTRUMENTS
    from .funding.command import fund_one

    if require and require not in INSTRUMENTS:
        raise typer.BadParameter(f"choose one of {', '.join(INSTRUMENTS)}", param_hint="--require")
    day = as_of.date() if as_of is not None else None
    raise typer.Exit(fund_one(path, out, plan_folder=plan_folder, scenario=scenario, as_of=day, require=require))


@app.command()
def repair(
    path: ProgrammePath,
    out: Annotated[Path, typer.Option(help="Folder for the results; a result already there is replaced.")] = Path(
        "out_repair"
    ),
    limit: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Row of origin_limits; may be repeated. Else all.")
    ] = None,
    require: Annotated[
        str, typer.Option(metavar="INSTRUMENT", help="Set its ceiling on origin for the contracts that seek it.")
    ] = "",
    contract: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="With --require: only for this contract; may be repeated.")
    ] = None,
    scope: Annotated[
        Literal["plan", "configuration"],
        typer.Option(help="What has to keep the limit: the plan's mix, or every configuration of the products."),
    ] = "plan",
    scenario: Scenario = "",
    threads: Threads = 0,
) -> None:
    """Find the cheapest changes with which a programme keeps its limits on origin by itself."""
    from .planning import check_requirement
    from .repairing import repair_programme

    check_requirement(require, contract)
    code = repair_programme(
        path,
        out,
        scenario=scenario,
        limits=limit or [],
        require=require,
        contracts=contract or [],
        scope=scope,
        threads=threads,
    )
    raise typer.Exit(code)


@app.command()
def scenarios(path: ProgrammePath) -> None:
    """List the scenarios of a programme with their changes, as they apply to its cells."""
    from .planning import list_scenarios

    raise typer.Exit(list_scenarios(path))


@app.command()
def compare(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Result folders; or a folder that holds several of them.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for comparison.html, comparison.xlsx and the tables.")
    ] = None,
    only_differences: Annotated[
        bool, typer.Option("--only-differences", help="Leave out what is the same in all runs.")
    ] = False,
) -> None:
    """Show results side by side; all changes are from the first."""
    from .comparing import compare_folders

    compare_folders(folders, out, only_differences=only_differences)


@app.command()
def statistics(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    table: Annotated[str, typer.Option(help="Result table whose rows are added up.")] = "deliveries",
    by: Annotated[str, typer.Option(help="Columns to group by, as in site,month; none: one group.")] = "",
    measure: Annotated[str, typer.Option(help="Columns to add up, as in quantity,cost; none: all.")] = "",
    out: Annotated[Path | None, typer.Option(metavar="OUT.csv", help="Write the figures to a new file too.")] = None,
    replace: Replace = False,
) -> None:
    """Add up a table of a result by site, country, item, family, month or other columns, with units."""
    from .counting import show_statistics

    show_statistics(folder, table, by, measure, out, replace=replace)


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
