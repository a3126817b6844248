"""What a result says of the scenario that it plans: its name and its changes, each with its cell."""

from __future__ import annotations

from typing import Any

from ..tables import Change, Tables


def scenario_figures(tables: Tables) -> dict[str, Any]:
    """Return the part `scenario` of the summary; None where the programme is planned as it stands."""
    if tables.scenario is None:
        return {"scenario": None}
    changes = [_figures(change) for change in tables.scenario.changes]
    return {"scenario": {"name": tables.scenario.name, "changes": changes}}


def _figures(change: Change) -> dict[str, Any]:
    return {
        "scenario": change.scenario,
        "line": change.line,
        "words": change.words,
        "rows": change.rows,
        "remark": change.remark,
        "cell": str(change.origin),
    }
