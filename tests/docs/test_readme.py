"""The ten lines of the README make a plan."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pages import ROOT, blocks


def test_the_ten_lines_of_the_readme_make_a_plan(tmp_path: Path) -> None:
    (script,) = blocks(ROOT / "README.md", "sh")
    assert len(script.strip().splitlines()) == 10
    command = f'coproduce() {{ "{sys.executable}" -m coproduce.present.cli "$@"; }}\nset -e\n{script}'
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((tmp_path / "first_plan" / "summary.json").read_text())
    assert summary["audit"] == "passed"
    # 60 pieces a month are ordered from January on; a month of supply and ten days of road bring the first in February.
    assert (summary["demands"], summary["asked"], summary["delivered"]) == (2, 200, 200)
