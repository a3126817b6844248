"""Evaluates contracts under the rules of the instruments that they seek money from, as of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..tables import Tables
from ..tables.keys import listed
from .book import Book, Facts
from .case import Case
from .catalogue import instruments as catalogue
from .clause import NOT_APPLICABLE
from .dates import outside_window
from .origin import Origin
from .rule import Rule
from .verdict import Finding, Verdict, both

Configurations = Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one rule finds about one contract.

    Attributes
    ----------
    contract : the contract
    fund : the fund that a rule about funds was applied to; otherwise empty
    configuration : the product configuration; empty where the rule does not look at one or none is known
    product : the end product that it is a configuration of, where the contract has several; otherwise empty
    rule : the rule
    finding : what it found
    """

    contract: str
    fund: str
    configuration: str
    product: str
    rule: Rule
    finding: Finding


@dataclass(frozen=True)
class Eligibility:
    """All findings of an evaluation.

    Attributes
    ----------
    tables : the programme that was evaluated
    as_of : day on which the rules were applied
    judged : one entry for each contract, instrument and rule, for some of each fund or configuration
    """

    tables: Tables
    as_of: date
    judged: tuple[Judged, ...]

    def verdict(self, contract: str, instrument: str) -> Verdict:
        """Return the verdict of all rules that count: failed if one failed, unknown if one is."""
        return overall(one for one in self.judged if one.contract == contract and one.rule.instrument == instrument)


def by_rule(judged: Iterable[Judged]) -> Mapping[tuple[str, str], list[Judged]]:
    """Return findings by rule and fund; those about several configurations together."""
    found: dict[tuple[str, str], list[Judged]] = {}
    for one in judged:
        found.setdefault((one.rule.rule, one.fund), []).append(one)
    return found


def together(judged: Iterable[Judged]) -> Verdict:
    """Return the verdict of one rule about all products: not known where it depends on how one of them is made up."""
    products: dict[str, set[Verdict]] = {}
    for one in judged:
        products.setdefault(one.product, set()).add(one.finding.verdict)
    return both(*(_of_choices(verdicts) for verdicts in products.values()))


def _of_choices(verdicts: set[Verdict]) -> Verdict:
    if len(verdicts) == 1:
        return next(iter(verdicts))
    return Verdict.MET if verdicts == {Verdict.MET, NOT_APPLICABLE} else Verdict.UNKNOWN


def overall(judged: Iterable[Judged]) -> Verdict:
    """Return the verdict of several rules together; definitions do not count."""
    return both(*(together(group) for group in by_rule(judged).values() if group[0].rule.counts))


def evaluate(
    tables: Tables,
    *,
    as_of: date,
    instruments: Collection[str] | None = None,
    origins: Mapping[str, Configurations] | None = None,
    processes: Mapping[str, frozenset[str]] | None = None,
) -> Eligibility:
    """Evaluate all contracts.

    Parameters
    ----------
    tables : a checked programme
    as_of : day on which the rules are applied: their dates, ownership, agreements and exchange rates
    instruments : instruments whose rules are applied to every contract; None: to each those of its funds
    origins : by contract, the component cost of its product configurations, named `product: configuration` where the
        contract has several products; None or a contract left out: not known
    processes : by contract, the processes that a plan uses for it; None or a contract left out: all ways are open

    Returns
    -------
    The findings, in the order of the contracts and of the rules.
    """
    book = Book(tables, as_of)
    found: list[Judged] = []
    of_funds: dict[tuple[str, str], Finding] = {}
    for contract in book.rows("contracts"):
        name = contract["contract"]
        own = (origins or {}).get(name, {})
        case = Case(book, contract, {}, processes=(processes or {}).get(name))
        for instrument, funds in _sought(book, contract, instruments):
            for rule in catalogue()[instrument].rules:
                found += _judged(case, rule, funds, own, of_funds)
    return Eligibility(tables, as_of, tuple(found))


def _sought(book: Book, contract: Facts, asked: Collection[str] | None) -> Iterator[tuple[str, list[Facts]]]:
    """Yield the instruments that a contract is evaluated under, each with its funds of that instrument."""
    funds = [book.funds[name] for name in listed(contract["funds"])]
    named = [name for name in catalogue() if name in (asked if asked is not None else {f["instrument"] for f in funds})]
    for instrument in named:
        yield instrument, [fund for fund in funds if fund["instrument"] == instrument]


def _judged(
    case: Case, rule: Rule, funds: list[Facts], origins: Configurations, of_funds: dict[tuple[str, str], Finding]
) -> Iterator[Judged]:
    contract, closed = case.contract["contract"], outside_window(case.as_of, rule.start, rule.end)
    if rule.scope == "fund":
        for fund in funds:
            key = (rule.rule, fund["fund"])
            if key not in of_funds:
                of_funds[key] = closed or rule.check(replace(case, fund=fund))
            yield Judged(contract, fund["fund"], "", "", rule, of_funds[key])
        if not funds:
            none = Finding(NOT_APPLICABLE, f"no fund of {rule.instrument} is declared for it")
            yield Judged(contract, "", "", "", rule, none)
    elif rule.scope == "configuration" and origins:
        for name in sorted(origins):
            of_one = replace(case, configuration=name, origin=origins[name])
            yield Judged(contract, "", name, _product(case, name), rule, closed or rule.check(of_one))
    else:
        yield Judged(contract, "", "", "", rule, closed or rule.check(case))


def _product(case: Case, configuration: str) -> str:
    """Return the product whose name a configuration begins with, where the contract has several."""
    product = configuration.partition(": ")[0]
    return product if len(case.items) > 1 and product in case.items else ""
