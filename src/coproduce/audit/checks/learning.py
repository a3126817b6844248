"""Checks that the learning curves of a plan follow Wright's law within their error, and that its loads follow them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Floats, Ints, floats
from ..case import Case
from ..judge import Rule
from ..learning import Curve, Law, connected, loads_of
from ..report import Check

KNOWN = Rule("A307", "learning curves are of the loads that fall, each of them once", "rows")
CONNECTED = Rule("A308", "learning curves begin with the runs before the horizon and have no gap", "rows")
ON_LAW = Rule("A309", "learning curves meet Wright's law where their segments meet", "resource units/run")
ERROR = Rule("A310", "learning curves are as near to Wright's law as they say", "share")
LOADS = Rule("A341", "learned loads are those of the runs on their curves", "resource units")
BY_LAW = Rule("A342", "learned loads by Wright's law are those of the runs", "resource units")
RUNS = Rule("A343", "learned loads name every run of a process that learns, and no other", "runs")
_POINTS = 3_000


def checks(case: Case) -> Iterator[Check]:
    """Check the curves against the law, then the loads against the curves."""
    yield from _curves(case)
    yield from _loads(case)


def _curves(case: Case) -> Iterator[Check]:
    frame, learned = case.frames["learning_curve"], case.use.learned
    place = case.row_place("learning_curve", "process", "resource", "segment")
    wrong = ~np.isin(loads_of(case.tables, frame), list(learned.laws))
    broken, off, beyond = np.zeros(len(frame), dtype=bool), np.zeros(len(frame)), np.zeros(len(frame))
    for at, law in learned.laws.items():
        curve = learned.curves[at]
        broken[curve.at] = connected(curve)
        broken[curve.at[:1]] |= curve.begin[:1] != law.before
        if len(curve.at) and not broken[curve.at].any():
            ends = law.taken(np.append(curve.begin, curve.until[-1]))
            off[curve.at] = np.abs(np.diff(ends) / np.diff(np.append(curve.begin, curve.until[-1])) - curve.load)
            beyond[curve.at] = _error(law, curve) - curve.error
    yield KNOWN.none(wrong, place)
    yield CONNECTED.none(broken, place)
    yield ON_LAW.on(off, floats(frame["load"]), place)
    yield ERROR.on(beyond, 0.0, place)


def _error(law: Law, curve: Curve) -> float:
    """Return by how much a curve is off the law at most, as a share of what was taken since the start."""
    first, last = np.floor(law.before) + 1, np.floor(curve.until[-1])
    if last < first:
        return 0.0
    runs = np.unique(np.rint(np.geomspace(first, last, _POINTS)))
    exact = law.taken(runs)
    return float((np.abs(curve.taken(runs) - exact) / exact)[runs > law.before].max(initial=0.0))


def _loads(case: Case) -> Iterator[Check]:
    frame, learned, runs = case.frames["learned_loads"], case.use.learned, case.plan.runs
    process = case.tables["loads"]["process"]
    made = runs.by_bucket(len(case.tables["processes"]), case.clock.count)
    stated = np.zeros((len(process), case.clock.count))
    load, bucket = loads_of(case.tables, frame), frame["bucket"].to_numpy()
    at = case.known(load, frame["bucket"])
    np.add.at(stated, (load[at], bucket[at]), floats(frame["runs"])[at])
    expected, on_curve, by_law = np.zeros(stated.shape), np.zeros(stated.shape), np.zeros(stated.shape)
    ids = case.tables["processes"]["process"].to_list()
    for line, law in learned.laws.items():
        expected[line] = made[ids.index(process[line])]
        total = law.before + np.concatenate([[0.0], np.cumsum(expected[line])])
        on_curve[line], by_law[line] = np.diff(learned.curves[line].taken(total)), np.diff(law.taken(total))
    yield RUNS.equal(stated, expected, lambda one: f"learned_loads: process {process[one // case.clock.count]}")
    yield _column(case, LOADS, "load", at, on_curve[load[at], bucket[at]])
    yield _column(case, BY_LAW, "by_law", at, by_law[load[at], bucket[at]])


def _column(case: Case, rule: Rule, column: str, at: Ints, expected: Floats) -> Check:
    place = case.row_place("learned_loads", "process", "resource")
    seen = floats(case.frames["learned_loads"][column])[at]
    return rule.equal(seen, expected, lambda row: place(int(at[row])))
