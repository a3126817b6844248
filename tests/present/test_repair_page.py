"""The page of a repair says what was worked out by hand: verdicts, changes, cost and what is never delivered."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import polars as pl
import pytest

sys.path.append(str(Path(__file__).parents[1] / "plan"))
sys.path.append(str(Path(__file__).parents[1] / "results"))
from test_origin import engines
from test_origin_repair import bought_or_made_at_home, two_components
from test_report_access import AXE, check
from test_report_browser import BROWSER, open_page, probed

from coproduce import api
from coproduce.present.repairing.page import render
from coproduce.present.repairing.words import interval, verdict

PROBE = """
setTimeout(() => {
  document.querySelector('#tab-tables').click();
  const shown = [...document.querySelectorAll('#tables tbody tr')].length;
  document.title = JSON.stringify({ errors: window.problems, rows: shown });
}, 400);
"""


def text_of(page: str) -> str:
    """Return what a reader sees, on one line."""
    body = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_a_repair_is_told_with_both_verdicts_its_changes_and_its_cost() -> None:
    # Half of the ten engines from US are made at home instead: 80 EUR, see the repairs worked out by hand.
    said = text_of(render(api.repairs(bought_or_made_at_home(), threads=1)))
    assert "without changes 40.0% ✗ failed with them 20.0% ✓ met" in said
    assert "Order at most 5 pieces of engine from us" in said
    assert "supplies where supply = us: total_limit = 5" in said
    assert "Costs 80 EUR" in said
    assert "Never delivered no unit more than without the changes" in said
    assert "made at lviv engine (piece) 0 5" in said
    assert "bought shop – 0 1" in said


def test_an_offer_that_is_closed_is_told_as_one_from_which_nothing_is_ordered() -> None:
    said = text_of(render(api.repairs(two_components(), scope="configuration", threads=1)))
    assert "without changes 70.0% ✗ failed with them 30.0% ✓ met" in said
    assert "Order nothing of engine from us" in said
    assert "Costs 200 EUR" in said


def test_a_limit_that_needs_no_change_and_one_that_is_kept_only_by_not_delivering_say_so() -> None:
    assert "Changes none are needed" in text_of(render(api.repairs(engines(0.4), threads=1)))
    tables = engines(0.2)
    alone = tables["supplies"].filter(pl.col("supply") != "fr")
    page = render(api.repairs(replace(tables, frames={**tables.frames, "supplies": alone}), threads=1))
    # Without an engine from inside nothing is within a fifth: all ten products stay undelivered.
    assert "kept: only by not delivering" in text_of(page)
    assert "Never delivered 10 units more than without the changes" in text_of(page)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.0, 1e-9, "0 EUR"),
        (80.0, 80.0, "80 EUR"),
        (-7e-5, 7e-5, "less than 0.01 EUR, either way"),
        (-28.5, 0.004, "between −28.5 and 0 EUR: no more than the gap of the two plans"),
        (2.0, 5.0, "between 2 and 5 EUR"),
        (-28.5, 28.5, "between −28.5 and 28.5 EUR: no more than the gap of the two plans"),
    ],
)
def test_a_cost_is_told_as_far_as_the_bounds_know_it(low: float, high: float, said: str) -> None:
    assert interval(low, high, "EUR") == said


def test_a_verdict_is_that_of_the_limit_and_forgives_rounding_alone() -> None:
    assert [verdict(share, 0.35) for share in (0.35, 0.3500005, 0.35001, None)] == [True, True, False, None]


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page cannot be opened")
class TestInABrowser:
    def test_the_tables_are_shown(self, tmp_path: Path) -> None:
        page = render(api.repairs(bought_or_made_at_home(), threads=1))
        found = open_page(probed(page, PROBE), tmp_path)[0]
        # One limit, two stages besides tidiness, four shifts, one line.
        assert found == {"errors": [], "rows": 8}

    @pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed and COPRODUCE_AXE names no file")
    @pytest.mark.parametrize(("theme", "width"), [("light", 1300), ("dark", 390)])
    def test_no_rule_of_axe_is_broken(self, tmp_path: Path, theme: str, width: int) -> None:
        found = check(render(api.repairs(bought_or_made_at_home(), threads=1)), tmp_path, theme, width)
        assert found["errors"] == []
        assert found["tabs"] == ["repair", "tables"]
        assert [one for one in found["violations"] if one[1] in ("serious", "critical")] == []
