"""Promises beside the plan: what was promised by a date, and what the plan asks for and delivers by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from ..calendar import Timeline, cumulative
from ..tables import RESULT_TABLES, Tables
from ..tables.evidence import STEPS
from ..tables.keys import key_pattern, listed, named_rows
from .claims import Row

# Less than this part of a promise, or of one unit, is rounding of the optimiser.
_NOTHING = 1e-6


def promises_against_plan(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the table `promises`: every promise of an item with a quantity or a date, beside the plan.

    The demands that stand for a promise are those that `used_in` names; without any, those of its item, and of its
    site and its receivers where it names them. As with demands, a date means the end of the bucket that holds it.

    Parameters
    ----------
    frames : the result tables `buckets` and `deliveries`
    """
    plan = _Plan.of(tables, frames)
    found = [_beside(plan, row) for row in promises_of(tables).iter_rows(named=True)]
    return pl.DataFrame(found, schema=RESULT_TABLES["promises"].empty().schema)


def promises_of(tables: Tables) -> pl.DataFrame:
    """Return the rows of `commitments` that promise something of an item, with a quantity or a date."""
    return tables["commitments"].filter(
        pl.col("item").is_not_null()
        & (pl.col("quantity").is_not_null() | pl.col("due").is_not_null())
        & pl.col("status").is_in(list(STEPS))
    )


@dataclass(frozen=True)
class _Plan:
    """What promises are compared with.

    Attributes
    ----------
    demands : the table with the bucket in which each is due, -1 before the start, `timeline.count` after the end
    deliveries : demand, bucket, quantity
    """

    timeline: Timeline
    demands: pl.DataFrame
    deliveries: pl.DataFrame

    @classmethod
    def of(cls, tables: Tables, frames: Mapping[str, pl.DataFrame]) -> _Plan:
        programme = tables.programme
        timeline = Timeline.build(programme.start, programme.buckets)
        due = timeline.bucket_of(timeline.seconds_of(tables["demands"]["due"], 0))
        demands = tables["demands"].with_columns(bucket=pl.Series(due, dtype=pl.Int64))
        return cls(timeline, demands, frames["deliveries"].select("demand", "bucket", "quantity"))


def _beside(plan: _Plan, row: Row) -> dict[str, Any]:
    timeline = plan.timeline
    first = 0 if row["start"] is None else int(timeline.bucket_of(np.array([timeline.seconds(row["start"])]))[0])
    last = _last_bucket(timeline, row)
    shown = {name: row[name] for name in RESULT_TABLES["promises"].columns if name in row}
    if last < 0 or first >= timeline.count or _is_history(timeline, row) or (not row["per"] and last >= timeline.count):
        return {**_EMPTY, **shown, "verdict": "outside"}
    first, last = max(first, 0), min(last, timeline.count - 1)
    promised = promised_quantity(timeline, row)
    demands = demands_of(plan.demands, row)
    asked = demands.filter(pl.col("bucket").is_between(first if row["start"] else -1, last))["quantity"]
    given = plan.deliveries.join(demands.select("demand"), on="demand", how="semi").filter(pl.col("bucket") >= first)
    in_time = given.filter(pl.col("bucket") <= last)["quantity"]
    planned = {"asked": float(asked.sum()), "delivered": float(in_time.sum())}
    return {
        **shown,
        "promised": promised,
        "demands": demands.height,
        **planned,
        "met_on": _met_on(timeline, given, promised),
        "verdict": _verdict(row, promised, planned),
    }


_EMPTY = dict.fromkeys(("promised", "demands", "asked", "delivered", "met_on"))


def _last_bucket(timeline: Timeline, row: Row) -> int:
    if row["due"] is None:
        return timeline.count - 1
    return int(timeline.bucket_of(np.array([timeline.seconds(row["due"])]))[0])


def _is_history(timeline: Timeline, row: Row) -> bool:
    """Whether the thing was there before the programme begins."""
    return row["status"] == "delivered" and row["said"] is not None and row["said"] < timeline.start


def promised_quantity(timeline: Timeline, row: Row) -> float | None:
    """Return units promised within the programme; a rate runs to the end of its last day."""
    if row["quantity"] is None or not row["per"]:
        return None if row["quantity"] is None else float(row["quantity"])
    begin = 0 if row["start"] is None else timeline.seconds(row["start"])
    end = timeline.horizon if row["due"] is None else timeline.seconds(_end_of_day(row["due"]))
    return float(row["quantity"]) * float(cumulative(timeline, row["per"]).between(begin, end))


def _end_of_day(moment: datetime) -> datetime:
    return moment + timedelta(days=1) if moment.hour == moment.minute == moment.second == 0 else moment


def demands_of(demands: pl.DataFrame, row: Row) -> pl.DataFrame:
    """Return the demands that stand for a promise."""
    keys = [key for table, key in named_rows(row["used_in"]) if table == "demands"]
    if keys:
        return demands.filter(pl.any_horizontal(pl.col("demand").str.contains(key_pattern(key)) for key in keys))
    chosen = demands.filter(pl.col("item") == row["item"])
    if row["site"]:
        chosen = chosen.filter(pl.col("site") == row["site"])
    receivers = listed(row["made_to"])
    return chosen.filter(pl.col("party").is_in(receivers)) if receivers else chosen


def _met_on(timeline: Timeline, given: pl.DataFrame, promised: float | None) -> datetime | None:
    if promised is None:
        return None
    sums = np.cumsum(np.bincount(given["bucket"].to_numpy(), weights=given["quantity"].to_numpy(), minlength=1))
    reached = np.flatnonzero(sums >= promised - _slack(promised))
    return timeline.moment(int(timeline.edges[reached[0] + 1])) if len(reached) else None


def _slack(promised: float) -> float:
    return _NOTHING * max(1.0, promised)


_PROOF = {"funded": "asked", "actual": "delivered"}


def _verdict(row: Row, promised: float | None, planned: Mapping[str, float]) -> str:
    if promised is None:
        return "no_quantity"
    if row["due"] is None and not row["per"]:
        return "no_date"
    if row["notion"] not in _PROOF:
        return "not_compared"
    return "kept" if planned[_PROOF[row["notion"]]] >= promised - _slack(promised) else "short"
