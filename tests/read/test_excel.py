"""Workbooks: what a spreadsheet stores behind its cells, and files that are no workbooks."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from coproduce.check import check
from coproduce.errors import InputError
from coproduce.read import UNCALCULATED, RawSheet, read
from coproduce.read.excel import text_of
from coproduce.read.excel_scan import DamagedError, TooLargeError, column_index, scan_workbook


def items_of(path: Path) -> RawSheet:
    """Read the sheet `items` of a workbook."""
    return read(path).sheets["items"]


def codes(path: Path) -> list[str]:
    """Return the codes of the problems for which a workbook is refused."""
    with pytest.raises(InputError) as refusal:
        read(path)
    return [p.code for p in refusal.value.problems]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a small sound workbook."""
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Items")
        sheet.write_row(0, 0, ["Item", " UNIT ", "#remark", "_mine"])
        sheet.write_row(1, 0, ["pump", " piece ", "x", "y"])
        workbook.add_worksheet("#my sums").write(0, 0, "x")
        workbook.add_worksheet("README").write(0, 0, "x")
        workbook.add_worksheet("Sheet3")
    return path


def test_names_may_differ_in_case_and_spaces_and_remarks_are_left_out(book: Path) -> None:
    raw = read(book)
    assert raw.problems == ()
    assert raw.sheets["items"].frame.rows(named=True) == [{"item": "pump", "unit": "piece"}]
    assert raw.sheets["items"].sheet == "Items"


def test_dates_times_flags_and_numbers_become_the_text_that_one_would_type(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        day, time = (workbook.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "hh:mm"))
        sheet = workbook.add_worksheet("items")
        sheet.write_row(0, 0, [f"#{c}" for c in "abcdefg"])
        sheet.write_row(0, 0, ["item", "name", "unit", "kind", "family", "replaces", "unit_value"])
        sheet.write_datetime(1, 0, dt.datetime(2026, 3, 1), day)
        sheet.write_datetime(1, 1, dt.datetime(2026, 3, 1, 6, 30), day)
        sheet.write_datetime(1, 2, dt.time(8, 20), time)
        sheet.write_boolean(1, 3, True)
        sheet.write_number(1, 4, 1001)
        sheet.write_number(1, 5, 0.1)
        sheet.write_number(1, 6, 1e21)
    assert items_of(path).frame.row(0) == ("2026-03-01", "2026-03-01 06:30", "08:20", "true", "1001", "0.1", "1e+21")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.timedelta(hours=24), "24:00"),
        (dt.datetime(2026, 3, 1, 5, 59, 59, 999_600), "2026-03-01 06:00"),
        (dt.time(7, 59, 59, 999_900), "08:00"),
        (3.0, "3"),
        (-2.5, "-2.5"),
        (None, ""),
    ],
)
def test_what_a_spreadsheet_stores_loosely_is_rounded_to_what_was_typed(value: object, text: str) -> None:
    assert text_of(value) == text


