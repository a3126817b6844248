"""Bucket edges, shares of lead times and loads, and rates over calendars, against values worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coproduce.calendar import (
    DAY,
    FIRST,
    HOUR,
    LAST,
    NEVER,
    SPREAD,
    CalendarEntry,
    Shares,
    Timeline,
    cumulative,
    lead_shares,
    load_shares,
)

SUNDAY = datetime(2026, 1, 18)
MIXED = Timeline.build(SUNDAY, "2 weeks, 3 months")  # edges at 0, 7, 14, 42, 73 and 103 days
LONG = Timeline.build(SUNDAY, "2 weeks, 9 months")  # ends on 1 November 2026, 287 days later


def edge_days(start: datetime, buckets: str) -> list[float]:
    return (Timeline.build(start, buckets).edges / DAY).tolist()


def row(shares: Shares, bucket: int, pattern: int = 0) -> dict[int, float]:
    """Return bucket reached -> share of what leaves in one bucket."""
    at = pattern * shares.count + bucket
    entries = range(shares.start[at], shares.start[at + 1])
    return {int(shares.bucket[entry]): float(shares.share[entry]) for entry in entries}


class TestBucketEdges:
    """Fixed lengths are fixed; months and quarters follow the calendar."""

    def test_weeks_then_months_follow_the_calendar_from_where_the_weeks_end(self) -> None:
        # 18 January + 14 days = 1 February; then 28, 31 and 30 days.
        assert edge_days(SUNDAY, "2 weeks, 3 months") == [0, 7, 14, 42, 73, 103]

    def test_february_of_a_leap_year_has_29_days(self) -> None:
        assert edge_days(datetime(2028, 1, 1), "3 months") == [0, 31, 60, 91]
        assert edge_days(datetime(2027, 1, 1), "3 months") == [0, 31, 59, 90]
        assert edge_days(datetime(2100, 2, 1), "1 month") == [0, 28]  # a century is no leap year

    def test_quarters_of_a_leap_year_have_91_91_92_and_92_days(self) -> None:
        assert edge_days(datetime(2028, 1, 1), "4 quarters") == [0, 91, 182, 274, 366]

    def test_a_quarter_is_three_months_from_where_it_begins(self) -> None:
        # December 2026, January and February 2027: 31 + 31 + 28.
        assert edge_days(datetime(2026, 11, 1), "1 month, 1 quarter") == [0, 30, 120]

    def test_months_keep_the_time_of_day_at_which_they_begin(self) -> None:
        timeline = Timeline.build(datetime(2026, 1, 1, 6), "2 months")
        assert timeline.edges.tolist() == [0, 31 * DAY, 59 * DAY]
        assert timeline.moment(timeline.horizon) == datetime(2026, 3, 1, 6)

    def test_hours_days_and_weeks_have_fixed_lengths(self) -> None:
        timeline = Timeline.build(datetime(2026, 3, 2, 6), "5 hours, 1 day, 2 weeks")
        assert timeline.edges.tolist() == [0, *(h * HOUR for h in range(1, 6)), 29 * HOUR, 197 * HOUR, 365 * HOUR]

    def test_a_month_may_follow_hours_that_end_on_the_first(self) -> None:
        # 31 March 19:00 + 5 hours = 1 April 00:00; April has 30 days.
        timeline = Timeline.build(datetime(2026, 3, 31, 19), "5 hours, 1 month")
        assert timeline.edges[-1] == 5 * HOUR + 30 * DAY

    def test_the_turn_of_the_year_is_crossed(self) -> None:
        assert edge_days(datetime(2026, 12, 1), "2 months") == [0, 31, 62]

    @pytest.mark.parametrize(
        ("start", "buckets", "words"),
        [
            (datetime(2026, 1, 15), "2 months", "must begin on the first day of a month.*2026-01-15"),
            (datetime(2026, 1, 1), "1 week, 1 month", "must begin on the first day of a month.*2026-01-08"),
            (datetime(2026, 1, 2), "1 quarter", "must begin on the first day of a month"),
            (datetime(2026, 1, 1), "1 month, 1 week", "fine first: weeks come after longer buckets"),
            (datetime(2026, 1, 1), "1 quarter, 1 month", "fine first: months"),
            (datetime(2026, 1, 1), "1 day, 1 hour", "fine first: hours"),
            (datetime(9999, 11, 1), "3 months", "after the year 9999"),
            (datetime(2026, 1, 1), "999999 weeks", "after the year 9999"),
        ],
    )
    def test_a_pattern_that_cannot_be_cut_says_why(self, start: datetime, buckets: str, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            Timeline.build(start, buckets)


class TestInstants:
    """Dates become seconds, and seconds buckets."""

    def test_the_bucket_of_an_instant_holds_its_start_and_not_its_end(self) -> None:
        instants = np.array([-1, 0, 7 * DAY - 1, 7 * DAY, 103 * DAY - 1, 103 * DAY])
        assert MIXED.bucket_of(instants).tolist() == [-1, 0, 0, 1, 4, 5]

    def test_the_first_open_bucket_is_the_first_that_starts_at_or_after_a_date(self) -> None:
        instants = np.array([-NEVER, 0, 1, 7 * DAY, 7 * DAY + 1, 73 * DAY, 74 * DAY, NEVER])
        assert MIXED.first_open(instants).tolist() == [0, 0, 1, 1, 2, 4, 5, 5]

    def test_a_column_of_dates_becomes_seconds_and_empty_cells_the_value_given(self) -> None:
        dates = pl.Series([datetime(2026, 1, 19), None, datetime(2026, 1, 17, 12)], dtype=pl.Datetime("us"))
        for empty in (-NEVER, 0, NEVER):
            assert MIXED.seconds_of(dates, empty).tolist() == [DAY, empty, -DAY // 2]

    def test_a_column_without_any_date_is_the_value_given_throughout(self) -> None:
        assert MIXED.seconds_of(pl.Series([None, None], dtype=pl.Datetime("us")), NEVER).tolist() == [NEVER, NEVER]
        assert MIXED.seconds_of(pl.Series([], dtype=pl.Datetime("us")), 0).tolist() == []

    @settings(deadline=None)
    @given(st.integers(-(10**9), 10**9))
    def test_a_date_and_its_seconds_are_the_same_instant(self, seconds: int) -> None:
        moment = SUNDAY + timedelta(seconds=seconds)
        assert MIXED.moment(seconds) == moment
        assert MIXED.seconds(moment) == seconds
        assert MIXED.seconds_of(pl.Series([moment], dtype=pl.Datetime("us")), 0).tolist() == [seconds]


def leads(days: float, mode: int) -> Shares:
    return lead_shares(MIXED, np.array([round(days * DAY)]), np.array([mode]))


class TestLeadShares:
    """What leaves in bucket t arrives over [start(t) + L, end(t) + L)."""

    @pytest.mark.parametrize(
        ("days", "bucket", "spread"),
        [
            (0, 0, {0: 1}),
            (7, 0, {1: 1}),  # [7, 14)
            (10, 0, {1: 4 / 7, 2: 3 / 7}),  # [10, 17): edge at 14
            (3, 1, {1: 4 / 7, 2: 3 / 7}),  # [10, 17)
            (10, 2, {2: 18 / 28, 3: 10 / 28}),  # [24, 52): edge at 42
            (38, 1, {3: 1}),  # [45, 52), inside March
            (7, 2, {2: 21 / 28, 3: 7 / 28}),  # [21, 49)
            (35, 0, {2: 1}),  # [35, 42) ends with February
            (60, 2, {4: 1}),  # [74, 102), inside April
            (30, 2, {3: 1}),  # [44, 72), inside March
        ],
    )
    def test_a_spread_share_is_the_overlap_over_the_length_of_the_bucket(
        self, days: float, bucket: int, spread: dict[int, float]
    ) -> None:
        assert row(leads(days, SPREAD), bucket) == pytest.approx(spread)

    def test_whole_in_the_first_or_in_the_last_bucket_reached(self) -> None:
        # [10, 17) reaches buckets 1 and 2; [24, 52) buckets 2 and 3.
        assert row(leads(10, FIRST), 0) == {1: 1.0}
        assert row(leads(10, LAST), 0) == {2: 1.0}
        assert row(leads(10, FIRST), 2) == {2: 1.0}
        assert row(leads(10, LAST), 2) == {3: 1.0}

    def test_an_interval_that_ends_on_an_edge_does_not_reach_the_next_bucket(self) -> None:
        # [7, 14): the last bucket reached is bucket 1.
        assert row(leads(7, LAST), 0) == {1: 1.0}

    def test_what_arrives_after_the_horizon_leaves_the_plan(self) -> None:
        # From April [73, 103) after 10 days: [83, 113), 20 of 30 days inside.
        spread = leads(10, SPREAD)
        assert row(spread, 4) == pytest.approx({4: 20 / 30})
        assert (spread.first[0, 4], spread.last[0, 4]) == (4, MIXED.count)
        assert row(leads(10, FIRST), 4) == {4: 1.0}
        assert row(leads(10, LAST), 4) == {}
        assert leads(10, LAST).first[0, 4] == MIXED.count

    def test_a_lead_time_beyond_the_horizon_reaches_nothing(self) -> None:
        for mode in (SPREAD, FIRST, LAST):
            shares = leads(103, mode)
            assert len(shares.bucket) == 0
            assert (shares.first == MIXED.count).all()

    def test_several_patterns_keep_their_rows_apart(self) -> None:
        shares = lead_shares(MIXED, np.array([0, 10 * DAY]), np.array([SPREAD, LAST]))
        assert row(shares, 0, pattern=0) == {0: 1.0}
        assert row(shares, 0, pattern=1) == {2: 1.0}
        assert row(shares, 4, pattern=1) == {}

    @settings(deadline=None)
    @given(st.integers(0, 150 * DAY), st.integers(0, 4))
    def test_inside_the_horizon_the_shares_of_any_lead_time_add_up_to_one(self, lead: int, bucket: int) -> None:
        # The latest arrival is at 103 + 150 days, before the end at 287.
        for mode in (SPREAD, FIRST, LAST):
            shares = row(lead_shares(LONG, np.array([lead]), np.array([mode])), bucket)
            assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
            assert min(shares.values()) > 0


def loads(timeline: Timeline, begin: float, end: float) -> Shares:
    return load_shares(timeline, np.array([round(begin * DAY)]), np.array([round(end * DAY)]))


def integrated(timeline: Timeline, bucket: int, begin: int, end: int) -> dict[int, float]:
    """Return P(s + x in u), s uniform over the bucket and x over [begin, end), by the midpoint rule over s."""
    edges = timeline.edges
    low, high = edges[bucket], edges[bucket + 1]
    starts = low + (np.arange(4000) + 0.5) / 4000 * (high - low)
    result = {}
    for u in range(timeline.count):
        overlap = np.minimum(starts + end, edges[u + 1]) - np.maximum(starts + begin, edges[u])
        result[u] = float(np.clip(overlap, 0, None).mean()) / (end - begin)
    return result


class TestLoadShares:
    """The share of a load in a bucket is the probability that start + place inside the interval falls into it."""

    @pytest.mark.parametrize(
        ("bucket", "begin", "end", "expected"),
        [
            # s uniform over [0, 7), x over [0, 7): P(s + x < 7) = 1/2
            (0, 0, 7, {0: 1 / 2, 1: 1 / 2}),
            # x over [0, 3.5): P(s + x >= 7) = (3.5^2 / 2) / (7 * 3.5) = 1/4
            (0, 0, 3.5, {0: 3 / 4, 1: 1 / 4}),
            # x over [0, 14): P(< 7) = (49 / 2) / 98 = 1/4; P(< 14) = 1 - (49 / 2) / 98
            (0, 0, 14, {0: 1 / 4, 1: 1 / 2, 2: 1 / 4}),
            # x over [0, 10): P(< 7) = 24.5 / 70 = 0.35; P(>= 14) = (3^2 / 2) / 70 = 9/140
            (0, 0, 10, {0: 0.35, 1: 1 - 0.35 - 9 / 140, 2: 9 / 140}),
            # x over [7, 14): the first case, a bucket later
            (0, 7, 14, {1: 1 / 2, 2: 1 / 2}),
            # an empty interval: all at s + 3, of which s in [4, 7) falls into bucket 1
            (0, 3, 3, {0: 4 / 7, 1: 3 / 7}),
            # an interval that ends before it begins counts as empty
            (0, 3, 1, {0: 4 / 7, 1: 3 / 7}),
            # nothing but the start
            (2, 0, 0, {2: 1}),
        ],
    )
    def test_shares_worked_out_by_hand(self, bucket: int, begin: float, end: float, expected: dict[int, float]) -> None:
        assert row(loads(MIXED, begin, end), bucket) == pytest.approx(expected, abs=1e-12)

    def test_a_load_after_the_horizon_is_left_out(self) -> None:
        # s uniform over April, [73, 103), x over [0, 30): half of it is after the end.
        assert row(loads(MIXED, 0, 30), 4) == pytest.approx({4: 1 / 2})
        assert row(loads(MIXED, 30, 60), 4) == {}

    @settings(deadline=None)
    @given(st.integers(0, 4), st.integers(0, 60 * 24), st.integers(1, 60 * 24))
    def test_shares_are_those_of_numerical_integration(self, bucket: int, begin: int, hours: int) -> None:
        low, high = begin * HOUR, (begin + hours) * HOUR
        found = row(load_shares(MIXED, np.array([low]), np.array([high])), bucket)
        for u, share in integrated(MIXED, bucket, low, high).items():
            assert found.get(u, 0.0) == pytest.approx(share, abs=2e-4)

    @settings(deadline=None)
    @given(st.integers(0, 4), st.integers(0, 80 * DAY), st.integers(0, 80 * DAY))
    def test_inside_the_horizon_the_shares_of_any_load_add_up_to_one(self, bucket: int, begin: int, width: int) -> None:
        found = row(load_shares(LONG, np.array([begin]), np.array([begin + width])), bucket)
        assert sum(found.values()) == pytest.approx(1, abs=1e-9)
        assert min(found.values()) >= -1e-12


def entry(
    factor: float,
    *,
    start: int = -NEVER,
    end: int = NEVER,
    priority: int = 0,
    weekdays: str = "1234567",
    hours: tuple[float, float] = (0, 24),
) -> CalendarEntry:
    """Return an entry of a calendar; weekdays count from 1 = Monday as in the tables."""
    days = tuple(int(day) - 1 for day in weekdays)
    return CalendarEntry(start, end, factor, priority, days, round(hours[0] * HOUR), round(hours[1] * HOUR))


def by_bucket(timeline: Timeline, per: str, *entries: CalendarEntry) -> list[float]:
    return cumulative(timeline, per, entries).between(timeline.edges[:-1], timeline.edges[1:]).tolist()


class TestRates:
    """A rate per period is spread evenly over the period that an instant belongs to."""

    @pytest.mark.parametrize(
        ("per", "expected"),
        [
            # bucket lengths 7, 7, 28, 31, 30 days
            ("hour", [168, 168, 672, 744, 720]),
            ("day", [7, 7, 28, 31, 30]),
            ("week", [1, 1, 4, 31 / 7, 30 / 7]),
            # two weeks of January, then whole months
            ("month", [7 / 31, 7 / 31, 1, 1, 1]),
            # the first quarter of 2026 has 90 days, the second 91
            ("quarter", [7 / 90, 7 / 90, 28 / 90, 31 / 90, 30 / 91]),
            ("year", [7 / 365, 7 / 365, 28 / 365, 31 / 365, 30 / 365]),
        ],
    )
    def test_one_unit_per_period(self, per: str, expected: list[float]) -> None:
        assert by_bucket(MIXED, per) == pytest.approx(expected)

    def test_a_bucket_over_a_month_end_takes_its_part_of_both_months(self) -> None:
        # 28 January to 4 February 2026: 4 days of 31 and 3 of 28.
        assert by_bucket(Timeline.build(datetime(2026, 1, 28), "1 week"), "month") == pytest.approx([4 / 31 + 3 / 28])

    def test_a_leap_year_has_366_days(self) -> None:
        assert by_bucket(Timeline.build(datetime(2028, 2, 1), "1 month"), "year") == pytest.approx([29 / 366])

    def test_a_span_outside_the_horizon_or_an_empty_one_holds_nothing(self) -> None:
        amount = cumulative(MIXED, "day")
        assert amount.between([-5 * DAY, 3 * DAY, 100 * DAY], [2 * DAY, 1 * DAY, 200 * DAY]).tolist() == [2, 0, 3]


WEEK_OF_DAYS = Timeline.build(SUNDAY, "7 days")  # Sunday 18 to Saturday 24 January


class TestCalendars:
    """The factor is that of the entry in force with the lowest priority number, and 1 outside every entry."""

    def test_a_factor_holds_between_its_dates(self) -> None:
        # Closed from day 1.5 to day 3.
        closed = entry(0, start=36 * HOUR, end=3 * DAY)
        assert by_bucket(WEEK_OF_DAYS, "hour", closed) == pytest.approx([24, 12, 0, 24, 24, 24, 24])

    def test_weekdays_count_from_monday(self) -> None:
        assert by_bucket(WEEK_OF_DAYS, "day", entry(0, weekdays="67")) == pytest.approx([0, 1, 1, 1, 1, 1, 0])
        assert by_bucket(MIXED, "day", entry(0, weekdays="67"))[:2] == pytest.approx([5, 5])

    def test_a_shift_holds_on_its_days_and_hours(self) -> None:
        # Twice the rate on Monday and Wednesday from 8 to 16: 24 + 8 hours.
        shift = entry(2, weekdays="13", hours=(8, 16))
        assert by_bucket(WEEK_OF_DAYS, "hour", shift) == pytest.approx([24, 32, 24, 32, 24, 24, 24])

    def test_an_entry_over_midnight_has_the_weekday_of_its_beginning(self) -> None:
        # Friday 22:00 to Saturday 06:00.
        night = entry(0, weekdays="5", hours=(22, 6))
        assert by_bucket(WEEK_OF_DAYS, "hour", night) == pytest.approx([24, 24, 24, 24, 24, 22, 18])

    def test_the_night_before_the_first_day_reaches_into_the_horizon(self) -> None:
        # Saturday 22:00 to Sunday 06:00: the first six hours, and the last two.
        night = entry(0, weekdays="6", hours=(22, 6))
        assert by_bucket(WEEK_OF_DAYS, "hour", night) == pytest.approx([18, 24, 24, 24, 24, 24, 22])

    def test_an_entry_from_an_hour_until_the_same_hour_runs_round_the_clock(self) -> None:
        # Tuesday 18:00 to Wednesday 18:00.
        assert by_bucket(WEEK_OF_DAYS, "hour", entry(0, weekdays="2", hours=(18, 18))) == pytest.approx(
            [24, 24, 18, 6, 24, 24, 24]
        )

    def test_dates_cut_an_entry_at_the_instant(self) -> None:
        # The night from Friday 22:00 to Saturday 06:00 ends on Saturday at 02:00 (day 6 + 2 hours).
        night = entry(0, weekdays="5", hours=(22, 6), end=6 * DAY + 2 * HOUR)
        assert by_bucket(WEEK_OF_DAYS, "hour", night) == pytest.approx([24, 24, 24, 24, 24, 22, 22])

    def test_days_are_those_of_the_clock_when_the_programme_begins_in_the_morning(self) -> None:
        # Monday 2 March 2026, 06:00; closed on Saturday and Sunday: Friday's bucket ends on Saturday at 06:00.
        timeline = Timeline.build(datetime(2026, 3, 2, 6), "7 days")
        assert by_bucket(timeline, "hour", entry(0, weekdays="67")) == pytest.approx([24, 24, 24, 24, 18, 0, 6])

    def test_the_lowest_priority_number_wins_wherever_it_stands(self) -> None:
        strong, weak = entry(0.5, start=0, end=2 * DAY, priority=1), entry(3, start=DAY, end=4 * DAY, priority=2)
        expected = [0.5, 0.5, 3, 3, 1, 1, 1]
        assert by_bucket(WEEK_OF_DAYS, "day", strong, weak) == pytest.approx(expected)
        assert by_bucket(WEEK_OF_DAYS, "day", weak, strong) == pytest.approx(expected)

    def test_among_equal_priorities_the_first_row_wins(self) -> None:
        one, two = entry(0.5, start=0, end=2 * DAY), entry(3, start=DAY, end=3 * DAY)
        assert by_bucket(WEEK_OF_DAYS, "day", one, two) == pytest.approx([0.5, 0.5, 3, 1, 1, 1, 1])
        assert by_bucket(WEEK_OF_DAYS, "day", two, one) == pytest.approx([0.5, 3, 3, 1, 1, 1, 1])

    def test_a_rate_per_month_under_a_calendar_keeps_its_share_of_the_month(self) -> None:
        # Half of the rate in March: 31 days of factor 0.5; closed on the first ten days of April.
        half, closed = entry(0.5, start=42 * DAY, end=73 * DAY), entry(0, start=73 * DAY, end=83 * DAY)
        assert by_bucket(MIXED, "month", half, closed) == pytest.approx([7 / 31, 7 / 31, 1, 0.5, 20 / 30])

    def test_a_window_inside_a_bucket_takes_only_the_open_hours(self) -> None:
        # Open from 8 to 16 only; from Monday 12:00 to Tuesday 12:00 that is 4 + 4 hours.
        closed, shift = entry(0, priority=2), entry(1, priority=1, hours=(8, 16))
        amount = cumulative(WEEK_OF_DAYS, "hour", [closed, shift])
        assert amount.between(DAY + 12 * HOUR, 2 * DAY + 12 * HOUR) == pytest.approx(8)
