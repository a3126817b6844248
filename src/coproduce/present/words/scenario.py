"""Says which scenario a result plans and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ChangeWords:
    """One change: what it does, why, and the cell that says so; a remark may be empty."""

    words: str
    remark: str
    cell: str


def scenario_name(summary: Mapping[str, Any]) -> str:
    """Return the name of the scenario; empty where the programme is planned as it stands."""
    scenario = summary.get("scenario")
    return str(scenario["name"]) if scenario else ""


def change_words(summary: Mapping[str, Any]) -> list[ChangeWords]:
    """Return the changes of the scenario in their order."""
    changes = (summary.get("scenario") or {}).get("changes", [])
    return [ChangeWords(f"{one['words'][:1].upper()}{one['words'][1:]}", one["remark"], one["cell"]) for one in changes]


def programme_title(name: str, summary: Mapping[str, Any]) -> str:
    """Return the name of the programme, with the scenario where it is one."""
    scenario = scenario_name(summary)
    return f"{name} – scenario {scenario}" if scenario else name
