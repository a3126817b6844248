"""Power cuts: a zone or site keeps a share of its power (the duty factor), or what its backup gives."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "power"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return outages that leave `severity` of the power."""
    gradual = risk.recovery == "gradual"
    factor = risk.severity or 0.0
    return lasting(found.replication, found.start, found.end, target, factor=factor, gradual=gradual)
