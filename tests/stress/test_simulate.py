"""Hand-solved cases of the stress test, and what a result may not depend on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from random_programmes import Rows, random_plan, random_tables, tables_of

from coproduce import api
from coproduce.compile import compile_network
from coproduce.stress.events import Drill
from coproduce.stress.fallbacks import read_ranks
from coproduce.stress.kinds import kinds
from coproduce.stress.periods import period_network
from coproduce.stress.plan import Plan, read_plan
from coproduce.stress.policy import FollowPlan
from coproduce.stress.result import Log, Simulation
from coproduce.stress.run import CHUNK, log, simulate
from coproduce.stress.sampling import Risks, read_risks
from coproduce.tables.risks import RISK_KINDS


def shop(**more: Rows) -> dict[str, Rows]:
    """Return one site that buys two a day and delivers them on the day; ten days."""
    return {
        "programme": [
            {"name": "t", "start": "2026-01-01", "buckets": "10 days", "currency": "EUR", "objective": "tiers"}
        ],
        "sites": [{"site": "A"}],
        "items": [{"item": "x", "unit": "piece"}],
        "supplies": [{"supply": "s", "item": "x", "site": "A", "limit": 3, "limit_per": "day"}],
        "demands": [{"demand": "d", "item": "x", "site": "A", "quantity": 20, "due": "2026-01-10"}],
        **more,
    }


def steps(
    tables: dict[str, Rows], quantity: list[float], *drills: Drill, lots: float = 0.0, keep_minimum: bool = False
) -> Log:
    """Return every step of a plan that wants the same of each activity every day, and `lots` of the first."""
    checked = tables_of(tables)
    network = period_network(checked)
    wanted = np.repeat(np.array(quantity)[:, None], network.timeline.count, axis=1)
    counted = np.zeros_like(wanted)
    counted[0] = lots
    plan, policy = Plan(network.timeline, wanted, network.demands.due, counted), FollowPlan(keep_minimum)
    return log(network, plan, read_risks(checked, network, drills), ranks=read_ranks(checked, network), policy=policy)


def day(number: int) -> int:
    return number * 86400


def test_after_a_drill_the_backlog_is_caught_up_at_the_rate_that_the_limit_leaves() -> None:
    # Days 2 and 3 without supply: 4 missing; then 3 instead of 2 a day: caught up after 4 days, at the end of day 7.
    result = steps(shop(), [2, 2], Drill("supplies", "s", day(2), 2))
    assert result.done[:, 0, 0].tolist() == [2, 2, 0, 0, 3, 3, 3, 3, 2, 2]
    assert result.backlog[:, 1, 0].tolist() == [0, 0, 2, 4, 3, 2, 1, 0, 0, 0]


def test_an_outage_of_hours_takes_its_share_of_the_day() -> None:
    # 18 of 24 hours of day 4 are lost: a quarter of the limit of 3 is left.
    result = steps(shop(), [2, 2], Drill("supplies", "s", day(4) + 6 * 3600, 0.75))
    assert result.done[4, 0, 0] == pytest.approx(0.75)


def test_a_gradual_recovery_gives_back_capacity_in_a_straight_line() -> None:
    # Four days from 0 to 1: averages 1/8, 3/8, 5/8, 7/8 of the limit of 3, which leave 2 from the third day on... 3 x
    # 5/8 = 1.875.
    result = steps(shop(), [3, 2], Drill("supplies", "s", day(2), 4, gradual=True))
    assert result.done[2:6, 0, 0].tolist() == pytest.approx([0.375, 1.125, 1.875, 2.625])


def test_a_stand_in_takes_over_after_detection_and_switching() -> None:
    # The supply fails for good on day 1. Two days of detection and one of switching: backlogs at the ends of days 1,
    # 2 and 3,
    # so the stand-in begins on day 4 with 3 x 2 + 2 = 8 to do.
    second = {"supply": "t", "item": "x", "site": "A", "fallback_rank": 1, "detection_days": 2, "switch_days": 1}
    tables = shop()
    tables["supplies"] = [*tables["supplies"], second]
    result = steps(tables, [2, 0, 2], Drill("supplies", "s", day(1), 9))
    assert result.done[:, 1, 0].tolist() == [0, 0, 0, 0, 8, 2, 2, 2, 2, 2]
    assert result.done[:, 1, 0].sum() + result.done[:, 0, 0].sum() + result.backlog[-1, 0, 0] == 20


def test_a_delay_moves_arrivals_and_loses_nothing() -> None:
    # What is ordered on days 2 and 3 arrives three days later, with the orders of days 5 and 6.
    tables = shop()
    tables["supplies"] = [{"supply": "s", "item": "x", "site": "A", "lead_days": 1}]
    result = steps(tables, [2, 0], Drill("supplies", "s", day(2), 2, factor=1.0, delay_days=3))
    arrived = np.diff(result.stock[:, 0, 0], prepend=0.0)
    assert arrived.tolist() == [0, 2, 2, 0, 0, 2, 4, 4, 2, 2]


def test_what_a_resource_cannot_work_off_is_carried_and_holds_back_later_starts() -> None:
    # Capacity 10 h a day; a run loads 10 h over the two days after its start: a start of 1 a day books 2.5, 5, 2.5 h
    # of its 10.
    tables = shop(
        processes=[{"process": "p", "site": "A", "lead_days": 2}],
        flows=[{"process": "p", "item": "x", "quantity": 1}],
        resources=[{"resource": "r", "site": "A", "unit": "h", "capacity": 10, "capacity_per": "day"}],
        loads=[{"process": "p", "resource": "r", "quantity": 10}],
    )
    tables["supplies"] = []
    result = steps({name: rows for name, rows in tables.items() if rows}, [1, 0], Drill("sites", "A", day(4), 1))
    # Day 4 is lost: 7.5 h booked by the starts of days 2 and 3 are carried to day 5, which has 2.5 h of its own from
    # day 3.
    # 10 - 7.5 - 2.5 = 0: nothing starts on day 5. On day 6 two starts are missing beside its own; a start there takes
    # at most
    # 10 h of a day in which it books half: 2 runs; what follows is limited by that: day 7 has 10 - 10 = 0 left.
    assert result.done[3:8, 0, 0].tolist() == pytest.approx([1, 0, 0, 2, 0])


def made(**load: object) -> dict[str, Rows]:
    """Return a site whose only process takes a machine of 10 h a day."""
    tables = shop(
        processes=[{"process": "p", "site": "A"}],
        flows=[{"process": "p", "item": "x", "quantity": 1}],
        resources=[{"resource": "r", "site": "A", "unit": "h", "capacity": 10, "capacity_per": "day"}],
        loads=[{"process": "p", "resource": "r", **load}],
    )
    return {name: rows for name, rows in tables.items() if name != "supplies"}


def test_set_ups_of_the_plan_take_their_hours_also_from_what_is_caught_up() -> None:
    # Four runs of 1 h in two lots with a set-up of 1.5 h a day: (4 + 3) / 4 = 1.75 h a run; 10 / 1.75 = 5.714 runs fit.
    # Without day 3 four are missing; 1.714 of them are made up on each of days 4 and 5, and the last 0.571 on day 6.
    tables = made(quantity=1, setup_quantity=1.5)
    result = steps(tables, [4, 0], Drill("resources", "r", day(3), 1), lots=2)
    assert result.done[2:8, 0, 0].tolist() == pytest.approx([4, 0, 40 / 7, 40 / 7, 4 + 4 - 24 / 7, 4])
    # Without set-ups all four fit into day 4.
    assert steps(tables, [4, 0], Drill("resources", "r", day(3), 1)).done[4, 0, 0] == pytest.approx(8)


def test_a_set_up_loads_a_resource_that_the_runs_do_not() -> None:
    # Two lots a day of four runs with 4 h each, 2 h a run: five runs fit a day.
    result = steps(made(quantity=0, setup_quantity=4), [4, 0], Drill("resources", "r", day(3), 1), lots=2)
    assert result.done[2:6, 0, 0].tolist() == pytest.approx([4, 0, 5, 5])


def test_a_minimum_stock_is_used_in_need_unless_it_is_to_be_kept() -> None:
    # Three on stock of which two are a minimum; two a day bought and delivered, nothing bought on days 2 and 3.
    tables = shop(stocks=[{"item": "x", "site": "A", "opening": 3, "minimum": 2}])
    failure = Drill("supplies", "s", day(2), 2)
    # Three are there: 2, then 1; then 3 a day come in and go out until the 1 missing is made up.
    assert steps(tables, [2, 2], failure).done[:5, 1, 0].tolist() == [2, 2, 2, 1, 3]
    # One is free: 1, then 0; the 3 missing are made up by 3 a day.
    assert steps(tables, [2, 2], failure, keep_minimum=True).done[:8, 1, 0].tolist() == [2, 2, 1, 0, 3, 3, 3, 2]


def result_of(seed: int, threads: int = 1, replications: int = 700, first: int = 0, drop: str = "") -> Simulation:
    tables = tables_of(random_tables(seed))
    network = period_network(tables)
    risks = read_risks(tables, network)
    return simulate(
        network,
        random_plan(tables, seed),
        risks.without(drop) if drop else risks,
        ranks=read_ranks(tables, network),
        seed=9,
        threads=threads,
        replications=replications,
        first=first,
    )


def test_the_result_does_not_depend_on_threads_or_on_how_a_run_is_cut() -> None:
    many = 3 * CHUNK + 100
    one, others = result_of(4, replications=many), [result_of(4, threads=n, replications=many) for n in (2, 4)]
    parts = [result_of(4, replications=300), result_of(4, replications=many - 300, first=300)]
    for name in Simulation.__dataclass_fields__:
        whole = getattr(one, name)
        assert all(np.array_equal(whole, getattr(other, name)) for other in others), name
        assert np.array_equal(whole, np.concatenate([getattr(part, name) for part in parts], axis=-1)), name


def test_without_a_risk_all_others_happen_as_before() -> None:
    tables = tables_of(random_tables(4))
    network = period_network(tables)
    risks = read_risks(tables, network)
    plan = random_plan(tables, 4)
    with_all, without = (log(network, plan, one, seed=2).events for one in (risks, risks.without("closure")))
    other = with_all.target != [risk.risk for risk in risks.risks].index("closure")
    assert np.array_equal(with_all.start[other], without.start)
    assert np.array_equal(with_all.end[other], without.end)


def test_following_a_plan_in_periods_equal_to_its_buckets_reproduces_it() -> None:
    tables = tables_of({name: rows for name, rows in random_tables(1).items() if name != "risks"})
    result, buckets = api.plan(tables), compile_network(tables)
    plan = read_plan(tables, buckets, result.frames)
    network = period_network(tables, 1000.0)
    done = log(network, plan, Risks()).done[:, :, 0]
    assert network.timeline.count == buckets.timeline.count
    assert np.abs(done.T - plan.quantity).max() < 1e-6 * plan.quantity.max()
    simulation = simulate(network, plan, Risks(), replications=1)
    assert simulation.late_days[:, 0] == pytest.approx(late_days(result.frames), abs=1e-4)


def late_days(frames: Mapping[str, pl.DataFrame]) -> list[float]:
    """Return the late unit-days of each demand as the plan counts them."""
    return frames["demand_service"]["late_unit_days"].to_list()


def test_every_kind_of_the_table_has_its_file() -> None:
    assert set(kinds()) == set(RISK_KINDS)


def test_nothing_is_simulated_with_no_replications() -> None:
    with pytest.raises(ValueError, match="at least one"):
        result_of(4, replications=0)
