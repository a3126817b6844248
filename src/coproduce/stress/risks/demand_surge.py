"""A surge of demand: what is asked for in the meantime is multiplied."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "asked"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return times in which `severity` times the usual quantity is asked for."""
    gradual = risk.recovery == "gradual"
    factor = risk.severity or 0.0
    return lasting(found.replication, found.start, found.end, target, factor=factor, gradual=gradual)
