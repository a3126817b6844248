"""Page and workbook about contracts and funds say what the tables say, and nothing else."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from funding_programme import OPEN, TWO_LOANS, judged, paid
from test_report_access import AXE, check
from test_report_browser import BROWSER, open_page, probed

from coproduce.present.funding import page, workbook
from coproduce.present.funding.matrix import matrices
from coproduce.results.funding import FundingResult

CELL = re.compile(r'<td class="verdict (\w+)"><a href="#verdicts/(\w+)" aria-label="(\w+), ([\w-]+): ')
PROBE = """
setTimeout(() => {
  const shown = () => [...document.querySelectorAll('.proof')].filter((one) => one.offsetParent);
  const seen = () => shown().map((one) => one.dataset.proof);
  const found = { errors: window.problems, before: seen() };
  const sign = document.querySelector('td.verdict.failed a');
  sign.click();
  found.asked = sign.hash.split('/')[1];
  found.after = seen();
  found.focus = document.activeElement.id;
  document.title = JSON.stringify(found);
}, 400);
"""


@pytest.fixture(scope="module")
def money() -> FundingResult:
    return paid()


def test_the_matrix_holds_the_verdict_of_every_rule() -> None:
    result = judged(OPEN)
    rows = result.frames["eligibility"].select("contract", "rule", "verdict").rows()
    shown = [(contract, rule, verdict) for verdict, _, contract, rule in CELL.findall(page.render(result))]
    assert len({verdict for *_, verdict in rows}) > 1
    assert sorted(set(shown)) == sorted(set(rows))
    assert len(shown) == len(set(shown))


def test_a_sign_for_two_loans_is_that_of_the_worse_one_and_shows_both() -> None:
    (matrix,) = matrices(judged(TWO_LOANS))
    (proof,) = [one for one in matrix["proofs"] if one["rule"] == "SAFE-08"]
    # 45 years are the limit, 46 beyond it.
    assert {one["fund"]: one["verdict"] for one in proof["findings"]} == {"loan": "met", "second": "failed"}
    assert proof["verdict"] == "failed"


def test_a_rule_that_was_not_judged_has_no_sign() -> None:
    result = judged(OPEN)
    own = result.frames["eligibility"]
    other = own.with_columns(contract=pl.lit("d")).filter(pl.col("rule") != "SAFE-04")
    whole = result.frames["eligibility_summary"]
    verdicts = pl.concat([whole, whole.with_columns(contract=pl.lit("d"))])
    frames = {**result.frames, "eligibility": pl.concat([own, other]), "eligibility_summary": verdicts}
    (matrix,) = matrices(replace(result, frames=frames))
    place = [rule["rule"] for rule in matrix["rules"]].index("SAFE-04")
    assert [row["cells"][place] is None for row in matrix["rows"]] == [False, True]


def test_a_row_of_the_matrix_opens_with_the_verdict_of_all_its_rules() -> None:
    (matrix,) = matrices(judged(OPEN))
    (row,) = matrix["rows"]
    counted = {cell["verdict"] for cell in row["cells"] if cell["counts"] != "no"}
    assert (row["verdict"], "unknown" in counted, "failed" in counted) == ("unknown", True, False)


def test_a_page_says_which_verdicts_are_definitions() -> None:
    (matrix,) = matrices(judged({}))
    assert [rule["rule"] for rule in matrix["rules"] if rule["counts"] == "no"] == ["SAFE-20"]


def test_every_cell_behind_a_finding_stands_on_the_page_with_its_file() -> None:
    result = judged({})
    text = page.render(result)
    places = result.frames["eligibility_evidence"].select("file", "cell").unique().rows()
    assert places
    assert all(f"<code>{file}, {cell}</code>" in text for file, cell in places)


def test_amounts_by_year_are_those_of_the_funds(money: FundingResult) -> None:
    # All costs of 1,100 fall in 2026: the grant pays 35 %, the loan its 600, which it repays.
    drawn = [(one["fund"], one["year"], one["amount"]) for one in money.summary["drawn_by_year"]]
    assert drawn == [("grant", 2026, 385.0), ("loan", 2026, 600.0)]
    assert money.summary["totals"]["drawn"] == 985.0
    assert sum(one["principal"] for one in money.summary["repaid_by_year"]) == pytest.approx(600.0, abs=0.005)


def test_the_workbook_has_a_sheet_for_every_table_and_totals_as_its_rows(money: FundingResult) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(money)), data_only=True)
    assert book.sheetnames[0] == "Cover"
    assert set(book.sheetnames[1:]) == set(money.frames)
    sheet = book["fund_use"]
    (column,) = [cell.column for cell in sheet[5] if str(cell.value).startswith("Amount")]
    assert sheet.cell(4, column).value == 985.0
    assert sum(sheet.cell(row, column).value or 0.0 for row in range(6, sheet.max_row + 1)) == 985.0
    assert all(cell.comment for cell in sheet[5] if cell.value)


def test_text_that_looks_like_a_formula_stays_text() -> None:
    result = judged({})
    evidence = result.frames["eligibility_evidence"].with_columns(said=pl.lit("=1+1"))
    hostile = replace(result, frames={**result.frames, "eligibility_evidence": evidence})
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(hostile)))
    said = [cell for row in book["eligibility_evidence"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert said
    assert {cell.data_type for cell in said} == {"s"}


def test_without_a_plan_products_are_judged_by_configuration_and_nothing_is_said_of_money() -> None:
    result = judged({})
    text = page.render(result)
    assert "by configuration of the products" in text
    assert 'id="verdicts"' in text
    assert not [key for key in ("money", "gaps", "partners") if f'id="{key}"' in text]


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page cannot be opened")
class TestInABrowser:
    def test_a_sign_shows_its_evidence_and_no_other(self, tmp_path: Path) -> None:
        found: dict[str, Any] = open_page(probed(page.render(judged(TWO_LOANS)), PROBE), tmp_path)[0]
        assert found["errors"] == []
        assert found["before"] == []
        assert found["after"] == [found["asked"]]
        assert found["focus"] == f"verdicts-{found['asked']}"

    @pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed and COPRODUCE_AXE names no file")
    @pytest.mark.parametrize(("theme", "width"), [("light", 1300), ("dark", 390)])
    def test_no_rule_of_axe_is_broken(self, tmp_path: Path, money: FundingResult, theme: str, width: int) -> None:
        seen = judged(TWO_LOANS).frames
        both = replace(money, frames={**money.frames, **seen})
        text = page.render(both).replace('class="proof"', 'class="proof chosen"')
        found = check(text, tmp_path, theme, width)
        assert found["errors"] == []
        assert found["tabs"] == ["verdicts", "money", "gaps", "partners"]
        assert [one for one in found["violations"] if one[1] in ("serious", "critical")] == []
