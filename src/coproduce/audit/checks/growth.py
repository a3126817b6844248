"""Checks that milestones keep their order, that everything waits for what it requires, and that options are as bought."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ...tables.keys import listed
from ..arrays import Bools, Floats, Ints, floats, positions
from ..case import Case
from ..clock import ALWAYS, NEVER
from ..judge import Rule
from ..report import Check
from ..rows import Rows

COMPLETE = Rule("A311", "the milestone table has every milestone", "rows")
DETERMINED = Rule("A312", "milestones that nobody decides are reached when the input says", "milestones")
DECIDED = Rule("A313", "decided milestones begin at the beginning of a bucket, when all they wait for is there", "rows")
WAITING = {
    "runs": ("processes", Rule("A314", "runs wait for milestones and options", "runs")),
    "shipments": ("lanes", Rule("A315", "shipments wait for milestones and options", "units")),
    "purchases": ("supplies", Rule("A316", "purchases wait for milestones and options", "units")),
    "deliveries": ("demands", Rule("A317", "deliveries wait for milestones", "units")),
}
NUMBER = Rule("A318", "options are bought at most as often as they can be", "options")
ORDERED = Rule("A319", "options are ordered inside their window, when all they wait for is there", "rows")
DATED = Rule("A320", "options are in effect from and until the days that their delay and duration give", "rows")
OVERTIME = Rule("A321", "overtime keeps its limit in every bucket", "resource units")
PEOPLE = Rule("A322", "people are those that load and capacity stand for", "people")
ACTUAL = Rule("A323", "actual output is that of the planned runs", "runs")
LEVELS = Rule("A324", "no level of output is above the one before it", "runs")
COSTS = Rule("A325", "investments cost their price and what they cost to run inside the horizon", "currency")


def checks(case: Case) -> Iterator[Check]:
    """Check milestones, what waits, options, overtime, people and levels of output."""
    yield from _milestones(case)
    yield from _waiting(case)
    yield from _options(case)
    excess = case.use.overtime - case.use.most_overtime
    yield OVERTIME.on(excess, case.use.most_overtime, case.entity_place("resources", "resource"))
    yield _people(case)
    yield from _levels(case)
    place = case.row_place("investments", "option")
    bought = case.growth.bought.row
    seen = floats(case.frames["investments"]["cost"])[bought]
    yield COSTS.equal(seen, case.costs.investments, lambda at: place(int(bought[at])))


def _milestones(case: Case) -> Iterator[Check]:
    growth, frame = case.growth, case.frames["milestone_plan"]
    place = case.id_place("milestones", "milestone")
    at = positions(frame["milestone"], case.tables["milestones"]["milestone"])
    missing = np.ones(len(growth.reached), dtype=bool)
    missing[at[at >= 0]] = False
    yield COMPLETE.none(np.append(missing, (at < 0).any()), lambda one: place(one) if one < len(missing) else "a row")
    said = np.full(len(growth.reached), -NEVER)
    said[at[at >= 0]] = case.clock.seconds(frame["reached"], NEVER)[at >= 0]
    yield DETERMINED.none(~growth.decided & (said != growth.reached), place)
    begun = growth.decided & (growth.begin < NEVER)
    wrong = growth.decided & (said != growth.reached)
    for one in np.flatnonzero(begun).tolist():
        wrong[one] |= not _may_begin(case, one)
    yield DECIDED.none(wrong, place)


def _may_begin(case: Case, milestone: int) -> bool:
    """Tell whether a milestone may begin when the plan says."""
    growth, row = case.growth, case.tables["milestones"].row(milestone, named=True)
    begin = int(growth.begin[milestone])
    bucket = np.flatnonzero(case.clock.edges[:-1] == begin)
    if not len(bucket) or begin < growth.earliest[milestone] or begin < growth.required(row["after"]):
        return False
    return row["option"] is None or bool(growth.in_effect(row["option"])[bucket[0]])


def _waiting(case: Case) -> Iterator[Check]:
    plan = case.plan
    for table, (source, rule) in WAITING.items():
        rows: Rows = getattr(plan, table)
        closed = case.growth.closed(source)[rows.entity, rows.bucket]
        place = case.row_place(table, case.tables[source].columns[0])
        yield rule.on(
            np.where(closed, rows.quantity, 0.0), 0.0, lambda at, rows=rows, place=place: place(int(rows.at[at]))
        )


def _options(case: Case) -> Iterator[Check]:
    growth, bought, options = case.growth, case.growth.bought, case.tables["options"]
    frame, place = case.frames["investments"], case.row_place("investments", "option")
    number = np.bincount(bought.option, weights=bought.number, minlength=len(options)).astype(np.float64)
    unknown = len(frame) - len(bought.row)
    most = options["maximum"].to_numpy().astype(np.float64)
    words = case.id_place("options", "option")
    yield NUMBER.on(np.append(number - most, unknown), 0.0, lambda at: words(at) if at < len(most) else "a row")

    def named(at: int) -> str:
        return place(int(bought.row[at]))

    late = np.array([not _may_order(case, one) for one in range(len(bought.row))], dtype=bool)
    yield ORDERED.none(late, named)
    off: Bools = np.zeros(len(bought.row), dtype=bool)
    for column, expected in (("ordered", bought.ordered), ("effect", bought.effect), ("until", bought.until)):
        off |= case.clock.seconds(frame[column], NEVER)[bought.row] != expected
    yield DATED.none(off, named)


def _may_order(case: Case, at: int) -> bool:
    growth, bought = case.growth, case.growth.bought
    row = case.tables["options"].row(int(bought.option[at]), named=True)
    ordered = int(bought.ordered[at])
    first = case.clock.seconds(pl.Series([row["order_from"]], dtype=pl.Datetime("us")), ALWAYS)[0]
    last = case.clock.seconds(pl.Series([row["order_until"]], dtype=pl.Datetime("us")), NEVER)[0]
    bucket = int(np.searchsorted(case.clock.edges, ordered))
    there = all(bool(growth.in_effect(name)[bucket]) for name in listed(row["needs"]))
    return first <= ordered < last and growth.required(row["after"]) <= ordered and there


def _people(case: Case) -> Check:
    """Compare both columns with load and capacity over what one person gives."""
    resources, frame = case.tables["resources"], case.frames["people"]
    one = case.use.person
    sums: dict[tuple[str, str], Floats] = {}
    for at, (skill, site) in enumerate(resources.select("skill", "site").iter_rows()):
        if skill is not None and resources["capacity_per_person"][at] is not None:
            gives = np.where(one[at] > 0, one[at], np.inf)
            load = case.use.firm[at] + case.use.planned[at]
            sums[skill, site] = sums.get((skill, site), np.zeros((2, case.clock.count))) + np.stack(
                [load / gives, case.use.capacity[at] / gives]
            )
    columns = floats(frame["needed"]), floats(frame["there"])
    off = np.full(len(frame) + 1, float(len(frame) != len(sums) * case.clock.count))
    for row, (skill, site, bucket) in enumerate(frame.select("skill", "site", "bucket").iter_rows()):
        known = (skill, site) in sums and 0 <= bucket < case.clock.count
        expected = sums[skill, site][:, bucket] if known else np.full(2, np.inf)
        off[row] = max(abs(columns[side][row] - expected[side]) / max(1.0, expected[side]) for side in (0, 1))
    return PEOPLE.on(off, 1.0, lambda at: f"people: row {at}")


def _levels(case: Case) -> Iterator[Check]:
    frame, processes = case.frames["output_levels"], case.tables["processes"]["process"]
    process: Ints = positions(frame["process"], processes)
    at = case.known(process, frame["bucket"])
    place = case.row_place("output_levels", "process")
    started = case.plan.runs.by_bucket(len(processes), case.clock.count)
    expected = started[process[at], frame["bucket"].to_numpy()[at]]
    yield ACTUAL.equal(floats(frame["actual"])[at], expected, lambda row: place(int(at[row])))
    nameplate, funded, qualified = (floats(frame[name], np.inf) for name in ("nameplate", "funded", "qualified"))
    with np.errstate(invalid="ignore"):
        excess = np.fmax(np.nan_to_num(funded - nameplate, nan=0.0), np.nan_to_num(qualified - funded, nan=0.0))
    yield LEVELS.on(excess, np.where(np.isfinite(nameplate), nameplate, 0.0), place)
