"""A stress test on the screen: service, lateness, what causes the loss, and the demands least likely to be kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from rich.markup import escape
from rich.table import Table

from ...results.stress.stress import StressResult
from ..words.formats import day, quantity

_MOST = 10


def tables(result: StressResult) -> Iterator[Table]:
    """Yield the tables to show."""
    service = result.frames["service"].filter(pl.col("priority") == 0)
    yield _made(
        "Service (alpha: demands kept; beta: units in time; gamma: 1 - late unit-days / units x horizon)",
        ("measure", "plan", "without any risk", "mean", "95 % interval", "in 95 % at least"),
        [
            (
                row["measure"],
                _share(row["planned"]),
                _share(row["undisturbed"]),
                _share(row["mean"]),
                f"{_share(row['low'])} to {_share(row['high'])}",
                _share(row["q05"]),
            )
            for row in service.iter_rows(named=True)
        ],
    )
    causes = result.frames["attribution"].head(_MOST)
    if causes.height:
        yield _made(
            "What causes the loss beyond the plan (weighted late unit-days)",
            ("cause", "adds", "share"),
            [
                (row["name"] or row["cause"], quantity(row["late_unit_days"]), _share(row["share"]))
                for row in causes.iter_rows(named=True)
            ],
        )
    least = result.frames["demand_promises"].filter(pl.col("planned_on") <= pl.col("due")).sort("kept").head(_MOST)
    yield _made(
        "On time in the plan, least likely to be kept",
        ("demand", "due", "kept", "in 90 % complete by"),
        [
            (row["demand"], day(row["due"]), _share(row["kept"]), day(row["date_90"]) if row["date_90"] else "never")
            for row in least.iter_rows(named=True)
        ],
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _made(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for at, head in enumerate(heads):
        made.add_column(head, justify="right" if at else "left")
    for row in rows:
        made.add_row(*map(escape, row))
    return made
