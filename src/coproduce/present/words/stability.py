"""Puts into words what a plan does otherwise than its baseline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .formats import day, money

KINDS = {"run": "Runs", "order": "Orders", "shipment": "Shipments", "delivery": "Deliveries"}
TABLES = {"run": "processes", "order": "supplies", "shipment": "lanes", "delivery": "demands"}


def sentence(figures: Mapping[str, Any] | None, currency: str) -> str:
    """Say how many rows of the baseline are changed, and what is frozen; nothing without a baseline."""
    if not figures:
        return ""
    frozen = figures["frozen_until"]
    until = f"; frozen until {day(datetime.fromisoformat(frozen))}" if frozen else ""
    if not figures["changes"]:
        return f"Nothing differs from the baseline{until}."
    parts = ", ".join(f"{count:,} of {KINDS[kind].lower()}" for kind, count in figures["by_kind"].items() if count)
    late = f"; {figures['behind']:,} demands behind what was promised" if figures["behind"] else ""
    cost = money(figures["cost"], currency)
    return f"{figures['changes']:,} changes of the baseline: {parts}{late}, cost {cost}{until}."
