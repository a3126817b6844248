"""What a rule finds: met, failed or unknown, how far from its limit, and the rows that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The three answers, and one for rules that do not apply."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Row:
    """A cell of the input that a finding rests on.

    Attributes
    ----------
    table, key, column : the cell; parts of a key are joined by /
    said : what stands there, as text; empty where the cell is
    """

    table: str
    key: str
    column: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule finds about one subject.

    Attributes
    ----------
    verdict : the answer
    facts : the facts in words, with their rows' values
    arithmetic : the sum that was done, in words; empty where nothing was computed
    missing : facts that are not known and would decide; empty unless the verdict is unknown
    rows : cells that it rests on
    value, limit : what was computed and its limit, in `unit`; None where the rule has no figure
    margin : how far inside the limit, in `unit`; negative outside
    margin_money : the same in the programme's currency; None where that has no meaning
    unit : share, days, years, parties, requests/year, currency
    coverage : share of the component cost with declared origin; None for rules that do not need origin
    """

    verdict: Verdict
    facts: str
    arithmetic: str = ""
    missing: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    value: float | None = None
    limit: float | None = None
    margin: float | None = None
    margin_money: float | None = None
    unit: str = ""
    coverage: float | None = None


def both(*verdicts: Verdict) -> Verdict:
    """Return the verdict of conditions that must all hold; those that do not apply do not count."""
    counted = [verdict for verdict in verdicts if verdict is not Verdict.NOT_APPLICABLE]
    if Verdict.FAILED in counted:
        return Verdict.FAILED
    if Verdict.UNKNOWN in counted:
        return Verdict.UNKNOWN
    return Verdict.MET if counted else Verdict.NOT_APPLICABLE


def either(*verdicts: Verdict) -> Verdict:
    """Return the verdict of conditions of which one suffices; those that do not apply do not count."""
    counted = [verdict for verdict in verdicts if verdict is not Verdict.NOT_APPLICABLE]
    if Verdict.MET in counted:
        return Verdict.MET
    if Verdict.UNKNOWN in counted:
        return Verdict.UNKNOWN
    return Verdict.FAILED if counted else Verdict.NOT_APPLICABLE
