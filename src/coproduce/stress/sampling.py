"""All risks of a programme with their targets, and the events that they give in chosen replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..calendar import DAY, Ints, Timeline
from ..network import Network
from ..tables import Tables
from .events import Drill, Events, drilled
from .kinds import kinds
from .occurrences import Risk, occurrences
from .targets import Finder, Reached, Targets


@dataclass(frozen=True)
class Risks:
    """Risks and drills; the targets are those of the risks, then those of the drills.

    Attributes
    ----------
    reached : channels of each target
    """

    risks: tuple[Risk, ...] = ()
    drills: tuple[Drill, ...] = ()
    reached: tuple[Reached, ...] = ()

    @property
    def longest_delay(self) -> int:
        """Longest delay of any event in seconds."""
        days = [risk.delay_days or 0.0 for risk in self.risks] + [drill.delay_days for drill in self.drills]
        return round(max(days, default=0.0) * DAY)

    def targets(self) -> Targets:
        """Return the targets with numbered channels."""
        return Targets.number(self.reached)

    def without(self, *names: str) -> Risks:
        """Return the risks without some of them or without a shared cause: all others keep their luck."""
        kept = [i for i, risk in enumerate(self.risks) if risk.risk not in names and risk.cause not in names]
        reached = [self.reached[i] for i in kept] + list(self.reached[len(self.risks) :])
        return Risks(tuple(self.risks[i] for i in kept), self.drills, tuple(reached))


def read_risks(tables: Tables, network: Network, drills: Sequence[Drill] = ()) -> Risks:
    """Read the table `risks` and find what each of them, and each drill, reaches.

    Parameters
    ----------
    network : the programme, on buckets or periods
    """
    finder = Finder(tables, network)
    risks = tuple(Risk.of(row) for row in tables["risks"].iter_rows(named=True))
    effects = [kinds()[risk.kind].EFFECT for risk in risks]
    reached = [
        finder.reached(effect, risk.target_table, risk.target) for effect, risk in zip(effects, risks, strict=True)
    ]
    reached += [finder.drilled(drill.table, drill.target, drill.factor, drill.delay_days) for drill in drills]
    return Risks(risks, tuple(drills), tuple(reached))


def sample(risks: Risks, seed: int, replications: Ints, timeline: Timeline) -> Events:
    """Return the events of some replications, ordered by replication and start."""
    parts = [
        kinds()[risk.kind].events(risk, occurrences(risk, seed, replications, timeline), target)
        for target, risk in enumerate(risks.risks)
    ]
    if risks.drills:
        numbers = range(len(risks.risks), len(risks.risks) + len(risks.drills))
        parts.append(drilled(risks.drills, numbers, replications))
    return Events.join(parts)


def replications_of(first: int, count: int) -> Ints:
    """Return the numbers of replications."""
    return np.arange(first, first + count, dtype=np.int64)
