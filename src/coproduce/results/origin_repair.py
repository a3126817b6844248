"""The cheapest changes that make a programme keep a limit on origin by itself, as lines of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import Any

import numpy as np
import polars as pl

from ..eligibility.configurations import Products
from ..eligibility.covered import covered, inside_of, of_contract
from ..eligibility.roll_up import RollUp
from ..eligibility.sources import sources_of
from ..plan.solve import Options
from ..tables import INPUT_TABLES, Tables
from ..units import in_programme_currency, rates_in_force
from .origin_planned import CLOSE, Planned, planned

PLAN, CONFIGURATION = "plan", "configuration"
SCOPES = (PLAN, CONFIGURATION)
AS_IT_IS, WITH_CHANGES, NOT_DELIVERING, NOT_KEPT = "as_it_is", "with_changes", "not_delivering", "not_kept"
KEPT = (AS_IT_IS, WITH_CHANGES)
SHIFTS = {"kind": pl.String, "name": pl.String, "item": pl.String, "before": pl.Float64, "after": pl.Float64}
_TRIED, _PLANNED, _DIGITS = 4096, 6, 6


@dataclass(frozen=True)
class Repair:
    """What turns a limit on origin that is broken into one that is kept.

    Attributes
    ----------
    limit, scope : the limit, and what it was judged on: the plan's mix, or every configuration of the products
    before, after : share from outside without and with the changes; of configurations the largest
    outcome : `as_it_is`: kept without changes; `with_changes`: kept by them, planned anew without imposing it;
        `not_delivering`: kept, but only because less is ever delivered; `not_kept`
    undelivered : units that are never delivered with the changes and would be without them
    changes : lines of the table `scenarios`; none where the limit is kept as it is, or no repair was found
    costs : by stage `low` and `high`, between which the changes cost: bounds of the plans with and without them
    shifts : what the plan with the changes does otherwise, by `kind`: units ordered of a `supply`, made at a `site` of
        an item that the limit covers, and `option` bought
    """

    limit: str
    scope: str
    before: float
    after: float
    outcome: str
    undelivered: float
    changes: pl.DataFrame
    costs: pl.DataFrame
    shifts: pl.DataFrame

    @property
    def kept(self) -> bool:
        """Whether the programme keeps the limit and delivers as much as without it."""
        return self.outcome in KEPT


def _quiet(_: str) -> None:
    pass


def repair_origin(
    tables: Tables, limit: str, *, scope: str = PLAN, threads: int = 0, progress: Callable[[str], None] = _quiet
) -> Repair:
    """Return the cheapest changes found that make a programme keep a limit on origin without imposing it.

    A limit on what is set aside for a contract is itself the change: with its row the plan sets units aside, and
    without it the contract gets the mix that all get. For all other limits changes are of the largest quantities that
    may be ordered from offers that count as outside
    (`supplies.total_limit`). For the scope `plan` they are those of the plan on which the limit is imposed, the
    cheapest that keeps it; those that are not needed are left out again. Where these quantities are not enough, because
    the plan uses stock in place of other offers, all these offers are closed. For the scope `configuration` offers are
    closed until no combination of sources is above the limit; of the sets that do, in the order of what they are
    estimated to cost, the first six are planned.

    Parameters
    ----------
    limit : id of a row of `origin_limits`
    scope : `plan`: the mix of the plan keeps it; `configuration`: every combination of sources does
    threads : threads of the solver; 0 leaves the choice to it
    progress : is told before every plan that is made

    Returns
    -------
    The changes as lines of a scenario, and what the programme with them was found to be when planned anew.

    Raises
    ------
    KeyError
        if there is no such limit.
    """
    rows = tables["origin_limits"].filter(pl.col("limit") == limit).to_dicts()
    if not rows:
        raise KeyError(limit)
    programme = tables.programme
    options = Options(gap=programme.gap, threads=threads, tolerance=programme.tier_tolerance, bottlenecks=0)
    task = _Task(tables, rows[0], options, progress)
    return task.by_plan() if scope == PLAN else task.by_configuration()


@dataclass(frozen=True)
class _Task:
    """One repair; `row` is the limit."""

    tables: Tables
    row: dict[str, Any]
    options: Options
    progress: Callable[[str], None]

    @property
    def free(self) -> Tables:
        """The programme without the limit."""
        return self.tables.without("origin_limits", pl.col("limit") == self.row["limit"])

    def planned(self, what: str, tables: Tables) -> Planned | None:
        """Plan a programme and say so."""
        self.progress(f"planning {what} {self.row['limit']}")
        return planned(tables, self.row, self.options)

    def limited(self, most: dict[str, float]) -> Tables:
        """Return the programme without the limit and with other largest quantities of offers."""
        totals = pl.col("supply").replace_strict(most, default=None, return_dtype=pl.Float64)
        supplies = self.tables["supplies"].with_columns(total_limit=pl.coalesce(totals, "total_limit"))
        return replace(self.free, frames={**self.free.frames, "supplies": supplies})

    def by_contract(self) -> Repair:
        """Return the repair of what a contract is delivered: the limit itself, which sets units aside for it."""
        before = self.planned("without", self.free)
        if before is None or before.excess <= 0:
            return self._repair(PLAN, {}, before, before)
        after = self.planned("with", self.tables)
        repair = self._repair(PLAN, {}, after, before)
        return repair if repair.outcome == NOT_KEPT else replace(repair, changes=_added(self.row))

    def by_plan(self) -> Repair:
        """Return the repair of the plan's own mix."""
        if of_contract(self.row):
            return self.by_contract()
        before = self.planned("without", self.free)
        if before is None or before.excess <= 0:
            return self._repair(PLAN, {}, before, before)
        imposed = self.planned("with", self.tables)
        if imposed is None:
            return self._repair(PLAN, {}, None, before)
        every = {supply: _down(imposed.ordered.get(supply, 0.0)) for supply in self._outside()}
        less = {supply: most for supply, most in every.items() if most < before.ordered.get(supply, 0.0) - CLOSE}
        poorer: tuple[dict[str, float], Planned] | None = None
        for most in (less, every, dict.fromkeys(every, 0.0)):
            after = self.planned("with changes in place of", self.limited(most))
            if after is not None and after.excess <= 0:
                if after.less_delivered_than(before) == 0:
                    return self._repair(PLAN, *self._needed(most, after, before), before=before)
                poorer = poorer or (most, after)
        if poorer is None:
            return self._repair(PLAN, {}, None, before)
        return self._repair(PLAN, *poorer, before)

    def _needed(self, most: dict[str, float], after: Planned, before: Planned) -> tuple[dict[str, float], Planned]:
        """Leave out what is not needed, one offer after another; what is left out makes no plan dearer."""
        for supply in list(most)[:_PLANNED]:
            rest = {name: units for name, units in most.items() if name != supply}
            tried = self.planned("with changes in place of", self.limited(rest))
            if rest and tried is not None and tried.excess <= 0 and tried.less_delivered_than(before) == 0:
                most, after = rest, tried
        return most, after

    def _outside(self) -> list[str]:
        """Return the offers of covered components that count as outside."""
        about, inside = covered(self.tables, self.row), inside_of(self.row)
        items = set(self.tables["items"]["item"].filter(pl.Series(about.items, dtype=pl.Boolean)))
        rows = self.tables["supplies"].select("supply", "item", "origin").iter_rows()
        return [supply for supply, item, origin in rows if item in items and origin not in inside]

    def by_configuration(self) -> Repair:
        """Return the repair of all configurations."""
        before, start = self._largest(self.free), self.planned("without", self.free)
        if before <= self.row["share"] + CLOSE:
            return self._repair(CONFIGURATION, {}, start, start, (before, before))
        best: tuple[dict[str, float], Planned] | None = None
        for closed in islice(self._closings(), _PLANNED):
            most = dict.fromkeys(closed, 0.0)
            after = self.planned("with changes in place of", self.limited(most))
            if after is not None and (best is None or after.order < best[1].order):
                best = most, after
        if best is None:
            return self._repair(CONFIGURATION, {}, None, start, (before, np.nan))
        return self._repair(CONFIGURATION, *best, before=start, shares=(before, self._largest(self.limited(best[0]))))

    def _closings(self) -> Iterator[tuple[str, ...]]:
        """Yield sets of offers, cheapest first, without which all configurations keep the limit; none holds another."""
        outside = self._outside()
        extra = self._extra(outside)
        sets = islice((one for size in range(1, len(outside) + 1) for one in combinations(outside, size)), _TRIED)
        found: list[set[str]] = []
        for closed in sorted(sets, key=lambda one: (sum(extra[name] for name in one), len(one), one)):
            enough = any(one <= set(closed) for one in found)
            if not enough and self._largest(self.limited(dict.fromkeys(closed, 0.0))) <= self.row["share"] + CLOSE:
                found.append(set(closed))
                yield closed

    def _extra(self, outside: Sequence[str]) -> dict[str, float]:
        """Return how much more the cheapest other offer of the item asks, an estimate; infinite where there is none."""
        supplies, programme = self.tables["supplies"], self.tables.programme
        rates = rates_in_force(self.tables["exchange_rates"], programme.currency, programme.start)
        prices = in_programme_currency(supplies["price"], supplies["currency"], rates)
        price = dict(zip(supplies["supply"], prices.tolist(), strict=True))
        item = dict(supplies.select("supply", "item").iter_rows())
        others = {name: [one for one in price if item[one] == item[name] and one not in outside] for name in outside}
        return {
            name: max(min((price[one] for one in own), default=np.inf) - price[name], 0.0)
            for name, own in others.items()
        }

    def _largest(self, tables: Tables) -> float:
        """Return the largest share from outside over all configurations of the products; 1 where costs are missing."""
        about, inside = covered(tables, self.row), inside_of(self.row)
        products = Products(RollUp(sources_of(tables)))
        found = products.of({item: {"zone": inside} for item in np.flatnonzero(about.products).tolist()})
        shares = [origin.outside_shares(inside)[1] for own in found.values() for origin in own.values()]
        return max(shares, default=0.0)

    def _repair(
        self,
        scope: str,
        most: dict[str, float],
        after: Planned | None,
        before: Planned | None,
        shares: tuple[float, float] | None = None,
    ) -> Repair:
        first, last = shares or tuple(np.nan if one is None else one.share for one in (before, after))
        by_plan = after is not None and after.excess <= 0
        kept = last <= self.row["share"] + CLOSE if scope == CONFIGURATION else by_plan
        fewer = after.less_delivered_than(before) if after is not None and before is not None else 0.0
        return Repair(
            limit=self.row["limit"],
            scope=scope,
            before=float(first),
            after=float(last),
            outcome=_outcome(bool(kept), after is before, fewer),
            undelivered=fewer,
            changes=_lines(self.row["limit"], most),
            costs=_costs(after, before),
            shifts=_shifts(after, before),
        )


