"""The command `coproduce stress`: what it writes, says and refuses."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from command_line import SMALL, Command, edited

from coproduce import api
from coproduce.present.report.embed import policy_hash
from coproduce.tables import STRESS_TABLES

RISKS = """risk,kind,target_table,target,rate,date,probability,duration,duration_days,cause
fire,site_damage,sites,{site},,2026-02-02,0.4,fixed,20,
strike,closure,lanes,{lane},3,,,exponential,6,
"""
FEW = ("--replications", "130", "--taken-apart", "60", "--workers", "1")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the small example, to which a fire and strikes may happen, and its plan."""
    place = tmp_path_factory.mktemp("stress")
    folder = shutil.copytree(SMALL, place / "programme")
    lane, site = (
        pl.read_csv(folder / f"{table}.csv")[column][0] for table, column in (("lanes", "lane"), ("processes", "site"))
    )
    start = re.search(r"start: (\S+)", (folder / "programme.yaml").read_text(encoding="utf-8"))
    assert start is not None
    text = RISKS.format(site=site, lane=lane).replace("2026-02-02", start[1][:8] + "15")
    (folder / "risks.csv").write_text(text, encoding="utf-8")
    api.write(api.plan_path(folder, threads=1), place / "made", {})
    return place


@pytest.fixture
def programme(source: Path, tmp_path: Path) -> Path:
    """Return a copy of the programme; its plan lies beside it in `made`."""
    shutil.copytree(source / "made", tmp_path / "made")
    return shutil.copytree(source / "programme", tmp_path / "programme")


