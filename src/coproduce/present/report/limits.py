"""What holds the plan back: the table and the chart of binding limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ..words.formats import NOISE, inclusive
from ..words.limits import KINDS, WHOLE, Wording, effect, strongest
from ..words.names import stage_words
from .late import some
from .sheet import Field, Sheet, first

MOST_ROWS = 4_000

FIELDS = (
    Field("Stage"),
    Field("Limit"),
    Field("Site"),
    Field("Period"),
    Field("One more changes", "number"),
    Field("One less changes", "number"),
    Field("Change in"),
    Field("Limit is", "number"),
    Field("Unit"),
    Field("Kind"),
    Field("Binding", "number", "times"),
    Field("From", "date"),
    Field("Until", "date"),
    Field("Cell"),
)

BINDING_FIELDS = (
    Field("Limit"),
    Field("Binds from", "date"),
    Field("Until", "date"),
    Field("Binds in", "number", "periods"),
    Field("Demands delayed", "number"),
    Field("Which demands"),
    Field("One more unit"),
    Field("Saves"),
    Field("Input cell"),
)


def sheet(bottlenecks: pl.DataFrame, words: Wording, stages: list[str]) -> Sheet:
    """Make the table of all binding limits, by stage and strength."""
    order = {stage: number for number, stage in enumerate(stages)}
    rank = pl.col("stage").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    matters = pl.any_horizontal(pl.col("one_more", "one_less").abs() > NOISE)
    ordered = bottlenecks.filter(matters).sort(rank, "one_more", "entity", "bucket")
    rows = [_row(row, words) for row in ordered.iter_rows(named=True)]
    kept, note = first(rows, MOST_ROWS, "binding limits", "bottlenecks")
    return Sheet("Binding limits", FIELDS, kept, note, facet=0)


def _row(row: Mapping[str, Any], words: Wording) -> tuple[Any, ...]:
    whole = row["bucket"] is None or row["bucket"] == WHOLE
    return (
        stage_words(row["stage"]),
        words.name(row),
        words.names.of("sites", row["site"]),
        "Whole horizon" if whole else words.time.labels[row["bucket"]],
        row["one_more"],
        row["one_less"],
        words.stage_unit(row["unit"]),
        row["limit"],
        words.unit(row),
        KINDS[row["kind"]],
        row["buckets_binding"],
        row["first_binding"],
        inclusive(row["last_binding"]),
        f"{row['file']} › {row['cell']}",
    )


def binding_sheet(
    bottlenecks: pl.DataFrame,
    words: Wording,
    stages: list[str],
    delayed: Mapping[tuple[str, str], tuple[str, ...]],
    currency: str,
) -> Sheet:
    """Make the table of limits, one row each: when it binds, what one unit more saves, which demands it delays.

    Parameters
    ----------
    delayed : kind and entity of a limit -> the demands that it holds back
    """
    rows = [
        _binding_row(row, words, delayed.get((row["kind"], row["entity"]), ()), currency)
        for row in strongest(bottlenecks, stages).iter_rows(named=True)
    ]
    kept, note = first(rows, MOST_ROWS, "limits, the strongest first", "bottlenecks")
    return Sheet("Limits, with the demands that they delay", BINDING_FIELDS, kept, note)


def _binding_row(row: Mapping[str, Any], words: Wording, demands: tuple[str, ...], currency: str) -> tuple[Any, ...]:
    saved = effect(row["one_more"], row["unit"], words, currency)
    return (
        f"{words.name(row)}, {words.names.of('sites', row['site'])}",
        row["first_binding"],
        inclusive(row["last_binding"]),
        row["buckets_binding"],
        len(demands),
        some(demands, words.names) if demands else "",
        f"{words.unit(row)} {words.when(row)}".rstrip(),
        f"{saved} ({stage_words(row['stage']).lower()})",
        f"{row['file']} › {row['cell']}",
    )


def chart(bottlenecks: pl.DataFrame, words: Wording, stages: list[str], currency: str) -> list[dict[str, Any]]:
    """Return per stage the strongest limits for the bar chart: names, effects of one unit more, the unit."""
    charts = []
    for stage in stages:
        top = strongest(bottlenecks.filter(pl.col("stage") == stage), [stage]).head(12)
        if top.is_empty():
            continue
        rows = top.to_dicts()
        unit = rows[0]["unit"].split(" per ")[0]
        charts.append(
            {
                "stage": stage_words(stage),
                "unit": f"{words.stage_unit(unit)} saved by one more unit of the limit",
                "finding": _lead(rows[0], words, currency),
                "names": [_bar_name(row, words) for row in rows],
                "values": [-row["one_more"] for row in rows],
            }
        )
    return charts


def _lead(row: Mapping[str, Any], words: Wording, currency: str) -> str:
    saved = effect(row["one_more"], row["unit"], words, currency)
    more = f"one more {words.unit(row)} {words.when(row)}".rstrip()
    return (
        f"{words.name(row)} at {words.names.of('sites', row['site'])}: {more} saves {saved}, more than any other limit."
    )


def _bar_name(row: Mapping[str, Any], words: Wording) -> str:
    more = f"+1 {words.unit(row)} {words.when(row)}".rstrip()
    return f"{words.name(row)}, {words.names.of('sites', row['site'])}\n{more}"
