"""Who controls a party: chains, halves, circles, stated controllers, and what is not known."""

from __future__ import annotations

from datetime import date

import pytest
from eligible_programme import FAILED, MET, UNKNOWN, programme

from coproduce.eligibility.book import Book
from coproduce.eligibility.control import controlled_inside
from coproduce.eligibility.verdict import Verdict
from coproduce.eligibility.zones import EEA_EFTA, EU, UKRAINE

ZONE = EU | EEA_EFTA | UKRAINE

Votes = tuple[tuple[str, str, str], ...]

# party, owner, share of the votes; an empty share is not known
CASES: list[tuple[str, Votes, Verdict]] = [
    ("a single owner inside", (("maker", "france", "1"),), MET),
    ("a majority outside", (("maker", "outsider", "0.5001"), ("maker", "france", "0.4999")), FAILED),
    ("half and half is joint control", (("maker", "outsider", "0.5"), ("maker", "france", "0.5")), FAILED),
    ("less than half outside", (("maker", "outsider", "0.4999"), ("maker", "france", "0.5001")), MET),
    ("scattered, less than half outside", (("maker", "outsider", "0.3"), ("maker", "france", "0.3"),
                                           ("maker", "poland", "0.4")), MET),
    ("two outside with half together", (("maker", "outsider", "0.3"), ("maker", "stranger", "0.3"),
                                        ("maker", "france", "0.4")), UNKNOWN),
    ("no owner declared", (), UNKNOWN),
    ("half not declared", (("maker", "france", "0.5"),), UNKNOWN),
    ("less than half not declared", (("maker", "france", "0.51"),), MET),
    ("a share not known", (("maker", "france", "0.5"), ("maker", "outsider", "")), UNKNOWN),
    ("a share not known that cannot reach half", (("maker", "france", "0.6"), ("maker", "outsider", "")), MET),
    ("a chain from outside", (("maker", "parts", "0.6"), ("maker", "france", "0.4"), ("parts", "outsider", "0.6"),
                              ("parts", "poland", "0.4")), FAILED),
    ("a chain that breaks", (("maker", "parts", "0.6"), ("maker", "france", "0.4"), ("parts", "outsider", "0.4"),
                             ("parts", "poland", "0.6")), MET),
    # 30 % directly and 25 % through a party that it controls: 55 % in one hand.
    ("directly and through another", (("maker", "outsider", "0.3"), ("maker", "parts", "0.25"),
                                      ("maker", "france", "0.45"), ("parts", "outsider", "0.6"),
                                      ("parts", "poland", "0.4")), FAILED),
    # 25 % directly, and half of a party that holds 30 %: who holds the other half may vote otherwise.
    ("directly and through another held by halves", (("maker", "outsider", "0.25"), ("maker", "parts", "0.3"),
                                                     ("maker", "france", "0.45"), ("parts", "outsider", "0.5"),
                                                     ("parts", "poland", "0.5")), UNKNOWN),
    ("through one whose owner is not known", (("maker", "parts", "0.6"), ("maker", "france", "0.4"),
                                              ("parts", "poland", "0.3")), UNKNOWN),
    ("a circle that nobody outside enters", (("maker", "parts", "0.6"), ("maker", "france", "0.4"),
                                             ("parts", "maker", "0.6"), ("parts", "poland", "0.4")), MET),
    # Nobody inside the circle counts: the only vote from without the circle is from outside.
    ("a circle with one voice outside", (("maker", "parts", "0.6"), ("maker", "outsider", "0.4"),
                                         ("parts", "maker", "0.6"), ("parts", "poland", "0.4")), UNKNOWN),
    ("a circle with half outside", (("maker", "parts", "0.5"), ("maker", "outsider", "0.5"),
                                    ("parts", "maker", "1")), FAILED),
]  # fmt: skip


def _book(votes: Votes, as_of: date = date(2026, 6, 1), **parties: str) -> Book:
    changes = {"ownership.1.share": "1", "ownership.2.share": "1"}
    changes |= {f"ownership.{at}.{column}": value
                for at, row in enumerate(votes, start=1)
                for column, value in zip(("party", "owner", "share"), row, strict=True)}  # fmt: skip
    if not any(row[0] == "parts" for row in votes) and len(votes) < 2:
        # The base row of the second company stays.
        changes.pop("ownership.2.share")
    if not votes:
        changes = {"ownership.1.party": "stranger"}
    changes |= {place.replace("__", "."): value for place, value in parties.items()}
    return Book(programme(changes), as_of)


def _verdict(book: Book, party: str = "maker") -> Verdict:
    return controlled_inside(book, party, ZONE, by_management=False).verdict


@pytest.mark.parametrize(("case", "votes", "verdict"), CASES, ids=[case for case, _, _ in CASES])
def test_control_follows_the_votes(case: str, votes: Votes, verdict: Verdict) -> None:
    clause = controlled_inside(_book(votes), "maker", ZONE, by_management=False)
    assert clause.verdict is verdict, (case, clause.said)
    assert bool(clause.missing) == (verdict is UNKNOWN)


def test_a_stated_controller_outweighs_the_votes() -> None:
    majority_outside = (("maker", "outsider", "0.9"), ("maker", "france", "0.1"))
    assert _verdict(_book(majority_outside, parties__maker__controller="france")) is MET
    inside = (("maker", "france", "1"),)
    assert _verdict(_book(inside, parties__maker__controller="outsider")) is FAILED
    # The controller is established inside, but nothing is known about its owners.
    assert (
        _verdict(_book((("maker", "france", "1"), ("parts", "poland", "0.2")), parties__maker__controller="parts"))
        is UNKNOWN
    )


def test_ownership_counts_from_its_first_day_to_the_day_before_its_end() -> None:
    sold = {
        "ownership.1.end": "2026-03-01",
        "ownership.3.party": "maker", "ownership.3.owner": "outsider", "ownership.3.share": "1",
        "ownership.3.start": "2026-03-01",
    }  # fmt: skip
    assert _verdict(Book(programme(sold), date(2026, 2, 28))) is MET
    assert _verdict(Book(programme(sold), date(2026, 3, 1))) is FAILED


def test_management_outside_makes_an_owner_an_outsider_only_where_the_instrument_says_so() -> None:
    book = _book((("maker", "parts", "1"), ("parts", "poland", "1")), parties__parts__management="US")
    assert controlled_inside(book, "maker", ZONE, by_management=False).verdict is MET
    assert controlled_inside(book, "maker", ZONE, by_management=True).verdict is FAILED


def test_an_agency_without_owners_stands_for_its_country() -> None:
    for country, verdict in (("FR", MET), ("US", FAILED), ("", UNKNOWN)):
        book = _book((), parties__parts__kind="agency", parties__parts__country=country, ownership__2__party="stranger")
        assert _verdict(book, "parts") is verdict
