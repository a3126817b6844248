"""For every check a violation is planted, and exactly that check must find it."""

from __future__ import annotations

import pytest
from agreed_plants import AGREED, exposure_of
from audit_case import Frames, Row, checked, day, plan, programme, results
from joint_plants import JOINT, SOUND
from plants import (
    PREMATURE,
    ROAD,
    SURVEY,
    Plant,
    both,
    crates,
    fewer,
    found,
    given,
    more,
    moved,
    narrow_press,
    orders,
    shut,
    stage,
    surveys,
)
from stable_plants import STABLE
from test_audit_learning import PLANTED as LEARNING
from test_audit_versions import PLANTED as VERSIONS

from coproduce.audit import AuditReport, audit

# Checks of growth have their planted violations in test_audit_growth.py, in a plan that grows.
GROWTH = (*(f"A{code}" for code in range(311, 326)), "A615", "A616")
# Its planted violation is in test_audit_earmarks.py, in a plan that was made.
EARMARKS = ("A994",)


def report_of(plant: Plant | None = None, objective: str = "tiers") -> AuditReport:
    """Audit the hand-made plan after a change of its input or its results."""
    inputs, outputs = programme(objective), plan(objective)
    if plant is not None:
        plant(inputs, outputs)
    outputs.setdefault("exposure", exposure_of(inputs, outputs))
    return audit(checked(inputs), results(outputs))


