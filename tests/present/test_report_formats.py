from datetime import datetime

import polars as pl
import pytest

from coproduce.present.words.buckets import label, timeline
from coproduce.present.words.formats import (
    counted,
    gap,
    inclusive,
    joined,
    last_day,
    money,
    plural,
    quantity,
    share,
    singular,
    tidy,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1e-9, "0"),
        (12, "12"),
        (1234567, "1,234,567"),
        (112.5, "112.5"),
        (0.25, "0.25"),
        (0.001, "less than 0.01"),
        (12345.6, "12,346"),
    ],
)
def test_quantities_have_separators_and_no_idle_decimals(value: float, text: str) -> None:
    assert quantity(value) == text


def test_a_share_is_whole_only_when_everything_is_in_it() -> None:
    assert [share(part, 1000) for part in (0, 1, 500, 999, 1000)] == [
        "0\u00a0%",
        "under 1\u00a0%",
        "50\u00a0%",
        "over 99\u00a0%",
        "100\u00a0%",
    ]
    assert share(1, 0) == "–"


def test_a_gap_that_is_not_stated_is_not_shown_as_zero() -> None:
    assert gap(None) == "not proven"
    assert gap(0.0) == "0\u00a0%"
    assert gap(4.3e-5) == "0.0043\u00a0%"


def test_money_names_its_currency_and_its_scale() -> None:
    assert money(970_524_747, "EUR") == "EUR 970.5 million"
    assert money(-2.5e9, "UAH") == "UAH -2.5 billion"
    assert money(1789.4, "EUR") == "EUR 1,789"


def test_units_that_are_words_get_a_plural_and_symbols_do_not() -> None:
    assert [
        plural(unit) for unit in ("trainset", "battery", "box", "kg", "MWh", "hours", "each", "lane unit", "t")
    ] == [
        "trainsets",
        "batteries",
        "boxes",
        "kg",
        "MWh",
        "hours",
        "each",
        "lane units",
        "t",
    ]
    assert counted(1, "trainset") == "1 trainset"
    assert counted(2, "trainset") == "2 trainsets"


def test_what_ends_at_midnight_lasts_until_the_day_before() -> None:
    assert last_day(datetime(2027, 4, 1)) == "31 Mar 2027"
    assert last_day(datetime(2027, 4, 1, 6)) == "1 Apr 2027 06:00"
    assert inclusive(None) is None


def test_parts_of_a_sentence_are_joined_with_and() -> None:
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"


def test_embedded_numbers_hold_no_noise() -> None:
    assert tidy(-1e-12) == 0
    assert isinstance(tidy(12.0), int)
    assert tidy(float("nan")) is None


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (datetime(2027, 3, 1), datetime(2027, 4, 1), "Mar 2027"),
        (datetime(2027, 4, 1), datetime(2027, 7, 1), "Q2 2027"),
        (datetime(2027, 3, 1), datetime(2027, 3, 8), "1–7 Mar 2027"),
        (datetime(2027, 3, 29), datetime(2027, 4, 5), "29 Mar–4 Apr 2027"),
        (datetime(2027, 12, 27), datetime(2028, 1, 3), "27 Dec 2027–2 Jan 2028"),
        (datetime(2027, 3, 1), datetime(2027, 3, 2), "1 Mar 2027"),
        (datetime(2027, 3, 1, 6), datetime(2027, 3, 1, 7), "1 Mar 2027 06:00"),
        (datetime(2027, 3, 1, 0), datetime(2027, 3, 1, 1), "1 Mar 2027 00:00"),
    ],
)
def test_a_bucket_is_named_by_its_dates(start: datetime, end: datetime, text: str) -> None:
    assert label(start, end) == text


def test_buckets_of_mixed_lengths_are_called_periods_and_an_outside_date_falls_in_the_nearest() -> None:
    starts = [datetime(2027, 3, 22), datetime(2027, 3, 29), datetime(2027, 4, 1)]
    ends = [*starts[1:], datetime(2027, 5, 1)]
    time = timeline(pl.DataFrame({"bucket": [0, 1, 2], "start": starts, "end": ends}))
    assert time.noun == "period"
    assert [time.holding(datetime(2027, 1, 1)), time.holding(starts[1]), time.holding(datetime(2028, 1, 1))] == [
        0,
        1,
        2,
    ]


def test_one_of_a_unit_given_in_the_plural_is_singular() -> None:
    units = ["hours", "batches", "bodies", "piece", "pcs", "kg", "MWh", "chassis", "series", "lane units"]
    assert [singular(unit) for unit in units] == [
        "hour",
        "batch",
        "body",
        "piece",
        "pcs",
        "kg",
        "MWh",
        "chassis",
        "series",
        "lane unit",
    ]
    assert (counted(1, "hours"), counted(2, "hours")) == ("1 hour", "2 hours")
