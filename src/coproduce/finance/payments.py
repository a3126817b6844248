"""What contracts bring: payments of the buyers, what is passed on to subcontractors, and liquidated damages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl

from ..money.cents import cents, split_one
from ..money.contracts import Contract, Order
from ..money.days import day
from ..money.terms import Part, Terms, last_day
from ..tables import Tables
from .costs import Prices
from .serving import DUST, Frames
from .terms import horizon_end


@dataclass(frozen=True, slots=True)
class Posting:
    """One payment, in cents; columns as in the table `ledger`."""

    kind: str
    paid: datetime
    arises: datetime
    cents: int
    contract: str | None = None
    entity: str | None = None
    fund: str | None = None
    cost_type: str | None = None
    from_kind: str = "party"
    from_account: str | None = None
    to_kind: str = "party"
    to_account: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Units of a demand delivered on a day, so many days late."""

    units: float
    on: datetime
    late_days: float


Deliveries = Mapping[str, list[Given]]


def deliveries(frames: Frames) -> Deliveries:
    """Return what is delivered to every demand; a bucket counts as its last day."""
    found: dict[str, list[Given]] = {}
    rows = frames["deliveries"].join(frames["buckets"].select("bucket", "end"), on="bucket").sort("demand", "bucket")
    for demand, units, end, late in rows.select("demand", "quantity", "end", "late_days").iter_rows():
        if units > DUST:
            found.setdefault(demand, []).append(Given(units, last_day(end), late))
    return found


def payments(
    known: Mapping[str, Contract],
    given: Deliveries,
    terms: Terms,
    prices: Prices,
    started: Mapping[str, datetime],
    start: datetime,
) -> Iterator[Posting]:
    """Yield what the buyers of the contracts with terms of payment pay to the contractors.

    Parameters
    ----------
    started : day of the first cost of each contract
    start : start of the programme, for contracts that cost nothing
    """
    for contract in known.values():
        begun = started.get(contract.name, day(start))
        for part in terms.get(contract.terms or "", ()):
            if part.event == "delivery":
                lines = _on_delivery(contract, given)
            else:
                lines = _at_once(contract, _arises(contract, part, begun))
            yield from _paid(contract, part, prices, lines)


def _arises(contract: Contract, part: Part, begun: datetime) -> datetime:
    if part.fixed is not None:
        return part.fixed
    return contract.signed or begun if part.event == "order" else begun


_Line = tuple[Order, float, datetime, str | None]
"""Order, units that are paid, the day on which that is owed, and the demand to name."""


def _on_delivery(contract: Contract, given: Deliveries) -> list[_Line]:
    lines = [
        (order, one.units, one.on, order.demand) for order in contract.orders for one in given.get(order.demand, ())
    ]
    return sorted(lines, key=lambda line: (line[2], line[3]))


def _at_once(contract: Contract, arises: datetime) -> list[_Line]:
    """Return all units of the contract, those with the same price and buyers together."""
    together: dict[tuple[float, str | None, tuple[tuple[str, float], ...]], Order] = {}
    for order in contract.orders:
        key = (order.price, order.currency, tuple(order.buyers.items()))
        first = together.get(key)
        together[key] = order if first is None else replace(first, quantity=first.quantity + order.quantity)
    return [(order, order.quantity, arises, None) for order in together.values()]


def _paid(contract: Contract, part: Part, prices: Prices, lines: list[_Line]) -> Iterator[Posting]:
    for order, units, arises, demand in lines:
        paid = part.paid(arises)
        indexed = prices.indices.change(contract.index, contract.base, arises)
        amount = cents(order.price * units * part.share * indexed * prices.rates.at(order.currency, paid))
        for buyer, part_of_it in _among(amount, order.buyers):
            yield Posting(
                "payment", paid, arises, part_of_it, contract.name, demand, None, contract.cost_type,
                "party" if buyer else "outside", buyer, "party", contract.contractor,
            )  # fmt: skip


def _among(amount: int, buyers: Mapping[str, float]) -> Iterator[tuple[str | None, int]]:
    """Split an amount among those who pay it; nothing is left out where nobody is named."""
    names: list[str | None] = [*buyers] or [None]
    parts = split_one(amount, np.array([*buyers.values()] or [1.0]))
    return ((name, int(part)) for name, part in zip(names, parts, strict=True) if part)


def passed_on(tables: Tables, paid: list[Posting]) -> Iterator[Posting]:
    """Yield what contractors pass on to subcontractors: their shares of every payment, on the day of it."""
    shares: dict[str, list[tuple[str, float]]] = {}
    rows = tables["subcontracts"].filter(pl.col("share") > 0)
    for contract, party, share in rows.select("contract", "party", "share").iter_rows():
        shares.setdefault(contract, []).append((party, share))
    for posting in paid:
        for party, share in shares.get(posting.contract or "", ()):
            if amount := round(posting.cents * share):
                yield replace(
                    posting, kind="passed_on", cents=amount, from_kind="party", from_account=posting.to_account,
                    to_account=party,
                )  # fmt: skip


def damages(known: Mapping[str, Contract], given: Deliveries, frames: Frames, prices: Prices) -> Iterator[Posting]:
    """Yield what contractors owe for late units, up to the limit; units never delivered are late to the last day."""
    end = horizon_end(frames)
    service = frames["demand_service"].select("demand", "due", "unmet")
    unmet = {demand: (day(due), units) for demand, due, units in service.iter_rows() if units > DUST}
    for contract in known.values():
        if contract.damages_per_day <= 0:
            continue
        limit = contract.damages_limit
        left = float("inf") if limit is None else limit * contract.value
        for order, units, on, late in sorted(_late(contract, given, unmet, end), key=lambda x: (x[2], x[0].demand)):
            owed = min(left, contract.damages_per_day * late * units * order.price)
            left -= owed
            for buyer, part in _among(cents(owed * prices.rates.at(order.currency, on)), order.buyers):
                yield Posting(
                    "damages", on, on, part, contract.name, order.demand, None, contract.cost_type,
                    "party", contract.contractor, "party" if buyer else "outside", buyer,
                )  # fmt: skip


def _late(
    contract: Contract, given: Deliveries, unmet: Mapping[str, tuple[datetime, float]], end: datetime
) -> Iterator[tuple[Order, float, datetime, float]]:
    for order in contract.orders:
        for one in given.get(order.demand, ()):
            if one.late_days > 0:
                yield order, one.units, one.on, one.late_days
        due, units = unmet.get(order.demand, (end, 0.0))
        if units > 0 and due < end:
            yield order, units, end, float((end - due).days)
