"""Limits on origin on programmes small enough to be solved by hand, what they cost, and the cells they name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from programmes import tables_of

from coproduce import api
from coproduce.errors import InfeasibleError
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

Row = dict[str, Any]


def week(days: float) -> datetime:
    return datetime(2026, 1, 5) + timedelta(days=days)


def engines(share: float | None, **tables: list[Row]) -> Tables:
    """Return ten products, each of an engine (40: US for 10 EUR, FR for 30) and a body (60, from UA for 5)."""
    limits = [] if share is None else [{"limit": "o", "item": "product", "instrument": "SAFE", "share": share}]
    return tables_of({
        "programme": [{"name": "n", "currency": "EUR", "start": week(0), "buckets": "4 weeks"}],
        "sites": [{"site": "lviv", "country": "UA"}],
        "items": [{"item": "product", "unit": "piece"}, {"item": "engine", "unit": "piece", "component_cost": 40.0},
                  {"item": "body", "unit": "piece", "component_cost": 60.0}],
        "processes": [{"process": "join", "site": "lviv"}],
        "flows": [{"process": "join", "item": item, "quantity": quantity}
                  for item, quantity in (("product", 1.0), ("engine", -1.0), ("body", -1.0))],
        "supplies": [{"supply": name, "item": item, "site": "lviv", "origin": origin, "price": price}
                     for name, item, origin, price in (("us", "engine", "US", 10.0), ("fr", "engine", "FR", 30.0),
                                                       ("ua", "body", "UA", 5.0))],
        "demands": [{"demand": "d", "item": "product", "site": "lviv", "quantity": 10.0, "due": week(20)}],
        "origin_limits": limits,
    } | tables)  # fmt: skip


def planned(tables: Tables, *, priced: bool = False) -> PlanResult:
    result = api.plan(tables, threads=1, bottlenecks=0, price_of_agreements=priced)
    assert result.summary["audit"] == "passed"
    return result


def bought(result: PlanResult) -> dict[str, float]:
    rows = result.frames["purchases"].group_by("supply").agg(pl.col("quantity").sum()).iter_rows()
    return {name: round(quantity, 6) for name, quantity in rows}


def cost(result: PlanResult) -> float:
    return float(result.frames["tiers"].filter(stage="cost")["value"].item())


def test_a_limit_on_origin_buys_as_many_engines_inside_as_it_takes_and_costs_the_difference() -> None:
    # Ten products count 10 x 100. With a fifth from outside: 200 / 40 = 5 engines from US. 5 x 10 + 5 x 30 + 10 x 5 is
    # 250 EUR, instead of 150 for engines from US alone.
    result = planned(engines(0.2), priced=True)
    assert bought(result) == {"us": 5.0, "fr": 5.0, "ua": 10.0}
    assert cost(result) == pytest.approx(250.0)
    row = result.frames["agreements"].row(0, named=True)
    assert (row["kind"], row["value"], row["most"], row["kept"]) == ("origin_limit", pytest.approx(0.2), 0.2, True)
    price = result.frames["agreement_costs"].filter(stage="cost").row(0, named=True)
    assert (price["kind"], price["agreement"]) == ("origin_limit", "o")
    assert (price["low"], price["high"]) == (pytest.approx(100.0), pytest.approx(100.0))


def test_bodies_bought_in_vain_do_not_thin_out_what_comes_from_outside() -> None:
    # No engine from FR: the 40 % of every product are too many, and no pile of bodies at 0 EUR makes them fewer.
    tables = engines(0.2)
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["supplies"] = [row | {"price": 0.0} for row in rows["supplies"] if row["supply"] != "fr"]
    result = planned(tables_of(rows))
    assert result.summary["delivered"] == pytest.approx(0.0, abs=1e-6)


def test_the_limit_itself_is_kept_and_a_little_less_is_not_reached_by_engines_from_outside() -> None:
    assert bought(planned(engines(0.4))) == {"us": 10.0, "ua": 10.0}
    # 0.39 x 1000 / 40 = 9.75
    assert bought(planned(engines(0.39))) == {"us": 9.75, "fr": 0.25, "ua": 10.0}


def test_what_has_no_declared_origin_counts_as_outside() -> None:
    tables = engines(0.4)
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["supplies"][2]["origin"] = None
    # Bodies alone are 60 % from outside: nothing can be made.
    assert planned(tables_of(rows)).summary["delivered"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("stock", "us"), [("counted", 2.0), ("left_out", 4.4)])
def test_opening_stock_from_outside_counts_in_full_unless_it_is_left_out(stock: str, us: float) -> None:
    # 3 engines from US are in stock. Counted: 200 / 40 = 5 may be from outside, 2 beside these. Left out: of seven
    # engines and ten bodies that are ordered, 0.2 x (7 x 40 + 600) / 40 = 4.4 engines.
    tables = engines(0.2, stocks=[{"item": "engine", "site": "lviv", "opening": 3.0, "origin": "US"}])
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["origin_limits"][0]["stock"] = stock
    assert bought(planned(tables_of(rows)))["us"] == pytest.approx(us)


def test_stock_from_outside_that_nothing_can_thin_out_is_named_with_the_limit() -> None:
    tables = engines(0.2, stocks=[{"item": "engine", "site": "lviv", "opening": 30.0, "origin": "US"}])
    with pytest.raises(InfeasibleError) as refused:
        api.plan(tables, threads=1)
    assert [(one.origin.sheet, one.origin.column) for one in refused.value.conflicts] == [("origin_limits", "share")]


def test_a_late_delivery_that_the_limit_causes_is_named() -> None:
    # Engines from FR take three weeks, and only five may be from US: making more products than are asked for, to thin
    # out what comes from outside, does not count.
    tables = engines(0.2)
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["supplies"][1] |= {"lead_days": 21.0}
    rows["demands"][0] |= {"due": week(6)}
    result = planned(tables_of(rows))
    assert result.frames["demand_service"]["late_unit_days"].item() > 0
    assert "origin_limit" in result.frames["reasons"]["kind"].to_list()
