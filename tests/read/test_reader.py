"""Folders, settings and typed tables."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from coproduce.check import check
from coproduce.errors import InputError
from coproduce.read import Raw, from_frames, read

SETTINGS = {"name": "Demo", "start": "2026-01-01", "buckets": "3 months", "currency": "NOK"}


def folder_with(tmp_path: Path, **files: str) -> Raw:
    """Read a folder of files by name, the dot written as two underscores."""
    for name, content in files.items():
        (tmp_path / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return read(tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        {"programme__csv": "name,start,buckets,currency\nDemo,2026-01-01,3 months,NOK\n"},
        {"programme__csv": "Setting,Value,meaning\n" + "".join(f"{k},{v},why\n" for k, v in SETTINGS.items())},
        {"programme__yaml": "".join(f"{k}: {v}\n" for k, v in SETTINGS.items())},
        {"programme__yml": "# ours\nprogramme:\n" + "".join(f"  {k}: {v}\n" for k, v in SETTINGS.items())},
    ],
)
def test_settings_in_every_form_give_the_same_row(tmp_path: Path, files: dict[str, str]) -> None:
    raw = folder_with(tmp_path, **files)
    assert raw.problems == ()
    assert raw.sheets["programme"].frame.rows(named=True) == [SETTINGS]


def test_yaml_keeps_every_value_as_it_was_written(tmp_path: Path) -> None:
    # YAML itself would make a truth value, a number and a date of these.
    raw = folder_with(
        tmp_path, programme__yaml="name: NO\ngap: 1e-4\nstart: 2026-01-01\ndescription: >\n  two\n  lines\n"
    )
    assert raw.sheets["programme"].frame.row(0) == ("NO", "1e-4", "2026-01-01", "two lines")


def test_a_setting_is_found_at_its_line(tmp_path: Path) -> None:
    raw = folder_with(tmp_path, programme__yaml="name: x\n\nstart: soon\n")
    assert "E206 programme.yaml › programme!3 (start)" in [str(p).split(":")[0] for p in check(raw).problems]


def test_a_setting_row_is_found_at_its_cell(tmp_path: Path) -> None:
    raw = folder_with(tmp_path, programme__csv="setting,value\nname,x\nstart,soon\n")
    assert "E206 programme.csv › programme!B3 (start)" in [str(p).split(":")[0] for p in check(raw).problems]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        ("name: x\nname: y\n", "E120", 2),
        ("name: x\n bad: y\n", "E114", 2),
        ("- a\n- b\n", "E114", 0),
        ("name: x\nbuckets:\n  - 1\n", "E114", 2),
        ("a: &a [x, x]\nb: &b [*a, *a]\nname: [*b, *b]\n", "E114", 1),
        ("name: 'x", "E114", 1),
    ],
)
def test_settings_that_cannot_be_understood_are_named_by_line(
    tmp_path: Path, content: str, code: str, row: int
) -> None:
    (tmp_path / "sites.csv").write_text("site\nA\n")
    raw = folder_with(tmp_path, programme__yaml=content)
    assert (code, row) in [(p.code, p.origin.row) for p in raw.problems]


def test_typed_columns_are_taken_as_they_are(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "demand": [1, 2],
            "item": pl.Series(["pump", "pump"], dtype=pl.Categorical),
            "site": ["A", "A"],
            "quantity": [0.1 + 0.2, 3.0],
            "due": [date(2026, 2, 1), None],
            "earliest": [datetime(2026, 1, 1, 6), None],
            "priority": [1.0, 2.5],
            "all_or_nothing": [False, True],
        }
    )
    frame.write_parquet(tmp_path / "demands.parquet")
    checked = check(read(tmp_path))
    found = [(p.code, p.origin.row, p.origin.column) for p in checked.problems if p.origin.sheet == "demands"]
    assert found == [("E201", 3, "due"), ("E203", 3, "priority")]


def test_frames_in_memory_give_the_declared_types_and_defaults() -> None:
    # A number with 17 digits must not pass through text.
    frames = {
        "programme": pl.DataFrame({name: [value] for name, value in SETTINGS.items()}),
        "sites": pl.DataFrame({"site": ["A"]}),
        "items": pl.DataFrame({"item": ["pump"], "unit": ["piece"]}),
        "supplies": pl.DataFrame({"supply": ["s"], "item": ["pump"], "site": ["A"], "price": [0.1 + 0.2]}),
        "demands": pl.DataFrame(
            {"demand": ["d"], "item": ["pump"], "site": ["A"], "quantity": [1], "due": ["2026-02-01T06:00"]}
        ),
    }
    tables = check(from_frames(frames)).unwrap()
    assert tables["supplies"]["price"].to_list() == [0.30000000000000004]
    assert tables["demands"].select("quantity", "due", "priority", "kind").row(0) == (
        1.0,
        datetime(2026, 2, 1, 6),
        1,
        "domestic",
    )
    assert tables.origin("demands", 0, "due").row == 2


def test_a_time_zone_in_a_typed_column_is_an_error() -> None:
    zoned = pl.Series([datetime(2026, 1, 1)]).dt.replace_time_zone("UTC")
    raw = from_frames({"receipts": pl.DataFrame({"receipt": ["r"], "date": zoned})})
    assert [(p.code, p.origin.column) for p in raw.problems] == [("E118", "date")]


def test_files_that_are_no_tables_are_left_alone(tmp_path: Path) -> None:
    raw = folder_with(
        tmp_path, sites__csv="site\nA\n", README__md="x", README__csv="a\n1\n", map__png="x", **{"_old__csv": "a\n1\n"}
    )
    assert raw.problems == ()
    assert list(raw.sheets) == ["sites"]


def test_a_folder_with_only_a_workbook_says_so(tmp_path: Path) -> None:
    (tmp_path / "programme.xlsx").write_bytes(b"x")
    with pytest.raises(InputError) as refusal:
        read(tmp_path)
    assert "programme.xlsx" in refusal.value.problems[0].hint


def test_a_file_that_is_neither_folder_nor_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text("site\nA\n")
    with pytest.raises(InputError) as refusal:
        read(tmp_path / "sites.csv")
    assert [p.code for p in refusal.value.problems] == ["E102"]


def test_a_damaged_parquet_file_is_one_problem_among_the_others(tmp_path: Path) -> None:
    (tmp_path / "sites.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "items.csv").write_text("item,unit\npump,\n")
    found = check(read(tmp_path)).problems
    assert {("E102", "sites"), ("E201", "items")} <= {(p.code, p.origin.sheet) for p in found}
    # The table that cannot be read is not called missing as well.
    assert ("E117", "sites") not in {(p.code, p.origin.sheet) for p in found}


def test_a_table_of_which_only_the_name_is_wrong_is_not_called_missing_as_well(tmp_path: Path) -> None:
    raw = folder_with(tmp_path, site__csv="site\nA\n", items__csv="item,unit\npump,piece\n")
    found = {(p.code, p.origin.sheet) for p in check(raw).problems}
    assert ("E106", "site") in found and ("E117", "sites") not in found


def test_a_header_below_a_title_is_named_with_its_row(tmp_path: Path) -> None:
    raw = folder_with(tmp_path, sites__csv="site\nA\n", items__csv="Our items,\nas of May,\nitem,unit\npump,piece\n")
    (found,) = raw.problems
    assert found.code == "E108" and "row 3" in found.message
