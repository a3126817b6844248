"""What the command says of a stress test: service, worst cases, where the loss comes from, where the answers are."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from rich.markup import escape
from rich.table import Table

from ...results.stress.result import StressResult
from ...results.stress.store import PAGE
from .. import console
from ..words.formats import counted, quantity, share
from ..words.scenario import programme_title
from .further import further_tables
from .words import MEASURES, source_words

_MOST = 8


def say_stress(result: StressResult, folder: Path) -> None:
    """Say in a few lines what may be promised and what would break it."""
    figures = result.summary
    console.say_problems(result.problems)
    ended = ", ended by the precision" if figures["stopped_by_precision"] else ""
    drills = f", {counted(len(figures['drills']), 'drill')}" if figures["drills"] else ""
    console.say(f"\n[bold]{escape(programme_title(figures['name'], figures))}[/]")
    console.say(
        f"{figures['replications']:,} replications{ended} in {figures['periods']:,} periods, "
        f"{counted(figures['risks'], 'risk')}{drills}"
    )
    console.say_tables([_service(result), _losses(result)], [])
    _say_promises(result)
    console.say_tables(further_tables(result), [])
    console.say(f"stress test: [bold]{escape(str(folder / PAGE))}[/]")


def _service(result: StressResult) -> Table:
    table = Table(title="Service (95 % interval)", box=None, pad_edge=False, title_justify="left")
    table.add_column("tier")
    for title in MEASURES.values():
        table.add_column(title, justify="right")
    for (tier,), part in result.frames["service"].group_by("tier", maintain_order=True):
        own = {row["measure"]: row for row in part.iter_rows(named=True)}
        cells = (f"{share(own[m]['mean'], 1.0)} ± {(own[m]['high'] - own[m]['mean']) * 100:.1f}" for m in MEASURES)
        table.add_row(str(tier), *cells)
    return table


def _losses(result: StressResult) -> Table:
    figures = result.summary
    title = f"Where {quantity(_total(result))} late unit-days come from ({figures['taken_apart']:,} replications)"
    table = Table(title=title, box=None, pad_edge=False, title_justify="left")
    table.add_column("source")
    table.add_column("late unit-days", justify="right")
    table.add_column("95 % interval", justify="right")
    if not figures["taken_apart"]:
        return table
    ordered = result.frames["losses"].sort(pl.col("late_unit_days").abs(), descending=True, maintain_order=True)
    for row in ordered.head(_MOST).iter_rows(named=True):
        interval = f"{quantity(row['low'])} to {quantity(row['high'])}" if row["low"] < row["high"] else ""
        table.add_row(escape(source_words(row)), quantity(row["late_unit_days"]), interval)
    rest = ordered.slice(_MOST)
    if rest.height:
        table.add_row(f"{rest.height} others", quantity(float(rest["late_unit_days"].sum())), "")
    return table


def _total(result: StressResult) -> float:
    return float(result.frames["losses"]["late_unit_days"].sum())


def _say_promises(result: StressResult) -> None:
    promises = result.frames["promises"]
    sure = promises.filter(pl.col("kept_low") >= 0.8).height
    never = promises.filter(pl.col("date_80").is_null()).height
    console.say(
        f"{sure:,} of {counted(promises.height, 'demand')} are kept in full and in time with at least 80 % (lower end "
        f"of the interval); {never:,} can be promised for no day of the horizon at 80 %"
    )
    for row in result.frames["commitments"].iter_rows(named=True):
        console.say(
            f"  promise {escape(row['commitment'])} ({escape(row['source'])}): kept in "
            f"{share(row['probability'], 1.0)} of the replications ({share(row['low'], 1.0)} to "
            f"{share(row['high'], 1.0)})"
        )
