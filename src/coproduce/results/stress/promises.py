"""What may be promised: by demand, and for each promise that was made, with the odds that it is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from ...calendar import Floats
from ...stress.estimates import at_least, at_most, wilson
from ...stress.rows import FULL
from ...tables import STRESS_TABLES
from ..commitments import Provable
from .case import customers
from .source import Source

CONFIDENCES = {80: 0.8, 90: 0.9, 95: 0.95}


def demand_promises(source: Source) -> pl.DataFrame:
    """Return the table `promises`: dates and quantities that can be promised of each demand."""
    demands = source.case.tables["demands"].with_columns(customer=customers(source.case.tables["demands"]))
    planned = dict(source.case.frames["demand_service"].select("demand", "on_time").iter_rows())
    parts = (source.rows(name) for name in ("kept", "complete", "in_time", "late_days"))
    rows = [
        {
            **{name: row[name] for name in ("demand", "item", "site", "customer", "priority", "quantity", "due")},
            "planned": planned.get(row["demand"], 0.0),
            **_odds(kept, "kept", "kept_low", "kept_high"),
            "complete": float(np.isfinite(complete).mean()),
            **_dates(source, np.sort(complete)),
            **{f"in_time_{name}": at_least(np.sort(in_time), share) for name, share in CONFIDENCES.items()},
            "late_unit_days": float(late_days.mean()),
            "replications": len(kept),
        }
        for row, kept, complete, in_time, late_days in zip(demands.iter_rows(named=True), *parts, strict=True)
    ]
    return pl.DataFrame(rows, schema=STRESS_TABLES["promises"].empty().schema)


def commitment_odds(source: Source) -> pl.DataFrame:
    """Return the table `commitments`: how often as much is delivered as was promised."""
    values = source.rows("windows")
    rows = []
    for one in source.case.promises:
        given, complete = _followed(source, one, values)
        rows.append(
            {
                **{name: one.row[name] for name in ("commitment", "source", "item", "status", "due", "promised")},
                "planned": one.row["delivered"],
                **_odds(_reached(given, one.row["promised"]), "probability", "low", "high"),
                "mean": float(given.mean()),
                **{f"at_{name}": at_least(np.sort(given), share) for name, share in CONFIDENCES.items()},
                **_dates(source, np.sort(complete)),
                "replications": len(given),
            }
        )
    return pl.DataFrame(rows, schema=STRESS_TABLES["commitments"].empty().schema)


def _followed(source: Source, one: Provable, values: Iterator[Floats]) -> tuple[Floats, Floats]:
    """Return (replication,) units delivered in time, and seconds until as much as promised is; infinite for never."""
    given, complete = np.zeros(source.replications), np.full(source.replications, math.inf)
    buckets = source.case.buckets
    for bucket in range(one.first, buckets.count):
        now = next(values)
        given = now if bucket == one.last else given
        end = np.where(_reached(now, one.row["promised"]) > 0, float(buckets.edges[bucket + 1]), math.inf)
        complete = np.minimum(complete, end)
    return given, complete


def _reached(given: Floats, promised: float) -> Floats:
    return (given >= promised - FULL * max(promised, 1.0)).astype(np.float64)


def _odds(happened: Floats, share: str, low: str, high: str) -> dict[str, float]:
    count = round(float(happened.sum()))
    ends = wilson(count, len(happened))
    return {share: count / len(happened), low: ends[0], high: ends[1]}


def _dates(source: Source, complete: Floats) -> dict[str, Any]:
    """Return the first days by which all is delivered, and at which confidences there is none."""
    at = {name: at_most(complete, share) for name, share in CONFIDENCES.items()}
    never = [f"{name} %" for name, seconds in at.items() if math.isinf(seconds)]
    return {
        **{f"date_{name}": _day(source, seconds) for name, seconds in at.items()},
        "never": f"never within the horizon at {', '.join(never)}" if never else None,
    }


def _day(source: Source, seconds: float) -> datetime | None:
    return None if math.isinf(seconds) else source.case.buckets.moment(int(seconds))
