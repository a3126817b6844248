"""A partner leaves: its sites stop and its offers end, for good unless a duration is given."""

from __future__ import annotations

from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "capacity"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return withdrawals that leave `severity` of the party's sites and offers."""
    gradual = risk.recovery == "gradual"
    factor = risk.severity or 0.0
    return lasting(found.replication, found.start, found.end, target, factor=factor, gradual=gradual)
