"""Random programmes with lots: every stage ends at the optimum of the natural model, with audit passed."""

from __future__ import annotations

import os

import pytest
from oracle import Oracle, OracleInfeasibleError, OracleRoundingError
from programmes import random_lots
from test_against_oracle import ROOM, planned

from coproduce.tables import Tables

PROGRAMMES = 200
# All of them take minutes: the suite solves every fourth, and all where the environment asks for it.
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 4


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


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_every_stage_of_a_random_programme_with_lots_ends_at_the_optimum_of_the_natural_model(seed: int) -> None:
    tables = random_lots(seed)
    result = planned(tables)
    loose = optima(tables, ROOM)
    assert (result is None) == (loose is None), "one finds a plan, the other does not"
    if result is None or loose is None:
        return
    assert result.summary["audit"] == "passed"
    tolerance = tables.programme.tier_tolerance
    # The tidy stage breaks ties within a limited search.
    rows = [row for row in result.frames["tiers"].to_dicts() if row["stage"] != "tidy" or row["status"] == "optimal"]
    off = [row for row in rows if not agrees(row, [loose[row["stage"]]], tolerance)]
    if off:
        tight = optima(tables, 1e-10) or loose
        assert [row for row in off if not agrees(row, [loose[row["stage"]], tight[row["stage"]]], tolerance)] == []
