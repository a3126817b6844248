"""The columns that say what steps in for what in the stress test; the same for processes, supplies and lanes."""

from __future__ import annotations

import dataframely as dy

from .columns import integer, number


def fallback_rank() -> dy.Int64:
    """Declare the rank of a stand-in."""
    return integer(
        "Rank as a stand-in (stress test): does what those of a lower rank with the same output fail to do",
        minimum=1,
    )


def detection_days() -> dy.Float64:
    """Declare the time until a failure is noticed."""
    return number(
        "Days until the failure is noticed and the stand-in called (stress test)", "days", minimum=0, default=0.0
    )


def switch_days() -> dy.Float64:
    """Declare the time until the stand-in can begin."""
    return number("Days from the call until the stand-in can begin (stress test)", "days", minimum=0, default=0.0)
