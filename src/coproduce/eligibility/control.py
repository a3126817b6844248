"""Who controls a party: through chains of votes, jointly by halves, or as stated.

A holder of more than half of the votes controls; so does one that holds them through parties that it controls. A
holder of exactly half controls jointly with the others. Holders of less than half in all do not. Where votes are not
declared, or several holders outside have half between them and none alone, it is not known. Votes inside a circle of
parties that own each other count for nobody unless someone outside the circle has half of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .book import Book, Facts, cell
from .clause import FAILED, MET, UNKNOWN, Clause
from .exact import HALF, exact, percent
from .verdict import Row


@dataclass(frozen=True)
class Control:
    """Control from outside a zone, for all parties.

    Attributes
    ----------
    surely, maybe : parties that are controlled from outside, and those of which it cannot be excluded
    outside, doubtful : parties that are themselves outside or so controlled, surely and possibly
    """

    surely: frozenset[str]
    maybe: frozenset[str]
    outside: frozenset[str]
    doubtful: frozenset[str]


def holdings(book: Book, party: str) -> list[Facts]:
    """Return the rows of `ownership` that are in force for a party."""
    return [row for row in book.of("ownership", "party", party) if book.in_force(row)]


def control(book: Book, zone: frozenset[str], *, by_management: bool) -> Control:
    """Return who is controlled from outside a zone.

    Parameters
    ----------
    zone : countries that are inside
    by_management : whether a party established inside with its executive management outside is itself outside
    """
    return book.once(("control", zone, by_management), lambda: _control(book, zone, by_management))


def controlled_inside(book: Book, party: str, zone: frozenset[str], *, by_management: bool) -> Clause:
    """Return the condition that a party is not controlled from outside a zone."""
    found = control(book, zone, by_management=by_management)
    rows = _evidence(book, party)
    if party not in found.maybe:
        return Clause(MET, f"{party} is not controlled from outside ({_holders(book, party)})", (), rows)
    if party in found.surely:
        return Clause(FAILED, f"{party} is controlled from outside ({_holders(book, party)})", (), rows)
    said = f"who controls {party} is not known ({_holders(book, party)})"
    return Clause(UNKNOWN, said, tuple(_missing(book, party, found)), rows)


def _control(book: Book, zone: frozenset[str], by_management: bool) -> Control:
    surely: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    seats = {party: _seat(row, zone, by_management) for party, row in book.parties.items()}
    heads = {party: _head(book, party) for party in book.parties}
    while True:
        outside = surely | {party for party, seat in seats.items() if seat is False}
        doubtful = maybe | {party for party, seat in seats.items() if seat is not True}
        now_surely = frozenset(p for p in book.parties if _surely(book, p, zone, outside, heads))
        now_maybe = frozenset(p for p in book.parties if _maybe(book, p, zone, doubtful)) | now_surely
        if (now_surely, now_maybe) == (surely, maybe):
            return Control(surely, maybe, frozenset(outside), frozenset(doubtful))
        surely, maybe = now_surely, now_maybe


def _seat(row: Facts, zone: frozenset[str], by_management: bool) -> bool | None:
    """Return whether a party's own seat is inside; None where that is not known."""
    places = [row["country"], row["management"]] if by_management and row["kind"] != "state" else [row["country"]]
    if any(place is not None and place not in zone for place in places):
        return False
    return None if None in places else True


def _own_country(row: Facts) -> bool:
    """Whether a party without owners or controller stands for its country."""
    return row["kind"] in ("state", "agency")


def _surely(book: Book, party: str, zone: frozenset[str], outside: frozenset[str], heads: Mapping[str, str]) -> bool:
    row = book.parties[party]
    if row["controller"] is not None:
        return row["controller"] in outside
    if not holdings(book, party):
        return row["kind"] == "agency" and row["country"] is not None and row["country"] not in zone
    votes: defaultdict[str, Fraction] = defaultdict(Fraction)
    for held in holdings(book, party):
        if held["owner"] in outside and held["share"] is not None:
            votes[heads[held["owner"]]] += exact(held["share"])
    return any(share >= HALF for share in votes.values())


