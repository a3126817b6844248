"""One chunk of a long stress test: replications with fixed bounds, whoever carries them out and in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..calendar import Floats
from .attribution import attribute
from .events import none
from .losses import losses_of
from .rows import rows_of
from .run import counts_in
from .sampling import replications_of, sample
from .study import Study

CHUNK = 512
"""Replications of a chunk: fixed, so that a result depends neither on who carries it out nor on interruptions.

Few enough for two cores to share the thousand replications of a usual run.
"""


@dataclass(frozen=True)
class Chunk:
    """What the replications of a chunk leave behind.

    Attributes
    ----------
    rows : (row, replication) by `Study.layout`
    losses : (risk, 2, replication taken apart) late unit-days and undelivered units that each risk causes
    """

    rows: Floats
    losses: Floats


def chunk_bounds(replications: int, number: int) -> tuple[int, int]:
    """Return the first replication of a chunk, and how many it has."""
    first = number * CHUNK
    return first, min(CHUNK, replications - first)


def chunk_count(replications: int) -> int:
    """Return how many chunks a run has."""
    return -(-replications // CHUNK)


def taken_apart(study: Study, first: int, count: int) -> int:
    """Return how many of the replications of a chunk are taken apart, its first ones; spread evenly over chunks."""
    part, whole = study.taken_apart
    return (first + count) * part // whole - first * part // whole


def with_quiet(study: Study) -> Study:
    """Return a study with what a replication without any event leaves behind."""
    counts = counts_in(study.prepared, study.targets, study.timeline, none(), 0, 1)
    return replace(study, quiet=rows_of(study, counts)[:, 0])


def carry_out(study: Study, first: int, count: int) -> Chunk:
    """Carry out the replications of one chunk, and take the losses of the first of them apart."""
    events = sample(study.risks, study.seed, replications_of(first, count), study.timeline)
    counts = counts_in(study.prepared, study.targets, study.timeline, events, first, count)
    rows, risks = rows_of(study, counts), len(study.risks.risks)
    happened = np.bincount(events.target * count + events.replication - first, minlength=risks * count)
    rows[study.layout["events"]] = happened.reshape(risks, count)
    return Chunk(rows, attribute(study, events, first, losses_of(counts)[:, : taken_apart(study, first, count)]))
