"""Violations to plant in a plan made by hand: changes of its tables and of its input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit_case import Frames, Row, day

Plant = Callable[[Frames, Frames], None]


def given(table: str, row: int, **cells: Any) -> Plant:
    """Change cells of an input table."""
    return lambda inputs, _: inputs[table][row].update(cells)


def found(table: str, row: int, **cells: Any) -> Plant:
    """Change cells of a result table."""
    return lambda _, outputs: outputs[table][row].update(cells)


def more(table: str, **cells: Any) -> Plant:
    """Add a row to a result table."""
    return lambda _, outputs: outputs[table].append(cells)


def fewer(table: str, row: int) -> Plant:
    """Take a row out of a result table."""
    return lambda _, outputs: outputs[table].remove(outputs[table][row])


def both(*plants: Plant) -> Plant:
    """Make several changes."""

    def plant(inputs: Frames, outputs: Frames) -> None:
        for change in plants:
            change(inputs, outputs)

    return plant


def stage(row: int, value: float) -> Plant:
    """Change the value of a stage and, to keep its gap, the bound."""
    return found("tiers", row, value=value, bound=value * 0.99)


def moved(kind: str, entity: str = "ghost") -> Plant:
    """Move 1 euro of a kind of cost from its entity to another one."""

    def plant(_: Frames, outputs: Frames) -> None:
        row = next(row for row in outputs["costs"] if row["kind"] == kind)
        row["amount"] -= 1.0
        outputs["costs"].append({"kind": kind, "entity": entity, "amount": 1.0})

    return plant


def shut(table: str, **cells: Any) -> Plant:
    """Give the first row of a table a calendar that is shut from before the start to day 28."""

    def plant(inputs: Frames, _: Frames) -> None:
        inputs["calendars"].append({"calendar": "shut", "factor": 0.0, "start": day(-3), "end": day(28)})
        inputs[table][0].update(cells, calendar="shut")

    return plant


def narrow_press(inputs: Frames, outputs: Frames) -> None:
    """Give the press 40 hours a week, throughout: firm and planned load of the first week are 45.5."""
    inputs["resources"][0]["capacity"] = 8.0
    for row in outputs["resource_load"]:
        row["capacity"] *= 0.8
        row["utilisation"] /= 0.8
    outputs["bottlenecks"][0]["limit"] = 40.0


# The overdue gear is delivered a week before the first gear is made: 8 days late in place of 15.
PREMATURE = both(
    found("deliveries", 0, bucket=0, late_days=8.0),
    found("demand_service", 0, first_delivery=day(7), last_delivery=day(7), earliest_possible=day(7)),
    found("demand_service", 0, late_days=8.0, late_unit_days=8.0),
    found("stock", 6, delivered=1.0, closing=-1.0),
    found("stock", 7, delivered=0.0, opening=-1.0),
    stage(0, 16.0),
    stage(3, 2513.0 - 7.0),
)


# A run of `survey` moves, loads and costs nothing; it counts in the tidy stage alone.
SURVEY: Row = {"process": "survey", "site": "A", "bucket": 1, "cost": 0.0}


ROAD: Row = {"lane": "road", "from_site": "A", "to_site": "B", "cost": 0.0}


def surveys(quantity: float, lots: int | None, **sizes: float) -> Plant:
    """Give `survey` sizes of lots, and start some of it."""
    return both(
        given("processes", 1, **sizes),
        more("runs", **SURVEY, quantity=quantity, lots=lots),
        stage(3, 2513.0 + quantity),
    )


def orders(quantity: float, lots: int | None, **sizes: float) -> Plant:
    """Order from a supply with sizes that delivers after the end of the horizon and costs nothing."""

    def plant(inputs: Frames, outputs: Frames) -> None:
        inputs["supplies"].append({"supply": "far", "item": "bolt", "site": "A", "lead_days": 1e4, **sizes})
        row: Row = {"supply": "far", "item": "bolt", "site": "A", "bucket": 0, "quantity": quantity, "cost": 0.0}
        outputs["purchases"].append({**row, "lots": lots})
        stage(3, 2513.0 + quantity)(inputs, outputs)

    return plant


def crates(quantity: float, lots: int | None, **sizes: float) -> Plant:
    """Send some of 10 crates, in the last month, over a lane with sizes that delivers after the end of the horizon."""

    def plant(inputs: Frames, outputs: Frames) -> None:
        inputs["items"].append({"item": "crate", "unit": "piece"})
        inputs["stocks"].append({"item": "crate", "site": "A", "opening": 10.0})
        inputs["lanes"].append({"lane": "slow", "from_site": "A", "to_site": "B", "lead_days": 1e4, **sizes})
        outputs["shipments"].append(
            {**ROAD, "lane": "slow", "item": "crate", "bucket": 5, "quantity": quantity, "lots": lots}
        )
        none = dict.fromkeys(("received", "produced", "moved_in", "consumed", "moved_out", "delivered"), 0.0)
        for bucket in range(6):
            sent = quantity if bucket == 5 else 0.0
            row: Row = {"item": "crate", "site": "A", "bucket": bucket, "opening": 10.0, "holding_cost": 0.0}
            outputs["stock"].append({**row, **none, "moved_out": sent, "closing": 10.0 - sent})
        # Ten crates for 59 days, the rest for 30 more; and what is sent.
        stage(3, 2513.0 + 590.0 + (10.0 - quantity) * 30 + quantity)(inputs, outputs)

    return plant
