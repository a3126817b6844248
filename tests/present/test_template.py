"""The workbook to fill in: complete, derived from the declarations, and understood by check as it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from carried import says
from openpyxl.workbook import Workbook
from test_convert import OFFICE, saved_again

from coproduce import api
from coproduce.present.inputs.about import ABOUT, groups
from coproduce.present.inputs.template import write_template
from coproduce.tables import INPUT_TABLES

SMALL = Path(__file__).parents[2] / "examples" / "small"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("template") / "new.xlsx"
    write_template(made)
    return made


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def rules(book: Workbook, table: str, column: str) -> list[object]:
    """Return the validations that hold in the first row of a column."""
    sheet = book[table]
    position = [cell.value for cell in sheet[1]].index(column) + 1
    return [rule for rule in sheet.data_validations.dataValidation if sheet.cell(2, position).coordinate in rule.sqref]


def test_there_is_an_index_and_one_sheet_for_every_table_with_every_column_in_row_1(book: Workbook) -> None:
    assert book.sheetnames[0] == ABOUT
    assert set(book.sheetnames[1:]) == set(INPUT_TABLES)
    for table, spec in INPUT_TABLES.items():
        if table != "programme":
            assert [cell.value for cell in book[table][1]] == list(spec.columns)
            assert book[table].max_row == 1
            assert book[table].freeze_panes == "B2"
    named = [row[0].value for row in book["programme"].iter_rows(min_row=2)]
    assert named == list(INPUT_TABLES["programme"].columns)


def test_the_four_tables_that_every_plan_needs_come_first_and_no_table_is_without_a_step(book: Workbook) -> None:
    assert book.sheetnames[1:5] == ["programme", "sites", "items", "demands"]
    steps = [table for group in groups() for table in group.tables]
    assert sorted(steps) == sorted(INPUT_TABLES)
    assert [group.title for group in groups() if "urther" in group.title] == []


def test_the_index_links_to_every_sheet(book: Workbook) -> None:
    links = {cell.hyperlink.location for row in book[ABOUT].iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"'{table}'!A1" for table in INPUT_TABLES}


def test_a_note_says_meaning_duty_unit_default_and_bounds(book: Workbook) -> None:
    notes = {cell.value: cell.comment.text for cell in book["demands"][1]}
    assert notes["quantity"].split("\n") == ["Units asked for.", "Required.", "Unit: units.", "Allowed: at least 0."]
    assert notes["kind"].split("\n")[1:] == [
        "Empty means domestic.",
        "One of: domestic, partner, export, stockpile, fleet.",
    ]
    assert "Names a row of the sheet sites." in notes["site"]
    assert "not used by the plan yet" not in notes["minimum_shipment"]
    items = {cell.value: cell.comment.text for cell in book["items"][1]}
    assert "not used by the plan yet" in items["shelf_life_days"]
    assert set(notes) == set(INPUT_TABLES["demands"].columns)


def test_the_unit_is_shown_beside_the_name_and_is_no_part_of_it(book: Workbook) -> None:
    head = next(cell for cell in book["lanes"][1] if cell.value == "cost")
    assert head.number_format == '@" (currency/unit)"'


def test_choices_flags_and_references_are_offered_as_lists(book: Workbook) -> None:
    (kind,), (flag,) = rules(book, "demands", "kind"), rules(book, "demands", "all_or_nothing")
    assert (kind.type, kind.formula1) == ("list", '"domestic,partner,export,stockpile,fleet"')
    assert flag.formula1 == '"yes,no"'
    for table, spec in INPUT_TABLES.items():
        for column in spec.columns.values():
            if column.reference:
                (rule,) = rules(book, table, column.name)
                assert (rule.type, rule.formula1) == ("list", f"ids_{column.reference}")
                assert f"'{column.reference}'!$A$2" in book.defined_names[f"ids_{column.reference}"].attr_text


def test_no_rule_forbids_what_check_would_explain_better(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert all(rule.errorStyle == "warning" for rule in sheet.data_validations.dataValidation)


def test_dates_and_bounds_are_checked_while_typing(book: Workbook) -> None:
    (due,), (share,), (weight,) = (
        rules(book, "demands", "due"),
        rules(book, "processes", "yield_rate"),
        rules(book, "demands", "weight"),
    )
    assert due.type == "date"
    assert (share.type, share.formula1) == ("custom", "AND(ISNUMBER(F2),F2>0,F2<=1)")
    assert (weight.type, weight.formula1) == ("custom", "AND(ISNUMBER(M2),M2>0,M2<=1000000000000)")
    assert book["demands"].column_dimensions["G"].number_format == "yyyy-mm-dd"


def test_an_empty_template_is_told_what_is_missing_and_nothing_else(path: Path) -> None:
    problems = api.check(api.read(path)).problems
    assert [(p.code, p.origin.sheet, p.origin.row) for p in problems] == [
        ("E201", "programme", 2),
        ("E201", "programme", 4),
        ("E201", "programme", 5),
        ("E201", "programme", 6),
        ("E117", "sites", 0),
        ("E117", "items", 0),
        ("E117", "demands", 0),
    ]


def test_the_example_is_the_small_programme(tmp_path: Path) -> None:
    write_template(tmp_path / "filled.xlsx", example=True)
    filled, problems = api.load(tmp_path / "filled.xlsx")
    tables, _ = api.load(SMALL)
    assert problems == ()
    assert all(filled[name].equals(frame) for name, frame in tables.frames.items())


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_template_saved_again_by_an_office_program_keeps_its_cells_lists_and_notes(tmp_path: Path) -> None:
    write_template(tmp_path / "filled.xlsx", example=True)
    again = saved_again(tmp_path / "filled.xlsx", tmp_path / "again")
    assert says(again) == says(tmp_path / "filled.xlsx")
    book = openpyxl.load_workbook(again)
    (site,) = rules(book, "demands", "site")
    assert (site.type, site.formula1) == ("list", "ids_sites")
    assert "ids_sites" in book.defined_names
    assert "Units asked for" in next(cell.comment.text for cell in book["demands"][1] if cell.value == "quantity")
