"""The table `bands`: deliveries added up over time, as quantiles over all replications."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ...calendar import Floats
from ...stress.estimates import at_most
from ...tables import STRESS_TABLES
from .source import Source

_QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def bands(source: Source) -> pl.DataFrame:
    """Return the table, curve by curve and bucket by bucket."""
    case = source.case
    asked, planned = _asked(source), _planned(source)
    quiet, values = source.quiet("delivered").tolist(), source.rows("delivered")
    rows: list[dict[str, Any]] = []
    for curve, about in enumerate(case.curves):
        for bucket in range(case.buckets.count):
            own = np.sort(next(values))
            rows.append(
                {
                    "scope": about.scope,
                    "name": about.name,
                    "unit": about.unit,
                    "bucket": bucket,
                    "end": case.buckets.moment(int(case.buckets.edges[bucket + 1])),
                    "asked": asked[curve, bucket],
                    "planned": planned[curve, bucket],
                    "quiet": quiet[len(rows)],
                    "mean": float(own.mean()),
                    **{name: at_most(own, share) for name, share in _QUANTILES.items()},
                    "replications": len(own),
                }
            )
    return pl.DataFrame(rows, schema=STRESS_TABLES["bands"].empty().schema)


def _asked(source: Source) -> Floats:
    """Return (curve, bucket) units due by the end of the bucket; what is overdue is due in the first."""
    case, demands = source.case, source.case.tables["demands"]
    due = case.buckets.bucket_of(case.buckets.seconds_of(demands["due"], 0))
    by_bucket = np.zeros((len(demands), case.buckets.count))
    by_bucket[np.arange(len(demands)), np.clip(due, 0, case.buckets.count - 1)] = demands["quantity"].to_numpy()
    return np.cumsum(case.members.astype(np.float64) @ by_bucket, axis=1)


def _planned(source: Source) -> Floats:
    """Return (curve, bucket) units that the plan delivers by the end of the bucket."""
    case, demands = source.case, source.case.tables["demands"]
    row = {name: number for number, name in enumerate(demands["demand"].to_list())}
    by_bucket = np.zeros((len(demands), case.buckets.count))
    deliveries = case.frames["deliveries"].select("demand", "bucket", "quantity")
    for demand, bucket, quantity in deliveries.iter_rows():
        by_bucket[row[demand], bucket] += quantity
    return np.cumsum(case.members.astype(np.float64) @ by_bucket, axis=1)
