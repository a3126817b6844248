"""Loss of yield: of what a process, or every process of a site or for an item, gives, a share is good."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "output"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return times in which `severity` of the usual output is good."""
    gradual = risk.recovery == "gradual"
    factor = risk.severity or 0.0
    return lasting(found.replication, found.start, found.end, target, factor=factor, gradual=gradual)