PLANTED: dict[str, list[Plant]] = {
    "A101": [found("runs", 0, quantity=None), found("demand_service", 0, status=None)],
    "A102": [found("bottlenecks", 0, one_more=float("nan")), found("tiers", 0, seconds=float("inf"))],
    "A103": [both(more("runs", **SURVEY, quantity=-1.0), stage(3, 2512.0))],
    "A104": [lambda _, outputs: outputs["resource_load"].append(outputs["resource_load"][2])],
    "A105": [
        found("buckets", 4, end=day(60)),
        found("buckets", 4, days=30.0),
        fewer("buckets", 5),
    ],
    "A106": [
        more("runs", **{**SURVEY, "process": "ghost"}, quantity=1.0),
        more("runs", **{**SURVEY, "bucket": 6}, quantity=1.0),
        more("shipments", **ROAD, item="ghost", bucket=0, quantity=1.0),
        more("deliveries", demand="late", bucket=-1, quantity=1.0, late_days=0.0),
        found("bottlenecks", 0, stage="tier_7"),
        found("bottlenecks", 0, entity="ghost"),
    ],
    "A107": [
        found("runs", 0, site="B"),
        found("shipments", 1, to_site="A"),
        found("purchases", 0, item="gear"),
        found("resource_load", 0, site="B"),
        found("demand_service", 1, due=day(26)),
        found("demand_service", 1, priority=2),
    ],
    "A201": [given("processes", 0, start_from=day(1)), given("processes", 0, start_until=day(21))],
    "A202": [
        given("processes", 0, rate_limit=1.4),
        given("processes", 0, rate_limit=1.9, calendar="week"),
        shut("processes", rate_limit=None),
    ],
    "A203": [given("lanes", 0, start_from=day(15)), given("lanes", 0, start_until=day(28))],
    "A204": [given("lanes", 0, item="bolt")],
    "A205": [
        given("lanes", 0, capacity=3.4),
        given("items", 1, transport_size=2.4),
        shut("lanes", capacity=None),
        both(shut("lanes"), given("items", 1, transport_size=0.0)),
    ],
    "A206": [given("supplies", 0, order_from=day(1)), given("supplies", 0, order_until=day(0))],
    "A207": [given("supplies", 0, limit=23.0), shut("supplies", limit=None)],
    "A208": [both(given("supplies", 0, total_limit=5.9), found("bottlenecks", 1, limit=5.9))],
    "A209": [surveys(3.0, None, minimum_size=2.0)],
    "A210": [
        surveys(1.0, 1, minimum_size=2.0),
        surveys(6.0, 2, minimum_size=1.0, maximum_size=2.5),
        surveys(4.0, 1, minimum_size=1.0, multiple_size=2.0, maximum_size=3.5),
        surveys(3.0, 0, minimum_size=1.0),
    ],
    "A211": [surveys(3.0, None, multiple_size=2.0)],
    "A212": [orders(3.0, None, minimum_size=2.0)],
    "A213": [orders(3.0, 2, minimum_size=2.0), orders(6.0, 1, minimum_size=2.0, maximum_size=5.0)],
    "A214": [orders(3.0, None, multiple_size=2.0)],
    "A215": [crates(3.0, None, minimum_size=2.0)],
    "A216": [crates(3.0, 2, minimum_size=2.0), crates(6.0, 1, minimum_size=2.0, maximum_size=5.0)],
    "A217": [crates(3.0, None, multiple_size=2.0)],
    "A218": [given("demands", 3, minimum_shipment=3.5)],
    "A219": [given("demands", 3, all_or_nothing=True)],
    "A301": [fewer("resource_load", 5)],
    "A302": [found("resource_load", 4, capacity=230.0)],
    "A303": [found("resource_load", 1, firm=7.0)],
    "A304": [found("resource_load", 4, planned=0.0)],
    "A305": [found("resource_load", 0, utilisation=0.5), found("resource_load", 0, utilisation=None)],
    "A306": [narrow_press],
    "A401": [lambda _, outputs: outputs["stock"].pop(9)],
    "A402": [found("stock", 1, opening=22.0)],
    "A403": [found("stock", 1, received=3.0)],
    "A404": [found("stock", 7, produced=8.0)],
    "A405": [found("stock", 17, moved_in=0.0)],
    "A406": [found("stock", 0, consumed=10.0)],
    "A407": [found("stock", 8, moved_out=4.0)],
    "A408": [found("stock", 15, delivered=8.0)],
    "A409": [found("stock", 10, closing=3.5)],
    "A410": [PREMATURE],
    "A411": [given("stocks", 0, minimum=22.0), given("stocks", 0, minimum=25.0, minimum_from=day(20))],
    "A412": [both(given("stocks", 1, maximum=0.9), found("bottlenecks", 2, limit=0.9))],
    "A413": [given("stocks", 1, final_min=1.1)],
    "A501": [given("demands", 1, earliest=day(28))],
    "A502": [given("demands", 2, maximum_late_days=13.0)],
    "A503": [both(given("demands", 1, quantity=7.0), found("demand_service", 1, asked=7.0))],
    "A504": [found("deliveries", 2, late_days=18.0)],
    "A505": [fewer("demand_service", 1)],
    "A506": [
        found("demand_service", 0, status="on_time"),
        found("demand_service", 1, status="short"),
        found("demand_service", 3, status="late"),
    ],
    "A507": [found("demand_service", 1, asked=9.0)],
    "A508": [found("demand_service", 0, on_time=1.0)],
    "A509": [found("demand_service", 2, late=0.0)],
    "A510": [found("demand_service", 3, unmet=0.0)],
    "A511": [found("demand_service", 3, first_delivery=day(28)), found("demand_service", 3, first_delivery=None)],
    "A512": [found("demand_service", 3, last_delivery=day(89))],
    "A513": [found("demand_service", 3, late_days=0.0), found("demand_service", 2, late_days=18.0)],
    "A514": [found("demand_service", 3, late_unit_days=0.0)],
    "A515": [found("demand_service", 1, earliest_possible=day(59)), found("demand_service", 1, earliest_possible=None)],
    "A601": [found("runs", 0, cost=100.0)],
    "A602": [found("shipments", 0, cost=24.0)],
    "A603": [found("purchases", 0, cost=24.0)],
    "A604": [found("stock", 4, holding_cost=0.0)],
    "A605": [moved("process"), moved("process", "survey")],
    "A606": [moved("resource")],
    "A607": [moved("transport")],
    "A608": [moved("purchase")],
    "A609": [moved("holding")],
    "A610": [moved("terminal_value")],
    "A611": [
        both(
            more("costs", kind="lateness", entity="late", amount=1.0),
            more("costs", kind="lateness", entity="short", amount=-1.0),
        )
    ],
    "A614": [more("costs", kind="gift", entity="A", amount=0.0)],
    "A701": [found("tiers", 3, stage="neat"), fewer("tiers", 0), lambda _, outputs: outputs["tiers"].reverse()],
    "A702": [stage(0, 15.0), stage(1, 147.0)],
    "A703": [stage(2, 356.0)],
    "A704": [stage(3, 2512.0)],
    "A705": [found("tiers", 0, bound=33.0, gap=-0.1)],
    "A706": [found("tiers", 0, gap=0.02)],
    "A707": [found("tiers", 0, bound=27.0, gap=0.1), given("programme", 0, gap=0.005)],
    "A741": [
        lambda _, outputs: outputs.update(
            planned_draws=[
                {
                    "contracts": "c",
                    "cost_type": "purchase",
                    "due": day(0),
                    "fund": "f",
                    "how": "direct",
                    "requested": day(0),
                    "arrives": day(0),
                    "amount": 0.0,
                    "bridging": 0.0,
                }
            ]
        )
    ],
    "A747": [
        both(
            more("costs", kind="bridging", entity="f", amount=1.0),
            more("costs", kind="bridging", entity="g", amount=-1.0),
        )
    ],
    "A801": [found("bottlenecks", 0, limit=49.0), found("bottlenecks", 1, limit=7.0)],
    "A901": [
        found("reasons", 1, rank=3),
        found("reasons", 2, rank=0),
        lambda _, outputs: outputs["reasons"].append({**outputs["reasons"][0], "demand": "in_time", "saved": 0.0}),
    ],
    "A902": [
        found("reasons", 0, entity="ghost"),
        found("reasons", 0, kind="lane"),
        found("reasons", 2, entity="bolt"),
        found("reasons", 2, entity="bolt/ghost"),
        found("reasons", 3, entity="press"),
    ],
    "A903": [found("reasons", 0, saved=57.0), found("reasons", 2, left=91.0)],
    **AGREED,
    **STABLE,
}
PLANTED_IN_MONEY: dict[str, list[Plant]] = {
    "A611": [moved("lateness"), moved("lateness", "in_time")],
    "A612": [moved("unmet")],
    "A613": [moved("income")],
    "A703": [stage(0, 355.023)],
}
CASES = [
    pytest.param(code, plant, objective, id=f"{code}-{objective}-{at}")
    for objective, planted in (("tiers", PLANTED), ("money", PLANTED_IN_MONEY))
    for code, plants in planted.items()
    for at, plant in enumerate(plants)
] + [pytest.param(code, plant, "tiers", id=f"{code}-joint-{at}") for code, plants in JOINT.items()
     for at, plant in enumerate(plants)]  # fmt: skip


