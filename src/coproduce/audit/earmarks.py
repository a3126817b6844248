"""What a plan sets aside for a contract, replayed by itself from the table `earmarks` and the input tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from .arrays import Bools, Floats, Ints, floats, positions
from .case import Case
from .clock import lead_seconds
from .lots import LotSizes
from .money import converted
from .origin import OriginShare, Row, products_of, zone_of
from .replay import Flows, Spreader, lines_of_runs

SMALL = 1e-12


@dataclass(frozen=True)
class Entered:
    """Units of a component that were set aside: `data` of stock and receipts, which a limit may leave out."""

    item: str
    country: str | None
    units: float
    data: bool


@dataclass
class Aside:
    """What is set aside for one contract.

    Attributes
    ----------
    net : (nodes, buckets) what comes in less what leaves, deliveries of the contract among it
    moved : (nodes, buckets) units that come in, for the size of rounding
    entered : components by where they come from
    """

    net: Floats
    moved: Floats
    entered: list[Entered] = field(default_factory=list)

    def add(self, units: Floats, sign: float) -> None:
        """Add a movement."""
        self.net += sign * units
        self.moved += np.abs(units)

    @property
    def closing(self) -> Floats:
        """(nodes, buckets) units left at the end of every bucket."""
        left: Floats = np.cumsum(self.net, axis=1)
        return left

    def outside(self, zone: frozenset[str], price: dict[str, float], *, counted: bool) -> tuple[float, float]:
        """Return component cost from outside a zone, and in all; what is not declared is outside."""
        mine = [one for one in self.entered if counted or not one.data]
        whole = sum(price[one.item] * one.units for one in mine)
        far = sum(price[one.item] * one.units for one in mine if one.country is None or one.country not in zone)
        return far, whole


def own(row: Row) -> bool:
    """Tell whether a limit on origin is on what is set aside for its contract."""
    return row["contract"] is not None and row["scope"] != "programme"


def own_share(case: Case, row: Row) -> OriginShare:
    """Return what a limit on the origin of what is set aside for its contract is about."""
    aside = set_aside(case, str(row["contract"]), products_of(case.tables, row))
    far, whole = aside.outside(zone_of(row), component_costs(case), counted=row["stock"] == "counted")
    return OriginShare(far, whole)


def set_aside(case: Case, contract: str, products: set[str]) -> Aside:
    """Replay what is set aside for a contract whose deliveries of some products are limited."""
    return _Replay(case, contract).all(products)


def component_costs(case: Case) -> dict[str, float]:
    """Return the component cost of a unit by item, 0 for none."""
    price = np.nan_to_num(converted(case.tables, "items", "component_cost"))
    return dict(zip(case.tables["items"]["item"], price.tolist(), strict=True))


@dataclass(frozen=True)
class _Replay:
    case: Case
    contract: str

    @cached_property
    def spreader(self) -> Spreader:
        case = self.case
        return Spreader(case.clock, case.tables.programme.lead_time_rounding, case.nodes.count)

    def rows(self, kind: str) -> pl.DataFrame:
        """Return the rows of a kind in known buckets."""
        frame = self.case.frames["earmarks"].filter(contract=self.contract, kind=kind)
        return frame.filter((pl.col("bucket") >= 0) & (pl.col("bucket") < self.case.clock.count))

    def all(self, products: set[str]) -> Aside:
        shape = self.case.nodes.count, self.case.clock.count
        aside = Aside(np.zeros(shape), np.zeros(shape))
        self._given(aside)
        self._ordered(aside)
        self._shipped(aside)
        self._instead(aside)
        self._made(aside)
        self._delivered(aside, products)
        return aside

    def _at(self, rows: pl.DataFrame, item: str = "item") -> tuple[Ints, Ints, Ints, Floats]:
        """Return position, node, bucket and quantity of the rows that name a known item and site."""
        node = self.case.nodes.find(rows[item], rows["site"])
        at = np.flatnonzero(node >= 0)
        return at, node[at], rows["bucket"].to_numpy().astype(np.int64)[at], floats(rows["quantity"])[at]

    def _given(self, aside: Aside) -> None:
        tables = self.case.tables
        stock = {(one["item"], one["site"]): one["origin"] for one in tables["stocks"].iter_rows(named=True)}
        on_order = dict(tables["receipts"].select("receipt", "origin").iter_rows())
        process = dict(tables["wip"].select("wip", "process").iter_rows())
        taking = set(tables["flows"].filter(pl.col("quantity") < 0)["process"])
        made = set(tables["flows"].filter((pl.col("quantity") > 0) & pl.col("process").is_in(sorted(taking)))["item"])
        country = self._country()
        for kind in ("opening", "receipt", "firm_run"):
            rows = self.rows(kind)
            _, node, bucket, quantity = self._at(rows)
            aside.add(self.spreader.at_once(node, bucket, quantity), 1.0)
            for name, item, site, units in rows.select("name", "item", "site", "quantity").iter_rows():
                if kind == "firm_run":
                    if process.get(name) not in taking:
                        aside.entered.append(Entered(item, country.get(process.get(name)), units, data=False))
                    continue
                origin = stock.get((item, site)) if kind == "opening" else on_order.get(name)
                if origin is not None or item not in made:
                    aside.entered.append(Entered(item, origin, units, data=True))

    def _country(self) -> dict[str | None, str | None]:
        """Return the country of the site by process."""
        tables = self.case.tables
        sites = dict(tables["sites"].select("site", "country").iter_rows())
        return {process: sites[site] for process, site in tables["processes"].select("process", "site").iter_rows()}

    def _ordered(self, aside: Aside) -> None:
        rows, supplies = self.rows("purchase"), self.case.tables["supplies"]
        at, node, bucket, quantity = self._at(rows)
        row = positions(rows["name"], supplies["supply"])[at]
        known = np.flatnonzero(row >= 0)
        aside.add(self.spreader.at_once(node[known], bucket[known], quantity[known]), 1.0)
        for one, amount in zip(row[known].tolist(), quantity[known].tolist(), strict=True):
            aside.entered.append(Entered(supplies["item"][one], supplies["origin"][one], amount, data=False))

    def _shipped(self, aside: Aside) -> None:
        rows, lanes = self.rows("shipment"), self.case.tables["lanes"]
        lane = positions(rows["name"], lanes["lane"])
        ends = [lanes["to_site"][one] if one >= 0 else None for one in lane.tolist()]
        leaves = self.case.nodes.find(rows["item"], rows["site"])
        arrives = self.case.nodes.find(rows["item"], pl.Series(ends, dtype=pl.String))
        start = rows["start"].fill_null(-1).to_numpy().astype(np.int64)
        at = np.flatnonzero(
            (lane >= 0) & (leaves >= 0) & (arrives >= 0) & (start >= 0) & (start < self.case.clock.count)
        )
        bucket, quantity = rows["bucket"].to_numpy().astype(np.int64)[at], floats(rows["quantity"])[at]
        aside.add(self.spreader.at_once(leaves[at], start[at], quantity), -1.0)
        aside.add(self.spreader.at_once(arrives[at], bucket, quantity), 1.0)

    def _instead(self, aside: Aside) -> None:
        rows = self.rows("stand_in")
        for column, sign in (("item", 1.0), ("name", -1.0)):
            _, node, bucket, quantity = self._at(rows, column)
            aside.add(self.spreader.at_once(node, bucket, quantity), sign)

    def _delivered(self, aside: Aside, products: set[str]) -> None:
        demands, plan = self.case.tables["demands"], self.case.plan.deliveries
        mine = demands["contract"].eq_missing(self.contract) & demands["item"].is_in(sorted(products))
        at = np.flatnonzero(mine.to_numpy()[plan.entity])
        node = self.case.nodes.find(demands["item"], demands["site"])[plan.entity[at]]
        aside.add(self.spreader.at_once(node, plan.bucket[at], plan.quantity[at]), -1.0)

    def _made(self, aside: Aside) -> None:
        """Add what runs make of an item, and take away its part of all that they take in."""
        case, rows = self.case, self.rows("run")
        process = positions(rows["name"], case.tables["processes"]["process"])
        start = rows["start"].fill_null(-1).to_numpy().astype(np.int64)
        known = (process >= 0) & (start >= 0) & (start < case.clock.count)
        rows, process, start = rows.filter(pl.Series(known, dtype=pl.Boolean)), process[known], start[known]
        if not len(rows):
            return
        _, node, bucket, quantity = self._at(rows)
        aside.add(self.spreader.at_once(node, bucket, quantity), 1.0)
        aside.entered += self._of_nothing(rows, floats(rows["quantity"]))
        flows = Flows.of(case.tables, case.clock, case.nodes)
        run, flow = lines_of_runs(flows.process, len(case.tables["processes"]), process)
        held = flows.belongs(flow, case.clock.edges[start[run]])
        run, flow = run[held], flow[held]
        part, own = self._parts(rows["item"].to_list(), run, flow, flows)
        gross = np.bincount(run, weights=np.where(own, flows.units[flow], 0.0), minlength=len(rows))
        per = np.divide(floats(rows["quantity"]), gross, out=np.zeros(len(rows)), where=gross > 0)
        amount = per[run] * flows.units[flow] * part
        delay = delays(case, flows, flow)
        together = LotSizes.of(case.tables, "processes").together[process[run]]
        for side, incoming, sign in ((~own & flows.output[flow], True, 1.0), (~flows.output[flow], False, -1.0)):
            added = self.spreader.add(flows.node[flow[side]], start[run[side]], delay[side], amount[side],
                                      together[side], incoming=incoming)  # fmt: skip
            aside.add(added, sign)

    def _of_nothing(self, rows: pl.DataFrame, units: Floats) -> Iterator[Entered]:
        taking = set(self.case.tables["flows"].filter(pl.col("quantity") < 0)["process"])
        country = self._country()
        for name, item, amount in zip(rows["name"], rows["item"], units.tolist(), strict=True):
            if name not in taking:
                yield Entered(item, country[name], amount, data=False)

    def _parts(self, items: list[str], run: Ints, flow: Ints, flows: Flows) -> tuple[Floats, Bools]:
        """Return for every flow of a run the part that belongs to the run's item, and whether it is an output of it."""
        names = self.case.tables["flows"]["item"].to_list()
        price = component_costs(self.case)
        part, own, known = np.zeros(len(run)), np.zeros(len(run), dtype=bool), dict[object, Floats]()
        for lines in np.split(np.arange(len(run)), np.flatnonzero(np.diff(run)) + 1):
            item, mine = items[int(run[lines[0]])], flow[lines]
            key = (item, tuple(mine.tolist()))
            if key not in known:
                known[key] = _part(item, [names[one] for one in mine.tolist()],
                                   flows.units[mine] * np.where(flows.output[mine], 1.0, -1.0), price)  # fmt: skip
            part[lines] = known[key]
            own[lines] = flows.output[mine] & np.array([names[one] == item for one in mine.tolist()])
        return part, own


def _part(item: str, names: list[str], signed: Floats, price: dict[str, float]) -> Floats:
    """Divide the inputs of a run by component cost x units of its outputs, by units where one has no cost."""
    net: dict[str, float] = {}
    for name, units in zip(names, signed.tolist(), strict=True):
        net[name] = net.get(name, 0.0) + units
    outputs = {name: units for name, units in net.items() if units > SMALL}
    if item not in outputs:
        return np.zeros(len(names))
    worth = {name: units * price[name] for name, units in outputs.items()}
    weight = worth if all(value > 0 for value in worth.values()) else outputs
    share = weight[item] / sum(weight.values())
    return np.array([1.0 if name == item else 0.0 if name in outputs else share for name in names])


def delays(case: Case, flows: Flows, flow: Ints) -> Ints:
    """Return the seconds from the start of a run to flows."""
    lead = lead_seconds(floats(case.tables["processes"]["lead_days"]))
    return flows.offset[flow] + np.where(flows.from_end[flow], lead[flows.process[flow]], 0)
