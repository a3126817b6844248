"""Agreements on programmes small enough to be solved by hand, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from agreed_families import LANE, PART, programme, wanted, week
from agreed_programmes import random_agreements
from programmes import tables_of

from coproduce import api
from coproduce.errors import InfeasibleError
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

Row = dict[str, Any]


def planned(tables: Tables, *, priced: bool = False) -> PlanResult:
    result = api.plan(tables, threads=1, bottlenecks=0, price_of_agreements=priced)
    assert result.summary["audit"] == "passed"
    assert result.frames["agreements"]["kept"].all()
    return result


def stage(result: PlanResult, name: str) -> float:
    return float(result.frames["tiers"].filter(stage=name)["value"].item())


def agreement(result: PlanResult, kind: str) -> Row:
    return result.frames["agreements"].row(by_predicate=pl.col("kind") == kind, named=True)


def delivered(result: PlanResult) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for row in result.frames["deliveries"].iter_rows(named=True):
        found.setdefault(row["demand"], []).append((row["bucket"], pytest.approx(row["quantity"])))
    return found


def split(minimum: float, **more: Any) -> Tables:
    """Return a programme in which ten parts are made at a for 1 EUR or at b for 3, an hour each."""
    bench = {"unit": "hour", "capacity": 40.0, "capacity_per": "week"}
    return programme(
        processes=[{"process": "at_a", "site": "a", "cost": 1.0}, {"process": "at_b", "site": "b", "cost": 3.0}],
        flows=[{"process": f"at_{site}", "item": "part", "quantity": 1.0} for site in "ab"],
        resources=[{"resource": f"bench_{site}", "site": site, **bench} for site in "ab"],
        loads=[{"process": f"at_{site}", "resource": f"bench_{site}", "quantity": 1.0} for site in "ab"],
        lanes=[LANE | {"lane": "road", "lead_days": 0.0}],
        stocks=[],
        demands=[wanted("d", 10.0, 15)],
        shares=[{"share": "w", "country": "UA", "measure": "hours", "minimum": minimum, **more}],
    )


def test_a_work_share_costs_what_the_dearer_site_costs_more() -> None:
    # Four of ten hours in UA: 6 x 1 + 4 x 3 = 18 instead of 10.
    result = planned(split(0.4), priced=True)
    assert stage(result, "cost") == pytest.approx(18.0)
    assert agreement(result, "share")["value"] == pytest.approx(0.4)
    cost = result.frames["agreement_costs"].filter(stage="cost").row(0, named=True)
    assert (cost["low"], cost["high"]) == (pytest.approx(8.0), pytest.approx(8.0))
    tier = result.frames["agreement_costs"].filter(stage="tier_1").row(0, named=True)
    assert (tier["low"], tier["high"]) == (pytest.approx(0.0), pytest.approx(0.0))


def test_a_tolerance_lowers_what_a_work_share_asks_for() -> None:
    assert stage(planned(split(0.4, tolerance=0.1)), "cost") == pytest.approx(16.0)


def test_a_share_of_another_family_leaves_the_work_free() -> None:
    assert stage(planned(split(0.4, family="other")), "cost") == pytest.approx(10.0)


@pytest.mark.parametrize("seed", [3, 9, 13, 23, 27, 33, 38, 41])
def test_tightening_a_work_share_never_lowers_the_interval_of_its_cost(seed: int) -> None:
    ends = []
    for minimum in (0.0, 0.3, 0.6, 0.9):
        tables = random_agreements(seed)
        own = pl.DataFrame({"share": ["w"], "country": ["FR"], "measure": ["value"], "minimum": [minimum]})
        share = tables_of({"shares": own.to_dicts()})["shares"]
        try:
            result = planned(replace(tables, frames={**tables.frames, "shares": share}), priced=True)
        except InfeasibleError:
            break  # firm runs alone break the share
        row = result.frames["agreement_costs"].filter(kind="share").row(0, named=True)
        ends.append((row["low"], row["high"], 1e-6 * max(1.0, abs(row["value_with"]))))
    assert ends
    for (low, high, small), (next_low, next_high, more) in pairwise(ends):
        assert next_low >= low - small - more
        assert next_high >= high - small - more
    assert all(low <= high + small and high >= -small for low, high, small in ends)


def test_the_demands_of_a_set_wait_for_each_other() -> None:
    # Four launchers are there; of eight shells four come at once and four on day 14: half of the set each time.
    tables = programme(
        items=[PART, {"item": "shell", "unit": "piece"}],
        stocks=[{"item": "part", "site": "a", "opening": 4.0}, {"item": "shell", "site": "a", "opening": 4.0}],
        receipts=[{"receipt": "r", "item": "shell", "site": "a", "quantity": 4.0, "date": week(14)}],
        demands=[wanted("launchers", 4.0, 1, set="s"), wanted("shells", 8.0, 1, set="s") | {"item": "shell"}],
        sets=[{"set": "s"}],
    )
    result = planned(tables)
    assert delivered(result) == {"launchers": [(0, 2.0), (2, 2.0)], "shells": [(0, 4.0), (2, 4.0)]}
    assert stage(result, "tier_1") == pytest.approx((2 + 4) * 14)
    reasons = dict(result.frames["reasons"].filter(rank=1).select("demand", "kind").iter_rows())
    # More shells are missing; launchers are there and wait.
    assert reasons == {"launchers": "set", "shells": "material"}


@pytest.mark.parametrize(("tolerance", "most"), [(0.0, 5.0), (0.2, 6.0), (1.0, 10.0)])
def test_fair_customers_get_shares_that_differ_by_no_more_than_agreed(tolerance: float, most: float) -> None:
    # Ten units for two customers who ask for ten each; p weighs more and takes all that the rule leaves.
    tables = programme(
        stocks=[{"item": "part", "site": "a", "opening": 10.0}],
        demands=[wanted("first", 10.0, 1, party="p", weight=5.0), wanted("second", 10.0, 1, party="q")],
        fair_shares=[{"rule": "r", "tolerance": tolerance}],
    )
    assert sum(quantity.expected for _, quantity in delivered(planned(tables))["first"]) == pytest.approx(most)


def test_exports_wait_until_the_floor_at_home_is_reached() -> None:
    # Five a week. Export is first in line, but 10 are due at home in the first week: they are there by the second,
    # which leaves the export the five of the third, 14 days late.
    tables = programme(
        stocks=[],
        supplies=[{"supply": "s", "item": "part", "site": "a", "limit": 5.0, "limit_per": "week"}],
        demands=[wanted("abroad", 5.0, 1, kind="export"), wanted("home", 10.0, 1, priority=2)],
        export_floors=[{"floor": "f", "item": "part", "share": 1.0}],
    )
    result = planned(tables, priced=True)
    assert stage(result, "tier_1") == pytest.approx(5 * 14)
    cost = result.frames["agreement_costs"].filter(stage="tier_1").row(0, named=True)
    assert (cost["low"], cost["high"]) == (pytest.approx(70.0), pytest.approx(70.0))
    assert result.frames["reasons"].filter(demand="abroad")["kind"].to_list()[:1] == ["supply"]


def test_what_is_reserved_is_not_there_for_others() -> None:
    # 10 hours a week, 6 of them reserved: 10 runs of an hour take 4, 4 and 2: 4 x 7 + 2 x 14 days late.
    tables = programme(
        processes=[{"process": "own", "site": "a"}, {"process": "other", "site": "a"}],
        flows=[{"process": "own", "item": "spare", "quantity": 1.0}, {"process": "other", "item": "part",
                                                                      "quantity": 1.0}],
        items=[PART, {"item": "spare", "unit": "piece"}],
        resources=[{"resource": "bench", "site": "a", "unit": "hour", "capacity": 10.0, "capacity_per": "week"}],
        loads=[{"process": name, "resource": "bench", "quantity": 1.0} for name in ("own", "other")],
        stocks=[],
        demands=[wanted("d", 10.0, 1)],
        reservations=[{"reservation": "v", "resource": "bench", "processes": "own", "share": 0.6}],
    )  # fmt: skip
    result = planned(tables)
    assert stage(result, "tier_1") == pytest.approx(4 * 7 + 2 * 14)
    assert [row["kind"] for row in result.frames["reasons"].to_dicts()][:1] == ["reservation"]


def test_lanes_share_the_capacity_of_their_border() -> None:
    # Two lanes without a limit of their own, 6 a week over the border: 6 of 12 come a week later.
    tables = programme(
        stocks=[{"item": "part", "site": "b", "opening": 12.0}],
        lanes=[LANE | {"lane": name, "lead_days": 0.0, "border": "gate"} for name in "lm"],
        borders=[{"border": "gate", "capacity": 6.0, "capacity_per": "week"}, {"border": "without_limit"}],
        demands=[wanted("d", 12.0, 1)],
    )
    with np.errstate(invalid="raise"):
        result = planned(tables)
    assert stage(result, "tier_1") == pytest.approx(6 * 7)
    assert [row["kind"] for row in result.frames["reasons"].to_dicts()][:1] == ["border"]


def test_a_border_that_closes_is_the_reason_for_what_waits_behind_it() -> None:
    # The crossing is shut in the first week: 12 units come in the second, 7 days late.
    tables = programme(
        stocks=[{"item": "part", "site": "b", "opening": 12.0}],
        lanes=[LANE | {"lane": "l", "lead_days": 0.0, "border": "gate"}],
        borders=[{"border": "gate", "calendar": "shut"}],
        calendars=[{"calendar": "shut", "factor": 0.0, "end": week(7)}],
        demands=[wanted("d", 12.0, 1)],
    )
    result = planned(tables)
    assert stage(result, "tier_1") == pytest.approx(12 * 7)
    reason = result.frames["reasons"].row(0, named=True)
    assert (reason["kind"], reason["entity"], reason["enough"]) == ("border", "gate", True)


def test_a_limit_on_transit_mixes_a_near_way_with_a_far_one() -> None:
    # 8 units, 10 days for 1 EUR or 2 days for 10, at most 4 days on average: 2 go the long way, 6 the short one.
    ways = (("far", 10.0, 1.0), ("near", 2.0, 10.0))
    tables = programme(
        programme=[{"name": "tiny", "currency": "EUR", "start": week(0), "buckets": "5 weeks"}],
        stocks=[{"item": "part", "site": "b", "opening": 8.0}],
        lanes=[LANE | {"lane": name, "lead_days": days, "cost": cost, "border": "x"} for name, days, cost in ways],
        demands=[wanted("d", 8.0, 30)],
        transit_limits=[{"limit": "t", "item": "part", "days": 4.0}],
    )
    result = planned(tables)
    assert stage(result, "cost") == pytest.approx(2 * 1 + 6 * 10)
    exposed = {row["lane"]: (row["quantity"], row["crossings"], row["transit"])
               for row in result.frames["exposure"].to_dicts()}  # fmt: skip
    assert exposed == {"far": pytest.approx((2.0, 2.0, 20.0)), "near": pytest.approx((6.0, 6.0, 12.0))}


def test_an_agreement_that_firm_runs_break_is_named_with_its_cell() -> None:
    # Three firm hours in FR; the share asks for 40 % in UA, but b has no capacity at all.
    tables = split(0.4)
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["resources"][1]["capacity"] = 0.0
    rows["wip"] = [{"wip": "w", "process": "at_a", "quantity": 3.0, "started": week(1)}]
    with pytest.raises(InfeasibleError) as refused:
        api.plan(tables_of(rows), threads=1)
    assert {conflict.origin.sheet for conflict in refused.value.conflicts} == {"resources", "shares"}
