"""One condition as far as the facts go, and how conditions are joined without claiming more than is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .verdict import Finding, Row, Verdict, both, either

MET, FAILED, UNKNOWN, NOT_APPLICABLE = Verdict.MET, Verdict.FAILED, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition.

    Attributes
    ----------
    verdict : whether it holds
    said : the facts that decide it, in words
    missing : facts that are not known and would decide it
    rows : cells that it rests on
    """

    verdict: Verdict
    said: str
    missing: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    def without_words(self) -> Clause:
        """Return the condition for use where its words would only repeat others."""
        return replace(self, said="")


NOTHING = Clause(NOT_APPLICABLE, "")
"""A condition that nothing falls under."""


def every(clauses: Iterable[Clause]) -> Clause:
    """Join conditions that must all hold."""
    parts = list(clauses)
    return _joined(both(*(part.verdict for part in parts)), parts, (FAILED, UNKNOWN))


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Join conditions of which one suffices."""
    parts = list(clauses)
    return _joined(either(*(part.verdict for part in parts)), parts, (MET,))


def implied(condition: Clause, then: Clause) -> Clause:
    """Return what must hold only where a condition does: it does not apply where the condition fails."""
    if condition.verdict is UNKNOWN and then.verdict is FAILED:
        return Clause(UNKNOWN, _words((then, condition)), condition.missing, (*then.rows, *condition.rows))
    if condition.verdict is UNKNOWN and then.verdict is UNKNOWN:
        return replace(then, missing=_once((*then.missing, *condition.missing)))
    return replace(NOTHING, said=condition.said, rows=condition.rows) if condition.verdict is FAILED else then


def otherwise(condition: Clause, then: Clause) -> Clause:
    """Return what must hold where a condition does not: it does not apply where the condition holds."""
    flipped = {MET: FAILED, FAILED: MET}.get(condition.verdict, condition.verdict)
    return implied(replace(condition, verdict=flipped), then)


def doubted(condition: Clause, missing: str) -> Clause:
    """Return a condition that, even where it holds, leaves open what is asked."""
    if condition.verdict is not MET:
        return condition
    return replace(condition, verdict=UNKNOWN, missing=(missing,))


def clause_of(finding: Finding) -> Clause:
    """Return a finding without its figures."""
    return Clause(finding.verdict, finding.facts, finding.missing, finding.rows)


def refined(finding: Finding, clause: Clause) -> Finding:
    """Return a finding with figures under the verdict, words and rows of the clause that it went into."""
    if clause.verdict is NOT_APPLICABLE:
        return Finding(clause.verdict, clause.said, rows=clause.rows)
    missing = _once(clause.missing) if clause.verdict is UNKNOWN else ()
    rows = _once((*clause.rows, *finding.rows))
    return replace(finding, verdict=clause.verdict, facts=clause.said, missing=missing, rows=rows)


def under(condition: Clause, finding: Finding) -> Finding:
    """Return a finding that applies only where a condition holds."""
    return refined(finding, implied(condition, clause_of(finding)))


def decided(holds: bool, said: str, *rows: Row) -> Clause:
    """Return a condition that is known to hold or not."""
    return Clause(MET if holds else FAILED, said, (), rows)


def not_known(said: str, missing: str, *rows: Row) -> Clause:
    """Return a condition that cannot be decided for want of a fact."""
    return Clause(UNKNOWN, said, (missing,), rows)


def stated(value: str | None, question: str, yes: str, no: str, *rows: Row) -> Clause:
    """Return a condition that is a stated fact: yes, no, or None for not known."""
    if value is None:
        return not_known(f"{question} is not known", question, *rows)
    return decided(value == "yes", yes if value == "yes" else no, *rows)


def concluded(clause: Clause, **figures: Any) -> Finding:
    """Return the finding that a condition amounts to."""
    missing = _once(clause.missing) if clause.verdict is UNKNOWN else ()
    return Finding(clause.verdict, clause.said, missing=missing, rows=_once(clause.rows), **figures)


def _joined(verdict: Verdict, parts: list[Clause], telling: tuple[Verdict, ...]) -> Clause:
    """Return a joined condition; where the verdict is one of the telling, only parts of these are put into words."""
    shown = [part for part in parts if part.verdict in telling] if verdict in telling else parts
    missing = [fact for part in parts if part.verdict is UNKNOWN for fact in part.missing]
    rows = [row for part in parts for row in part.rows]
    return Clause(verdict, _words(shown), _once(missing) if verdict is UNKNOWN else (), _once(rows))


def _words(parts: Iterable[Clause]) -> str:
    return "; ".join(_once(part.said for part in parts if part.said))


def _once(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
