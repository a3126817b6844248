"""The audit's own calendar arithmetic against cases worked out by hand."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl
import pytest
from audit_case import Row, checked

from coproduce.audit.capacity import Rates, amounts
from coproduce.audit.clock import ALWAYS, DAY, NEVER, Clock, lead_seconds
from coproduce.audit.shares import Shares, lead_shares, load_shares, overlap_shares, whole_shares
from coproduce.tables import INPUT_TABLES

# Edges in days: 0, 7, 14, 21, 28, 59, 89.
CLOCK = Clock.of(datetime(2026, 2, 1), "4 weeks, 2 months")


def ints(*numbers: float) -> np.ndarray:
    """Return an array of whole numbers."""
    return np.array(numbers).astype(np.int64)


def dense(shares: Shares, clock: Clock = CLOCK) -> list[list[float]]:
    """Return the shares of each pair in every bucket."""
    table = np.zeros((shares.pairs, clock.count))
    np.add.at(table, (shares.pair, shares.bucket), shares.share)
    return table.tolist()


def days(*numbers: float) -> np.ndarray:
    """Return days in seconds."""
    return lead_seconds(np.array(numbers, dtype=np.float64))


class TestBuckets:
    def test_weeks_are_followed_by_calendar_months(self) -> None:
        assert (CLOCK.edges / DAY).tolist() == [0, 7, 14, 21, 28, 59, 89]
        assert CLOCK.days.tolist() == [7, 7, 7, 7, 31, 30]

    def test_quarters_keep_the_time_of_day_and_pass_a_leap_day(self) -> None:
        # 2028: January 31, February 29, March 31 = 91 days; then 30 + 31 + 30 = 91.
        clock = Clock.of(datetime(2028, 1, 1, 6), "2 quarters")
        assert (clock.edges / DAY).tolist() == [0, 91, 182]
        assert clock.moment(int(clock.edges[1])) == datetime(2028, 4, 1, 6)

    def test_months_pass_the_end_of_a_year(self) -> None:
        clock = Clock.of(datetime(2026, 11, 1), "36 hours, 12 hours, 2 days")
        assert clock.count == 36 + 12 + 2
        assert clock.horizon == (48 * 3_600) + 2 * DAY
        later = Clock.of(datetime(2026, 11, 1), "3 months")
        assert (later.edges / DAY).tolist() == [0, 30, 61, 92]

    def test_an_instant_lies_in_the_bucket_that_begins_with_it(self) -> None:
        instants = ints(-1, 0, 7 * DAY - 1, 7 * DAY, 89 * DAY - 1, 89 * DAY)
        assert CLOCK.bucket(instants).tolist() == [-1, 0, 0, 1, 5, 6]

    def test_dates_before_the_start_are_negative_and_empty_ones_are_as_asked(self) -> None:
        dates = pl.Series([datetime(2026, 1, 31, 23, 59, 59), None, datetime(2026, 2, 2)], dtype=pl.Datetime("ms"))
        assert CLOCK.seconds(dates, NEVER).tolist() == [-1, NEVER, DAY]

    def test_days_become_whole_seconds(self) -> None:
        # A third of a day is 28,800 s; 0.00001 days are 0.864 s.
        assert days(1 / 3, 0.00001, 0.000005).tolist() == [28_800, 1, 0]

    def test_an_unreadable_length_is_refused(self) -> None:
        with pytest.raises(ValueError, match="fortnights"):
            Clock.of(datetime(2026, 1, 1), "2 fortnights")


class TestLeadTimes:
    def test_without_a_lead_time_everything_stays(self) -> None:
        assert dense(lead_shares(CLOCK, ints(4), ints(0))) == [[0, 0, 0, 0, 1, 0]]

    def test_a_lead_time_shorter_than_the_bucket_splits_it(self) -> None:
        # [0, 7) + 2 = [2, 9): 5 of 7 days stay, 2 move on.
        assert dense(lead_shares(CLOCK, ints(0), days(2)))[0] == pytest.approx([5 / 7, 2 / 7, 0, 0, 0, 0])

    def test_a_lead_time_as_long_as_the_bucket_moves_it_whole(self) -> None:
        assert dense(lead_shares(CLOCK, ints(0), days(7))) == [[0, 1, 0, 0, 0, 0]]

    def test_a_longer_lead_time_skips_buckets(self) -> None:
        # [0, 7) + 17 = [17, 24): 4 days in [14, 21), 3 in [21, 28).
        assert dense(lead_shares(CLOCK, ints(0), days(17)))[0] == pytest.approx([0, 0, 4 / 7, 3 / 7, 0, 0])

    def test_a_week_goes_into_the_month_that_follows(self) -> None:
        # [21, 28) + 5 = [26, 33): 2 days in the week, 5 in March.
        assert dense(lead_shares(CLOCK, ints(3), days(5)))[0] == pytest.approx([0, 0, 0, 2 / 7, 5 / 7, 0])

    def test_a_month_is_divided_by_its_own_length(self) -> None:
        # March [28, 59) + 10 = [38, 69): 21 days in March, 10 in April.
        assert dense(lead_shares(CLOCK, ints(4), days(10)))[0] == pytest.approx([0, 0, 0, 0, 21 / 31, 10 / 31])

    def test_what_arrives_after_the_horizon_leaves_the_plan(self) -> None:
        # April [59, 89) + 12 = [71, 101): 18 of 30 days arrive; + 30 nothing does.
        shares = lead_shares(CLOCK, ints(5, 5), days(12, 30))
        assert dense(shares)[0] == pytest.approx([0, 0, 0, 0, 0, 0.6])
        assert shares.inside() == pytest.approx([0.6, 0.0])

    def test_a_short_bucket_can_fall_inside_a_long_one(self) -> None:
        # [14, 21) + 20 = [34, 41), all in March.
        assert dense(lead_shares(CLOCK, ints(2), days(20))) == [[0, 0, 0, 0, 1, 0]]

    def test_rounded_up_outputs_arrive_in_the_last_bucket_reached(self) -> None:
        # 0 stays; [2, 9) reaches the second week; [7, 14) only the second; [26, 33) reaches March.
        shares = whole_shares(CLOCK, ints(0, 0, 0, 3), days(0, 2, 7, 5), last=True)
        assert shares.bucket.tolist() == [0, 1, 1, 4]
        assert shares.share.tolist() == [1, 1, 1, 1]

    def test_rounded_up_inputs_are_taken_in_the_first_bucket_reached(self) -> None:
        shares = whole_shares(CLOCK, ints(0, 0, 0, 3), days(0, 2, 7, 5), last=False)
        assert shares.bucket.tolist() == [0, 0, 1, 3]

    def test_rounded_up_an_output_that_ends_after_the_horizon_leaves_whole(self) -> None:
        # [71, 101) reaches beyond day 89, but begins in April.
        assert whole_shares(CLOCK, ints(5), days(12), last=True).bucket.tolist() == []
        assert whole_shares(CLOCK, ints(5), days(12), last=False).bucket.tolist() == [5]

    def test_events_are_spread_by_the_pair_they_follow(self) -> None:
        shares = lead_shares(CLOCK, ints(5, 0, 0), days(30, 2, 0))
        event, bucket, share = shares.spread(ints(2, 0, 1))
        assert event.tolist() == [0, 2, 2]
        assert bucket.tolist() == [0, 0, 1]
        assert share == pytest.approx([1, 5 / 7, 2 / 7])


class TestLoads:
    def test_a_load_over_its_week_is_halved_between_two_weeks(self) -> None:
        # Of a run started at s in [0, 7), 7 - s of its 7 days fall in the first week; s is 3.5 on average.
        assert dense(load_shares(CLOCK, ints(0), days(0), days(7)))[0] == pytest.approx([0.5, 0.5, 0, 0, 0, 0])

    def test_a_load_over_two_weeks_covers_the_one_between(self) -> None:
        # [s, s + 14): 7 - s, 7 and s of 14 days: 1/4, 1/2, 1/4.
        assert dense(load_shares(CLOCK, ints(0), days(0), days(14)))[0] == pytest.approx([0.25, 0.5, 0.25, 0, 0, 0])

    def test_a_short_load_leaks_only_from_late_starts(self) -> None:
        # [s, s + 2): starts after day 5 leak s - 5 of 2 days; the mean of (s - 5) / 2 over [5, 7) is 1/2,
        # and 2 of 7 starts are such: 1/7.
        assert dense(load_shares(CLOCK, ints(0), days(0), days(2)))[0] == pytest.approx([6 / 7, 1 / 7, 0, 0, 0, 0])

    def test_an_offset_moves_the_load(self) -> None:
        # [s + 7, s + 9) is the case above a week later.
        assert dense(load_shares(CLOCK, ints(0), days(7), days(9)))[0] == pytest.approx([0, 6 / 7, 1 / 7, 0, 0, 0])

    def test_an_empty_interval_falls_at_its_beginning(self) -> None:
        # As a lead time of 2 days.
        expected = pytest.approx([5 / 7, 2 / 7, 0, 0, 0, 0])
        assert dense(load_shares(CLOCK, ints(0), days(2), days(2)))[0] == expected
        assert dense(load_shares(CLOCK, ints(0), days(2), days(1)))[0] == expected

    def test_what_is_loaded_after_the_horizon_does_not_count(self) -> None:
        # April, s in [59, 89), 30 days: one half falls after day 89.
        assert load_shares(CLOCK, ints(5), days(0), days(30)).inside() == pytest.approx([0.5])

    @pytest.mark.parametrize("begin", [0.0, 0.25, 3.0, 20.0, 45.5])
    @pytest.mark.parametrize("length", [0.01, 1.0, 6.9, 31.0, 70.0])
    def test_shares_are_the_closed_form_of_two_uniform_times(self, begin: float, length: float) -> None:
        # P(s + x <= z) with s uniform on [a, b), x on [c, d) is
        # (q(z-a-c) - q(z-b-c) - q(z-a-d) + q(z-b-d)) / ((b-a)(d-c)), q(y) = max(y, 0)^2 / 2.
        edges = CLOCK.edges / DAY
        shares = dense(load_shares(CLOCK, np.arange(6), *(np.repeat(days(x), 6) for x in (begin, begin + length))))
        for bucket in range(6):
            a, b, c, d = edges[bucket], edges[bucket + 1], begin, begin + length
            signed = ((a + c, 1), (b + c, -1), (a + d, -1), (b + d, 1))
            up_to = sum(sign * np.maximum(edges - at, 0) ** 2 / 2 for at, sign in signed) / ((b - a) * (d - c))
            assert shares[bucket] == pytest.approx(np.diff(up_to).tolist(), abs=1e-9)

    def test_a_firm_load_counts_where_its_interval_meets_the_horizon(self) -> None:
        # Days -2 to 9: 7/11 and 2/11; days 80 to 100: 9 of 20 days; an instant; one before the start.
        shares = overlap_shares(CLOCK, days(-2, 80, 7, -1), days(9, 100, 7, -1))
        assert dense(shares)[0] == pytest.approx([7 / 11, 2 / 11, 0, 0, 0, 0])
        assert dense(shares)[1] == pytest.approx([0, 0, 0, 0, 0, 9 / 20])
        assert dense(shares)[2:] == [[0, 1, 0, 0, 0, 0], [0] * 6]


def amount(
    rate: float | None,
    per: str,
    calendar: list[Row] | None = None,
    clock: Clock = CLOCK,
    window: tuple[int, int] | None = None,
) -> list[float]:
    """Return the amounts per bucket of one rate, under a calendar of the given entries."""
    entries = [{"calendar": "c", **row} for row in calendar or []]
    table = checked({"calendars": entries})["calendars"] if entries else INPUT_TABLES["calendars"].empty()
    name = pl.Series(["c" if entries else None], dtype=pl.String)
    bounds = None if window is None else (ints(window[0]), ints(window[1]))
    level = np.array([np.nan if rate is None else rate])
    return amounts(Rates(clock, table), clock, level, pl.Series([per]), name, bounds)[0].tolist()


class TestAmounts:
    def test_a_monthly_rate_is_spread_over_the_calendar_month(self) -> None:
        # February has 28 days: a week is a quarter of it. March and April are whole.
        assert amount(28, "month") == pytest.approx([7, 7, 7, 7, 28, 28])

    def test_a_week_over_the_end_of_a_month_takes_from_both(self) -> None:
        # January 26 to February 2, 2026: 6 days of 1/31, then 1 of 1/28.
        clock = Clock.of(datetime(2026, 1, 26), "1 week")
        assert amount(868, "month", clock=clock) == pytest.approx([6 * 28 + 31])

    def test_quarterly_and_yearly_rates_follow_the_calendar(self) -> None:
        # First quarter of 2026: 90 days, second: 91.
        assert amount(90, "quarter") == pytest.approx([7, 7, 7, 7, 31, 90 * 30 / 91])
        assert amount(365, "year") == pytest.approx([7, 7, 7, 7, 31, 30])

    @pytest.mark.parametrize(("per", "rate"), [("hour", 1), ("day", 24), ("week", 168)])
    def test_fixed_periods_have_fixed_lengths(self, per: str, rate: float) -> None:
        assert amount(rate, per) == pytest.approx([168, 168, 168, 168, 744, 720])

    def test_weekdays_and_times_of_day_make_shifts(self) -> None:
        # 16 hours off at night and in the evening, 24 at the weekend: 5 x 8 hours a week, 22 x 8 a month.
        calendar = [
            {"factor": 1.0, "weekdays": "12345", "from_time": "08:00", "until_time": "16:00"},
            {"factor": 0.0, "priority": 1},
        ]
        assert amount(1, "hour", calendar) == pytest.approx([40, 40, 40, 40, 176, 176])

    def test_a_shift_over_midnight_belongs_to_the_day_it_begins_on(self) -> None:
        # Fridays 22:00 to 06:00. The week of Sunday, February 1 ends on Saturday at midnight: one night, 8 hours.
        calendar = [
            {"factor": 1.0, "weekdays": "5", "from_time": "22:00", "until_time": "06:00"},
            {"factor": 0.0, "priority": 1},
        ]
        assert amount(1, "hour", calendar)[:4] == pytest.approx([8, 8, 8, 8])
        # A day that begins on Saturday at 0:00 holds the morning of Friday's shift: 6 hours; Friday holds 2.
        clock = Clock.of(datetime(2026, 2, 6), "2 days")
        assert amount(1, "hour", calendar, clock) == pytest.approx([2, 6])

    def test_a_programme_may_begin_in_the_middle_of_a_day(self) -> None:
        # Friday 12:00 to Saturday 12:00 with Saturdays off: 12 hours.
        clock = Clock.of(datetime(2026, 2, 6, 12), "1 day")
        assert amount(1, "hour", [{"factor": 0.0, "weekdays": "6"}], clock) == pytest.approx([12])

    def test_the_same_time_twice_is_a_whole_day_from_then_on(self) -> None:
        # Saturday 08:00 to Sunday 08:00: 16 hours of Saturday, 8 of Sunday are off.
        clock = Clock.of(datetime(2026, 2, 7), "2 days")
        calendar = [{"factor": 0.0, "weekdays": "6", "from_time": "08:00", "until_time": "08:00"}]
        assert amount(1, "hour", calendar, clock) == pytest.approx([8, 16])

    def test_the_lowest_priority_number_holds_and_among_equals_the_first_row(self) -> None:
        # Third week: 0.5 of priority 0. Else in February 0.25, the first of two rows of priority 3.
        february = {"start": datetime(2026, 2, 1), "end": datetime(2026, 3, 1), "priority": 3}
        week = {"start": datetime(2026, 2, 15), "end": datetime(2026, 2, 22)}
        calendar = [{"factor": 0.25, **february}, {"factor": 9.0, **february}, {"factor": 0.5, **week}]
        assert amount(1, "day", calendar) == pytest.approx([1.75, 1.75, 3.5, 1.75, 31, 30])

    def test_a_closure_within_a_bucket_takes_its_share(self) -> None:
        # Closed from day 2.5 to day 8: 2.5 days of the first week are left, 6 of the second.
        calendar = [{"factor": 0.0, "start": datetime(2026, 2, 3, 12), "end": datetime(2026, 2, 9)}]
        assert amount(1, "day", calendar) == pytest.approx([2.5, 6, 7, 7, 31, 30])

    def test_availability_cuts_the_amount(self) -> None:
        # From day 3 to day 30: 4 days of the first week, 2 of March.
        window = (3 * DAY, 30 * DAY)
        assert amount(1, "day", window=window) == pytest.approx([4, 7, 7, 7, 2, 0])
        assert amount(1, "day", window=(NEVER, ALWAYS)) == [0] * 6

    def test_no_limit_is_unlimited_except_where_the_calendar_closes_a_whole_bucket(self) -> None:
        # Closed for days 5 to 14: all of the second week, only a part of the first.
        calendar = [{"factor": 0.0, "start": datetime(2026, 2, 6), "end": datetime(2026, 2, 15)}]
        assert amount(None, "month", calendar) == [np.inf, 0.0, np.inf, np.inf, np.inf, np.inf]
        assert amount(None, "month") == [np.inf] * 6
