"""Exchange rates in force and amounts in the programme's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from programmes import filled

from coproduce.units import in_programme_currency, rates_in_force

START = datetime(2026, 3, 1)


def rates(*rows: tuple[str, datetime | None, float]) -> dict[str, float]:
    named: list[dict[str, Any]] = [{"currency": code, "date": date, "rate": rate} for code, date, rate in rows]
    return rates_in_force(filled("exchange_rates", named), "EUR", START)


def test_the_last_rate_on_or_before_the_start_holds_wherever_it_stands() -> None:
    found = rates(
        ("USD", datetime(2026, 2, 1), 0.8),
        ("USD", datetime(2025, 2, 1), 7.0),
        ("USD", datetime(2026, 3, 2), 9.0),
    )
    assert found["USD"] == 0.8


def test_a_rate_of_the_first_instant_is_in_force() -> None:
    assert rates(("USD", datetime(2026, 2, 1), 0.8), ("USD", START, 0.9))["USD"] == 0.9


def test_an_undated_rate_is_older_than_any_date() -> None:
    assert rates(("GBP", datetime(2000, 1, 1), 1.5), ("GBP", None, 1.25))["GBP"] == 1.5
    assert rates(("GBP", None, 1.25), ("GBP", datetime(2027, 1, 1), 1.5))["GBP"] == 1.25


def test_a_currency_whose_rates_all_lie_ahead_has_none() -> None:
    assert "USD" not in rates(("USD", datetime(2026, 3, 2), 9.0))


def test_the_programmes_own_currency_is_worth_one() -> None:
    assert rates() == {"EUR": 1.0}


def test_amounts_are_multiplied_by_the_rate_of_their_row() -> None:
    # 10 USD x 0.8, 10 of no named currency, 10 EUR, an empty amount.
    found = in_programme_currency(
        pl.Series([10.0, 10.0, 10.0, None], dtype=pl.Float64),
        pl.Series(["USD", None, "EUR", "USD"], dtype=pl.String),
        {"EUR": 1.0, "USD": 0.8},
    )
    assert found.tolist() == [8.0, 10.0, 10.0, 0.0]


def test_a_currency_without_a_rate_is_an_error_and_not_one_to_one() -> None:
    with pytest.raises(KeyError, match="JPY"):
        in_programme_currency(pl.Series([1.0]), pl.Series(["JPY"]), {"EUR": 1.0})
