"""Whatever moment a kill chooses, what lies on the disk is the old result or the new one, whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import polars as pl
import pytest

from coproduce import api
from coproduce.present.inputs.convert import convert
from coproduce.present.inputs.forms import Form
from coproduce.present.report import write_report
from coproduce.present.workbook import write_workbook
from coproduce.read import read
from coproduce.results.result import PlanResult
from coproduce.results.store import REPORT, WORKBOOK
from coproduce.results.stress.store import check_stress_folder, write_stress
from coproduce.tables import RESULT_TABLES, STRESS_TABLES

SMALL = Path(__file__).parents[2] / "examples" / "small"
WRITERS = {REPORT: write_report, WORKBOOK: write_workbook}
KILLS = 30
MOVES = (os.rename, os.replace)


class Moments:
    """Counts the calls of a run; at chosen ones it copies what lies on the disk, which is what a kill would leave."""

    def __init__(self, folder: Path, copies: Path, chosen: frozenset[int]) -> None:
        self.folder, self.copies, self.chosen, self.count = folder, copies, chosen, 0

    def __call__(self, _frame: FrameType, event: str, argument: Any) -> None:
        if event not in ("call", "c_call"):
            return
        self.count += 1
        moves = bool(self.chosen) and any(argument is move for move in MOVES)
        if moves or self.count in self.chosen:
            sys.setprofile(None)
            shutil.copytree(self.folder, self.copies / str(self.count))
            sys.setprofile(self)

    def watch(self, run: Callable[[], object]) -> int:
        before = sys.getprofile()
        sys.setprofile(self)
        try:
            run()
        finally:
            sys.setprofile(before)
        return self.count


def killed(run: Callable[[Path], object], tmp_path: Path, name: str) -> list[Path]:
    """Run to count the calls, and again to copy the disk at random ones and at every one that moves something."""
    old = tmp_path / "old" / name
    calls = Moments(tmp_path, tmp_path, frozenset()).watch(
        lambda: run(shutil.copytree(old.parent, tmp_path / "a") / name)
    )
    luck = random.Random(3)
    work, copies = shutil.copytree(old.parent, tmp_path / "b"), tmp_path / "copies"
    Moments(work, copies, frozenset(luck.sample(range(1, calls * 9 // 10), KILLS))).watch(lambda: run(work / name))
    return sorted(copies.iterdir(), key=lambda path: int(path.name))


def named(result: PlanResult, name: str) -> PlanResult:
    return replace(result, summary={**result.summary, "name": name})


def whose_result(folder: Path) -> str:
    """Return which result a folder holds, after looking into every file."""
    name = str(json.loads((folder / "summary.json").read_text(encoding="utf-8"))["name"])
    page = (folder / REPORT).read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>") and name in page
    assert zipfile.ZipFile(folder / WORKBOOK).testzip() is None
    for table in RESULT_TABLES:
        pl.read_parquet(folder / "tables" / f"{table}.parquet")
    return name


def whose_programme(path: Path) -> str:
    raw = read(path)
    assert raw.problems == ()
    assert raw.sheets.keys() == read(SMALL).sheets.keys()
    return str(raw.sheets["programme"].frame["name"][0])


def left(copy: Path, name: str, whose: Callable[[Path], str]) -> str:
    """Return whose the result is; between two renames the old one lies whole beside its place."""
    if (copy / name).exists():
        return whose(copy / name)
    beside = [*copy.glob(f".{name}.old-*"), *copy.glob(f".{name}.*.part/old")]
    assert [whose(path) for path in beside] == ["old"]
    return "old"


def test_a_result_with_report_and_workbook_is_the_old_one_or_the_new_one(small: PlanResult, tmp_path: Path) -> None:
    api.write(named(small, "old"), tmp_path / "old" / "out", WRITERS)
    copies = killed(lambda out: api.write(named(small, "new"), out, WRITERS), tmp_path, "out")
    assert len(copies) >= KILLS
    found = [left(copy, "out", whose_result) for copy in copies]
    # Once the new one is there, it stays.
    assert found == sorted(found, reverse=True)
    assert whose_result(tmp_path / "b" / "out") == "new"


@pytest.mark.parametrize(("name", "form"), [("out", Form.CSV), ("out", Form.PARQUET), ("out.xlsx", Form.CSV)])
def test_a_converted_programme_is_the_old_one_or_the_new_one(tmp_path: Path, name: str, form: Form) -> None:
    sources = {}
    for which in ("old", "new"):
        sources[which] = shutil.copytree(SMALL, tmp_path / "sources" / which)
        settings = (SMALL / "programme.yaml").read_text(encoding="utf-8")
        (sources[which] / "programme.yaml").write_text(
            settings.replace("Pump sets from two countries", which), encoding="utf-8"
        )
    (tmp_path / "old").mkdir()
    convert(sources["old"], tmp_path / "old" / name, form)
    copies = killed(lambda out: convert(sources["new"], out, form, replace=True), tmp_path, name)
    found = [left(copy, name, whose_programme) for copy in copies]
    assert found == sorted(found, reverse=True)
    assert whose_programme(tmp_path / "b" / name) == "new"


def test_the_answers_of_a_stress_test_are_the_old_ones_with_their_chunks_or_the_new_ones(
    small: PlanResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = api.stress(small, api.Settings(3), workers=1)
    old = replace(new, summary={**new.summary, "name": "old"})
    out = tmp_path / "old" / "out"
    api.write(small, tmp_path / "plan", {})
    write_stress(old, out, {}, tmp_path / "plan")
    (out / "chunks").mkdir()
    (out / "chunks" / "manifest.json").write_text("{}", encoding="utf-8")
    copies = killed(lambda folder: write_stress(new, folder, {}, folder / "plan"), tmp_path, "out")
    # The next run finds the killed one dead.
    monkeypatch.setattr("coproduce.results.store._alive", lambda _: False)
    found = []
    for copy in copies:
        check_stress_folder(copy / "out")
        found.append(json.loads((copy / "out" / "stress.json").read_text(encoding="utf-8"))["name"])
        assert (copy / "out" / "chunks" / "manifest.json").is_file() == (found[-1] == "old")
        assert (copy / "out" / "plan" / "summary.json").is_file()
        assert len(list((copy / "out" / "tables").glob("*.parquet"))) == len(STRESS_TABLES)
    assert len(copies) >= KILLS // 2
    # Once the new ones are there, they stay.
    assert [name == "old" for name in found] == sorted((name == "old" for name in found), reverse=True)
    assert json.loads((tmp_path / "b" / "out" / "stress.json").read_text(encoding="utf-8"))["name"] != "old"
