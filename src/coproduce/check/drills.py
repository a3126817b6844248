"""Drills: rows as in the table `risks` for events that are certain, checked against the programme that they hit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from ..calendar import DAY, Timeline
from ..errors import InputError, Problem, errors_of
from ..read import Raw, RawSheet
from ..read.single import read_sheet
from ..tables import Tables
from .check import in_order
from .columns import parse_table
from .keys import duplicate_keys
from .risks import differing_causes, impossible_risks, incomplete_risks, misplaced_risks
from .view import View

DRILLS = "risks"
"""The table whose columns drills have."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Drills:
    """Checked drills.

    Attributes
    ----------
    frame : rows of the table `risks`
    sheet : where they stand
    problems : warnings
    """

    frame: pl.DataFrame
    sheet: RawSheet
    problems: tuple[Problem, ...] = ()

    def added_to(self, tables: Tables) -> Tables:
        """Return the tables with the drills after their risks, which keep their luck."""
        risks = pl.concat([tables[DRILLS], self.frame.select(tables[DRILLS].columns)])
        return replace(tables, frames={**tables.frames, DRILLS: risks})


def read_drills(path: Path | str, tables: Tables) -> Drills:
    """Read drills from a file: rows as in the table `risks`, on a sheet `drills` or `risks` if it is a workbook.

    Raises
    ------
    InputError
        if there are errors; it carries all problems.
    """
    sheet, problems = read_sheet(path, DRILLS, "drills")
    return check_drills(tables, sheet, problems)


def check_drills(tables: Tables, sheet: RawSheet, problems: tuple[Problem, ...] = ()) -> Drills:
    """Check drills against a programme; errors as for `read_drills`."""
    parsed = parse_table(sheet)
    raw = Raw(sheet.file, {DRILLS: sheet}, ((sheet.file, sheet.sheet),))
    programme = tables.programme
    flawed = frozenset((DRILLS, column) for column in parsed.flawed)
    frames = {**tables.frames, DRILLS: parsed.frame}
    view = View(raw, frames, flawed, Timeline.build(programme.start, programme.buckets))
    found = [*problems, *parsed.problems, *(p for each in _CHECKS for p in each(view))]
    found += [*duplicate_keys(replace(view, frames={DRILLS: parsed.frame})), *_known_names(view, tables)]
    if errors_of(found):
        raise InputError(in_order(raw, found))
    return Drills(parsed.frame, sheet, in_order(raw, found))


def _rows(view: View) -> Iterator[Row]:
    yield from view[DRILLS].iter_rows(named=True)


def uncertain_drills(view: View) -> Iterator[Problem]:
    """Report drills whose day or length is left to chance, or not said."""
    flawed = {column for _, column in view.flawed}
    for row in _rows(view):
        for name, certain in _CERTAIN.items():
            if name not in flawed and not certain(row[name]):
                message = f"a drill is certain, and {name} {row[name]} would make it chance"
                yield view.problem("E461", DRILLS, row["row"], name, message, seen=row[name], expected="empty")
        given = row["rate"] is None and (row["date"] is not None or "date" in flawed)
        if given and row["duration_days"] is None and "duration_days" not in flawed and _fixed(row["duration"]):
            message = "a drill says how long it lasts"
            yield view.problem("E461", DRILLS, row["row"], "duration_days", message, expected="days")


def _fixed(duration: str | None) -> bool:
    return duration in (None, "fixed")


_CERTAIN: dict[str, Callable[[Any], bool]] = {
    "rate": lambda rate: rate is None,
    "probability": lambda probability: probability in (None, 1.0),
    "duration": _fixed,
    "cause_share": lambda share: share in (None, 1.0),
    "season": lambda season: season is None,
}


def distant_drills(view: View) -> Iterator[Problem]:
    """Report drills that begin before the programme or after its end."""
    for row in _rows(view):
        if row["date"] is None or view.timeline is None or view.end is None:
            continue
        if not view.timeline.start <= row["date"] < view.end:
            message = f"the drill begins on {row['date']:%Y-%m-%d}, outside the programme"
            expected = f"{view.timeline.start:%Y-%m-%d} to {view.end - timedelta(seconds=1):%Y-%m-%d}"
            yield view.problem("E464", DRILLS, row["row"], "date", message, seen=row["date"], expected=expected)


def overlapping_drills(view: View) -> Iterator[Problem]:
    """Report drills of one kind that hit one target at one time."""
    if view.timeline is None:
        return
    before: dict[tuple[str, str, str], tuple[float, str]] = {}
    for begin, row in sorted(_spans(view, view.timeline), key=lambda one: (one[0], one[1]["row"])):
        hit = (row["kind"], row["target_table"], row["target"])
        end, name = before.get(hit, (0.0, ""))
        if begin < end:
            message = f'the drill begins before the drill "{name}" on the same target ends'
            yield view.problem("E462", DRILLS, row["row"], "date", message, seen=row["date"])
        before[hit] = max((end, name), (begin + row["duration_days"] * DAY, row["risk"]))


def _spans(view: View, timeline: Timeline) -> Iterator[tuple[float, Row]]:
    """Yield the drills inside the horizon, with their beginning in seconds."""
    for row in _rows(view):
        if None not in (row["date"], row["duration_days"], row["target"], row["kind"]):
            begin = timeline.seconds(row["date"])
            if 0 <= begin < timeline.horizon:
                yield begin, row


def _known_names(view: View, tables: Tables) -> Iterator[Problem]:
    known = set(tables[DRILLS]["risk"].to_list())
    for row in _rows(view):
        if row["risk"] in known:
            message = f'the programme has a risk "{row["risk"]}"'
            yield view.problem("E463", DRILLS, row["row"], "risk", message, seen=row["risk"])


_CHECKS = (
    misplaced_risks, incomplete_risks, impossible_risks, differing_causes, uncertain_drills, distant_drills,
    overlapping_drills,
)  # fmt: skip
