"""What an earlier plan had promised and begun, as input; and what the new plan does otherwise, as a result."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, integer, label, number, reference, text

KINDS = ("run", "order", "shipment", "delivery")


class Baseline(dy.Schema):
    """What an earlier plan does between dates; `coproduce plan --baseline` fills it from a result folder."""

    kind = choice(
        ("horizon", *KINDS),
        "horizon: the time that the earlier plan covers, without quantity (no such row: from the first start to the "
        "last end); run: runs started; order: units ordered; shipment: units departing; delivery: units delivered",
        required=True,
    )
    entity = label("Process, supply, lane or demand; empty for the horizon")
    item = reference("items", "Item of a shipment; empty for all others", required=False)
    start = date("Beginning of the time in which the earlier plan does this", required=True)
    end = date("End of that time", required=True)
    quantity = number("Runs or units, uniform over the time; lots all at its beginning", "units", minimum=0)


class BaselineChanges(dy.Schema):
    """What the plan does otherwise than the baseline, and what this costs by the prices on changes."""

    kind = choice(KINDS, "What is changed", required=True)
    entity = label("Process, supply, lane or demand", required=True)
    item = label("Item made first, ordered, moved or delivered; empty for a process without output")
    bucket = integer("Number of the bucket, from 0")
    start = date("Start of the bucket", required=True)
    before = number("Runs or units by the baseline", "units", minimum=0, required=True)
    after = number("Runs or units by the plan", "units", minimum=0, required=True)
    change = number("after - before", "units", required=True)
    behind = number("Deliveries: units promised by the end of the bucket and not delivered by then", "units", minimum=0)
    cost = number("By the price on changes", "currency", minimum=0, required=True)
    unit = text("Unit of the quantities", required=True)


def per_unit(meaning: str, unit: str) -> dy.Float64:
    """Declare a price on doing more or less in a bucket than the baseline."""
    return number(f"{meaning} more or less than in the baseline, in every bucket; empty: free", unit, minimum=0)
