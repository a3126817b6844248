"""Checks that the frozen horizon repeats the baseline, and that the table of changes is what differs from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Floats, Ints, floats, positions
from ..case import Case
from ..judge import TOLERANCE, Rule
from ..report import Check
from ..stability import TABLES, Compared

FROZEN = Rule("A982", "the frozen horizon repeats the baseline", "runs or units")
FIGURES = Rule("A983", "changes are those between the baseline and the plan", "runs or units")
COSTS = Rule("A984", "changes cost their price", "currency")
CHANGED = 20 * TOLERANCE
"""Share of a quantity from which a difference is a change for certain; from half of it, the plan may call it one."""
COMPLETE = Rule("A985", "every change of the baseline stands in the table", "rows")


def checks(case: Case) -> Iterator[Check]:
    """Check the frozen buckets, then the table row by row, then that no row is missing."""
    parts = case.against.kinds
    frozen = case.against.frozen
    before = np.concatenate([part.before[:, frozen].ravel() for part in parts.values()])
    after = np.concatenate([part.after[:, frozen].ravel() for part in parts.values()])
    yield FROZEN.equal(after, before, lambda at: _place(case, at))
    yield from _rows(case)
    missing = [place for kind in parts for place in _missing(case, kind)]
    yield COMPLETE.none(np.full(len(missing), True), lambda at: missing[at])


def _words(case: Case, kind: str, pair: int, bucket: int) -> str:
    part, table = case.against.kinds[kind], case.tables[TABLES[kind]]
    name = table[table.columns[0]][int(part.entity[pair])]
    item = case.tables["items"]["item"][int(part.item[pair])] if part.item[pair] >= 0 else ""
    return f"{kind} {name} {item}".rstrip() + f" in {case.clock.place(bucket)}"


def _place(case: Case, at: int) -> str:
    """Name an element of all frozen buckets, kind after kind."""
    buckets = np.flatnonzero(case.against.frozen)
    for kind, part in case.against.kinds.items():
        size = len(part.entity) * len(buckets)
        if at < size:
            pair, number = divmod(at, len(buckets))
            return _words(case, kind, pair, int(buckets[number]))
        at -= size
    return ""


def _pairs(case: Case, kind: str) -> tuple[Ints, Ints]:
    """Return the rows of a kind in the table of changes, and the pair of each; -1 for one that is not there."""
    frame, part = case.frames["baseline_changes"], case.against.kinds[kind]
    rows = np.flatnonzero((frame["kind"] == kind).to_numpy())
    own, table = frame[rows.tolist()], case.tables[TABLES[kind]]
    entity = positions(own["entity"], table[table.columns[0]])
    item = positions(own["item"], case.tables["items"]["item"]) if kind == "shipment" else np.full(len(own), -1)
    number = {pair: at for at, pair in enumerate(zip(part.entity.tolist(), part.item.tolist(), strict=True))}
    known = (own["bucket"].to_numpy() >= 0) & (own["bucket"].to_numpy() < case.clock.count)
    found = [number.get(pair, -1) for pair in zip(entity.tolist(), item.tolist(), strict=True)]
    return rows, np.where(known, np.array(found, dtype=np.int64), -1)


def _rows(case: Case) -> Iterator[Check]:
    frame, place = case.frames["baseline_changes"], case.row_place("baseline_changes", "kind", "entity")
    expected = np.full((6, len(frame)), np.nan)
    for kind, part in case.against.kinds.items():
        rows, pair = _pairs(case, kind)
        rows, pair = rows[pair >= 0], pair[pair >= 0]
        expected[:, rows] = _figures(part, pair, frame["bucket"].to_numpy()[rows])
    before, after, behind, cost, largest, scale = expected
    seen = np.stack([floats(frame[name]) for name in ("before", "after", "change", "behind")])
    right = np.stack([before, after, after - before, behind])
    yield FIGURES.on(np.abs(seen - right).max(axis=0, initial=0.0), largest, place)
    yield COSTS.equal(floats(frame["cost"]), cost, place, scale)


def _figures(part: Compared, pair: Ints, bucket: Ints) -> Floats:
    every = (part.before, part.after, part.behind, part.cost, part.largest, part.scale)
    return np.stack([array[pair, bucket] for array in every])


def _missing(case: Case, kind: str) -> Iterator[str]:
    """Yield the changes that are larger than rounding and have no row."""
    part = case.against.kinds[kind]
    size = CHANGED * np.maximum(1.0, np.maximum(part.before, part.after))
    changed = (np.abs(part.after - part.before) > size) & case.against.covered
    rows, pair = _pairs(case, kind)
    there = np.zeros(changed.shape, dtype=bool)
    known = pair >= 0
    there[pair[known], case.frames["baseline_changes"]["bucket"].to_numpy()[rows[known]]] = True
    for at, bucket in np.argwhere(changed & ~there).tolist():
        yield _words(case, kind, at, bucket)
