"""Demands that are late or short, each with the reasons that hold it back, and what holds most of them back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ..words.formats import NOISE, counted, inclusive, quantity
from ..words.names import STATUS_WORDS, Names
from ..words.reasons import cause_words, lifting_words
from ..words.service import worst_first
from .demands import title
from .sheet import Field, Sheet, first

MOST_ROWS = 2_000
MOST_REASONS = 8_000
MOST_CAUSES = 500
MOST_NAMES = 3
NO_REASON = "No reason was found within the time limit"

FIELDS = (
    Field("Demand"),
    Field("Status"),
    Field("Due", "date"),
    Field("Complete by", "date"),
    Field("Days late", "number"),
    Field("Lateness", "number", "unit-days", total=True),
    Field("Main reason"),
    Field("Asked", "number", total=True),
    Field("Late", "number", total=True),
    Field("Never", "number", total=True),
    Field("Unit"),
    Field("Item"),
    Field("Site"),
    Field("Input cell"),
)
UNIT_COLUMN = 10
REASON_FIELDS = (
    Field("Demand"),
    Field("Rank", "number"),
    Field("Reason"),
    Field("From", "date"),
    Field("Until", "date"),
    Field("Saved if lifted alone", "number", "late unit-days"),
    Field("Enough alone"),
    Field("What lifting it does"),
    Field("Input cell"),
)
CAUSE_FIELDS = (
    Field("What holds back"),
    Field("Demands", "number"),
    Field("Enough alone for", "number", "demands"),
    Field("From", "date"),
    Field("Until", "date"),
    Field("Which demands"),
    Field("Input cell"),
)


def not_on_time(service: pl.DataFrame) -> pl.DataFrame:
    """Return the demands that are late or short, the worst first."""
    return worst_first(service.filter(pl.col("status") != "on_time"))


def place(row: Mapping[str, Any]) -> str:
    """Return file and cell of the limit; empty where no cell sets it."""
    return f"{row['file']} › {row['cell']}" if row["file"] and row["cell"] else ""


def main_reasons(reasons: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the first reason of every demand that has one."""
    ranked = reasons.sort("demand", "rank").unique("demand", keep="first", maintain_order=True)
    return {row["demand"]: row for row in ranked.iter_rows(named=True)}


def sheet(service: pl.DataFrame, reasons: pl.DataFrame, names: Names) -> Sheet:
    """Make the table of late and short demands, the worst first, each with its main reason."""
    main = main_reasons(reasons)
    rows = [_demand_row(row, main.get(row["demand"]), names) for row in not_on_time(service).iter_rows(named=True)]
    kept, note = first(rows, MOST_ROWS, "late demands, the worst first", "demand_service")
    return Sheet("Late and short demands", FIELDS, kept, note, facet=1, units=UNIT_COLUMN)


def _demand_row(row: Mapping[str, Any], reason: Mapping[str, Any] | None, names: Names) -> tuple[Any, ...]:
    return (
        title(row["demand"], names),
        STATUS_WORDS[row["status"]],
        row["due"],
        None if row["status"] == "short" else inclusive(row["last_delivery"]),
        row["late_days"],
        row["late_unit_days"],
        cause_words(reason, names) if reason else NO_REASON,
        row["asked"],
        row["late"],
        row["unmet"],
        names.unit(row["item"]),
        names.of("items", row["item"]),
        names.of("sites", row["site"]),
        place(reason) if reason else "",
    )


def reason_sheet(service: pl.DataFrame, reasons: pl.DataFrame, names: Names) -> Sheet:
    """Make the table of all reasons, in the order of the late demands and within each by rank."""
    order = not_on_time(service).select("demand", "late_unit_days").with_row_index("place")
    ranked = order.join(reasons, on="demand", how="inner").sort("place", "rank")
    rows = [
        (
            title(row["demand"], names),
            row["rank"],
            cause_words(row, names),
            row["first"],
            inclusive(row["last"]),
            row["saved"],
            "Yes" if row["enough"] else "No",
            lifting_words(row, row["late_unit_days"]),
            place(row),
        )
        for row in ranked.iter_rows(named=True)
    ]
    kept, note = first(rows, MOST_REASONS, "reasons", "reasons")
    return Sheet("Reasons of all late demands", REASON_FIELDS, kept, note)


