"""What is doubtful in a stress test: risks that reach nothing, none at all, and what of the plan is not carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from ...check.drills import Drills
from ...codes import problem
from ...errors import Origin, Problem
from ...tables import Tables
from .case import Case


def doubts(case: Case, tables: Tables, drills: Drills | None) -> Iterator[Problem]:
    """Yield the warnings of a run; `tables` are those of the programme, without drills."""
    yield from _risks(case, tables, drills)
    if case.settings.policy != "follow":
        yield from _carried_out_in_part(case.frames, tables)


def _risks(case: Case, tables: Tables, drills: Drills | None) -> Iterator[Problem]:
    risks, own = case.study.risks, len(tables["risks"])
    if not risks.risks:
        yield problem("W582", Origin(tables.origin("programme", 0).file), "there is neither a risk nor a drill")
    for row, (risk, reached) in enumerate(zip(risks.risks, risks.reached, strict=False)):
        if reached or risk.kind == "late_payment":
            continue
        drilled = drills is not None and row >= own
        at = drills.sheet.origin(row - own, "target") if drilled and drills else tables.origin("risks", row, "target")
        message = f'nothing of the {risk.target_table} "{risk.target}" can be hit by {risk.kind}'
        yield problem("W581", at, message, seen=risk.target)


_UNKNOWN: Mapping[str, tuple[str, str, str]] = {
    "stand_ins": ("items", "item", "newer versions that stand in for older ones"),
}
"""By result table: the input table and the column whose rows the plan uses, and what is not carried out."""


def _carried_out_in_part(frames: Mapping[str, pl.DataFrame], tables: Tables) -> Iterator[Problem]:
    """Report what the plan rests on and the kernel does not know: it makes the test look worse than it is."""
    for name, (table, column, words) in _UNKNOWN.items():
        used = frames[name][column].unique().to_list()
        rows = tables[table][column].is_in(used).arg_true().to_list()
        if rows:
            shown = ", ".join(str(one) for one in sorted(used)[:5]) + (" and others" if len(used) > 5 else "")
            message = f"without following the plan, the stress test does not know {words} ({shown})"
            yield problem("W583", tables.origin(table, rows[0], column), message, seen=shown)
