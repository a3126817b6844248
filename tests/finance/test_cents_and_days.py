"""Cents are split without losing one; requests and repayments fall on the days that a calendar shows."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coproduce.money.cents import split, split_one
from coproduce.money.days import instalment_days, months_later, request_days


@given(st.integers(-(10**14), 10**14), st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_parts_add_up_to_the_cents_and_are_off_by_less_than_one(total: int, weights: list[float]) -> None:
    parts = split_one(total, np.array(weights))
    assert parts.sum() == total
    if sum(weights) > 1e-3:
        exact = total * np.array(weights) / sum(weights)
        # A hundred thousand million cannot be split to a cent in binary arithmetic without a hair.
        assert np.abs(parts - exact).max() < 1 + abs(total) * 1e-14 * len(weights)


def test_the_largest_remainder_gets_the_cent_and_the_first_of_equal_ones() -> None:
    # 100 cents in thirds; 10 cents as 1 : 2 : 4 are 1.43, 2.86, 5.71: one each for the last two.
    parts = split(
        np.array([100, 10, -100]), np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]), np.array([1, 1, 1, 1, 2, 4, 1, 1, 1.0])
    )
    assert parts.tolist() == [34, 33, 33, 1, 3, 6, -34, -33, -33]


def test_requests_twice_a_year_follow_the_agreement_by_six_months() -> None:
    days = request_days(datetime(2026, 5, 31), 2, datetime(2027, 12, 31))
    assert [f"{one:%Y-%m-%d}" for one in days] == ["2026-11-30", "2027-05-31", "2027-11-30"]


def test_five_requests_a_year_are_73_days_apart() -> None:
    days = list(request_days(datetime(2026, 1, 1), 5, datetime(2027, 1, 1)))
    # 365 / 5 = 73: 15 March is the 74th day of 2026.
    assert [f"{one:%m-%d}" for one in days] == ["03-15", "05-27", "08-08", "10-20", "01-01"]


def test_a_loan_of_45_years_with_10_of_grace_has_35_instalments() -> None:
    days = instalment_days(datetime(2026, 2, 28), 45.0, 10.0)
    assert (len(days), days[0], days[-1]) == (35, datetime(2037, 2, 28), datetime(2071, 2, 28))


def test_a_month_after_the_end_of_january_is_the_end_of_february() -> None:
    assert months_later(datetime(2028, 1, 31), 1) == datetime(2028, 2, 29)
