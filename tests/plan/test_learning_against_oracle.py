"""Random programmes that learn: every stage ends at the optimum of an independent formulation on the same points."""

from __future__ import annotations

import os

import numpy as np
import pytest
from oracle import Oracle, OracleInfeasibleError, OracleRoundingError
from oracle_stages import agrees
from programmes import random_rows, tables_of
from test_against_oracle import ROOM, planned

from coproduce.compile import compile_network
from coproduce.plan.curves import curves
from coproduce.tables import Tables

PROGRAMMES = 150
# All of them take ten minutes: the suite solves a few, and all where the environment asks for it.
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 25


def random_learning(seed: int) -> Tables:
    """Return a random programme in which most loads fall with cumulative runs."""
    rows, rng = random_rows(seed), np.random.default_rng(seed + 20_000)
    for row in rows["loads"]:
        if rng.random() < 0.6:
            row |= {"learning_rate": round(float(rng.uniform(0.6, 1.0)), 2), "quantity": row["quantity"] * 2}
            row |= {"learning_base": float(rng.choice([1.0, 1.0, 7.0, 50.5]))}
            row |= {"learning_floor": float(rng.choice([0.0, 0.0, 0.5, 0.8]))}
    for row in rows["processes"]:
        row["runs_before"] = float(rng.choice([0.0, 0.0, 3.0, 12.5, 40.0]))
    return tables_of(rows)


def points_of(tables: Tables) -> dict[str, list[float]]:
    """Return the break points of the planner, which are part of what is to be solved."""
    known, ids = curves(compile_network(tables)), tables["processes"]["process"]
    return {
        ids[process]: [
            *known.begin[known.process == process].tolist(),
            float(known.until[known.process == process][-1]),
        ]
        for process in np.unique(known.process).tolist()
    }


def optima(tables: Tables, room: float) -> dict[str, float] | None:
    """Return the oracle's optima with room for later stages, more if its rounding needs it; None without a plan."""
    for more in (room, 10 * room, 100 * room):
        try:
            return Oracle(tables, points_of(tables)).solve(more)
        except OracleInfeasibleError:
            return None
        except OracleRoundingError:
            continue
    raise OracleRoundingError


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_every_stage_of_a_random_programme_that_learns_ends_at_the_optimum_of_the_oracle(seed: int) -> None:
    tables = random_learning(seed)
    result, loose = planned(tables), optima(tables, ROOM)
    assert (result is None) == (loose is None), "one finds a plan, the other does not"
    if result is None or loose is None:
        return
    assert result.summary["audit"] == "passed"
    tolerance = tables.programme.tier_tolerance
    rows = [row for row in result.frames["tiers"].to_dicts() if row["stage"] != "tidy"]
    off = [row for row in rows if not agrees(row, [loose[row["stage"]]], tolerance)]
    if off:
        tight = optima(tables, 1e-10) or loose
        assert [row for row in off if not agrees(row, [loose[row["stage"]], tight[row["stage"]]], tolerance)] == []
