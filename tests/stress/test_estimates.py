"""Shares, quantiles and worst cases against published and hand-computed values."""

from __future__ import annotations

import numpy as np
import pytest

from coproduce.stress.estimates import at_least, at_most, half_width, mean_interval, wilson, worst_mean

TEN = np.arange(1.0, 11.0)


@pytest.mark.parametrize(
    ("happened", "count", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3 (score without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_the_published_one(happened: int, count: int, low: float, high: float) -> None:
    assert wilson(happened, count) == pytest.approx((low, high), abs=5e-5)


def test_the_interval_of_what_always_happens_mirrors_that_of_what_never_does() -> None:
    assert wilson(20, 20) == pytest.approx((1 - 0.1611, 1.0), abs=5e-5)
    assert wilson(20, 20)[1] == 1.0 and wilson(0, 20)[0] == 0.0


def test_quantiles_are_values_that_occur() -> None:
    # Of 1..10 eight values (80 %) are at most 8, and eight are at least 3.
    assert (at_most(TEN, 0.8), at_least(TEN, 0.8)) == (8.0, 3.0)
    # 95 % of ten replications takes all ten.
    assert (at_most(TEN, 0.95), at_least(TEN, 0.95)) == (10.0, 1.0)
    # 0.07 x 100 is 7.000000000000001 in floating point; the seventh value is meant.
    assert at_most(np.arange(1.0, 101.0), 0.07) == 7.0


def test_the_mean_of_the_worst_counts_the_edge_in_part() -> None:
    # The worst 15 % of ten values are the whole 10 and half of the 9: (10 + 0.5 x 9) / 1.5.
    assert worst_mean(TEN, 0.85)[0] == pytest.approx(14.5 / 1.5)
    assert worst_mean(TEN, 0.9)[0] == pytest.approx(10.0)
    assert worst_mean(TEN, 0.8)[0] == pytest.approx(9.5)


def test_the_interval_of_the_worst_mean_covers_the_truth_as_often_as_it_says() -> None:
    # The worst tenth of an exponential variable of mean 1 is ln(10) + 1 on average (its excess is again exponential).
    luck = np.random.default_rng(5)
    truth, covered = np.log(10) + 1, 0
    for _ in range(400):
        _, low, high = worst_mean(np.sort(luck.exponential(size=2000)), 0.9)
        covered += low <= truth <= high
    # Binomial(400, 0.95): 3 standard deviations below 380 are 367; the skew of the estimate takes a little more.
    assert 360 <= covered <= 396


def test_the_interval_of_a_mean_is_that_of_the_textbook() -> None:
    # Deviation of 1..10 is sqrt(55/6); 1.959964 x sqrt(55/6) / sqrt(10) = 1.876523.
    assert half_width(TEN) == pytest.approx(1.876523, abs=1e-6)
    assert mean_interval(TEN) == pytest.approx((5.5, 5.5 - 1.876523, 5.5 + 1.876523), abs=1e-6)


def test_one_replication_says_nothing_of_its_uncertainty_and_breaks_nothing() -> None:
    one = np.array([3.0])
    assert mean_interval(one) == (3.0, 3.0, 3.0) and worst_mean(one, 0.95) == (3.0, 3.0, 3.0)
    assert half_width(one) == float("inf")
