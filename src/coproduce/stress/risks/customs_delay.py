"""Delays at a border, on a lane or of an offer: what leaves meanwhile arrives later, nothing is lost."""

from __future__ import annotations

from ...calendar import DAY
from ..events import Events, lasting
from ..occurrences import Occurrences, Risk

EFFECT = "delay"


def events(risk: Risk, found: Occurrences, target: int) -> Events:
    """Return times in which what leaves takes `delay_days` longer."""
    delay = round((risk.delay_days or 0.0) * DAY)
    return lasting(found.replication, found.start, found.end, target, delay=delay)
