"""The planner's lists: demands that are late or short with their reasons, limits that bind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ..words.formats import NOISE, inclusive
from ..words.limits import KINDS as LIMITS
from ..words.limits import WHOLE, Wording, strongest
from ..words.names import KIND_WORDS, STATUS_WORDS, stage_words
from ..words.reasons import reason_words
from ..words.service import worst_first
from .declared import Reader
from .grid import Column, Grid

LATE, LIMITING = "Late demands", "What limits"


def _columns(rows: list[dict[str, Any]], *columns: tuple[str, str, dict[str, Any]]) -> tuple[Column, ...]:
    """Return columns from rows by title; each is given by title, kind and further attributes."""
    return tuple(Column(title, kind, [row[title] for row in rows], **more) for title, kind, more in columns)  # type: ignore[arg-type]


def late_demands(reader: Reader) -> Grid:
    """Return the demands that are late or short, the worst first, each with its first reason in words."""
    frames, tables = reader.result.frames, reader.result.tables
    service = worst_first(frames["demand_service"].filter(pl.col("status") != "on_time"))
    asked = tables["demands"].select("demand", "party", "contract")
    first = _first_reasons(frames["reasons"])
    known = service.join(asked, on="demand", how="left", maintain_order="left")
    rows = [_late(row, first.get(row["demand"], {}), reader) for row in known.iter_rows(named=True)]
    units = {row["Unit"] for row in rows}
    amount = {"total": len(units) == 1, "mixed": len(units) > 1}
    columns = _columns(
        rows,
        ("Status", "text", {"rule": "status", "note": "Late: all within the horizon, some after the due date. "
         "Short: some never."}),
        ("Demand", "text", {"note": "Id of the demand in the input."}),
        ("Demand name", "text", {}),
        ("Item", "text", {}),
        ("Site", "text", {}),
        ("Customer", "text", {}),
        ("Kind", "text", {}),
        ("Priority", "whole", {"note": "1 is served first."}),
        ("Due", "date", {}),
        ("Complete by", "date", {"note": "Last day of the bucket of the last delivery; empty where some never comes."}),
        ("Days late", "number", {"note": "From the end of the due bucket to the last delivery; what never comes counts "
         "to the end of the horizon plus one bucket."}),
        ("Asked", "number", amount),
        ("On time", "number", amount),
        ("Late", "number", amount),
        ("Never", "number", {**amount, "note": "Not delivered within the horizon."}),
        ("Unit", "text", {}),
        ("Lateness (unit-days)", "number", {"total": True, "note": "Units times days late."}),
        ("First reason", "words", {"note": "What alone would save most if it were lifted; the sheet reasons has all."}),
        ("Saved without it (unit-days)", "number", {"note": "Late unit-days of this demand that would be saved if this "
         "limit alone were lifted; nothing where it helps only together with others, which the sheet reasons lists."}),
        ("Enough alone", "flag", {"note": "Lifting this limit alone brings the demand on time."}),
        ("Reasons", "whole", {"note": "How many reasons the sheet reasons lists for this demand."}),
        ("Cell", "text", {"note": "The cell of the input that sets the limit."}),
    )  # fmt: skip
    about = "Every demand that is late or short, the worst first. Quantities in the unit of the item."
    return Grid(LATE, "Late and short demands with their first reason", about, columns, 2, "demand_service")


def _first_reasons(reasons: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the first reason of every demand, with the number of its reasons."""
    counted = (
        reasons.sort("demand", "rank")
        .group_by("demand", maintain_order=True)
        .agg(pl.all().exclude("demand").first(), count=pl.len())
    )
    return {row["demand"]: row for row in counted.iter_rows(named=True)}


