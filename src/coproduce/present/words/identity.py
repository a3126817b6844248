"""What identifies the run: version, input, settings, size, seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...tables import Tables
from .buckets import Timeline
from .formats import day, gap, last_day
from .scenario import scenario_name

ROUNDING = {
    "spread": "spread: a lead time divides what flows in a bucket over the buckets it reaches",
    "up": "up: what is made, bought or shipped arrives whole in the last bucket it reaches",
}
OBJECTIVES = {
    "tiers": "tiers: least lateness, one priority after another, then least cost",
    "money": "money: least cost, lateness priced",
}


def _whole(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else "not stated"


def facts(summary: Mapping[str, Any], tables: Tables, time: Timeline) -> list[tuple[str, str]]:
    """Return what a reader needs to run the same plan again, as pairs of name and value."""
    programme = tables.programme
    seconds = summary.get("seconds") or {}
    objective = str(summary.get("objective_mode") or programme.objective)
    rounding = str(summary.get("lead_time_rounding") or programme.lead_time_rounding)
    size = ", ".join(
        f"{_whole(summary.get(name))} {word}"
        for name, word in (("columns", "columns"), ("rows", "rows"), ("nonzeros", "non-zeros"))
    )
    return [
        ("Version", f"coproduce {summary.get('version', 'not stated')}"),
        ("Scenario", scenario_name(summary) or "none: the programme as it stands"),
        ("Input", str(summary.get("input_hash", "not stated"))),
        ("Horizon", f"{day(time.starts[0])} to {last_day(time.ends[-1])}, {len(time):,} buckets ({programme.buckets})"),
        ("Currency", str(summary.get("currency") or programme.currency)),
        ("Objective", OBJECTIVES.get(objective, objective)),
        ("Lead times", ROUNDING.get(rounding, rounding)),
        ("Tolerance between stages", gap(programme.tier_tolerance)),
        ("Gap asked for", gap(programme.gap)),
        ("Size of the problem", size),
        ("Seconds", ", ".join(f"{name} {value:,.2f}" for name, value in seconds.items()) or "not stated"),
    ]


def passed(summary: Mapping[str, Any]) -> bool:
    """Say whether the plan passed its independent audit."""
    return summary.get("audit") == "passed"


def stopped(summary: Mapping[str, Any]) -> bool:
    """Say whether a limit of time ended the optimisation before the gap asked for was proven."""
    return summary.get("status") == "time_limit"


def audit_words(summary: Mapping[str, Any]) -> str:
    """Say how the audit ended."""
    audit = summary.get("audit")
    if audit == "passed":
        return "Audit passed"
    if not audit:
        return "Not audited"
    return "Audit failed: " + ("; ".join(map(str, audit)) if isinstance(audit, (list, tuple)) else str(audit))
