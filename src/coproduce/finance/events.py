"""When the costs of a plan arise: orders on the first day of their bucket, work on the last."""

from __future__ import annotations

import polars as pl
from polars._typing import PolarsDataType

from ..tables import RESULT_TABLES, Tables
from .serving import Frames

_EVENT: dict[str, PolarsDataType] = {
    "kind": pl.String, "entity": pl.String, "item": pl.String, "site": pl.String, "weight": pl.Float64,
    "arises": pl.Datetime("us"), "delivered": pl.Datetime("us"), "from_account": pl.String, "to_account": pl.String,
    "currency": pl.String, "index": pl.String, "base": pl.Datetime("us"), "terms": pl.String,
}  # fmt: skip
DAY_US = 86_400_000_000


def cost_events(tables: Tables, frames: Frames) -> pl.DataFrame:
    """Return the events at which costs arise, one row for each row of the plan.

    Returns
    -------
    `weight`: amount of the event against those of the same kind and entity; `item`, `site`: where they say what
    it serves; `delivered`: day of the delivery of an order; `from_account`, `to_account`: the party of the site and
    the supplier; `currency`, `index`, `base`, `terms`: of its price.
    """
    days = frames["buckets"].select(
        "bucket",
        first=pl.col("start").dt.truncate("1d"),
        last=(pl.col("end") - pl.duration(microseconds=1)).dt.truncate("1d"),
    )
    parts = [
        _processes(tables, frames, days), _setups(tables, frames, days), *_resources(tables, frames, days),
        _transport(tables, frames, days),
        _purchases(tables, frames, days), *_options(tables, frames), _holding(tables, frames, days),
    ]  # fmt: skip
    events = pl.concat([_complete(part) for part in parts])
    owners = tables["sites"].select(pl.col("site").alias("payer_site"), "party")
    return events.join(owners, on="payer_site", how="left", maintain_order="left").with_columns(
        from_account=pl.col("party"), currency=pl.col("currency").fill_null(tables.programme.currency)
    ).select(list(_EVENT))  # fmt: skip


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with weight, and the columns that they lack."""
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in _EVENT.items() if name not in frame.columns]
    schema = {**_EVENT, "payer_site": pl.String}
    return frame.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in schema.items()).filter(
        pl.col("weight") > 0
    )  # fmt: skip


def _processes(tables: Tables, frames: Frames, days: pl.DataFrame) -> pl.DataFrame:
    about = tables["processes"].select("process", "cost", "setup_cost", "currency")
    rows = frames["runs"].drop("cost").join(about, on="process").join(days, on="bucket")
    return rows.select(
        kind=pl.lit("process"), entity="process", payer_site="site", arises="last", currency="currency",
        weight=_priced("cost", "setup_cost"),
    )  # fmt: skip


def _setups(tables: Tables, frames: Frames, days: pl.DataFrame) -> pl.DataFrame:
    """Return the joint set-ups; those of a group cost the same."""
    about = tables["setup_groups"].select("setup_group", "currency")
    made = frames["setups"] if "setups" in frames else RESULT_TABLES["setups"].empty()
    rows = made.join(about, on="setup_group").join(days, on="bucket")
    return rows.select(
        kind=pl.lit("setup"), entity="setup_group", payer_site="site", arises="last", currency="currency",
        weight=pl.lit(1.0),
    )  # fmt: skip


def _priced(price: str, per_lot: str) -> pl.Expr:
    lots = pl.col("lots").fill_null(0) * pl.col(per_lot).fill_null(0.0)
    return pl.col("quantity") * pl.col(price).fill_null(0.0) + lots


def _resources(tables: Tables, frames: Frames, days: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the use of resources and overtime; what firm runs take is no cost of the plan."""
    about = tables["resources"].select("resource", "currency")
    rows = frames["resource_load"].join(about, on="resource").join(days, on="bucket")
    return [
        rows.select(
            kind=pl.lit(kind), entity="resource", payer_site="site", arises="last", currency="currency", weight=used
        )
        for kind, used in (("resource", "planned"), ("overtime", "overtime"))
    ]


def _transport(tables: Tables, frames: Frames, days: pl.DataFrame) -> pl.DataFrame:
    about = tables["lanes"].select("lane", "currency")
    rows = frames["shipments"].join(about, on="lane").join(days, on="bucket")
    return rows.select(
        kind=pl.lit("transport"), entity="lane", item="item", site="to_site", payer_site="from_site", arises="last",
        currency="currency", weight="cost",
    )  # fmt: skip


def _purchases(tables: Tables, frames: Frames, days: pl.DataFrame) -> pl.DataFrame:
    """Return the orders; they are delivered after the lead time."""
    about = tables["supplies"].select(
        "supply", "currency", "lead_days", "payment_terms", "price_index", to_account="party",
        base=pl.col("index_base").fill_null(tables.programme.start),
    )  # fmt: skip
    rows = frames["purchases"].join(about, on="supply").join(days, on="bucket")
    lead = pl.duration(microseconds=(pl.col("lead_days") * DAY_US).cast(pl.Int64))
    return rows.select(
        kind=pl.lit("purchase"), entity="supply", item="item", site="site", payer_site="site", arises="first",
        delivered=(pl.col("first") + lead).dt.truncate("1d"), to_account="to_account", currency="currency",
        index="price_index", base="base", terms="payment_terms", weight="cost",
    )  # fmt: skip


def _options(tables: Tables, frames: Frames) -> list[pl.DataFrame]:
    """Return prices of options at the order, and their running costs on the last day of each bucket in effect."""
    if "investments" not in frames:
        return []
    added = tables["option_capacity"].join(tables["resources"].select("resource", "site"), on="resource")
    sites = added.group_by("option", maintain_order=True).agg(payer_site=pl.col("site").first())
    about = tables["options"].select("option", "currency", price="cost", daily="running_cost")
    bought = frames["investments"].join(about, on="option").join(sites, on="option", how="left")
    orders = bought.select(
        kind=pl.lit("option"), entity="option", payer_site="payer_site", arises=pl.col("ordered").dt.truncate("1d"),
        currency="currency", weight=pl.col("quantity") * pl.col("price").fill_null(0.0),
    )  # fmt: skip
    running = bought.join(frames["buckets"].select("start", "end"), how="cross").with_columns(
        days=(
            pl.min_horizontal("end", pl.col("until").fill_null(pl.col("end"))) - pl.max_horizontal("start", "effect")
        ).dt.total_microseconds() / DAY_US
    )  # fmt: skip
    return [orders, running.filter(pl.col("days") > 0).select(
        kind=pl.lit("option"), entity="option", payer_site="payer_site", currency="currency",
        arises=(pl.col("end") - pl.duration(microseconds=1)).dt.truncate("1d"),
        weight=pl.col("quantity") * pl.col("daily").fill_null(0.0) * pl.col("days"),
    )]  # fmt: skip


def _holding(tables: Tables, frames: Frames, days: pl.DataFrame) -> pl.DataFrame:
    about = tables["stocks"].select("item", "site", "currency")
    rows = frames["stock"].join(about, on=["item", "site"]).join(days, on="bucket")
    return rows.select(
        kind=pl.lit("holding"), entity=pl.concat_str("item", "site", separator="/"), item="item", site="site",
        payer_site="site", arises="last", currency="currency", weight="holding_cost",
    )  # fmt: skip
