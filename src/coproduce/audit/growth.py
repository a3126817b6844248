"""Growth computed anew: dates of milestones, options in effect, and from when everything that waits is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from ..tables.keys import listed
from .arrays import Bools, Ints, floats, positions
from .clock import ALWAYS, NEVER, Clock, lead_seconds

OPENS = {
    "processes": "start_from",
    "lanes": "start_from",
    "supplies": "order_from",
    "resources": "available_from",
    "demands": "earliest",
}
"""The column from which on each table's rows are open without growth."""


@dataclass(frozen=True)
class Bought:
    """The rows of `investments` whose option is known, (rows,) each; times in seconds.

    `row` is the row of the table of results.
    """

    row: Ints
    option: Ints
    ordered: Ints
    number: Ints
    effect: Ints
    until: Ints


@dataclass(frozen=True)
class Growth:
    """Milestones and options of a plan.

    Attributes
    ----------
    number, option_number : positions of the ids
    decided : (milestones,) whether the plan chooses the date
    begin, reached : (milestones,) seconds; NEVER for one that the plan does not begin
    earliest : (milestones,) from when it may begin by its own date
    duration : (milestones,) seconds
    bought : what the plan buys
    """

    tables: Tables
    clock: Clock
    number: Mapping[str, int]
    option_number: Mapping[str, int]
    decided: Bools
    begin: Ints
    reached: Ints
    earliest: Ints
    duration: Ints
    bought: Bought

    @classmethod
    def of(cls, tables: Tables, frames: Mapping[str, pl.DataFrame], clock: Clock) -> Growth:
        """Date the milestones: decided ones by the plan, all others by the input alone."""
        frame = tables["milestones"]
        number = {name: at for at, name in enumerate(frame["milestone"].to_list())}
        decided = _decided(tables, number)
        earliest = np.maximum(clock.seconds(frame["earliest"], 0), 0)
        duration = lead_seconds(floats(frame["duration_days"]))
        said = frames["milestone_plan"].unique("milestone", keep="first", maintain_order=True)
        at = positions(said["milestone"], frame["milestone"])
        begin = np.full(len(frame), NEVER, dtype=np.int64)
        begin[at[at >= 0]] = clock.seconds(said["begin"], NEVER)[at >= 0]
        fixed = clock.seconds(frame["reached"], NEVER)
        reached = np.where(begin >= NEVER, NEVER, begin + duration)
        waits = [[number[name] for name in listed(cell)] for cell in frame["after"]]
        _forward(waits, decided, fixed, earliest, duration, begin, reached)
        options = {name: at for at, name in enumerate(tables["options"]["option"].to_list())}
        bought = _bought(tables, frames["investments"], clock)
        return cls(tables, clock, number, options, decided, begin, reached, earliest, duration, bought)

    def required(self, cell: str | None, *, decided: bool | None = None) -> int:
        """Return the instant at which all listed milestones are reached, of one sort if asked; ALWAYS for none."""
        listed_ = [self.number[name] for name in listed(cell)]
        chosen = [at for at in listed_ if decided is None or bool(self.decided[at]) == decided]
        return max((int(self.reached[at]) for at in chosen), default=ALWAYS)

    def waits_for_decision(self, cell: str | None) -> bool:
        """Tell whether any of the listed milestones is decided."""
        return any(self.decided[self.number[name]] for name in listed(cell))

    def opening(self, table: str) -> Ints:
        """Return (rows,) from when each row is open by its own date and by determined milestones."""
        frame = self.tables[table]
        own = self.clock.seconds(frame[OPENS[table]], ALWAYS)
        return np.array(
            [max(int(at), self.required(cell, decided=False)) for at, cell in zip(own, frame["requires"], strict=True)],
            dtype=np.int64,
        )

    def closed(self, table: str) -> Bools:
        """Return (rows, buckets) where milestones or options keep a row shut, whatever its own dates say."""
        frame, starts = self.tables[table], self.clock.edges[:-1]
        # A determined milestone acts as an earliest date of delivery does: from the bucket that contains it on.
        tested = self.clock.edges[1:] - 1 if table == "demands" else starts
        result = np.zeros((len(frame), self.clock.count), dtype=bool)
        for row, cell in enumerate(frame["requires"]):
            if cell is not None:
                result[row] = (tested < self.required(cell, decided=False)) | (
                    starts < self.required(cell, decided=True)
                )
        if "option" in frame.columns:
            for row, name in enumerate(frame["option"]):
                if name is not None:
                    result[row] |= ~self.in_effect(name)
        return result

    def in_effect(self, name: str, *, ended: bool = True) -> Bools:
        """Return (buckets,) whether an option is in effect at the start; `ended`: until its duration is over."""
        starts, own = self.clock.edges[:-1], np.flatnonzero(self.bought.option == self.option_number[name])
        until = self.bought.until[own] if ended else np.full(len(own), NEVER)
        there = (self.bought.effect[own][:, None] <= starts) & (starts < until[:, None])
        result: Bools = there.any(axis=0)
        return result

    def decision(self, table: str, row: int) -> int | None:
        """Return the start of the first bucket by which all that is decided is there; None where nothing is.

        NEVER where it never is.
        """
        frame, starts = self.tables[table], self.clock.edges[:-1]
        cell = frame["requires"][row]
        option = frame["option"][row] if "option" in frame.columns else None
        if option is None and not self.waits_for_decision(cell):
            return None
        there = starts >= self.required(cell, decided=True)
        if option is not None:
            there &= self.in_effect(option, ended=False)
        found = np.flatnonzero(there)
        return int(starts[found[0]]) if len(found) else NEVER


