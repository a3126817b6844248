"""Compiles what buyers pay to contractors by terms of payment: sums with a day, and prices of what is delivered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ..calendar import Floats
from ..cash import Paid
from ..money.contracts import Contract
from ..money.terms import Part
from ..network import Bools
from ..tables import Tables
from .cash_days import Work


@dataclass(frozen=True)
class Payment:
    """A payment on a day; for a unit delivered to a demand in a bucket, or (demand -1) in all."""

    pool: int
    demand: int
    bucket: int
    day: int
    amount: float


def buyers_pay(members: Sequence[Sequence[Contract]], tables: Tables, work: Work) -> list[Payment]:
    """Return what the buyers of pools with terms of payment pay; such a pool is one contract."""
    demands = {name: row for row, name in enumerate(tables["demands"]["demand"])}
    return [
        payment
        for pool, (one, *_) in enumerate(members)
        for part in work.terms.get(one.terms or "", ())
        for payment in _paid(pool, one, part, work, demands)
    ]


def _paid(pool: int, one: Contract, part: Part, work: Work, demands: dict[str, int]) -> Iterator[Payment]:
    if part.event == "delivery":
        for order in one.orders:
            for bucket, on in enumerate(work.lasts):
                worth = order.price * _worth(one, part, order.currency, on, work)
                yield Payment(pool, demands[order.demand], bucket, work.calendar.at(part.paid(on)), worth)
        return
    on_ = _arises(one, part, work)
    if on_ is not None:
        sums = (order.price * order.quantity * _worth(one, part, order.currency, on_, work) for order in one.orders)
        yield Payment(pool, -1, 0, work.calendar.at(part.paid(on_)), sum(sums))


def _worth(one: Contract, part: Part, currency: str | None, arises: datetime, work: Work) -> float:
    indexed = work.indices.change(one.index, one.base, arises)
    return part.share * indexed * work.rates.at(currency, part.paid(arises))


def _arises(one: Contract, part: Part, work: Work) -> datetime | None:
    """Return the day of what is paid at once.

    What is paid with the first cost is there whenever one arises; what follows it by some days may come too late.
    """
    known = part.fixed or (one.signed if part.event == "order" else None)
    return known or (work.firsts[0] if part.lag_days == 0 else None)


def receipts(paid: Sequence[Payment], waits: Bools, own: Floats) -> Paid:
    """Return the payments as arrays; `waits` and `own` are (pool,) whether costs wait for them, and own money."""
    fixed, given = [one for one in paid if one.demand < 0], [one for one in paid if one.demand >= 0]
    numbers = np.array([(one.pool, one.day) for one in fixed], dtype=np.int64).reshape(len(fixed), 2)
    parts = np.array([(one.pool, one.demand, one.bucket, one.day) for one in given], dtype=np.int64)
    parts = parts.reshape(len(given), 4)
    return Paid(
        fixed_pool=numbers[:, 0],
        fixed_day=numbers[:, 1],
        fixed_amount=np.array([one.amount for one in fixed], dtype=np.float64),
        pool=parts[:, 0],
        demand=parts[:, 1],
        bucket=parts[:, 2],
        day=parts[:, 3],
        price=np.array([one.amount for one in given], dtype=np.float64),
        waits=waits,
        own=own,
    )
