"""What is expected of an event under way, against the mean of drawn durations that are longer than its age."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coproduce.calendar import DAY
from coproduce.stress.events import lasting
from coproduce.stress.foreseen import expected_days, foreseen
from coproduce.stress.occurrences import Risk
from coproduce.stress.sampling import Risks

COUNT = 400_000


def risk(duration: str, **more: float) -> Risk:
    """Return a risk with a distribution of its duration."""
    names = ("duration_days", "duration_low", "duration_high", "duration_deviation")
    return Risk(
        risk="r", kind="closure", target_table="lanes", target="l", rate=1.0, date=None, probability=None,
        duration=duration, severity=0.0, recovery=None, delay_days=None, cause=None, cause_share=1.0, season=None,
        **{name: more.get(name) for name in names},
    )  # fmt: skip


LOGNORMAL = {"duration_days": 10.0, "duration_deviation": 8.0}
TRIANGLE = {"duration_low": 2.0, "duration_days": 5.0, "duration_high": 14.0}


@pytest.mark.parametrize("age", [0.0, 1.0, 3.0, 5.0, 9.0])
@pytest.mark.parametrize(
    ("duration", "more"),
    [
        ("exponential", {"duration_days": 7.0}),
        ("uniform", {"duration_low": 2.0, "duration_high": 12.0}),
        ("triangular", TRIANGLE),
        ("lognormal", LOGNORMAL),
    ],
)
def test_the_expected_duration_is_the_mean_of_those_that_are_longer(
    duration: str, more: dict[str, float], age: float
) -> None:
    drawn = np.random.default_rng(0)
    # A lognormal variable with mean m and deviation s has the variance log(1 + (s / m)^2) of its logarithm.
    variance = math.log(1 + (LOGNORMAL["duration_deviation"] / LOGNORMAL["duration_days"]) ** 2)
    values = {
        "exponential": lambda: drawn.exponential(7.0, COUNT),
        "uniform": lambda: drawn.uniform(2.0, 12.0, COUNT),
        "triangular": lambda: drawn.triangular(2.0, 5.0, 14.0, COUNT),
        "lognormal": lambda: drawn.lognormal(math.log(10.0) - variance / 2, math.sqrt(variance), COUNT),
    }[duration]()
    longer = values[values > age]
    error = longer.std() / math.sqrt(len(longer))
    assert abs(expected_days(risk(duration, **more), age) - longer.mean()) < 4 * error


def test_a_fixed_duration_is_known_and_one_without_days_lasts_to_the_end() -> None:
    assert expected_days(risk("fixed", duration_days=6.0), 2.0) == 6.0
    assert expected_days(risk("exponential"), 2.0) == math.inf


def test_an_event_that_outlives_what_can_be_expected_is_expected_to_end_next() -> None:
    assert expected_days(risk("uniform", duration_low=1.0, duration_high=3.0), 5.0) == 5.0
    assert expected_days(risk("lognormal", duration_days=1.0, duration_deviation=0.01), 50.0) == 50.0


def test_only_events_that_have_begun_and_last_are_known() -> None:
    start = np.array([0, 4, 5, 6]) * DAY
    events = lasting(np.zeros(4, dtype=np.int64), start, start + np.array([3, 4, 4, 4]) * DAY, 0, factor=0.5)
    risks = Risks((risk("fixed", duration_days=4.0),), (), ((),))
    # On day 5 the first is over, that of day 5 begins only now, and that of day 6 is to come.
    known = foreseen(risks, events, 5 * DAY, 100 * DAY)
    assert (known.start.tolist(), known.end.tolist()) == ([4 * DAY], [8 * DAY])
