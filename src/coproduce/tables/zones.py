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

ORIGIN_ZONES = {
    "SAFE": EU | EEA_EFTA | UKRAINE,
    "USL": EU | EEA_EFTA | UKRAINE,
    "EDIP": EU | EEA_EFTA,
    "USI": EU | UKRAINE,
    "EDIRPA": EU | EEA_EFTA,
}
"""Where components are inside, by instrument that limits their origin: Regulation (EU) 2025/1106, Art 16(10); (EU)
2026/467, Art 13(4)(g); (EU) 2025/2643, Art 10(3) (the Union and associated countries, for which the EEA EFTA States
stand) and Art 27(3); (EU) 2023/2418, Art 9(12) (likewise)."""
