"""Units set aside for a contract that the stock of a plan does not hold are found."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

sys.path.append(str(Path(__file__).parents[1] / "plan"))
from programmes import tables_of
from test_origin import planned, week

from coproduce.audit import audit


def test_stock_that_was_delivered_to_others_cannot_be_set_aside_until_later() -> None:
    # 5 nuts are there and go to others in the first week; 5 more arrive in the second, for the contract.
    tables = tables_of({
        "programme": [{"name": "n", "currency": "EUR", "start": week(0), "buckets": "3 weeks"}],
        "sites": [{"site": "lviv"}],
        "items": [{"item": "nut", "unit": "piece", "component_cost": 1.0}],
        "parties": [{"party": "p"}],
        "contracts": [{"contract": "c", "buyers": "p"}],
        "stocks": [{"item": "nut", "site": "lviv", "opening": 5.0, "origin": "FR"}],
        "receipts": [{"receipt": "r", "item": "nut", "site": "lviv", "quantity": 5.0, "date": week(8), "origin": "FR"}],
        "demands": [{"demand": "now", "item": "nut", "site": "lviv", "quantity": 5.0, "due": week(3)},
                    {"demand": "then", "item": "nut", "site": "lviv", "quantity": 5.0, "due": week(10),
                     "contract": "c"}],
        "origin_limits": [{"limit": "o", "contract": "c", "instrument": "SAFE", "share": 0.1}],
    })  # fmt: skip
    frames = dict(planned(tables).frames)
    aside = frames["earmarks"]
    assert aside.select("kind", "name", "bucket", "quantity").rows() == [("receipt", "r", 1, 5.0)]
    early = aside.with_columns(kind=pl.lit("opening").cast(aside.schema["kind"]), name=pl.lit(None, pl.String),
                               bucket=pl.lit(0, pl.Int64))  # fmt: skip
    report = audit(tables, frames | {"earmarks": early})
    assert [check.code for check in report.checks if not check.passed] == ["A994"]
