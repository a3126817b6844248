"""Reasons on random programmes: none is missing, and no limit that was not tried would have helped more."""

from __future__ import annotations

import pytest
from programmes import random_programme

from coproduce import api
from coproduce.analyses import late
from coproduce.analyses.question import Answer
from coproduce.errors import InfeasibleError, UnboundedError
from coproduce.results.result import PlanResult


def planned(seed: int) -> PlanResult:
    """Plan a random programme; one without a plan is skipped."""
    try:
        return api.plan(random_programme(seed), threads=1, bottlenecks=0)
    except (InfeasibleError, UnboundedError):
        pytest.skip("no plan keeps all hard limits, or the programme earns without end")


@pytest.mark.parametrize("seed", range(200, 224))
def test_every_late_demand_of_a_random_programme_has_a_reason(seed: int) -> None:
    result = planned(seed)
    service, reasons = result.frames["demand_service"], result.frames["reasons"]
    assert set(reasons["demand"]) == set(service.filter(service["status"] != "on_time")["demand"])
    if result.tables.programme.objective == "tiers" and result.tables.programme.tier_tolerance == 0:
        assert "cost" not in reasons["kind"].to_list()


@pytest.mark.parametrize("seed", range(224, 234))
def test_no_limit_without_a_price_helps_more_than_those_that_are_tried(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim of duality on which the search rests, against lifting every limit upstream in turn."""
    tried = late.Question._tried

    def against_all(self: late.Question, now: Answer) -> list[late._Tried]:
        found = tried(self, now)
        best = min((one.value for one in found), default=now.value)
        for lift in self.lifts:
            answer = self.part.ask(self.asked, (lift,), now)
            assert answer is not None
            assert answer.value >= best - 10 * self.smallest, lift
        return found

    monkeypatch.setattr(late.Question, "_tried", against_all)
    planned(seed)
