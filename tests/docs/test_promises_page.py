"""The page on promises prints what the command prints, and its arithmetic by hand holds."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from pages import ROOT, blocks, commands, missing, run, tables

PAGE = ROOT / "docs" / "promises.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the reader has done what the page says."""
    place = tmp_path_factory.mktemp("promises")
    shutil.copytree(ROOT / "examples" / "small", place / "pumps")
    match = re.fullmatch(r"# (\S+)\n(.*)", blocks(PAGE, "text")[0], flags=re.DOTALL)
    assert match is not None
    (place / match[1]).write_text(match[2], encoding="utf-8")
    (block,) = blocks(PAGE, "console")
    for command in commands(block):
        printed = run(command, place)
        assert missing(command, printed) == [], f"$ {command.line}\n{printed}"
    return place / "test" / "tables"


def test_the_promises_are_those_of_the_page(folder: Path) -> None:
    shown = next(rows for rows in tables(PAGE) if rows[0][0] == "demand")
    found = {row["demand"]: row for row in pl.read_parquet(folder / "promises.parquet").to_dicts()}
    assert len(shown) == 3
    for demand, kept, date_80, date_90, units_80, units_90 in shown[1:]:
        row = found[demand]
        assert f"{100 * row['kept']:.1f} %" == kept
        assert [_day(row[name]) for name in ("date_80", "date_90")] == [date_80, date_90]
        assert [f"{row[name]:.0f}" for name in ("in_time_80", "in_time_90")] == [units_80, units_90]


def _day(end: datetime | None) -> str:
    """Return the last day before a moment, which the table holds as the midnight after it."""
    return "never" if end is None else f"{end - timedelta(days=1):%-d %B}"


def test_the_losses_are_those_of_the_arithmetic_by_hand(folder: Path) -> None:
    losses = {row["risk"] or row["source"]: row for row in pl.read_parquet(folder / "losses.parquet").to_dicts()}
    assert losses["plan"]["late_unit_days"] == pytest.approx(42)
    assert losses["timing"]["late_unit_days"] == pytest.approx(0, abs=1e-6)
    # 126 by the furnace alone, 28 by the storm alone, 126 by both: shares of 112 and 14 where both happen.
    furnace, storm = 0.15 * (0.7 * 126 + 0.3 * 112), 0.3 * (0.85 * 28 + 0.15 * 14)
    assert losses["furnace"]["low"] < furnace < losses["furnace"]["high"]
    assert losses["storm_sea"]["low"] < storm < losses["storm_sea"]["high"]
    assert losses["storm_road"]["late_unit_days"] == pytest.approx(0, abs=1e-9)


def test_service_and_promises_are_those_of_the_arithmetic_by_hand(folder: Path) -> None:
    promises = {row["demand"]: row for row in pl.read_parquet(folder / "promises.parquet").to_dicts()}
    assert promises["home"]["kept_low"] < 0.85 < promises["home"]["kept_high"]
    assert promises["export"]["kept"] == 0
    service = pl.read_parquet(folder / "service.parquet").filter(tier="all", measure="beta").to_dicts()[0]
    # In time: 16 of home unless the furnace stands still, else 10; 4 of export if neither happens.
    assert service["low"] < (0.85 * 16 + 0.15 * 10 + 0.85 * 0.7 * 4) / 26 < service["high"]
