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
from urllib.parse import quote

import pytest
from report_programme import make_result

from coproduce.present.report.embed import policy_hash
from coproduce.present.report.write import render

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page cannot be opened")

# Opens every tab, every table of a chart and every last choice, then writes down what it saw.
PROBE = """
setTimeout(() => {
const found = { errors: window.problems, tabs: [] };
found.early = document.querySelectorAll('figure[data-panel] svg').length;
const links = [...document.querySelectorAll('[role="tab"]')];
for (const link of links) {
  link.click();
  const open = [...document.querySelectorAll('[role="tabpanel"]')].filter((one) => one.offsetParent);
  found.tabs.push([link.hash.slice(1), location.hash.slice(1), open.map((one) => one.id)]);
  open[0].querySelectorAll('[data-part="table-button"]').forEach((button) => button.click());
  open[0].querySelectorAll('figure[data-panel] select').forEach((select) => {
    select.value = select.options[select.options.length - 1].value;
    select.dispatchEvent(new Event('change'));
  });
}
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
}, 500);
"""
TABS = ["overview", "deliveries", "map", "capacity", "bottlenecks", "late", "stock", "evidence", "costs", "proof"]
RAN = "window.problems.push('ran')"
LISTEN = "window.problems = []; addEventListener('error', (event) => window.problems.push(event.message));"


def open_page(
    text: str, folder: Path, *, width: int = 1300, address: str = "", seconds: int = 4
) -> tuple[dict[str, Any], str]:
    """Return what the page's title says as JSON, and the browser's messages."""
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--dump-dom",
        f"--virtual-time-budget={seconds * 1000}",
    )
    done = subprocess.run(
        [
            str(BROWSER),
            *options,
            f"--window-size={width},9000",
            f"--user-data-dir={folder / 'profile'}",
            path.as_uri() + address,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "HOME": str(folder)},
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.S)
    assert title is not None
    return json.loads(html.unescape(title[1])), done.stderr


def probed(text: str, probe: str = PROBE) -> str:
    """Add a probe to a page, admitted by its policy like the page's own scripts."""
    admitted = text.replace("script-src ", f"script-src {policy_hash(LISTEN)} {policy_hash(probe)} ", 1)
    listening = admitted.replace("<title>", f"<script>{LISTEN}</script><title>", 1)
    return listening.replace("</body>", f"<script>{probe}</script></body>")


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
    assert found["early"] == 0  # charts wait until their tab is opened
    assert found["tabs"] == [[name, name, [name]] for name in TABS]
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


KEYS = """
setTimeout(() => {
const list = document.querySelector('[role="tablist"]');
const found = { errors: window.problems, steps: [] };
const now = () => [document.activeElement.id, location.hash, list.querySelector('[aria-selected="true"]').id,
  [...list.children].filter((one) => one.tabIndex === 0).length];
list.querySelector('[tabindex="0"]').focus();
found.steps.push(now());
for (const key of ['ArrowDown', 'ArrowRight', 'End', 'ArrowDown', 'ArrowUp', 'Home', 'ArrowLeft']) {
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  found.steps.push([key, ...now()]);
}
document.title = JSON.stringify(found);
}, 500);
"""


def test_tabs_are_moved_through_by_keys_with_one_stop_in_the_order_of_focus(tmp_path: Path) -> None:
    found, _ = open_page(probed(render(make_result()), KEYS), tmp_path, address="#map")
    assert found["errors"] == []

    def at(name: str) -> list[Any]:
        return [f"tab-{name}", f"#{name}", f"tab-{name}", 1]

    assert found["steps"] == [
        at("map"),
        ["ArrowDown", *at("capacity")],
        ["ArrowRight", *at("bottlenecks")],
        ["End", *at("proof")],
        ["ArrowDown", *at("overview")],
        ["ArrowUp", *at("proof")],
        ["Home", *at("overview")],
        ["ArrowLeft", *at("proof")],
    ]


