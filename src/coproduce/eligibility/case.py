"""What the rules may look at: the tables, the contract or fund in question, and the day of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..tables import Tables
from .origin import Origin


@dataclass(frozen=True)
class Case:
    """One subject of an evaluation.

    Attributes
    ----------
    tables : the checked programme
    contract : row of `contracts`; empty for a fund on its own
    fund : row of `funds` that the instrument is sought from; empty where none is declared
    origins : component cost by product configuration (name of the configuration to its origin)
    as_of : day on which the rules are applied
    """

    tables: Tables
    contract: Mapping[str, Any]
    fund: Mapping[str, Any]
    origins: Mapping[str, Origin]
    as_of: date
