"""The page against the rules of axe-core: every tab, light and dark, on paper-wide and phone-wide windows.

axe-core comes with the development package axe-core-python, or from the file that the environment variable
COPRODUCE_AXE names (for instance `axe.min.js` of a newer version).
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from report_programme import make_result
from test_report_browser import BROWSER, TABS, open_page, probed

from coproduce.present.report.embed import policy_hash
from coproduce.present.report.write import render


def axe_file() -> Path | None:
    """Return the file of axe-core, if there is one."""
    if named := os.environ.get("COPRODUCE_AXE"):
        return Path(named)
    package = find_spec("axe_core_python")
    return Path(package.origin).parent / "axe.min.js" if package and package.origin else None


AXE = axe_file()
pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page cannot be opened"),
    pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed and COPRODUCE_AXE names no file"),
]

CHECK = """
setTimeout(async () => {
document.documentElement.dataset.theme = 'THEME';
const found = { errors: window.problems, tabs: [], violations: [] };
for (const link of [...document.querySelectorAll('[role="tab"]')]) {
  link.click();
  document.querySelectorAll('.tab.open details').forEach((one) => { one.open = true; });
  const closed = document.querySelectorAll('.tab.open [data-part="table-button"], .tab.open .fold');
  [...closed].slice(0, 8).forEach((button) => button.click());
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  found.tabs.push(link.hash.slice(1));
  for (const one of violations) {
    const where = one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
    found.violations.push([link.hash, one.impact, one.id, where]);
  }
}
document.title = JSON.stringify(found);
}, 300);
"""


def check(text: str, folder: Path, theme: str, width: int) -> dict[str, Any]:
    """Return what axe-core finds on every tab."""
    assert AXE is not None
    rules = AXE.read_text(encoding="utf-8")
    admitted = text.replace("script-src ", f"script-src {policy_hash(rules)} ", 1)
    loaded = admitted.replace("</body>", f"<script>{rules}</script></body>")
    return open_page(probed(loaded, CHECK.replace("THEME", theme)), folder, width=width, seconds=60)[0]


@pytest.mark.parametrize(("theme", "width"), [("light", 1300), ("dark", 1300), ("light", 390)])
def test_no_rule_of_axe_is_broken_on_any_tab(tmp_path: Path, theme: str, width: int) -> None:
    found = check(render(make_result(months=12, orders=12)), tmp_path, theme, width)
    assert found["errors"] == []
    assert found["tabs"] == TABS
    assert [one for one in found["violations"] if one[1] in ("serious", "critical")] == []