def _decided(tables: Tables, number: Mapping[str, int]) -> Bools:
    """Return which milestones take capacity or wait for an option, or for one that does, and have no fixed date."""
    frame, loads = tables["milestones"], tables["milestone_loads"]
    free = frame["reached"].is_null().to_numpy()
    taking = set(loads.filter(pl.col("quantity") > 0)["milestone"].to_list())
    result = np.array([name in taking for name in frame["milestone"]], dtype=bool)
    result = (result | frame["option"].is_not_null().to_numpy()) & free
    while True:
        after = [any(result[number[name]] for name in listed(cell)) for cell in frame["after"]]
        grown = (result | np.array(after, dtype=bool)) & free
        if np.array_equal(grown, result):
            return result
        result = grown


def _forward(
    waits: Sequence[Sequence[int]],
    decided: Bools,
    fixed: Ints,
    earliest: Ints,
    duration: Ints,
    begin: Ints,
    reached: Ints,
) -> None:
    """Date all that is not decided, in place: over and over, until no date moves any more."""
    for at in np.flatnonzero(~decided).tolist():
        begin[at] = fixed[at] if fixed[at] < NEVER else earliest[at]
        reached[at] = fixed[at] if fixed[at] < NEVER else begin[at] + duration[at]
    for _ in range(len(begin)):
        moved = False
        for at in np.flatnonzero(~decided & (fixed >= NEVER)).tolist():
            first = max([int(earliest[at]), *(int(reached[one]) for one in waits[at])])
            moved |= first != begin[at]
            begin[at], reached[at] = first, first + duration[at]
        if not moved:
            return


def _bought(tables: Tables, frame: pl.DataFrame, clock: Clock) -> Bought:
    options = tables["options"]
    option, bucket = positions(frame["option"], options["option"]), frame["bucket"].to_numpy().astype(np.int64)
    row = np.flatnonzero((option >= 0) & (bucket >= 0) & (bucket < clock.count)).astype(np.int64)
    option = option[row]
    ordered = clock.edges[bucket[row]]
    effect = ordered + lead_seconds(floats(options["delay_days"]))[option]
    lasting = lead_seconds(floats(options["duration_days"]))[option]
    endless = options["duration_days"].is_null().to_numpy()[option]
    number = frame["quantity"].fill_null(0).to_numpy().astype(np.int64)[row]
    return Bought(row, option, ordered, number, effect, np.where(endless, NEVER, effect + lasting))
