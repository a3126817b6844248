"""Where the facilities are that a contract uses: the sites of the processes that can or must make its products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from graphlib import TopologicalSorter
from operator import and_, or_

from .book import Book, Facts, cell
from .case import Case
from .clause import Clause, any_of, decided, every, implied, not_known, stated
from .design import products_known
from .participants import Participation, participants
from .verdict import Verdict


@dataclass(frozen=True)
class Ways:
    """Sites behind every item, as sets of bits.

    Attributes
    ----------
    sites : site of each bit
    may, must : sites that some way, and every way, of getting a unit of the item uses
    """

    sites: tuple[str, ...]
    may: Mapping[str, int]
    must: Mapping[str, int]


def in_zone(case: Case, zone: frozenset[str], asked: Participation) -> Clause:
    """Return the condition that facilities are in a zone, or that their use outside is justified."""
    unknown = products_known(case)
    if unknown:
        return unknown
    may, must = _used(case)
    reached = {one.party: one.reached for one in reversed(list(participants(case, asked)))}
    found = every(
        implied(_reached(case, site, reached), _at(case, site, zone, site["site"] in must))
        for site in case.book.rows("sites")
        if site["site"] in may
    )
    if found.verdict is Verdict.NOT_APPLICABLE:
        return decided(True, "no process of those who take part makes what is ordered", *case.item_rows)
    return found


def _reached(case: Case, site: Facts, reached: Mapping[str, Clause]) -> Clause:
    """Return the condition that a site is one of the contractor or of a subcontractor whom the rules reach."""
    party, at = site["party"], cell("sites", site, "party")
    if party is None:
        return not_known(f"who runs {site['site']} is not known", f"sites.party of {site['site']}", at)
    if case.contract["contractor"] is None:
        # Whoever runs a site may be the contractor, and those are always reached.
        maker = not_known(f"whether {party} is the contractor is not known", "contracts.contractor",
                          case.cell("contractor"))  # fmt: skip
        return any_of((reached[party], maker)) if party in reached else maker
    if party in reached:
        return reached[party]
    said = f"{party}, who runs {site['site']}, is neither the contractor nor declared a subcontractor"
    return not_known(said, f"whether {party} is a subcontractor: its row of subcontracts", at)


def _at(case: Case, site: Facts, zone: frozenset[str], surely: bool) -> Clause:
    name, country = site["site"], site["country"]
    at = cell("sites", site, "country")
    if country is None:
        return not_known(f"the country of {name} is not known", f"sites.country of {name}", at)
    inside = decided(country in zone, f"{name} is in {country}", at)
    if inside.verdict is Verdict.MET:
        return inside
    exception = _exception(case, name)
    if surely or exception.verdict is Verdict.MET:
        return any_of((inside, exception)) if exception.verdict is not Verdict.FAILED else _refused(inside, exception)
    open_way = not_known(
        f"{name} is in {country} and may be used; other ways do without it", f"whether the contract uses {name}", at
    )
    return every((open_way, exception)) if exception.verdict is Verdict.UNKNOWN else open_way


def _refused(inside: Clause, exception: Clause) -> Clause:
    return Clause(Verdict.FAILED, f"{inside.said}: {exception.said}", (), (*inside.rows, *exception.rows))


def _exception(case: Case, site: str) -> Clause:
    rows = [
        row for row in case.book.of("site_exceptions", "contract", case.contract["contract"]) if row["site"] == site
    ]
    if not rows:
        return decided(False, f"no exception is declared for {site}")
    row = rows[0]
    return every(
        stated(
            row[column], f"site_exceptions.{column} of {site}",
            f"{site}: {words}", f"{site}: it is not so that {words}", cell("site_exceptions", row, column),
        )
        for column, words in (
            ("no_alternative", "there is no readily available alternative inside"),
            ("secure", "its use does not go against security interests"),
        )
    )  # fmt: skip


def _used(case: Case) -> tuple[frozenset[str], frozenset[str]]:
    """Return the sites that a contract may use, and those that it must use."""
    if case.processes is not None:
        rows = (row for row in case.book.rows("processes") if row["process"] in (case.processes or ()))
        used = frozenset(row["site"] for row in rows)
        return used, used
    ways = _ways(case.book)
    may = reduce(or_, (ways.may[item] for item in case.items), 0)
    must = reduce(or_, (ways.must[item] for item in case.items), 0)
    return _named(ways, may), _named(ways, must)


def _named(ways: Ways, bits: int) -> frozenset[str]:
    return frozenset(site for bit, site in enumerate(ways.sites) if bits >> bit & 1)


def _ways(book: Book) -> Ways:
    return book.once("ways", lambda: _make_ways(book))


def _make_ways(book: Book) -> Ways:
    """Return the sites behind every item; a cycle takes nothing for certain and everything for possible."""
    sites = tuple(row["site"] for row in book.rows("sites"))
    bit = {site: 1 << at for at, site in enumerate(sites)}
    here = {row["process"]: bit[row["site"]] for row in book.rows("processes")}
    makers, inputs = recipes(book)
    bought, newer = _bought(book), newer_versions(book)
    may, must = dict.fromkeys(book.items, 0), dict.fromkeys(book.items, 0)
    for group in _groups(book.items, makers, inputs, newer):
        every_way = reduce(or_, (may[one] for item in group for one in newer.get(item, ())), 0)
        for item in group:
            for process in makers.get(item, ()):
                every_way |= here[process] | reduce(or_, (may[one] for one in inputs.get(process, ())), 0)
        for item in group:
            may[item] = every_way
        for item in group:
            must[item] = 0 if item in bought else _in_common(
                here[process] | reduce(or_, (must[one] for one in inputs.get(process, ())), 0)
                for process in makers.get(item, ())
            )  # fmt: skip
    return Ways(sites, may, must)


def _in_common(ways: Iterable[int]) -> int:
    found = list(ways)
    return reduce(and_, found) if found else 0


def recipes(book: Book) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the processes that make each item, and the items that each process takes."""
    makers: dict[str, set[str]] = {}
    inputs: dict[str, set[str]] = {}
    for row in book.rows("flows"):
        if row["quantity"] > 0:
            makers.setdefault(row["item"], set()).add(row["process"])
        elif row["quantity"] < 0:
            inputs.setdefault(row["process"], set()).add(row["item"])
    return makers, inputs


