"""The table `recoveries`: for how long deliveries stay behind those without any risk, as the replications show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from ...calendar import Floats
from ...network import Bools
from ...stress.estimates import at_most, wilson
from ...stress.rows import FULL
from ...tables import STRESS_TABLES
from .source import Source

_SHARES = {"days_50": 0.5, "days_80": 0.8, "days_95": 0.95}


def recoveries(source: Source) -> pl.DataFrame:
    """Return the table, curve by curve, in the order of `bands`."""
    case = source.case
    edges = case.buckets.edges[1:] / 86_400.0
    quiet = source.quiet("delivered").reshape(-1, case.buckets.count)
    values = source.rows("delivered")
    rows: list[dict[str, Any]] = []
    for about, undisturbed in zip(case.curves, quiet, strict=True):
        spells, behind = _spells(source.replications, edges, undisturbed, values)
        names = {"scope": about.scope, "name": about.name, "unit": about.unit}
        rows.append({**names, **_summed_up(spells, behind)})
    return pl.DataFrame(rows, schema=STRESS_TABLES["recoveries"].empty().schema)


def _spells(count: int, ends: Floats, quiet: Floats, values: Iterator[Floats]) -> tuple[Floats, Bools]:
    """Return (replication,) days of the longest spell behind, and which are behind at the end of the horizon.

    Parameters
    ----------
    ends : (bucket,) days at which buckets end
    quiet : (bucket,) units delivered by then without any risk
    values : yields (replication,) units delivered by the end of each bucket
    """
    longest, since = np.zeros(count), np.full(count, np.inf)
    behind = np.zeros(count, dtype=bool)
    for end, least in zip(ends, quiet, strict=True):
        behind = np.asarray(next(values) < least - FULL * max(float(least), 1.0))
        longest = np.maximum(longest, np.where(np.isfinite(since), end - since, 0.0))
        since = np.where(behind, np.minimum(since, end), np.inf)
    return longest, behind


def _summed_up(spells: Floats, behind: Bools) -> dict[str, Any]:
    ever = np.asarray((spells > 0) | behind)
    count, known = int(ever.sum()), np.sort(spells[ever])
    ends = wilson(count, len(spells))
    return {
        "behind": count / len(spells),
        "behind_low": ends[0],
        "behind_high": ends[1],
        "caught_up": 1.0 - float(behind.mean()),
        **{name: at_most(known, share) if count else None for name, share in _SHARES.items()},
        "replications": len(spells),
    }
