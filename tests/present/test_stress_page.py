"""Page and workbook of a stress test say what its tables say: on a programme of ten days that is solved by hand.

Two pieces a day are due at A from day 3 to day 9 and one more at B on day 9; s can send three a day to A, and fails for
certain on days 3 and 4. The option `spare` opens a source that stands in for it.
"""

from __future__ import annotations

import io
import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from test_report_access import AXE, check
from test_report_browser import BROWSER, open_page, probed

from coproduce import api
from coproduce.present.stress import page, workbook
from coproduce.results.stress.result import StressResult
from coproduce.tables import REPLAN_TABLES, STRESS_TABLES, SURVIVAL_TABLES, Tables

Rows = list[dict[str, object]]
SUPPLY = {"item": "x", "site": "A", "limit_per": "day"}
SAID = {
    "source": "press",
    "status": "signed",
    "item": "x",
    "notion": "actual",
    "said": "2025-12-01",
    "wording": "Said.",
}
TABLES: dict[str, Rows] = {
    "programme": [
        {"name": "Ten days", "currency": "EUR", "start": "2026-01-01", "buckets": "10 days", "objective": "tiers"}
    ],
    "parties": [{"party": "mill", "name": "The mill", "recovery_days": 2}],
    "sites": [
        {"site": "A", "name": "North", "latitude": 52, "longitude": 20, "country": "PL", "recovery_days": 5},
        {"site": "B", "name": "South", "latitude": 45, "longitude": 25, "country": "RO"},
    ],
    "items": [{"item": "x", "name": "Pump", "unit": "piece", "unit_value": 3}],
    "stocks": [{"item": "x", "site": site, "holding_cost": 365} for site in "AB"],
    "supplies": [
        {**SUPPLY, "supply": "s", "limit": 3, "price": 1, "party": "mill", "recovery_days": 5},
        {**SUPPLY, "supply": "t", "limit": 9, "price": 5, "option": "spare", "fallback_rank": 1},
    ],
    "lanes": [
        {"lane": "road", "name": "Road south", "from_site": "A", "to_site": "B", "item": "x", "lead_days": 0,
         "recovery_days": 1},
    ],
    "demands": [
        *({"demand": f"home_{day}", "item": "x", "site": "A", "quantity": 2, "due": f"2026-01-{day + 1:02}",
           "kind": "domestic"} for day in range(3, 10)),
        {"demand": "abroad", "item": "x", "site": "B", "quantity": 1, "due": "2026-01-10", "kind": "export",
         "priority": 2},
    ],
    "options": [{"option": "spare", "name": "Spare source", "kind": "source", "cost": 100, "running_cost": 2}],
    "sources": [{"source": "press", "title": "Press", "published": "2025-12-01"}],
    "commitments": [{**SAID, "commitment": "six", "name": "Six <b>pumps</b>", "quantity": 6, "due": "2026-01-06"}],
    "risks": [
        {"risk": "failure", "name": "Supply fails", "kind": "supplier_failure", "target_table": "supplies",
         "target": "s", "date": "2026-01-04", "duration_days": 2},
    ],
}  # fmt: skip


def tables_of(tables: dict[str, Rows]) -> Tables:
    frames = {
        name: pl.DataFrame([{column: str(value) for column, value in row.items()} for row in rows])
        for name, rows in tables.items()
    }
    return api.check(api.from_frames(frames)).unwrap()


@pytest.fixture(scope="module")
def plain() -> StressResult:
    """Return the stress test without further answers."""
    return api.stress(api.plan(tables_of(TABLES), threads=1), api.Settings(20, seed=1, taken_apart=20), workers=1)


@pytest.fixture(scope="module")
def whole(plain: StressResult) -> StressResult:
    """Return the stress test with all answers."""
    asked = api.Further(
        survival=True, dates=(datetime(2026, 1, 1),), remedies=True, exportable=True, replan=1, replan_every=5
    )
    return api.with_further(plain, asked, api.Settings(20, seed=1, taken_apart=20), workers=1)


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="plan-data">(.*?)</script>', text, re.S)
    assert found is not None
    data = json.loads(found[1])
    assert isinstance(data, dict)
    return data


def test_every_table_that_was_asked_for_is_on_the_page_and_no_other(plain: StressResult, whole: StressResult) -> None:
    assert set(data_of(page.render(plain))["sheets"]) == set(STRESS_TABLES)
    text = page.render(whole)
    assert set(data_of(text)["sheets"]) == {*STRESS_TABLES, *SURVIVAL_TABLES, *REPLAN_TABLES}
    assert all(words in page.render(plain) for words in ("Not asked for", "--remedies"))
    assert "Not asked for" not in text


def test_beside_each_key_figure_stands_what_the_plan_promises(plain: StressResult) -> None:
    # Owed at the ends of days 3 to 7: 2, 4, 3, 2, 1.
    text = page.render(plain)
    assert "The plan promises 100" in text
    card = re.search(r"<h3>Units in time \(beta\)</h3>(.*?)</div>\s*</div>", text, re.S)
    assert card is not None
    assert next(re.sub(r"\s", " ", words) for words in re.findall(r"<dd>(.*?)</dd>", card[1])) == "100 %"
    losses = {row["source"]: row["late_unit_days"] for row in plain.frames["losses"].to_dicts()}
    assert losses == {"plan": pytest.approx(0.0), "timing": pytest.approx(0.0), "risk": pytest.approx(12.0)}


