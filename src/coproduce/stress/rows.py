"""What each replication leaves behind of a long stress test: the rows that answers are made from."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats, Timeline
from ..network import Bools
from .state import Counts
from .study import Study

FULL = 1e-6
"""Less than this part of what is asked, or of one unit, is rounding."""


def rows_of(study: Study, counts: Counts) -> Floats:
    """Return what each replication leaves behind.

    `delivered` (curve x bucket): units delivered by the end of the bucket; `windows`: units delivered in each;
    `in_time`, `kept` (0 or 1), `complete` (seconds until all is delivered, infinite for never), `late_days` by
    demand; `alpha`, `beta`, `gamma`, `late` (unit-days) and `undelivered` (units) by tier, the last row for all;
    `events` by risk, left at 0.
    """
    part, rows = study.layout, np.zeros((study.height, counts.asked.shape[-1]))
    by_scope = study.scopes.sums(counts.by_group)
    rows[part["delivered"]] = by_scope[: study.curves].cumsum(axis=1).reshape(-1, rows.shape[1])
    for row, window in enumerate(study.windows, start=part["windows"].start):
        rows[row] = by_scope[window.scope, window.first : window.last + 1].sum(axis=0)
    kept, missing = _kept(counts.in_time, counts.asked), np.maximum(counts.asked - counts.delivered, 0.0)
    rows[part["in_time"]], rows[part["kept"]] = counts.in_time, kept
    rows[part["complete"]] = _completed(study.timeline, counts)
    rows[part["late_days"]] = counts.late_days
    asked, late = _by_tier(study, counts.asked), _by_tier(study, counts.late_days)
    size = _by_tier(study, np.ones_like(counts.asked))
    rows[part["alpha"]] = _ratio(_by_tier(study, kept.astype(np.float64)), size)
    rows[part["beta"]] = _ratio(_by_tier(study, counts.in_time), asked)
    rows[part["gamma"]] = 1.0 - _ratio(late, asked * study.timeline.days.sum(), empty=0.0)
    rows[part["late"]], rows[part["undelivered"]] = late, _by_tier(study, missing)
    return rows


def _kept(delivered: Floats, asked: Floats) -> Bools:
    return np.asarray(delivered >= asked - FULL * np.maximum(asked, 1.0))


def _completed(timeline: Timeline, counts: Counts) -> Floats:
    """Return (demand, replication) the end of the period of the last delivery, where all is delivered."""
    ends = timeline.edges[counts.last + 1].astype(np.float64)
    return np.where(_kept(counts.delivered, counts.asked), ends, np.inf)


def _by_tier(study: Study, values: Floats) -> Floats:
    """Return (tier + 1, replication) sums over the demands of each tier, and over all tiers."""
    tiers = [values[study.tier == tier].sum(axis=0) for tier in range(study.tiers)]
    return np.stack([*tiers, np.sum(tiers, axis=0)]) if tiers else np.zeros((1, values.shape[1]))


def _ratio(part: Floats, whole: Floats, empty: float = 1.0) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), empty)
