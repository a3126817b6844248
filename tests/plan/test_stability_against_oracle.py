"""Random programmes with a baseline: every stage ends at the optimum of the independent formulation."""

from __future__ import annotations

import os

import pytest
from oracle_stages import check_stages
from stable_programmes import random_stability

PROGRAMMES = 120
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 8


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_every_stage_of_a_random_programme_with_a_baseline_ends_at_the_optimum_of_the_oracle(seed: int) -> None:
    tables = random_stability(seed)
    if tables is None:
        return
    check_stages(tables)
