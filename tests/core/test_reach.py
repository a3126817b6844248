"""From when an item can be somewhere, and until when it is still of use, worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from programmes import tables_of

from coproduce.compile import compile_network
from coproduce.network import Network
from coproduce.reach import Reach, reach

START = datetime(2026, 1, 5)  # a Monday; six weeks
RAW, PART = range(2)
PLANT, DEPOT = range(2)
NEVER_THERE, OF_NO_USE = 6, -1
Row = dict[str, Any]


def day(days: float) -> datetime:
    return START + timedelta(days=days)


# Raw material takes 7 days to come, a run 10 days, the way to the depot 3 days. The demand may be served to the end.
#
# Forward: raw is at the plant from bucket 1 on ([7, 14)). A run started in bucket 1, [7, 14), gives parts over
# [17, 24), first in bucket 2. Shipped in bucket 2, [14, 21), they arrive over [17, 24), first in bucket 2.
# Backward: a part is of use at the depot until bucket 5. Shipped in bucket 5, [35, 42), 4 days' worth of it still
# arrives in bucket 5. A run started in bucket 4, [28, 35), gives parts over [38, 45), first in bucket 5; one in
# bucket 5 gives none before the end. So raw is of use until bucket 4, and an order until bucket 3 (arriving in 4).
CHAIN: dict[str, list[Row]] = {
    "programme": [{"name": "chain", "start": START, "buckets": "6 weeks", "currency": "EUR"}],
    "sites": [{"site": "plant"}, {"site": "depot"}],
    "items": [{"item": "raw", "unit": "kg"}, {"item": "part", "unit": "piece"}],
    "processes": [{"process": "p", "site": "plant", "lead_days": 10.0}],
    "flows": [
        {"process": "p", "item": "raw", "quantity": -1.0},
        {"process": "p", "item": "part", "quantity": 1.0},
    ],
    "lanes": [{"lane": "l", "from_site": "plant", "to_site": "depot", "item": "part", "lead_days": 3.0}],
    "supplies": [{"supply": "s", "item": "raw", "site": "plant", "lead_days": 7.0}],
    "demands": [{"demand": "d", "item": "part", "site": "depot", "quantity": 10.0, "due": day(20)}],
}


def reached(**rows: list[Row]) -> tuple[Network, Reach]:
    network = compile_network(tables_of(CHAIN | rows))
    return network, reach(network)


def at(network: Network, item: int, site: int) -> int:
    return int(np.flatnonzero((network.nodes.item == item) & (network.nodes.site == site))[0])


def bounds(**rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Return earliest and latest bucket of the three nodes of the chain."""
    network, known = reached(**rows)
    nodes = {"raw": (RAW, PLANT), "part": (PART, PLANT), "there": (PART, DEPOT)}
    return {
        name: (int(known.earliest[at(network, *place)]), int(known.latest[at(network, *place)]))
        for name, place in nodes.items()
    }


def open_buckets(mask: np.ndarray[Any, np.dtype[np.bool_]]) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in mask]


def change(table: str, **columns: Any) -> dict[str, list[Row]]:
    """Return the only row of a table of the chain, changed."""
    return {table: [CHAIN[table][0] | columns]}


class TestChain:
    """Orders, runs and shipments one after another."""

    def test_earliest_and_latest_follow_the_lead_times(self) -> None:
        assert bounds() == {"raw": (1, 4), "part": (2, 5), "there": (2, 5)}

    def test_orders_runs_and_shipments_are_open_where_they_can_be_and_are_of_use(self) -> None:
        _, known = reached()
        assert open_buckets(known.buy) == [[0, 1, 2, 3]]
        assert open_buckets(known.run) == [[1, 2, 3, 4]]
        assert open_buckets(known.ship) == [[2, 3, 4, 5]]

    def test_rounded_up_things_arrive_in_the_last_bucket_reached(self) -> None:
        # A run started in bucket 1 gives its parts, over [17, 24), whole in bucket 3; shipped then, [21, 28), they
        # arrive over [24, 31), whole in bucket 4. Backward: shipped in 4 for 5; [35, 42) would arrive after the end.
        # A run started in bucket 2, [14, 21), gives parts over [24, 31), in bucket 4; so raw is of use until 2.
        up = {"programme": [CHAIN["programme"][0] | {"lead_time_rounding": "up"}]}
        assert bounds(**up) == {"raw": (1, 2), "part": (3, 4), "there": (4, 5)}
        _, known = reached(**up)
        assert open_buckets(known.buy) == [[0, 1]]
        assert open_buckets(known.run) == [[1, 2]]
        assert open_buckets(known.ship) == [[3, 4]]

    def test_opening_stock_is_there_from_the_first_bucket(self) -> None:
        # A run started in bucket 0 gives parts over [10, 17), first in bucket 1.
        assert bounds(stocks=[{"item": "raw", "site": "plant", "opening": 1.0}]) == {
            "raw": (0, 4), "part": (1, 5), "there": (1, 5),
        }  # fmt: skip

    def test_an_empty_opening_stock_changes_nothing(self) -> None:
        assert bounds(stocks=[{"item": "raw", "site": "plant", "opening": 0.0}]) == bounds()

    def test_a_receipt_is_there_from_its_bucket(self) -> None:
        receipt = {"receipt": "r", "item": "part", "site": "depot", "quantity": 1.0, "date": day(13)}
        assert bounds(receipts=[receipt])["there"] == (1, 5)

    def test_a_last_date_of_delivery_ends_all_use_before_it(self) -> None:
        # Due in bucket 2, [14, 21), 7 days late allowed: delivered in bucket 3 at the latest.
        # Shipped in 3; a run started in 2 gives parts first in 3 ([24, 31)); ordered in 1.
        assert bounds(**change("demands", maximum_late_days=7.0)) == {"raw": (1, 2), "part": (2, 3), "there": (2, 3)}
        _, known = reached(**change("demands", maximum_late_days=7.0))
        assert open_buckets(known.buy) == [[0, 1]]

    def test_what_must_be_kept_at_the_end_is_of_use_to_the_end(self) -> None:
        for kept in ({"minimum": 1.0}, {"final_min": 1.0}, {"terminal_value": 1.0}):
            stock = {"item": "raw", "site": "plant", **kept}
            assert bounds(stocks=[stock])["raw"] == (1, 5)
            # Ordered in bucket 4 it arrives in bucket 5.
            assert open_buckets(reached(stocks=[stock])[1].buy) == [[0, 1, 2, 3, 4]]

    def test_a_firm_run_has_use_for_its_inputs_until_it_takes_them(self) -> None:
        # The demand is of no use to raw once it may not be late: due in bucket 0.
        rows = change("demands", due=day(1), maximum_late_days=0.0)
        assert bounds(**rows)["raw"] == (1, OF_NO_USE)
        firm = {"wip": [{"wip": "w", "process": "p", "quantity": 1.0, "started": day(30)}]}
        assert bounds(**rows, **firm)["raw"] == (1, 4)