@pytest.mark.parametrize("objective", ["tiers", "money"])
def test_a_plan_made_by_hand_passes_every_check(objective: str) -> None:
    report = report_of(objective=objective)
    assert report.failed == ()
    assert report.passed


def test_a_plan_with_a_joint_setup_made_by_hand_passes_every_check() -> None:
    assert report_of(SOUND).failed == ()


@pytest.mark.parametrize(("code", "plant", "objective"), CASES)
def test_a_planted_violation_is_found_by_its_check_and_by_no_other(code: str, plant: Plant, objective: str) -> None:
    report = report_of(plant, objective)
    assert [check.code for check in report.checks if not check.passed] == [code]
    assert not report.passed
    assert report.failed == (report[code].name,)
    assert report[code].place


def test_every_check_has_a_planted_violation() -> None:
    checks = report_of().checks
    codes = {check.code for check in checks} - {*GROWTH, *EARMARKS}
    assert codes == PLANTED.keys() | PLANTED_IN_MONEY.keys() | JOINT.keys() | LEARNING.keys() | VERSIONS.keys()
    assert len({check.name for check in checks}) == len(checks)


def test_the_place_names_entity_and_bucket_of_the_worst_departure() -> None:
    # 24 lane units in the week from day 14 where 3 a day leave 21.
    check = report_of(given("lanes", 0, capacity=3.0))["A205"]
    assert check.worst == pytest.approx(3.0)
    assert check.tolerance == pytest.approx(24e-6)
    assert check.unit == "lane units"
    assert check.place == "lane road in bucket 2 (2026-02-15)"
    assert str(check).startswith("FAILED A205 ")


