"""Which countries are inside for an instrument, as the rules name them; the lists stand in `tables.zones`."""

from __future__ import annotations

from ..tables.zones import EEA_EFTA, EU, ORIGIN_ZONES, UKRAINE

__all__ = ["EEA_EFTA", "EU", "ORIGIN_ZONES", "UKRAINE"]
