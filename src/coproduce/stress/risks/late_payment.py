"""A payment comes late: a record for whoever counts money; no quantity depends on it here."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "record"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return the times in which payments of the party are late."""
    return lasting(found.replication, found.start, found.end, target, factor=risk.severity or 0.0)
