"""frePPLe's own models, where they are at hand: all are read, planned and audited, and compared with frePPLe's plans.

The folder is named by COPRODUCE_BENCH_DATA; without it these tests are skipped.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import polars as pl
import pytest
from benchmarks.frepple import lateness

from coproduce import api

DATA = Path(os.environ.get("COPRODUCE_BENCH_DATA", "")) / "frepple"
SECONDS = 15.0
# What a search of seconds does not settle: whole lots of many processes. Only audit and bound are asked of them.
SEARCHED = {"jobshop", "manufacturing_demo", "resource_efficiency", "demo", "demand-priorities"}
# Days by which a plan may be later than frePPLe's, deliveries taken at the start of their bucket.
LATER = {
    # Durations are stretched by the share of time worked, and begin with an hour.
    "constraints_combined_1": 2.0,
    # Unit-days and not days of orders are least, and one order falls due when weeks have begun.
    "operation_effective": 12.0,
}
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


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem != "distribution_demo"], ids=lambda path: path.stem
)
def test_every_model_is_planned_audited_and_no_later_than_frepples_own_plan(path: Path) -> None:
    # AuditError would be raised if the plan failed its audit.
    result = api.plan_path(path, bottlenecks=0, threads=1, time_limit=SECONDS)
    for stage in result.frames["tiers"].iter_rows(named=True):
        assert stage["bound"] is None or stage["bound"] <= stage["value"] + 1e-6 * (1 + abs(stage["value"]))
    measured = _measured().get(path.stem, _measured().get(f"fixtures/{path.stem}"))
    if measured is None or path.stem in SEARCHED:
        return
    if "time_limit" in set(result.frames["tiers"].filter(pl.col("stage").str.starts_with("tier"))["status"]):
        pytest.skip("the time ran out before the lateness was settled: nothing to compare")
    shipped, late_days = measured
    assert result.frames["deliveries"]["quantity"].sum() >= shipped - 1e-6
    assert lateness(result, "start") <= late_days + LATER.get(path.stem, 0.0) + 0.05


def _measured() -> dict[str, tuple[float, float]]:
    """Return what frePPLe ships and its days of lateness, by model."""
    with (DATA / "measured.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["model"]: (float(row["shipped"]), float(row["total_lateness_days"])) for row in csv.DictReader(stream)
        }
