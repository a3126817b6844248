"""What a planning run hands to whoever shows it: input tables, result tables, summary, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ..errors import Problem
from ..tables import Tables


@dataclass(frozen=True)
class PlanResult:
    """An audited plan in the form of tables.

    Attributes
    ----------
    tables : the checked input
    frames : one frame per table declared in `tables.results`, by name
    summary : the content of `summary.json`
    problems : warnings about the input
    """

    tables: Tables
    frames: Mapping[str, pl.DataFrame]
    summary: Mapping[str, Any]
    problems: tuple[Problem, ...]
