"""Conversion between workbook, CSV folder and parquet: nothing is lost, nothing is guessed, nothing is overwritten."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from carried import all_cells, codes, says
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coproduce import api
from coproduce.errors import InputError
from coproduce.present.inputs.convert import convert
from coproduce.present.inputs.forms import Form
from coproduce.present.inputs.template import write_template
from coproduce.present.outputs import OutputError

EXAMPLES = sorted(path for path in (Path(__file__).parents[2] / "examples").iterdir() if path.is_dir())
SMALL = Path(__file__).parents[2] / "examples" / "small"
OFFICE = shutil.which("soffice")


def carried(source: Path, folder: Path) -> list[Path]:
    """Carry a programme through every form, each made from the one before."""
    steps = [folder / "one.xlsx", folder / "two", folder / "three", folder / "four.xlsx", folder / "five"]
    forms = [Form.CSV, Form.CSV, Form.PARQUET, Form.CSV, Form.CSV]
    for before, out, form in zip([source, *steps], steps, forms, strict=False):
        convert(before, out, form)
    return steps


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_every_example_says_the_same_in_every_form(example: Path, tmp_path: Path) -> None:
    tables, warnings = api.load(example)
    for path in carried(example, tmp_path):
        assert says(path) == says(example)
        again, found = api.load(path)
        assert [(p.code, p.message) for p in found] == [(p.code, p.message) for p in warnings]
        assert again.frames.keys() == tables.frames.keys()
        assert all(again[name].equals(frame) for name, frame in tables.frames.items())


NASTY = [
    "007", "NA", "1e5", "-1", "+49", "=1+1", "@home", "-", "'", "'=1", "''+2", "'quoted'", "TRUE", "yes", "08:00",
    "2026-03-01", "01.03.2026", "1,5", "1 000", "12345678901234567890", "0.1234567890123456789", "1e-300", "1e400",
    "-0", "5.", ".5", "1_000", "nan", "inf", "0.30000000000000004", "9007199254740993", "1e15", "123456789012345.6",
    "2026-03-01T06:00", "2026-03-01 06:00:30.5", "1899-12-31", "1900-02-29", "9999-12-31", "2026-13-01", "12:30:15",
    "24:00", "a\nb", "a\r\nb", 'say "so"', "semi;colon", "tab\there", "pipe|", "_x0041_", "x" * 32_767,
    "łódź Київ 日本 🚂", "%", "#N/A", "http://example.org/a b", "mailto:someone", "{=1}", "sep=;", "\u200b", "a\u2028b",
    "\x01", "\x1b[0m", "5e-324", "1.7e308", "\x7f", "\x85", "٣", "１２", "1e5000000",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufffe\uffff"), max_size=12)
CELL = st.one_of(st.sampled_from(NASTY), TEXT, st.floats().map(repr), st.integers().map(str), st.just(""))


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(rows=st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=25))
def test_any_cells_come_back_from_every_form_as_they_were(rows: list[tuple[str, ...]]) -> None:
    check_cells(rows)


def test_cells_known_to_be_hard_come_back_from_every_form() -> None:
    check_cells([(cell,) * 5 for cell in NASTY])


def check_cells(rows: Sequence[Sequence[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "source"
        folder.mkdir()
        (folder / "programme.yaml").write_text("name: 007\nstart: 2026-01-01\ngap: 1e-3\n", encoding="utf-8")
        write_csv(folder / "demands.csv", [("demand", "name", "quantity", "due", "strange"), *rows])
        write_csv(folder / "_own.csv", [("a", "b", "c", "d", "e"), *rows])
        expected = says(folder)
        own = all_cells(folder)["_own"]
        for path in carried(folder, Path(name)):
            assert says(path) == expected
            assert codes(path) == codes(folder)
            if path.name != "three":
                assert all_cells(path)["_own"] == [tuple(map(unix, row)) for row in own]


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_numbers_and_dates_of_a_workbook_are_cells_of_their_kind_and_everything_else_is_text(tmp_path: Path) -> None:
    folder = edited(
        tmp_path / "source",
        "demands.csv",
        [
            ("demand", "quantity", "due", "priority", "all_or_nothing", "name", "#own"),
            ("007", "1.50", "2026-03-01", "2", "yes", "=1+1", "5"),
            ("1e5", "123456789012345678", "2026-03-01T06:00", "x", "no", "http://a.b", "-1"),
            ("NA", "1,5", "31.12.2026", "", "", "'=x", "+1"),
        ],
    )
    convert(folder, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["demands"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["007", 1.5, datetime(2026, 3, 1), 2, "yes", "=1+1", "5"],
        ["1e5", "123456789012345678", datetime(2026, 3, 1, 6), "x", "no", "http://a.b", "-1"],
        ["NA", "1,5", "31.12.2026", None, None, "=x", "+1"],
    ]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} == {"s", "n", "d"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def edited(folder: Path, file: str, rows: Sequence[Sequence[str]]) -> Path:
    """Copy the small example and write one of its tables anew."""
    shutil.copytree(SMALL, folder)
    write_csv(folder / file, rows)
    return folder


def test_no_cell_of_a_csv_file_begins_like_a_formula_unless_it_is_a_number(tmp_path: Path) -> None:
    rows = [("demand", "name", "quantity"), ("a", "=1+1", "-5"), ("b", "@x", "+6"), ("c", "-y", "=2")]
    convert(edited(tmp_path / "source", "demands.csv", rows), tmp_path / "out")
    with (tmp_path / "out" / "demands.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["demand", "name", "quantity"], ["a", "'=1+1", "-5"], ["b", "'@x", "6"], ["c", "'-y", "'=2"],
        ]  # fmt: skip


def test_parquet_has_the_declared_types_and_text_where_a_cell_does_not_fit(tmp_path: Path) -> None:
    rows = [
        ("demand", "quantity", "due", "priority", "weight"),
        ("007", "1.5", "2026-03-01", "2", "x"),
        ("8", "", "", "", "1"),
    ]
    convert(edited(tmp_path / "source", "demands.csv", rows), tmp_path / "out", Form.PARQUET)
    frame = pl.read_parquet(tmp_path / "out" / "demands.parquet")
    assert frame.schema == {
        "demand": pl.String,
        "quantity": pl.Float64,
        "due": pl.Datetime("us"),
        "priority": pl.Int64,
        "weight": pl.String,
    }
    assert frame.rows() == [("007", 1.5, datetime(2026, 3, 1), 2, "x"), ("8", None, None, None, "1")]


def test_sheets_and_columns_that_are_no_tables_are_kept(tmp_path: Path) -> None:
    folder = edited(tmp_path / "source", "risks.csv", [("risk", "date"), ("r1", "2026-01-01")])
    write_csv(folder / "_prices.csv", [("of", "what"), ("a", "-1")])
    write_csv(folder / "sites.csv", [("site", "_mine", "colour", ""), ("x", "1", "red", "unnamed")])
    before = all_cells(folder)
    convert(folder, tmp_path / "one.xlsx")
    convert(tmp_path / "one.xlsx", tmp_path / "two")
    for path in (tmp_path / "one.xlsx", tmp_path / "two"):
        after = all_cells(path)
        assert {name: after[name] for name in ("risks", "_prices", "sites")} == {
            name: before[name] for name in ("risks", "_prices", "sites")
        }


def test_an_index_of_ours_is_not_carried_and_a_sheet_of_the_same_name_is(tmp_path: Path) -> None:
    write_template(tmp_path / "filled.xlsx", example=True)
    convert(tmp_path / "filled.xlsx", tmp_path / "ours")
    assert not (tmp_path / "ours" / "About.csv").exists()
    folder = edited(tmp_path / "source", "About.csv", [("who", "when"), ("Anna", "2026")])
    write_csv(folder / "Problems.csv", [("which", "whose"), ("many", "hers")])
    convert(folder, tmp_path / "own.xlsx")
    convert(tmp_path / "own.xlsx", tmp_path / "own")
    assert (tmp_path / "own" / "About.csv").read_text(encoding="utf-8") == "who,when\nAnna,2026\n"
    assert (tmp_path / "own" / "Problems.csv").exists()


def test_what_cannot_be_carried_whole_is_refused_with_its_place_and_nothing_is_written(tmp_path: Path) -> None:
    long = edited(tmp_path / "long", "items.csv", [("item", "name"), ("a", "x" * 32_768)])
    ragged = edited(tmp_path / "ragged", "items.csv", [("item", "name"), ("a", "b", "c")])
    odd = edited(tmp_path / "odd", "items.csv", [("item", "name"), ("a", "\ufffe")])
    twice = edited(tmp_path / "twice", "items.tsv", [("item", "name"), ("a", "b")])
    tall = edited(tmp_path / "tall", "items.csv", [("item",), *[("a",)] * 1_048_576])
    unnamed = edited(tmp_path / "unnamed", "items.csv", [("item", ""), ("a", "b")])
    for source, out, place in (
        (long, "out.xlsx", "E219 items.csv › items!B2 (name)"),
        (odd, "out.xlsx", "E112 items.csv › items!B2 (name)"),
        (ragged, "out.xlsx", "E111 items.csv › items!2"),
        (twice, "out", "E107 items.tsv › items"),
        (tall, "out.xlsx", "E119 items.csv › items: 1,048,577 rows"),
    ):
        with pytest.raises(InputError) as refused:
            convert(source, tmp_path / out)
        assert place in str(refused.value.problems[0])
        assert not (tmp_path / out).exists()
    with pytest.raises(InputError) as refused:
        convert(unnamed, tmp_path / "out", Form.PARQUET)
    assert "E110" in str(refused.value.problems[-1])


def test_nothing_is_overwritten_unless_asked_and_never_the_source(tmp_path: Path) -> None:
    source = edited(tmp_path / "home" / "source", "items.csv", [("item", "name"), ("a", "b")])
    convert(source, tmp_path / "out.xlsx")
    convert(source, tmp_path / "out")
    for out in (source, source.parent):
        with pytest.raises(OutputError, match="the programme itself"):
            convert(source, out, replace=True)
    with pytest.raises(OutputError, match="the programme itself"):
        convert(tmp_path / "out.xlsx", tmp_path / "out.xlsx", replace=True)
    for out in (tmp_path / "out.xlsx", tmp_path / "out"):
        with pytest.raises(OutputError, match="--replace"):
            convert(source, out)
        convert(source, out, replace=True)
    (tmp_path / "out" / "thesis.docx").write_text("precious", encoding="utf-8")
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        convert(source, tmp_path / "out", replace=True)
    assert (tmp_path / "out" / "thesis.docx").read_text(encoding="utf-8") == "precious"


def test_a_conversion_that_fails_leaves_what_was_there_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for out in (tmp_path / "out.xlsx", tmp_path / "out"):
        convert(SMALL, out)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coproduce.present.inputs.convert.write_csv", full)
    monkeypatch.setattr("coproduce.present.inputs.convert.write_sheets", full)
    for out in (tmp_path / "out.xlsx", tmp_path / "out"):
        with pytest.raises(OSError, match="No space"):
            convert(SMALL, out, replace=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_workbook_saved_again_by_an_office_program_says_the_same(tmp_path: Path) -> None:
    rows = [(cell, cell, cell, cell, cell) for cell in NASTY if cell.isprintable()]
    source = edited(tmp_path / "source", "demands.csv", [("demand", "name", "quantity", "due", "strange"), *rows])
    convert(source, tmp_path / "one.xlsx")
    saved = saved_again(tmp_path / "one.xlsx", tmp_path / "again")
    assert says(saved) == says(source)


def saved_again(path: Path, folder: Path) -> Path:
    """Open a workbook in LibreOffice and save it under the same name in another folder."""
    assert OFFICE is not None
    own = f"-env:UserInstallation={(folder / 'office').resolve().as_uri()}"
    command = [OFFICE, "--headless", own, "--convert-to", "xlsx", "--outdir", folder, path]
    subprocess.run(command, check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(folder)})
    return folder / path.name