def _outcome(kept: bool, unchanged: bool, fewer: float) -> str:
    if not kept:
        return NOT_KEPT
    return NOT_DELIVERING if fewer > 0 else AS_IT_IS if unchanged else WITH_CHANGES


def _down(units: float) -> float:
    """Return a quantity with few digits that is not above it but for rounding, so that the limit is kept with it."""
    return float(np.floor(units * 10**_DIGITS + 0.01) / 10**_DIGITS)


def _shifts(after: Planned | None, before: Planned | None) -> pl.DataFrame:
    """Return what two plans do differently, by kind, then name and item."""
    rows = []
    if after is not None and before is not None:
        for key in sorted(before.done.keys() | after.done.keys()):
            one, other = before.done.get(key, 0.0), after.done.get(key, 0.0)
            if abs(one - other) > CLOSE * max(1.0, one, other):
                rows.append((*key, one, other))
    return pl.DataFrame(rows, schema=SHIFTS, orient="row")


def _added(row: dict[str, Any]) -> pl.DataFrame:
    """Return the line of a scenario that adds a limit."""
    told = "; ".join(f'{name} = "{value}"' for name, value in row.items() if value is not None)
    line = {"scenario": f"repair_{row['limit']}", "line": 1, "table": "origin_limits", "action": "add", "value": told}
    schema = INPUT_TABLES["scenarios"].empty().schema
    return pl.DataFrame([{name: line.get(name) for name in schema}], schema=schema)


def _lines(limit: str, most: dict[str, float]) -> pl.DataFrame:
    """Return changes of largest quantities as lines of a scenario."""
    rows = [
        {"scenario": f"repair_{limit}", "line": number, "table": "supplies", "where": f"supply = {supply}",
         "column": "total_limit", "action": "set", "value": f"{units:.15g}"}
        for number, (supply, units) in enumerate(most.items(), start=1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INPUT_TABLES["scenarios"].empty().schema)


def _costs(after: Planned | None, before: Planned | None) -> pl.DataFrame:
    """Return by stage between what the changes cost."""
    rows = []
    if after is not None and before is not None:
        for stage, (value, bound) in after.stages.items():
            rows.append((stage, bound - before.stages[stage][0], value - before.stages[stage][1]))
    return pl.DataFrame(rows, schema={"stage": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row")
