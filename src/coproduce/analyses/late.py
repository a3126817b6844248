"""Why one demand is late: the limits to lift until it is on time, and those that would help by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints
from .lifts import Lift
from .question import PRICE, Answer, Asked, Slice

# How many limits are lifted together at most, and how many are tried at each step.
STEPS, TRIED = 4, 24
# Of limits that help equally the first is named: what sets a quantity before what sets a time.
_ORDER = (
    "resource", "rate", "supply", "supply_total", "lane", "stock_minimum", "stock_maximum", "calendar", "window",
    "material", "lead_time",
)  # fmt: skip
# Lateness below this share of the quantity asked for, in days, is none.
SMALLEST = 1e-6
# What others hold may cost a demand this share of its lateness before cost is called the reason.
SLACK = 1e-3


@dataclass(frozen=True)
class Reason:
    """One limit that holds a demand back.

    Attributes
    ----------
    kind : as in the table `reasons`
    lift : the limit; None where nothing is left to lift, or where only cost speaks against being on time
    first, last : first and last bucket in which it holds the demand back
    saved : late unit-days saved if it alone were lifted; NaN where that has no meaning
    left : late unit-days left if it and all before it were lifted; NaN for one that is not needed beside them
    enough : whether lifting it alone brings the demand on time
    """

    kind: str
    lift: Lift | None
    first: int
    last: int
    saved: float
    left: float
    enough: bool


@dataclass(frozen=True)
class _Tried:
    """A limit that has a price, the buckets in which it has one, and the lateness without it."""

    lift: Lift
    price: float
    first: int
    last: int
    value: float

    def rank(self, smallest: float) -> tuple[float, int, float]:
        """Return the key by which what helps most comes first; differences of rounding decide nothing."""
        steps = round(self.value / smallest) if self.value > smallest else 0
        return steps, _ORDER.index(self.lift.kind), -self.price


@dataclass(frozen=True)
class Question:
    """A late demand and the limits upstream of it.

    Attributes
    ----------
    late : late unit-days of the demand in the plan
    due : its due bucket; 0 where it was due before the start
    """

    part: Slice
    lifts: Sequence[Lift]
    asked: Asked
    late: float
    due: int

    @property
    def smallest(self) -> float:
        """Late unit-days that count as none."""
        return SMALLEST * max(self.asked.quantity, 1.0) + SLACK * 1e-3 * self.late

    def answer(self, start: Answer | None) -> tuple[list[Reason], Answer | None]:
        """Return the reasons, what helps most first, and the answer from which the next question may start.

        A limit that alone would help has a price in every optimal dual solution, so that only priced ones are tried.

        Parameters
        ----------
        start : answer for another demand of the same node
        """
        now = self.part.ask(self.asked, (), start.basis if start else None)
        if now is None:
            return [], start
        if now.value < self.late * (1 - SLACK) - self.smallest:
            enough = now.value <= self.smallest
            return [Reason("cost", None, 0, self.due, self.late - now.value, now.value, enough)], now
        alone = self._tried(now, ())
        chain = self._chain(now, alone)
        used = {id(reason.lift) for reason in chain}
        also = [one for one in alone if id(one.lift) not in used and now.value - one.value > self.smallest]
        return [*chain, *(self._reason(one, now.value, one.value, np.nan) for one in also)], now

    def _chain(self, now: Answer, alone: Sequence[_Tried]) -> list[Reason]:
        """Return the limits to lift together, the best next one at each step, until the demand is on time."""
        single = {id(one.lift): one.value for one in alone}
        chain: list[Reason] = []
        lifted: list[Lift] = []
        tried, left, answer = alone, now.value, now
        while tried and left > self.smallest and len(chain) < STEPS:
            best = tried[0]
            chain.append(self._reason(best, now.value, single.get(id(best.lift), now.value), best.value))
            lifted.append(best.lift)
            left = best.value
            if left > self.smallest:
                further = self.part.ask(self.asked, lifted, answer.basis)
                if further is None:
                    break
                answer = further
                tried = self._tried(answer, lifted)
        if left > self.smallest and not tried:
            chain.append(Reason("before_start", None, 0, self.due, np.nan, left, False))
        return chain

    def _reason(self, one: _Tried, before: float, alone: float, left: float) -> Reason:
        saved = max(before - alone, 0.0)
        return Reason(one.lift.kind, one.lift, one.first, one.last, saved, left, alone <= self.smallest)

    def _tried(self, now: Answer, lifted: Sequence[Lift]) -> list[_Tried]:
        """Return the priced limits, each lifted beside those already lifted, what helps most first."""
        done = {id(lift) for lift in lifted}
        priced = [(lift, *self._price(lift, now)) for lift in self.lifts if id(lift) not in done]
        priced = sorted((one for one in priced if one[1] > 0), key=lambda one: -one[1])[:TRIED]
        found = []
        for lift, price, first, last in priced:
            answer = self.part.ask(self.asked, [*lifted, lift], now.basis)
            if answer is not None:
                found.append(_Tried(lift, price, first, last, min(answer.value, now.value)))
        return sorted(found, key=lambda one: one.rank(self.smallest))

    def _price(self, lift: Lift, now: Answer) -> tuple[float, int, int]:
        """Return the sum of a limit's prices, and the first and last bucket in which it has one."""
        rows, kept = self.part.local_rows(lift.rows)
        low_rows, low_kept = self.part.local_rows(lift.low_rows)
        parts: list[tuple[Floats, Ints]] = [
            (-now.column_price[self.part.local_columns(lift.columns)], self.part.column_bucket(lift.columns)),
            (now.column_price[self.part.local_columns(lift.low_columns)], self.part.column_bucket(lift.low_columns)),
            (-now.row_price[rows], self.part.row_bucket(lift.rows[kept])),
            (now.row_price[low_rows], self.part.row_bucket(lift.low_rows[low_kept])),
        ]
        price = np.concatenate([part[0] for part in parts])
        bucket = np.concatenate([part[1] for part in parts])
        real = price > PRICE * (1 + float(self.asked.days.max()))
        if not real.any():
            return 0.0, 0, 0
        return float(price[real].sum()), int(bucket[real].min()), int(bucket[real].max())
