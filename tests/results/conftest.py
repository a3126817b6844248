"""Lets these tests use the small programmes of the tests of the plan; holds the plan of the small example."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from coproduce import api
from coproduce.results.result import PlanResult

sys.path.append(str(Path(__file__).parents[1] / "plan"))
SMALL = Path(__file__).parents[2] / "examples" / "small"


@pytest.fixture(scope="session")
def small() -> PlanResult:
    return api.plan_path(SMALL, threads=1)
