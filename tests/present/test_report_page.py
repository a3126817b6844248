import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report_programme import make_result

from coproduce.present.report import write_report
from coproduce.present.report.embed import json_text, script_text
from coproduce.present.report.sheet import first
from coproduce.present.report.write import render

HOSTILE = ' </script><script>alert("x")</script> \'"<img src=x onerror=alert(1)>&\u2028\u2029 {{ 7 * 7 }} =1+1'
LIMIT = 5_000_000


class Page(HTMLParser):
    """Collects elements with their attributes, and the texts of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, _tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.scripts[-1] += data
        elif self._in != "style":
            self.text += data

    def data(self) -> Any:
        place = [tag for tag, _ in self.elements if tag == "script"]
        numbers = [
            n for n, (tag, attrs) in enumerate(self.elements) if tag == "script" and attrs.get("id") == "plan-data"
        ]
        assert len(numbers) == 1
        before = sum(tag == "script" for tag, _ in self.elements[: numbers[0]])
        assert before < len(place)
        return json.loads(self.scripts[before])


@pytest.fixture(scope="module")
def text() -> str:
    return render(make_result())


def test_the_page_loads_nothing_from_anywhere(text: str) -> None:
    page = Page(text)
    for tag, attrs in page.elements:
        assert tag not in ("link", "iframe", "object", "embed", "base", "img"), tag
        assert "src" not in attrs, tag
        target = attrs.get("href") or ""
        assert tag != "a" or target.startswith("#"), target
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style is not None
    assert "@import" not in style[1]
    assert "url(" not in style[1]


def test_the_policy_of_the_page_forbids_connections_and_foreign_scripts(text: str) -> None:
    policies = [
        attrs["content"] for tag, attrs in Page(text).elements if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    policy = policies[0]
    assert policy is not None
    assert "default-src 'none'" in policy
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts is not None
    assert "unsafe" not in scripts[1]
    assert scripts[1].count("sha256-") == 3


def test_a_source_is_a_plain_link_that_hands_nothing_to_its_opener() -> None:
    table = (Path(__file__).parents[2] / "src/coproduce/present/report/assets/table.js").read_text(encoding="utf-8")
    assert "rel: 'noopener noreferrer'" in table
    assert "/^https?:" in table  # a javascript: address stays text


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"months": 1, "orders": 3},
        {"months": 60, "orders": 600},
        {"demands": False, "evidence": False, "coordinates": False},
    ],
    ids=["36 months", "one bucket", "60 buckets and 600 demands", "no demands, evidence or positions"],
)
def test_a_report_of_any_programme_is_complete_and_small(tmp_path: Path, arguments: dict[str, Any]) -> None:
    write_report(make_result(**arguments), tmp_path / "report.html")
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(written.encode()) < LIMIT
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    data = Page(written).data()
    assert len(data["time"]["labels"]) == arguments.get("months", 36)
    assert "NaN" not in json.dumps(data)


def test_hostile_names_stay_text(text: str) -> None:
    harmless, hostile = Page(text), Page(render(make_result(hostile=HOSTILE)))

    def kinds(page: Page) -> list[str]:
        return [tag for tag, _ in page.elements]

    assert kinds(hostile) == kinds(harmless)
    assert not any(name.startswith("on") for _, attrs in hostile.elements for name in attrs)
    assert "{{ 7 * 7 }}" in hostile.text
    names = [item["name"] for item in hostile.data()["deliveries"]["items"]]
    assert "Regional trainset" + HOSTILE in names


def test_embedded_data_cannot_end_its_element_and_survives_unchanged() -> None:
    hard = {"a": "</script><!--<script>\u2028\u2029&'\"", "b": [1, 2.5, None]}
    embedded = json_text(hard)
    assert not re.search(r"[<>&\u2028\u2029]", embedded)
    assert json.loads(embedded) == hard
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": float("nan")})
    with pytest.raises(ValueError, match="ends its own element"):
        script_text("let a = '</script>'")


def test_every_chart_has_a_subject_a_unit_a_table_and_a_download(text: str) -> None:
    figures = re.findall(r'<figure class="panel".*?</figure>', text, re.S)
    assert len(figures) == 9  # eight charts and the map
    for figure in figures:
        assert 'class="subject"' in figure
        for part in ("unit", "table-button", "csv-button", "png-button", "svg-button", "table"):
            assert f'data-part="{part}"' in figure, figure[:80]


def test_the_first_rows_of_every_table_can_be_read_without_scripts(text: str) -> None:
    body = text[: text.index('<script type="application/json"')]
    sheets = dict(re.findall(r'data-sheet="(\w+)">(.*?)</div>', body, re.S))
    data = Page(text).data()["sheets"]
    assert {"demands", "late", "reasons", "binding", "costs", "evidence", "stages", "warnings"} <= set(sheets)
    for name, html in sheets.items():
        assert html.count("<tr>") == min(data[name]["rows"], 25) + 1, name
    assert "The first 25 of 60 rows; the others need JavaScript." in body
    # Only a script hides the parts that are not open.
    assert ".tabbed .tab:not(.open) { display: none; }" in text
    assert 'class="tabbed' not in text


def test_a_table_that_is_cut_off_names_the_file_that_has_all_rows() -> None:
    kept, note = first(list(range(7)), 5, "late demands", "demand_service")
    assert kept == [0, 1, 2, 3, 4]
    assert note == "The first 5 of 7 late demands; all are in tables/demand_service.csv."


def test_the_first_screen_names_programme_promise_limits_proof_and_evidence(text: str) -> None:
    summary = text[text.index('<section id="overview"') : text.index('<section id="deliveries"')]
    for words in (
        "Regional trainset programme",
        "1 Jan 2027 to 31 Dec 2029",
        "Audit passed",
        "Proven gap 0.0043",
        "Test track slots",
        "What is late",
        "46\u00a0% have no evidence",
    ):
        assert words in summary, words


def test_a_failed_audit_is_never_shown_as_passed() -> None:
    result = make_result()
    failed = type(result)(result.tables, result.frames, {**result.summary, "audit": ["balance of drive at lyon"]}, ())
    page = render(failed)
    assert "Audit failed: balance of drive at lyon" in page
    assert "Audit passed" not in page


def test_totals_in_the_embedded_tables_are_the_sums_of_their_rows(text: str) -> None:
    data = Page(text).data()
    result = make_result()
    amounts = data["sheets"]["costs"]["columns"][2]
    assert sum(amounts) == pytest.approx(result.summary["cost"], abs=1e-4 * len(amounts))
    assert sum(data["costs"]["values"]) == pytest.approx(
        result.summary["cost"], abs=0.01 * len(data["costs"]["values"])
    )
    titles = [one["title"] for one in data["sheets"]["demands"]["fields"]]
    asked = data["sheets"]["demands"]["columns"][titles.index("Asked")]
    assert sum(asked) == pytest.approx(result.summary["asked"])


def test_a_report_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    (tmp_path / "report.html" / "kept").touch()
    with pytest.raises(OSError, match=r"report\.html"):
        write_report(make_result(months=1, orders=1), tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_plan_that_was_stopped_by_time_says_so_on_the_first_screen(text: str) -> None:
    result = make_result()
    stopped = type(result)(result.tables, result.frames, {**result.summary, "status": "time_limit", "gap": None}, ())
    assert "Stopped by the time limit" in render(stopped)
    assert "Proven gap not proven" not in render(stopped)
    assert "Stopped by the time limit" not in text