def figures(out: Path) -> dict[str, object]:
    found = json.loads((out / "stress.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_it_plans_first_and_writes_plan_and_answers(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = coproduce("stress", programme, "--out", out, *FEW)
    assert said.code == 0, said.err
    assert sorted(path.name for path in out.iterdir()) == [
        "plan", "problems.csv", "stress.html", "stress.json", "stress.xlsx", "tables",
    ]  # fmt: skip
    assert (out / "plan" / "summary.json").is_file()
    assert sorted(path.stem for path in (out / "tables").glob("*.parquet")) == sorted(STRESS_TABLES)
    assert "130 replications" in said.out and "strike" in said.out
    assert (figures(out)["replications"], figures(out)["taken_apart"], figures(out)["risks"]) == (130, 60, 2)


def test_a_second_run_uses_the_plan_that_is_there_and_gives_the_same(
    coproduce: Command, programme: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    coproduce("stress", programme, "--out", out, *FEW)
    files = ("stress.json", "stress.html", "stress.xlsx", "tables/bands.csv", "plan/summary.json")
    before = {name: (out / name).read_bytes() for name in files}
    said = coproduce("stress", programme, "--out", out, *FEW)
    assert "using the plan" in said.err
    assert before == {name: (out / name).read_bytes() for name in files}


def test_a_plan_made_elsewhere_is_used_whatever_the_risks_were(
    coproduce: Command, programme: Path, tmp_path: Path
) -> None:
    risks = (programme / "risks.csv").read_text(encoding="utf-8")
    (programme / "risks.csv").write_text(risks.replace("0.4", "0.9"), encoding="utf-8")
    said = coproduce("stress", programme, "--plan", tmp_path / "made", "--out", tmp_path / "out", *FEW)
    assert said.code == 0, said.err
    assert not (tmp_path / "out" / "plan").exists()
    assert figures(tmp_path / "out")["risks"] == 2


def test_a_plan_of_another_input_is_refused_with_the_tables_that_differ(
    coproduce: Command, programme: Path, tmp_path: Path
) -> None:
    demands = (programme / "demands.csv").read_text(encoding="utf-8").replace(",10,", ",11,", 1)
    stocks = (programme / "stocks.csv").read_text(encoding="utf-8") + "\n"
    header, first, *rest = demands.splitlines()
    column = header.split(",").index("quantity")
    cells = first.split(",")
    cells[column] = str(float(cells[column]) + 1)
    (programme / "demands.csv").write_text("\n".join([header, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    (programme / "stocks.csv").write_text(stocks, encoding="utf-8")
    said = coproduce("stress", programme, "--plan", tmp_path / "made", "--out", tmp_path / "out", *FEW)
    assert said.code == 2
    assert "was made from another input: the tables demands differ" in said.err
    assert not (tmp_path / "out" / "stress.json").exists()


def test_a_plan_that_was_changed_by_hand_does_not_pass_the_audit(
    coproduce: Command, programme: Path, tmp_path: Path
) -> None:
    path = tmp_path / "made" / "tables" / "deliveries.parquet"
    pl.read_parquet(path).with_columns(pl.col("quantity") * 2).write_parquet(path)
    said = coproduce("stress", programme, "--plan", tmp_path / "made", "--out", tmp_path / "out", *FEW)
    assert said.code == 1 and "did not pass its audit" in said.err


def test_a_drill_is_carried_out_and_named(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    risks = (programme / "risks.csv").read_text(encoding="utf-8")
    site, day = risks.splitlines()[1].split(",")[3], risks.splitlines()[1].split(",")[5]
    (tmp_path / "gone.csv").write_text(
        f"risk,kind,target_table,target,date,duration_days\ngone,site_damage,sites,{site},{day},25\n"
    )
    said = coproduce(
        "stress",
        programme,
        "--plan",
        tmp_path / "made",
        "--drill",
        tmp_path / "gone.csv",
        "--out",
        tmp_path / "out",
        *FEW,
    )
    assert said.code == 0, said.err
    assert figures(tmp_path / "out")["drills"] == ["gone"]
    losses = pl.read_parquet(tmp_path / "out" / "tables" / "losses.parquet")
    drill = losses.row(by_predicate=pl.col("source") == "drill", named=True)
    assert (drill["risk"], drill["happens"]) == ("gone", 1.0)
    assert drill["late_unit_days"] > 0


def test_a_bad_drill_is_named_with_its_cell(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    (tmp_path / "gone.csv").write_text("risk,kind,target_table,target,date,duration_days\ng,site_damage,sites,q,x,0\n")
    said = coproduce("stress", programme, "--drill", tmp_path / "gone.csv", "--out", tmp_path / "out", *FEW)
    assert said.code == 2
    assert [line.split(" ")[1] for line in said.lines("error")] == ["E302", "E206", "E205"]
    assert not (tmp_path / "out").exists()


def test_the_workbook_holds_every_table_and_sums_are_those_of_its_rows(
    coproduce: Command, programme: Path, tmp_path: Path
) -> None:
    coproduce("stress", programme, "--plan", tmp_path / "made", "--out", tmp_path / "out", *FEW)
    book = openpyxl.load_workbook(tmp_path / "out" / "stress.xlsx")
    assert book.sheetnames == ["Cover", *STRESS_TABLES]
    sheet = book["losses"]
    titles = [cell.value for cell in sheet[5]]
    column = next(at for at, title in enumerate(titles) if title == "Late unit-days")
    values = [row[column].value for row in sheet.iter_rows(min_row=6)]
    total = figures(tmp_path / "out")["taken_apart_loss"]
    assert isinstance(total, dict)
    assert sum(values) == pytest.approx(total["late_unit_days"], abs=1e-3)


def test_the_page_runs_only_its_own_scripts_and_holds_the_bands(
    coproduce: Command, programme: Path, tmp_path: Path
) -> None:
    coproduce("stress", programme, "--plan", tmp_path / "made", "--out", tmp_path / "out", *FEW)
    page = (tmp_path / "out" / "stress.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    policy = re.search(r'content="(default-src[^"]*)"', page)
    assert policy is not None
    assert all(policy_hash(script) in html.unescape(policy[1]) for script in scripts)
    match = re.search(r'<script type="application/json" id="plan-data">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    data = json.loads(match[1])
    table = pl.read_parquet(tmp_path / "out" / "tables" / "bands.parquet")
    assert len(data["bands"]) * len(data["time"]["labels"]) == table.height
    assert data["bands"][0]["q05"] == pytest.approx(table["q05"][: len(data["time"]["labels"])].to_list(), rel=1e-5)
    assert set(data["sheets"]) == set(STRESS_TABLES)


def test_an_unfinished_run_goes_on_or_is_replaced_but_never_lost(
    coproduce: Command, programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    more = ("--replications", "1100", "--taken-apart", "0", "--workers", "1")
    coproduce("stress", programme, "--plan", tmp_path / "made", "--out", whole, *more)
    with monkeypatch.context() as patch:
        patch.setattr("coproduce.present.stress.command.write_stress", _broken)
        assert coproduce("stress", programme, "--plan", tmp_path / "made", "--out", out, *more).code == 130
    assert sorted(path.name for path in out.iterdir()) == ["chunks"]
    said = coproduce("stress", programme, "--plan", tmp_path / "made", "--out", out, *more)
    assert said.code == 2 and "--resume goes on with it" in said.err
    assert (
        coproduce("stress", programme, "--plan", tmp_path / "made", "--out", out, "--resume", *more[:1], "700").code
        == 2
    )
    said = coproduce("stress", programme, "--plan", tmp_path / "made", "--out", out, "--resume", *more)
    assert said.code == 0, said.err
    for name in ("stress.json", "stress.html", "stress.xlsx", "tables/promises.csv"):
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in whole.iterdir())
    assert coproduce("stress", programme, "--plan", tmp_path / "made", "--out", out, "--resume", *more).code == 2


def _broken(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_folder_with_other_files_is_left_alone(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    said = coproduce("stress", programme, "--out", tmp_path / "mine", *FEW)
    assert said.code == 2 and "letter.txt" in said.err
    assert coproduce("stress", programme, "--out", programme, *FEW).code == 2


def test_a_scenario_is_stressed_as_it_changes_the_programme(coproduce: Command, tmp_path: Path) -> None:
    folder = edited(tmp_path / "programme")
    scenario = str(pl.read_csv(folder / "scenarios.csv")["scenario"][0])
    said = coproduce("stress", folder, "--scenario", scenario, "--out", tmp_path / "out", *FEW)
    assert said.code == 0, said.err
    named = figures(tmp_path / "out")["scenario"]
    assert isinstance(named, dict) and named["name"] == scenario
    assert [line.split(" ")[1] for line in said.lines("warning")] == ["W582"]


def test_the_base_stock_policy_is_another_test(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    said = coproduce(
        "stress", programme, "--plan", tmp_path / "made", "--policy", "base-stock", "--out", tmp_path / "out", *FEW
    )
    assert said.code == 0, said.err
    settings = figures(tmp_path / "out")["settings"]
    assert isinstance(settings, dict) and settings["policy"] == "base-stock"
