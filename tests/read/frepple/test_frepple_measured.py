"""frePPLe's own models, where they are at hand: all are read, planned and audited, and none delivers less than frePPLe.

The folder is named by COPRODUCE_BENCH_DATA; without it these tests are skipped.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from coproduce import api

DATA = Path(os.environ.get("COPRODUCE_BENCH_DATA", "")) / "frepple"
# Three that take many seconds each are left to the benchmark.
SLOW = {"flow_line", "jobshop", "constraints_leadtime_1"}
FILES = [
    *sorted(DATA.glob("models/*/*.xml")),
    *sorted(DATA.glob("fixtures/*.json")),
    *sorted(DATA.glob("workbooks/*.xlsx")),
]

pytestmark = pytest.mark.skipif(not FILES, reason="COPRODUCE_BENCH_DATA names no folder with frePPLe's models")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_read_and_has_only_named_shortcomings(path: Path) -> None:
    errors = [problem for problem in api.check(api.read(path)).problems if problem.severity == "error"]
    # One fixture holds history alone, so that there is nothing to plan.
    assert [problem.code for problem in errors] == (["E117"] if path.stem == "distribution_demo" else [])


@pytest.mark.parametrize("path", [p for p in FILES if p.stem not in {*SLOW, "distribution_demo"}], ids=lambda p: p.stem)
def test_every_model_is_planned_with_a_proof_and_ships_what_frepple_ships(path: Path) -> None:
    # AuditError would be raised if the plan failed its audit.
    result = api.plan_path(path, bottlenecks=0, threads=1, time_limit=120)
    assert set(result.frames["tiers"]["status"]) == {"optimal"}
    measured = _shipped().get(path.stem, _shipped().get(f"fixtures/{path.stem}"))
    if measured is not None:
        assert result.frames["deliveries"]["quantity"].sum() >= measured - 1e-6


def _shipped() -> dict[str, float]:
    with (DATA / "measured.csv").open(encoding="utf-8", newline="") as stream:
        return {row["model"]: float(row["shipped"]) for row in csv.DictReader(stream)}
