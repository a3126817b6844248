"""Every stage of a plan against the optima of the independent formulation."""

from __future__ import annotations

from collections.abc import Callable

from oracle import Oracle, OracleInfeasibleError, OracleRoundingError
from test_against_oracle import ROOM, planned

from coproduce.tables import Tables

Optima = Callable[[Tables, float], "dict[str, float] | None"]


def optima(tables: Tables, room: float) -> dict[str, float] | None:
    """Return the oracle's optima with room for later stages, more if its rounding needs it; None without a plan."""
    for more in (room, 10 * room, 100 * room):
        try:
            return Oracle(tables).solve(more)
        except OracleInfeasibleError:
            return None
        except OracleRoundingError:
            continue
    raise OracleRoundingError


def agrees(row: dict[str, float], ends: list[float], tolerance: float) -> bool:
    """Tell whether value and bound of a stage lie between the oracle's optima, and what later stages may use up."""
    best, worst = min(ends), max(ends)
    small = 1e-6 * max(10.0, abs(worst))
    value, bound = row["value"], row["bound"]
    return best - small <= value <= worst + tolerance * abs(worst) + small and best - small <= bound <= worst + small


def check_stages(tables: Tables, best: Optima = optima) -> None:
    """Assert that a plan is found where the oracle finds one, passes its audit, and ends every stage at the optimum."""
    result, loose = planned(tables), best(tables, ROOM)
    assert (result is None) == (loose is None), "one finds a plan, the other does not"
    if result is None or loose is None:
        return
    assert result.summary["audit"] == "passed"
    tolerance = tables.programme.tier_tolerance
    # The tidy stage breaks ties within a limited search.
    rows = [row for row in result.frames["tiers"].to_dicts() if row["stage"] != "tidy" or row["status"] == "optimal"]
    off = [row for row in rows if not agrees(row, [loose[row["stage"]]], tolerance)]
    if off:
        tight = best(tables, 1e-10) or loose
        assert [row for row in off if not agrees(row, [loose[row["stage"]], tight[row["stage"]]], tolerance)] == []