@dataclass(frozen=True)
class Cause:
    """A limit that holds demands back.

    Attributes
    ----------
    row : the first of its rows in the table `reasons`
    demands : the demands that it holds back, the worst first
    enough : how many of them would be on time without it alone
    """

    row: Mapping[str, Any]
    demands: tuple[str, ...]
    enough: int
    first: Any
    last: Any


def causes(service: pl.DataFrame, reasons: pl.DataFrame) -> list[Cause]:
    """Group the reasons by limit: those that must be lifted, or would alone be enough; most demands first."""
    order = not_on_time(service).select("demand").with_row_index("place")
    matter = reasons.filter(pl.col("left").is_not_null() | pl.col("enough").fill_null(value=False))
    ranked = order.join(matter, on="demand", how="inner").sort("place", "rank")
    found = []
    keys = ["kind", "entity", "site"]
    for _, rows in ranked.group_by(keys, maintain_order=True):
        demands = tuple(rows["demand"].unique(maintain_order=True).to_list())
        enough = rows.filter(pl.col("enough"))["demand"].n_unique()
        found.append(Cause(rows.row(0, named=True), demands, enough, rows["first"].min(), rows["last"].max()))
    return sorted(found, key=lambda cause: (-len(cause.demands), -cause.enough))


def cause_sheet(found: list[Cause], names: Names) -> Sheet:
    """Make the table of limits by the demands that they hold back."""
    rows = [
        (
            cause_words(cause.row, names),
            len(cause.demands),
            cause.enough,
            cause.first,
            inclusive(cause.last),
            some(cause.demands, names),
            place(cause.row),
        )
        for cause in found
    ]
    kept, note = first(rows, MOST_CAUSES, "limits, those that hold most demands back first", "reasons")
    return Sheet("What holds late demands back", CAUSE_FIELDS, kept, note)


def some(demands: tuple[str, ...], names: Names) -> str:
    """Name the first demands and count the rest."""
    named = [names.of("demands", demand) for demand in demands[:MOST_NAMES]]
    more = len(demands) - len(named)
    return "; ".join([*named, f"and {more:,} more"] if more else named)


def delayed(reasons: pl.DataFrame, service: pl.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return for every limit, by kind and entity, the demands with it among their reasons, the worst first."""
    order = not_on_time(service).select("demand").with_row_index("place")
    joined_rows = order.join(reasons, on="demand", how="inner").sort("place")
    found: dict[tuple[str, str], list[str]] = {}
    for demand, kind, entity in joined_rows.select("demand", "kind", "entity").unique(maintain_order=True).iter_rows():
        found.setdefault((kind, entity or ""), []).append(demand)
    return {key: tuple(demands) for key, demands in found.items()}


def finding(service: pl.DataFrame, found: list[Cause], names: Names) -> str:
    """Say how many demands are late or short and what holds most of them back."""
    behind = not_on_time(service)
    if behind.is_empty():
        return "Every demand is met by its due date."
    short = behind.filter(status="short").height
    late = behind.height - short
    lateness = math.fsum(behind["late_unit_days"])
    text = (
        f"{behind.height:,} of {counted(service.height, 'demand')} are not met on time: {late:,} late, {short:,} "
        f"short, together {quantity(lateness)} late unit-days."
    )
    if not found or lateness <= NOISE:
        return text
    lead = found[0]
    return f"{text} Most often in the way: {cause_words(lead.row, names)} ({counted(len(lead.demands), 'demand')})."
