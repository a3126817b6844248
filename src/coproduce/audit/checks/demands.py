"""Checks that deliveries keep what the demands ask for, and that the service table tells how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import Bools, Floats, Ints, floats, positions
from ..case import Case
from ..clock import NEVER
from ..judge import TOLERANCE, Rule
from ..report import Check
from ..service import Span, earliest_bucket

EARLIEST = Rule("A501", "nothing is delivered before a demand allows it", "units")
TOO_LATE = Rule("A502", "nothing is delivered later than a demand allows it", "units")
TOO_MUCH = Rule("A503", "no demand gets more than it asks for", "units")
ROW_LATE = Rule("A504", "deliveries are as late as their rows say", "days")
COMPLETE = Rule("A505", "the service table has every demand", "rows")
STATUS = Rule("A506", "the status of every demand is as it is served", "demands")
FIGURES = {
    "asked": Rule("A507", "units asked for are those of the demand", "units"),
    "on_time": Rule("A508", "units on time are those delivered by the due bucket", "units"),
    "late": Rule("A509", "late units are those delivered after the due bucket", "units"),
    "unmet": Rule("A510", "unmet units are those never delivered", "units"),
}
FIRST = Rule("A511", "the first delivery is dated as it takes place", "demands")
LAST = Rule("A512", "the last delivery is dated as it takes place", "demands")
LATE_DAYS = Rule("A513", "every demand is completed as late as the service table says", "days")
LATE_UNIT_DAYS = Rule("A514", "late unit-days are units times days", "unit-days")
POSSIBLE = Rule("A515", "no delivery is earlier than the earliest called possible", "demands")


def checks(case: Case) -> Iterator[Check]:
    """Check the deliveries, then the service table against them."""
    yield from _deliveries(case)
    yield from _Table.of(case).checks()


def _deliveries(case: Case) -> Iterator[Check]:
    demands, rows, served = case.tables["demands"], case.plan.deliveries, case.served
    row_words = case.row_place("deliveries", "demand")

    def place(at: int) -> str:
        return row_words(int(rows.at[at]))

    early = rows.bucket < earliest_bucket(case.tables, case.clock)[rows.entity]
    yield EARLIEST.on(np.where(early, rows.quantity, 0.0), 0.0, place)
    most = floats(demands["maximum_late_days"], np.inf)[rows.entity]
    # A day count may be written with fewer digits than a second needs.
    late = served.row_late_days > most + TOLERANCE
    yield TOO_LATE.on(np.where(late, rows.quantity, 0.0), 0.0, place)
    excess = served.delivered - served.asked
    yield TOO_MUCH.on(excess, served.asked, case.id_place("demands", "demand"))
    yield ROW_LATE.equal(floats(case.frames["deliveries"]["late_days"])[rows.at], served.row_late_days, place)


@dataclass(frozen=True)
class _Table:
    """The rows of the service table that name a known demand: their positions, and those of their demands."""

    case: Case
    at: Ints
    demand: Ints

    @classmethod
    def of(cls, case: Case) -> _Table:
        found = positions(case.frames["demand_service"]["demand"], case.tables["demands"]["demand"])
        at = np.flatnonzero(found >= 0).astype(np.int64)
        return cls(case, at, found[at])

    def checks(self) -> Iterator[Check]:
        """Check column by column."""
        served, demand = self.case.served, self.demand
        missing = np.ones(len(served.asked), dtype=bool)
        missing[demand] = False
        yield COMPLETE.none(missing, self.case.id_place("demands", "demand"))
        yield STATUS.none(~self._status_holds(), self.place)
        for column, rule in FIGURES.items():
            expected = getattr(served, column)[demand]
            yield rule.equal(self._numbers(column), expected, self.place, served.asked[demand])
        yield FIRST.none(self._dated("first_delivery", "first"), self.place)
        yield LAST.none(self._dated("last_delivery", "last"), self.place)
        yield LATE_DAYS.on(self._completion_off(), served.unmet_late_days[demand], self.place)
        most = (served.asked * served.unmet_late_days)[demand]
        seen = self._numbers("late_unit_days")
        yield LATE_UNIT_DAYS.equal(seen, served.late_unit_days[demand], self.place, most)
        yield POSSIBLE.none(self._impossible(), self.place)

    def place(self, row: int) -> str:
        """Name a row by its demand."""
        return f"demand {self.case.tables['demands']['demand'][int(self.demand[row])]}"

    def _numbers(self, column: str) -> Floats:
        return floats(self.case.frames["demand_service"][column])[self.at]

    def _seconds(self, column: str, empty: int) -> Ints:
        return self.case.clock.seconds(self.case.frames["demand_service"][column], empty)[self.at]

    def _ends(self, bucket: Ints) -> Ints:
        """Return the end of each bucket; of -1, for no bucket, the time that stands for an empty date."""
        return np.append(self.case.clock.edges[1:], NEVER)[bucket].astype(np.int64)

    def _status_holds(self) -> Bools:
        """Tell where the status is the one that the units make it; what is as good as none counts as none."""
        served, none = self.case.served, self.case.served.negligible[self.demand]
        short = served.unmet[self.demand] >= none
        late = served.late[self.demand] >= none
        expected = np.where(short, "short", np.where(late, "late", "on_time"))
        status = self.case.frames["demand_service"]["status"].gather(self.at).to_numpy()
        holds: Bools = status.astype(str) == expected
        return holds

    def _spans(self) -> tuple[Span, Span]:
        """Return the two readings of first and last: with and without deliveries of next to nothing."""
        return self.case.served.all_rows, self.case.served.counted_rows

    def _dated(self, column: str, which: str) -> Bools:
        """Tell which dates are not the end of the bucket; empty is right where there is no delivery."""
        seen = self._seconds(column, NEVER)
        every, counted = (self._ends(getattr(span, which)[self.demand]) for span in self._spans())
        wrong: Bools = (seen != every) & (seen != counted)
        return wrong

    def _completion_off(self) -> Floats:
        """Departure of the completion lateness from that of the last delivery or of the unmet units."""
        served, seen = self.case.served, self._numbers("late_days")
        unmet = served.unmet[self.demand]
        off = [np.abs(seen - span.last_late_days[self.demand]) for span in self._spans()]
        complete = np.minimum(*off)
        short = np.abs(seen - served.unmet_late_days[self.demand])
        either = np.where(unmet > 0, np.minimum(complete, short), complete)
        return np.where(unmet >= served.negligible[self.demand], short, either)

    def _impossible(self) -> Bools:
        first = self.case.served.counted_rows.first[self.demand]
        return (first >= 0) & (self._seconds("earliest_possible", NEVER) > self._ends(first))
