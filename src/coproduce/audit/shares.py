"""How what begins in one bucket is shared out over later ones: lead times, rounded lead times and loads.

Every function takes pairs of a bucket and a delay, and gives a `Shares`: for each pair the buckets that it
reaches, inside the horizon, and the share of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .arrays import Bools, Floats, Ints, spans, total
from .clock import Clock

BATCH = 1_000_000
"""Elements that are shared out at once: bounds the memory of the replay."""


@dataclass(frozen=True)
class Shares:
    """What each of a list of pairs sends where.

    Attributes
    ----------
    pair : (entries,) position of the pair, rising
    bucket : (entries,) bucket reached
    share : (entries,) share of the pair's quantity that falls there
    pairs : number of pairs
    """

    pair: Ints
    bucket: Ints
    share: Floats
    pairs: int

    def inside(self) -> Floats:
        """(pairs,) share that falls inside the horizon at all."""
        return total(self.pairs, self.pair, self.share)

    def spread(self, pair: Ints) -> tuple[Ints, Ints, Floats]:
        """Apply the shares to events.

        Parameters
        ----------
        pair : (events,) the pair that each event follows

        Returns
        -------
        event, bucket, share : one element per event and bucket that it reaches
        """
        counts = np.bincount(self.pair, minlength=self.pairs)
        first = np.cumsum(counts) - counts
        event, rank = spans(counts[pair].astype(np.int64))
        entry = first[pair[event]] + rank
        bucket: Ints = self.bucket[entry]
        return event, bucket, self.share[entry]


def batches(clock: Clock, begin: Ints, end: Ints) -> Iterator[slice]:
    """Cut events that reach the intervals [begin, end) into stretches that reach about `BATCH` buckets each."""
    reached = np.minimum(clock.bucket(end), clock.count) - np.maximum(clock.bucket(begin), 0) + 1
    stretch = np.cumsum(np.maximum(reached, 0)) // BATCH
    cuts = [0, *(np.flatnonzero(np.diff(stretch)) + 1).tolist(), len(begin)]
    for first, until in pairwise(cuts):
        yield slice(first, until)


def _reached(clock: Clock, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """List for each interval [begin, end) of at least a second the buckets that it meets."""
    first = np.maximum(clock.bucket(begin), 0)
    last = np.minimum(clock.bucket(end - 1), clock.count - 1)
    pair, rank = spans(np.maximum(last - first + 1, 0))
    bucket: Ints = first[pair] + rank
    return pair, bucket


def _overlap(clock: Clock, begin: Ints, end: Ints, bucket: Ints) -> Ints:
    """Return the seconds that intervals have in common with buckets."""
    common: Ints = np.minimum(end, clock.edges[bucket + 1]) - np.maximum(begin, clock.edges[bucket])
    return np.maximum(common, 0)


def overlap_shares(clock: Clock, begin: Ints, end: Ints) -> Shares:
    """Share out quantities that fall evenly on [begin, end), or at `begin` where that is empty."""
    length = np.maximum(end - begin, 1)
    pair, bucket = _reached(clock, begin, begin + length)
    common = _overlap(clock, begin[pair], begin[pair] + length[pair], bucket)
    return Shares(pair, bucket, common / length[pair], len(begin))


def lead_shares(clock: Clock, bucket: Ints, lead: Ints) -> Shares:
    """Share out what leaves evenly over a bucket and arrives `lead` seconds later."""
    return overlap_shares(clock, clock.edges[bucket] + lead, clock.edges[bucket + 1] + lead)


def whole_shares(clock: Clock, bucket: Ints, lead: Ints, *, last: bool) -> Shares:
    """Put the whole quantity in the last or the first bucket that it reaches; after the horizon it leaves."""
    instant = clock.edges[bucket + 1] + lead - 1 if last else clock.edges[bucket] + lead
    there = clock.bucket(instant)
    inside = np.flatnonzero(there < clock.count)
    return Shares(inside, there[inside], np.ones(len(inside)), len(bucket))


def load_shares(clock: Clock, bucket: Ints, begin: Ints, end: Ints, together: Bools | None = None) -> Shares:
    """Share out loads that runs, started evenly over a bucket, spread over [s + begin, s + end).

    For one start `s` the share in a bucket is the overlap of its interval with the bucket. As a function of
    `s` the overlap is a broken line that bends where an end of the interval meets an end of the bucket; the
    trapezium rule between the bends integrates it exactly. An empty interval falls at `s + begin`. Runs of a lot
    (`together`) all start at the start of the bucket.
    """
    if together is not None and together.any():
        return _of_lots(clock, bucket, begin, end, together)
    start, stop, length = clock.edges[bucket], clock.edges[bucket + 1], end - begin
    pair, reached = _reached(clock, start + begin, stop + np.maximum(end, begin))
    empty = length[pair] <= 0
    share = np.empty(len(pair))
    at = pair[empty]
    share[empty] = _overlap(clock, start[at] + begin[at], stop[at] + begin[at], reached[empty]) / (stop - start)[at]
    at, there = pair[~empty], reached[~empty]
    area = _integrated_overlap(clock, start[at], stop[at], begin[at], end[at], there)
    share[~empty] = area / ((stop - start)[at] * length[at].astype(np.float64))
    return Shares(pair, reached, share, len(bucket))


def _of_lots(clock: Clock, bucket: Ints, begin: Ints, end: Ints, together: Bools) -> Shares:
    """Share out loads of which some are of lots."""
    lots, others = np.flatnonzero(together), np.flatnonzero(~together)
    start = clock.edges[bucket[lots]]
    parts = (
        (lots, overlap_shares(clock, start + begin[lots], start + np.maximum(end, begin)[lots])),
        (others, load_shares(clock, bucket[others], begin[others], end[others])),
    )
    pair = np.concatenate([at[shares.pair] for at, shares in parts])
    order = np.argsort(pair, kind="stable")
    there = np.concatenate([shares.bucket for _, shares in parts])
    share = np.concatenate([shares.share for _, shares in parts])
    return Shares(pair[order], there[order], share[order], len(bucket))


def _integrated_overlap(clock: Clock, start: Ints, stop: Ints, begin: Ints, end: Ints, bucket: Ints) -> Floats:
    """Integrate the overlap of [s + begin, s + end) with a bucket over s in [start, stop), in s²."""
    low, high = clock.edges[bucket], clock.edges[bucket + 1]
    bends = np.stack([start, low - begin, low - end, high - begin, high - end, stop])
    at = np.sort(np.clip(bends, start, stop), axis=0)
    overlap = np.maximum(np.minimum(at + end, high) - np.maximum(at + begin, low), 0)
    area: Floats = (np.diff(at, axis=0) * (overlap[:-1] + overlap[1:]) / 2.0).sum(axis=0)
    return area