DEEP = """
setTimeout(() => {
const row = document.querySelector('[data-sheet="late"] tr.detail');
document.title = JSON.stringify({
  open: document.querySelector('.tab.open').id,
  demand: row?.previousElementSibling.dataset.key,
  reasons: [...(row?.querySelectorAll('li') || [])].map((one) => one.textContent),
  focus: document.activeElement.textContent,
});
}, 500);
"""


def test_an_address_opens_the_reasons_of_its_demand(tmp_path: Path) -> None:
    result = make_result()
    first = result.frames["reasons"].row(0, named=True)
    names = dict(result.tables["demands"].select("demand", "name").iter_rows())
    key = f"{first['demand']} – {names[first['demand']]}"
    found, _ = open_page(probed(render(result), DEEP), tmp_path, address=f"#late/{quote(key)}")
    assert found["open"] == "late"
    assert found["demand"] == found["focus"] == key
    assert len(found["reasons"]) == 2
    assert found["reasons"][0].startswith(
        "Capacity of Test track slots at Wrocław assembly, 1 Jan 2027 to 28 Feb 2027. Lifting it alone would save "
    )
    assert found["reasons"][0].endswith("programme.xlsx › resources!G4 (capacity)")


PICTURES = """
setTimeout(async () => {
const found = { errors: window.problems, pictures: [] };
const create = URL.createObjectURL;
const blobs = [];
URL.createObjectURL = (blob) => { blobs.push(blob); return create.call(URL, blob); };
HTMLAnchorElement.prototype.click = new Proxy(HTMLAnchorElement.prototype.click, { apply: (run, link, rest) =>
  (link.download ? found.pictures.push(link.download) : Reflect.apply(run, link, rest)) });
for (const link of document.querySelectorAll('[role="tab"]')) {
  link.click();
  document.querySelectorAll('.tab.open [data-part="svg-button"]').forEach((button) => button.click());
}
found.texts = await Promise.all(blobs.map((blob) => blob.text()));
found.texts = found.texts.map((text) => {
  const picture = new DOMParser().parseFromString(text, 'image/svg+xml');
  return [picture.querySelectorAll('parsererror').length, picture.querySelectorAll('path').length,
    picture.querySelector('text').textContent];
});
document.querySelector('#map [data-part="png-button"]').click();
// The clock of the test runs ahead of the encoder, so that only work, not time, waits for it.
for (let round = 0; round < 300 && blobs.at(-1).type !== 'image/png'; round += 1) {
  for (let work = 0; work < 2e6; work += 1) Math.sqrt(work);
  await new Promise((done) => setTimeout(done, 20));
}
found.png = [blobs.at(-1).type, blobs.at(-1).size > 10000];
document.title = JSON.stringify(found);
}, 300);
"""


def test_every_chart_and_the_map_can_be_downloaded_as_a_picture_with_its_subject(tmp_path: Path) -> None:
    found, messages = open_page(probed(render(make_result()), PICTURES), tmp_path, seconds=20)
    assert found["errors"] == []
    assert "CONSOLE" not in messages, messages
    svg = [name for name in found["pictures"] if name.endswith(".svg")]
    assert len(svg) == 9
    for errors, paths, subject in found["texts"]:
        assert errors == 0
        assert paths > 0
        assert subject
    assert found["png"] == ["image/png", True]
    assert found["pictures"][-1] == "regional-trainset-programme-map.png"


PRINT = """
setTimeout(() => {
dispatchEvent(new Event('beforeprint'));
document.title = JSON.stringify({
  errors: window.problems,
  charts: [...document.querySelectorAll('figure[data-panel]')].filter((one) => one.querySelector('svg path')).length,
  reasons: document.querySelectorAll('[data-sheet="late"] tr.detail').length,
  late: document.querySelectorAll('[data-sheet="late"] tbody tr[data-key]').length,
});
}, 300);
"""


def test_paper_shows_the_charts_and_reasons_of_tabs_that_were_never_opened(tmp_path: Path) -> None:
    found, _ = open_page(probed(render(make_result()), PRINT), tmp_path)
    assert found["errors"] == []
    assert found["charts"] == 8
    assert found["late"] >= found["reasons"] == min(found["late"], 10) > 4  # the first ten stand open on paper


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
