"""Checks that the plan keeps what was agreed on, and that the tables say so rightly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..agreements import Slot, slots
from ..arrays import Floats, floats, positions
from ..case import Case
from ..judge import TOLERANCE, Place, Rule
from ..report import Check

SMALL = 1e-3
"""Below this amount of work or units, shares of it are not compared."""
KEPT = {
    "share": Rule("A951", "work shares are kept in every period", "currency or hours"),
    "set": Rule("A952", "of all demands of a set the same share is delivered in every bucket", "units"),
    "fair_share": Rule("A953", "customers' shares of what was due differ by no more than agreed", "units"),
    "export_floor": Rule("A954", "exports are delivered only where the floor at home is reached", "units"),
    "reservation": Rule("A955", "reserved capacity is left to those it is for", "resource units"),
    "border": Rule("A956", "what departs over the lanes of a border keeps its capacity", "lane units"),
    "transit": Rule("A957", "items travel no further per unit delivered than agreed", "unit-days or crossings"),
    "origin_limit": Rule("A991", "no more of the component cost comes from outside a zone than agreed", "currency"),
}
COMPLETE = Rule("A958", "the table of agreements has every agreement, with its worst stretch of time", "rows")
VALUE = Rule("A959", "values and limits of agreements are those of plan and input", "as the unit")
SAYS = Rule("A960", "an agreement is called kept where it is", "rows")
COST = Rule("A961", "the cost of an agreement is what the bounds of both plans leave", "unit of the stage")
WITH = Rule("A962", "costs of agreements start from the stages of this plan", "unit of the stage")
EXPOSURE = Rule("A963", "exposure is what the shipments make it", "units, crossings or unit-days")


def checks(case: Case) -> Iterator[Check]:
    """Check every agreement, then the tables about them."""
    found = list(slots(case))
    for kind, rule in KEPT.items():
        mine = [slot for slot in found if slot.kind.startswith(kind)]
        yield rule.on(_of(mine, "excess"), _of(mine, "scale"), _place(case, mine))
    yield from _table(case, found)
    yield from _costs(case)
    yield _exposure(case)


def _place(case: Case, found: list[Slot]) -> Place:
    return lambda at: f"{found[at].kind} {_name(case, found[at])} from {case.clock.moment(found[at].first):%Y-%m-%d}"


def _of(found: list[Slot], name: str) -> Floats:
    return np.array([getattr(slot, name) for slot in found], dtype=np.float64)


def _name(case: Case, slot: Slot) -> str:
    return str(case.tables[slot.table].item(slot.row, 0))


def _table(case: Case, found: list[Slot]) -> Iterator[Check]:
    """Compare the table with what was found: of every agreement the stretch that it shows, and no worse one."""
    frame, clock = case.frames["agreements"], case.clock
    known = {(slot.kind, _name(case, slot), slot.first, slot.last): slot for slot in found}
    first, last = clock.seconds(frame["first"], -1).tolist(), clock.seconds(frame["last"], -1).tolist()
    keys = [*zip(frame["kind"], frame["agreement"], first, last, strict=True)]
    shown = [known.get(key) for key in keys]
    wrong = [str(key[1]) for key, slot in zip(keys, shown, strict=True) if slot is None]
    wrong += _left_out(case, found, [slot for slot in shown if slot is not None])
    yield COMPLETE.none(np.ones(len(wrong), dtype=bool), lambda at: f"agreement {wrong[at]}")
    at = [row for row, slot in enumerate(shown) if slot is not None]
    there = [slot for slot in shown if slot is not None]
    place = case.row_place("agreements", "kind", "agreement")
    seen = {name: floats(frame[name], np.nan)[at] for name in ("value", "least", "most")}
    off = {name: np.abs(_both_empty(seen[name], _of(there, name))) for name in seen}
    # A share of next to nothing says nothing.
    size = _of(there, "size")
    off["value"] = np.where(size < SMALL, 0.0, off["value"] * np.minimum(size, 1.0))
    scale = np.abs(np.nan_to_num(_of(there, "value")))
    yield VALUE.on(np.maximum.reduce(list(off.values())), scale, lambda row: place(at[row]))
    kept = _of(there, "excess") <= TOLERANCE * np.maximum(1.0, _of(there, "scale"))
    said = frame["kept"].to_numpy()[at] if at else np.zeros(0, dtype=bool)
    yield SAYS.none(kept != said, lambda row: place(at[row]))


def _both_empty(seen: Floats, expected: Floats) -> Floats:
    """Return differences; 0 where both are empty, infinite where one is."""
    empty = np.isnan(seen), np.isnan(expected)
    one = np.where(empty[0] ^ empty[1], np.inf, 0.0)
    return np.where(empty[0] | empty[1], one, seen - expected)


def _left_out(case: Case, found: list[Slot], shown: list[Slot]) -> list[str]:
    """Return agreements without a row, or whose row is kept where another stretch is broken, and shares by period."""
    seen = {(slot.kind, slot.row) for slot in shown}
    broken = {(slot.kind, slot.row) for slot in shown if slot.excess > TOLERANCE * max(1.0, slot.scale)}
    missing = [slot for slot in found if (slot.kind, slot.row) not in seen]
    hidden = [
        slot for slot in found if slot.excess > TOLERANCE * max(1.0, slot.scale) and (slot.kind, slot.row) not in broken
    ]
    periods = [slot for slot in found if slot.kind == "share" and slot not in shown]
    return [_name(case, slot) for slot in (*missing, *hidden, *periods)]


def _costs(case: Case) -> Iterator[Check]:
    """Check the intervals of `agreement_costs`; a side is empty where a bound is."""
    frame = case.frames["agreement_costs"]
    place = case.row_place("agreement_costs", "agreement", "stage")
    numbers = {name: floats(frame[name], np.nan) for name in frame.columns[4:]}
    with_, without = (
        (numbers["value_with"], numbers["bound_with"]),
        (numbers["value_without"], numbers["bound_without"]),
    )
    off = np.maximum(
        np.abs(_both_empty(numbers["low"], with_[1] - without[0])),
        np.abs(_both_empty(numbers["high"], with_[0] - without[1])),
    )
    size = np.nan_to_num(np.maximum(np.abs(with_[0]), np.nan_to_num(np.abs(without[0]))))
    yield COST.on(off, size, place)
    tiers = case.frames["tiers"]
    at = positions(frame["stage"], tiers["stage"])
    wrong = np.full(len(at), np.inf)
    ours = np.flatnonzero(at >= 0)
    for seen, name in zip(with_, ("value", "bound"), strict=True):
        expected = floats(tiers[name], np.nan)[at[ours]]
        gap = np.abs(_both_empty(seen[ours], expected))
        wrong[ours] = gap if name == "value" else np.maximum(wrong[ours], gap)
    yield WITH.on(wrong, size, place)


def _exposure(case: Case) -> Check:
    """Compare units, crossings and unit-days of every item and lane with the shipments."""
    frame, sent, lanes = case.frames["exposure"], case.plan.shipments, case.tables["lanes"]
    count = len(lanes)
    key = case.plan.shipped_item * count + sent.entity
    shown = positions(frame["item"], case.tables["items"]["item"]) * count + positions(frame["lane"], lanes["lane"])
    crossed = lanes["border"].is_not_null().to_numpy().astype(np.float64)
    every = np.unique(np.concatenate([key, shown]))
    off, scale = np.zeros(len(every)), np.zeros(len(every))
    for name, per in (("quantity", np.ones(count)), ("crossings", crossed), ("transit", floats(lanes["lead_days"]))):
        amount = np.bincount(
            np.searchsorted(every, key), weights=sent.quantity * per[sent.entity], minlength=len(every)
        )
        seen = np.bincount(np.searchsorted(every, shown), weights=floats(frame[name]), minlength=len(every))
        off, scale = np.maximum(off, np.abs(seen - amount)), np.maximum(scale, np.abs(amount))
    items, names = case.tables["items"]["item"], lanes["lane"]

    def words(at: int) -> str:
        item, lane = divmod(int(every[at]), count)
        return f"item {items[item]} over lane {names[lane]}"

    return EXPOSURE.on(off, scale, words)
