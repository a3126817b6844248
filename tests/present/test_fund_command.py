"""The command about funds: what it writes, what its page and workbook say, and its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from coproduce.errors import ExitCode
from coproduce.present.cli import app
from coproduce.present.funding.screen import hints
from coproduce.present.outputs import OutputError

TABLES = {
    "programme.yaml": "{name: Two pumps, start: 2026-01-01, buckets: 3 months, currency: EUR}\n",
    "sites.csv": "site,country,party\nlyon,FR,maker\n",
    "parties.csv": "party,kind,country,management\nfrance,state,FR,\nmaker,company,FR,FR\n",
    "ownership.csv": "party,owner,share\nmaker,france,1\n",
    # 4 of 10 EUR of components come from a country outside: 40 %, above the ceiling of 35 %.
    "items.csv": "item,unit,component_cost\npump,piece,\nmotor,piece,4\nbody,piece,6\n",
    "processes.csv": "process,site\nassemble,lyon\n",
    "flows.csv": "process,item,quantity\nassemble,pump,1\nassemble,motor,-1\nassemble,body,-1\n",
    "supplies.csv": "supply,item,site,price,origin\nm,motor,lyon,4,TW\nb,body,lyon,6,FR\n",
    "demands.csv": "demand,item,site,quantity,due,contract\nd,pump,lyon,10,2026-02-28,frame\n",
    "funds.csv": "fund,instrument,kind,holder,amount,maturity_years\nloan,SAFE,loan,france,1000,45\n",
    "contracts.csv": "contract,buyers,contractor,signed,funds,route,purpose,category,category_basis,value,"
    "opened_to_others\nframe,france,maker,2026-01-05,loan,single,ramp_up,1,the list,1000,yes\n",
}


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    folder = tmp_path / "programme"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def test_a_contract_over_the_ceiling_ends_with_the_exit_code_for_it_where_that_is_required(
    programme: Path, tmp_path: Path
) -> None:
    code, said = run("fund", programme, "--out", tmp_path / "out", "--require", "SAFE")
    assert code == ExitCode.INELIGIBLE
    assert "required, and not met: frame under SAFE is failed" in said
    code, _ = run("fund", programme, "--out", tmp_path / "out")
    assert code == ExitCode.OK


def test_page_and_workbook_say_what_the_tables_say(programme: Path, tmp_path: Path) -> None:
    assert run("plan", programme, "--out", tmp_path / "plan")[0] == ExitCode.OK
    assert run("fund", programme, "--plan", tmp_path / "plan", "--out", tmp_path / "out")[0] == ExitCode.OK
    found = pl.read_parquet(tmp_path / "out" / "tables" / "eligibility.parquet")
    ceiling = found.filter(pl.col("rule") == "SAFE-18").row(0, named=True)
    assert (ceiling["verdict"], ceiling["value"], ceiling["margin"]) == ("failed", 0.4, pytest.approx(-0.05))
    page = (tmp_path / "out" / "funding.html").read_text(encoding="utf-8")
    cell = re.search(r'<td class="verdict (\w+)"><a href="#verdicts/(\w+)" aria-label="frame, SAFE-18: ', page)
    assert cell is not None and cell[1] == "failed"
    assert f'id="verdicts-{cell[2]}"' in page and "-5.00 percentage points" in page
    book = openpyxl.load_workbook(tmp_path / "out" / "funding.xlsx", read_only=True)
    assert {"eligibility_summary", "eligibility", "ledger", "contributions"} <= set(book.sheetnames)
    figures = json.loads((tmp_path / "out" / "funding.json").read_text(encoding="utf-8"))
    drawn = pl.read_parquet(tmp_path / "out" / "tables" / "fund_use.parquet")["amount"].sum()
    assert sum(one["amount"] for one in figures["drawn"]) == drawn > 0


def test_a_folder_with_other_files_is_not_replaced(programme: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(app, ["fund", str(programme), "--out", str(tmp_path / "mine")])
    assert isinstance(result.exception, OutputError) and "holds other files" in str(result.exception)
    assert (tmp_path / "mine" / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_plan_that_cannot_keep_a_ceiling_with_the_offers_there_are_does_not_serve_the_contract(
    programme: Path, tmp_path: Path
) -> None:
    _, said = run("fund", programme, "--out", tmp_path / "judged")
    assert f"coproduce repair {programme} --require SAFE --contract frame" in said.replace("\n", "")
    code, said = run("plan", programme, "--require", "SAFE", "--contract", "frame", "--out", tmp_path / "plan")
    assert code == ExitCode.OK
    assert "held to SAFE: SAFE-18 (Art 16(10)) for frame" in said
    assert "0 of 1 demands on time" in said


def test_a_plan_held_to_a_ceiling_buys_inside_and_its_contract_meets_the_rule(programme: Path, tmp_path: Path) -> None:
    (programme / "supplies.csv").write_text(f"{TABLES['supplies.csv']}f,motor,lyon,9,FR\n", encoding="utf-8")
    assert run("plan", programme, "--require", "SAFE", "--out", tmp_path / "plan")[0] == ExitCode.OK
    assert run("fund", programme, "--plan", tmp_path / "plan", "--out", tmp_path / "out")[0] == ExitCode.OK
    found = pl.read_csv(tmp_path / "out" / "tables" / "eligibility.csv").filter(pl.col("rule") == "SAFE-18")
    # 35 of 100 EUR: 8.75 motors of 4 EUR from TW.
    assert found.select("verdict", "value").row(0) == ("met", pytest.approx(0.35))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--require", "ASAP"), "others have no ceiling on origin"),
        (("--contract", "frame"), "it says what --require is about"),
        (("--require", "USL"), "no contract names a fund of USL"),
        (("--require", "SAFE", "--contract", "other"), 'there is no contract "other"'),
    ],
)
def test_what_cannot_be_required_is_refused_in_words(
    programme: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    # What the command itself does with a failure, in words and an exit code, is in `main`.
    result = CliRunner().invoke(app, ["plan", str(programme), *words, "--out", str(tmp_path / "plan")])
    assert result.exit_code != ExitCode.OK
    assert said in re.sub(r"[\s│]+", " ", f"{result.output} {result.exception}")


def test_a_plan_is_offered_for_a_ceiling_only_where_the_ceiling_itself_is_exceeded() -> None:
    rows = [("over", -0.1), ("over", 0.2), ("only_over", -0.1), ("other", 0.3), ("other", None)]
    names, margins = zip(*rows, strict=True)
    found = pl.DataFrame(
        {"contract": names, "instrument": "USL", "rule": "USL-03", "verdict": "failed", "margin": margins}
    )
    said = list(hints(SimpleNamespace(frames={"eligibility": found}, ceilings={"USL-03"}), "here"))  # type: ignore[arg-type]
    assert [line.split(": ")[1] for line in said] == [
        f"coproduce repair here --require USL --contract {name}" for name in ("over", "only_over")
    ]
    assert ["no plan changes" in line for line in said] == [True, False]