def _maybe(book: Book, party: str, zone: frozenset[str], doubtful: frozenset[str]) -> bool:
    row = book.parties[party]
    if row["controller"] is not None:
        return row["controller"] in doubtful
    held = holdings(book, party)
    if not held:
        return row["kind"] != "state" and (row["kind"] != "agency" or row["country"] not in zone)
    known = [(each["owner"], exact(each["share"])) for each in held if each["share"] is not None]
    rest = max(Fraction(0), 1 - sum((share for _, share in known), Fraction(0)))
    possible = rest + sum((share for owner, share in known if owner in doubtful), Fraction(0))
    circle = _circle(book, party)
    idle = sum((share for owner, share in known if owner in circle and owner not in doubtful), Fraction(0))
    return 2 * possible >= 1 - idle


def _owners(book: Book, party: str) -> set[str]:
    """Return the parties that hold votes of a party or are stated to control it."""
    stated = book.parties[party]["controller"]
    return {stated} if stated is not None else {row["owner"] for row in holdings(book, party)}


def _above(book: Book, party: str) -> frozenset[str]:
    """Return all parties that own a party through any chain."""

    def walked() -> frozenset[str]:
        found: set[str] = set()
        todo = [party]
        while todo:
            new = _owners(book, todo.pop()) - found
            found |= new
            todo += sorted(new)
        return frozenset(found)

    return book.once(("above", party), walked)


def _circle(book: Book, party: str) -> frozenset[str]:
    """Return the parties that own a party and are owned by it, through chains."""
    return frozenset(other for other in _above(book, party) if party in _above(book, other))


def _head(book: Book, party: str) -> str:
    """Return the party at the top of the chain of controllers, or the party itself."""
    seen = [party]
    while True:
        row = book.parties[seen[-1]]
        major = [h["owner"] for h in holdings(book, seen[-1]) if h["share"] is not None and exact(h["share"]) > HALF]
        above = row["controller"] or (major[0] if major else None)
        if above is None:
            return seen[-1]
        if above in seen:
            return min(seen[seen.index(above) :])
        seen.append(above)


def _holders(book: Book, party: str) -> str:
    """Say who holds a party."""
    row = book.parties[party]
    if row["controller"] is not None:
        return f"stated controller: {_placed(book, row['controller'])}"
    held = holdings(book, party)
    if not held:
        return f"it stands for {row['country'] or 'its country'}" if _own_country(row) else "no owner is declared"
    return ", ".join(f"{_placed(book, each['owner'])} {_share(each)}" for each in held)


def _share(held: Facts) -> str:
    return "a share not known" if held["share"] is None else percent(exact(held["share"]))


def _placed(book: Book, party: str) -> str:
    country = book.parties[party]["country"]
    return f"{party} ({country or 'country not known'})"


def _missing(book: Book, party: str, found: Control) -> list[str]:
    """Return the facts that would say who controls a party."""
    row = book.parties[party]
    if row["controller"] is not None:
        return [f"whether {row['controller']}, who controls {party}, is itself outside or controlled from outside"]
    held = holdings(book, party)
    if not held:
        return [f"the owners or the controller of {party}"]
    missing = [f"the share of {each['owner']} in {party}" for each in held if each["share"] is None]
    known = sum((exact(each["share"]) for each in held if each["share"] is not None), Fraction(0))
    if known < 1:
        missing.append(f"who owns the other {percent(1 - known)} of {party}")
    open_owners = [each["owner"] for each in held if each["owner"] in found.doubtful - found.outside]
    missing += [
        f"whether {owner}, an owner of {party}, is itself outside or controlled from outside" for owner in open_owners
    ]
    if party in _circle(book, party):
        missing.append(f"who controls the circle of parties that own each other around {party}")
    return missing or [f"whether the owners of {party} outside act together: state its controller"]


def _evidence(book: Book, party: str) -> tuple[Row, ...]:
    """Return the cells about the votes of a party and of those above it."""
    rows: list[Row] = []
    for each in sorted({party} | _above(book, party)):
        about = book.parties[each]
        rows += [cell("parties", about, column) for column in ("country", "controller") if about[column] is not None]
        rows += [cell("ownership", held, "share") for held in holdings(book, each)]
    return tuple(rows)
