"""Damage to a site or resource, whose capacity comes back little by little unless the row says otherwise."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "capacity"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return damage that leaves `severity` of the capacity at first."""
    gradual = risk.recovery != "step"
    factor = risk.severity or 0.0
    return lasting(found.replication, found.start, found.end, target, factor=factor, gradual=gradual)