class TestWindows:
    """Windows test the start of the bucket."""

    def test_a_process_opens_with_the_first_bucket_that_starts_inside_its_window(self) -> None:
        # From day 15 on: bucket 3 starts at 21; parts over [31, 38), first in bucket 4.
        rows = change("processes", start_from=day(15))
        assert bounds(**rows) == {"raw": (1, 4), "part": (4, 5), "there": (4, 5)}
        assert open_buckets(reached(**rows)[1].run) == [[3, 4]]

    def test_a_process_that_closes_ends_the_use_of_its_inputs(self) -> None:
        # Until day 21, when bucket 3 starts: the last runs start in bucket 2.
        rows = change("processes", start_until=day(21))
        assert bounds(**rows)["raw"] == (1, 2)
        _, known = reached(**rows)
        assert open_buckets(known.run) == [[1, 2]]
        assert open_buckets(known.buy) == [[0, 1]]

    def test_a_lane_that_closes_ends_the_use_of_what_it_carries(self) -> None:
        # Until day 28: the last shipments leave in bucket 3; runs until bucket 2, whose parts come first in 3.
        rows = change("lanes", start_until=day(28))
        assert bounds(**rows) == {"raw": (1, 2), "part": (2, 3), "there": (2, 5)}
        assert open_buckets(reached(**rows)[1].ship) == [[2, 3]]

    def test_a_supply_opens_and_closes(self) -> None:
        # Buckets 2 and 3 start on days 14 and 21.
        rows = change("supplies", order_from=day(8), order_until=day(28))
        assert bounds(**rows)["raw"] == (3, 4)
        assert open_buckets(reached(**rows)[1].buy) == [[2, 3]]

    def test_a_calendar_that_stops_orders_counts_as_closed(self) -> None:
        calendar = {"calendar": "c", "end": day(14), "factor": 0.0}
        rows = change("supplies", calendar="c") | {"calendars": [calendar]}
        assert open_buckets(reached(**rows)[1].buy) == [[2, 3]]
        assert bounds(**rows)["raw"] == (3, 4)

    def test_a_supply_of_nothing_is_closed(self) -> None:
        assert open_buckets(reached(**change("supplies", total_limit=0.0))[1].buy) == [[]]

    def test_an_input_of_some_runs_only_does_not_hold_back_the_others(self) -> None:
        # From bucket 4 on a run takes a second input that is nowhere to be had; the runs before need only raw.
        flows = [*CHAIN["flows"], {"process": "p", "item": "ink", "quantity": -1.0, "start_from": day(28)}]
        items = [*CHAIN["items"], {"item": "ink", "unit": "kg"}]
        assert bounds(flows=flows, items=items)["part"] == (2, 5)


class TestCycles:
    """Repair loops."""

    LOOP: dict[str, list[Row]] = {  # noqa: RUF012 - read only
        "processes": [
            {"process": "p", "site": "plant", "lead_days": 7.0},
            {"process": "q", "site": "plant", "lead_days": 7.0},
        ],
        "flows": [
            {"process": "p", "item": "raw", "quantity": -1.0},
            {"process": "p", "item": "part", "quantity": 1.0},
            {"process": "q", "item": "part", "quantity": -1.0},
            {"process": "q", "item": "raw", "quantity": 1.0},
        ],
        "lanes": [],
        "supplies": [],
        "demands": [CHAIN["demands"][0] | {"site": "plant"}],
    }

    def test_a_cycle_without_anything_from_outside_is_never_reached(self) -> None:
        network, known = reached(**self.LOOP)
        assert known.earliest.tolist() == [NEVER_THERE, NEVER_THERE]
        assert not known.run.any()
        # What cannot be there would still be of use: raw until bucket 4 (a run of p arrives in bucket 5).
        assert known.latest[at(network, RAW, PLANT)] == 4

    def test_a_cycle_is_entered_where_something_comes_from_outside(self) -> None:
        # A part arrives in bucket 2; q turns it into raw in bucket 3, p that into a part again in bucket 4.
        receipt = {"receipt": "r", "item": "part", "site": "plant", "quantity": 1.0, "date": day(15)}
        _, known = reached(**self.LOOP, receipts=[receipt])
        assert known.earliest.tolist() == [3, 2]
        # q of use until bucket 3 (raw in 4, run p in 4, part in 5).
        assert open_buckets(known.run) == [[3, 4], [2, 3]]
