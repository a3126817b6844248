"""The commands and the code of the README and of the first steps run as they are written."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coproduce import api

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
START = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def test_the_ten_lines_of_the_readme_make_a_plan(tmp_path):
    (script,) = blocks(README, "sh")
    assert len(script.strip().splitlines()) == 10
    command = f'coproduce() {{ "{sys.executable}" -m coproduce.present.cli "$@"; }}\nset -e\n{script}'
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((tmp_path / "first_plan" / "summary.json").read_text())
    assert summary["audit"] == "passed"
    # 60 pieces a month are ordered from January on; a month of supply and ten days of road bring the first in February.
    assert (summary["demands"], summary["asked"], summary["delivered"]) == (2, 200, 200)


@pytest.mark.parametrize("text", [README, START], ids=["README", "first steps"])
def test_the_python_of_the_pages_runs(text, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    (code,) = blocks(text, "python")
    exec(compile(code, "page", "exec"), {})
    assert capsys.readouterr().out


def test_the_folder_of_the_first_steps_makes_a_plan(tmp_path):
    (page,) = blocks(START, "text")
    for name, content in files_of(page).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    tables, warnings = api.load(tmp_path)
    assert warnings == ()
    # 100 a month, ordered in January and February, arrive in time for 30 April but for what is still on its way.
    assert api.plan(tables).summary["delivered"] == pytest.approx(250)


def files_of(page: str) -> dict[str, str]:
    """Read files set side by side: a name opens a column, the lines below and beside it are its content."""
    found: dict[str, list[str]] = {}
    columns: dict[int, str] = {}
    for line in page.splitlines():
        if not line.strip():
            columns = {}
        for match in re.finditer(r"(\w+\.(?:csv|yaml)) +(\S+(?: \S+)*)", line):
            columns = {start: name for start, name in columns.items() if start < match.start(1)}
            columns[match.start(2)] = match.group(1)
        for start, name in columns.items():
            cell = re.match(r"\S+(?: \S+)*", line[start:])
            if cell:
                found.setdefault(name, []).append(cell.group())
    return {name: "\n".join(lines) + "\n" for name, lines in found.items()}
