"""Deliveries and demands of several runs side by side."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from .differences import KEYS, with_difference
from .runs import Run, Runs


def deliveries(runs: Runs) -> pl.DataFrame:
    """Return units asked for and delivered by item and calendar year.

    Two runs are subtracted in a year that their horizons cover alike, if the item has the same unit in both.
    """
    frame = pl.concat([_by_year(run) for run in runs.runs]).sort("item", "unit", "year", maintain_order=True)
    compared = with_difference(frame, KEYS["deliveries"], "delivered", runs.names, runs.names)
    windows = {run.name: _windows(run) for run in runs.runs}
    alike = [
        windows[name].get(year) == windows[runs.base.name].get(year)
        for name, year in compared.select("run", "year").iter_rows()
    ]
    return compared.with_columns(pl.when(pl.Series(alike, dtype=pl.Boolean)).then("difference").alias("difference"))


def _by_year(run: Run) -> pl.DataFrame:
    """Return a run's units by item and year; 0 where an item has none in a year of the horizon."""
    service = run.result.frames["demand_service"]
    asked = service.group_by("item", pl.col("due").dt.year().cast(pl.Int64).alias("year")).agg(pl.col("asked").sum())
    delivered = _delivered(run).group_by("item", pl.col("start").dt.year().cast(pl.Int64).alias("year"))
    both = asked.join(delivered.agg(pl.col("quantity").sum()), on=["item", "year"], how="full", coalesce=True)
    years = pl.DataFrame({"year": list(_windows(run))}, schema={"year": pl.Int64})
    every = service.select("item").unique(maintain_order=True).join(years, how="cross")
    whole = pl.concat([every, both.select("item", "year")]).unique(maintain_order=True)
    return (
        whole.join(both, on=["item", "year"], how="left", maintain_order="left")
        .join(run.result.tables["items"].select("item", "unit"), on="item", how="left", maintain_order="left")
        .select(
            "item",
            "unit",
            "year",
            pl.lit(run.name).alias("run"),
            pl.col("asked").fill_null(0.0),
            pl.col("quantity").fill_null(0.0).alias("delivered"),
        )
    )


def _delivered(run: Run) -> pl.DataFrame:
    """Return a run's deliveries with item and bucket."""
    items = run.result.frames["demand_service"].select("demand", "item")
    buckets = run.result.frames["buckets"].select("bucket", "start", "end")
    return run.result.frames["deliveries"].join(items, on="demand").join(buckets, on="bucket")


def _windows(run: Run) -> dict[int, tuple[datetime, datetime]]:
    """Return the part of each calendar year that the horizon covers."""
    start, end = run.horizon
    years = range(start.year, end.year + 1)
    parts = {year: (max(start, datetime(year, 1, 1)), min(end, datetime(year + 1, 1, 1))) for year in years}
    return {year: part for year, part in parts.items() if part[0] < part[1]}


def demands(runs: Runs) -> pl.DataFrame:
    """Return how every demand is served in each run that has it."""
    parts = []
    for run in runs.runs:
        units = run.result.tables["items"].select("item", "unit")
        delivered = (pl.col("on_time") + pl.col("late")).alias("delivered")
        served = run.frame("demand_service").with_columns(pl.col("status").cast(pl.String), delivered)
        parts.append(served.join(units, on="item", how="left", maintain_order="left"))
    frame = pl.concat(parts)
    order = frame.select("demand").unique(maintain_order=True).with_row_index("at")
    ordered = frame.join(order, on="demand").sort("at", maintain_order=True)
    keys = KEYS["demands"]
    dated = with_difference(ordered, keys, "last_delivery", runs.names, runs.names, into="moved")
    moved = (pl.col("moved").dt.total_seconds() / 86_400).alias("moved_days")
    alike = runs.of_same_horizon()
    return with_difference(dated.with_columns(moved), keys, "late_unit_days", runs.names, alike)


def over_time(runs: Runs) -> pl.DataFrame:
    """Return units delivered by the end of every bucket of any run, a bucket's counted at its end."""
    edges = sorted(
        {edge for run in runs.runs for name in ("start", "end") for edge in run.result.frames["buckets"][name]}
    )
    periods = pl.DataFrame(
        {"start": edges[:-1], "end": edges[1:]}, schema=dict.fromkeys(("start", "end"), pl.Datetime("us"))
    )
    return pl.concat([_cumulative(run, periods) for run in runs.runs]).sort("item", "start", maintain_order=True)


def _cumulative(run: Run, periods: pl.DataFrame) -> pl.DataFrame:
    first, last = run.horizon
    units = run.result.tables["items"].select("item", "unit")
    items = run.result.frames["demand_service"].select("item").unique(maintain_order=True)
    amounts = _delivered(run).group_by("item", "end").agg(pl.col("quantity").sum())
    grid = items.join(periods, how="cross", maintain_order="left_right")
    joined = grid.join(amounts, on=["item", "end"], how="left", maintain_order="left")
    inside = (pl.col("start") >= first) & (pl.col("end") <= last)
    total = pl.col("quantity").fill_null(0.0).cum_sum().over("item")
    shown = joined.with_columns(pl.when(inside).then(total).alias("delivered"))
    return shown.join(units, on="item", how="left", maintain_order="left").select(
        "item", "unit", "start", "end", pl.lit(run.name).alias("run"), "delivered"
    )
