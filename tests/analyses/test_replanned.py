"""Re-planning on the way: solved by hand, without foresight, and equal to the plan where nothing happens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from programmes import Row, tables_of

from coproduce import api
from coproduce.analyses import replanned as analysis
from coproduce.analyses.carried_out import CarriedOut
from coproduce.analyses.replanned import Journey, carry_out
from coproduce.compile import compile_network
from coproduce.errors import AnalysisError, InputError
from coproduce.plan.solve import Options
from coproduce.results import replanning as results
from coproduce.results.replanning import Replanning, left_out, replanning
from coproduce.results.result import PlanResult
from coproduce.results.variants import planned_variant
from coproduce.tables import Tables

START = datetime(2026, 1, 1)
EXAMPLES = Path(__file__).parents[2] / "examples"


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def failure(name: str, on: float, days: float, **more: object) -> Row:
    """Return the risk that the cheap supply fails."""
    about = {"kind": "supplier_failure", "target_table": "supplies", "target": "cheap"}
    return {"risk": name, **about, "date": day(on), "duration_days": days, **more}


def two_sites(*risks: Row, **more: list[Row]) -> dict[str, list[Row]]:
    """Return site A: two pieces a day are asked for; three a day cost 1, four a day by way of site B cost 5."""
    return {
        "programme": [{"name": "t", "currency": "EUR", "start": START, "buckets": "10 days", "objective": "tiers"}],
        "sites": [{"site": "A"}, {"site": "B"}],
        "items": [{"item": "x", "unit": "piece"}],
        "stocks": [{"item": "x", "site": site, "holding_cost": 365.0} for site in "AB"],
        "supplies": [
            {"supply": "cheap", "item": "x", "site": "A", "limit": 3.0, "limit_per": "day", "price": 1.0},
            {"supply": "dear", "item": "x", "site": "B", "limit": 4.0, "limit_per": "day", "price": 5.0},
        ],
        "lanes": [{"lane": "BA", "from_site": "B", "to_site": "A"}],
        "demands": [{"demand": f"d{t}", "item": "x", "site": "A", "quantity": 2.0, "due": day(t)} for t in range(10)],
        "risks": list(risks),
        **more,
    }


def planned(rows: Mapping[str, list[Row]]) -> PlanResult:
    return api.plan(tables_of(dict(rows)), threads=1, bottlenecks=0)


def options(tables: Tables) -> Options:
    return Options(gap=tables.programme.gap, threads=1, bottlenecks=0)


def journey(
    plan: PlanResult, made: list[Tables], *, period_days: float = 1.0, seed: int = 0, every: int = 1, most: int = 99
) -> Journey:
    """Return what is the same in all replications; `made` gets the programmes that are planned on the way.

    After the `most` first ones there are no more plans.
    """

    def planner(tables: Tables) -> Mapping[str, pl.DataFrame] | None:
        made.append(tables)
        return None if len(made) > most else planned_variant(tables, options(tables))

    base = CarriedOut.of(plan.tables, plan.frames, period_days)
    return Journey(plan.tables, base, period_days, seed, every, planner)


def all_of(frame: pl.DataFrame, measure: str) -> dict[str, Any]:
    return frame.row(by_predicate=(pl.col("tier") == "all") & (pl.col("measure") == measure), named=True)


def test_re_planning_switches_to_the_other_site_and_following_the_plan_cannot() -> None:
    # The cheap supply fails on days 3 to 6. Following the plan, nothing comes on these four days; then 3 a day:
    #   day 7: 2 of d3 (4 days late), 1 of d4 (3); day 8: 1 of d4 (4), 2 of d5 (3); day 9: 2 of d6 (3), 1 of d7 (2);
    #   never: 1 of d7, 2 of d8, 2 of d9, which count to the horizon and a bucket more: 3, 2 x 2, 2 x 1;
    # late 8 + 3 + 4 + 6 + 6 + 2 + 3 + 4 + 2 = 38, in time d0 to d2: 6 of 20, never 5.
    # Planning anew every day, nobody knows of it on day 3, which is lost; on day 4 four pieces come by way of B, two
    # of them for d3, one day late; on days 5 and 6 two each, from day 7 on the cheap supply again: late 2, in time 18.
    plan = planned(two_sites(failure("f", 3, 4)))
    found = replanning(plan, Replanning(1, threads=1))
    frame = found["recourse"]
    assert [all_of(frame, "late_unit_days")[name] for name in ("followed", "replanned", "difference")] == pytest.approx(
        [38, 2, -36]
    )
    assert [all_of(frame, "beta")[name] for name in ("followed", "replanned")] == pytest.approx([0.3, 0.9])
    assert [all_of(frame, "undelivered")[name] for name in ("followed", "replanned")] == pytest.approx([5, 0])
    assert all_of(frame, "beta")["quiet"] == 0 and all_of(frame, "beta")["low"] is None
    # A plan at the beginning of each of the days 4 to 9.
    assert found["replanned"]["plans"].unique().to_list() == [6] and found["replanned"]["unplanned"].sum() == 0


def test_planning_every_third_day_learns_of_the_failure_later() -> None:
    # Plans at days 3 (nothing known yet), 6 and 9. On day 6 four pieces come by way of B: d3, d4 (3 and 2 days late).
    # The plan of day 6 then has 4 by B and 3 by A on day 7, but d7 is due: 7 - 2 for d5 and d6, all late ones gone on
    # day 7 with one piece to spare: d5 two days, d6 one day late. Late 2 x (3 + 2 + 2 + 1) = 16 if d3 and d4 go first;
    # any other order of the same pieces costs the same.
    plan = planned(two_sites(failure("f", 3, 4)))
    frame = replanning(plan, Replanning(1, every=3, threads=1))["recourse"]
    assert all_of(frame, "late_unit_days")["replanned"] == pytest.approx(16)


def test_without_events_re_planning_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tables, _ = api.load(EXAMPLES / "small")
    plan = api.plan(tables, threads=1, bottlenecks=0)
    made: list[Tables] = []
    # Plans are made although nothing is known that the plan did not know; periods are as long as the buckets.
    monkeypatch.setattr(analysis._Trip, "_disturbed", lambda *_: True)
    found = carry_out(journey(plan, made, period_days=7.0, every=2), None, lambda _: None)
    assert found.plans == 2 and found.none == found.eased == 0
    for name in ("asked", "delivered", "in_time", "late_days"):
        assert getattr(found.replanned, name) == pytest.approx(getattr(found.followed, name), abs=1e-7)


def test_what_happens_later_changes_no_earlier_plan() -> None:
    seen: list[list[Tables]] = []
    for risks in ([failure("f", 3, 2)], [failure("f", 3, 2), failure("g", 8, 2)]):
        plan, made = planned(two_sites(*risks)), list[Tables]()
        carry_out(journey(plan, made, every=4, most=2), 0, lambda _: None)
        seen.append(made[:2])  # the plans of days 4 and 8; g begins on day 8
    for one, other in zip(*seen, strict=True):
        assert all(one[name].equals(other[name]) for name in one.frames if name != "risks")


def test_the_end_of_an_event_is_not_known_while_it_lasts() -> None:
    # From 3 to 7 days long: on days 4 and 5 all that is known is that such failures last 5 days on average.
    rows = two_sites(failure("f", 3, 5, duration="uniform", duration_days=None, duration_low=3.0, duration_high=7.0))
    plan, seen = planned(rows), list[list[Tables]]()
    for seed in range(3):
        made = list[Tables]()
        carry_out(journey(plan, made, seed=seed, most=2), 0, lambda _: None)
        seen.append(made[:2])
    for made in seen[1:]:
        for one, other in zip(seen[0], made, strict=True):
            assert all(one[name].equals(other[name]) for name in one.frames)
    # Expected to be back after 5 days, on day 8: the amounts of days 4 to 7 are 0.
    amount = compile_network(seen[0][0]).supplies.amount[0]
    assert amount.tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 3, 3]


def test_what_is_under_way_and_in_stock_is_there_in_the_plan_made_on_the_way() -> None:
    # Orders take 2 days; s sends 3 a day, 2 are wanted. At day 4 there are orders of days 2 and 3 on their way: 2 each
    # on days 4 and 5. The failure of days 3 and 4 stops the orders of these days: 2 on day 4 only.
    rows = two_sites(failure("f", 3, 2))
    rows["supplies"][0]["lead_days"] = 2.0
    rows["demands"] = rows["demands"][2:]
    made = list[Tables]()
    carry_out(journey(planned(rows), made, most=1), 0, lambda _: None)
    network = compile_network(made[0])
    coming = np.zeros(network.timeline.count)
    np.add.at(coming, network.fixed.bucket, network.fixed.quantity)
    assert coming.tolist() == pytest.approx([0, 0, 0, 0, 2, 0, 0, 0, 0, 0])
    # Of d2 and d3, 2 each were delivered on days 2 and 3.
    assert made[0]["demands"]["quantity"].to_list() == pytest.approx([0, 0, 2, 2, 2, 2, 2, 2])


def test_events_under_way_scale_calendars_and_keep_their_entries() -> None:
    # Half of the resource is left from day 3 to day 7; its calendar closes it on day 5.
    rows = two_sites(
        {"risk": "f", "kind": "site_damage", "target_table": "resources", "target": "m", "date": day(3),
         "duration_days": 4, "severity": 0.5, "recovery": "step"},
        resources=[
            {"resource": "m", "site": "A", "unit": "h", "capacity": 8.0, "capacity_per": "day", "calendar": "c"}
        ],
        calendars=[{"calendar": "c", "start": day(5), "end": day(6), "factor": 0.0}],
    )  # fmt: skip
    made = list[Tables]()
    carry_out(journey(planned(rows), made, most=1), 0, lambda _: None)
    assert compile_network(made[0]).resources.amount[0, 4:].tolist() == pytest.approx([4, 0, 4, 8, 8, 8])


def test_what_a_killed_run_had_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(two_sites(failure("f", 3, 4, probability=0.5)))
    asked = Replanning(3, every=2, threads=1)
    unbroken = replanning(plan, asked, tmp_path)
    (tmp_path / "replan-2-1.npy").unlink()
    numbers: list[int | None] = []

    def counted(one: Journey, number: int | None, progress: Any) -> analysis.Course:
        numbers.append(number)
        return carry_out(one, number, progress)

    monkeypatch.setattr(results, "carry_out", counted)
    resumed = replanning(plan, asked, tmp_path)
    assert numbers == [1] and all(resumed[name].equals(unbroken[name]) for name in unbroken)


def test_differences_are_those_of_the_replications() -> None:
    plan = planned(two_sites(failure("f", 3, 4, probability=0.5)))
    found = replanning(plan, Replanning(6, every=3, threads=1))
    rows = found["replanned"].filter(tier="all", measure="late_unit_days")
    mean = all_of(found["recourse"], "late_unit_days")
    # By hand above: 38 against 16 where it fails, nothing where it does not.
    happens = rows["events"].to_numpy() > 0
    assert 0 < happens.sum() < 6
    assert rows["difference"].to_numpy() == pytest.approx(np.where(happens, -22.0, 0.0))
    assert mean["difference"] == pytest.approx(-22 * happens.mean())
    # Student's t with 5 degrees of freedom: 2.5706 (tables).
    half = 2.570582 * np.where(happens, -22.0, 0.0).std(ddof=1) / np.sqrt(6)
    assert [mean["low"], mean["high"]] == pytest.approx(
        [mean["difference"] - half, mean["difference"] + half], rel=1e-6
    )


def test_decisions_that_cannot_be_taken_up_are_refused_by_cell() -> None:
    rows = two_sites(options=[{"option": "line", "cost": 1.0}])
    rows["supplies"][1] |= {"option": "line"}
    rows["supplies"][0] |= {"order_until": day(3)}
    with pytest.raises(InputError) as refused:
        replanning(planned(rows), Replanning(1))
    assert [(one.code, one.origin.column) for one in refused.value.problems] == [("E753", "option")]


def test_agreements_that_are_not_kept_are_said() -> None:
    plan = planned(two_sites(borders=[]))
    assert not list(left_out(plan.tables))
    share = {"country": "FR", "measure": "value", "minimum": 0.0}
    tables = tables_of(dict(two_sites(shares=[{"share": "s", **share}])))
    assert [one.code for one in left_out(tables)] == ["W753"]


@pytest.mark.parametrize("more", [{"replan": 9}, {"replan": 1, "replan_every": 0}])
def test_impossible_wishes_are_refused_before_the_run(more: dict[str, int]) -> None:
    tables = tables_of(dict(two_sites()))
    with pytest.raises(AnalysisError):
        api.check_further(tables, api.Further(**more), api.Settings(replications=5))


def test_a_surge_asks_for_as_much_either_way() -> None:
    # Twice as much is asked for on days 4 and 5: 4 more pieces, whichever plan is followed.
    surge = {"risk": "r", "kind": "demand_surge", "target_table": "items", "target": "x", "date": day(4),
             "duration_days": 2, "severity": 2.0}  # fmt: skip
    found = carry_out(journey(planned(two_sites(surge)), [], every=3), 0, lambda _: None)
    assert found.followed.asked.sum() == found.replanned.asked.sum() == pytest.approx(24)
    # On day 6 all of it is known and four pieces come by way of B; following the plan only the cheap supply has one to
    # spare a day, from day 4 on.
    assert found.followed.in_time.sum() < found.replanned.in_time.sum()
    assert found.replanned.delivered.sum() == pytest.approx(24)
