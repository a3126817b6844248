"""Piecewise-linear cumulative loads of processes that learn: few segments, with a stated error against Wright's law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..block import Columns
from ..calendar import Floats, Ints
from ..compile.learning import Law, laws
from ..network import Bools, Network
from ..reach import reach
from .ranges import SMALLEST_SHARE, ranges

# The cumulative load since the start of the horizon is off by at most this share, within what the horizon can reach.
ERROR = 0.01
# A curve that would need more segments for that gets a larger error, which is stated.
SEGMENTS = 12
# Points at which the error of a segment is measured.
SAMPLES = 400


@dataclass(frozen=True)
class Curves:
    """Segments of cumulative runs in the order of processes, then runs.

    Attributes
    ----------
    process : (segment,)
    begin, until : (segment,) cumulative runs; the last segment of a process goes on beyond its end
    width : (segment,) runs that fit; of a last segment, the most that the buckets of the horizon could hold
    last : (segment,) whether it is the last of its process
    line, segment, load : (line,) what a run in a segment takes of a resource, by number of the learned load
    error : (learned load,) largest relative error of the load since the start, up to the end of the last segment
    """

    process: Ints
    begin: Floats
    until: Floats
    width: Floats
    last: Bools
    line: Ints
    segment: Ints
    load: Floats
    error: Floats


@dataclass(frozen=True)
class _Curve:
    """The curve of one process: where it breaks, the most runs it must hold, and the loads on it, (load, segment)."""

    process: int
    points: Floats
    room: float
    learned: Ints
    load: Floats
    error: Floats

    @property
    def size(self) -> int:
        """Number of segments."""
        return len(self.points) - 1

    @property
    def width(self) -> Floats:
        """(segment,) runs that fit."""
        widths: Floats = np.diff(self.points)
        widths[-1] = self.points[0] + self.room - self.points[-2]
        return widths


def curves(network: Network) -> Curves:
    """Return the segments of all processes that learn; they depend on the network alone."""
    parts = _parts(network)
    sizes = np.array([part.size for part in parts], dtype=np.int64)
    first = np.cumsum(sizes) - sizes
    error = np.zeros(len(network.learning.load))
    for part in parts:
        error[part.learned] = part.error
    each = [(part, int(at), one) for part, at in zip(parts, first, strict=True) for one in range(len(part.learned))]
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Curves(
        process=np.repeat(np.array([part.process for part in parts], dtype=np.int64), sizes),
        begin=np.concatenate([nothing, *(part.points[:-1] for part in parts)]),
        until=np.concatenate([nothing, *(part.points[1:] for part in parts)]),
        width=np.concatenate([nothing, *(part.width for part in parts)]),
        last=np.isin(np.arange(sizes.sum()), first + sizes - 1),
        line=np.concatenate([none, *(np.full(part.size, part.learned[one]) for part, _, one in each)]),
        segment=np.concatenate([none, *(at + np.arange(part.size) for part, at, _ in each)]),
        load=np.concatenate([nothing, *(part.load[one] for part, _, one in each)]),
        error=error,
    )


def _parts(network: Network) -> list[_Curve]:
    """Return the curve of every process that learns."""
    learning = network.learning
    if not len(learning.load):
        return []
    every = laws(learning)
    useful, room = _reachable(network)
    found = []
    for process in np.unique(learning.process).tolist():
        own = np.flatnonzero(learning.process == process).astype(np.int64)
        before, chosen = float(learning.before[own[0]]), [every[one] for one in own]
        points = break_points(chosen, before, before + float(useful[process]))
        load = np.array([np.diff(law.cumulative(points)) / np.diff(points) for law in chosen])
        error = np.array([relative_error(law, points) for law in chosen])
        found.append(_Curve(process, points, float(room[process]), own, load, error))
    return found


def break_points(own: list[Law], begin: float, end: float) -> Floats:
    """Return cumulative runs at which the curves of a process break: as few as the error allows."""
    error = ERROR
    while True:
        points = [begin]
        while points[-1] < end:
            points.append(_furthest(own, points, end, error))
        if len(points) - 1 <= SEGMENTS:
            return np.array(points)
        error *= 1.25


def _furthest(own: list[Law], points: list[float], end: float, error: float) -> float:
    """Return the last whole number of runs, or the end, that a chord from the last point reaches with the error."""
    low, high = np.floor(points[-1]) + 1, np.ceil(end)
    while low < high:
        middle = np.ceil((low + high) / 2)
        fits = all(_error(law, points[0], points[-1], min(middle, end)) <= error for law in own)
        low, high = (middle, high) if fits else (low, middle - 1)
    return float(min(low, end))


def _error(law: Law, start: float, begin: float, until: float) -> float:
    """Return the largest relative error of a chord, by the load since `start`; the chord is below the curve."""
    first, last = np.floor(begin) + 1, np.ceil(until) - 1
    if last < first:
        return 0.0
    at = np.unique(np.rint(np.geomspace(first, last, SAMPLES)))
    ends = law.cumulative(np.array([begin, until]))
    exact = law.cumulative(at)
    chord = ends[0] + (ends[1] - ends[0]) * (at - begin) / (until - begin)
    return float(((exact - chord) / (exact - law.cumulative(np.array([start])))).max())


def relative_error(law: Law, points: Floats) -> float:
    """Return the largest error of a curve against the law, relative to the load since the first point."""
    pairs = zip(points[:-1].tolist(), points[1:].tolist(), strict=True)
    return max(_error(law, float(points[0]), begin, until) for begin, until in pairs)


def _reachable(network: Network) -> tuple[Floats, Floats]:
    """Return (process,) the runs that can be of use in the horizon, and the most that its buckets could hold."""
    known = ranges(network)
    room = np.maximum(known.run.sum(axis=1), 1.0)
    useful = np.minimum(np.where(np.isfinite(known.needed), known.needed, room), _by_hours(network))
    return np.clip(useful, 1e-3, room), room


def _by_hours(network: Network) -> Floats:
    """Return (process,) the most runs whose learned loads fit all that resources have left in the horizon."""
    resources, learning, can = network.resources, network.learning, reach(network).run
    most = np.full(len(network.processes.site), np.inf)
    left = np.maximum(resources.amount - resources.firm, 0.0).sum(axis=1)
    for one, law in enumerate(laws(learning)):
        load, process = int(learning.load[one]), int(learning.process[one])
        inside = _inside(network, int(resources.load_pattern[load]))[can[process]].min(initial=1.0)
        if inside > SMALLEST_SHARE:
            hours = left[resources.load_resource[load]] / inside
            most[process] = min(most[process], _runs_within(law, float(learning.before[one]), float(hours)))
    return most


def _inside(network: Network, pattern: int) -> Floats:
    """Return (bucket,) the share of a load, of runs started there, that falls inside the horizon."""
    patterns, count = network.resources.patterns, network.timeline.count
    start = patterns.start[pattern * count : (pattern + 1) * count + 1]
    total = np.concatenate([[0.0], np.cumsum(patterns.share)])
    inside: Floats = total[start[1:]] - total[start[:-1]]
    return inside


def _runs_within(law: Law, before: float, hours: float) -> float:
    """Return how many runs after `before` take so much together, rounded up to a whole number."""
    low, high = 0.0, 1.0
    base = law.cumulative(np.array([before]))[0]

    def taken(runs: float) -> float:
        return float(law.cumulative(np.array([before + runs]))[0] - base)

    while taken(high) < hours and high < 1e12:
        low, high = high, high * 2
    while high - low > 1:
        middle = float(np.ceil((low + high) / 2))
        low, high = (middle, high) if taken(middle) < hours else (low, middle)
    return high


def runs_started(network: Network, columns: Columns, values: Floats) -> Floats:
    """Return (process, bucket) the runs of a plan, from its columns and their values."""
    result = np.zeros(network.processes.amount.shape)
    result[columns.entity, columns.bucket] = values
    return result


def taken(network: Network, known: Curves, runs: Floats) -> Floats:
    """Return (learned load, bucket) what cumulative runs have taken since the start, by the curves."""
    result = np.zeros(runs.shape)
    for one in range(len(network.learning.load)):
        own = known.segment[known.line == one]
        fits = np.where(known.last[own], np.inf, known.until[own] - known.begin[own])
        inside = np.clip(runs[one][:, None] - known.begin[own], 0.0, fits)
        result[one] = (inside * known.load[known.line == one]).sum(axis=1)
    return result
