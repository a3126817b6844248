"""Milestones, investments, people and the four levels of output, as tables."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from ..words.buckets import Timeline
from ..words.formats import NOISE
from ..words.names import Names
from .sheet import Field, Sheet, first

MOST_ROWS = 2_000
HELD = {
    "start": "the start of the programme",
    "earliest": "its earliest date",
    "plan": "the plan, for want of capacity or need",
}
DECIDED = {"fixed": "Date given", "determined": "Follows from others", "decided": "Decided by the plan"}
# A bar of the time table is this many signs long.
WIDTH = 40


def bar(begin: datetime | None, reached: datetime | None, time: Timeline) -> str:
    """Draw the time from beginning to end over the horizon with signs; empty for what is not in it."""
    if reached is None:
        return ""
    start, whole = time.starts[0], (time.ends[-1] - time.starts[0]).total_seconds()
    ends = [((moment - start).total_seconds() / whole) for moment in (begin or reached, reached)]
    if ends[1] < 0 or ends[0] > 1:
        return ""
    low, high = (min(max(int(share * WIDTH), 0), WIDTH - 1) for share in ends)
    return "·" * low + "━" * (high - low) + "◆" + "·" * (WIDTH - 1 - high)


def milestone_sheet(plan: pl.DataFrame, names: Names, time: Timeline) -> Sheet:
    """Make the table of milestones in the order in which they are reached."""
    rows = []
    for row in plan.sort("reached", "milestone", nulls_last=True).iter_rows(named=True):
        table = "options" if row["held_by"] == "option" else "milestones"
        held = names.of(table, row["holder"]) or HELD.get(row["held_by"] or "", "")
        reached = row["reached"]
        rows.append(
            (
                names.of("milestones", row["milestone"]), row["kind"], names.of("sites", row["site"]),
                row["begin"], reached, DECIDED[row["decided"]], held, bar(row["begin"], reached, time),
            )
        )  # fmt: skip
    fields = (Field("Milestone"), Field("Kind"), Field("Site"), Field("Begins", "date"), Field("Reached", "date"),
              Field("Date"), Field("Held by"), Field("Over the horizon"))  # fmt: skip
    kept, note = first(rows, MOST_ROWS, "milestones", "milestone_plan")
    return Sheet("Milestones", fields, kept, note)


def investment_sheet(bought: pl.DataFrame, names: Names, currency: str) -> Sheet:
    """Make the table of options that the plan buys."""
    rows = [
        (names.of("options", row["option"]), row["quantity"], row["ordered"], row["effect"], row["until"], row["cost"])
        for row in bought.iter_rows(named=True)
    ]
    fields = (Field("Option"), Field("Number", "number"), Field("Ordered", "date"), Field("In effect", "date"),
              Field("Until", "date"), Field("Cost", "number", currency, total=True))  # fmt: skip
    kept, note = first(rows, MOST_ROWS, "investments", "investments")
    return Sheet("Investments", fields, kept, note)


def level_sheet(levels: pl.DataFrame, names: Names, time: Timeline) -> Sheet:
    """Make the table of the levels of output of processes that do not stand at their nameplate throughout."""
    grows = pl.any_horizontal((pl.col(name) < pl.col("nameplate") - NOISE).any() for name in ("funded", "qualified"))
    chosen = levels.filter(grows.over("process"))
    rows = [
        (names.of("processes", process), time.labels[bucket], *amounts)
        for process, bucket, *amounts in chosen.select(
            "process", "bucket", "nameplate", "funded", "qualified", "actual"
        ).iter_rows()
    ]
    fields = (Field("Process"), Field(time.noun.capitalize()), Field("Nameplate", "number", "runs"),
              Field("Funded", "number", "runs"), Field("Qualified", "number", "runs"),
              Field("Actual", "number", "runs"))  # fmt: skip
    kept, note = first(rows, MOST_ROWS, "rows", "output_levels")
    return Sheet("Levels of output", fields, kept, note, facet=0)


def people_sheet(people: pl.DataFrame, names: Names, time: Timeline) -> Sheet:
    """Make the table of people by skill, site and bucket."""
    rows = [
        (skill, names.of("sites", site), time.labels[bucket], needed, there)
        for skill, site, bucket, needed, there in people.select(
            "skill", "site", "bucket", "needed", "there"
        ).iter_rows()
    ]
    fields = (Field("Skill"), Field("Site"), Field(time.noun.capitalize()), Field("Needed", "number", "people"),
              Field("There", "number", "people"))  # fmt: skip
    kept, note = first(rows, MOST_ROWS, "rows", "people")
    return Sheet("People", fields, kept, note, facet=0)
