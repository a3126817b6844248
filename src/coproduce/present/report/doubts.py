"""Warnings about the input, with the cells they name."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import Problem
from .sheet import Field, Sheet, first

FIELDS = (
    Field("Code"),
    Field("Severity"),
    Field("Place"),
    Field("What"),
    Field("Seen"),
    Field("Expected"),
    Field("Hint"),
)


def sheet(problems: Sequence[Problem]) -> Sheet:
    """Make the table of warnings in the order in which they were found."""
    rows = [
        (one.code, one.severity.value, str(one.origin), one.message, one.seen, one.expected, one.hint)
        for one in problems
    ]
    kept, note = first(rows, 2_000, "warnings")
    return Sheet("Warnings", FIELDS, kept, note)
