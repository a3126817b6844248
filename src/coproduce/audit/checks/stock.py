"""Checks that the stock table is the replay of the plan, and that stocks stay within their limits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Bools, floats, positions
from ..case import Case
from ..clock import ALWAYS
from ..judge import TOLERANCE, Rule
from ..report import Check
from ..versions import obsolete_buckets

COMPLETE = Rule("A401", "the stock table has every bucket of every item and site that is touched", "rows")
COLUMNS = {
    "opening": Rule("A402", "opening stocks are those that the replay finds", "units"),
    "received": Rule("A403", "received units are receipts and purchases as they arrive", "units"),
    "produced": Rule("A404", "produced units are the output of runs", "units"),
    "moved_in": Rule("A405", "units moved in are shipments as they arrive", "units"),
    "consumed": Rule("A406", "consumed units are the input of runs", "units"),
    "moved_out": Rule("A407", "units moved out are shipments as they depart", "units"),
    "delivered": Rule("A408", "delivered units are the deliveries to demands", "units"),
    "stood_in": Rule("A414", "units stood in for are those of newer versions given instead", "units"),
    "stands_in": Rule("A415", "units standing in are those given in place of older versions", "units"),
    "written_off": Rule("A416", "units written off are those of the write-offs", "units"),
    "closing": Rule("A409", "closing stocks are those that the replay finds", "units"),
}
NOT_NEGATIVE = Rule("A410", "nothing is used before it is there: no stock is negative", "units")
MINIMUM = Rule("A411", "stocks keep their minimum", "units")
MAXIMUM = Rule("A412", "stocks keep their maximum", "units")
FINAL = Rule("A413", "stocks keep their minimum at the end of the horizon", "units")


def checks(case: Case) -> Iterator[Check]:
    """Check the stock table column by column, then the limits on the replayed stocks."""
    yield COMPLETE.none(_missing(case), case.node_place)
    yield from _columns(case)
    yield NOT_NEGATIVE.on(-case.moves.closing, case.moves.throughput, case.node_place)
    yield from _limits(case)


def _missing(case: Case) -> Bools:
    """(nodes, buckets) whether a row should be in the stock table and is not."""
    moves, frame = case.moves, case.frames["stock"]
    moved = moves.inflow + moves.outflow
    touched = np.maximum(moves.opening, np.abs(moved).sum(axis=1)) > TOLERANCE
    there = np.zeros(moved.shape, dtype=bool)
    node = case.nodes.find(frame["item"], frame["site"])
    bucket = frame["bucket"].to_numpy()
    at = case.known(node, frame["bucket"])
    there[node[at], bucket[at]] = True
    missing: Bools = touched[:, None] & ~there
    return missing


def _columns(case: Case) -> Iterator[Check]:
    moves, frame = case.moves, case.frames["stock"]
    node, bucket = case.nodes.find(frame["item"], frame["site"]), frame["bucket"].to_numpy()
    at = case.known(node, frame["bucket"])
    cell = node[at], bucket[at]
    place = case.row_place("stock", "item", "site")
    for column, rule in COLUMNS.items():
        is_stock = column in ("opening", "closing")
        replayed = moves.opening_by_bucket if column == "opening" else getattr(moves, column)
        # A stock is a sum over all earlier buckets; it is known as well as the largest term of that sum.
        scale = moves.throughput[cell] if is_stock else 0.0
        seen = floats(frame[column])[at]
        yield rule.equal(seen, replayed[cell], lambda row: place(int(at[row])), scale)


def _limits(case: Case) -> Iterator[Check]:
    clock, stocks = case.clock, case.tables["stocks"]
    node = case.nodes.find(stocks["item"], stocks["site"])
    closing, scale = case.moves.closing[node], case.moves.throughput[node]

    def place(at: int) -> str:
        row, bucket = divmod(at, clock.count)
        return case.node_place(int(node[row]) * clock.count + bucket)

    minimum = floats(stocks["minimum"])[:, None]
    first = np.maximum(clock.bucket(clock.seconds(stocks["minimum_from"], ALWAYS)), 0)
    obsolete = obsolete_buckets(case.tables, clock, positions(stocks["item"], case.tables["items"]["item"]))
    holds = (np.arange(clock.count) >= first[:, None]) & ~obsolete
    yield MINIMUM.on(np.where(holds, minimum - closing, 0.0), np.maximum(scale, minimum), place)
    maximum = floats(stocks["maximum"], np.inf)[:, None]
    yield MAXIMUM.on(closing - maximum, scale, place)
    final = np.where(obsolete[:, -1], 0.0, floats(stocks["final_min"]))
    last = np.maximum(scale[:, -1], final)
    yield FINAL.on(final - closing[:, -1], last, lambda at: case.nodes.place(int(node[at])) + " at the end")
