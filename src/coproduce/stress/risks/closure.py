"""Closure of a lane, or of all lanes over a border."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "capacity"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return closures that leave `severity` of the capacity."""
    gradual = risk.recovery == "gradual"
    factor = risk.severity or 0.0
    return lasting(found.replication, found.start, found.end, target, factor=factor, gradual=gradual)
