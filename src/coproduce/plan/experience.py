"""The columns and rows of cumulative runs, segment by segment, that learned loads need.

With x[k, t] the runs of segment k started in bucket t, d[k, t] those up to its end, w[k] the width of the segment and
z[k, t] whether it is full:

    run[t] = sum of x[k, t] over k,    d[k, t] = d[k, t-1] + x[k, t],    w[k] z[k, t] <= d[k, t] <= w[k] z[k-1, t].

This is the incremental formulation of a piecewise-linear function, whose relaxation is the convex hull of one bucket
(Markowitz and Manne 1957, doi:10.2307/1907744).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..block import Columns, Rows, Terms
from ..calendar import Floats, Ints
from ..network import Bools, Network
from .curves import Curves

LEARNED, EXPERIENCE, FULL = "learned", "experience", "segment_full"


def learned_terms(network: Network, runs: Columns) -> Sequence[Terms]:
    """Return what runs add to the rows that share them out to segments; nothing where no process learns."""
    if not len(network.learning.load):
        return []
    at = np.flatnonzero(np.isin(runs.entity, network.learning.process))
    return [Terms("run", "learned_runs", "learned", runs.entity[at], runs.bucket[at], at, np.ones(len(at)))]


def declare_segments(known: Curves, allowed: Bools, cost: Floats) -> list[Columns]:
    """Return x, d and z.

    Parameters
    ----------
    allowed : (process, bucket) where there are runs
    cost : (segment, bucket) of one run, beside what runs cost anyway
    """
    segment, bucket = np.nonzero(allowed[known.process])
    since, when = np.nonzero(np.logical_or.accumulate(allowed, axis=1)[known.process])
    inner = ~known.last[since]

    def columns(kind: str, entity: Ints, at: Ints, *, whole: bool = False) -> Columns:
        upper = np.ones(len(entity)) if whole else known.width[entity]
        return Columns(kind, entity, at, np.zeros(len(entity)), upper, integer=whole)

    learned = columns(LEARNED, segment, bucket)
    return [
        Columns(**{**vars(learned), "stages": {"cost": cost[segment, bucket]}}),
        columns(EXPERIENCE, since, when),
        columns(FULL, since[inner], when[inner], whole=True),
    ]


def segment_rows(
    known: Curves, shape: tuple[int, int], parts: tuple[Columns, Columns, Columns]
) -> tuple[list[Terms], list[Rows]]:
    """Return the rows above, of all buckets, with their terms but for those of runs; `shape` is (process, bucket)."""
    learned, experience, full = parts
    every, each, all_full = (np.arange(len(part)) for part in parts)
    count = shape[1]
    on = np.flatnonzero(experience.bucket < count - 1)
    first = np.append(True, known.last[:-1]) if len(known.last) else known.last
    inner, later = np.flatnonzero(~known.last[experience.entity]), np.flatnonzero(~first[experience.entity])

    def terms(part: Columns, group: str, which: Ints, value: Floats, entity: Ints, bucket: Ints) -> Terms:
        return Terms(part.kind, group, "learned", entity[which], bucket[which], which, value)

    own = learned.entity, learned.bucket
    state = experience.entity, experience.bucket
    switch = full.entity, full.bucket
    next_width = known.width[full.entity + 1]
    built = [
        terms(learned, "learned_runs", every, -np.ones(len(every)), known.process[learned.entity], learned.bucket),
        terms(learned, "experience", every, -np.ones(len(every)), *own),
        terms(experience, "experience", each, np.ones(len(each)), *state),
        terms(experience, "experience", on, -np.ones(len(on)), experience.entity, experience.bucket + 1),
        terms(experience, "segment_least", inner, np.ones(len(inner)), *state),
        terms(full, "segment_least", all_full, -known.width[full.entity], *switch),
        terms(experience, "segment_most", later, np.ones(len(later)), *state),
        terms(full, "segment_most", all_full, -next_width, full.entity + 1, full.bucket),
    ]
    segments = (len(known.process), count)
    learns = np.isin(np.arange(shape[0]), known.process)
    equal, none, endless = np.where(learns, 0.0, np.inf)[:, None], np.zeros(segments), np.full(segments, np.inf)
    return built, [
        Rows("learned_runs", np.broadcast_to(-equal, shape), np.broadcast_to(equal, shape)),
        Rows("experience", none, none),
        Rows("segment_least", np.where(known.last[:, None], -endless, none), endless),
        Rows("segment_most", -endless, np.where(first[:, None], endless, none)),
    ]