def test_leading_blank_rows_and_columns_do_not_shift_the_places(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("items")
        sheet.write_row(3, 2, ["item", "unit"])
        sheet.write_row(4, 2, ["pump", "piece"])
        sheet.write_row(9, 2, ["gear", "piece"])
    sheet_read = items_of(path)
    assert sheet_read.rows.tolist() == [5, 10]
    assert str(sheet_read.origin(1, "unit")) == "p.xlsx › items!D10 (unit)"


def test_error_cells_and_formulas_never_calculated_are_not_empty(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("items")
        sheet.write_row(0, 0, ["item", "unit", "name"])
        sheet.write_row(1, 0, ["pump", "piece"])
        # The error stands in the last row and column, which the reader would cut off.
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    assert items_of(path).frame.row(1) == (None, None, "#DIV/0!")
    other = tmp_path / "q.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.title = "items"
    for row in (["item", "unit", "unit_value"], ["pump", "piece", "=1+1"]):
        workbook.active.append(row)
    workbook.save(other)
    assert items_of(other).frame.row(0) == ("pump", "piece", UNCALCULATED)
    assert "E214 q.xlsx › items!C2 (unit_value)" in [str(p).split(":")[0] for p in check(read(other)).problems]


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("items")
        sheet.write_row(0, 0, ["item", "unit", "name"])
        sheet.write_row(1, 0, ["pump", "piece"])
        sheet.write_formula(1, 2, '=""', None, "")
    # Excel marks the result as text, which is how it differs from a formula that was never calculated.
    with zipfile.ZipFile(path) as archive:
        content = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, text in content.items():
            archive.writestr(part, text.replace(b'<c r="C2">', b'<c r="C2" t="str">'))
    assert items_of(path).frame.row(0) == ("pump", "piece", None)


@pytest.mark.parametrize("length", [0, 4, 200, 2000, -30])
def test_a_truncated_workbook_is_refused(book: Path, length: int) -> None:
    book.write_bytes(book.read_bytes()[:length])
    assert codes(book) == ["E102"]


def test_a_workbook_with_a_damaged_part_is_refused(book: Path) -> None:
    content = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    # The compressed bytes begin 30 bytes and the name after the local header.
    content[part.header_offset + 30 + len(part.filename) + 20] ^= 0xFF
    book.write_bytes(content)
    assert codes(book) == ["E102"]


def test_a_text_file_named_as_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_text("site,name\nA,B\n")
    assert codes(path) == ["E102"]


def test_an_encrypted_workbook_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert codes(path) == ["E103"]


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(book: Path) -> None:
    content = book.read_bytes()
    with zipfile.ZipFile(book) as archive:
        size = sum(part.file_size for part in archive.infolist())
    assert scan_workbook(content, limit=size).too_wide == {}
    with pytest.raises(TooLargeError):
        scan_workbook(content, limit=size - 1)


def test_a_workbook_that_declares_entities_is_refused(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/workbook.xml":
                text = text.replace(b"<workbook ", b'<!DOCTYPE w [<!ENTITY a "aaaa">]><workbook ', 1)
            target.writestr(part, text)
    with pytest.raises(DamagedError):
        scan_workbook(path.read_bytes())
    assert codes(path) == ["E102"]


def test_columns_have_the_numbers_of_their_letters() -> None:
    # 16384 columns end with XFD.
    assert [column_index(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16383]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3">
<office:body><office:spreadsheet><table:table table:name="items">ROWS</table:table></office:spreadsheet></office:body>
</office:document-content>"""
BLANK = '<table:table-row table:number-rows-repeated="REPEAT"><table:table-cell/></table:table-row>'
ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)


def ods(path: Path, *rows: str) -> Path:
    """Write an OpenDocument workbook with a sheet `items`."""
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.replace("ROWS", "".join(rows)))
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
    return path


def ods_row(*cells: str) -> str:
    """Return a row of text cells; an element is taken as it is."""
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    return "<table:table-row>" + "".join(c if c[0] == "<" else text.format(c) for c in cells) + "</table:table-row>"


def test_an_opendocument_sheet_keeps_its_places_and_error_cells(tmp_path: Path) -> None:
    # Row 1 is the header, 2 and 3 are blank, 4 holds the error, and a million blank rows follow.
    rows = [ods_row("item", "unit", "unit_value"), BLANK.replace("REPEAT", "2"), ods_row("pump", "piece", ERROR)]
    path = ods(tmp_path / "p.ods", *rows, BLANK.replace("REPEAT", "1048000"))
    sheet = items_of(path)
    assert sheet.frame.row(0) == ("pump", "piece", "#DIV/0!")
    assert str(sheet.origin(0, "unit_value")) == "p.ods › items!C4 (unit_value)"


def test_a_cell_repeated_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    many = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    assert codes(ods(tmp_path / "p.ods", many)) == ["E119"]


def test_a_workbook_of_an_old_form_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "p.xls"
    path.write_bytes(b"x")
    with pytest.raises(InputError) as refusal:
        read(path)
    assert refusal.value.problems[0].hint == "save it as .xlsx"
