"""The column that says how long a site, supplier, lane or border takes to come back."""

from __future__ import annotations

import dataframely as dy

from .columns import number


def recovery_days() -> dy.Float64:
    """Declare the time to recover."""
    return number(
        "Days until it works again after it is lost altogether (time to recover); compared with the time to survive, "
        "empty: unknown",
        "days",
        minimum=0,
    )