def test_a_departure_within_the_tolerance_of_its_row_passes() -> None:
    # 220 euros may be off by 220e-6.
    assert report_of(found("runs", 0, cost=220.0002)).passed
    assert not report_of(found("runs", 0, cost=220.0003)).passed


# Costs that are 0 in the plan, at a million euros a unit: what they are the difference of comes to millions.
DEAR = [
    # never any bolt at B: one unit at the least, over 89 days, where a unit-day costs 1e6
    ("A609", "holding", "bolt/B", "tiers", {"holding_cost": 3.65e8}, 89e6),
    ("A610", "terminal_value", "bolt/B", "tiers", {"terminal_value": 1e6}, 1e6),
    # 8 units on time; unmet they would be 119 - 28 days late
    ("A611", "lateness", "in_time", "money", {"late_cost": 1e6}, 8e6 * 91),
    ("A612", "unmet", "in_time", "money", {"unmet_cost": 1e6}, 8e6),
]


@pytest.mark.parametrize(("code", "kind", "entity", "objective", "prices", "scale"), DEAR)
def test_dust_of_a_dear_item_passes_and_a_ten_thousandth_of_it_does_not(
    code: str, kind: str, entity: str, objective: str, prices: Row, scale: float
) -> None:
    def cost(amount: float) -> Plant:
        def plant(inputs: Frames, outputs: Frames) -> None:
            if entity == "bolt/B":
                inputs["stocks"].append({"item": "bolt", "site": "B", **prices})
            else:
                inputs["demands"][1].update(prices)
            outputs["costs"].append({"kind": kind, "entity": entity, "amount": amount})
            total = sum(row["amount"] for row in outputs["costs"])
            stage(2 if objective == "tiers" else 0, total)(inputs, outputs)

        return plant

    assert report_of(cost(1e-11 * scale), objective).failed == ()
    report = report_of(cost(1e-4 * scale), objective)
    assert [check.code for check in report.checks if not check.passed] == [code]
    assert report[code].tolerance == pytest.approx(1e-6 * scale)


def test_dust_in_the_holding_cost_of_a_row_passes_and_a_ten_thousandth_does_not() -> None:
    # Gears at A at 1e6 a unit-day: 0, 15, 3, 3, 3, 3 of them at the end of 7, 7, 7, 7, 31, 30 days.
    amounts = (0.0, 105e6, 21e6, 21e6, 93e6, 90e6)

    def dear_gears(inputs: Frames, outputs: Frames) -> None:
        inputs["stocks"].append({"item": "gear", "site": "A", "holding_cost": 3.65e8})
        for row, amount in zip(outputs["stock"][6:12], amounts, strict=True):
            row["holding_cost"] = amount
        outputs["costs"].append({"kind": "holding", "entity": "gear/A", "amount": 330e6})
        stage(2, 355.023 + 330e6)(inputs, outputs)

    # 1e-11 gears for a week; 16 gears have come in by day 14: 112e6 euros.
    assert report_of(both(dear_gears, found("stock", 6, holding_cost=7e-5))).passed
    assert report_of(both(dear_gears, found("stock", 7, holding_cost=105e6 + 111.0))).passed
    report = report_of(both(dear_gears, found("stock", 7, holding_cost=105e6 * (1 + 1e-4))))
    assert [check.code for check in report.checks if not check.passed] == ["A604"]
    assert report["A604"].tolerance == pytest.approx(112.0)


