"""The rules of an instrument that a plan can be held to: limits on origin for the contracts that seek it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from ..errors import CoproduceError, ExitCode
from ..tables import INPUT_TABLES, SheetOrigin, Tables
from ..tables.keys import listed
from .book import Book
from .catalogue import instruments
from .covered import covered
from .entry import from_nothing, there_counts
from .evaluate import Judged, by_rule, evaluate, together
from .partners import Terms, terms
from .rule import Rule
from .sources import Floats, component_prices
from .verdict import Verdict
from .zones import ORIGIN_ZONES

_KEPT = (Verdict.MET, Verdict.NOT_APPLICABLE)


class RequirementError(CoproduceError):
    """What is to be required of a plan cannot be: no such contract, or none that seeks the instrument."""

    exit_code = ExitCode.INPUT


@dataclass(frozen=True)
class Imposed:
    """A rule that the plan is held to for one contract: `limit` is the row of `origin_limits`, `note` what to know."""

    contract: str
    rule: str
    provision: str
    limit: str
    note: str


@dataclass(frozen=True)
class Left:
    """A rule that a plan is not held to, with its verdict on the facts in the tables and why it is left."""

    contract: str
    rule: str
    provision: str
    verdict: str
    why: str


@dataclass(frozen=True)
class Required:
    """What an instrument asks of a plan.

    Attributes
    ----------
    tables : the programme with the limits on origin that hold the plan to it
    imposed, left : rules by contract: those imposed, and those that are not and are not met
    """

    instrument: str
    contracts: tuple[str, ...]
    as_of: date
    tables: Tables
    imposed: tuple[Imposed, ...]
    left: tuple[Left, ...]

    def figures(self) -> dict[str, Any]:
        """Return the part `required` of the summary of a plan."""
        return {
            "instrument": self.instrument,
            "contracts": list(self.contracts),
            "as_of": self.as_of.isoformat(),
            "imposed": [vars(one) for one in self.imposed],
            "not_imposed": [vars(one) for one in self.left],
        }


def required(tables: Tables, instrument: str, contracts: Collection[str] = (), as_of: date | None = None) -> Required:
    """Return a programme whose plans keep the linear rules of an instrument.

    A ceiling on components from outside becomes a row of `origin_limits` for what the contract is delivered; so does
    the condition that none comes from a country of concern. Under agreements with partners in force, which are looser
    than the ceiling, their shares are set in its place; where they are not, it is either the one or the other, which no
    linear limit says: the ceiling is set, and partners count as outside.

    Parameters
    ----------
    contracts : those that are held to it; empty: all that seek money from a fund of the instrument
    as_of : day on which the other rules are judged; None: the start of the programme

    Raises
    ------
    RequirementError
        if a contract does not exist or does not seek the instrument, or none does.
    """
    day = tables.programme.start.date() if as_of is None else as_of
    chosen = _chosen(tables, instrument, contracts)
    judged = [one for one in evaluate(tables, as_of=day, instruments=(instrument,)).judged if one.contract in chosen]
    rules = [rule for rule in instruments()[instrument].rules if rule.ceiling is not None]
    task = _Task(tables, instrument, day)
    rows: list[dict[str, Any]] = []
    imposed: list[Imposed] = []
    left: list[Left] = []
    for contract in chosen:
        for rule in rules:
            why = task.obstacle(contract, rule, judged)
            if why:
                left.append(Left(contract, rule.rule, rule.provision, "", why))
                continue
            made = list(task.rows(contract, rule))
            rows += made
            note = task.note(contract, rule)
            imposed += [Imposed(contract, rule.rule, rule.provision, row["limit"], note) for row in made]
        left += _others(contract, judged)
    return Required(instrument, tuple(chosen), day, _with(tables, instrument, rows), tuple(imposed), tuple(left))


def required_again(tables: Tables, said: Mapping[str, Any] | None) -> Tables:
    """Return a programme with the limits that a plan was held to, from the part `required` of its summary."""
    if not said:
        return tables
    as_of = date.fromisoformat(said["as_of"])
    return required(tables, said["instrument"], said["contracts"], as_of).tables


def _chosen(tables: Tables, instrument: str, contracts: Collection[str]) -> list[str]:
    book = Book(tables, tables.programme.start.date())
    seek = [
        row["contract"]
        for row in book.rows("contracts")
        if instrument in {book.funds[name]["instrument"] for name in listed(row["funds"])}
    ]
    known = tables["contracts"]["contract"].to_list()
    for contract in contracts:
        if contract not in known:
            raise RequirementError(f'there is no contract "{contract}"; there are {", ".join(known) or "none"}')
        if contract not in seek:
            raise RequirementError(f'contract "{contract}" names no fund of {instrument} in contracts.funds')
    if not seek:
        raise RequirementError(f"no contract names a fund of {instrument} in contracts.funds")
    return [one for one in seek if not contracts or one in contracts]


def _others(contract: str, judged: list[Judged]) -> Iterator[Left]:
    """Yield the rules about facts that no plan changes, where they are not met."""
    mine = [one for one in judged if one.contract == contract and one.rule.ceiling is None and one.rule.counts]
    for (name, fund), found in by_rule(mine).items():
        verdict = together(found)
        if verdict not in _KEPT:
            missing = "; ".join(found[0].finding.missing)
            why = missing if verdict is Verdict.UNKNOWN and missing else found[0].finding.facts
            yield Left(contract, name, found[0].rule.provision, str(verdict), f"{fund}: {why}" if fund else why)


@dataclass(frozen=True)
class _Task:
    tables: Tables
    instrument: str
    as_of: date

    def rows(self, contract: str, rule: Rule) -> Iterator[dict[str, Any]]:
        """Yield the rows of `origin_limits` of one rule: the ceiling, and none from countries of concern."""
        row = {"contract": contract, "scope": "contract", "stock": "counted", "name": f"{rule.rule}, {rule.provision}"}
        first = row | {"limit": f"{rule.rule}.{contract}"}
        agreed = self._agreed(rule)
        if agreed is None or not self._looser(agreed, rule):
            yield first | {"instrument": self.instrument, "share": float(rule.ceiling or 0)}
        else:
            inside = sorted(ORIGIN_ZONES[self.instrument] | agreed.partners)
            # An agreement's larger share holds only where components of the partner are used: the ceiling is set.
            yield first | {"countries": "; ".join(inside), "share": float(rule.ceiling or 0)}
            if agreed.least_inside:
                least = {"limit": f"{rule.rule}.{contract}.inside", "instrument": self.instrument}
                yield row | least | {"share": float(1 - agreed.least_inside)}
        concern = Book(self.tables, self.as_of).concerns()
        if concern:
            others = sorted(self._countries() - concern)
            yield row | {"limit": f"{rule.rule}.{contract}.concern", "countries": "; ".join(others), "share": 0.0}

    def _agreed(self, rule: Rule) -> Terms | None:
        """Return what agreements in force ask in place of the ceiling; None where there are none."""
        if not rule.partners or rule.ceiling is None:
            return None
        book = Book(self.tables, self.as_of)
        agreed = terms(book, self.instrument, ORIGIN_ZONES[self.instrument], rule.ceiling)
        return agreed if agreed.partners else None

    @staticmethod
    def _looser(agreed: Terms, rule: Rule) -> bool:
        """Tell whether all that keeps the ceiling keeps the agreements too, so that they can stand in its place."""
        ceiling = rule.ceiling or Fraction(0)
        return agreed.most_outside >= ceiling and agreed.least_inside <= 1 - ceiling

    def _countries(self) -> frozenset[str]:
        named = [self.tables[table]["origin"] for table in ("supplies", "stocks", "receipts")]
        known = pl.concat([*named, self.tables["sites"]["country"]]).drop_nulls().to_list()
        return ORIGIN_ZONES[self.instrument] | set(known)

    def obstacle(self, contract: str, rule: Rule, judged: list[Judged]) -> str:
        """Return why a plan cannot be held to a rule for a contract; empty where it can."""
        asked = self.tables["demands"].filter((pl.col("contract") == contract) & (pl.col("quantity") > 0))
        if asked.is_empty():
            return "no demand names the contract, so that nothing is delivered for it"
        found = [one.finding.verdict for one in judged if one.contract == contract and one.rule.rule == rule.rule]
        if found and set(found) == {Verdict.NOT_APPLICABLE}:
            return "the rule does not apply to it"
        bare = self._components(contract).filter(pl.Series(np.isnan(self._prices(contract)), dtype=pl.Boolean))
        if len(bare):
            return f"items.component_cost is missing for {', '.join(bare.to_list())}"
        return ""

    def _prices(self, contract: str) -> Floats:
        chosen = self.tables["items"]["item"].is_in(self._components(contract).implode()).to_numpy()
        prices: Floats = component_prices(self.tables)[chosen]
        return prices

    def _components(self, contract: str) -> pl.Series:
        """Return the items that come from outside the programme for a contract."""
        tables, items = self.tables, self.tables["items"]["item"]
        about = covered(tables, {"contract": contract, "item": None, "family": None})
        sources = tables["processes"]["process"].filter(pl.Series(from_nothing(tables), dtype=pl.Boolean))
        outputs = (pl.col("quantity") > 0) & pl.col("process").is_in(sources.implode())
        free = tables["flows"].filter(outputs)["item"]
        there = [
            tables[table].filter((pl.col(units) > 0) & pl.Series(there_counts(tables, table), dtype=pl.Boolean))["item"]
            for table, units in (("stocks", "opening"), ("receipts", "quantity"))
        ]
        come = pl.concat([tables["supplies"]["item"], free, *there])
        return items.filter(pl.Series(about.items, dtype=pl.Boolean) & items.is_in(come.implode()))

    def note(self, contract: str, rule: Rule) -> str:
        """Say what counts as outside for want of an origin, and what agreements change."""
        return "; ".join(part for part in (self._undeclared(contract), self._of_partners(rule)) if part)

    def _of_partners(self, rule: Rule) -> str:
        agreed = self._agreed(rule)
        if agreed is None:
            return ""
        names = ", ".join(sorted(agreed.partners))
        if self._looser(agreed, rule):
            return f"by agreement components from {names} count as inside, under the shares that it asks"
        return (f"components from {names} count as outside: what the agreement asks is stricter in part, and a plan "
                "cannot be held to the one or the other")  # fmt: skip

    def _undeclared(self, contract: str) -> str:
        items = self._components(contract)
        open_ = pl.col("origin").is_null() & pl.col("item").is_in(items.implode())
        there = {"supplies": pl.lit(True), "stocks": pl.col("opening") > 0, "receipts": pl.col("quantity") > 0}
        rows = [(table, self.tables[table].filter(open_ & some).height) for table, some in there.items()]
        told = ", ".join(f"{count} of {table}" for table, count in rows if count)
        return f"rows without a declared origin count as outside: {told}" if told else ""


def _with(tables: Tables, instrument: str, rows: list[dict[str, Any]]) -> Tables:
    """Return tables with further limits on origin, whose place is the option that asked for them."""
    if not rows:
        return tables
    empty = INPUT_TABLES["origin_limits"].empty()
    full = [{name: row.get(name) for name in empty.columns} for row in rows]
    own = tables["origin_limits"]
    added = pl.DataFrame(full, schema=empty.schema)
    at = np.arange(2, 2 + own.height + added.height)
    place = tables.origins.get("origin_limits") or SheetOrigin("memory", "origin_limits", at[: own.height])
    option = SheetOrigin(f"--require {instrument}", "origin_limits", np.arange(1, 1 + added.height))
    written = {(own.height + row, ""): option.of(row, "share") for row in range(added.height)}
    sheets = [*place.row_sheets, *["origin_limits"] * added.height] if place.row_sheets else ()
    rows_ = np.concatenate([place.rows, option.rows])
    joined = replace(place, rows=rows_, written={**place.written, **written}, row_sheets=sheets)
    frames = {**tables.frames, "origin_limits": pl.concat([own.select(empty.columns), added])}
    return replace(tables, frames=frames, origins={**tables.origins, "origin_limits": joined})
