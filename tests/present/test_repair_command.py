"""The command about repairs of origin: what it writes and says; as a scenario its lines do what they promise."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from test_fund_command import TABLES
from typer.testing import CliRunner

from coproduce.eligibility.imposed import RequirementError
from coproduce.errors import ExitCode
from coproduce.present.cli import app
from coproduce.tables import REPAIR_TABLES


@pytest.fixture
def two_offers(tmp_path: Path) -> Path:
    """Return a programme whose motors come from TW for 4 EUR or from FR for 9 EUR; both cost 4 of 10 as components."""
    folder = tmp_path / "pumps"
    folder.mkdir()
    offers = {**TABLES, "supplies.csv": f"{TABLES['supplies.csv']}f,motor,lyon,9,FR\n"}
    for name, text in offers.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    return result.exit_code, result.output


def test_a_repair_for_an_instrument_says_what_it_takes_and_works_as_a_scenario(
    two_offers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, said = run("repair", two_offers, "--require", "SAFE", "--out", out)
    assert code == ExitCode.OK
    assert "40.0%" in said and "35.0%" in said
    read = {name: pl.read_csv(out / "tables" / f"{name}.csv") for name in REPAIR_TABLES}
    # 35 of 100 EUR are 8.75 motors of 4 EUR; the other 1.25 cost 5 EUR more each.
    moved = read["repair_shifts"].filter(pl.col("kind") == "supply").select("name", "before", "after").rows()
    assert moved == [("f", 0.0, pytest.approx(1.25)), ("m", 10.0, pytest.approx(8.75))]
    cost = read["repair_costs"].filter(pl.col("stage") == "cost").select("low", "high").row(0)
    assert cost == (pytest.approx(6.25), pytest.approx(6.25))
    lines = (out / "tables" / "scenarios.csv").read_text(encoding="utf-8")
    (two_offers / "scenarios.csv").write_text(lines, encoding="utf-8")
    name = json.loads((out / "repair.json").read_text(encoding="utf-8"))["scenarios"][0]["scenario"]
    assert name in said
    assert run("plan", two_offers, "--scenario", name, "--out", tmp_path / "plan")[0] == ExitCode.OK
    assert run("fund", two_offers, "--scenario", name, "--plan", tmp_path / "plan", "--out", tmp_path / "fund")[0] == 0
    found = pl.read_csv(tmp_path / "fund" / "tables" / "eligibility.csv").filter(pl.col("rule") == "SAFE-18")
    assert found.select("verdict", "value").row(0) == ("met", pytest.approx(0.35))


def test_the_workbook_of_a_repair_has_a_sheet_for_each_table(two_offers: Path, tmp_path: Path) -> None:
    run("repair", two_offers, "--require", "SAFE", "--out", tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "repair.xlsx")
    assert {"repairs", "repair_costs", "repair_shifts", "scenarios"} <= set(book.sheetnames)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the table origin_limits is empty"),
        (("--limit", "other"), "other is no limit of the table origin_limits; it has none"),
    ],
)
def test_what_cannot_be_repaired_is_refused_in_words(
    two_offers: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = CliRunner().invoke(app, ["repair", str(two_offers), *words, "--out", str(tmp_path / "out")])
    assert isinstance(result.exception, RequirementError) and said in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_a_repair_that_only_stops_deliveries_says_so(two_offers: Path, tmp_path: Path) -> None:
    # Without the offer inside, no pump keeps the ceiling: 10 of them are never delivered, which breaks no limit.
    (two_offers / "supplies.csv").write_text(TABLES["supplies.csv"], encoding="utf-8")
    out = tmp_path / "out"
    code, said = run("repair", two_offers, "--require", "SAFE", "--out", out)
    assert code == ExitCode.INELIGIBLE
    assert "is kept only by not delivering: 10 units fewer" in " ".join(said.split())
    found = json.loads((out / "repair.json").read_text(encoding="utf-8"))["repairs"][0]
    assert (found["outcome"], found["kept"], found["undelivered"]) == ("not_delivering", False, pytest.approx(10.0))
