"""Random programmes: the planner's optimum of every stage is that of the independent formulation."""

from __future__ import annotations

import pytest
from oracle import Oracle, OracleInfeasibleError, OracleRoundingError
from programmes import random_programme

from coproduce import api
from coproduce.errors import InfeasibleError
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

PROGRAMMES = 200
# Room for the planner's rounding: it may worsen an earlier stage by this share (the solver's own tolerance is 1e-7).
ROOM = 1e-7


def optima(tables: Tables) -> tuple[dict[str, float], dict[str, float]] | None:
    """Return the oracle's optima with a little room and with the least that works; None where there is no plan."""
    oracle = Oracle(tables)
    try:
        loose = oracle.solve(ROOM)
    except OracleInfeasibleError:
        return None
    for room in (0.0, 1e-10, 1e-9, 1e-8):
        try:
            return loose, oracle.solve(room)
        except OracleRoundingError:
            continue
    return loose, loose


def planned(tables: Tables) -> PlanResult | None:
    """Return the plan, without marginal values; None where there is none."""
    try:
        return api.plan(tables, threads=1, bottlenecks=0)
    except InfeasibleError:
        return None


@pytest.mark.parametrize("seed", range(PROGRAMMES))
def test_every_stage_of_a_random_programme_ends_at_the_optimum_of_the_oracle(seed: int) -> None:
    tables = random_programme(seed)
    expected, result = optima(tables), planned(tables)
    assert (result is None) == (expected is None), "one finds a plan, the other does not"
    if result is None or expected is None:
        return
    assert result.summary["audit"] == "passed"
    loose, tight = expected
    stages = {row["stage"]: row for row in result.frames["tiers"].to_dicts()}
    assert [stage for stage in tight if stage != "tidy"] == [stage for stage in stages if stage != "tidy"]
    for stage, row in stages.items():
        # Room in an early stage may help or, by a better middle stage, harm a later one.
        best, worst = sorted((loose[stage], tight[stage]))
        small = 1e-6 * max(10.0, abs(worst))
        # Later stages may use up the tolerance, but no more.
        allowed = tables.programme.tier_tolerance * abs(worst)
        assert best - small <= row["value"] <= worst + allowed + small, stage
        assert best - small <= row["bound"] <= worst + small, stage


def test_the_random_programmes_exercise_every_part_of_the_model() -> None:
    tables = [random_programme(seed) for seed in range(PROGRAMMES)]
    rows = {name: sum(programme[name].height for programme in tables) for name in tables[0].frames}
    unused = {"parties", "sources", "evidence"}
    assert {name for name, count in rows.items() if count < PROGRAMMES / 4} <= unused
    assert {programme.programme.objective for programme in tables} == {"tiers", "money"}
    assert {programme.programme.lead_time_rounding for programme in tables} == {"spread", "up"}
