"""Versions in the stress test: without risks and in periods as long as the buckets, all is done as the plan has it."""

from __future__ import annotations

import os

import numpy as np
import pytest
from test_versions_against_oracle import random_versions

from coproduce import api
from coproduce.analyses.carried_out import CarriedOut, Trials

# Programmes whose plans let versions stand in, write stock off, or both.
SEEDS = (
    (4, 6, 7, 9, 12, 13, 14, 15, 18, 20, 32, 35, 41, 42, 52, 59) if os.environ.get("COPRODUCE_ALL_SEEDS") else (9, 35)
)
LONGER_THAN_ANY_BUCKET = 4000.0


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stands_in_and_what_is_written_off_is_carried_out_as_planned(seed: int) -> None:
    plan = api.plan(random_versions(seed), threads=1, bottlenecks=0)
    stands_in, written_off = (float(plan.frames[name]["quantity"].sum()) for name in ("stand_ins", "write_offs"))
    assert stands_in + written_off > 0
    made = CarriedOut.of(plan.tables, plan.frames, LONGER_THAN_ANY_BUCKET)
    done = made.simulate(Trials(1, 0, LONGER_THAN_ANY_BUCKET)).amount[:, 0]
    # What the processes of versions do comes on top of the runs, purchases, shipments and deliveries of the tables.
    tables = ("purchases", "runs", "shipments", "deliveries")
    total = sum(float(plan.frames[name]["quantity"].sum()) for name in tables)
    assert done.sum() == pytest.approx(total + stands_in + written_off)
    assert done == pytest.approx(made.plan.quantity.sum(axis=1), abs=1e-9 * max(1.0, float(np.abs(done).max())))
