"""Random programmes that grow: every stage ends at the optimum of the natural model, with audit passed."""

from __future__ import annotations

import os

import pytest
from growth_programmes import short_of_capacity
from oracle import OracleInfeasibleError, OracleRoundingError
from oracle_growth import GrowthOracle
from oracle_stages import agrees
from test_against_oracle import ROOM, planned

from coproduce.tables import Tables

PROGRAMMES = 100
# All of them take minutes: the suite solves a part, and all where the environment asks for it.
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 16


def optima(tables: Tables, room: float) -> dict[str, float] | None:
    """Return the oracle's optima with room for later stages, more if its rounding needs it; None without a plan."""
    for more in (room, 10 * room, 100 * room):
        try:
            return GrowthOracle(tables).solve(more)
        except OracleInfeasibleError:
            return None
        except OracleRoundingError:
            continue
    raise OracleRoundingError


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_every_stage_of_a_random_programme_that_grows_ends_at_the_optimum_of_the_natural_model(seed: int) -> None:
    tables = short_of_capacity(seed)
    result, expected = planned(tables), optima(tables, ROOM)
    assert result is not None and expected is not None
    assert result.summary["audit"] == "passed"
    # The tidy stage breaks ties within a limited search.
    rows = [row for row in result.frames["tiers"].to_dicts() if row["stage"] != "tidy" or row["status"] == "optimal"]
    off = [row for row in rows if not agrees(row, [expected[row["stage"]]], tables.programme.tier_tolerance)]
    if off:
        tight = optima(tables, 1e-10) or expected
        ends = {row["stage"]: [expected[row["stage"]], tight[row["stage"]]] for row in off}
        assert [row for row in off if not agrees(row, ends[row["stage"]], tables.programme.tier_tolerance)] == []
