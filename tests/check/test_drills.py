"""Drills: every mistake is named with its cell, and what is right becomes rows of the table of risks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from good_programme import checked, good

from coproduce.check.drills import Drills, read_drills
from coproduce.errors import InputError
from coproduce.tables import Tables

HEAD = "risk,kind,target_table,target,date,duration_days"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return checked(good()).unwrap()


def read(tables: Tables, folder: Path, *lines: str, head: str = HEAD) -> Drills:
    path = folder / "gone.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return read_drills(path, tables)


WRONG = {
    "zero duration": ("a,site_damage,sites,A,2026-03-01,0", HEAD, "E205 gone.csv › risks!F2 (duration_days)"),
    "no duration": ("a,site_damage,sites,A,2026-03-01,", HEAD, "E461 gone.csv › risks!F2 (duration_days)"),
    "no date": ("a,site_damage,sites,A,,5", HEAD, "E452 gone.csv › risks"),
    "unknown target": ("a,site_damage,sites,Aa,2026-03-01,5", HEAD, "E302 gone.csv › risks!D2 (target)"),
    "not of this kind": ("a,closure,sites,A,2026-03-01,5", HEAD, "E451 gone.csv › risks!C2 (target_table)"),
    "opposite": ("a,site_damage,sites,A,2026-03-01,5,2", HEAD + ",severity", "E453 gone.csv › risks!G2 (severity)"),
    "before the start": ("a,site_damage,sites,A,2025-12-31,5", HEAD, "E464 gone.csv › risks!E2 (date)"),
    "in some seasons": ("a,site_damage,sites,A,2026-03-01,5,1", HEAD + ",season", "E461 gone.csv › risks!G2 (season)"),
    "of random length": (
        "a,site_damage,sites,A,2026-03-01,5,exponential", HEAD + ",duration", "E461 gone.csv › risks!G2 (duration)",
    ),
    "unknown column": ("a,site_damage,sites,A,2026-03-01,5,1", HEAD + ",long", "E115 gone.csv › risks!G (long)"),
    "a date in the year 9999": ("a,site_damage,sites,A,9999-12-30,90000", HEAD, "E464 gone.csv › risks!E2 (date)"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_named_with_its_cell(tables: Tables, tmp_path: Path, case: str) -> None:
    line, head, said = WRONG[case]
    with pytest.raises(InputError) as refusal:
        read(tables, tmp_path, line, head=head)
    (problem,) = refusal.value.problems
    assert str(problem).startswith(said), str(problem)


def test_all_mistakes_are_named_at_once(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        read(tables, tmp_path, "a,site_damage,sites,A,2026-03-01,0", "a,site_damage,sites,C,2026-03-01,5")
    assert [p.code for p in refusal.value.problems] == ["E205", "E301", "E302"]


def test_drills_that_only_touch_or_hit_other_targets_do_not_overlap(tables: Tables, tmp_path: Path) -> None:
    lines = (
        "a,site_damage,sites,A,2026-03-01,30",
        "b,site_damage,sites,A,2026-03-31,5",
        "c,site_damage,sites,B,2026-03-02,5",
        "d,power_outage,sites,A,2026-03-02,5",
    )
    assert read(tables, tmp_path, *lines).frame.height == 4


def test_a_drill_inside_a_longer_one_overlaps_also_after_a_short_one(tables: Tables, tmp_path: Path) -> None:
    lines = (
        "a,site_damage,sites,A,2026-03-01,60",
        "b,site_damage,sites,A,2026-03-02,1",
        "c,site_damage,sites,A,2026-04-01,1",
    )
    with pytest.raises(InputError) as refusal:
        read(tables, tmp_path, *lines)
    assert [(p.code, p.origin.row) for p in refusal.value.problems] == [("E462", 3), ("E462", 4)]


def test_drills_come_after_the_risks_and_are_certain(tables: Tables, tmp_path: Path) -> None:
    drills = read(tables, tmp_path, "gone,site_damage,sites,A,2026-03-01,90")
    risks = drills.added_to(tables)["risks"]
    assert risks.height == tables["risks"].height + 1
    last = risks.row(-1, named=True)
    assert (last["risk"], last["date"], last["duration_days"]) == ("gone", datetime(2026, 3, 1), 90.0)
    assert (last["rate"], last["probability"], last["severity"]) == (None, None, None)


@pytest.mark.parametrize("sheet", ["drills", "risks", "Anything"])
def test_a_workbook_with_one_sheet_or_a_named_one_is_read(tables: Tables, tmp_path: Path, sheet: str) -> None:
    path = tmp_path / "drills.xlsx"
    with xlsxwriter.Workbook(path) as book:
        own = book.add_worksheet(sheet)
        own.write_row(0, 0, HEAD.split(","))
        own.write_row(1, 0, ["a", "site_damage", "sites", "A", "2026-03-01", 5])
        if sheet != "Anything":
            book.add_worksheet("other")
    assert read_drills(path, tables).frame["risk"].to_list() == ["a"]


@pytest.mark.parametrize(("name", "code"), [("absent.csv", "E101"), ("drills.docx", "E102"), ("empty.csv", "E105")])
def test_a_file_that_is_none_is_said(tables: Tables, tmp_path: Path, name: str, code: str) -> None:
    if name != "absent.csv":
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError) as refusal:
        read_drills(tmp_path / name, tables)
    assert [p.code for p in refusal.value.problems] == [code]
