"""How many changes of a design a line absorbs, by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from programmes import Row, tables_of

from coproduce import api
from coproduce.tables import Tables

START = datetime(2026, 1, 1)


def absorbed(*demands: Row, **item: object) -> Row:
    """Return the row of an item whose change takes 6 test slots; parameters as for `programme`."""
    return api.absorbed_changes(api.plan(programme(*demands, **item), threads=1), threads=1).row(0, named=True)


def programme(*demands: Row, taken: float = 0.0, **item: object) -> Tables:
    """Return a programme of 10 test slots a day over the 365 days of 2026, of which changes have `taken` some.

    One unit takes a slot, so that the year has 3,650 of them, and one change a year 6 x 365 / 365 = 6.
    """
    return tables_of(
        {
            "programme": [{"name": "changes", "currency": "EUR", "start": START, "buckets": "4 quarters"}],
            "sites": [{"site": "a"}],
            "items": [{"item": "A", "unit": "piece", "requalification_resource": "test",
                       "requalification_quantity": 6.0} | item],
            "processes": [{"process": "p", "site": "a"}],
            "flows": [{"process": "p", "item": "A", "quantity": 1.0}],
            "resources": [{"resource": "test", "site": "a", "unit": "slot", "capacity": 10.0 - taken / 365,
                           "capacity_per": "day"}],
            "loads": [{"process": "p", "resource": "test", "quantity": 1.0}],
            "demands": list(demands),
        }
    )  # fmt: skip


def wanted(quantity: float, day: float = 300, **more: object) -> Row:
    due = START + timedelta(days=day)
    return {"demand": f"d{quantity:g}", "item": "A", "site": "a", "quantity": quantity, "due": due, **more}


def test_changes_fit_into_the_slots_that_the_plan_leaves() -> None:
    # 3,650 slots, 2,000 of them used: 1,650 / 6 = 275 changes beside the plan, and no more before the tier is late.
    row = absorbed(wanted(2000.0))
    assert (row["left"], row["beside"], row["before_late"], row["most"]) == pytest.approx((1650.0, 275, 275, 608))


def test_changes_may_take_what_only_a_later_tier_uses() -> None:
    # The second tier's 1,500 units may be late: 1,650 / 6 = 275 for the first tier, 150 / 6 = 25 beside the plan.
    row = absorbed(wanted(2000.0), wanted(1500.0, priority=2))
    assert (row["beside"], row["before_late"]) == (25, 275)


def test_a_line_that_is_full_absorbs_none() -> None:
    row = absorbed(wanted(3650.0))
    assert (row["beside"], row["before_late"]) == (0, 0)


@pytest.mark.parametrize(("changes", "short"), [(25, 0), (26, 6), (100, 450)])
def test_what_more_changes_cost_is_what_their_slots_would_have_made(changes: int, short: float) -> None:
    # 3,500 units of 3,650 slots leave 150, enough for 25 changes; of 100 changes 600 slots are gone, and 450 units.
    demands = (wanted(2000.0), wanted(1500.0, priority=2))
    assert absorbed(*demands)["beside"] == 25
    service = api.plan(programme(*demands, taken=6.0 * changes), threads=1).frames["demand_service"]
    assert dict(service.select("demand", "unmet").iter_rows()) == pytest.approx({"d2000": 0, "d1500": short}, abs=1e-6)
