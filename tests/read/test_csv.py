"""CSV files as they come out of spreadsheets and scripts of several countries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coproduce.read.csv_file import CsvRead, read_csv
from coproduce.read.csv_scan import scan
from coproduce.read.reader import read


def csv_read(tmp_path: Path, content: bytes, table: str = "items") -> CsvRead:
    """Read a table from the bytes of a file."""
    path = tmp_path / f"{table}.csv"
    path.write_bytes(content)
    return read_csv(path, table)


def cells(tmp_path: Path, content: bytes, table: str = "items") -> list[tuple[str | None, ...]]:
    """Return the cells of a table, header included."""
    found = csv_read(tmp_path, content, table)
    assert found.grid is not None, found.problems
    return found.grid.frame.rows()


PLAIN = [("item", "unit"), ("pump", "piece")]


@pytest.mark.parametrize(
    "content",
    [
        b"item,unit\npump,piece\n",
        b"item,unit\npump,piece",
        b"item,unit\r\npump,piece\r\n",
        b"item,unit\rpump,piece\r",
        b"\xef\xbb\xbfitem,unit\npump,piece\n",
        b"item;unit\npump;piece\n",
        b"item\tunit\npump\tpiece\n",
        b"item|unit\npump|piece\n",
        b"sep=;\nitem;unit\npump;piece\n",
        b'"item","unit"\n"pump","piece"\n',
        "item,unit\npump,piece\n".encode("utf-16"),
    ],
)
def test_every_usual_form_gives_the_same_cells(tmp_path: Path, content: bytes) -> None:
    assert cells(tmp_path, content) == PLAIN


def test_a_quoted_text_may_hold_separators_quotes_and_line_breaks(tmp_path: Path) -> None:
    found = cells(tmp_path, b'item,name\npump,"one, ""two""\nthree"\ngear,plain\n')
    assert found == [("item", "name"), ("pump", 'one, "two"\nthree'), ("gear", "plain")]


def test_a_quotation_mark_inside_a_plain_text_is_part_of_it(tmp_path: Path) -> None:
    # Two inch marks make the number of marks even, so that only their places show that they do not quote.
    found = cells(tmp_path, b'item,name,unit\na,5" pipe,piece\nb,6" pipe,piece\n')
    assert found[1:] == [("a", '5" pipe', "piece"), ("b", '6" pipe', "piece")]


def test_records_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    # Row 1 is blank, 2 the header, 3 a record over two lines, 4 blank, 5 a record of blanks, 6 a record.
    path.write_bytes(b'\nitem,name\npump,"two\nlines"\n\n , \ngear,x\n')
    (tmp_path / "sites.csv").write_text("site\nA\n")
    sheet = read(tmp_path).sheets["items"]
    assert sheet.rows.tolist() == [3, 6]
    assert sheet.frame.rows() == [("pump", "two\nlines"), ("gear", "x")]


def test_a_leading_sep_line_counts_as_a_row(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(b"sep=;\nitem;unit\npump;piece\n")
    assert read(tmp_path).sheets["items"].rows.tolist() == [3]


@pytest.mark.parametrize(("line", "many"), [(b"pump", "fewer"), (b"pump,piece,3", "more")])
def test_a_ragged_row_is_named_with_its_number(tmp_path: Path, line: bytes, many: str) -> None:
    found = csv_read(tmp_path, b"item,unit\ngear,piece\n" + line + b"\ncog,piece\n")
    assert [(p.code, p.origin.row) for p in found.problems] == [("E111", 3)]
    assert many in found.problems[0].message
    assert found.grid is not None and found.grid.frame.height == 4


def test_surplus_separators_without_values_are_ignored(tmp_path: Path) -> None:
    found = csv_read(tmp_path, b"item,unit\npump,piece,,\n")
    assert found.problems == ()
    assert found.grid is not None and found.grid.frame.rows() == PLAIN


def test_text_of_windows_is_read_with_a_warning_at_its_first_row(tmp_path: Path) -> None:
    found = csv_read(tmp_path, "item,name\npump,x\ngear,Société à Łódź".encode("cp1252", errors="replace"))
    assert [(p.code, p.origin.row) for p in found.problems] == [("W501", 3)]
    assert found.grid is not None and found.grid.frame.row(2)[1] == "Société à ?ód?"


def test_bytes_of_no_text_are_refused_with_their_row(tmp_path: Path) -> None:
    # 0x81 is not assigned in cp1252 and cannot stand alone in UTF-8.
    found = csv_read(tmp_path, b"item,name\npump,\x81\n")
    assert found.grid is None
    assert [(p.code, p.origin.row) for p in found.problems] == [("E112", 2)]


def test_an_empty_file_gives_an_empty_grid(tmp_path: Path) -> None:
    found = csv_read(tmp_path, b"")
    assert found.grid is not None and found.grid.frame.height == 0


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.lists(FIELD, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_the_scan_counts_what_was_written(records: list[list[str]], separator: str) -> None:
    lines = [separator.join('"' + field.replace('"', '""') + '"' for field in record) for record in records]
    found = scan(("\n".join(lines) + "\n").encode(), separator)
    assert found.sound
    assert np.array_equal(found.fields, [3] * len(records))


@given(st.binary(max_size=200))
def test_no_content_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    found = csv_read(folder, content)
    assert found.grid is not None or found.problems
