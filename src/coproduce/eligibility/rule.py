"""What a rule is: its provision, when it holds, what it needs to know, and its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .verdict import Finding

if TYPE_CHECKING:
    from .case import Case


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an instrument.

    Attributes
    ----------
    rule : id, as SAFE-18
    instrument : one of `tables.funding.INSTRUMENTS`
    provision : article of the regulation
    meaning : what it asks, in our words
    scope : what it is evaluated on: a contract, a fund, or each product configuration of a contract
    needs : table.column of the facts that it reads
    check : the check; pure
    start, end : first day on which it holds and first day on which it no longer does; None: no limit
    verified : what of the wording was looked up, and where; what could not be
    """

    rule: str
    instrument: str
    provision: str
    meaning: str
    scope: str
    needs: tuple[str, ...]
    check: Callable[[Case], Finding]
    start: date | None = None
    end: date | None = None
    verified: str = ""
