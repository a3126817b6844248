"""What the rows of a result table can be grouped by: their own columns, and what the input says of their entities."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from ..errors import CoproduceError, ExitCode
from ..tables import RESULT_TABLES
from .result import PlanResult

PERIODS: Mapping[str, tuple[str, str]] = {"month": ("1mo", "%Y-%m"), "quarter": ("3mo", ""), "year": ("1y", "%Y")}
"""Calendar periods: length, and the form in which one is named (quarters as 2026-Q1)."""

# What the input says of an item and of a site, under the name by which rows are grouped.
_OF_ITEM = {"family": "family", "item_kind": "kind"}
_OF_SITE = {"country": "country", "party": "party", "zone": "zone"}
_SITE_OF = {"process": ("processes", "site"), "setup": ("setup_groups", "site"), "resource": ("resources", "site"),
            "transport": ("lanes", "from_site"),
            "purchase": ("supplies", "site"), "lateness": ("demands", "site"), "unmet": ("demands", "site"),
            "income": ("demands", "site"), "changed_run": ("processes", "site"), "changed_order": ("supplies", "site"),
            "changed_shipment": ("lanes", "from_site"), "changed_delivery": ("demands", "site")}  # fmt: skip
_ITEM_OF = {kind: (table, "item") for kind, (table, _) in _SITE_OF.items() if table in ("supplies", "demands")}


class GroupingError(CoproduceError):
    """Rows cannot be grouped as asked."""

    exit_code = ExitCode.INPUT


def with_dimensions(result: PlanResult, table: str) -> pl.DataFrame:
    """Return a result table with all columns by which its rows can be grouped.

    Added are, where the table leads to them, `item` and `site`, `family` and `item_kind` of the item, `country`,
    `party` and `zone` of the site, `month`, `quarter` and `year` of the start of the bucket (for `demand_service` of
    the due date), and the unit of the item (`item_unit`) or of the resource (`resource_unit`).
    """
    frame = _LINKS.get(table, _as_it_is)(result, result.frames[table])
    if "item" in frame.columns:
        items = result.tables["items"].select("item", "unit", *_OF_ITEM.values())
        frame = _joined(frame, items.rename({"unit": "item_unit", **{its: name for name, its in _OF_ITEM.items()}}))
    if "resource" in frame.columns:
        frame = _joined(frame, result.tables["resources"].select("resource", resource_unit="unit"))
    if "site" in frame.columns:
        frame = _joined(frame, result.tables["sites"].select("site", *_OF_SITE.values()))
    return _dated(result, frame)


def check_period(result: PlanResult, period: str) -> None:
    """Make sure that no bucket is longer than a period: what it holds would fall into one of several.

    Raises
    ------
    GroupingError
        if one is.
    """
    buckets = result.frames["buckets"]
    over = buckets.filter(pl.col("end") > pl.col("start").dt.offset_by(PERIODS[period][0]))
    if over.height:
        start, end = over.row(0, named=True)["start"], over.row(0, named=True)["end"]
        raise GroupingError(
            f"the bucket from {start:%Y-%m-%d} to {end:%Y-%m-%d} is longer than a {period}; group by bucket or by a "
            "longer period"
        )


def groupable(frame: pl.DataFrame, table: str) -> list[str]:
    """Return the columns by which rows with their dimensions can be grouped."""
    spec = RESULT_TABLES[table].columns
    kinds = ("number",)
    return [name for name in frame.columns if not (name in spec and spec[name].kind in kinds) and name not in _HIDDEN]


_HIDDEN = frozenset({"item_unit", "resource_unit", "lots"})


def _as_it_is(_: PlanResult, frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _joined(frame: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Add facts about what the first column of `facts` names, unless the frame has them."""
    key = facts.columns[0]
    new = [name for name in facts.columns if name == key or name not in frame.columns]
    return frame.join(facts.select(new), on=key, how="left", maintain_order="left")


def _of_demand(result: PlanResult, frame: pl.DataFrame) -> pl.DataFrame:
    return _joined(frame, result.frames["demand_service"].select("demand", "item", "site", "kind", "priority"))


def _of_shipment(_: PlanResult, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("from_site").alias("site"))


def _of_cost(result: PlanResult, frame: pl.DataFrame) -> pl.DataFrame:
    """Add item and site of what an amount is paid for; of transport the site where it leaves."""
    parts = pl.col("entity").str.split_exact("/", 1)
    stocked = pl.col("kind").cast(pl.String).is_in(["holding", "terminal_value"])
    found = frame.with_columns(
        pl.when(stocked).then(parts.struct.field("field_0")).alias("item"),
        pl.when(stocked).then(parts.struct.field("field_1")).alias("site"),
    )
    for column, sources in (("item", _ITEM_OF), ("site", _SITE_OF)):
        facts = [
            result.tables[table].select(
                pl.lit(kind).alias("_kind"), pl.col(result.tables[table].columns[0]).alias("entity"),
                pl.col(its).alias("_its"),
            )
            for kind, (table, its) in sources.items()
        ]  # fmt: skip
        keyed = found.with_columns(pl.col("kind").cast(pl.String).alias("_kind"))
        joined = keyed.join(pl.concat(facts), on=["_kind", "entity"], how="left", maintain_order="left")
        found = joined.with_columns(pl.coalesce(column, "_its").alias(column)).drop("_kind", "_its")
    return found


def _dated(result: PlanResult, frame: pl.DataFrame) -> pl.DataFrame:
    """Add the calendar periods of the start of the bucket, or of the due date."""
    if "bucket" in frame.columns and "start" not in frame.columns:
        starts = result.frames["buckets"].select("bucket", _moment="start")
        frame = frame.join(starts, on="bucket", how="left", maintain_order="left")
    elif "due" in frame.columns or "start" in frame.columns:
        frame = frame.with_columns(pl.col("due" if "due" in frame.columns else "start").alias("_moment"))
    else:
        return frame
    moment = pl.col("_moment")
    named = {name: moment.dt.strftime(form) for name, (_, form) in PERIODS.items() if form}
    quarter = moment.dt.strftime("%Y-Q") + moment.dt.quarter().cast(pl.String)
    return frame.with_columns(quarter.alias("quarter"), **named).drop("_moment")


_LINKS: Mapping[str, Callable[[PlanResult, pl.DataFrame], pl.DataFrame]] = {
    "deliveries": _of_demand,
    "shipments": _of_shipment,
    "costs": _of_cost,
}
