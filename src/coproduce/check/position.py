"""Where the programme stands: stock limits, receipts on order and runs under way."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from .view import View


def conflicting_stock_limits(view: View) -> Iterator[Problem]:
    """Report minimum stocks above the maximum."""
    stocks = view["stocks"]
    for column in ("minimum", "final_min"):
        # A minimum that begins after the horizon binds nothing.
        binding = stocks
        if column == "minimum" and view.end is not None:
            binding = stocks.filter((pl.col("minimum_from") < view.end).fill_null(True))
        for row, low, high in (
            binding.filter(pl.col(column) > pl.col("maximum")).select("row", column, "maximum").iter_rows()
        ):
            message = f"{column} {low:g} is above maximum {high:g}"
            yield view.problem("E405", "stocks", row, column, message, seen=low, expected=f"at most {high:g}")


def opening_above_maximum(view: View) -> Iterator[Problem]:
    """Report opening stocks above the maximum: an error where nothing can ever take the stock away."""
    over = view["stocks"].filter(pl.col("opening") > pl.col("maximum"))
    takers = _takers(view) if over.height else None
    for row in over.iter_rows(named=True):
        what = f"opening {row['opening']:g} is above maximum {row['maximum']:g}"
        if takers is None or {(row["item"], row["site"]), ("", row["site"])} & takers:
            message = f"{what}; the surplus must leave in the first bucket"
            yield view.problem("W508", "stocks", row["row"], "opening", message, seen=row["opening"])
        else:
            message = f"{what}, and no process, lane or demand takes {row['item']} away from {row['site']}"
            yield view.problem("E405", "stocks", row["row"], "opening", message, seen=row["opening"])


def _takers(view: View) -> set[tuple[str, str]] | None:
    """Return (item, site) pairs that something takes from, item empty for any; None if that is not known."""
    if not view.is_sound("flows", "processes", "lanes", "demands", "stocks"):
        return None
    inputs = view["flows"].filter(pl.col("quantity") < 0).join(view["processes"], on="process", how="inner")
    lanes = view["lanes"].select(pl.col("item").fill_null(""), site="from_site")
    pairs = pl.concat([inputs.select("item", "site"), lanes, view["demands"].select("item", "site")])
    return set(pairs.unique().rows())


def misdated_receipts(view: View) -> Iterator[Problem]:
    """Report receipts before the start and after the end of the horizon."""
    if view.timeline is None or view.end is None:
        return
    start, end = view.timeline.start, view.end
    for row, when in view["receipts"].filter(pl.col("date") < start).select("row", "date").iter_rows():
        message = f"the receipt of {when:%Y-%m-%d} is before the start on {start:%Y-%m-%d}"
        hint = "add what arrived to the opening stock"
        yield view.problem("E409", "receipts", row, "date", message, seen=when, expected=f"{start} or later", hint=hint)
    for row, when in view["receipts"].filter(pl.col("date") >= end).select("row", "date").iter_rows():
        message = f"the receipt of {when:%Y-%m-%d} comes after the horizon, which ends on {end:%Y-%m-%d}"
        yield view.problem("W510", "receipts", row, "date", message, seen=when)


def ended_runs(view: View) -> Iterator[Problem]:
    """Report runs under way whose last effect lies before the start."""
    if view.timeline is None or not view.is_sound("processes", "flows"):
        return
    start = view.timeline.start
    # The last flow of a process may come after the end of the run.
    tail = view["flows"].group_by("process").agg(tail=pl.col("offset_days").max())
    runs = view["wip"].join(view["processes"], on="process", how="inner", maintain_order="left")
    runs = runs.join(tail, on="process", how="left", maintain_order="left")
    ends = pl.coalesce("ends", pl.col("started") + pl.duration(seconds=pl.col("lead_days") * 86400))
    last = ends + pl.duration(seconds=(pl.col("post_days") + pl.col("tail").fill_null(0.0)) * 86400)
    for row, wip, end in runs.filter(last < start).select("row", "wip", ends.alias("end")).iter_rows():
        message = f'run "{wip}" ended on {end:%Y-%m-%d}, before the start on {start:%Y-%m-%d}'
        yield view.problem("W511", "wip", row, "started", message, hint="its output belongs to the opening stock")
