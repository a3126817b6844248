"""Workbooks and files made to exhaust a machine are refused before they can: each in seconds and in bounded memory."""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from benchmarks.corrupt.judge import said
from benchmarks.corrupt.workbooks import pack, parts_of

from coproduce.errors import InputError
from coproduce.read import read
from coproduce.read.excel_scan import MOST_PARTS, TooLargeError, scan_workbook
from coproduce.read.settings import read_yaml

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("items")
        sheet.write_row(0, 0, ["item", "unit"])
        sheet.write_row(1, 0, ["pump", "piece"])
    return path


def edited(book: Path, part: str, old: bytes, new: bytes) -> Path:
    """Write a text of one part over, checksums included."""
    parts = parts_of(book)
    assert old in parts[part]
    return pack(book, {**parts, part: parts[part].replace(old, new, 1)})


def first(path: Path) -> tuple[str, str]:
    problems, _ = said(path)
    return problems[0].code, problems[0].message


@pytest.mark.parametrize("place", [b"B99999999999", b"ZZZZ2", b"XFD1048577", b"B 2"])
def test_a_cell_outside_every_sheet_never_reaches_the_reader(book: Path, place: bytes) -> None:
    # The compiled reader would reserve the whole rectangle and end the process.
    code, message = first(edited(book, SHEET, b'r="B2"', b'r="%s"' % place))
    assert code in ("E119", "E102"), message


def test_a_cell_at_the_far_end_is_refused_and_a_mere_format_there_is_not(book: Path) -> None:
    end = b"</row></sheetData>"
    far = b'</row><row r="1048576"><c r="ZZ1048576"%s</row></sheetData>'
    original = book.read_bytes()
    assert first(edited(book, SHEET, end, far % b"><v>1</v></c>"))[0] == "E119"
    book.write_bytes(original)
    assert read(edited(book, SHEET, end, far % b' s="1"/>')).sheets["items"].frame.height == 1


def test_a_list_of_texts_that_claims_to_be_endless_is_refused(book: Path) -> None:
    assert "claims" in first(edited(book, STRINGS, b'uniqueCount="4"', b'uniqueCount="99999999999"'))[1]


@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/workbook.xml"])
@pytest.mark.parametrize("entity", [b'<!ENTITY a "99">', b'<!ENTITY a SYSTEM "file:///etc/hostname">'])
def test_entities_are_refused_in_every_part(book: Path, part: str, entity: bytes) -> None:
    parts = parts_of(book)
    root = parts[part].index(b"<", parts[part].index(b"?>"))
    spoilt = parts[part][:root] + b"<!DOCTYPE x [" + entity + b"]>" + parts[part][root:]
    assert "entities" in first(pack(book, {**parts, part: spoilt}))[1]


def test_elements_nested_without_end_are_refused(book: Path) -> None:
    parts = parts_of(book)
    assert "nested" in first(pack(book, {**parts, "xl/workbook.xml": b"<a>" * 1_000_000}))[1]


def test_a_workbook_that_packs_beyond_all_practice_is_refused(book: Path) -> None:
    # 40 MB of blanks pack a thousand to one.
    code, message = first(edited(book, SHEET, b"</worksheet>", b" " * 40_000_000 + b"</worksheet>"))
    assert code == "E104" and "times its own size" in message


def test_a_workbook_of_countless_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(MOST_PARTS + 1):
            archive.writestr(str(number), b"")
    with pytest.raises(TooLargeError):
        scan_workbook(path.read_bytes())


def test_a_sheet_whose_content_is_not_where_the_workbook_says_is_a_problem_of_its_own(book: Path) -> None:
    parts = parts_of(book)
    parts["xl/elsewhere/sheet1.xml"] = parts.pop(SHEET)
    assert first(pack(book, parts))[0] == "E102"


@pytest.mark.parametrize("content", ["name: " + "[" * 100_000, "{a: " * 50_000, "x" * 300_000])
def test_settings_without_end_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "programme.yaml"
    path.write_text(content)
    assert read_yaml(path).problems[0].code in ("E104", "E114")


def test_aliases_as_the_name_of_a_setting_are_not_unfolded(tmp_path: Path) -> None:
    # Written out, the name would have ten to the ninth parts.
    bomb = "a: &a [x]\n" + "".join(
        f"{n}: &{n} [{','.join([f'*{m}'] * 10)}]\n" for m, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    path = tmp_path / "programme.yaml"
    path.write_text(bomb + "? [*i]\n: x\n")
    assert {p.code for p in read_yaml(path).problems} == {"E114"}


@pytest.mark.parametrize("kind", ["folder", "loop", "nowhere", "pipe"])
def test_what_has_the_name_of_a_table_and_is_no_file_is_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "demands.csv"
    makers = {
        "folder": path.mkdir,
        "loop": lambda: path.symlink_to("demands.csv"),
        "nowhere": lambda: path.symlink_to("gone.csv"),
        "pipe": lambda: os.mkfifo(path),
    }
    makers[kind]()
    (tmp_path / "sites.csv").write_text("site\nA\n")
    assert [(p.code, p.origin.file) for p in read(tmp_path).problems] == [("E102", "demands.csv")]


def test_a_pipe_in_place_of_the_programme_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.xlsx")
    with pytest.raises(InputError) as refusal:
        read(tmp_path / "p.xlsx")
    assert refusal.value.problems[0].code == "E102"


def test_a_file_larger_than_the_memory_is_refused_unread(tmp_path: Path) -> None:
    for name in ("demands.csv", "sites.parquet"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(1 << 40)
    problems, _ = said(tmp_path)
    assert [p.code for p in problems][:2] == ["E104", "E104"]


def test_flipped_bits_anywhere_in_a_workbook_end_in_problems(book: Path) -> None:
    luck, content = random.Random(5), book.read_bytes()
    for _ in range(60):
        spoilt = bytearray(content)
        spoilt[luck.randrange(len(spoilt))] ^= 1 << luck.randrange(8)
        book.write_bytes(bytes(spoilt))
        said(book)
