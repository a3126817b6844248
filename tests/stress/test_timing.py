"""What a plan loses inside its buckets: a chain solved by hand, and buckets of three lengths."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl
import pytest
from random_programmes import Rows, tables_of

from coproduce.calendar import DAY, Timeline
from coproduce.compile import compile_network
from coproduce.stress.plan import Plan
from coproduce.stress.timing import timing


def behind(length: int, bought: list[float], made: list[float], days: float = 1.0) -> pl.DataFrame:
    """Return what is behind where one `x` a day is bought, ten days on its way, and made into one `y` at once.

    `length` is that of a bucket in days; the horizon has 30.
    """
    tables: dict[str, Rows] = {
        "programme": [
            {"name": "t", "start": "2026-01-01", "buckets": "30 days", "currency": "EUR", "objective": "tiers"}
        ],
        "sites": [{"site": "A"}],
        "items": [{"item": "x", "unit": "piece"}, {"item": "y", "unit": "piece"}],
        "supplies": [{"supply": "s", "item": "x", "site": "A", "limit": 1, "limit_per": "day", "lead_days": 10}],
        "processes": [{"process": "p", "site": "A", "rate_limit": 2 / 3, "rate_per": "day"}],
        "flows": [
            {"process": "p", "item": "x", "quantity": -1},
            {"process": "p", "item": "y", "quantity": 1},
        ],
        "demands": [{"demand": "d", "item": "y", "site": "A", "quantity": 1, "due": "2026-01-30"}],
    }
    checked = tables_of(tables)
    edges = np.arange(0, 31, length, dtype=np.int64) * DAY
    network = compile_network(checked, Timeline(datetime(2026, 1, 1), edges))
    quantity = np.array([bought, made, [0.0] * len(made)])
    return timing(checked, Plan(network.timeline, quantity, network.demands.due), days)


def first_bucket(frame: pl.DataFrame) -> float:
    return float(frame.filter(item="y", bucket=0)["behind"].sum())


def test_what_a_bucket_makes_of_arrivals_in_its_middle_is_behind_and_a_finer_plan_is_less_so() -> None:
    # 2/3 run a day at most; what is bought on day n is there on day n + 10.
    # One bucket of 30 days: 20 of 30 bought arrive, 20 runs planned. Day by day: days 10 to 29, 20 x 2/3 = 13.333.
    assert first_bucket(behind(30, [30], [20])) == pytest.approx(20 - 40 / 3)
    # Two of 15: of 15 bought in the first 5 arrive, 5 runs planned. Day by day: days 10 to 14, 5 x 2/3 = 3.333.
    assert first_bucket(behind(15, [15, 15], [5, 10])) == pytest.approx(5 - 10 / 3)
    # Three of 10: nothing arrives in the first, nothing is planned; then 2/3 a day of one a day: nothing is behind.
    frame = behind(10, [10, 10, 10], [0, 20 / 3, 20 / 3])
    assert frame["behind"].abs().max() < 1e-9


def test_in_periods_as_long_as_the_buckets_nothing_is_behind() -> None:
    frame = behind(15, [15, 15], [5, 10], days=15.0)
    assert frame["behind"].abs().max() < 1e-9
    # 5 arrived and 5 used, then 15 arrived (10 of the first order, 5 of the second) and 10 used.
    assert frame.filter(item="x")["stock"].to_list() == pytest.approx([0, 5])
    assert frame.filter(item="x")["planned_stock"].to_list() == pytest.approx([0, 5])
