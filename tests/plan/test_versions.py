"""Versions by hand: run-out against write-off, chains, dates, what is obsolete, and the tables that show it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from programmes import tables_of

from coproduce import api
from coproduce.results.result import PlanResult

START = datetime(2026, 1, 5)
Row = dict[str, Any]


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def version(item: str, of: str | None = None, since: float | None = None, **more: Any) -> Row:
    """Return an item that stands in for another one from a day on."""
    begins = None if since is None else day(since)
    return {
        "item": item,
        "unit": "piece",
        "replaces": of,
        "stands_in": of is not None,
        "stands_in_from": begins,
        **more,
    }


def weekly(quantity: float = 4.0, weeks: int = 4) -> list[Row]:
    """Return a demand for A in each week, not to be met before it."""
    return [
        {
            "demand": f"d{t}",
            "item": "A",
            "site": "a",
            "quantity": quantity,
            "due": day(7 * t + 6),
            "earliest": day(7 * t),
        }
        for t in range(weeks)
    ]


def planned(*items: Row, **rows: list[Row]) -> PlanResult:
    """Return the plan of a programme of four weeks at one site, with B to be had at 3 EUR at any time."""
    base = {
        "programme": [{"name": "versions", "currency": "EUR", "start": START, "buckets": "4 weeks"}],
        "sites": [{"site": "a"}],
        "items": list(items),
        "supplies": [{"supply": "b", "item": "B", "site": "a", "price": 3.0}],
        "stocks": [{"item": "A", "site": "a", "opening": 10.0}],
        "demands": weekly(),
    }
    return api.plan(tables_of(base | rows), threads=1)


def late(result: PlanResult) -> float:
    return float(result.frames["tiers"]["value"][0])


def test_old_units_run_out_before_the_new_version_cuts_in() -> None:
    # 4 of the 10 units of A in each of the first two weeks, its last 2 and 2 of B in the third, then B: 6 x 3 EUR.
    result = planned(version("A"), version("B", "A"))
    assert result.frames["deliveries"]["newer"].to_list() == pytest.approx([0.0, 0.0, 2.0, 4.0])
    assert result.frames["tiers"].filter(stage="cost")["value"].to_list() == pytest.approx([18.0])
    change = result.frames["versions"].row(0, named=True)
    assert (change["old"], change["new"], change["cut_in"]) == ("A", "B", day(14))
    assert (change["run_out"], change["stood_in"], change["written_off"]) == pytest.approx((2.0, 6.0, 0.0))
    assert (change["last_delivery"], change["first_delivery"]) == (day(21), day(21))


def test_what_is_left_of_an_obsolete_item_is_written_off_at_its_loss() -> None:
    # Obsolete from the third week on: 2 units are left, worth 10 EUR each; 8 of B are bought.
    result = planned(version("A", unit_value=10.0, obsolete_from=day(14)), version("B", "A"))
    assert result.frames["write_offs"].select("item", "bucket", "quantity", "loss").rows() == [("A", 2, 2.0, 20.0)]
    assert dict(result.frames["costs"].select("kind", "amount").rows()) == {"purchase": 24.0, "write_off": 20.0}
    assert result.frames["versions"]["loss"].to_list() == [20.0]


def test_the_plan_writes_off_only_what_costs_more_to_hold_and_to_replace() -> None:
    # Holding a unit costs 1 EUR a week (365 / 7 a year): the 2 units for the third week 2 EUR each, those for the
    # second 1. Written off at once a unit brings 10 and loses nothing but 3 EUR for B: holding is cheaper than that.
    stock: Row = {"item": "A", "site": "a", "opening": 10.0, "holding_cost": 365 / 7, "write_off_value": 10.0}
    kept = planned(version("A", unit_value=10.0), version("B", "A"), stocks=[stock])
    assert kept.frames["write_offs"].is_empty()
    # At 2 EUR a week: 2 for the second week, 4 for the third. Those 2 units are written off, and 2 of B bought.
    dear = planned(version("A", unit_value=10.0), version("B", "A"), stocks=[stock | {"holding_cost": 2 * 365 / 7}])
    assert dear.frames["write_offs"].select("bucket", "quantity", "loss").rows() == [(0, 2.0, 0.0)]


def test_a_version_stands_in_from_the_first_bucket_that_begins_on_its_date_or_later() -> None:
    # On day 8 the second week has begun: B may be given from the third week on, and 4 units of the first are 14 days
    # late, those of the second 7: 4 x 14 + 4 x 7.
    result = planned(version("A"), version("B", "A", since=8), stocks=[])
    assert result.frames["stand_ins"]["bucket"].min() == 2
    assert late(result) == pytest.approx(4 * 14 + 4 * 7)


def test_the_newest_of_a_chain_stands_in_for_the_oldest_from_the_latest_date_of_the_chain() -> None:
    # C for B from the start, B for A from day 14: C for A from day 14.
    items = (version("A"), version("B", "A", since=14), version("C", "B"))
    supplies = [{"supply": "c", "item": "C", "site": "a"}]
    result = planned(*items, supplies=supplies, stocks=[])
    assert result.frames["stand_ins"].select("item", "given", "bucket").unique().sort("bucket").rows() == [
        ("A", "C", 2),
        ("A", "C", 3),
    ]


def test_an_item_that_only_replaces_another_one_does_not_stand_in() -> None:
    result = planned(version("A"), version("B", "A") | {"stands_in": False}, stocks=[])
    assert result.frames["stand_ins"].is_empty()
    assert result.frames["demand_service"]["unmet"].sum() == pytest.approx(16.0)


def test_runs_take_newer_parts_in_place_of_older_ones() -> None:
    # A pump takes one A; its last unit goes in the first week, three of B with it, then B alone.
    result = planned(
        version("A"),
        version("B", "A"),
        {"item": "pump", "unit": "piece"},
        stocks=[{"item": "A", "site": "a", "opening": 1.0}],
        processes=[{"process": "p", "site": "a"}],
        flows=[
            {"process": "p", "item": "A", "quantity": -1.0},
            {"process": "p", "item": "pump", "quantity": 1.0},
        ],
        demands=[row | {"item": "pump"} for row in weekly()],
    )
    assert late(result) == 0.0
    given = result.frames["stand_ins"]
    assert given["demand"].null_count() == given.height
    assert given["quantity"].sum() == pytest.approx(15.0)
    flow = result.frames["version_flow"]
    assert flow.filter(item="A")["used"].sum() == pytest.approx(1.0)
    assert flow.filter(item="B")["used"].sum() == pytest.approx(15.0)


def test_a_retrofit_is_a_process_that_turns_old_units_into_new_ones() -> None:
    # The 2 units that would be lost are upgraded for 1 EUR each, which is less than 10 lost and 3 for a new one.
    result = planned(
        version("A", unit_value=10.0, obsolete_from=day(14)),
        version("B", "A"),
        processes=[{"process": "refit", "site": "a", "kind": "upgrade", "cost": 1.0}],
        flows=[
            {"process": "refit", "item": "A", "quantity": -1.0},
            {"process": "refit", "item": "B", "quantity": 1.0},
        ],
    )
    assert result.frames["runs"]["quantity"].sum() == pytest.approx(2.0)
    assert result.frames["write_offs"].is_empty()
    assert dict(result.frames["costs"].select("kind", "amount").rows()) == {"purchase": 18.0, "process": 2.0}


def test_nothing_of_an_obsolete_item_is_bought() -> None:
    # A at 1 EUR until it is obsolete in the third week, and then B at 3: 8 x 1 + 8 x 3.
    supplies = [
        {"supply": f"s{item}", "item": item, "site": "a", "price": price} for item, price in (("A", 1.0), ("B", 3.0))
    ]
    result = planned(version("A", obsolete_from=day(14)), version("B", "A"), stocks=[], supplies=supplies)
    bought = result.frames["purchases"].group_by("item").agg(pl.col("quantity").sum()).sort("item")
    assert bought.rows() == [("A", 8.0), ("B", 8.0)]


def test_a_minimum_ends_when_its_item_is_obsolete() -> None:
    stock: Row = {"item": "A", "site": "a", "opening": 10.0, "minimum": 1.0, "final_min": 1.0}
    result = planned(version("A", obsolete_from=day(14)), version("B", "A"), stocks=[stock])
    assert result.frames["stock"].filter(item="A")["closing"].to_list() == pytest.approx([6.0, 2.0, 0.0, 0.0])


def test_every_balance_of_stock_adds_up_with_stand_ins_and_write_offs() -> None:
    stock = planned(version("A", obsolete_from=day(14)), version("B", "A")).frames["stock"]
    for row in stock.to_dicts():
        come = sum(row[name] for name in ("opening", "received", "produced", "moved_in", "stood_in"))
        gone = sum(row[name] for name in ("consumed", "moved_out", "delivered", "stands_in", "written_off"))
        assert come - gone == pytest.approx(row["closing"])
