"""Dates of milestones: a forward pass over those whose dates nobody has to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
import polars as pl

from ..calendar import NEVER, Ints, Timeline
from ..growth import Bools
from ..tables import Tables
from ..tables.keys import listed
from .index import floats, seconds_of_days


@dataclass(frozen=True)
class Dated:
    """Milestones with their dates, seconds since the start; NEVER for decided ones.

    Attributes
    ----------
    begin, reached : (milestone,) NEVER for decided ones; a fixed one has no beginning but the day itself
    not_before : (milestone,) first instant at which it may begin, as far as dates are known
    """

    number: Mapping[str, int]
    begin: Ints
    reached: Ints
    decided: Bools
    duration: Ints
    not_before: Ints

    def listed(self, cell: str | None) -> list[int]:
        """Return the milestones that a cell lists."""
        return [self.number[name] for name in listed(cell)]


def dated(tables: Tables, timeline: Timeline) -> Dated:
    """Return the dates of all milestones that are fixed or determined.

    Raises
    ------
    graphlib.CycleError
        if milestones wait for each other; the checks report that first.
    """
    frame = tables["milestones"]
    number = {name: at for at, name in enumerate(frame["milestone"])}
    before = {at: [number[name] for name in listed(cell)] for at, cell in enumerate(frame["after"])}
    loads = tables["milestone_loads"]
    loaded = set(loads.filter(pl.col("quantity") > 0)["milestone"])
    fixed = timeline.seconds_of(frame["reached"], NEVER)
    earliest = np.maximum(timeline.seconds_of(frame["earliest"], 0), 0)
    duration = seconds_of_days(floats(frame["duration_days"], 0.0))
    decided = np.array(
        [
            name in loaded or option is not None
            for name, option in zip(frame["milestone"], frame["option"], strict=True)
        ],
        dtype=bool,
    ) & (fixed == NEVER)
    begin, reached, not_before = fixed.copy(), fixed.copy(), earliest.copy()
    for at in TopologicalSorter(before).static_order():
        if fixed[at] != NEVER:
            continue
        decided[at] |= any(decided[a] for a in before[at])
        not_before[at] = max([int(earliest[at]), *(int(reached[a]) for a in before[at] if not decided[a])])
        if not decided[at]:
            begin[at], reached[at] = not_before[at], not_before[at] + duration[at]
    return Dated(number, begin, reached, decided, duration, not_before)
