"""`coproduce stress` with survival, remedies and exports, on a programme of ten days that is solved by hand.

Two pieces a day are due from day 3 to day 9, one for export on day 9, and s can send three a day. It fails for certain
on days 3 and 4. The option `second` opens a source that stands in for it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from command_line import Command

from coproduce.tables import STRESS_TABLES, SURVIVAL_TABLES

Rows = list[dict[str, object]]
FEW = ("--replications", "20", "--taken-apart", "0", "--seed", "1")
ALL = ("--survival", "--survival-date", "2026-01-01", "--remedies", "--exportable")


def _supply(name: str, limit: int, **more: object) -> dict[str, object]:
    return {"supply": name, "item": "x", "site": "A", "limit": limit, "limit_per": "day", **more}


def _demand(name: str, quantity: int, number: int, **more: object) -> dict[str, object]:
    return {"demand": name, "item": "x", "site": "A", "quantity": quantity, "due": f"2026-01-{number + 1:02}", **more}


TABLES: dict[str, Rows] = {
    "programme": [{"name": "Ten days", "currency": "EUR", "start": "2026-01-01", "buckets": "10 days"}],
    "sites": [{"site": "A"}],
    "parties": [{"party": "mill", "recovery_days": 2}],
    "items": [{"item": "x", "unit": "piece"}],
    "stocks": [{"item": "x", "site": "A", "holding_cost": 365}],
    "supplies": [
        _supply("s", 3, price=1, party="mill", recovery_days=5),
        _supply("t", 9, price=5, option="second", fallback_rank=1),
    ],
    "demands": [
        *(_demand(f"home_{number}", 2, number, kind="domestic") for number in range(3, 10)),
        _demand("abroad", 1, 9, kind="export", priority=2),
    ],
    "options": [{"option": "second", "kind": "source", "cost": 100, "running_cost": 2}],
    "risks": [
        {"risk": "failure", "kind": "supplier_failure", "target_table": "supplies", "target": "s",
         "date": "2026-01-04", "duration_days": 2},
    ],
}  # fmt: skip


def _written(folder: Path, tables: dict[str, Rows]) -> Path:
    folder.mkdir()
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)))
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    return _written(tmp_path / "programme", TABLES)


def _rows(out: Path, table: str) -> list[dict[str, Any]]:
    return pl.read_parquet(out / "tables" / f"{table}.parquet").to_dicts()


def test_the_answers_asked_for_are_written_and_said(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = coproduce("stress", programme, "--out", out, *FEW, *ALL)
    assert said.code == 0, said.err
    survival = {row["target"]: row for row in _rows(out, "time_to_survive")}
    # Nothing is due before day 3, and three a day are enough from then on: lost for days 0 to 2, nothing is late;
    # for a day more, two are. The supply recovers in 5 days, its party in 2. The site has neither a resource nor a
    # process that it could lose, so that it survives all ten days.
    assert {name: row["survives_days"] for name, row in survival.items() if name != "t"} == {"A": 10, "s": 3, "mill": 3}
    assert (survival["s"]["verdict"], survival["mill"]["verdict"], survival["A"]["verdict"]) == (
        "short", "survives", "unknown",
    )  # fmt: skip
    (single,) = _rows(out, "single_sources")
    assert (single["quantity"], single["target"], single["survives_days"]) == (pytest.approx(15.0), "mill", 3)
    # Owed at the ends of days 3 to 7: 2, 4, 3, 2, 1. The option costs 100 and 2 a day for ten days.
    (remedy,) = _rows(out, "remedies")
    assert (remedy["saved"], remedy["investment"]) == (pytest.approx(12.0), pytest.approx(120.0))
    assert remedy["replications"] == 20
    # The failure is certain, so that demand at home is never kept, whatever is exported.
    assert [row["level"] for row in _rows(out, "exportable")] == [None] * 3
    for words in ("1 shorter than the recovery", "s (supplies)", "second", "not even without exports"):
        assert words in said.out
    figures = json.loads((out / "stress.json").read_text(encoding="utf-8"))
    assert [row["target"] for row in figures["time_to_survive"]] == [*survival]
    assert figures["remedies"][0]["option"] == "second" and len(figures["exportable"]) == 3


def test_nothing_of_it_is_there_unless_it_is_asked_for(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    coproduce("stress", programme, "--out", out, *FEW, "--remedies")
    assert {path.stem for path in (out / "tables").iterdir()} == {*STRESS_TABLES, "remedies"}
    assert coproduce("stress", programme, "--out", out, *FEW).code == 0
    assert {path.stem for path in (out / "tables").iterdir()} == {*STRESS_TABLES}


def test_a_run_stopped_in_them_and_resumed_with_more_workers_gives_the_same(
    coproduce: Command, programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert coproduce("stress", programme, "--out", whole, *FEW, *ALL, "--workers", "1").code == 0
    with monkeypatch.context() as patch:
        patch.setattr("coproduce.present.stress.command.with_further", _stopped)
        assert coproduce("stress", programme, "--out", out, *FEW, *ALL).code == 130
    assert coproduce("stress", programme, "--out", out, *FEW, *ALL, "--workers", "2", "--resume").code == 0
    names = ["stress.json", *(f"tables/{name}.csv" for name in SURVIVAL_TABLES)]
    assert [name for name in names if (out / name).read_bytes() != (whole / name).read_bytes()] == []


def _stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--survival", "--survival-date", "2026-01-11"), "2026-01-11 is not between 2026-01-01 and 2026-01-11"),
        (("--survival-date", "2026-01-02"), "times to survive are not asked for"),
        (("--remedies", "--policy", "base-stock"), "they are not found with base-stock"),
    ],
)
def test_what_cannot_be_answered_is_refused_before_the_run_begins(
    coproduce: Command, programme: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    said = coproduce("stress", programme, "--out", tmp_path / "out", *FEW, *options)
    assert said.code == 2
    assert words in " ".join(said.err.split())
    assert not (tmp_path / "out").exists()


def test_exports_are_not_searched_where_nothing_is_exported(coproduce: Command, tmp_path: Path) -> None:
    home = _written(tmp_path / "home", {**TABLES, "demands": TABLES["demands"][:-1]})
    said = coproduce("stress", home, "--out", tmp_path / "out", *FEW, "--exportable")
    assert said.code == 2 and "demands of kind export" in said.err
    assert not (tmp_path / "out").exists()


def test_a_drill_is_a_risk_that_remedies_are_valued_against(coproduce: Command, tmp_path: Path) -> None:
    safe = _written(tmp_path / "safe", {name: rows for name, rows in TABLES.items() if name != "risks"})
    drill = tmp_path / "gone.csv"
    drill.write_text(
        "risk,kind,target_table,target,date,duration_days\ngone,supplier_failure,supplies,s,2026-01-04,2\n",
        encoding="utf-8",
    )
    said = coproduce("stress", safe, "--drill", drill, "--out", tmp_path / "out", *FEW, "--remedies")
    assert said.code == 0, said.err
    # The same failure as the risk of the programme: 12 late unit-days.
    assert _rows(tmp_path / "out", "remedies")[0]["saved"] == pytest.approx(12.0)


def test_re_planning_is_written_and_said(coproduce: Command, programme: Path, tmp_path: Path) -> None:
    (programme / "options.csv").unlink()
    supplies = (programme / "supplies.csv").read_text(encoding="utf-8").replace(",second,", ",,")
    (programme / "supplies.csv").write_text(supplies, encoding="utf-8")
    out = tmp_path / "out"
    said = coproduce("stress", programme, "--out", out, *FEW, "--replan", "2", "--replan-every", "5")
    assert said.code == 0, said.err
    assert "What following the plan misses (2 replications)" in said.out + said.err
    assert json.loads((out / "stress.json").read_text(encoding="utf-8"))["recourse"] == _rows(out, "recourse")
    assert {row["replication"] for row in _rows(out, "replanned")} == {0, 1}
    refused = coproduce("stress", programme, "--out", tmp_path / "other", *FEW, "--replan", "21")
    assert refused.code == 2 and "carries out 21 replications again" in refused.err
