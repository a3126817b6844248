"""Limits on origin as arrays: which products, components and processes each covers, and what counts as outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..agreements import OriginLimits
from ..calendar import Floats, Ints, Timeline
from ..eligibility.covered import Covered, covered, inside_of, largest_cost, nothing, of_contract
from ..eligibility.entry import from_nothing, there_counts
from ..eligibility.sources import component_prices
from ..network import Bools, Fixed, Nodes, Processes
from ..tables import Tables
from .index import floats, positions


def origin_limits(tables: Tables, timeline: Timeline, nodes: Nodes, processes: Processes, fixed: Fixed) -> OriginLimits:
    """Return the limits on origin of a programme; those on what is set aside for a contract cover nothing here."""
    limits = tables["origin_limits"]
    price = np.nan_to_num(component_prices(tables))
    about = [nothing(tables) if of_contract(row) else covered(tables, row) for row in limits.iter_rows(named=True)]
    parts = [
        _Part(tables, timeline, nodes, processes, fixed, one, inside_of(row), row["stock"] == "counted")
        for one, row in zip(about, limits.iter_rows(named=True), strict=True)
    ]
    components = _stack([one.items for one in about], len(price)) & (price > 0)
    limit, item = np.nonzero(components)
    given = np.array([part.given() for part in parts]).reshape(components.shape)
    outside = np.array([part.given(outside=True) for part in parts]).reshape(components.shape)
    used = np.array([part.used() for part in parts]).reshape(components.shape)
    return OriginLimits(
        share=floats(limits["share"], 1.0),
        outside_given=(outside * price * components).sum(axis=1),
        product=_stack([one.products for one in about], len(price)),
        limit=limit,
        item=item,
        cost=price[item],
        given=given[components],
        used=used[components],
        outside_supply=_stack([part.outside("supplies", "origin") for part in parts], tables["supplies"].height),
        outside_process=_stack([part.outside_sites() for part in parts], tables["processes"].height),
        maker=_stack([one.makers for one in about], tables["processes"].height),
        from_nothing=from_nothing(tables),
        worth=largest_cost(tables, price) if limits.height else np.zeros(len(price)),
    )


def _stack(rows: list[Bools], width: int) -> Bools:
    return np.array(rows, dtype=bool).reshape(len(rows), width)


def _of(entity: Ints, known: Bools) -> Bools:
    """Return a property of entities; False for none."""
    return np.append(known, np.zeros(1, dtype=bool))[entity]


@dataclass(frozen=True)
class _Part:
    """What one limit covers, with the data of the programme."""

    tables: Tables
    timeline: Timeline
    nodes: Nodes
    processes: Processes
    fixed: Fixed
    about: Covered
    inside: frozenset[str]
    counted: bool

    def outside(self, table: str, column: str) -> Bools:
        """Return (row,) whether a country is outside or not declared."""
        return ~self.tables[table][column].is_in(list(self.inside)).fill_null(False).to_numpy()

    def outside_sites(self) -> Bools:
        """Return (process,) whether its site is outside, or in a country that is not declared."""
        return self.outside("sites", "country")[self.processes.site]

    def given(self, *, outside: bool = False) -> Floats:
        """Return (item,) units that are data, all or those from outside."""
        amount = np.zeros(len(self.about.items))
        if self.counted:
            for table, units in (("stocks", self._opening()), ("receipts", self._received())):
                item = positions(self.tables[table]["item"], self.tables["items"]["item"])
                counts = there_counts(self.tables, table) & (self.outside(table, "origin") | (not outside))
                np.add.at(amount, item, units * counts)
        process = self._process()
        firm = (self.fixed.quantity > 0) & _of(process, from_nothing(self.tables))
        firm &= _of(process, self.outside_sites()) | (not outside)
        np.add.at(amount, self.nodes.item[self.fixed.node[firm]], self.fixed.quantity[firm])
        return amount

    def _opening(self) -> Floats:
        return floats(self.tables["stocks"]["opening"], 0.0)

    def _received(self) -> Floats:
        """Return (receipt,) units that arrive in the horizon."""
        frame, bucket = (
            self.tables["receipts"],
            self.timeline.bucket_of(self.timeline.seconds_of(self.tables["receipts"]["date"], 0)),
        )
        return floats(frame["quantity"], 0.0) * ((bucket >= 0) & (bucket < self.timeline.count))

    def _process(self) -> Ints:
        """Return (movement,) the process of a firm run's movement, -1 for a receipt."""
        wip = positions(self.tables["wip"]["process"], self.tables["processes"]["process"])
        return np.where(self.fixed.wip_row >= 0, np.append(wip, -1)[self.fixed.wip_row], -1)

    def used(self) -> Floats:
        """Return (item,) units that firm runs of makers take."""
        amount, process = np.zeros(len(self.about.items)), self._process()
        taken = (self.fixed.quantity < 0) & _of(process, self.about.makers)
        np.add.at(amount, self.nodes.item[self.fixed.node[taken]], -self.fixed.quantity[taken])
        return amount
