"""The page in a real browser: no errors, every chart drawn, tables and downloads as they should be."""

import html
import json
import os
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from report_programme import make_result

from coproduce.present.report.embed import policy_hash
from coproduce.present.report.write import render

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page cannot be opened")

# The charts are drawn one after another, so the probe waits.
PROBE = """
setTimeout(() => {
const found = { errors: window.problems };
document.querySelectorAll('[data-part="table-button"]').forEach((button) => button.click());
document.querySelectorAll('figure[data-panel] select').forEach((select) => {
  select.value = select.options[select.options.length - 1].value;
  select.dispatchEvent(new Event('change'));
});
document.getElementById('theme').click();
found.ready = document.documentElement.dataset.ready;
found.panels = [...document.querySelectorAll('figure[data-panel]')].map((figure) => ({
  name: figure.dataset.panel,
  drawn: figure.querySelectorAll('[data-part="chart"] svg path').length,
  finding: figure.querySelector('[data-part="finding"]').textContent,
  unit: figure.querySelector('[data-part="unit"]').textContent,
  rows: figure.querySelectorAll('[data-part="table"] tbody tr').length,
}));
found.sheets = [...document.querySelectorAll('[data-sheet]')]
  .map((host) => [host.dataset.sheet, host.querySelectorAll('tbody tr').length]);
found.total = document.querySelector('[data-sheet="costs"] tfoot td.number')?.textContent;
found.injected = document.querySelectorAll('img').length;
document.title = JSON.stringify(found);
}, 1500);
"""
RAN = "window.problems.push('ran')"
LISTEN = "window.problems = []; addEventListener('error', (event) => window.problems.push(event.message));"


def open_page(text: str, folder: Path, *, width: int = 1300) -> tuple[dict[str, Any], str]:
    """Return what the page's title says as JSON, and the browser's messages."""
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--dump-dom",
        "--virtual-time-budget=4000",
    )
    done = subprocess.run(
        [str(BROWSER), *options, f"--window-size={width},9000", f"--user-data-dir={folder / 'profile'}", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "HOME": str(folder)},
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.S)
    assert title is not None
    return json.loads(html.unescape(title[1])), done.stderr


def probed(text: str) -> str:
    """Add the probe to a page, admitted by its policy like the page's own scripts."""
    admitted = text.replace("script-src ", f"script-src {policy_hash(LISTEN)} {policy_hash(PROBE)} ", 1)
    listening = admitted.replace("<title>", f"<script>{LISTEN}</script><title>", 1)
    return listening.replace("</body>", f"<script>{PROBE}</script></body>")


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"months": 1, "orders": 3},
        {"demands": False, "evidence": False, "coordinates": False},
        {"hostile": f'</script><script>{RAN}</script><img src=x onerror="{RAN}">'},
    ],
    ids=["36 months", "one bucket", "nothing asked for", "hostile names"],
)
def test_every_chart_is_drawn_without_an_error(tmp_path: Path, arguments: dict[str, Any]) -> None:
    found, messages = open_page(probed(render(make_result(**arguments))), tmp_path)
    assert found["errors"] == []
    assert "CONSOLE" not in messages, messages
    assert found["ready"] == "true"
    assert found["injected"] == 0
    assert len(found["panels"]) == (6 if arguments.get("demands") is False else 8)
    for panel in found["panels"]:
        assert panel["drawn"] > 0, panel
        assert panel["rows"] > 0, panel
        assert panel["finding"], panel
        assert panel["unit"], panel


def test_the_total_shown_is_the_sum_of_the_rows(tmp_path: Path) -> None:
    result = make_result()
    found, _ = open_page(probed(render(result)), tmp_path)
    assert found["total"] == f"{result.summary['cost']:,.0f}"
    assert dict(found["sheets"])["demands"] == 25  # a page of the 60


def test_a_page_on_a_phone_has_no_errors(tmp_path: Path) -> None:
    found, messages = open_page(probed(render(make_result())), tmp_path, width=400)
    assert found["errors"] == []
    assert "CONSOLE" not in messages, messages


def run_script(assets: tuple[str, ...], script: str, folder: Path) -> Any:
    """Run one of the page's scripts by itself; `answer` is what it finds."""
    sources = "\n".join(
        (files("coproduce.present.report") / "assets" / f"{name}.js").read_text("utf-8") for name in assets
    )
    page = f"<!DOCTYPE html><meta charset=utf-8><title>[]</title><script>{sources}\nconst answer = {script};\n"
    return open_page(page + "document.title = JSON.stringify(answer);</script>", folder)[0]


def test_text_in_a_download_is_never_a_formula(tmp_path: Path) -> None:
    fields = "[{title: 'Name', unit: ''}, {title: 'Amount', kind: 'number', unit: 'EUR'}]"
    rows = json.dumps(
        [["=1+1", -2.5], ["+49", 0], ["-x", None], ["@a", 1], ["\tb", 2], ['say "no", twice', 1e6], [" c", 3]]
    )
    lines = run_script(("format", "csv"), f"csvText({fields}, {rows}).split('\\r\\n')", tmp_path)
    # RFC 4180 quoting; text that a spreadsheet would run begins with an apostrophe, numbers stay numbers.
    assert lines == [
        "Name,Amount (EUR)",
        "'=1+1,-2.5",
        "'+49,0",
        "'-x,",
        "'@a,1",
        "'\tb,2",
        '"say ""no"", twice",1000000',
        '" c",3',
        "",
    ]


def test_numbers_on_the_page_have_separators_and_small_ones_are_not_shown_as_zero(tmp_path: Path) -> None:
    numbers = "formatNumber(1234567.4, 0), formatNumber(-2.5), formatNumber(0.0004, 2), formatNumber(1e-9, 2)"
    script = f"[{numbers}, formatShare(0.00004), formatDate('2027-03-01 06:00')]"
    assert run_script(("format",), script, tmp_path) == [
        "1,234,567",
        "−2.5",
        "<0.01",
        "0",
        "0.0040 %",
        "1 Mar 2027 06:00",
    ]
