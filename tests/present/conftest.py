"""Runs the command in an empty folder; lets these tests use the small programmes of contracts and money."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command_line import Command, Said

from coproduce.present.cli import main

for folder in ("plan", "eligibility", "finance"):
    sys.path.append(str(Path(__file__).parents[1] / folder))


@pytest.fixture
def coproduce(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Return a function that runs the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COPRODUCE_DEBUG", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["coproduce", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        said = Said(int(ended.value.code or 0), printed.out, printed.err)
        assert "Traceback" not in said.out + said.err
        return said

    return run
