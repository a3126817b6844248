"""What a rule is: its provision, when it holds, what it needs to know, and its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from .verdict import Finding

if TYPE_CHECKING:
    from .case import Case


Check: TypeAlias = "Callable[[Case], Finding]"


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
    ceiling : largest share of the component cost from outside the zone, where a plan can be held to it
    partners : whether components of countries with an agreement in force may count as if from inside the zone
    counts : whether its verdict counts for the contract as a whole; a definition or a way that others replace does not
    """

    rule: str
    instrument: str
    provision: str
    meaning: str
    scope: str
    needs: tuple[str, ...]
    check: Check
    start: date | None = None
    end: date | None = None
    verified: str = ""
    counts: bool = True
    ceiling: Fraction | None = None
    partners: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """A provision that is kept beside the rules as a fact or a date; nothing checks it.

    Attributes
    ----------
    rule, provision, meaning, verified : as of a rule
    value : the figures or dates in it
    """

    rule: str
    provision: str
    meaning: str
    value: str
    verified: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument: one file of rules.

    Attributes
    ----------
    instrument : one of `tables.funding.INSTRUMENTS`
    title, celex : regulation, and its number in EUR-Lex
    zone : countries inside, in words
    denominator : what the origin of components is divided by, in words
    rules : what is checked
    carried : what is kept beside
    """

    instrument: str
    title: str
    celex: str
    zone: str
    denominator: str
    rules: tuple[Rule, ...]
    carried: tuple[Carried, ...] = ()
