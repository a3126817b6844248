"""Limits on the origin of what one contract is delivered, on programmes small enough to be solved by hand."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from origin_programmes import random_earmarks
from programmes import tables_of
from test_against_oracle import planned as tried
from test_origin import bought, cost, engines, planned, week

from coproduce import api
from coproduce.tables import Tables

Row = dict[str, Any]
ZONE = frozenset({"UA", "FR"})


def two_contracts(*limits: Row, **tables: list[Row]) -> Tables:
    """Return ten products for each of two contracts, of an engine (40: US for 10 EUR, FR for 30) and a body (60)."""
    rows = {name: frame.to_dicts() for name, frame in engines(None).frames.items()}
    demand = {"item": "product", "site": "lviv", "quantity": 10.0, "due": week(20)}
    rows["parties"] = [{"party": "p"}]
    rows["contracts"] = [{"contract": name, "buyers": "p"} for name in ("one", "other")]
    rows["demands"] = [demand | {"demand": name, "contract": name} for name in ("one", "other")]
    rows["origin_limits"] = [{"instrument": "SAFE"} | limit for limit in limits]
    return tables_of(rows | tables)


def aside(tables: Tables, contract: str = "one") -> dict[str, float]:
    """Return what a plan sets aside of orders."""
    rows = planned(tables).frames["earmarks"].filter(contract=contract, kind="purchase")
    sums = rows.group_by("name").agg(pl.col("quantity").sum())
    return {name: round(quantity, 6) for name, quantity in sums.iter_rows()}


def test_a_limit_on_one_contract_binds_it_alone() -> None:
    # A fifth of 10 x 100 EUR is 5 engines from US for `one`; `other` takes ten of them. 15 x 10 + 5 x 30 + 20 x 5.
    tables = two_contracts({"limit": "o", "contract": "one", "share": 0.2})
    result = planned(tables)
    assert bought(result) == {"us": 15.0, "fr": 5.0, "ua": 20.0}
    assert cost(result) == pytest.approx(400.0)
    assert aside(tables) == {"us": 5.0, "fr": 5.0, "ua": 10.0}
    row = result.frames["agreements"].row(0, named=True)
    assert (row["value"], row["most"], row["kept"]) == (pytest.approx(0.2), 0.2, True)


def test_the_same_limit_on_the_programme_counts_the_mix_of_both() -> None:
    # 400 of 2,000 EUR: 10 engines from US in all.
    result = planned(two_contracts({"limit": "o", "contract": "one", "share": 0.2, "scope": "programme"}))
    assert bought(result) == {"us": 10.0, "fr": 10.0, "ua": 20.0}
    assert result.frames["earmarks"].is_empty()


def test_engines_from_inside_are_not_counted_for_two_contracts() -> None:
    # 5 engines from US for each: with 8 from FR, `other` waits for two products.
    limits = [{"limit": name, "contract": name, "share": 0.2} for name in ("one", "other")]
    tables = two_contracts(*limits)
    assert bought(planned(tables)) == {"us": 10.0, "fr": 10.0, "ua": 20.0}
    scarce = tables["supplies"].with_columns(
        total_limit=pl.when(pl.col("supply") == "fr").then(8.0).otherwise(pl.col("total_limit"))
    )
    result = planned(replace(tables, frames={**tables.frames, "supplies": scarce}))
    assert result.summary["delivered"] == pytest.approx(16.0)


def test_two_limits_on_one_contract_hold_on_the_same_units() -> None:
    # Bodies are from UA, 60 %; at most 70 % from outside FR leave 10 % for engines from US, 100 / 40 = 2.5 of ten.
    fr = {"limit": "fr", "contract": "one", "share": 0.7, "instrument": None, "countries": "FR"}
    assert aside(two_contracts({"limit": "o", "contract": "one", "share": 0.2}, fr))["us"] == pytest.approx(2.5)


@pytest.mark.parametrize(("stock", "us"), [("counted", 2.0), ("left_out", 4.4)])
def test_of_stock_only_what_is_set_aside_counts(stock: str, us: float) -> None:
    # With 3 engines from US in stock and `one` alone: 5 in all, or, left out, 0.2 x (7 x 40 + 600) / 40 of seven.
    # With 23 of them `one` may take five, and `other` takes ten.
    limit = {"limit": "o", "contract": "one", "share": 0.2, "stock": stock}
    engine = {"item": "engine", "site": "lviv", "opening": 3.0, "origin": "US"}
    tables = two_contracts(limit, stocks=[engine])
    one = tables["demands"].filter(demand="one")
    assert aside(replace(tables, frames={**tables.frames, "demands": one}))["us"] == pytest.approx(us)
    full = planned(two_contracts({**limit, "stock": "counted"}, stocks=[{**engine, "opening": 23.0}]))
    assert bought(full) == {"fr": 5.0, "ua": 20.0}


def test_engines_that_come_too_late_for_the_contract_do_not_count_for_it() -> None:
    # Engines from FR arrive after four weeks, the products of `one` are taken in the first or not at all.
    tables = two_contracts({"limit": "o", "contract": "one", "share": 0.2})
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["programme"][0]["buckets"] = "8 weeks"
    rows["supplies"][1]["lead_days"] = 28.0
    rows["demands"][0] |= {"due": week(6), "maximum_late_days": 0.0}
    rows["demands"][1] |= {"due": week(50)}
    result = planned(tables_of(rows))
    # Without engines from FR there is no share of a fifth at all: 40 % of every product is from US.
    service = dict(result.frames["demand_service"].select("demand", "on_time").iter_rows())
    assert service == {"one": pytest.approx(0.0, abs=1e-6), "other": pytest.approx(10.0)}


def test_the_origin_of_a_contract_is_that_of_what_is_set_aside_and_of_others_that_of_the_rest() -> None:
    tables = two_contracts({"limit": "o", "contract": "one", "share": 0.2})
    frames = planned(tables).frames
    shares = {name: api.origins_of(tables, name, frames)["plan"].outside_shares(ZONE) for name in ("one", "other")}
    assert shares == {"one": pytest.approx((0.2, 0.2)), "other": pytest.approx((0.4, 0.4))}


def test_a_late_product_names_the_limit_of_its_contract_alone() -> None:
    # Engines from FR come a week late: `one` waits for them, `other` is on time.
    tables = two_contracts({"limit": "o", "contract": "one", "share": 0.2})
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["supplies"][1]["lead_days"] = 21.0
    rows["demands"][0]["due"] = week(6)
    reasons = planned(tables_of(rows)).frames["reasons"]
    assert reasons.select("demand", "kind", "entity").rows() == [("one", "origin_limit", "o")]


def test_a_contract_that_cannot_keep_its_limit_is_not_served_and_nobody_else_suffers() -> None:
    tables = two_contracts({"limit": "o", "contract": "one", "share": 0.2})
    alone = tables["supplies"].filter(pl.col("supply") != "fr")
    result = planned(replace(tables, frames={**tables.frames, "supplies": alone}))
    assert result.summary["delivered"] == pytest.approx(10.0)


@pytest.mark.parametrize("seed", range(0, 60, 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 8))
def test_a_limit_of_everything_changes_no_stage_of_a_random_programme(seed: int) -> None:
    # Whatever a plan does can be divided among the contracts, so that setting aside costs nothing by itself.
    tables = random_earmarks(seed)
    all_ = tables["origin_limits"].with_columns(share=pl.lit(1.0))
    found = [tried(replace(tables, frames={**tables.frames, "origin_limits": rows})) for rows in (all_, all_.head(0))]
    if found[0] is None or found[1] is None:
        assert found == [None, None]
        return
    value, free = (dict(one.frames["tiers"].select("stage", "value").iter_rows()) for one in found if one is not None)
    assert {name: value[name] for name in value if name != "tidy"} == pytest.approx(
        {name: free[name] for name in free if name != "tidy"}, rel=1e-5, abs=1e-5
    )
