"""Promises are checked cell by cell: names in lists, rows they stand for, contracts, dates, and what stands twice."""

from __future__ import annotations

import pytest
from good_programme import Programme, checked, good

from coproduce.errors import Problem


def problems(programme: Programme) -> list[Problem]:
    return list(checked(programme).problems)


def changed(row: int = 2, /, **cells: str) -> list[tuple[str, int, str]]:
    """Return code, row and column of all problems after a change of one row of the promises."""
    programme = good()
    for line in programme["commitments"]:
        for column in cells:
            line.setdefault(column, "")
    programme["commitments"][row - 2].update(cells)
    return [(p.code, p.origin.row, p.origin.column) for p in problems(programme)]


def test_every_name_of_a_list_must_exist() -> None:
    assert changed(made_by="maker; makr; carrier") == [("E302", 2, "made_by")] * 2


def test_a_similar_name_is_suggested_for_one_in_a_list() -> None:
    programme = good()
    programme["commitments"][0]["made_by"] = "makre"
    assert "maker" in problems(programme)[0].hint


def test_spaces_around_the_names_of_a_list_do_not_matter() -> None:
    assert changed(made_by=" maker ;maker") == []


def test_a_table_that_does_not_exist_is_named_in_used_in() -> None:
    assert changed(used_in="demand:d1") == [("E310", 2, "used_in")]


def test_a_text_that_names_no_table_is_of_the_wrong_form() -> None:
    assert changed(used_in="d1") == [("E210", 2, "used_in")]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"due": "", "quantity": "30"}, "due"),
        ({"due": "2026-03-31", "quantity": ""}, "quantity"),
        ({"status": "delivered", "due": "", "said": ""}, "due"),
    ],
)
def test_a_contract_needs_a_date_and_a_quantity(cells: dict[str, str], column: str) -> None:
    assert changed(**cells) == [("W524", 2, column)]


def test_the_day_of_a_delivery_is_date_enough() -> None:
    assert changed(status="delivered", due="") == []


def test_a_letter_that_is_only_signed_may_leave_both_open() -> None:
    assert changed(status="signed", due="", quantity="") == []


def test_a_bad_quantity_is_not_called_missing_as_well() -> None:
    assert changed(quantity="1,5") == [("E215", 2, "quantity")]


def test_saying_it_on_the_day_of_publication_is_in_time() -> None:
    assert changed(said="2025-11-01 18:00") == []


def test_a_promise_that_is_due_before_it_starts_is_an_error() -> None:
    assert changed(3, due="2025-12-31") == [("E404", 3, "due")]


def test_a_unit_other_than_the_items_is_an_error() -> None:
    assert changed(unit="kg") == [("E403", 2, "unit")]


def test_a_source_that_does_not_exist_is_an_error() -> None:
    assert changed(source="rumour") == [("E302", 2, "source")]


def test_the_same_id_and_source_may_stand_once_only() -> None:
    assert ("E301", 3, "source") in changed(3, commitment="pumps")


def test_the_same_quantity_from_the_same_source_counts_once() -> None:
    # Row 3 becomes row 2 in other words and under another id.
    same = {"item": "pump", "status": "contracted", "quantity": "30", "per": "", "start": "", "due": "2026-03-31"}
    assert changed(3, **same) == [("W527", 3, "commitment")]


def test_a_range_names_the_cell_that_lies_outside_and_counts_the_others() -> None:
    programme = good()
    programme["evidence"][1].update(key="make/*", low="-1.5", high="0")
    (found,) = problems(programme)
    assert found.code == "W515"
    assert "flows" in found.message and "quantity is 1" in found.message and "1 more" in found.message