def _late(row: Mapping[str, Any], reason: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    names = reader.names
    return {
        "Status": STATUS_WORDS[row["status"]],
        "Demand": row["demand"],
        "Demand name": names.of("demands", row["demand"]),
        "Item": names.of("items", row["item"]),
        "Site": names.of("sites", row["site"]),
        "Customer": names.of("parties", row["party"]),
        "Kind": KIND_WORDS.get(row["kind"], row["kind"]),
        "Priority": row["priority"],
        "Due": row["due"],
        "Complete by": None if row["status"] == "short" else inclusive(row["last_delivery"]),
        "Days late": row["late_days"],
        "Asked": row["asked"],
        "On time": row["on_time"],
        "Late": row["late"],
        "Never": row["unmet"],
        "Unit": names.unit(row["item"]),
        "Lateness (unit-days)": row["late_unit_days"],
        "First reason": reason_words(reason, names) if reason else "",
        "Saved without it (unit-days)": reason.get("saved"),
        "Enough alone": reason.get("enough"),
        "Reasons": reason.get("count", 0),
        "Cell": f"{reason['file']} › {reason['cell']}" if reason.get("cell") else "",
    }


def limits(reader: Reader, words: Wording) -> Grid:
    """Return the limits that bind, by stage and strength, with the worth of one unit more and less."""
    frame = reader.result.frames["bottlenecks"]
    stages = reader.result.frames["tiers"]["stage"].to_list()
    leading = {
        (row["kind"], row["entity"], row["site"], row["bucket"], row["stage"])
        for row in strongest(frame, stages).iter_rows(named=True)
    }
    place = {stage: number for number, stage in enumerate(stages)}
    matters = pl.any_horizontal(pl.col("one_more", "one_less").abs() > NOISE)
    rank = pl.col("stage").replace_strict(place, default=len(place), return_dtype=pl.Int64)
    ordered = frame.filter(matters).sort(rank, "one_more", "entity", "bucket")
    rows = [_limit(row, words, leading) for row in ordered.iter_rows(named=True)]
    columns = _columns(
        rows,
        ("Stage", "text", {"note": "What the limit worsens: lateness of a priority, or cost."}),
        ("Limit", "text", {}),
        ("Site", "text", {}),
        ("Kind", "text", {}),
        ("Period", "text", {"note": "The bucket in which one unit more is counted."}),
        ("Limit is", "number", {}),
        ("Unit", "text", {"note": "Unit of the limit."}),
        ("One more changes", "number", {"note": "Change of the stage with one unit more; negative is better."}),
        ("One less changes", "number", {"note": "Change of the stage with one unit less; empty where there is none."}),
        ("Change in", "text", {"note": "Unit of the two changes."}),
        ("Strongest", "flag", {"note": "The strongest effect of this limit."}),
        ("Buckets binding", "whole", {}),
        ("Binds from", "date", {}),
        ("Binds until", "date", {"note": "Last day of the last bucket in which it binds."}),
        ("Cell", "text", {"note": "The cell of the input that sets the limit."}),
    )
    about = "Limits that hold the plan back, by stage and strength. Effects hold for one unit and must not be added up."
    return Grid(LIMITING, "What limits the plan, and what one more unit would change", about, columns, 2, "bottlenecks")


def _limit(row: Mapping[str, Any], words: Wording, leading: set[tuple[Any, ...]]) -> dict[str, Any]:
    whole = row["bucket"] is None or row["bucket"] == WHOLE
    return {
        "Stage": stage_words(row["stage"]),
        "Limit": words.name(row),
        "Site": words.names.of("sites", row["site"]),
        "Kind": LIMITS[row["kind"]],
        "Period": "Whole horizon" if whole else words.time.labels[row["bucket"]],
        "Limit is": row["limit"],
        "Unit": words.unit(row),
        "One more changes": row["one_more"],
        "One less changes": row["one_less"],
        "Change in": words.stage_unit(row["unit"]),
        "Strongest": (row["kind"], row["entity"], row["site"], row["bucket"], row["stage"]) in leading,
        "Buckets binding": row["buckets_binding"],
        "Binds from": row["first_binding"],
        "Binds until": inclusive(row["last_binding"]),
        "Cell": f"{row['file']} › {row['cell']}",
    }
