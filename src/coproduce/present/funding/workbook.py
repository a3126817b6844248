"""Contracts and funds as an Excel workbook: a cover, and a sheet for each table."""

from __future__ import annotations

from ...results.funding import FundingResult
from ..workbook import plain
from .screen import NO_ADVICE
from .sheets import grids


def render(result: FundingResult) -> bytes:
    """Return the workbook as bytes; the same result gives the same bytes."""
    facts = [("Rules applied as of", result.summary["as_of"]), ("Origin of components", result.summary["origin"])]
    return plain.render("Contracts and funds", result.summary["name"], facts, NO_ADVICE, grids(result).values())
