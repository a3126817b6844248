"""Every action does to every kind of column what its declaration says; figures are worked out in the comments."""

from __future__ import annotations

from datetime import datetime

import pytest
from changed import Line, cells, checked, programme

from coproduce.tables import INPUT_TABLES


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


# kind of column -> table, column, value written, what the checked cells of every row then hold
SET = {
    "number": ("demands", "quantity", "7.5", [7.5] * 3),
    "integer": ("demands", "priority", "3", [3] * 3),
    "date": ("demands", "due", "2026-11-30", [day("2026-11-30")] * 3),
    "flag": ("demands", "all_or_nothing", "yes", [True] * 3),
    "choice": ("demands", "kind", "stockpile", ["stockpile"] * 3),
    "text": ("demands", "name", "Order", ["Order"] * 3),
    "label": ("demands", "contract", "c1", ["c1"] * 3),
    "reference": ("demands", "site", "A", ["A"] * 3),
    "country": ("parties", "country", "DE", ["DE"] * 2),
    "currency": ("lanes", "currency", "EUR", ["EUR"]),
    "pattern": ("programme", "buckets", "12 months", ["12 months"]),
    "key": ("processes", "process", "build", ["build"]),
}


@pytest.mark.parametrize("kind", SET)
def test_set_writes_a_value_of_every_kind(kind: str) -> None:
    table, column, value, expected = SET[kind]
    assert INPUT_TABLES[table].columns[column].kind == kind
    lines: list[Line] = [(table, "", column, "set", value)]
    if kind == "key":  # what names the process is renamed with it
        lines += [(other, "", "process", "set", value) for other in ("flows", "loads", "wip")]
        lines.append(("reservations", "", "processes", "set", value))
    assert cells(table, column, *lines) == expected


def test_every_kind_of_column_is_set_by_a_test() -> None:
    kinds = {column.kind for spec in INPUT_TABLES.values() for column in spec.columns.values()}
    assert kinds == set(SET)


def test_set_to_empty_means_what_an_empty_cell_means() -> None:
    assert cells("lanes", "capacity", ("lanes", "", "capacity", "set", "(empty)")) == [None]
    # An empty efficiency counts as 1.
    assert cells("resources", "efficiency", ("resources", "", "efficiency", "set", "(empty)")) == [1.0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # 0.9 x 1.1 = 0.99 exactly, without the noise of binary fractions.
        (("processes", "", "yield_rate", "scale", "1.1"), [0.99]),
        (("lanes", "", "capacity", "scale", "0"), [0.0]),
        (("demands", "", "priority", "scale", "3"), [3, 6, 3]),
        (("supplies", "", "limit", "shift", "-50"), [250.0]),
        (("demands", "", "priority", "shift", "1"), [2, 3, 2]),
        (("lanes", "", "lead_days", "shift", "2 weeks"), [17.0]),
        (("lanes", "", "lead_days", "shift", "-12 hours"), [2.5]),
        # The third weight is not given: an empty weight counts as 1.
        (("demands", "", "weight", "scale", "2"), [2.0, 2.0, 2.0]),
    ],
)
def test_numbers_are_scaled_and_shifted_as_one_would_by_hand(line: Line, expected: list[float]) -> None:
    assert cells(line[0], line[2], line) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10", "2026-04-10"),
        ("-31 days", "2026-02-28"),
        ("1 week", "2026-04-07"),
        ("0.5", "2026-03-31 12:00"),
        ("6 hours", "2026-03-31 06:00"),
        # A month that is too short ends on its last day.
        ("1 month", "2026-04-30"),
        ("-1 months", "2026-02-28"),
        ("1 quarter", "2026-06-30"),
    ],
)
def test_dates_are_moved_by_days_or_calendar_months(value: str, expected: str) -> None:
    line = ("demands", "demand = d1", "due", "shift", value)
    assert cells("demands", "due", ("demands", "demand = d1", "earliest", "set", "(empty)"), line)[0] == day(expected)


def test_add_makes_a_row_of_the_cells_that_are_listed() -> None:
    line = ("lanes", "", "", "add", "lane = rail; from_site = A; to_site = B; lead_days = 9")
    found = checked(programme(line)).unwrap()["lanes"]
    assert found["lane"].to_list() == ["road", "rail"]
    assert found.row(1, named=True)["lead_days"] == 9.0
    assert found.row(1, named=True)["currency"] is None


def test_add_with_conditions_copies_the_row_that_they_meet() -> None:
    line = ("demands", "demand = d1", "", "add", 'demand = d4; quantity = 5; name = "a; b"; earliest = (empty)')
    found = checked(programme(line)).unwrap()["demands"].to_dicts()
    expected = {**found[0], "demand": "d4", "quantity": 5.0, "name": "a; b", "earliest": None}
    assert found[3] == expected


def test_add_makes_a_table_that_the_programme_does_not_have() -> None:
    changed = programme(
        ("receipts", "", "", "add", "receipt = r; item = gear; site = A; quantity = 3; date = 2026-02-01")
    )
    del changed["receipts"]
    assert checked(changed).unwrap()["receipts"]["quantity"].to_list() == [3.0]


def test_remove_takes_away_the_rows_that_fit() -> None:
    assert cells("demands", "demand", ("demands", "kind in partner|export", "", "remove", "")) == ["d3"]
    assert (
        cells(
            "exchange_rates", "rate", ("lanes", "", "currency", "set", "EUR"), ("exchange_rates", "*", "", "remove", "")
        )
        == []
    )


def test_lines_work_on_what_earlier_lines_left() -> None:
    lines: list[Line] = [
        ("demands", "demand = d1", "quantity", "scale", "2"),
        ("demands", "demand = d1", "quantity", "shift", "1"),
        ("demands", "quantity = 61", "", "add", "demand = d4"),
        ("demands", "demand = d1", "", "remove", ""),
        ("demands", "demand = d4", "quantity", "scale", "10"),
    ]
    # 30 x 2 + 1 = 61 is copied to d4, d1 goes, and 61 x 10 = 610.
    assert cells("demands", "quantity", *lines) == [12.5, 7.0, 610.0]


def test_a_setting_of_the_programme_changes_without_conditions() -> None:
    assert cells("programme", "tier_tolerance", ("programme", "", "tier_tolerance", "set", "0.01")) == [0.01]


def test_what_is_included_comes_first_and_in_its_place() -> None:
    changed = programme(("", "", "", "include", "first"), ("lanes", "", "capacity", "shift", "1"))
    changed["scenarios"] = [
        {**changed["scenarios"][0], "scenario": "first", "table": "lanes", "column": "capacity", "action": "scale",
         "value": "2"},
        *changed["scenarios"],
    ]  # fmt: skip
    tables = checked(changed).unwrap()
    # 50 x 2 + 1
    assert tables["lanes"]["capacity"].to_list() == [101.0]
    assert tables.scenario is not None
    assert [(one.scenario, one.line) for one in tables.scenario.changes] == [("first", 1), ("s", 2)]


def test_the_base_is_as_if_there_were_no_scenario() -> None:
    with_lines = checked(programme(("lanes", "", "capacity", "scale", "2")), "base").unwrap()
    without = programme()
    del without["scenarios"]
    plain = checked(without, "").unwrap()
    for table in INPUT_TABLES:
        if table != "scenarios":
            assert with_lines[table].equals(plain[table])
    assert with_lines.scenario is None
