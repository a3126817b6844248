"""The example of the page on plan stability prints what the page shows."""

from __future__ import annotations

import pytest
from pages import ROOT, blocks

PAGE = ROOT / "docs" / "stability.md"


def test_the_example_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    (code,), (printed,) = blocks(PAGE, "python"), blocks(PAGE, "text")
    exec(compile(code, PAGE.name, "exec"), {})
    assert capsys.readouterr().out == printed
