"""Which countries are inside for an instrument; each instrument names its own zone, none borrows another's."""

from __future__ import annotations

EU = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
"""Member States of the Union since 2020-02-01 (27)."""

EEA_EFTA = frozenset({"IS", "LI", "NO"})
"""EFTA States that are parties to the Agreement on the European Economic Area; Switzerland is not."""

UKRAINE = frozenset({"UA"})