def _bought(book: Book) -> frozenset[str]:
    """Return the items that may come without any process: bought, in stock, on order, or as a newer version."""
    found = {row["item"] for table in ("supplies", "receipts") for row in book.rows(table)}
    found |= {row["item"] for row in book.rows("stocks") if row["opening"]}
    return frozenset(found | set(newer_versions(book)))


def newer_versions(book: Book) -> dict[str, set[str]]:
    """Return the items that may stand in for each item."""
    found: dict[str, set[str]] = {}
    for row in book.rows("items"):
        if row["stands_in"] and row["replaces"] is not None:
            found.setdefault(row["replaces"], set()).add(row["item"])
    return found


def _groups(
    items: Iterable[str], makers: Mapping[str, set[str]], inputs: Mapping[str, set[str]], newer: Mapping[str, set[str]]
) -> list[tuple[str, ...]]:
    """Return the items in an order in which inputs come before outputs; those of one cycle together."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    before = {
        item: {one for process in makers.get(item, ()) for one in inputs.get(process, ())} | newer.get(item, set())
        for item in items
    }
    number = {item: at for at, item in enumerate(before)}
    edges = [(number[item], number[one]) for item, them in before.items() for one in sorted(them)]
    tails, heads = zip(*edges, strict=True) if edges else ((), ())
    shape = (len(number), len(number))
    _, labels = connected_components(coo_array(([1] * len(edges), (tails, heads)), shape=shape), connection="strong")
    groups: dict[int, list[str]] = {}
    for item, label in zip(before, labels, strict=True):
        groups.setdefault(int(label), []).append(item)
    label_of = {item: label for label, group in groups.items() for item in group}
    graph = {
        label: {label_of[one] for item in group for one in before[item]} - {label} for label, group in groups.items()
    }
    return [tuple(groups[label]) for label in TopologicalSorter(graph).static_order()]