def test_a_missing_column_fails_the_form_alone() -> None:
    frames = results(plan())
    frames["stock"] = frames["stock"].drop("closing")
    report = audit(checked(programme()), frames)
    assert [check.code for check in report.checks] == ["A101"]
    assert report.checks[0].place.startswith("stock: ")


def test_a_column_of_the_wrong_type_fails_the_form() -> None:
    frames = results(plan())
    frames["runs"] = frames["runs"].with_columns(quantity=frames["runs"]["quantity"].cast(str) + " runs")
    assert audit(checked(programme()), frames).failed == (report_of()["A101"].name,)


def test_zero_cost_rows_may_be_left_out_and_others_may_not() -> None:
    assert report_of(more("costs", kind="holding", entity="gear/B", amount=0.0)).passed
    report = report_of(fewer("costs", 2))
    assert [check.code for check in report.checks if not check.passed] == ["A607", "A703"]


def test_a_plan_without_its_tidy_stage_passes() -> None:
    assert report_of(fewer("tiers", 3)).passed


def test_a_run_that_is_left_out_shows_wherever_it_matters() -> None:
    failed = [check.code for check in report_of(fewer("runs", 1)).checks if not check.passed]
    # Load and its sum, output, input, stocks, costs of process and resource, tidy value.
    assert {"A304", "A404", "A406", "A402", "A409", "A605", "A606", "A704"} <= set(failed)


def test_a_remainder_of_mere_rounding_counts_as_nothing() -> None:
    # 8e-6 of 8 units is the threshold.
    missing = found("deliveries", 1, quantity=8.0 - 1e-6)
    assert report_of(missing).passed
    short = report_of(both(missing, found("demand_service", 1, status="short")))
    assert short.failed == (short["A506"].name,)


def test_a_delivery_of_next_to_nothing_may_be_left_out_of_the_dates() -> None:
    # A last 1e-7 of the 4 late units in March: 45 days after day 14, 4.5e-6 unit-days.
    both_rows = both(
        found("deliveries", 2, quantity=4.0 - 1e-7),
        more("deliveries", demand="late", bucket=4, quantity=1e-7, late_days=45.0),
        given("demands", 2, maximum_late_days=None),
    )
    assert report_of(both_rows).passed
    in_march = found("demand_service", 2, last_delivery=day(59), late_days=45.0)
    assert report_of(both(both_rows, in_march)).passed
    in_april = found("demand_service", 2, last_delivery=day(89), late_days=75.0)
    failed = [check.code for check in report_of(both(both_rows, in_april)).checks if not check.passed]
    assert failed == ["A512", "A513"]


def test_a_stage_without_a_bound_passes_if_it_ran_out_of_time() -> None:
    unproven = found("tiers", 0, bound=None, gap=None, status="time_limit")
    assert report_of(unproven).passed
    called_optimal = report_of(found("tiers", 0, bound=None, gap=None))
    assert [check.code for check in called_optimal.checks if not check.passed] == ["A707"]


def test_a_gap_without_a_bound_is_found() -> None:
    report = report_of(found("tiers", 0, bound=None, status="time_limit"))
    assert [check.code for check in report.checks if not check.passed] == ["A706"]


def test_a_later_stage_may_spend_the_tolerance_of_an_earlier_one() -> None:
    # Solved to its bound of 319.5 and then worsened by a tenth of the value.
    worsened = found("tiers", 2, bound=355.023 * 0.9, gap=0.1)
    assert not report_of(worsened).passed
    assert report_of(both(worsened, given("programme", 0, tier_tolerance=0.1))).passed


def test_early_deliveries_count_in_the_tidy_stage() -> None:
    # `in_time` due a bucket later, in March: 8 units come 31 days early.
    due = both(given("demands", 1, due=day(30)), found("demand_service", 1, due=day(30)))
    assert report_of(both(due, stage(3, 2513.0 + 8 * 31))).passed
    assert report_of(due).failed == (report_of()["A704"].name,)
