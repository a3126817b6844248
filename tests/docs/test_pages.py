"""What the pages tell the reader to type and to run gives what they print."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pages import PAGES, ROOT, Change, Command, Sheet, blocks, commands, missing, run, steps, tables

TUTORIAL = ROOT / "docs" / "tutorial.md"
SCENARIOS = ROOT / "docs" / "scenarios.md"
START = ROOT / "docs" / "start.md"
BOOK = "bicycles.xlsx"


def _typed(text: str) -> str | float | datetime | None:
    """Return what Excel makes of a text typed into a cell; a quote in front keeps it text."""
    if text in ("", "(empty)"):
        return None
    if text.startswith("'"):
        return text[1:]
    for form in (float, datetime.fromisoformat):
        try:
            return form(text)
        except ValueError:
            pass
    return text


def _columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1] if cell.value is not None}


def _type(path: Path, step: Sheet | Change) -> None:
    book = openpyxl.load_workbook(path)
    if isinstance(step, Sheet):
        sheet, (header, *rows) = book[step.name], step.rows
        for at, row in enumerate(rows, start=2):
            place = _setting(sheet, row[0]) if header[0] == "setting" else at
            for column, text in zip(header, row, strict=True):
                sheet.cell(place, _columns(sheet)[column], _typed(text))
    else:
        sheet = book[step.sheet]
        cell = sheet.cell(step.row, _columns(sheet)[step.column])
        assert cell.value == _typed(step.was), f"{step.sheet} row {step.row} {step.column} held {cell.value!r}"
        cell.value = _typed(step.new)
    book.save(path)


def _setting(sheet: Worksheet, name: str) -> int:
    """Return the row of a sheet that holds a setting."""
    return next(cell.row for cell in sheet["A"] if cell.value == name)


def test_the_tutorial_gives_what_it_prints(tmp_path: Path) -> None:
    done = []
    for step in steps(TUTORIAL):
        if isinstance(step, Command):
            printed = run(step, tmp_path)
            assert missing(step, printed) == [], f"$ {step.line}\n{printed}"
            done.append(step.line.split()[1])
        else:
            _type(tmp_path / BOOK, step)
    assert [done.count(name) for name in ("template", "check", "plan")] == [1, 2, 3]
    _compare_problems(tmp_path / "problems.xlsx")
    _compare_reasons(tmp_path / "bicycles_plan" / "tables" / "reasons.parquet")


def _compare_problems(path: Path) -> None:
    """Compare the table of problems in the tutorial with the sheet of the workbook."""
    header, *found = openpyxl.load_workbook(path)["Problems"].iter_rows(values_only=True)
    columns, *printed = next(rows for rows in tables(TUTORIAL) if rows[0][0] == "code")
    places = [header.index(column) for column in columns]
    assert [[row[place] or "" for place in places] for row in found] == printed


def _compare_reasons(path: Path) -> None:
    """Compare the reasons printed in the tutorial with the table of its first plan."""
    found = {(row["demand"], row["rank"]): row for row in pl.read_parquet(path).iter_rows(named=True)}
    printed = next(rows for rows in tables(TUTORIAL) if rows[0][:2] == ["demand", "rank"])
    assert len(printed) == 4
    for demand, rank, kind, entity, saved, left, enough in printed[1:]:
        row = found[demand, int(rank)]
        assert (row["kind"], row["entity"], str(row["enough"]).lower()) == (kind, entity, enough)
        assert (round(row["saved"]), round(row["left"])) == tuple(int(n.replace(",", "")) for n in (saved, left))


def test_every_sheet_of_the_tutorial_is_linked_to_the_reference() -> None:
    typed = [step.name for step in steps(TUTORIAL) if isinstance(step, Sheet)]
    assert len(typed) == 12
    assert [name for name in typed if f"[`{name}`](#{name})" not in TUTORIAL.read_text(encoding="utf-8")] == []


def test_the_folder_of_the_first_steps_gives_what_it_prints(tmp_path: Path) -> None:
    for code in blocks(START, "yaml") + blocks(START, "text"):
        name, content = re.fullmatch(r"# (\S+)\n(.*)", code, flags=re.DOTALL).groups()
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    (console,) = blocks(START, "console")
    for command in commands(console):
        printed = run(command, tmp_path)
        assert missing(command, printed) == [], f"$ {command.line}\n{printed}"


def test_the_scenarios_give_what_their_page_prints(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "small", tmp_path / "pumps")
    for block in blocks(SCENARIOS, "console"):
        for command in commands(block):
            printed = run(command, tmp_path)
            assert missing(command, printed) == [], f"$ {command.line}\n{printed}"
    assert {path.name for path in (tmp_path / "compared").iterdir()} == {"comparison.html", "comparison.xlsx", "tables"}


def test_the_problem_that_the_page_of_scenarios_shows_is_what_the_check_says(tmp_path: Path) -> None:
    folder = tmp_path / "pumps"
    shutil.copytree(ROOT / "examples" / "small", folder)
    text = (folder / "scenarios.csv").read_text(encoding="utf-8")
    (folder / "scenarios.csv").write_text(text.replace("shift,14 days", "set,two weeks"), encoding="utf-8")
    printed = run(Command("coproduce check pumps --scenario ferry_slow", ()), tmp_path)
    assert blocks(SCENARIOS, "text")[0].strip() in printed


def test_the_table_of_the_page_of_scenarios_is_that_of_the_example() -> None:
    shown = next(rows for rows in tables(SCENARIOS) if rows[0][0] == "scenario")
    with (ROOT / "examples" / "small" / "scenarios.csv").open(encoding="utf-8", newline="") as file:
        assert shown == list(csv.reader(file))


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.stem)
def test_the_python_of_the_pages_runs(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for code in blocks(page, "python"):
        exec(compile(code, page.name, "exec"), names)
        assert capsys.readouterr().out


def test_every_option_in_a_command_of_the_pages_exists(tmp_path: Path) -> None:
    shown: dict[str, set[str]] = {}
    for page in PAGES:
        for name, rest in re.findall(r"coproduce (\w+)((?: [^\s`|]+)*)", page.read_text(encoding="utf-8")):
            shown.setdefault(name, set()).update(re.findall(r"--[\w-]+", rest))
    helps = run(Command("coproduce --help", ()), tmp_path)
    known = {name for name in shown if re.search(rf"│ {name}\s", helps)}
    assert known >= {"check", "plan"}
    for name in known:
        text = run(Command(f"coproduce {name} --help", ()), tmp_path)
        assert [option for option in shown[name] if option not in text] == [], name


def test_every_file_named_beside_the_mathematics_exists() -> None:
    text = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
    included = re.findall(r"literalinclude\} \.\./(\S+)", text)
    assert [path for path in included if not (ROOT / path).is_file()] == []
    families = {path.stem for path in (ROOT / "src/coproduce/plan/constraints").glob("[!_]*.py")}
    assert {Path(path).stem for path in included if "constraints" in path} == families
    assert {Path(path).stem for path in included if path.endswith(".txt")} == families
