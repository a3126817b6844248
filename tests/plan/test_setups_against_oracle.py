"""Random programmes with joint set-ups: every stage ends at the optimum of the natural model, with audit passed."""

from __future__ import annotations

import os

import pytest
from oracle_stages import check_stages
from programmes import random_joint_setups

PROGRAMMES = 60
# All of them take a minute: the suite solves a few, and all where the environment asks for it.
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 30


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_every_stage_of_a_random_programme_with_joint_setups_ends_at_the_optimum(seed: int) -> None:
    check_stages(random_joint_setups(seed))
