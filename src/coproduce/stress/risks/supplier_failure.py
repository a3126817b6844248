"""Failure of a supplier: of one offer, of all offers of a party, or of all offers of an item."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "supply"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return failures that leave `severity` of what may be ordered."""
    gradual = risk.recovery == "gradual"
    factor = risk.severity or 0.0
    return lasting(found.replication, found.start, found.end, target, factor=factor, gradual=gradual)
