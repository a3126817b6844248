"""Capacitated warehouse problems of the OR-Library end at the published optimum.

The folder is named by COPRODUCE_BENCH_DATA; without it these tests are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from benchmarks import warehouses

from coproduce import api

DATA = Path(os.environ.get("COPRODUCE_BENCH_DATA", "")) / "orlib_cap"
FILES = sorted(DATA.glob("cap[0-9]*.txt"))

pytestmark = pytest.mark.skipif(
    not FILES, reason="COPRODUCE_BENCH_DATA names no folder with problems of the OR-Library"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_warehouse_problem_costs_what_is_published_and_everything_is_delivered(path: Path) -> None:
    result = api.plan(warehouses.programme(warehouses.read(path)), threads=1, bottlenecks=0)
    stages = {row["stage"]: row for row in result.frames["tiers"].to_dicts()}
    # The files give three decimals; the programme's gap is 1e-4.
    optimum = warehouses.optima(DATA / "bounds.txt")[path.stem]
    assert stages["cost"]["value"] == pytest.approx(optimum, rel=1e-4)
    assert stages["cost"]["bound"] <= optimum + 1e-2
    assert set(result.frames["demand_service"]["status"]) == {"on_time"}
    assert result.summary["audit"] == "passed"
