"""Problems marked in a copy of the workbook: the copy is the user's own, and can be checked and marked again."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from carried import says
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook
from test_convert import OFFICE, edited, saved_again

from coproduce import api
from coproduce.errors import InputError, Problem
from coproduce.present.inputs.annotate import Annotated, annotate
from coproduce.present.inputs.template import write_template
from coproduce.present.outputs import OutputError

SMALL = Path(__file__).parents[2] / "examples" / "small"
RED, YELLOW = "F4B6A6", "FFE3A3"


def problems_of(path: Path) -> tuple[Problem, ...]:
    try:
        return api.check(api.read(path)).problems
    except InputError as failure:
        return failure.problems


def marked(path: Path, out: Path) -> Workbook:
    """Annotate a programme and open the result."""
    assert annotate(path, problems_of(path), out) is not None
    return openpyxl.load_workbook(out)


def listed(book: Workbook) -> list[tuple[object, ...]]:
    """Return code, sheet and cell of each problem listed."""
    rows = book["Problems"].iter_rows(min_row=2, values_only=True)
    return [(code, sheet, cell) for code, _, sheet, cell, *_ in rows]


def coloured(book: Workbook, sheet: str) -> dict[str, str]:
    """Return the colour of each cell that a rule colours."""
    found = {}
    for formatting in book[sheet].conditional_formatting:
        for rule in formatting.rules:
            for area in formatting.sqref.ranges:
                found[area.coord] = rule.dxf.fill.bgColor.rgb[-6:]
    return found


def faulty(path: Path) -> Path:
    """Write the small programme as a workbook with three errors and two warnings."""
    write_template(path, example=True)
    book = openpyxl.load_workbook(path)
    demands, lanes = book["demands"], book["lanes"]
    columns = {cell.value: cell.column_letter for cell in demands[1]}
    demands[f"{columns['quantity']}2"] = "many"
    demands[f"{columns['site']}3"] = "depot_xx"
    items = {cell.value: cell.column_letter for cell in book["items"][1]}
    book["items"][f"{items['shelf_life_days']}2"] = 5
    lanes["A1"] = "lain"
    book.save(path)
    return path


def test_every_problem_is_listed_first_and_marked_where_it_stands(tmp_path: Path) -> None:
    source = faulty(tmp_path / "faulty.xlsx")
    book = marked(source, tmp_path / "out.xlsx")
    assert book.sheetnames[:2] == ["Problems", "About"]
    assert listed(book) == [
        ("W504", "items", "J2"),
        ("E202", "demands", "E2"),
        ("E302", "demands", "D3"),
        ("E116", "lanes", None),
        ("E115", "lanes", "A1"),
    ]
    assert coloured(book, "demands") == {"E2": RED, "D3": RED}
    assert coloured(book, "items") == {"J2": YELLOW}
    assert coloured(book, "lanes") == {"A1": RED}
    assert 'quantity "many" is not a number' in book["demands"]["E2"].comment.text
    assert 'did you mean "depot_' in book["demands"]["D3"].comment.text
    sheet = book["Problems"]
    assert [cell.value for cell in sheet[1]] == [
        "code", "severity", "sheet", "cell", "message", "seen", "expected", "hint",
    ]  # fmt: skip
    assert sheet["D3"].hyperlink.location == "'demands'!E2"
    assert sheet["C5"].hyperlink.location == "'lanes'!A1"
    assert (sheet["F3"].value, sheet.auto_filter.ref) == ("many", "A1:H6")


def test_the_copy_keeps_formats_formulas_comments_rules_and_own_sheets(tmp_path: Path) -> None:
    source = faulty(tmp_path / "faulty.xlsx")
    book = openpyxl.load_workbook(source)
    book["demands"]["E2"].fill = PatternFill("solid", fgColor="FF00FF00")
    book["demands"]["E2"].number_format = "0.000"
    book.create_sheet("_calculation")["A1"] = "=6*7"
    book["sites"].column_dimensions["A"].width = 33
    book.save(source)
    copy = marked(source, tmp_path / "out.xlsx")
    cell = copy["demands"]["E2"]
    assert (cell.fill.fgColor.rgb, cell.number_format, cell.value) == ("FF00FF00", "0.000", "many")
    assert copy["_calculation"]["A1"].value == "=6*7"
    assert copy["sites"].column_dimensions["A"].width == 33
    assert len(copy["demands"].data_validations.dataValidation) == len(book["demands"].data_validations.dataValidation)
    assert "Units asked for" in copy["demands"]["E1"].comment.text


def test_the_copy_is_read_as_the_workbook_was_and_its_marks_do_no_harm(tmp_path: Path) -> None:
    source = faulty(tmp_path / "faulty.xlsx")
    marked(source, tmp_path / "out.xlsx")
    assert says(tmp_path / "out.xlsx") == says(source)
    again = problems_of(tmp_path / "out.xlsx")
    assert [(p.code, p.message) for p in again] == [(p.code, p.message) for p in problems_of(source)]


def test_marking_again_replaces_the_marks_and_leaves_no_trace_once_all_is_right(tmp_path: Path) -> None:
    source = faulty(tmp_path / "faulty.xlsx")
    clean = openpyxl.load_workbook(source)
    copy = marked(source, tmp_path / "one.xlsx")
    copy["demands"]["E2"], copy["lanes"]["A1"] = 16, "lane"
    copy.save(tmp_path / "one.xlsx")
    second = marked(tmp_path / "one.xlsx", tmp_path / "two.xlsx")
    assert [code for code, *_ in listed(second)] == ["W504", "E302"]
    assert second.sheetnames.count("Problems") == 1
    assert coloured(second, "demands") == {"D3": RED}
    assert coloured(second, "lanes") == {}
    assert second["demands"]["E2"].comment is None
    second["demands"]["D3"], second["items"]["J2"] = "depot_se", None
    second.save(tmp_path / "two.xlsx")
    third = marked(tmp_path / "two.xlsx", tmp_path / "three.xlsx")
    assert third["Problems"]["E2"].value == "no problems were found"
    for sheet in clean.worksheets:
        assert not third[sheet.title].conditional_formatting
        notes = [(c.coordinate, c.comment.text) for row in sheet.iter_rows() for c in row if c.comment]
        kept = [(c.coordinate, c.comment.text) for row in third[sheet.title].iter_rows() for c in row if c.comment]
        assert kept == notes


def test_results_of_formulas_survive_so_that_the_copy_can_be_checked_at_once(tmp_path: Path) -> None:
    source = tmp_path / "formulas.xlsx"
    book = xlsxwriter.Workbook(source)
    sheet = book.add_worksheet("demands")
    sheet.write_row(0, 0, ["demand", "item", "quantity", "due", "weight"])
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(1, 0, ["a", "gear"])
    sheet.write_formula(1, 2, '=6*7&"<"', None, "42<")
    sheet.write_formula(1, 3, "=DATE(2026,3,1)", date, 46082)
    sheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 2, "=2*21", None, 42.5)
    sheet.write_array_formula("D3:D3", "{=DATE(2026,3,2)}", date, 46083)
    book.close()
    before = says(source)
    assert [row[2:4] for row in before["demands"][1:]] != [(None, None)] * 2
    copy = marked(source, tmp_path / "out.xlsx")
    assert copy["demands"]["C3"].value == "=2*21"
    assert says(tmp_path / "out.xlsx") == before
    assert [p.code for p in problems_of(tmp_path / "out.xlsx")] == [p.code for p in problems_of(source)]


def test_a_folder_becomes_a_new_workbook_with_its_problems_at_the_rows_there(tmp_path: Path) -> None:
    rows = [
        ("demand", "item", "site", "quantity", "due"),
        ("",) * 5,
        ("home", "pump", "depot_pl", "x", "2027-01-31"),
        ("", "", "", "", ""),
        ("=away", "pump", "depot_se", "1", "31.12.2027"),
    ]
    folder = edited(tmp_path / "source", "demands.csv", rows)
    (folder / "programme.yaml").write_text("name: X\nstart: 2027-01-04\n# y\nbuckets: 6 moons\n", encoding="utf-8")
    done = annotate(folder, problems_of(folder), tmp_path / "out.xlsx")
    assert done == Annotated(cells=4, listed=5, lost=(), rebuilt=True)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    # The blank rows 2 and 4 of the file are gone, so rows 3 and 5 stand in 2 and 3; settings stand below each other.
    assert listed(book) == [
        ("E202", "demands", "D2"),
        ("E209", "demands", "A3"),
        ("E207", "demands", "E3"),
        ("E116", "programme", None),
        ("E210", "programme", "B4"),
    ]
    assert book["demands"]["A3"].value == "=away"
    assert book["demands"]["A3"].data_type == "s"
    assert coloured(book, "programme") == {"B4": RED}


def test_problems_of_reading_are_listed_and_what_can_be_opened_is_marked(tmp_path: Path) -> None:
    folder = edited(tmp_path / "source", "items.csv", [("item", "unit"), ("a", "b", "c"), ("d", "e")])
    (folder / "stocks.parquet").write_bytes(b"no parquet")
    book = marked(folder, tmp_path / "out.xlsx")
    codes = [code for code, *_ in listed(book)]
    assert "E111" in codes
    assert "E102" in codes or "E107" in codes
    link = next(row for row in book["Problems"].iter_rows(min_row=2) if row[0].value == "E111")
    assert (link[2].value, link[3].value) == ("items", "A2")


def test_a_file_that_cannot_be_opened_is_not_annotated(tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert annotate(tmp_path / "broken.xlsx", problems_of(tmp_path / "broken.xlsx"), tmp_path / "out.xlsx") is None
    assert annotate(tmp_path / "nowhere", (), tmp_path / "out.xlsx") is None
    assert not (tmp_path / "out.xlsx").exists()


def test_a_format_far_away_from_the_tables_costs_nothing(tmp_path: Path) -> None:
    source = faulty(tmp_path / "faulty.xlsx")
    book = openpyxl.load_workbook(source)
    book["demands"]["XFD1048576"].number_format = "0.00"
    book.save(source)
    assert ("E202", "demands", "E2") in listed(marked(source, tmp_path / "out.xlsx"))


def test_what_is_too_large_to_be_marked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coproduce.present.inputs.annotate.LARGEST", 50)
    with pytest.raises(OutputError, match="too many to be annotated"):
        annotate(SMALL, (), tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_user_comment_on_a_problem_cell_is_kept_and_given_back(tmp_path: Path) -> None:
    source = faulty(tmp_path / "faulty.xlsx")
    book = openpyxl.load_workbook(source)
    book["demands"]["E2"].comment = openpyxl.comments.Comment("ask Anna", "me")
    book.save(source)
    copy = marked(source, tmp_path / "one.xlsx")
    assert copy["demands"]["E2"].comment.text.startswith("ask Anna\n")
    copy["demands"]["E2"] = 16
    copy.save(tmp_path / "one.xlsx")
    comment = marked(tmp_path / "one.xlsx", tmp_path / "two.xlsx")["demands"]["E2"].comment
    assert (comment.text, comment.author) == ("ask Anna", "me")


def test_what_stands_in_a_cell_is_never_a_formula_in_the_list(tmp_path: Path) -> None:
    folder = edited(tmp_path / "source", "stocks.csv", [("item", "site", "opening"), ("pump", "depot_pl", "=2+3")])
    book = marked(folder, tmp_path / "out.xlsx")
    assert (book["Problems"]["F2"].value, book["Problems"]["F2"].data_type) == ("=2+3", "s")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_an_annotated_workbook_saved_again_by_an_office_program_keeps_its_marks(tmp_path: Path) -> None:
    marked(faulty(tmp_path / "faulty.xlsx"), tmp_path / "out.xlsx")
    again = saved_again(tmp_path / "out.xlsx", tmp_path / "again")
    assert says(again) == says(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(again)
    assert coloured(book, "demands") == {"E2": RED, "D3": RED}
    third = marked(again, tmp_path / "third.xlsx")
    assert coloured(third, "demands") == {"E2": RED, "D3": RED}
    assert third.sheetnames.count("Problems") == 1
