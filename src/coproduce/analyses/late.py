"""Why one demand is late: the limits to lift until it is on time, and those that would help by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..calendar import Floats, Ints
from .lift import Lift
from .question import PRICE, Answer, Asked, Slice

# How many limits are lifted alone at most, the dearest of them.
TRIED = 24
# Of limits that help equally the first is named: what sets a quantity before what sets a time.
_ORDER = (
    "resource", "rate", "supply", "supply_total", "lane", "border", "reservation", "share", "frozen", "stock_minimum",
    "stock_maximum", "option", "calendar", "milestone", "window", "material", "lead_time",
)  # fmt: skip
# Lateness below this share of the quantity asked for, in days, and of the lateness in the plan, is none.
SMALLEST = 1e-6
# What others hold may cost a demand this share of its lateness before cost is called the reason.
SLACK = 1e-3


@dataclass(frozen=True)
class Reason:
    """One limit that holds a demand back.

    Attributes
    ----------
    kind : as in the table `reasons`
    lift : the limit; None where nothing is left to lift, where only cost speaks against being on time, or where parts
        of lots would help
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
    lots : whether the question divides lots that the plan has to keep whole
    """

    part: Slice
    lifts: Sequence[Lift]
    asked: Asked
    late: float
    due: int
    lots: bool = False

    @property
    def smallest(self) -> float:
        """Late unit-days that count as none."""
        return SMALLEST * (max(self.asked.quantity, 1.0) + self.late)

    def answer(self, start: Answer | None) -> tuple[list[Reason], Answer | None]:
        """Return the reasons, what helps most first, and the answer from which the next question may start.

        A limit that alone would help has a price in every optimal dual solution, so that only priced ones are tried.

        Parameters
        ----------
        start : answer for another demand of the same node
        """
        now = self.part.ask(self.asked, (), start)
        if now is None:
            return [], start
        if now.value < self.late * (1 - SLACK) - self.smallest:
            enough, kind = now.value <= self.smallest, "lots" if self.lots else "cost"
            without = Reason(kind, None, 0, self.due, self.late - now.value, now.value, enough)
            return self._beside(without, [] if enough or not self.lots else self._limits(now)), now
        return self._limits(now), now

    def _beside(self, lots: Reason, limits: list[Reason]) -> list[Reason]:
        """Return whole lots before the limits that hold beside them, but after one that is enough without them."""
        told = [replace(one, saved=self.late) if one.enough else one for one in limits]
        if told and told[0].enough:
            return [told[0], replace(lots, left=np.nan), *told[1:]]
        return [lots, *told]

    def _limits(self, now: Answer) -> list[Reason]:
        """Return the limits that hold a demand back from being on time."""
        alone = self._tried(now)
        chain = [self._reason(alone[0], now.value, 0.0)] if alone and alone[0].value <= self.smallest else None
        chain = self._together(now, alone) if chain is None else chain
        used = {id(reason.lift) for reason in chain}
        also = [one for one in alone if id(one.lift) not in used and now.value - one.value > self.smallest]
        return [*chain, *(self._reason(one, now.value, np.nan) for one in also)]

    def _together(self, now: Answer, alone: Sequence[_Tried]) -> list[Reason]:
        """Return an irreducible set of limits that must be lifted together, and what is left then.

        All priced limits are lifted until none is left, lead times only if the others do not suffice; then those that
        the plan does not make use of are put back, and of the others each that is not needed, the cheapest first (a
        deletion filter, as for conflicts).
        """
        known = {id(one.lift): one for one in alone}
        lifted, end = self._needed(*self._all_lifted(now))
        least, left = end.value, [end.value][: len(lifted)]
        for number in range(len(lifted) - 1, 0, -1):
            answer = self.part.ask(self.asked, lifted[:number], end, tighter=True)
            end, value = (answer, answer.value) if answer is not None else (end, least)
            left.append(value)
        chain = [
            self._reason(
                known.get(id(lift)) or _Tried(lift, *self._price(lift, now), now.value),
                now.value,
                value if value > self.smallest else 0.0,
            )
            for lift, value in zip(lifted, reversed(left), strict=True)
        ]
        if least > self.smallest:
            chain.append(Reason("before_start", None, 0, self.due, np.nan, least, False))
        return chain

    def _needed(self, lifted: list[Lift], end: Answer) -> tuple[list[Lift], Answer]:
        """Return the lifted limits without those that can be put back, and the answer with them."""
        least = end.value
        lifted = self._in_use(lifted, end)
        for lift in reversed(list(lifted)):
            fewer = [other for other in lifted if other is not lift]
            answer = self.part.ask(self.asked, fewer, end, tighter=True)
            if answer is not None and answer.value <= least + self.smallest:
                lifted, end = fewer, answer
        return lifted, end

    def _in_use(self, lifted: Sequence[Lift], end: Answer) -> list[Lift]:
        """Return the lifted limits that an answer does not keep."""
        columns, rows = self.part.broken(self.asked, end)
        return [
            lift
            for lift in lifted
            if columns[self.part.local_columns(np.concatenate([lift.columns, lift.low_columns]))].any()
            or rows[self.part.local_rows(np.concatenate([lift.rows, lift.low_rows]))[0]].any()
        ]

    def _all_lifted(self, now: Answer) -> tuple[list[Lift], Answer]:
        """Return the limits that had a price until none had one, dearest first in each round, and the last answer."""
        lifted: list[Lift] = []
        for kinds in (_ORDER[:-1], _ORDER):
            while now.value > self.smallest:
                done = {id(lift) for lift in lifted}
                priced = [(self._price(lift, now)[0], lift) for lift in self.lifts if lift.kind in kinds]
                more = [one for one in priced if one[0] > 0 and id(one[1]) not in done]
                lifted += [lift for _, lift in sorted(more, key=lambda one: -one[0])]
                answer = self.part.ask(self.asked, lifted, now) if more else None
                if answer is None:
                    break
                now = answer
        return lifted, now

    def _reason(self, one: _Tried, before: float, left: float) -> Reason:
        saved, enough = max(before - one.value, 0.0), one.value <= self.smallest
        return Reason(one.lift.kind, one.lift, one.first, one.last, saved, left, enough)

    def _tried(self, now: Answer) -> list[_Tried]:
        """Return the priced limits, each lifted alone, what helps most first."""
        priced = sorted(((lift, *self._price(lift, now)) for lift in self.lifts), key=lambda one: -one[1])
        dearest = [one for one in priced[:TRIED] if one[1] > 0]
        values = self.part.ask_each(self.asked, [lift for lift, *_ in dearest], now)
        found = [
            _Tried(lift, price, first, last, min(value, now.value))
            for (lift, price, first, last), value in zip(dearest, values, strict=True)
            if value is not None
        ]
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
