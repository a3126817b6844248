"""Checks that joint set-ups are made where runs need them and cost what the input says."""

from __future__ import annotations

from collections.abc import Iterator

from ..arrays import floats
from ..case import Case
from ..judge import Rule
from ..money import converted
from ..report import Check

NEEDED = Rule("A761", "runs of a group start only in buckets in which the group is set up", "rows")
COST = Rule("A762", "joint set-ups cost their price and the resources they take", "currency")


def checks(case: Case) -> Iterator[Check]:
    """Check need and cost of joint set-ups."""
    runs, set_ups, count = case.plan.runs, case.plan.set_ups, case.clock.count
    run_words, row_words = case.row_place("runs", "process"), case.row_place("setups", "setup_group")
    group = set_ups.member[runs.entity]
    missing = (group >= 0) & (runs.quantity > 0)
    missing[missing] = ~set_ups.made(count)[group[missing], runs.bucket[missing]]
    yield NEEDED.none(missing, lambda at: run_words(int(runs.at[at])))
    price = converted(case.tables, "setup_groups", "cost")
    price = price + set_ups.taken @ converted(case.tables, "resources", "cost")
    seen = floats(case.frames["setups"]["cost"])[set_ups.at]
    yield COST.equal(seen, price[set_ups.group], lambda at: row_words(int(set_ups.at[at])))
