"""Whether contractor and subcontractors may take part: seat, control, and what excuses them from either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .book import Facts, cell
from .case import Case
from .clause import NOTHING, Clause, any_of, decided, doubted, every, implied, not_known, otherwise, stated
from .control import controlled_inside
from .establishment import established, seated
from .subcontractors import Cooperation, Involvement, involved, may_cooperate
from .verdict import Verdict

_REACHED = {Verdict.MET: "involved", Verdict.FAILED: "not involved"}


@dataclass(frozen=True)
class Participation:
    """What an instrument asks of those who take part.

    Attributes
    ----------
    zone : where they must be established and managed
    control_zone : from where they may be controlled
    seat_by_management : whether an owner managed outside is itself outside
    excused_zone : where one that is controlled from outside must be established to be excused
    screening : whether screening excuses it as guarantees do; None: that is arguable
    involvement : which subcontractors are reached
    cooperation : when a subcontractor from outside may work along; None: never
    doubt : what must be known before such a subcontractor may be taken to be allowed; empty: nothing
    """

    zone: frozenset[str]
    control_zone: frozenset[str]
    seat_by_management: bool
    excused_zone: frozenset[str]
    screening: bool | None
    involvement: Involvement
    cooperation: Cooperation | None
    doubt: str = ""


@dataclass(frozen=True)
class Participant:
    """One that takes part: the contractor, or a subcontractor (`row`) as far as it is `reached`."""

    party: str
    reached: Clause
    row: Facts | None


def participants(case: Case, asked: Participation) -> Iterator[Participant]:
    """Yield the contractor and the subcontractors."""
    contractor = case.contract["contractor"]
    if contractor is not None:
        yield Participant(contractor, decided(True, ""), None)
    for row in case.subcontracts:
        yield Participant(row["party"], involved(row, asked.involvement), row)


def may_take_part(case: Case, asked: Participation) -> Clause:
    """Return the condition that all participants are seated and controlled inside, or excused."""
    return every((_contractor_known(case), *(_admitted(case, asked, one) for one in participants(case, asked))))


def cooperates(case: Case, asked: Participation) -> Clause:
    """Return the condition that subcontractors that are not seated inside may work along."""
    return every(
        implied(one.reached, otherwise(seated(case.book, one.party, asked.zone), _cooperation(one, asked)))
        for one in participants(case, asked)
        if one.row is not None
    )


def excused(case: Case, asked: Participation) -> Clause:
    """Return the condition that participants seated inside and controlled from outside are excused."""
    return every((_contractor_known(case), *(_excused(case, asked, one) for one in participants(case, asked))))


def reaches(case: Case, asked: Participation) -> Clause:
    """Return whether it is known of every subcontractor if the rules on participants reach it."""
    found = [one for one in participants(case, asked) if one.row is not None]
    return every(
        one.reached
        if one.reached.verdict is Verdict.UNKNOWN
        else decided(True, f"{one.party} is {_REACHED[one.reached.verdict]}: {one.reached.said}", *one.reached.rows)
        for one in found
    )


def _excused(case: Case, asked: Participation, one: Participant) -> Clause:
    excuse = otherwise(_controlled(case, asked, one.party), _excuse(case, asked, one.party))
    return implied(one.reached, implied(established(case.book, one.party, asked.zone), excuse))


def _contractor_known(case: Case) -> Clause:
    if case.contract["contractor"] is None:
        return not_known("the contractor is not known", "contracts.contractor", case.cell("contractor"))
    return NOTHING


def _admitted(case: Case, asked: Participation, one: Participant) -> Clause:
    ways = [
        every((seated(case.book, one.party, asked.zone), _controlled(case, asked, one.party))),
        every((seated(case.book, one.party, asked.zone), _excuse(case, asked, one.party))),
    ]
    if one.row is not None:
        ways.append(_cooperation(one, asked))
    return implied(one.reached, any_of(ways))


def _controlled(case: Case, asked: Participation, party: str) -> Clause:
    return controlled_inside(case.book, party, asked.control_zone, by_management=asked.seat_by_management)


def _cooperation(one: Participant, asked: Participation) -> Clause:
    if asked.cooperation is None or one.row is None:
        return decided(False, f"nothing excuses {one.party}")
    allowed = may_cooperate(one.row, asked.cooperation)
    return doubted(allowed, asked.doubt) if asked.doubt else allowed


def _excuse(case: Case, asked: Participation, party: str) -> Clause:
    row = case.book.parties[party]
    ways = [_given(row, "guarantees", "guarantees that the state has verified")]
    screened = _given(row, "screened", "a screening of the foreign investment in it, mitigated where needed")
    if asked.screening is None:
        ways.append(doubted(screened, f"whether the screening of {party} amounts to guarantees"))
    elif asked.screening:
        ways.append(screened)
    return every((established(case.book, party, asked.excused_zone), any_of(ways)))


def _given(row: Facts, column: str, what: str) -> Clause:
    party = row["party"]
    return stated(
        row[column], f"parties.{column} of {party}", f"{party} has {what}", f"{party} has no {what}",
        cell("parties", row, column),
    )  # fmt: skip
