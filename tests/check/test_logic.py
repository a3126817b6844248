"""Checks of meaning: where each limit lies, to the last cell and second."""

from __future__ import annotations

from typing import Any

import pytest
from good_programme import Programme, checked, good, rows

from coproduce.errors import Problem


def changed(**tables: str) -> Programme:
    """Return the good programme with some tables written anew; an empty text drops the table."""
    programme = good()
    for table, text in tables.items():
        programme[table] = rows(text) if text else []
        if not text:
            del programme[table]
    return programme


def told(programme: Programme, code: str) -> list[Problem]:
    """Return the problems of one code."""
    return [p for p in checked(programme).problems if p.code == code]


def with_cells(table: str, row: int, /, **cells: Any) -> Programme:
    """Return the good programme with some cells changed; rows count from 0."""
    programme = good()
    for line in programme[table]:
        for column in cells:
            line.setdefault(column, "")
    programme[table][row].update(cells)
    return programme


# The horizon is the year 2026: the days of January, then eleven months.
@pytest.mark.parametrize(
    ("due", "codes"),
    [
        ("2026-12-31 23:59", set()),
        ("2027-01-01", {"E408"}),
        ("2026-01-01", set()),
        ("2025-12-31 23:59", {"W509"}),
    ],
)
def test_a_due_date_must_lie_in_the_horizon(due: str, codes: set[str]) -> None:
    assert {p.code for p in checked(with_cells("demands", 2, due=due)).problems} == codes


@pytest.mark.parametrize(
    ("when", "codes"),
    [("2026-01-01", set()), ("2025-12-31 12:00", {"E409"}), ("2026-12-31", set()), ("2027-01-01", {"W510"})],
)
def test_a_receipt_counts_from_the_start_to_the_end(when: str, codes: set[str]) -> None:
    assert {p.code for p in checked(with_cells("receipts", 0, date=when)).problems} == codes


@pytest.mark.parametrize(
    ("begin", "end", "closed"),
    [
        # Buckets start on every day of January, then on 1 February and so on to 1 December.
        ("2026-01-31 00:01", "2026-02-01", True),
        ("2026-02-02", "2026-03-01", True),
        ("2026-02-02", "2026-03-02", False),
        ("2026-12-01", "", False),
        ("2026-12-02", "", True),
        ("", "2026-01-01", True),
        ("", "2026-01-01 00:01", False),
        ("2026-06-01", "2026-06-01", True),
    ],
)
def test_a_window_is_usable_if_a_bucket_starts_in_it(begin: str, end: str, closed: bool) -> None:
    found = told(with_cells("supplies", 0, order_from=begin, order_until=end), "W512")
    assert bool(found) is closed


def test_a_resource_is_usable_if_its_time_meets_the_horizon() -> None:
    # Inside January and away from every start of a bucket, which only windows of runs and orders test.
    inside = with_cells("resources", 0, available_from="2026-01-10", available_until="2026-01-12")
    before = with_cells("resources", 0, available_from="", available_until="2026-01-01")
    assert not told(inside, "W512")
    assert told(before, "W512")


def test_a_maximum_below_the_opening_stock_is_an_error_only_if_nothing_takes_it_away() -> None:
    taken = with_cells("stocks", 0, opening="901")
    assert [p.code for p in checked(taken).problems] == ["W508"]
    stuck = with_cells("stocks", 0, item="gear", site="B", opening="901")
    assert [p.code for p in checked(stuck).problems] == ["E405"]


def test_a_minimum_that_begins_after_the_horizon_conflicts_with_nothing() -> None:
    assert told(with_cells("stocks", 0, minimum="901", minimum_from="2027-01-01"), "E405") == []
    assert told(with_cells("stocks", 0, final_min="901"), "E405")


def test_a_process_that_only_takes_up_capacity_needs_a_firm_run() -> None:
    programme = good()
    programme["processes"].append({**dict.fromkeys(programme["processes"][0], ""), "process": "trial", "site": "A"})
    loads = programme["loads"]
    loads.append({**loads[0], "process": "trial", "until_days": ""})
    assert [p.seen for p in told(programme, "E406")] == ["trial"]
    programme["wip"].append({"wip": "w9", "process": "trial", "quantity": "1", "started": "2026-02-01", "ends": ""})
    assert told(programme, "E406") == []


def test_a_rate_dated_after_the_start_is_not_in_force() -> None:
    (found,) = told(with_cells("exchange_rates", 0, date="2026-01-02"), "E304")
    assert "only rates dated after the start" in found.message
    assert told(with_cells("exchange_rates", 0, date="2026-01-01"), "E304") == []


