"""A tiny programme compiled: which nodes and arcs there are, what they may do when, and which demands form series."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from programmes import tables_of

from coproduce.compile import compile_network
from coproduce.network import Network

START = datetime(2026, 1, 18)  # a Sunday; buckets of 7, 7, 28 and 31 days
Row = dict[str, Any]


def day(days: float) -> datetime:
    return START + timedelta(days=days)


def compiled(*, programme: Row | None = None, **rows: list[Row]) -> Network:
    base: dict[str, list[Row]] = {
        "programme": [
            {"name": "tiny", "start": START, "buckets": "2 weeks, 2 months", "currency": "EUR", **(programme or {})}
        ],
        "sites": [{"site": "mill"}, {"site": "plant"}, {"site": "depot"}, {"site": "yard"}],
        "items": [
            {"item": "steel", "unit": "kg", "transport_size": 0.5},
            {"item": "part", "unit": "piece"},
            {"item": "scrap", "unit": "kg"},
        ],
        "demands": [{"demand": "d", "item": "part", "site": "depot", "quantity": 10.0, "due": day(20)}],
    }
    return compile_network(tables_of(base | rows))


STEEL, PART, SCRAP = range(3)
MILL, PLANT, DEPOT, YARD = range(4)
# Steel is bought at the mill, goes to the plant, becomes parts and scrap there; any item may go on to the depot.
CHAIN: dict[str, list[Row]] = {
    "processes": [{"process": "press", "site": "plant", "lead_days": 3.0, "yield_rate": 0.5}],
    "flows": [
        {"process": "press", "item": "steel", "quantity": -4.0},
        {"process": "press", "item": "part", "quantity": 2.0},
        {"process": "press", "item": "scrap", "quantity": 1.0},
    ],
    "lanes": [
        {"lane": "in", "from_site": "mill", "to_site": "plant", "item": "steel"},
        {"lane": "out", "from_site": "plant", "to_site": "depot"},
        {"lane": "away", "from_site": "plant", "to_site": "yard"},
    ],
    "supplies": [{"supply": "s", "item": "steel", "site": "mill", "price": 2.0, "currency": "USD"}],
    "exchange_rates": [{"currency": "USD", "rate": 0.8}],
}


def places(network: Network) -> list[tuple[int, int]]:
    return list(zip(network.nodes.item.tolist(), network.nodes.site.tolist(), strict=True))


class TestNodesAndArcs:
    """Only what the programme can touch, and on lanes only what is of use beyond them."""

    def test_nodes_are_the_places_that_a_row_names_or_an_arc_reaches_by_item_then_site(self) -> None:
        assert places(compiled(**CHAIN)) == [
            (STEEL, MILL), (STEEL, PLANT), (PART, PLANT), (PART, DEPOT), (SCRAP, PLANT),
        ]  # fmt: skip

    def test_a_shared_lane_carries_only_what_can_be_there_and_is_of_use_beyond(self) -> None:
        # "out" could carry steel and scrap too, but nobody wants them at the depot; nothing is wanted at the yard.
        network = compiled(**CHAIN)
        nodes, lanes = places(network), network.lanes
        arcs = [
            (int(lane), nodes[begin], nodes[end])
            for lane, begin, end in zip(lanes.arc_lane, lanes.arc_from, lanes.arc_to, strict=True)
        ]
        assert arcs == [(0, (STEEL, MILL), (STEEL, PLANT)), (1, (PART, PLANT), (PART, DEPOT))]

    def test_a_lane_for_one_item_is_idle_when_the_item_can_never_be_there(self) -> None:
        # Without the supply there is no steel anywhere, hence no part.
        assert len(compiled(**CHAIN | {"supplies": []}).lanes.arc_lane) == 0

    def test_what_must_be_kept_or_has_a_worth_at_the_end_is_of_use(self) -> None:
        for kept in ({"minimum": 1.0}, {"final_min": 1.0}, {"terminal_value": 1.0}):
            network = compiled(**CHAIN, stocks=[{"item": "scrap", "site": "yard", **kept}])
            carried = [places(network)[node] for node in network.lanes.arc_to]
            assert (SCRAP, YARD) in carried
            assert (STEEL, YARD) not in carried

    def test_an_input_of_a_firm_run_is_of_use_where_it_runs(self) -> None:
        rows = CHAIN | {
            "processes": [*CHAIN["processes"], {"process": "melt", "site": "yard"}],
            "flows": [*CHAIN["flows"], {"process": "melt", "item": "scrap", "quantity": -1.0}],
            "wip": [{"wip": "w", "process": "melt", "quantity": 1.0, "started": day(20)}],
        }
        network = compiled(**rows)
        assert (SCRAP, YARD) in [places(network)[node] for node in network.lanes.arc_to]

    def test_lane_capacity_is_taken_by_the_transport_size_of_the_item(self) -> None:
        assert compiled(**CHAIN).lanes.arc_size.tolist() == [0.5, 1.0]

    def test_yield_reduces_outputs_and_not_inputs(self) -> None:
        assert compiled(**CHAIN).processes.flow_quantity.tolist() == [-4.0, 1.0, 0.5]

    def test_money_is_in_the_currency_of_the_programme(self) -> None:
        assert compiled(**CHAIN).supplies.price.tolist() == [2.0 * 0.8]

    def test_a_stock_row_belongs_to_its_node_and_the_others_have_neither_stock_nor_limits(self) -> None:
        stock = {
            "item": "part", "site": "plant", "opening": 3.0, "minimum": 1.0, "minimum_from": day(15), "maximum": 9.0,
            "final_min": 2.0, "holding_cost": 365.0, "terminal_value": 4.0, "currency": "USD",
        }  # fmt: skip
        nodes = compiled(**CHAIN, stocks=[stock]).nodes
        assert nodes.stock_row.tolist() == [-1, -1, 0, -1, -1]
        assert nodes.opening.tolist() == [0, 0, 3, 0, 0]
        assert nodes.minimum.tolist() == [0, 0, 1, 0, 0]
        assert nodes.minimum_from[2] == 2  # day 15 lies in the bucket [14, 42)
        assert nodes.maximum.tolist() == [np.inf, np.inf, 9, np.inf, np.inf]
        assert nodes.final_minimum.tolist() == [0, 0, 2, 0, 0]
        # 365 USD a unit and year at 0.8 are 0.8 EUR a day.
        assert nodes.holding_cost.tolist() == pytest.approx([0, 0, 0.8, 0, 0])
        assert nodes.terminal_value.tolist() == pytest.approx([0, 0, 3.2, 0, 0])


class TestAmounts:
    """Capacities, limits and rates per bucket."""

    def test_an_empty_limit_is_infinite_but_where_its_calendar_closes_a_whole_bucket(self) -> None:
        # Closed from day 3 to day 14: part of bucket 0, all of bucket 1.
        network = compiled(
            **CHAIN | {"lanes": [{**CHAIN["lanes"][0], "calendar": "c"}, CHAIN["lanes"][1]]},
            calendars=[{"calendar": "c", "start": day(3), "end": day(14), "factor": 0.0}],
        )
        assert network.lanes.amount.tolist() == [[np.inf, 0, np.inf, np.inf], [np.inf] * 4]

    def test_capacity_counts_efficiency_the_calendar_and_the_hours_available(self) -> None:
        # 10 an hour x 0.5; nothing on Sundays; available from day 2, 12:00, until day 15.
        # [2.5, 7): 4.5 days without a Sunday (day 0 is one); [7, 14): 6 days; [14, 15): a Sunday.
        network = compiled(
            resources=[{
                "resource": "r", "site": "plant", "unit": "hour", "capacity": 10.0, "capacity_per": "hour",
                "efficiency": 0.5, "calendar": "c", "available_from": day(2.5), "available_until": day(15),
            }],
            calendars=[{"calendar": "c", "factor": 0.0, "weekdays": "7"}],
        )  # fmt: skip
        assert network.resources.amount.tolist() == [pytest.approx([5 * 24 * 4.5, 5 * 24 * 6, 0, 0])]

    def test_supplies_have_no_amount_outside_their_window_which_tests_the_start_of_the_bucket(self) -> None:
        # From day 1 (bucket 0 started before) until day 42 (bucket 3 starts then).
        supply = {**CHAIN["supplies"][0], "order_from": day(1), "order_until": day(42), "limit": 62.0}
        network = compiled(**CHAIN | {"supplies": [supply]})
        # 62 a month: 7 of 31 days of January, all of February.
        assert network.supplies.amount.tolist() == [pytest.approx([0, 14, 62, 0])]

    def test_windows_of_processes_and_flows_test_the_start_of_the_bucket(self) -> None:
        rows = CHAIN | {
            "processes": [{**CHAIN["processes"][0], "start_from": day(7), "start_until": day(14)}],
            "flows": [CHAIN["flows"][0], {**CHAIN["flows"][1], "start_from": day(7.5)}, CHAIN["flows"][2]],
        }
        processes = compiled(**rows).processes
        assert (processes.first.tolist(), processes.until.tolist()) == ([1], [2])
        assert processes.flow_first.tolist() == [0, 2, 0]
        assert processes.flow_until.tolist() == [4, 4, 4]

    def test_firm_runs_take_capacity_inside_the_horizon_only(self) -> None:
        # 3 runs x 14 hours over [-7, 7) days: half of it is past.
        rows = CHAIN | {
            "processes": [{**CHAIN["processes"][0], "lead_days": 14.0}],
            "resources": [{"resource": "r", "site": "plant", "unit": "hour", "capacity": 9.0}],
            "loads": [{"process": "press", "resource": "r", "quantity": 14.0}],
            "wip": [{"wip": "w", "process": "press", "quantity": 3.0, "started": day(-7)}],
        }
        network = compiled(**rows)
        assert network.resources.firm.tolist() == [[21.0, 0, 0, 0]]
        # The input was taken before the start; the outputs fall at day 7, the first instant of bucket 1.
        fixed = network.fixed
        at = [places(network)[node] for node in fixed.node]
        flows = list(zip(at, fixed.bucket.tolist(), fixed.quantity.tolist(), strict=True))
        assert flows == [((PART, PLANT), 1, 3.0), ((SCRAP, PLANT), 1, 1.5)]

    def test_receipts_count_in_the_bucket_that_contains_their_date(self) -> None:
        dates = [day(0), day(7), day(13.9), day(72.9), day(73)]
        receipts = [
            {"receipt": f"r{k}", "item": "part", "site": "depot", "quantity": k + 1.0, "date": date}
            for k, date in enumerate(dates)
        ]
        fixed = compiled(receipts=receipts).fixed
        # The fifth arrives at the end of the horizon and leaves the plan.
        assert list(zip(fixed.bucket.tolist(), fixed.quantity.tolist(), strict=True)) == [
            (0, 1),
            (1, 2),
            (1, 3),
            (3, 4),
        ]
        assert set(fixed.wip_row.tolist()) == {-1}


class TestDemands:
    """Due dates, days late and the buckets in which a demand may be delivered."""

    @pytest.mark.parametrize(
        ("wanted", "due_bucket", "late"),
        [
            # due within [7, 14): late from bucket 2 on, by its end at 42 - 14 and at 73 - 14
            ({"due": day(7)}, 1, [0, 0, 28, 59]),
            ({"due": day(13.99)}, 1, [0, 0, 28, 59]),
            ({"due": day(72)}, 3, [0, 0, 0, 0]),
            # overdue by two days and a half: late in every bucket, from the due date itself
            ({"due": day(-2.5)}, -1, [9.5, 16.5, 44.5, 75.5]),
        ],
    )
    def test_days_late_run_from_the_end_of_the_due_bucket_to_the_end_of_the_bucket_of_delivery(
        self, wanted: Row, due_bucket: int, late: list[float]
    ) -> None:
        network = compiled(demands=[{"demand": "d", "item": "part", "site": "depot", "quantity": 1.0, **wanted}])
        assert network.demands.due_bucket.tolist() == [due_bucket]
        assert network.late_days(np.zeros(4, dtype=np.int64), np.arange(4)).tolist() == pytest.approx(late)

    @pytest.mark.parametrize(("due", "unmet"), [(day(7), 73 + 31 - 14), (day(72), 31), (day(-2.5), 104 + 2.5)])
    def test_units_never_delivered_are_late_by_one_bucket_more_than_the_horizon(
        self, due: datetime, unmet: float
    ) -> None:
        network = compiled(demands=[{"demand": "d", "item": "part", "site": "depot", "quantity": 1.0, "due": due}])
        assert network.demands.unmet_days.tolist() == pytest.approx([unmet])

    @pytest.mark.parametrize(
        ("wanted", "first", "until"),
        [
            ({}, 0, 4),
            ({"earliest": day(13)}, 1, 4),  # day 13 lies in bucket 1
            ({"maximum_late_days": 0.0}, 0, 2),  # due in bucket 1
            ({"maximum_late_days": 27.9}, 0, 2),
            ({"maximum_late_days": 28.0}, 0, 3),  # the end of bucket 2 is 28 days after that of bucket 1
        ],
    )
    def test_deliveries_are_allowed_from_the_earliest_date_to_the_latest(
        self, wanted: Row, first: int, until: int
    ) -> None:
        demand = {"demand": "d", "item": "part", "site": "depot", "quantity": 1.0, "due": day(8), **wanted}
        demands = compiled(demands=[demand]).demands
        assert (demands.first.tolist(), demands.until.tolist()) == ([first], [until])

    def test_tiers_count_the_priorities_in_ascending_order(self) -> None:
        wanted = [
            {"demand": f"d{k}", "item": "part", "site": "depot", "quantity": 1.0, "due": day(8), "priority": priority}
            for k, priority in enumerate((7, 2, 7, 5))
        ]
        network = compiled(demands=wanted)
        assert network.priorities == (2, 5, 7)
        assert network.demands.tier.tolist() == [2, 0, 2, 1]


def series(*changes: Row) -> list[int]:
    """Return the series of demands that are alike but for the changes; they are due on days 1, 8, 15, ..."""
    demands = [
        {"demand": f"d{k}", "item": "part", "site": "depot", "quantity": 5.0, "due": day(1 + 7 * k), **change}
        for k, change in enumerate(changes)
    ]
    return compiled(demands=demands).demands.series.tolist()


class TestSeries:
    """Demands that differ in due date and quantity alone are one flow."""

    def test_three_that_differ_in_due_date_and_quantity_form_a_series(self) -> None:
        assert series({}, {"quantity": 2.0}, {"name": "third", "party": None}) == [0, 0, 0]

    def test_two_are_too_few(self) -> None:
        assert series({}, {}) == [-1, -1]

    def test_the_head_of_a_series_is_its_first_demand(self) -> None:
        wanted = [
            {"demand": f"d{k}", "item": "part", "site": site, "quantity": 5.0, "due": day(8)}
            for k, site in enumerate(("depot", "plant", "plant", "depot", "plant", "depot"))
        ]
        demands = compiled(demands=wanted).demands
        head = {int(number): int(first) for number, first in enumerate(demands.series_head)}
        assert sorted(head.values()) == [0, 1]
        assert [head[number] for number in demands.series.tolist()] == [0, 1, 1, 0, 1, 0]

    @pytest.mark.parametrize(
        "change",
        [
            {"site": "plant"},
            {"item": "steel"},
            {"priority": 2},
            {"weight": 2.0},
            {"price": 3.0},
            {"late_cost": 3.0},
            {"unmet_cost": 3.0},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_a_demand_that_differs_in_anything_else_stands_alone(self, change: Row) -> None:
        assert series({}, {}, change, {}) == [0, 0, -1, 0]

    @pytest.mark.parametrize(
        "change",
        [
            {"due": day(-1)},  # overdue: part of its lateness is past
            {"maximum_late_days": 7.0},  # a last bucket of delivery
            {"quantity": 0.0},
            {"earliest": day(50)},  # due on day 15: no delivery on time is allowed
        ],
        ids=["overdue", "last date", "nothing", "earliest after due"],
    )
    def test_a_demand_that_a_series_cannot_stand_for_is_left_alone(self, change: Row) -> None:
        assert series({}, {}, change, {}) == [0, 0, -1, 0]

    def test_a_lateness_allowed_beyond_the_horizon_is_no_last_date(self) -> None:
        assert series({}, {}, {"maximum_late_days": 1000.0}) == [0, 0, 0]

    def test_earliest_dates_in_the_order_of_the_due_dates_are_allowed(self) -> None:
        # due in buckets 0, 1, 2; not before buckets 0, 1, 1
        assert series({}, {"earliest": day(7)}, {"earliest": day(8)}) == [0, 0, 0]

    def test_no_series_where_one_may_be_delivered_earlier_than_one_that_is_due_before_it(self) -> None:
        # The second may not come before bucket 1, the third (due later) from bucket 0 on.
        assert series({}, {"earliest": day(7)}, {}) == [-1, -1, -1]