def test_charts_are_drawn_from_the_rows_of_the_tables(whole: StressResult) -> None:
    data = data_of(page.render(whole))
    assert data["tornado"]["total"] == pytest.approx(sum(bar["late_unit_days"] for bar in data["tornado"]["bars"]))
    assert data["tornado"]["bars"][0]["name"] == "Supply fails"
    promised, asked = data["chances"]
    # Six are due by 6 January and three come, the other three on the 7th: never kept.
    assert (promised["rows"][0]["name"], promised["rows"][0]["chance"]) == ("Six <b>pumps</b> (press)", 0.0)
    assert whole.frames["commitments"]["date_80"].to_list() == [datetime(2026, 1, 8)]
    assert [row["chance"] for row in asked["rows"]] == sorted(row["chance"] for row in asked["rows"])
    times = {row["name"]: row for kind in data["time_to_survive"][1:] for row in kind["rows"]}
    # Nothing is due before day 3: lost from day 0 on, s and its party survive three days. In tier 1 the road is not
    # needed, nor has A anything that it could lose.
    assert {name: row["survives_days"] for name, row in times.items()} == {
        "s": 3, "t": 10, "The mill": 3, "North": 10, "South": 10, "Road south": 10,
    }  # fmt: skip
    assert {name: row["margin_days"] for name, row in times.items() if row["recovery_days"] is not None} == {
        "s": -2, "The mill": 1, "North": 5, "Road south": 9,
    }  # fmt: skip
    assert data["time_to_survive"][0]["rows"][0]["name"] == "s (supply)"
    (option,) = data["remedies"]["bars"]
    # 12 late unit-days for 100 and 2 a day for ten days: 0.1 each, 100,000 for a million.
    assert (option["name"], option["saved_per_million"]) == ("Spare source", pytest.approx(100_000))
    assert [row["level"] for row in data["exportable"]] == [None] * 3


def test_the_map_marks_what_is_struck_and_what_recovers_too_late(whole: StressResult) -> None:
    text = page.render(whole)
    marks = re.findall(r'<g class="(arc|spot)" data-loss="(\d?)" data-verdict="(\w*)"[^>]*aria-label="([^"]*)"', text)
    found = {name.split(":")[0]: (kind, loss, verdict) for kind, loss, verdict, name in marks}
    # All that is lost is lost at A, whose supply recovers too late; no risk strikes B or the road.
    assert found == {
        "North → South": ("arc", "", "survives"),
        "North": ("spot", "4", "short"),
        "South": ("spot", "", "unknown"),
    }
    assert "site North: 12 late unit-days by 1 risk" in text
    assert "survives 3 days, recovers in 5 days: too short" in text


def test_the_workbook_has_a_sheet_for_every_table_with_names_and_units(whole: StressResult) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.render(whole)))
    assert book.sheetnames[0] == "Cover"
    assert set(book.sheetnames[1:]) == {*STRESS_TABLES, *SURVIVAL_TABLES, *REPLAN_TABLES}
    heads = {name: [cell.value for cell in book[name][5]] for name in book.sheetnames[1:]}
    assert "Saved per million (late unit-days/million EUR)" in heads["remedies"]
    assert {"Target name", "Margin days"} <= set(heads["time_to_survive"])
    assert all(cell.comment for name in heads for cell in book[name][5] if cell.value)
    cover = [cell.value for row in book["Cover"].iter_rows() for cell in row if cell.value]
    assert "What is left out" in cover and "Not asked for" not in cover


# Each takes five seconds.
WINDOWS = [("light", 1300), ("dark", 390)] if os.environ.get("COPRODUCE_ALL_SEEDS") else [("light", 1300)]
PROBE = """
setTimeout(() => {
  const found = { errors: window.problems, panels: {}, choices: 0 };
  for (const link of document.querySelectorAll('[role="tab"]')) {
    link.click();
    for (const select of document.querySelectorAll('.tab.open select')) {
      for (const option of [...select.options]) {
        select.value = option.value;
        select.dispatchEvent(new Event('change'));
        found.choices += 1;
      }
    }
    document.querySelectorAll('.tab.open [data-part="table-button"]').forEach((button) => button.click());
    for (const figure of document.querySelectorAll('.tab.open figure[data-panel]')) {
      found.panels[figure.dataset.panel] = [
        figure.querySelectorAll('[data-part="chart"] svg path').length > 0,
        figure.querySelectorAll('[data-part="table"] tbody tr').length > 0,
        figure.querySelector('[data-part="finding"]').textContent,
      ];
    }
  }
  found.view = document.querySelector('svg.exposure').dataset.view;
  found.bold = document.querySelectorAll('main b').length;
  document.title = JSON.stringify(found);
}, 400);
"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page cannot be opened")
class TestInABrowser:
    def test_every_chart_and_choice_is_drawn_without_an_error(self, tmp_path: Path, whole: StressResult) -> None:
        found, messages = open_page(probed(page.render(whole), PROBE), tmp_path)
        assert found["errors"] == [] and "CONSOLE" not in messages
        assert set(found["panels"]) == {"chances", "bands", "tornado", "survival", "remedies", "exports"}
        assert all(drawn and listed and said for drawn, listed, said in found["panels"].values()), found
        assert found["view"] == "survival"
        assert found["bold"] == 0  # names are text, never markup

    @pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed and COPRODUCE_AXE names no file")
    @pytest.mark.parametrize(("theme", "width"), WINDOWS)
    def test_no_rule_of_axe_is_broken(self, tmp_path: Path, whole: StressResult, theme: str, width: int) -> None:
        found = check(page.render(whole), tmp_path, theme, width)
        assert found["errors"] == []
        assert found["tabs"] == [key for key, _, _ in page.TABS]
        assert [one for one in found["violations"] if one[1] in ("serious", "critical")] == []
