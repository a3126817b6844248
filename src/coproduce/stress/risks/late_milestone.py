"""A milestone slips: what it opens stays closed from its date on for as long as it is late."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "capacity"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return slips: from `date` on, for the duration, `severity` of the target may be used."""
    return lasting(found.replication, found.start, found.end, target, factor=risk.severity or 0.0)
