"""Risks: what they hit, how often and how long, and what stands in for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from ..errors import Problem
from ..read.names import did_you_mean
from ..tables.risks import RISK_KINDS, TARGET_COLUMNS
from .view import View

_NEEDED = {
    "lognormal": ("duration_days", "duration_deviation"),
    "uniform": ("duration_low", "duration_high"),
    "triangular": ("duration_low", "duration_days", "duration_high"),
    "exponential": ("duration_days",),
}
_SHARED = (
    "rate", "date", "probability", "duration", "duration_days", "duration_low", "duration_high",
    "duration_deviation", "season",
)  # fmt: skip


def _risks(view: View) -> Iterator[dict[str, Any]]:
    """Yield the risks whose kind and target could be read."""
    flawed = {column for table, column in view.flawed if table == "risks"}
    if not flawed & {"kind", "target_table", "target"}:
        yield from view["risks"].iter_rows(named=True)


def misplaced_risks(view: View) -> Iterator[Problem]:
    """Report targets that a kind of risk cannot hit, and targets that do not exist."""
    for risk in _risks(view):
        allowed = RISK_KINDS[risk["kind"]].targets
        if risk["target_table"] not in allowed:
            message = f"{risk['kind']} cannot hit {risk['target_table']}"
            expected = ", ".join(allowed)
            seen = risk["target_table"]
            yield view.problem("E451", "risks", risk["row"], "target_table", message, seen=seen, expected=expected)
            continue
        table, column = TARGET_COLUMNS[risk["target_table"]]
        if (table, column) in view.flawed or (table, "") in view.flawed:
            continue
        known = view[table][column].drop_nulls().unique(maintain_order=True).to_list()
        if risk["target"] not in known:
            message = f'target "{risk["target"]}" is unknown: no row of {table} has this {column}'
            hint = did_you_mean(risk["target"], known)
            yield view.problem("E302", "risks", risk["row"], "target", message, seen=risk["target"], hint=hint)


def misplaced_drills(view: View) -> Iterator[Problem]:
    """Report drills of targets that do not exist, and two at once on one target."""
    if {column for table, column in view.flawed if table == "drills"}:
        return
    ends: dict[tuple[str, str], tuple[str, datetime]] = {}
    for drill in view["drills"].sort("date", "row").iter_rows(named=True):
        table, column = TARGET_COLUMNS[drill["target_table"]]
        known = view[table][column].drop_nulls().unique(maintain_order=True).to_list()
        if drill["target"] not in known and not {(table, column), (table, "")} & view.flawed:
            message = f'target "{drill["target"]}" is unknown: no row of {table} has this {column}'
            hint = did_you_mean(drill["target"], known)
            yield view.problem("E302", "drills", drill["row"], "target", message, seen=drill["target"], hint=hint)
        target = (drill["target_table"], drill["target"])
        before, until = ends.get(target, ("", datetime.min))
        if drill["date"] < until:
            message = f'"{drill["target"]}" is still in the drill "{before}" on {drill["date"]:%Y-%m-%d}'
            yield view.problem("E461", "drills", drill["row"], "date", message, expected=f"{until:%Y-%m-%d} or later")
        end = drill["date"] + timedelta(days=drill["duration_days"])
        ends[target] = max((before, until), (drill["drill"], end), key=lambda one: one[1])


def incomplete_risks(view: View) -> Iterator[Problem]:
    """Report risks that do not say when they happen, how long, or how much is left."""
    given = {column for table, column in view.flawed if table == "risks"}
    for risk in _risks(view):
        empty = [name for name in RISK_KINDS[risk["kind"]].needs if risk[name] is None and name not in given]
        for name in empty:
            message = f"a risk of the kind {risk['kind']} needs {name}"
            yield view.problem("E452", "risks", risk["row"], name, message, expected="a value")
        if not given & {"rate", "date"} and (risk["rate"] is None) == (risk["date"] is None) and "date" not in empty:
            both = "both rate and date are given" if risk["rate"] is not None else "neither rate nor date is given"
            expected = "rate for events at any time, or date for one event"
            yield view.problem("E452", "risks", risk["row"], "rate", f"{both}", expected=expected)
        if risk["probability"] is not None and risk["date"] is None and not given & {"date"}:
            message = "a probability belongs to an event on a date"
            yield view.problem("E452", "risks", risk["row"], "date", message, expected="the date of the event")
        for name in _NEEDED.get(risk["duration"], ()):
            if risk[name] is None and name not in given and name not in empty:
                message = f"the distribution {risk['duration']} needs {name}"
                yield view.problem("E452", "risks", risk["row"], name, message, expected="days")


def impossible_risks(view: View) -> Iterator[Problem]:
    """Report durations that are reversed, and factors on the wrong side of 1."""
    for risk in _risks(view):
        low, mode, high = risk["duration_low"], risk["duration_days"], risk["duration_high"]
        if low is not None and high is not None and high <= low:
            message = f"duration_high {high:g} is not above duration_low {low:g}"
            yield view.problem("E453", "risks", risk["row"], "duration_high", message, seen=f"{high:g}")
        elif risk["duration"] == "triangular" and None not in (low, mode, high) and not low <= mode <= high:
            message = f"the mode {mode:g} does not lie between {low:g} and {high:g}"
            yield view.problem("E453", "risks", risk["row"], "duration_days", message, seen=f"{mode:g}")
        surge, severity = RISK_KINDS[risk["kind"]].surge, risk["severity"]
        if severity is not None and (severity < 1 if surge else severity > 1):
            message = f"with the factor {severity:g} a risk of the kind {risk['kind']} would do the opposite"
            expected = "1 or more" if surge else "between 0 and 1"
            yield view.problem(
                "E453", "risks", risk["row"], "severity", message, seen=f"{severity:g}", expected=expected
            )


def differing_causes(view: View) -> Iterator[Problem]:
    """Report rows of one shared cause that disagree on when and how long it happens."""
    if not view.is_sound("risks"):
        return
    first: dict[str, dict[str, Any]] = {}
    for risk in view["risks"].filter(pl.col("cause").is_not_null()).iter_rows(named=True):
        head = first.setdefault(risk["cause"], risk)
        for name in _SHARED:
            if risk[name] != head[name]:
                message = f'the cause "{risk["cause"]}" has another {name} in the risk "{head["risk"]}"'
                shown = "" if risk[name] is None else risk[name]
                yield view.problem(
                    "E454", "risks", risk["row"], name, message, seen=shown, expected=head[name] or "empty"
                )
                break


def idle_fallbacks(view: View) -> Iterator[Problem]:
    """Report delays of stand-ins that are none."""
    for table in ("processes", "supplies", "lanes"):
        waiting = (pl.col("detection_days") > 0) | (pl.col("switch_days") > 0)
        for row in view[table].filter(waiting & pl.col("fallback_rank").is_null())["row"]:
            message = "detection_days and switch_days have no meaning without a fallback_rank"
            yield view.problem("W571", table, row, "detection_days", message)
