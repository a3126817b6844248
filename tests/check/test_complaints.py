"""What a bad cell is told: the value that was probably meant, and never a guess."""

from __future__ import annotations

import pytest

from coproduce.check.complaints import complain, shown
from coproduce.check.countries import country_code
from coproduce.read import UNCALCULATED
from coproduce.tables import INPUT_TABLES

DEMANDS, PROCESSES = INPUT_TABLES["demands"].columns, INPUT_TABLES["processes"].columns


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("1,5", "E215", "write 1.5"),
        ("0,125", "E215", "write 0.125"),
        # Three digits after the comma may be a group of thousands; both readings are named.
        ("1,500", "E215", "write 1500 if the comma groups thousands, 1.500 if not"),
        ("1.234,5", "E216", "write 1234.5"),
        ("1'500'000", "E216", "write 1500000"),
        ("1 500", "E216", "write 1500"),
        ("1 500", "E216", "write 1500"),
        ("85%", "E217", "write 0.85"),
        ("12,5 %", "E217", "write 0.125"),
        ("12 kg", "E202", "write 12 without kg"),
        ("€", "E202", "write the amount as digits, without the sign"),
        ("€700", "E202", "write 700 without €"),
        ("EUR 700", "E202", "write 700 without EUR"),
        ("400/month", "E202", "write 400 without /month"),
        ("12%", "E217", "write 0.12"),
        ("1_000", "E216", "write 1000"),
        ("-inf", "E204", ""),
        ("-1", "E205", ""),
    ],
)
def test_a_quantity_written_otherwise_is_told_how(text: str, code: str, hint: str) -> None:
    found = complain(DEMANDS["quantity"], text)
    assert (found.code, found.hint) == (code, hint)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("31/12/2026", "E207", "write 2026-12-31"),
        ("12/31/2026", "E207", "write 2026-12-31"),
        ("03.04.2026", "E207", "write 2026-04-03 or 2026-03-04"),
        ("05-05-2026", "E207", "write 2026-05-05"),
        ("2026/3/1", "E207", "write 2026-03-01"),
        ("20260301", "E207", "write 2026-03-01"),
        ("1 March 2026", "E207", "write 2026-03-01"),
        # Excel counts days from 1899-12-30: 46082 is the first of March 2026, half a day is noon.
        ("46082", "E208", "write 2026-03-01"),
        ("46082.5", "E208", "write 2026-03-01 12:00"),
        ("2026-03-01T06:00:00+01:00", "E218", "write 2026-03-01 06:00"),
        ("2026-03-01 6 Uhr", "E206", "write 2026-03-01 or 2026-03-01 06:00"),
    ],
)
def test_a_date_written_otherwise_is_told_how(text: str, code: str, hint: str) -> None:
    found = complain(DEMANDS["due"], text)
    assert (found.code, found.hint) == (code, hint)


def test_an_impossible_date_is_told_why() -> None:
    found = complain(DEMANDS["due"], "2026-02-30")
    assert found.code == "E206"
    assert "day is out of range for month" in found.message


@pytest.mark.parametrize(
    ("text", "words"),
    [("0", "not above 0"), ("-0.5", "not above 0"), ("1.01", "above 1")],
)
def test_a_bound_is_named(text: str, words: str) -> None:
    assert words in complain(PROCESSES["yield_rate"], text).message


def test_an_id_is_told_which_character_is_strange_and_how_to_write_it() -> None:
    found = complain(DEMANDS["demand"], "Order 7/é")
    assert found.code == "E209"
    assert 'a space, "/", "é"' in found.message
    assert found.hint == 'write "Order_7"'


def test_a_choice_lists_all_and_names_the_nearest() -> None:
    found = complain(DEMANDS["kind"], "Exprt")
    assert found.expected == "domestic, partner, export, stockpile, fleet"
    assert found.hint == 'did you mean "export"?'


def test_a_text_of_fixed_form_shows_an_example() -> None:
    assert complain(INPUT_TABLES["sites"].columns["country"], "fr").hint == "write FR"
    assert "08:00" in complain(INPUT_TABLES["calendars"].columns["from_time"], "8 o'clock").hint


@pytest.mark.parametrize(
    ("text", "code"),
    [("Poland", "PL"), ("UK", "GB"), ("POL", "PL"), ("ukraine", "UA"), ("Viet Nam", "VN"), ("Germny", "DE")],
)
def test_a_country_by_name_is_told_its_code(text: str, code: str) -> None:
    if text != "UK":
        assert complain(INPUT_TABLES["sites"].columns["country"], text).hint == f"write {code}"
    assert country_code(text) == code


def test_a_count_without_a_unit_of_time_is_told_that_months_may_be_missing() -> None:
    found = complain(INPUT_TABLES["programme"].columns["buckets"], "18")
    assert found.hint == 'write "18 months" if months are meant'


def test_a_formula_without_result_is_told_how_to_store_it() -> None:
    assert "LibreOffice" in complain(DEMANDS["quantity"], UNCALCULATED).hint


def test_invisible_characters_are_shown_and_long_texts_cut() -> None:
    assert shown("a\u200bb") == '"a\\u200bb"'
    assert len(shown("x" * 1000)) == 63