def test_units_may_differ_in_case_only() -> None:
    assert told(with_cells("supplies", 0, unit="Piece"), "E403") == []
    assert told(with_cells("loads", 0, unit="days"), "E403")


def test_a_run_whose_output_is_still_on_its_way_has_not_ended() -> None:
    # Started on 24 December, ended after five days on the 29th; with four days of safety time out on 2 January.
    programme = with_cells("processes", 0, post_days="4")
    programme["wip"][0].update(started="2025-12-24", ends="")
    assert told(programme, "W511") == []
    assert told({**programme, "processes": good()["processes"]}, "W511")


def test_calendar_entries_overlap_only_on_the_same_days_and_hours() -> None:
    entries = """
        calendar | start | end | factor | priority | weekdays | from_time | until_time
        shifts   |       |     | 1      | 1        | 5        | 22:00     | 06:00
        shifts   |       |     | 2      | 1        | {days}   | {begin}   | {end}"""

    def overlaps(days: str, begin: str, end: str) -> bool:
        return bool(told(changed(calendars=entries.format(days=days, begin=begin, end=end)), "W514"))

    # The Friday night runs on until six on Saturday.
    assert overlaps("6", "05:00", "07:00")
    assert not overlaps("6", "06:00", "07:00")
    assert not overlaps("5", "05:00", "07:00")
    assert overlaps("5", "21:00", "22:01")


def test_calendar_entries_one_after_the_other_do_not_overlap() -> None:
    entries = """
        calendar | start      | end        | factor
        shifts   | 2026-01-01 | 2026-02-01 | 1
        shifts   | 2026-02-01 | 2026-03-01 | 2
        shifts   | {start}    |            | 0.5"""
    assert not told(changed(calendars=entries.format(start="2026-03-01")), "W514")
    (found,) = told(changed(calendars=entries.format(start="2026-02-28")), "W514")
    assert found.origin.row == 4


def test_a_demand_whose_earliest_bucket_is_later_than_it_may_be_is_closed() -> None:
    # Due in March; delivered from May on, at the end of May at the earliest: 61 days after the end of March.
    late = {"due": "2026-03-15", "earliest": "2026-05-10"}
    assert told(with_cells("demands", 0, **late, maximum_late_days="60"), "W517")
    assert not told(with_cells("demands", 0, **late, maximum_late_days="61"), "W517")
    # Overdue demands are late from their date: the first bucket ends on 2 January, two days later.
    overdue = {"due": "2025-12-31", "earliest": ""}
    assert told(with_cells("demands", 0, **overdue, maximum_late_days="1"), "W517")
    assert not told(with_cells("demands", 0, **overdue, maximum_late_days="2"), "W517")


def test_evidence_for_several_rows_is_compared_with_each() -> None:
    line = "table|key|column|confidence|low|high\ndemands|d*|quantity|assumed|{low}|{high}"
    # The quantities are 30, 12.5 and 7.
    assert not told(changed(evidence=line.format(low="7", high="30")), "W515")
    assert "is 7," in told(changed(evidence=line.format(low="8", high="")), "W515")[0].message
    assert "is 30," in told(changed(evidence=line.format(low="", high="29")), "W515")[0].message


def test_a_star_in_evidence_matches_only_characters() -> None:
    line = "table|key|column|confidence\ndemands|{key}|quantity|assumed"
    assert not told(changed(evidence=line.format(key="*")), "E308")
    # A dot is a dot, not any character.
    assert told(changed(evidence=line.format(key="d.*")), "E308")


def test_a_misspelt_name_is_suggested_for_tables_columns_and_references() -> None:
    assert told(with_cells("evidence", 0, table="suplies"), "E306")[0].hint == 'did you mean "supplies"?'
    assert told(with_cells("evidence", 0, column="prize"), "E307")[0].hint == 'did you mean "price"?'
    assert told(with_cells("demands", 0, item="pmp"), "E302")[0].hint == 'did you mean "pump"?'


def test_the_first_row_of_a_repeated_key_is_named() -> None:
    programme = good()
    programme["flows"].append(dict(programme["flows"][1]))
    (found,) = told(programme, "E301")
    assert "row 3" in found.message and found.origin.row == 4


def test_a_bad_id_is_reported_once_and_its_references_are_not() -> None:
    programme = good()
    programme["sources"][0]["source"] = "our report"
    programme["evidence"][0]["source"] = "our report"
    found = [(p.code, p.origin.sheet) for p in checked(programme).problems]
    assert found == [("E209", "sources"), ("E209", "evidence")]


def test_a_plan_cannot_do_without_its_settings_but_the_rest_is_checked() -> None:
    programme = changed(programme="")
    programme["demands"][0]["quantity"] = "1,5"
    assert {p.code for p in checked(programme).problems} == {"E117", "E215"}
