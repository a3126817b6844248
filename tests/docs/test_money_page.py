"""The example of the page on money prints what the page shows."""

from __future__ import annotations

import pytest
from pages import ROOT, blocks

PAGE = ROOT / "docs" / "money.md"


def test_the_example_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for code, printed in zip(blocks(PAGE, "python"), blocks(PAGE, "text"), strict=True):
        exec(compile(code, PAGE.name, "exec"), names)
        assert capsys.readouterr().out == printed
