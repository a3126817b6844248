"""Compiles the ways in which funds can pay what is owed on a day: in advance, as it is owed, or by request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ..calendar import Timeline
from ..cash import Days, Lines
from ..money.contracts import Contract
from ..money.days import YEAR_DAYS
from ..money.funds import Fund, Slot
from ..money.terms import last_day

INVESTMENT = "investment"
ADVANCE, DIRECT, REQUEST = 0, 1, 2


@dataclass(frozen=True)
class _Way:
    """One arrival of a fund that can pay what is owed by an account on a day."""

    line: tuple[int, int, int, int]
    bucket: int
    worth: float
    interest: float
    slot: Slot
    year: int


def fund_lines(
    members: Sequence[Sequence[Contract]],
    held: Mapping[str, Fund],
    days: Days,
    timeline: Timeline,
    budgets: Mapping[tuple[str, int], int],
) -> Lines:
    """Return the lines of all pools.

    Parameters
    ----------
    members : contracts of each pool, alike in what counts here
    budgets : row of the table `fund_budgets` by fund and year
    """
    number = {name: at for at, name in enumerate(held)}
    end = last_day(timeline.moment(timeline.horizon))
    requests = {name: fund.request_slots(end) for name, fund in held.items()} if members else {}
    ways = []
    for pool, (one, *_) in enumerate(members):
        for invests, cost_type in enumerate((one.cost_type, INVESTMENT)):
            for name in one.funds:
                if held[name].pays(cost_type):
                    key = (2 * pool + invests, number[name])
                    ways += _of_fund(one, held[name], requests[name], days, key, budgets)
    return _lines(ways, timeline.count)


def _of_fund(
    contract: Contract,
    fund: Fund,
    requests: Sequence[Slot],
    days: Days,
    key: tuple[int, int],
    budgets: Mapping[tuple[str, int], int],
) -> list[_Way]:
    found = []
    for bucket, place, date in zip(days.bucket.tolist(), days.place.tolist(), days.date.tolist(), strict=True):
        due = datetime.fromordinal(date)
        for how, slot in _slots(fund, requests, due):
            late = max((slot.arrives - due).days, 0)
            if late and contract.keeps == "cash" and not contract.bridging:
                continue
            price = contract.bridging_rate * late / YEAR_DAYS if contract.bridging else 0.0
            year = -1 if how == ADVANCE else budgets.get((fund.name, slot.arrives.year), -1)
            line = (key[0], place, key[1], how)
            found.append(_Way(line, bucket, 1 / fund.rate_on(slot.arrives), price, slot, year))
    return found


def _slots(fund: Fund, requests: Sequence[Slot], due: datetime) -> list[tuple[int, Slot]]:
    """Return the arrivals that can pay what is owed on a day; of the requests of a year the first serves best."""
    found = [(ADVANCE, fund.advance_slot)] if fund.advance_cents > 0 else []
    direct = fund.direct_slot(due)
    if direct is not None:
        found.append((DIRECT, direct))
    first: dict[int, Slot] = {}
    for slot in requests:
        if slot.requested > due:
            first.setdefault(slot.arrives.year, slot)
    return found + [(REQUEST + at, slot) for at, slot in enumerate(first.values())]


def _lines(ways: Sequence[_Way], count: int) -> Lines:
    """Arrange ways by line and bucket."""
    keys = sorted({way.line for way in ways})
    number = {key: at for at, key in enumerate(keys)}
    shape = (len(keys), count)
    at = (
        np.array([number[way.line] for way in ways], dtype=np.int64),
        np.array([way.bucket for way in ways], dtype=np.int64),
    )

    def grid(values: Sequence[float], empty: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        result = np.full(shape, empty, dtype=np.float64)
        result[at] = values
        return result

    columns = np.array(keys, dtype=np.int64).reshape(len(keys), 4)
    return Lines(
        account=columns[:, 0],
        place=columns[:, 1],
        fund=columns[:, 2],
        how=columns[:, 3],
        allowed=grid([1.0] * len(ways), 0.0) > 0,
        worth=grid([way.worth for way in ways], 0.0),
        interest=grid([way.interest for way in ways], 0.0),
        requested=grid([way.slot.requested.toordinal() for way in ways], 0.0).astype(np.int64),
        arrives=grid([way.slot.arrives.toordinal() for way in ways], 0.0).astype(np.int64),
        year=grid([way.year for way in ways], -1.0).astype(np.int64),
    )
