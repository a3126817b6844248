"""The stages of the optimisation: value, proven bound, gap."""

from __future__ import annotations

import polars as pl

from ..words.names import STAGE_STATUS_WORDS, stage_words, unit_words
from .sheet import Field, Sheet

FIELDS = (
    Field("Stage"),
    Field("Value", "number"),
    Field("Proven bound", "number"),
    Field("Unit"),
    Field("Gap", "share"),
    Field("Seconds", "number", "s"),
    Field("Status"),
)


def sheet(tiers: pl.DataFrame) -> Sheet:
    """Make the table of stages in the order in which they were solved."""
    rows = [
        (
            stage_words(row["stage"]),
            row["value"],
            row["bound"],
            unit_words(row["unit"]),
            row["gap"],
            row["seconds"],
            STAGE_STATUS_WORDS.get(row["status"], row["status"]),
        )
        for row in tiers.iter_rows(named=True)
    ]
    return Sheet("Stages", FIELDS, rows)
