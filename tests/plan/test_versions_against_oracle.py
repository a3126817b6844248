"""Random programmes with versions: every stage ends at the optimum of an independent formulation, with audit passed."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import numpy as np
import pytest
from oracle_stages import agrees
from programmes import random_rows, tables_of
from test_against_oracle import optima, planned

from coproduce.tables import Tables

PROGRAMMES = 200
# All of them take minutes: the suite solves a part, and all where the environment asks for it.
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 16


def random_versions(seed: int) -> Tables:
    """Return a random programme in which items stand in for others, become obsolete and are written off."""
    rows, rng = random_rows(seed), np.random.default_rng(seed + 30_000)
    start, items = rows["programme"][0]["start"], rows["items"]
    last = max([row["due"] for row in rows["demands"]], default=start + timedelta(days=30))

    def date(chance: float) -> datetime | None:
        """Return a second up to the last due date, or none."""
        day: datetime = start + (last - start) * float(rng.uniform(-0.1, 1.0))
        return day.replace(microsecond=0) if rng.random() < chance else None

    for at, row in enumerate(items):
        row["unit_value"] = round(float(rng.uniform(0, 30)), 2)
        if at and rng.random() < 0.6:
            row |= {"replaces": items[int(rng.integers(at))]["item"], "stands_in": bool(rng.random() < 0.85)}
            row |= {"stands_in_from": date(0.6)}
        row["obsolete_from"] = date(0.35)
    for row in rows["stocks"]:
        if rng.random() < 0.3:
            value = next(one["unit_value"] for one in items if one["item"] == row["item"])
            row["write_off_value"] = round(value * float(rng.uniform(0, 0.5)), 2)
    return tables_of(rows)


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_every_stage_of_a_random_programme_with_versions_ends_at_the_optimum_of_the_oracle(seed: int) -> None:
    tables = random_versions(seed)
    result, expected = planned(tables), optima(tables)
    assert (result is None) == (expected is None), "one finds a plan, the other does not"
    if result is None or expected is None:
        return
    assert result.summary["audit"] == "passed"
    tolerance = tables.programme.tier_tolerance
    rows = result.frames["tiers"].to_dicts()
    ends = [[stage[row["stage"]] for stage in expected] for row in rows]
    assert [row for row, both in zip(rows, ends, strict=True) if not agrees(row, both, tolerance)] == []
