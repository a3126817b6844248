"""Lets these tests use the programmes of the tests of plan and stress test; holds the plan of the small example."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from coproduce import api
from coproduce.results.result import PlanResult

for folder in ("plan", "stress"):
    sys.path.append(str(Path(__file__).parents[1] / folder))
SMALL = Path(__file__).parents[2] / "examples" / "small"


@pytest.fixture(scope="session")
def small() -> PlanResult:
    return api.plan_path(SMALL, threads=1)
